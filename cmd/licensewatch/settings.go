package main

import (
	"fmt"
	"os"
	"strings"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/rules"
	"licensewatch/setup"
)

// mistaken ends a command because of what is wrong in the settings or the rules.
func mistaken(err error) error {
	return &foundError{several: setup.Mistakes(err)}
}

// loadSettings loads the settings; the error lists their mistakes.
func loadSettings() (config.Config, error) {
	settings, err := config.LoadWithoutChannels()
	if err != nil {
		return settings, mistaken(err)
	}
	return settings, nil
}

// loadRules loads the rules of the settings; the error lists their mistakes.
func loadRules(settings config.Config) (*rules.Set, error) {
	set, err := setup.LoadRules(settings.RulesFile)
	if err != nil {
		return nil, mistaken(err)
	}
	return set, nil
}

// loadAll loads the settings and the rules, switched off or not; the error lists
// the mistakes of both.
func loadAll() (settings config.Config, set *rules.Set, known []rules.Description, err error) {
	settings, wrong := config.LoadWithoutChannels()
	if set, err = setup.LoadRules(settings.RulesFile); err == nil {
		known, err = setup.DescribeRules(settings.RulesFile)
	}
	if wrong != nil || err != nil {
		return settings, nil, nil, &foundError{several: append(setup.Mistakes(wrong), setup.Mistakes(err)...)}
	}
	return settings, set, known, nil
}

// flag is a flag of the command line that stands for a setting. An empty value is
// a flag that is not given.
type flag struct{ name, value string }

// settingsFor loads the settings for an account of the site, with flags in the
// place of the settings they stand for: a flag is checked as its setting is.
func settingsFor(site license.Site, flags map[string]flag) (config.Config, error) {
	if f := flags["LICENSEWATCH_RULES_FILE"]; f.value != "" {
		if _, err := os.Stat(f.value); err != nil {
			return config.Config{}, fmt.Errorf("%s: %w", f.name, unreadable(f.value, err))
		}
	}
	environment := borrowEnvironment()
	defer environment.giveBack()
	environment.set("LICENSEWATCH_SITE", string(site))
	for name, f := range flags {
		if f.value != "" {
			environment.set(name, f.value)
		}
	}
	settings, err := config.LoadWithoutChannels()
	if err == nil {
		return settings, nil
	}
	lines, wrongFlag := setup.Mistakes(err), false
	for i, mistake := range lines {
		name, text, _ := strings.Cut(mistake, ": ")
		if f := flags[name]; f.value != "" {
			lines[i], wrongFlag = f.name+": "+text, true
			if strings.HasPrefix(text, `"`) { // the value that is not known
				lines[i] = f.name + " " + text
			}
		}
	}
	if wrongFlag {
		return settings, severalLines(lines)
	}
	return settings, &foundError{several: lines}
}
