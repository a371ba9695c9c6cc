package life

import (
	"cmp"
	"slices"
	"time"

	"licensewatch/license"
)

// Standing is how a finding stands by the ledger alone, for people who have
// neither the account nor the rules at hand.
type Standing struct {
	Known
	Covered bool         // another finding that fires tells of it
	Ack     *license.Ack // the acknowledgement that covers it; nil when there is none
	// To is what each channel was told of it, in the order of their names.
	To []StandingIn
}

// StandingIn is how a finding stands in one channel.
type StandingIn struct {
	Channel string
	Told    time.Time // when it accepted what it was told last; zero when that is nothing
	Owed    bool      // a message about it is on its way
	// Next is when an alert speaks of it next if nothing changes; zero when none
	// does, or when that is not known.
	Next time.Time
}

// Standings are the findings that fire by the ledger, worst first, then by the
// time they began. Times are in now's zone.
func (l *Ledger) Standings(now time.Time) []Standing {
	acks, zone := l.Acks(now), now.Location()
	channels, coming := l.Channels(), map[string]pending{} // once for all: there may be thousands of findings
	for _, channel := range channels {
		coming[channel] = l.coming(channel, now)
	}
	var all []Standing
	for _, known := range l.Known() {
		key := license.Finding{Rule: known.Rule, Subject: known.Subject}.Key()
		s := l.book.Stories[key]
		known.Since, known.Seen = known.Since.In(zone), known.Seen.In(zone)
		standing := Standing{Known: known, Covered: s.Covered}
		for _, channel := range channels {
			h := s.Said[channel]
			ack, _ := silencingStory(acks, s.Rule, s.Subject, s, h)
			if ack != nil {
				standing.Ack = ack
			}
			in := StandingIn{Channel: channel, Owed: coming[channel].owes(key, s)}
			if h != nil {
				in.Told, in.Next = h.At.In(zone), nextSpoken(h.Next, ack, now)
			}
			standing.To = append(standing.To, in)
		}
		all = append(all, standing)
	}
	slices.SortStableFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), a.Since.Compare(b.Since))
	})
	return all
}

// nextSpoken is when a finding is spoken of that was to be at a time: not before
// its acknowledgement has ended.
func nextSpoken(next time.Time, ack *license.Ack, now time.Time) time.Time {
	if ack != nil && next.Before(ack.Until) {
		next = ack.Until
	}
	if next.IsZero() {
		return next
	}
	return writable(next.In(now.Location()))
}
