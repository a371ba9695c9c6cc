package config

import (
	"os"
	"strings"
)

// Environment gives the variables there are, by name. It is asked each time something
// is wanted: the platform sets them anew for each invocation.
type Environment func() map[string]string

// ProcessEnvironment is the environment of the process.
func ProcessEnvironment() map[string]string {
	all := map[string]string{}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		all[name] = value
	}
	return all
}
