package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// undelivered is what is on its way to one channel.
type undelivered struct {
	now      time.Time
	messages []*pendingMessage // lost ones first, then oldest first
	lost     []*pendingMessage
	oneOffs  map[int64]bool // told by any message
	listed   map[int64]bool // listed by a digest
	outages  map[license.Source]time.Time
	dropped  int
}

// hasMessageAbout says whether something about the record is on its way, or was lost.
func (p undelivered) hasMessageAbout(key string, s *findingRecord) bool {
	return s.isToldIn(p.messages, key)
}

// withoutLost is what is on its way.
func (p undelivered) withoutLost() undelivered {
	p.messages, p.lost = p.messages[len(p.lost):], nil
	return p
}

// leftToDigestUntil is when alerts say again what was lost, unless a digest has.
func (p undelivered) leftToDigestUntil(channel string) time.Time {
	var until time.Time
	for _, m := range p.lost {
		until = laterOf(until, m.Lost[channel].Add(ambiguousLife))
	}
	return until
}

// isToldIn says whether any of the messages tells of the record.
func (s *findingRecord) isToldIn(messages []*pendingMessage, key string) bool {
	return slices.ContainsFunc(messages, func(m *pendingMessage) bool { return m.isAbout(key, s) })
}

// messagesAbout are those of the messages that tell of the record.
func (s *findingRecord) messagesAbout(messages []*pendingMessage, key string) []*pendingMessage {
	return slices.DeleteFunc(slices.Clone(messages), func(m *pendingMessage) bool { return !m.isAbout(key, s) })
}

// tellsAckEnd says whether the end of an acknowledgement of the record is on its
// way.
func (p undelivered) tellsAckEnd(key string, s *findingRecord) bool {
	return slices.ContainsFunc(p.messages, func(m *pendingMessage) bool {
		return m.isAbout(key, s) && m.Findings[key].TellsAckEnd
	})
}
