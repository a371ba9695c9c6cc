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

// mistakesError ends a command because of what is wrong in the settings or the rules.
func mistakesError(err error) error {
	return &exitError{several: setup.Mistakes(err)}
}

// loadSettings loads the settings; the error lists their mistakes.
func loadSettings() (config.Config, error) {
	settings, err := config.LoadWithoutChannels(config.ProcessEnvironment)
	if err != nil {
		return settings, mistakesError(err)
	}
	return settings, nil
}

// loadRules loads the rules of the settings; the error lists their mistakes.
func loadRules(settings config.Config) (*rules.Set, error) {
	set, err := setup.LoadRules(settings.RulesFile)
	if err != nil {
		return nil, mistakesError(err)
	}
	return set, nil
}

// loadAll loads the settings and the rules, switched off or not; the error lists
// the mistakes of both.
func loadAll() (settings config.Config, set *rules.Set, known []rules.Description, err error) {
	settings, wrong := config.LoadWithoutChannels(config.ProcessEnvironment)
	if set, err = setup.LoadRules(settings.RulesFile); err == nil {
		known, err = setup.DescribeRules(settings.RulesFile)
	}
	if wrong != nil || err != nil {
		return settings, nil, nil, &exitError{several: append(setup.Mistakes(wrong), setup.Mistakes(err)...)}
	}
	return settings, set, known, nil
}

// settingFlag is a flag of the command line that stands for a setting. An empty value is
// a flag that is not given.
type settingFlag struct{ name, value string }

// settingsFor loads the settings for an account of the site, with flags in the
// place of the settings they stand for: a flag is checked as its setting is.
func settingsFor(site license.Site, flags map[string]settingFlag) (config.Config, error) {
	if f := flags["LICENSEWATCH_RULES_FILE"]; f.value != "" {
		if _, err := os.Stat(f.value); err != nil {
			return config.Config{}, fmt.Errorf("%s: %w", f.name, unreadableFile(f.value, err))
		}
	}
	settings, err := config.LoadWithoutChannels(func() map[string]string {
		environment := config.ProcessEnvironment()
		environment["LICENSEWATCH_SITE"] = string(site)
		for name, f := range flags {
			if f.value != "" {
				environment[name] = f.value
			}
		}
		return environment
	})
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
	return settings, &exitError{several: lines}
}

func settingNames() []string {
	var names []string
	for _, s := range config.Settings() {
		names = append(names, s.Name)
	}
	return names
}
