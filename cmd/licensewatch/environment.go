package main

import (
	"os"
	"strings"

	"licensewatch/config"
)

// borrowed is the process's environment while a command changes it: package
// config reads the settings there, as in the function.
type borrowed struct {
	before map[string]string
	absent map[string]bool
}

// borrowEnvironment remembers what is changed from now on. Call giveBack at the
// end.
func borrowEnvironment() *borrowed {
	return &borrowed{before: map[string]string{}, absent: map[string]bool{}}
}

func (b *borrowed) remember(name string) {
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

func (b *borrowed) set(name, value string) {
	b.remember(name)
	_ = os.Setenv(name, value) // fails only for what is no name
}

// unset takes away the variables whose names are chosen.
func (b *borrowed) unset(chosen func(name string) bool) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); chosen(name) {
			b.remember(name)
			_ = os.Unsetenv(name)
		}
	}
}

func (b *borrowed) giveBack() {
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
