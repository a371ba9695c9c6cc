package config

import (
	"maps"
	"slices"
	"strings"

	"licensewatch/notify"
)

// namePrefix is what the name of every setting begins with.
const namePrefix = "LICENSEWATCH_"

// spellings of the prefix. All but the first are mistakes: such a setting would
// be missing without a word.
var spellings = []string{namePrefix, "LICENCEWATCH_", "LICENSE_WATCH_", "LICENCE_WATCH_"}

// UnknownName is a variable of ours that does not exist: most likely a setting
// that is misspelt, and so has no effect.
type UnknownName struct {
	Name  string // as it may be shown
	Meant string // the nearest name that exists; empty when none is near
}

// unknownNames finds the variables of an environment that look like settings and are
// none of the known ones, in the order of their names.
func unknownNames(environment map[string]string, known []string) []UnknownName {
	var unknown []UnknownName
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		rest, ok := settingName(name)
		if !ok || slices.Contains(known, name) {
			continue
		}
		unknown = append(unknown, UnknownName{Name: Shown(name), Meant: meantName(rest, known)})
	}
	return unknown
}

// meantName is the known name that is nearest to one without its prefix; empty
// when none is near.
func meantName(rest string, known []string) string {
	names := make([]string, len(known))
	for i, name := range known {
		names[i] = strings.TrimPrefix(name, namePrefix)
	}
	nearest := nearestName(strings.ToUpper(rest), names)
	if nearest == "" {
		return ""
	}
	return namePrefix + nearest
}

// settingName returns the name behind the prefix; false when it has none.
func settingName(name string) (string, bool) {
	for _, p := range spellings {
		if len(name) >= len(p) && strings.EqualFold(name[:len(p)], p) {
			return name[len(p):], true
		}
	}
	return "", false
}

// MeantWebhook is the setting that a variable is meant to be which is none: a
// webhook under a name without the prefix. It is empty for every other variable.
func MeantWebhook(name, value string) string {
	if _, ours := settingName(name); ours || strings.TrimSpace(value) == "" {
		return ""
	}
	for _, kind := range notify.ChannelKinds() {
		if kind.IsAnywhere() { // WEBHOOK_URL is a name that many have
			continue
		}
		beginning, webhook := "https://"+kind.Hosts[0]+kind.Path, strings.TrimSpace(value)
		if strings.HasPrefix(webhook, beginning) || strings.EqualFold(namePrefix+name, kind.WebhookSetting) {
			return kind.WebhookSetting
		}
	}
	return ""
}

// misnamedWebhooks are the variables of an environment that hold what is meant to be a
// setting, as they may be shown, by the settings; of several the first.
func misnamedWebhooks(environment map[string]string) map[string]string {
	misnamed := map[string]string{}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(environment))) {
		if setting := MeantWebhook(name, environment[name]); setting != "" {
			misnamed[setting] = Shown(name)
		}
	}
	return misnamed
}
