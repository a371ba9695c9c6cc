package config

import (
	"maps"
	"slices"
	"strings"

	"licensewatch/notify"
)

// LoadForAccounts is Load for a run with an accounts file, whose channels are told: those
// of the settings are not read, and nothing is wrong with them. unused are the settings of
// channels that are set all the same.
func LoadForAccounts(read Environment) (c Config, unused []string, err error) {
	settings := channelSettings()
	all := read()
	for _, name := range settings {
		if strings.TrimSpace(all[name]) != "" {
			unused = append(unused, name)
		}
	}
	c, err = loadConfig(func() map[string]string {
		all := maps.Clone(read())
		for _, name := range settings {
			delete(all, name)
		}
		return all
	}, false)
	c.Warnings = slices.DeleteFunc(c.Warnings, func(warning string) bool {
		name, _, _ := strings.Cut(warning, ":")
		return slices.Contains(settings, name) // of a webhook whose name lacks the prefix
	})
	return c, unused, err
}

// channelSettings are the settings that name channels, and who is called there.
func channelSettings() []string {
	var names []string
	for _, kind := range notify.ChannelKinds() {
		names = append(names, kind.WebhookSetting)
		if kind.MentionSetting != "" {
			names = append(names, kind.MentionSetting)
		}
	}
	return names
}

// WithKnown is the Config without these names in Unknown: something else gives them a
// meaning, as an accounts file does to those that it names.
func (c Config) WithKnown(names ...string) Config {
	c.Unknown = slices.DeleteFunc(slices.Clone(c.Unknown), func(u UnknownName) bool {
		return slices.ContainsFunc(names, func(name string) bool { return Shown(name) == u.Name })
	})
	return c
}
