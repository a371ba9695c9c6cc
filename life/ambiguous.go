package life

import (
	"slices"

	"licensewatch/license"
)

// A message that got no answer may have arrived, or not. So nothing of it counts as
// told, and what it said is due again. But it may have been read: the end of what it
// said is told, and it is not sent again and again.

const (
	// maxAmbiguousRuns is in how many runs an alert is tried that gets no answer.
	maxAmbiguousRuns = 3
	// ambiguousLife is for how long, and how long alerts then leave what it said to the
	// next digest.
	ambiguousLife = day
)

// weakenedTo is what a channel knows, as mild as what it may have heard since: what is
// worse than either is told.
func (h *lastNotification) weakenedTo(m notification) *lastNotification {
	weaker := *h
	if m.Severity.Rank() < h.Severity.Rank() {
		weaker.Severity = m.Severity
	}
	if m.Measure != nil && h.Measure != nil && *m.Measure < *h.Measure {
		weaker.Measure = m.Measure
	}
	return &weaker
}

// missesAny says whether the channel was never told something that a lost message said: a
// record that is there and counts, or something else that is still to be told.
func (facts *factLog) missesAny(channel string, m *pendingMessage, counts func(*findingRecord) bool) bool {
	return facts.missesFinding(channel, m, counts) || facts.missesOutage(channel, m) ||
		m.Dropped > 0 && facts.Dropped[channel] > 0 ||
		slices.ContainsFunc(facts.OneOffs, func(n *oneOff) bool {
			isFirst := slices.Contains(n.Tell, channel) ||
				slices.Contains(n.List, channel) && (n.Gap != nil || n.Unheard != nil)
			return isFirst && m.tellsOneOff(n)
		})
}

func (facts *factLog) missesFinding(channel string, m *pendingMessage, counts func(*findingRecord) bool) bool {
	for key, mark := range m.Findings {
		s := facts.Records[key]
		isNew := m.isAlert() || slices.Contains(m.Fresh, key)
		if !isNew || s == nil || !mark.isAbout(s) || !counts(s) {
			continue
		}
		if h := s.Notified.of(channel); h == nil || h.Written.Before(m.At) {
			return true
		}
	}
	return false
}

func (facts *factLog) missesOutage(channel string, m *pendingMessage) bool {
	for source, since := range m.Outages {
		o, ok := facts.Outages[source]
		if _, told := o.Notified[channel]; ok && o.Since.Equal(since) && !told {
			return true
		}
	}
	return false
}

// missesAtNight is misses for what is said outside the hours as well.
func (facts *factLog) missesAtNight(channel string, m *pendingMessage) bool {
	isCritical := func(s *findingRecord) bool { return isRecordFiring(s) && s.Severity == license.Critical }
	return facts.missesFinding(channel, m, isCritical) || slices.ContainsFunc(facts.OneOffs, func(n *oneOff) bool {
		return slices.Contains(n.Tell, channel) && m.tellsOneOff(n) && isOneOffUrgent(n)
	})
}

// knowsAllOf says whether the channel was told all that a message said, by whichever message.
func (facts *factLog) knowsAllOf(channel string, m *pendingMessage) bool {
	for key, mark := range m.Findings {
		if s := facts.Records[key]; s != nil && mark.isAbout(s) && !s.Notified.of(channel).saysAtLeast(*mark) {
			return false
		}
	}
	return !facts.missesOutage(channel, m) && !slices.ContainsFunc(facts.OneOffs, func(n *oneOff) bool {
		return slices.Contains(n.Tell, channel) && slices.Contains(m.OneOffs, n.Number)
	})
}

// saysAtLeast says whether a channel that knows h was told at least as much as the notification says.
func (h *lastNotification) saysAtLeast(m notification) bool {
	return h != nil && h.Severity.Rank() >= m.Severity.Rank() &&
		(m.Threshold == nil || h.Threshold != nil && *h.Threshold <= *m.Threshold)
}

// isRecordFiring says whether the record is told while it goes on.
func isRecordFiring(s *findingRecord) bool { return !s.Covered && s.Away.IsZero() }
