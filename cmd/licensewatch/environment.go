package main

import (
	"os"
	"strings"

	"licensewatch/config"
)

// borrowedEnvironment is the process's environment while a command changes it: package
// config reads the settings there, as in the function.
type borrowedEnvironment struct {
	before map[string]string
	absent map[string]bool
}

// borrowEnvironment remembers what is changed from now on. Call restore at the
// end.
func borrowEnvironment() *borrowedEnvironment {
	return &borrowedEnvironment{before: map[string]string{}, absent: map[string]bool{}}
}

func (b *borrowedEnvironment) remember(name string) {
	if _, known := b.before[name]; known || b.absent[name] {
		return
	}
	value, ok := os.LookupEnv(name)
	if !ok {
		b.absent[name] = true
		return
	}
	b.before[name] = value
}

func (b *borrowedEnvironment) setVariable(name, value string) {
	b.remember(name)
	_ = os.Setenv(name, value) // fails only for what is no name
}

// unsetWhere takes away the variables whose names are chosen.
func (b *borrowedEnvironment) unsetWhere(chosen func(name string) bool) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); chosen(name) {
			b.remember(name)
			_ = os.Unsetenv(name)
		}
	}
}

func (b *borrowedEnvironment) restore() {
	for name, value := range b.before {
		_ = os.Setenv(name, value)
	}
	for name := range b.absent {
		_ = os.Unsetenv(name)
	}
}

func settingNames() []string {
	var names []string
	for _, s := range config.Settings() {
		names = append(names, s.Name)
	}
	return names
}
