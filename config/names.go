package config

import (
	"os"
	"slices"
	"strings"
)

// prefix is what the name of every setting begins with.
const prefix = "LICENSEWATCH_"

// otherSpellings of the prefix are mistakes too: such a setting would be
// missing without a word.
var otherSpellings = []string{"LICENCEWATCH_", "LICENSE_WATCH_", "LICENCE_WATCH_"}

// UnknownName is a variable of ours that does not exist: most likely a setting
// that is misspelt, and so has no effect.
type UnknownName struct {
	Name  string
	Meant string // the nearest name that exists; empty when none is near
}

// unknownNames finds the variables of the process environment that look like
// settings and are none, in the order of their names.
func unknownNames() []UnknownName {
	var known []string
	for _, s := range Settings() {
		known = append(known, strings.TrimPrefix(s.Name, prefix))
	}
	var unknown []UnknownName
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		rest, ok := settingName(name)
		if !ok || name == prefix+rest && slices.Contains(known, rest) {
			continue
		}
		meant := nearestName(strings.ToUpper(rest), known)
		if meant != "" {
			meant = prefix + meant
		}
		unknown = append(unknown, UnknownName{Name: name, Meant: meant})
	}
	slices.SortFunc(unknown, func(a, b UnknownName) int { return strings.Compare(a.Name, b.Name) })
	return unknown
}

// settingName returns the name behind the prefix; false when it has none.
func settingName(name string) (string, bool) {
	upper := strings.ToUpper(name)
	for _, p := range append([]string{prefix}, otherSpellings...) {
		if strings.HasPrefix(upper, p) {
			return name[len(p):], true
		}
	}
	return "", false
}
