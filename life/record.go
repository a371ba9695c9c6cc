package life

import (
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

// findingRecord is what is known of a finding that fires.
type findingRecord struct {
	Number  int64     `json:"number"` // tells it from other records of the finding
	Rule    string    `json:"rule"`
	Subject string    `json:"subject,omitempty"`
	Since   time.Time `json:"since"` // first seen to fire
	// Begun is when this record began, where it goes on from one that is older.
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
	// AckEnded is an acknowledgement whose time has come to an end, and AckEndPending
	// the channels that are to hear of that.
	AckEnded      *license.Ack `json:"ack_ended,omitempty"`
	AckEndPending []string     `json:"ack_unsaid,omitempty" by:"channel"`

	// Notified is what each channel was told last.
	Notified byChannel[*lastNotification] `json:"-"`
	// Superseded is what each channel was told of the record that this one took over, also after
	// it had begun itself (handToOngoing), until it is told of this one next.
	Superseded byChannel[*supersededNotification] `json:"-"`
	// TookOver are the records that this one took over when nothing but the clock had changed:
	// where that was wrong, they go on.
	TookOver []*findingRecord `json:"took_over,omitempty"`
	// Said and Was are these as the ledger has them when it is read or written, else nil.
	Said map[string]*lastNotification       `json:"said,omitempty" by:"channel"`
	Was  map[string]*supersededNotification `json:"was,omitempty" by:"channel"`
}

// lastNotification is what a channel was last told of a record.
type lastNotification struct {
	At      time.Time `json:"at"`      // when it accepted
	Written time.Time `json:"written"` // when the message was
	notification
}

// holdTold takes over what was read.
func (s *findingRecord) holdTold(words license.Words) {
	for _, before := range s.TookOver {
		before.holdTold(words)
	}
	s.Notified.hold(s.Said, words)
	s.Superseded.hold(s.Was, words)
	s.Said, s.Was = nil, nil
}

// withTold is the record as it is written: by channel, or packed.
func (s *findingRecord) withTold(packed bool) *findingRecord {
	written := *s
	if packed {
		written.Said, written.Was = s.Notified.joined(), s.Superseded.joined()
	} else {
		written.Said, written.Was = s.Notified.split(), s.Superseded.split()
	}
	written.TookOver = slices.Clone(s.TookOver)
	for i, before := range s.TookOver {
		written.TookOver[i] = before.withTold(packed)
	}
	return &written
}

// endedRecord is what is left of a record that is over.
type endedRecord struct {
	At int64 `json:"at"` // when, in seconds since 1970
	// Notified is what each channel accepted last before that.
	Notified map[string]*lastNotification `json:"said,omitempty" by:"channel"`
}

// notification is what accepting a message says about one record.
type notification struct {
	Record   int64            `json:"story"` // its number
	Severity license.Severity `json:"severity"`
	Days     *int64           `json:"days,omitempty"`
	Measure  *float64         `json:"measure,omitempty"`
	// Called is when people were last called about it; zero for never.
	Called time.Time `json:"called,omitzero"`
	// TellsAckEnd: the message says that an acknowledgement has come to its end.
	TellsAckEnd bool `json:"ack_end,omitempty"`
	// Deadline is the last one that was told. The deadline that was told and the
	// thresholds that were told since belong together: a later deadline begins them anew,
	// an earlier one continues them.
	Deadline time.Time `json:"deadline,omitzero"`
	// Threshold is the smallest threshold that was told for the deadline; nil for none.
	Threshold *int64 `json:"rung,omitempty"`
	// Next is when the channel hears of it next if nothing changes; zero when it
	// does not.
	Next time.Time `json:"next,omitzero"`
}

// supersededNotification is the last word about a record that another one took over.
type supersededNotification struct {
	Key   string       `json:"key"`
	Title license.Text `json:"title"`
	Over  license.Text `json:"over,omitzero"`
	notification
	// Accepted is what the channel had accepted by then; the rest was on its way,
	// and may never have arrived.
	Accepted *notification `json:"accepted,omitempty"`
}

// newNotification is what a message about the finding says now.
func newNotification(f license.Finding, s *findingRecord) notification {
	return notification{Record: s.Number, Severity: f.Severity, Days: f.DaysLeft, Measure: f.Measure,
		Deadline: f.Deadline, Threshold: thresholdOf(f)}
}

// isAbout says whether the notification is about this record and not about an earlier one of the
// same finding.
func (m notification) isAbout(s *findingRecord) bool { return m.Record == s.Number }

// updatedBy gives what a channel knows that knew h and accepts, at the time at, a message of
// the time written. A message that is older than the last one it accepted adds nothing.
func (h *lastNotification) updatedBy(m notification, written, at, now time.Time) *lastNotification {
	switch {
	case h == nil:
		return &lastNotification{at, written, m}
	case written.Before(h.Written) && !h.Written.After(now):
		return h
	case m.Deadline.IsZero():
		m.Deadline, m.Threshold = h.Deadline, h.Threshold
	case !isLater(m.Deadline, h.Deadline, now.Location()):
		m.Threshold = lowerThreshold(h.Threshold, m.Threshold)
	}
	if m.Called.IsZero() {
		m.Called = h.Called
	}
	return &lastNotification{at, written, m}
}

// lastKnownTo gives what a channel knows of the record once it has what is on its way, and if it
// has what was lost; nil when that is nothing.
func (s *findingRecord) lastKnownTo(key, channel string, p undelivered) *lastNotification {
	h := s.Notified.of(channel)
	for _, m := range p.messages {
		if m.isAbout(key, s) {
			h = h.updatedBy(*m.Findings[key], m.At, m.At, p.now)
		}
	}
	return h
}

// sharedNotification is what a channel heard, as another channel has it that heard the same at
// about the same time: thousands of findings times ten channels are kept once.
func (s *findingRecord) sharedNotification(h *lastNotification) *lastNotification {
	for _, alike := range s.Notified {
		if other := alike.told; other.Written.Equal(h.Written) && other.notification == h.notification &&
			age(h.At, other.At) < time.Minute {
			return other
		}
	}
	return h
}

// key is that of the record's finding.
func (s *findingRecord) key() string { return license.Finding{Rule: s.Rule, Subject: s.Subject}.Key() }

// begunAt is when the record began itself, whatever it goes on from.
func (s *findingRecord) begunAt() time.Time {
	if s.Begun.IsZero() {
		return s.Since
	}
	return s.Begun
}

// sortedKeys gives a map's keys in order, for results that are always the same.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// isSound says whether the record can be told.
func (s *findingRecord) isSound(key string) bool {
	if s == nil || s.Rule == "" || s.key() != key {
		return false
	}
	s.TookOver = slices.DeleteFunc(s.TookOver, func(before *findingRecord) bool {
		return before == nil || !before.isSound(before.key())
	})
	return true
}

// wasCalledAbout says whether people of the channel were called about it after a time.
func (s *findingRecord) wasCalledAbout(channel string, at time.Time) bool {
	h := s.Notified.of(channel)
	return h != nil && h.Called.After(at)
}

// isUndone says whether a finding is over only because a clock was wrong: what it is about
// ends when it did, and more days are left than there were.
func (s *findingRecord) isUndone(f *license.Finding) bool {
	return s.Left != nil && f.DaysLeft != nil && *f.DaysLeft > *s.Left && f.Deadline.Equal(s.Ends)
}

// rewindNotified takes back what was told under a clock that was ahead.
func (s *findingRecord) rewindNotified(now time.Time) {
	s.Notified.replace(func(h *lastNotification) *lastNotification {
		if !isAhead(h.Written, now) && !isAhead(h.At, now) {
			return h
		}
		told := earlierOf(s.Since, now)
		m := notification{Record: h.Record, Severity: h.Severity, Measure: h.Measure, Deadline: h.Deadline}
		if !m.Deadline.IsZero() {
			m.Severity = "" // how bad it was came of the days
		}
		return &lastNotification{told, told, m}
	})
}

// appendNew appends what is not there yet.
func appendNew(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}
