package life

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// factLog is what there is to tell of the account, and what each channel was told of it.
type factLog struct {
	Records map[string]*findingRecord `json:"stories,omitempty"` // by finding key
	// EventRecords are the events that are firing, so that one that goes on firing is
	// one event, and those of the last day, so that one that comes again and again
	// is not told each time.
	EventRecords []eventRecord `json:"changes,omitempty"`
	// Ended are the records that ended lately, by finding key.
	Ended map[string]*endedRecord `json:"ended,omitempty"`

	OneOffs []*oneOff                 `json:"news,omitempty"` // oldest first
	Outages map[license.Source]outage `json:"sources,omitempty"`
	// Dropped counts, by channel, the messages that were given up and of which
	// the channel was not told yet.
	Dropped map[string]int `json:"dropped,omitempty" by:"channel"`
	// Digests are, by channel, the last digest that it accepted.
	Digests map[string]*acceptedDigest `json:"digests,omitempty" by:"channel"`

	// Words are the names of channels that many records share.
	Words license.Words `json:"-"`
}

// markTold marks all that the message said as said to the channel, but the rest.
func (facts *factLog) markTold(m *pendingMessage, channel string, now time.Time, rest Rest) {
	unnamed := map[string]bool{}
	for _, fact := range rest.Unnamed {
		unnamed[fact] = true
	}
	for key, told := range m.Findings {
		mark := *told
		if rest.Call {
			mark.Called = time.Time{}
		}
		if s := facts.Records[key]; s != nil && mark.isAbout(s) && !unnamed[key] {
			heard := s.Notified.of(channel).updatedBy(mark, m.At, now, now)
			s.Notified.set(channel, s.sharedNotification(heard), facts.Words)
			s.Superseded.remove(channel, facts.Words)
			if mark.TellsAckEnd {
				s.AckEndPending = slices.DeleteFunc(s.AckEndPending, func(c string) bool { return c == channel })
			}
		}
	}
	told := &channelRemover{channel: channel}
	for _, n := range facts.OneOffs {
		if m.tellsOneOff(n) && !unnamed[n.reportFact()] {
			n.markTold(told, !m.isAlert())
		}
	}
	facts.acceptDigest(m, channel, now)
	for source, since := range m.Outages {
		if o, ok := facts.Outages[source]; ok && o.Since.Equal(since) {
			o.Notified[channel] = now
		}
	}
	if facts.Dropped[channel] -= m.Dropped; facts.Dropped[channel] <= 0 {
		delete(facts.Dropped, channel)
	}
}

// weakenTo keeps in mind what the channel may have heard by a message that was lost.
func (facts *factLog) weakenTo(m *pendingMessage, channel string) {
	for key, mark := range m.Findings {
		if s := facts.Records[key]; s != nil && mark.isAbout(s) {
			if h := s.Notified.of(channel); h != nil {
				s.Notified.set(channel, s.sharedNotification(h.weakenedTo(*mark)), facts.Words)
			}
		}
	}
}

// acceptDigest remembers the digest that a channel accepted.
func (facts *factLog) acceptDigest(m *pendingMessage, channel string, now time.Time) {
	if m.isAlert() || m.Hash == "" {
		return
	}
	facts.Digests[channel] = &acceptedDigest{Hash: m.Hash, Since: m.Since, At: now}
}

// markCalled notes that people were called about what a message said.
func (facts *factLog) markCalled(m *pendingMessage, channel string, now time.Time) {
	for key, mark := range m.Findings {
		if s := facts.Records[key]; s != nil && mark.isAbout(s) && !mark.Called.IsZero() {
			if h := s.Notified.of(channel); h != nil {
				called := *h
				called.Called = now
				s.Notified.set(channel, s.sharedNotification(&called), facts.Words)
			}
		}
	}
}

// oneOffsFor gives what a channel is to be told, and in a digest what is listed, as
// far as it is not on its way already.
func (facts *factLog) oneOffsFor(channel string, mode license.Mode, p undelivered) []*oneOff {
	var due []*oneOff
	for _, n := range facts.OneOffs {
		tell := slices.Contains(n.Tell, channel) && !p.oneOffs[n.Number]
		list := mode == license.ModeDigest && slices.Contains(n.List, channel) && !p.listed[n.Number]
		if tell || list {
			due = append(due, n)
		}
	}
	return due
}

// isFiring says whether the finding with this key fired when it was last known.
func (facts *factLog) isFiring(key string) bool {
	s := facts.Records[key]
	return s != nil && s.Away.IsZero()
}

// remembers is Ledger.Remembers; namesakes are the names that orders share.
func (facts *factLog) remembers(namesakes map[string]bool) func(rule, subject string) bool {
	asked := map[string]bool{}
	for _, c := range facts.EventRecords {
		asked[license.Finding{Rule: c.Rule, Subject: c.Subject}.Key()] = true
	}
	isAsked := func(rule, subject string) bool {
		key := license.Finding{Rule: rule, Subject: subject}.Key()
		return facts.Records[key] != nil || asked[key]
	}
	return func(rule, subject string) bool {
		stem, _, isLong := strings.Cut(subject, "#")
		return isAsked(rule, subject) || namesakes[stem] || isLong && isAsked(rule, stem)
	}
}

// stillCalls says whether people are called by a message that was written earlier:
// something critical of it goes on, nobody has acknowledged that since, and no later
// message has called people of the channel about it.
func (facts *factLog) stillCalls(m *pendingMessage, channel string, acks []license.Ack) bool {
	return slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
		s := facts.Records[f.Key()]
		isKnown := slices.ContainsFunc(acks, func(a license.Ack) bool {
			return a.Covers(f.Rule, f.Subject) && a.At.After(m.At)
		})
		return isCallable(f) && !isKnown && (f.Event || s != nil && s.Away.IsZero() && !s.wasCalledAbout(channel, m.At))
	})
}

// hasHeard says whether the channel has heard of something that fires, or is to hear of an end.
func (facts *factLog) hasHeard(channel string) bool {
	for _, s := range facts.Records {
		if s.Notified.of(channel) != nil || s.Superseded.of(channel) != nil {
			return true
		}
	}
	return slices.ContainsFunc(facts.OneOffs, func(n *oneOff) bool {
		return (n.Resolved != nil || n.Superseded != nil) && slices.Contains(n.Tell, channel)
	})
}
