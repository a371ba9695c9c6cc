package life

import (
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

// story is what is known of a finding that fires.
type story struct {
	Number  int64     `json:"number"` // tells it from other stories of the finding
	Rule    string    `json:"rule"`
	Subject string    `json:"subject,omitempty"`
	Since   time.Time `json:"since"` // first seen to fire
	// Begun is when this story began, where it goes on from one that is older.
	Begun    time.Time        `json:"begun,omitzero"`
	Seen     time.Time        `json:"seen"` // last seen to fire
	Severity license.Severity `json:"severity"`
	Title    license.Text     `json:"title"`
	Over     license.Text     `json:"over,omitzero"` // what is true once it is over
	// Ends is when what it is about does, and Left the days until then, when it was last
	// seen to fire.
	Ends time.Time `json:"ends,omitzero"`
	Left *int64    `json:"left,omitempty"`

	// Covered: another finding tells of it. It is not told, and its end is not.
	Covered bool `json:"covered,omitempty"`
	// Missing counts the complete lists in a row that did not hold its order.
	Missing int `json:"missing,omitempty"`
	// Destroyed: its order was destroyed already when it fired.
	Destroyed bool `json:"destroyed,omitempty"`

	// Back: it fired again within a day of its last end. Then an alert tells that it
	// is over only when it stays away for a day. Away is since when it is, while its end
	// waits for that or for the hours; zero while it fires.
	Back bool      `json:"back,omitempty"`
	Away time.Time `json:"away,omitzero"`

	// Acked is how much there was of it when it was first seen to be acknowledged.
	Acked *float64 `json:"acked,omitempty"`
	// AckEnded is an acknowledgement whose time has come to an end, and AckUnsaid
	// the channels that are to hear of that.
	AckEnded  *license.Ack `json:"ack_ended,omitempty"`
	AckUnsaid []string     `json:"ack_unsaid,omitempty" by:"channel"`

	// Said is, by channel, what it was told last. Channels may share one: it is replaced,
	// never changed.
	Said map[string]*said `json:"said,omitempty" by:"channel"`
	// Was is, by channel, what it was told of the story that this one took over,
	// until it is told of this one.
	Was map[string]*was `json:"was,omitempty" by:"channel"`
}

// said is what a channel was last told of a story.
type said struct {
	At time.Time `json:"at"` // when it accepted
	spoken
}

// ended is what is left of a story that is over.
type ended struct {
	At int64 `json:"at"` // when, in seconds since 1970
	// Said is what each channel accepted last before that.
	Said map[string]*said `json:"said,omitempty" by:"channel"`
}

// spoken is a mark with the time its message was written.
type spoken struct {
	Written time.Time `json:"written"`
	mark
}

// mark is what accepting a message says about one story.
type mark struct {
	Story    int64            `json:"story"` // its number
	Severity license.Severity `json:"severity"`
	Days     *int64           `json:"days,omitempty"`
	Measure  *float64         `json:"measure,omitempty"`
	// Called is when people were last called about it; zero for never.
	Called time.Time `json:"called,omitzero"`
	// TellsAckEnd: the message says that an acknowledgement has come to its end.
	TellsAckEnd bool `json:"ack_end,omitempty"`
	// Deadline is the last one that was told. The deadline that was told and the
	// rungs that were spoken since are a ladder: a later deadline begins a new
	// one, an earlier one continues it.
	Deadline time.Time `json:"deadline,omitzero"`
	// Rung is the smallest rung of the ladder that was spoken; nil for none.
	Rung *int64 `json:"rung,omitempty"`
	// Next is when the channel hears of it next if nothing changes; zero when it
	// does not.
	Next time.Time `json:"next,omitzero"`
}

// was is the last word about a story that another one took over.
type was struct {
	Key   string       `json:"key"`
	Title license.Text `json:"title"`
	Over  license.Text `json:"over,omitzero"`
	mark
	// Accepted is what the channel had accepted by then; the rest was on its way,
	// and may never have arrived.
	Accepted *mark `json:"accepted,omitempty"`
}

// newMark is what a message about the finding says now.
func newMark(f license.Finding, s *story) mark {
	return mark{Story: s.Number, Severity: f.Severity, Days: f.DaysLeft, Measure: f.Measure, Deadline: f.Deadline, Rung: rungOf(f)}
}

// owns says whether the mark is about this story and not about an earlier one
// of the same finding.
func (s *story) owns(m mark) bool { return m.Story == s.Number }

// hear gives what a channel knows that knew h and accepts a message at the time
// at. A message that is older than the last one it accepted adds nothing.
func (h *said) hear(m spoken, at, now time.Time) *said {
	switch {
	case h == nil:
		return &said{at, m}
	case m.Written.Before(h.Written) && !h.Written.After(now):
		return h
	case m.Deadline.IsZero():
		m.Deadline, m.Rung = h.Deadline, h.Rung
	case !isLater(m.Deadline, h.Deadline, now.Location()):
		m.Rung = lowest(h.Rung, m.Rung)
	}
	if m.Called.IsZero() {
		m.Called = h.Called
	}
	return &said{at, m}
}

// heard gives what a channel knows of the story once it has what is on its way, and if it
// has what was lost; nil when that is nothing.
func (s *story) heard(key, channel string, p pending) *said {
	h := s.Said[channel]
	for _, m := range p.letters {
		if m.isAbout(key, s) {
			h = h.hear(spoken{m.At, m.Findings[key]}, m.At, p.now)
		}
	}
	return h
}

// shared is what a channel heard, as another channel has it that heard the same at
// about the same time: thousands of findings times ten channels are kept once.
func (s *story) shared(h *said) *said {
	for _, channel := range keys(s.Said) {
		if other := s.Said[channel]; other.spoken == h.spoken && age(h.At, other.At) < time.Minute {
			return other
		}
	}
	return h
}

// begun is when the story began itself, whatever it goes on from.
func (s *story) begun() time.Time {
	if s.Begun.IsZero() {
		return s.Since
	}
	return s.Begun
}

// keys gives a map's keys in order, for results that are always the same.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
