package life

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"time"
)

// Notes are the short messages that a channel is told once a day.
type Notes struct {
	// Told are the days, by channel and hash, on which a note was told.
	Told map[string]map[string]string `json:"told,omitempty" by:"channel"`
	// Unanswered are, likewise, the notes that got no answer.
	Unanswered map[string]map[string]*unansweredNote `json:"unsure,omitempty" by:"channel"`
}

// maxNotes bounds the notes of a day that are remembered for a channel.
const maxNotes = 100

// wasTold says whether MarkTold was called for the channel and the note today, in now's
// zone.
func (n *Notes) wasTold(channel, note string, now time.Time) bool {
	return n.Told[channel][hashOf(note)] == dateOf(now)
}

// MarkTold remembers for the day that the channel accepted the note.
func (n *Notes) MarkTold(channel, note string, now time.Time) {
	notes := n.Told[channel]
	if notes == nil || len(notes) >= maxNotes {
		notes = map[string]string{}
		n.Told[channel] = notes
	}
	notes[hashOf(note)] = dateOf(now)
}

// prune forgets the notes of other days than the last two.
func (n *Notes) prune(now time.Time) {
	oldest, today := dateOf(now.Add(-noteLife)), dateOf(now)
	n.pruneUnanswered(oldest, today)
	for channel, notes := range n.Told {
		maps.DeleteFunc(notes, func(_, day string) bool { return day < oldest || day > today })
		if len(notes) == 0 {
			delete(n.Told, channel)
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

// unansweredNote is a note that got no answer.
type unansweredNote struct {
	Day   string `json:"day"`
	Runs  int    `json:"runs"`            // in which it was sent
	Event string `json:"event,omitempty"` // of the last of them
}

// MayTell says whether a run of the event may send the note to the channel: it was
// not told that day, in now's zone, no run of the same event got no answer to it, nor
// did three. note is any text that tells notes apart, such as what it says; only a hash
// of it is stored. An empty event is like no other.
func (n *Notes) MayTell(channel, note, event string, now time.Time) bool {
	u := n.Unanswered[channel][hashOf(note)]
	isUnsure := u != nil && u.Day == dateOf(now) && (u.Runs >= maxAmbiguousRuns || event != "" && u.Event == event)
	return !isUnsure && !n.wasTold(channel, note, now)
}

// DoubtTold remembers for the day that the channel gave no answer to the note.
func (n *Notes) DoubtTold(channel, note, event string, now time.Time) {
	notes := n.Unanswered[channel]
	if notes == nil || len(notes) >= maxNotes {
		notes = map[string]*unansweredNote{}
		n.Unanswered[channel] = notes
	}
	u := notes[hashOf(note)]
	if u == nil || u.Day != dateOf(now) {
		u = &unansweredNote{Day: dateOf(now)}
		notes[hashOf(note)] = u
	}
	u.Runs, u.Event = u.Runs+1, event
}

// pruneUnanswered forgets what was unsure on other days than the last two.
func (n *Notes) pruneUnanswered(oldest, today string) {
	for channel, notes := range n.Unanswered {
		maps.DeleteFunc(notes, func(_ string, u *unansweredNote) bool {
			return u == nil || u.Day < oldest || u.Day > today
		})
		if len(notes) == 0 {
			delete(n.Unanswered, channel)
		}
	}
}

func (n *Notes) tidy() { n.Told, n.Unanswered = orEmpty(n.Told), orEmpty(n.Unanswered) }
