package life

import (
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"licensewatch/license"
)

const (
	// maxHeads is how many messages are remembered by their heads.
	maxHeads = 200
	// maxHeadline bounds a remembered headline, in bytes.
	maxHeadline = 240
)

// HeadNote is the kind of a short message of its own: a follow-up about a channel
// or an export, or mistakes in the settings. Other messages have the kind of
// their mode.
const HeadNote = "note"

// Verdict is what became of a message in one channel.
type Verdict string

// The verdicts, besides the refusals.
const (
	Accepted Verdict = "accepted"
	Waits    Verdict = "waits"    // not sent yet: other messages come first, or the run ended before
	GivenUp  Verdict = "given-up" // too old, or too many were waiting: what still holds of it was said again
	Replaced Verdict = "replaced" // not sent any more: a later digest said it
)

// Answer is what became of a message in one channel, and when that was known;
// zero while it waits.
type Answer struct {
	Verdict Verdict   `json:"verdict"`
	At      time.Time `json:"at,omitzero"`
}

// Head is what is remembered of a message that was said.
type Head struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind"` // digest, alert or note
	At       time.Time         `json:"at"`   // when it was written
	Headline string            `json:"headline,omitempty"`
	Findings int               `json:"findings,omitempty"` // how many of those that fire it names
	To       map[string]Answer `json:"to,omitempty"`       // by channel
}

// Heads are the last messages, oldest first.
func (l *Ledger) Heads() []Head {
	heads := make([]Head, 0, len(l.book.Heads))
	for _, h := range l.book.Heads {
		copied := *h
		copied.To = maps.Clone(h.To)
		heads = append(heads, copied)
	}
	return heads
}

// NoteHead remembers a note that was sent, with what became of it. One that says
// the same under the same id is the same note.
func (l *Ledger) NoteHead(id, headline string, at time.Time, to map[string]Answer) {
	headline = cut(headline, maxHeadline)
	for _, h := range l.book.Heads {
		if h.Kind == HeadNote && h.ID == id && h.Headline == headline {
			maps.Copy(h.To, to)
			return
		}
	}
	l.addHead(&Head{ID: id, Kind: HeadNote, At: at.Truncate(time.Second), Headline: headline, To: maps.Clone(to)})
}

// addLetterHead remembers a message that was written and is to be sent.
func (l *Ledger) addLetterHead(m *letter, headline string) {
	to := map[string]Answer{}
	for _, channel := range m.Owed {
		to[channel] = Answer{Verdict: Waits}
	}
	l.addHead(&Head{ID: m.ID, Kind: string(m.Mode), At: m.At.Truncate(time.Second), Headline: cut(headline, maxHeadline), Findings: len(m.Report.Firing), To: to})
}

func (l *Ledger) addHead(h *Head) {
	heads := append(l.book.Heads, h)
	l.book.Heads = slices.Clone(heads[max(0, len(heads)-maxHeads):])
}

// noteAnswer remembers what became of a message in a channel.
func (l *Ledger) noteAnswer(m *letter, channel string, verdict Verdict, now time.Time) {
	for _, h := range slices.Backward(l.book.Heads) {
		if h.ID == m.ID && h.Kind != HeadNote {
			h.To[channel] = Answer{verdict, now.Truncate(time.Second)}
			return
		}
	}
}

// isSound says whether the head can be shown, and makes it so as far as that is
// only a matter of a missing map.
func (h *Head) isSound() bool {
	if h == nil || h.ID == "" {
		return false
	}
	h.To = made(h.To)
	return true
}

// cut shortens a text to so many bytes, between two runes.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const mark = "…"
	end := limit - len(mark)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + mark
}

// headline is the report's headline, where the run knows how it is written.
func (in Input) headline(r license.Report) string {
	if in.Headline == nil {
		return ""
	}
	return in.Headline(r)
}
