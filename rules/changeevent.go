package rules

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"licensewatch/license"
)

// hasPrevious says whether all of the previous reading that the rule's
// condition reads is there. Without it nothing can have changed.
func (r *rule) hasPrevious(s *license.Snapshot) bool {
	return !r.change || !slices.ContainsFunc(r.when.reads, func(f *field) bool {
		return f.origin.present != nil && !f.origin.isRead(s)
	})
}

// maxEvent bounds the text of an event in bytes.
const maxEvent = 200

// eventText says what has changed of what the condition reads: the same change has
// the same text, and another change another. It is empty when nothing has.
func (r *rule) eventText(f *frame) string {
	var seen, changes []string
	for _, read := range r.when.reads {
		before, now := read.previousAndCurrent()
		if slices.Contains(seen, now.name) {
			continue
		}
		seen = append(seen, now.name)
		if held := fieldValues(f, []*field{before, now}); held[0].Text != held[1].Text {
			changes = append(changes, fmt.Sprintf("%s %s→%s", now.shortName(), held[0].Text, held[1].Text))
		}
	}
	return shortenEvent(strings.Join(changes, ", "))
}

// previousAndCurrent is the field in the previous reading and in this one.
func (f *field) previousAndCurrent() (before, now *field) {
	present := f.origin
	if present.present != nil {
		present = present.present
	}
	return present.inPrevious().findField(f.shortName()), present.findField(f.shortName())
}

// shortName is the field's name behind its origin's.
func (f *field) shortName() string { return f.name[strings.LastIndexByte(f.name, '.')+1:] }

// shortenEvent cuts a text that is too long, and keeps different ones different.
func shortenEvent(text string) string {
	if len(text) <= maxEvent {
		return text
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(text)) // never fails
	return fmt.Sprintf("%s… %016x", strings.ToValidUTF8(text[:maxEvent], ""), sum.Sum64())
}
