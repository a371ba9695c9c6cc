package calendar

import (
	"slices"
	"strconv"
	"strings"

	"licensewatch/license"
)

// Group is one message, or several of a mode in a row that say the same again.
type Group struct{ Messages []Message }

// First is the first message of the group.
func (g Group) First() Message { return g.Messages[0] }

// Last is the last message of the group.
func (g Group) Last() Message { return g.Messages[len(g.Messages)-1] }

// Fold puts messages together that say what the one before of their mode said,
// with other numbers at most, until one says something else. The groups are in
// the order in which they begin.
func Fold(messages []Message) []Group {
	var groups []Group
	open := map[license.Mode]int{} // the group that goes on, by mode
	for _, m := range messages {
		i, goesOn := open[m.Mode]
		if goesOn && foldKey(groups[i].Last()) == foldKey(m) {
			groups[i].Messages = append(groups[i].Messages, m)
			continue
		}
		if goesOn || isNewAlert(m) {
			clear(open)
		}
		open[m.Mode] = len(groups)
		groups = append(groups, Group{[]Message{m}})
	}
	return groups
}

// foldKey is what a message says, without the numbers that change by the day.
func foldKey(m Message) string {
	words := slices.Clone(m.Channels)
	words = append(words, strconv.FormatBool(m.Report.Mention))
	for _, f := range m.Report.Firing {
		change := license.ChangeOngoing
		if f.Story != nil {
			change = f.Story.Change
		}
		words = append(words, f.Key(), f.EventID, string(f.Severity), string(change))
		if change == license.ChangeWorse && f.DaysLeft != nil { // each threshold is something else
			words = append(words, strconv.FormatInt(*f.DaysLeft, 10))
		}
	}
	for _, f := range m.Report.Unknown {
		words = append(words, f.Key())
	}
	for _, r := range m.Report.Resolved {
		words = append(words, r.Key)
	}
	for _, s := range m.Report.SourceChanges {
		words = append(words, string(s.Source), strconv.FormatBool(s.Readable))
	}
	return strings.Join(words, "\n")
}
