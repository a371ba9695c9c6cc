package main

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"
)

func newVersion(c console) *cobra.Command {
	var o output
	command := &cobra.Command{
		Use:   "version",
		Short: "Show what this program was built from",
		Long: `version shows the version, the commit and the Go version this program was built
with, and the libraries that matter to what it does. --output json lists every
module that is linked.`,
		Example: `  licensewatch version
  licensewatch version --output json`,
		Args: noArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo() // nil is a program without any
			v := versionOf(info)
			if o.isJSON() {
				return c.printJSON(v)
			}
			v.print(c)
			return nil
		},
	}
	o.addTo(command)
	return command
}

// version is what a program was built from.
type version struct {
	Version    string            `json:"version"`
	Commit     string            `json:"commit"`      // empty: not known
	CommitTime string            `json:"commit_time"` // RFC 3339; empty: not known
	Modified   bool              `json:"modified"`    // built from files that were not committed
	Go         string            `json:"go"`
	Platform   string            `json:"platform"`
	Modules    map[string]string `json:"modules"`
}

// devel is the version of a build that has none.
const devel = "(devel)"

// versionOf reads what the Go tool wrote into the program.
func versionOf(info *debug.BuildInfo) version {
	v := version{Version: devel, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Modules: map[string]string{}}
	if info == nil {
		return v
	}
	v.Version = cmp.Or(info.Main.Version, devel)
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.CommitTime = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		v.Modules[module.Path] = module.Version
	}
	return v
}

// chosenLibraries are the libraries that were chosen for what they do; the others come
// with them.
func chosenLibraries() []string {
	return []string{
		"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common",
		"github.com/tencentyun/scf-go-lib",
		"github.com/expr-lang/expr",
		"go.yaml.in/yaml/v4",
		"github.com/slack-go/slack",
		"github.com/spf13/cobra",
	}
}

func (v version) print(c console) {
	c.print("licensewatch %s\n", v.Version)
	c.print("  commit    %s\n", v.describeCommit())
	c.print("  go        %s, %s\n", v.Go, v.Platform)
	names := slices.DeleteFunc(chosenLibraries(), func(name string) bool { return v.Modules[name] == "" })
	for i, name := range names {
		label := ""
		if i == 0 {
			label = "modules"
		}
		c.print("  %-9s %s %s\n", label, name, v.Modules[name])
	}
}

// describeCommit is what is known about the commit, in words.
func (v version) describeCommit() string {
	if v.Commit == "" {
		return "not known (built without version control information)"
	}
	text := v.Commit
	if v.CommitTime != "" {
		text += " of " + v.CommitTime
	}
	if v.Modified {
		text += ", with changes that are not committed"
	}
	return text
}
