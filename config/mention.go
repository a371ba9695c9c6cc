package config

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/notify"
)

// readMentions reads who is called in a kind of channel, each once.
func readMentions(f *settingMistakes, v variable, kind *notify.ChannelKind) []string {
	var names []string
	items := readList(f, v)
	for i, item := range items {
		entry := entryOf(i, len(items))
		name, wrong, odd := CheckMention(item, kind)
		switch {
		case wrong == keyMentioned:
			f.addMistake(v, "%s%s", entry, wrong)
			continue
		case wrong != "":
			f.addMistake(v, "%s%s", subjectOf(entry, item), wrong)
			continue
		case odd != "":
			f.addWarning(v, "%s%s", entry, odd)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// keyMentioned is what is wrong with a mention that would give a secret away.
const keyMentioned = "looks like a key or a link, which would be posted: write who is to be called"

// CheckMention gives the name by which somebody is called in a kind of channel that can
// call people; or it says what is wrong with it, or what looks odd. The words do not
// repeat it.
func CheckMention(text string, kind *notify.ChannelKind) (name, wrong, odd string) {
	if isKey(strings.TrimPrefix(text, "@")) {
		return "", keyMentioned, ""
	}
	return kind.CheckMention(text)
}

// subjectOf names an item that is wrong, by its number where it must not be repeated.
func subjectOf(entry, item string) string {
	if quoted := quoteValue(item); quoted != hiddenValue || entry == "" {
		return quoted + " "
	}
	return entry
}

// entryOf is "entry 2 of 3 "; empty when there is only one.
func entryOf(i, count int) string {
	if count < 2 {
		return ""
	}
	return fmt.Sprintf("entry %d of %d ", i+1, count)
}
