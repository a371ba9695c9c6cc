package config

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/notify"
)

// readMentions reads who is called in a kind of channel, each once.
func readMentions(f *settingProblems, v variable, kind *notify.ChannelKind) []string {
	var names []string
	items := readList(f, v)
	for i, item := range items {
		entry := entryOf(i, len(items))
		if isKey(strings.TrimPrefix(item, "@")) {
			f.addProblem(v, "%slooks like a key or a link, which would be posted: write who is to be called", entry)
			continue
		}
		name, wrong, odd := kind.CheckMention(item)
		switch {
		case wrong != "":
			f.addProblem(v, "%s%s", subjectOf(entry, item), wrong)
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
