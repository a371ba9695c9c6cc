// Package deployment reads the files that say how the function is deployed:
// serverless.yml, as the component scf of Serverless Cloud Framework takes it,
// and the file of settings beside it. It finds the mistakes that the tools let
// pass: the component ignores a key that it does not know, and the platform
// refuses a wrong value only at the end.
//
// Nothing is read but what is handed in, and no finding repeats a setting's
// value: it may be a secret.
package deployment

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/cron"
	"licensewatch/config"
)

// Place is where something stands in a file; lines and columns count from 1,
// columns in characters.
type Place struct {
	File         string
	Line, Column int
}

// Finding is one mistake or one doubt.
type Finding struct {
	Place          // where; zero when it is about no file
	Setting string // the variable that it is about; empty when it is about none
	Text    string // what is wrong, and what to write instead
}

// String is "file:line:column: setting: text", with what there is of it.
func (f Finding) String() string {
	text := f.Text
	if f.Setting != "" {
		text = f.Setting + ": " + text
	}
	if f.File == "" {
		return text
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, text)
}

// Deployment is what a serverless.yml amounts to.
type Deployment struct {
	IsRead    bool       // the file describes a function: what it does not hold is not there
	Timers    []Timer    // those without a mistake
	Variables []Variable // of the function
	Source    Source
	Mistakes  []Finding
	Warnings  []Finding
}

// Source is the directory that is zipped.
type Source struct {
	Place
	Directory string // relative to the file; empty when it is not known
}

// Environment is what a file may take from outside.
type Environment struct {
	Lookup func(name string) (string, bool) // what stands for ${env:…}
	File   string                           // the file of settings
	Loaded bool                             // it is loaded already
}

// Timer wakes the function.
type Timer struct {
	Place    // of its expression
	Name     string
	Enabled  bool
	Argument string // the mode that it asks for: digest, alert, report, or empty for LICENSEWATCH_MODE
	Schedule cron.Schedule
}

// Variable is an environment variable of the function.
type Variable struct {
	Place
	Name  string
	Value config.Secret // with what stands for ${env:…}; as written where that is not set
	From  string        // the name in ${env:…} that the whole value comes from; empty when it is written here

	key *yaml.Node
}

// findVariable gives the variable of a name; false when the function has none.
func (d *Deployment) findVariable(name string) (Variable, bool) {
	for _, v := range d.Variables {
		if v.Name == name {
			return v, true
		}
	}
	return Variable{}, false
}
