package life

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"strings"
	"time"

	"licensewatch/license"
)

// maxNotes bounds the notes of a day that are remembered for a channel.
const maxNotes = 100

// WasToldToday says whether MarkToldToday was called for the channel and the
// note today, in now's zone. note is any text that tells notes apart, such as
// what it says; only a hash of it is stored.
func (l *Ledger) WasToldToday(channel, note string, now time.Time) bool {
	return l.stored.ToldNotes[channel][hashOf(note)] == dateOf(now)
}

// MarkToldToday remembers for the day that the channel accepted the note.
func (l *Ledger) MarkToldToday(channel, note string, now time.Time) {
	notes := l.stored.ToldNotes[channel]
	if notes == nil || len(notes) >= maxNotes {
		notes = map[string]string{}
		l.stored.ToldNotes[channel] = notes
	}
	notes[hashOf(note)] = dateOf(now)
}

// pruneNotes forgets the notes of other days than the last two.
func (l *Ledger) pruneNotes(now time.Time) {
	oldest, today := dateOf(now.Add(-noteLife)), dateOf(now)
	l.pruneUnansweredNotes(oldest, today)
	for channel, notes := range l.stored.ToldNotes {
		maps.DeleteFunc(notes, func(_, day string) bool { return day < oldest || day > today })
		if len(notes) == 0 {
			delete(l.stored.ToldNotes, channel)
		}
	}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// hashOfLines is hashOf for many lines.
func hashOfLines(lines []string) string {
	sum := sha256.New()
	for i, line := range lines {
		if i > 0 {
			_, _ = io.WriteString(sum, "\n")
		}
		_, _ = io.WriteString(sum, line)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// maxAside is how many names Aside has at most.
const maxAside = 5

// KeepAside remembers where something was kept that stood in the ledger's place or
// way, so that it is told.
func (l *Ledger) KeepAside(name string) {
	names := append(l.Aside(), name)
	l.stored.Aside = strings.Join(names[max(0, len(names)-maxAside):], " ")
}

// Aside is what KeepAside was given, until a channel accepted a message that tells
// of it; then it is empty.
func (l *Ledger) Aside() []string { return strings.Fields(l.stored.Aside) }

// tellsAside says whether a notice is about what Aside gives. It is said once.
func tellsAside(n license.Notice) bool {
	return n.Code == license.NoticeStateCorrupt || n.Code == license.NoticeStateDisplaced
}

// ClearAsideAt remembers when something that is kept aside is to be removed; the
// zero time says that nothing is.
func (l *Ledger) ClearAsideAt(at time.Time) { l.stored.ClearAside = at }

// ClearsAside says whether that time has come.
func (l *Ledger) ClearsAside(now time.Time) bool {
	return !l.stored.ClearAside.IsZero() && !now.Before(l.stored.ClearAside)
}
