package life

import (
	"slices"
	"time"

	"licensewatch/internal/text"
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

// DeliveryStatus is what became of a message in one channel.
type DeliveryStatus string

// What becomes of a message, besides the refusals.
const (
	Accepted DeliveryStatus = "accepted"
	Waits    DeliveryStatus = "waits"    // not sent yet: other messages come first, or the run ended before
	GivenUp  DeliveryStatus = "given-up" // too old, or too many were waiting: what still holds of it was said again
	Replaced DeliveryStatus = "replaced" // not sent any more: a later digest said it
)

// Delivery is what became of a message in one channel, and when that was known;
// zero while it waits.
type Delivery struct {
	Status DeliveryStatus
	At     time.Time
}

// Head is what is remembered of a message that was said.
type Head struct {
	ID       string
	Kind     string    // digest, alert or note
	At       time.Time // when it was written
	Headline string
	Findings int                 // how many of those that fire it names
	To       map[string]Delivery // by channel
}

// storedHead is a Head as it is stored. Times are seconds since 1970, which costs the
// next run much less to read than dates: there are hundreds of them.
type storedHead struct {
	ID       string                  `json:"id"`
	Kind     string                  `json:"kind"`
	At       int64                   `json:"at"`
	Headline string                  `json:"headline,omitempty"`
	Findings int                     `json:"findings,omitempty"`
	To       map[string]storedAnswer `json:"to,omitempty" by:"channel"`
}

// storedAnswer is a Delivery as it is stored.
type storedAnswer struct {
	Status DeliveryStatus `json:"verdict"`
	At     int64          `json:"at,omitempty"`
}

func (a Delivery) toStored() storedAnswer {
	if a.At.IsZero() {
		return storedAnswer{Status: a.Status}
	}
	return storedAnswer{a.Status, a.At.Unix()}
}

// NotificationLog are the last messages that were said, by their heads, and what became of
// them.
type NotificationLog struct {
	Stored []*storedHead `json:"heads,omitempty"` // oldest first
}

// Heads are the last messages, oldest first. Times are in the zone.
func (n *NotificationLog) Heads(zone *time.Location) []Head {
	heads := make([]Head, 0, len(n.Stored))
	for _, h := range n.Stored {
		to := map[string]Delivery{}
		for channel, a := range h.To {
			to[channel] = Delivery{Status: a.Status}
			if a.At != 0 {
				to[channel] = Delivery{a.Status, fromSeconds(a.At, zone)}
			}
		}
		heads = append(heads, Head{h.ID, h.Kind, fromSeconds(h.At, zone), h.Headline, h.Findings, to})
	}
	return heads
}

// fromSeconds is a stored time, which may be anything.
func fromSeconds(seconds int64, zone *time.Location) time.Time {
	return writable(time.Unix(max(0, min(seconds, latestTime.Unix())), 0).In(zone))
}

// AddNote remembers a note that was sent, with what became of it. One that says
// the same under the same id is the same note.
func (n *NotificationLog) AddNote(id, headline string, at time.Time, to map[string]Delivery) {
	headline = text.Cut(headline, maxHeadline)
	i := slices.IndexFunc(n.Stored, func(h *storedHead) bool {
		return h.Kind == HeadNote && h.ID == id && h.Headline == headline
	})
	if i < 0 {
		n.addHead(&storedHead{ID: id, Kind: HeadNote, At: at.Unix(), Headline: headline, To: map[string]storedAnswer{}})
		i = len(n.Stored) - 1
	}
	for channel, a := range to {
		n.Stored[i].To[channel] = a.toStored()
	}
}

// addMessageHead remembers a message that was written and is to be sent.
func (n *NotificationLog) addMessageHead(m *pendingMessage, headline string) {
	to := map[string]storedAnswer{}
	for _, channel := range m.Owed {
		to[channel] = storedAnswer{Status: Waits}
	}
	n.addHead(&storedHead{m.ID, string(m.Mode), m.At.Unix(), text.Cut(headline, maxHeadline), len(m.Report.Firing), to})
}

// AddMessage remembers a message about many accounts that is to be sent to one channel.
func (n *NotificationLog) AddMessage(h Head, channel string) {
	to := map[string]storedAnswer{channel: {Status: Waits}}
	n.addHead(&storedHead{h.ID, h.Kind, h.At.Unix(), text.Cut(h.Headline, maxHeadline), h.Findings, to})
}

// NoteAnswer remembers what became of a message in a channel.
func (n *NotificationLog) NoteAnswer(id, channel string, status DeliveryStatus, now time.Time) {
	for _, h := range slices.Backward(n.Stored) {
		if _, isTo := h.To[channel]; isTo && h.ID == id && h.Kind != HeadNote {
			h.To[channel] = storedAnswer{status, now.Unix()}
			return
		}
	}
}

func (n *NotificationLog) addHead(h *storedHead) {
	n.Stored = append(n.Stored, h)
	n.Stored = slices.Clone(n.Stored[max(0, len(n.Stored)-MaxHeads):])
}

// isSound says whether the head can be shown, and makes it so as far as that is
// only a matter of a missing map.
func (h *storedHead) isSound() bool {
	if h == nil || h.ID == "" {
		return false
	}
	h.To = orEmpty(h.To)
	return true
}

func (n *NotificationLog) tidy() {
	n.Stored = slices.DeleteFunc(n.Stored, func(h *storedHead) bool { return !h.isSound() })
}
