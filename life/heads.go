package life

import (
	"slices"
	"time"
	"unicode/utf8"

	"licensewatch/license"
)

const (
	// MaxHeads is how many messages are remembered by their heads.
	MaxHeads = 200
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
	Verdict Verdict
	At      time.Time
}

// Head is what is remembered of a message that was said.
type Head struct {
	ID       string
	Kind     string    // digest, alert or note
	At       time.Time // when it was written
	Headline string
	Findings int               // how many of those that fire it names
	To       map[string]Answer // by channel
}

// head is a Head as it is stored. Times are seconds since 1970, which costs the
// next run much less to read than dates: there are hundreds of them.
type head struct {
	ID       string            `json:"id"`
	Kind     string            `json:"kind"`
	At       int64             `json:"at"`
	Headline string            `json:"headline,omitempty"`
	Findings int               `json:"findings,omitempty"`
	To       map[string]answer `json:"to,omitempty" by:"channel"`
}

// answer is an Answer as it is stored.
type answer struct {
	Verdict Verdict `json:"verdict"`
	At      int64   `json:"at,omitempty"`
}

func (a Answer) stored() answer {
	if a.At.IsZero() {
		return answer{Verdict: a.Verdict}
	}
	return answer{a.Verdict, a.At.Unix()}
}

// Heads are the last messages, oldest first. Times are in the zone.
func (l *Ledger) Heads(zone *time.Location) []Head {
	heads := make([]Head, 0, len(l.book.Heads))
	for _, h := range l.book.Heads {
		to := map[string]Answer{}
		for channel, a := range h.To {
			to[channel] = Answer{Verdict: a.Verdict}
			if a.At != 0 {
				to[channel] = Answer{a.Verdict, fromSeconds(a.At, zone)}
			}
		}
		heads = append(heads, Head{h.ID, h.Kind, fromSeconds(h.At, zone), h.Headline, h.Findings, to})
	}
	return heads
}

// fromSeconds is a stored time, which may be anything.
func fromSeconds(seconds int64, zone *time.Location) time.Time {
	return writable(time.Unix(max(0, min(seconds, latest.Unix())), 0).In(zone))
}

// NoteHead remembers a note that was sent, with what became of it. One that says
// the same under the same id is the same note.
func (l *Ledger) NoteHead(id, headline string, at time.Time, to map[string]Answer) {
	headline = cut(headline, maxHeadline)
	i := slices.IndexFunc(l.book.Heads, func(h *head) bool { return h.Kind == HeadNote && h.ID == id && h.Headline == headline })
	if i < 0 {
		l.addHead(&head{ID: id, Kind: HeadNote, At: at.Unix(), Headline: headline, To: map[string]answer{}})
		i = len(l.book.Heads) - 1
	}
	for channel, a := range to {
		l.book.Heads[i].To[channel] = a.stored()
	}
}

// addLetterHead remembers a message that was written and is to be sent.
func (l *Ledger) addLetterHead(m *letter, headline string) {
	to := map[string]answer{}
	for _, channel := range m.Owed {
		to[channel] = answer{Verdict: Waits}
	}
	l.addHead(&head{m.ID, string(m.Mode), m.At.Unix(), cut(headline, maxHeadline), len(m.Report.Firing), to})
}

func (l *Ledger) addHead(h *head) {
	l.book.Heads = append(l.book.Heads, h)
	l.book.Heads = slices.Clone(l.book.Heads[max(0, len(l.book.Heads)-MaxHeads):])
}

// noteAnswer remembers what became of a message in a channel.
func (l *Ledger) noteAnswer(m *letter, channel string, verdict Verdict, now time.Time) {
	for _, h := range slices.Backward(l.book.Heads) {
		if h.ID == m.ID && h.Kind != HeadNote {
			h.To[channel] = answer{verdict, now.Unix()}
			return
		}
	}
}

// isSound says whether the head can be shown, and makes it so as far as that is
// only a matter of a missing map.
func (h *head) isSound() bool {
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
