package life

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// What follows is for people who ask why. It only looks, and no run needs it.

// Known is a finding as the last run left it that could tell: it fired.
type Known struct {
	Rule     string
	Subject  string
	Since    time.Time // first seen to fire
	Seen     time.Time // last seen to fire
	Severity license.Severity
	Title    license.Text
}

// Known are the findings that fire by the ledger, in the order of their keys.
func (l *Ledger) Known() []Known {
	var all []Known
	for _, key := range sortedKeys(l.stored.Records) {
		s := l.stored.Records[key]
		if !s.Away.IsZero() {
			continue
		}
		all = append(all, Known{s.Rule, s.Subject, s.Since, s.Seen, s.Severity, s.Title})
	}
	return all
}

// Knew says whether the ledger has a finding about a subject, as an order, that fires or
// has ended lately.
func (l *Ledger) Knew(subject string) bool {
	isOf := func(key string) bool { return strings.HasSuffix(key, "/"+subject) }
	return slices.ContainsFunc(sortedKeys(l.stored.Records), isOf) ||
		slices.ContainsFunc(sortedKeys(l.stored.Ended), isOf)
}

// Told is what a channel accepted last about a finding that fires, or did lately.
type Told struct {
	At        time.Time // when it accepted; zero where only the finding before is known to it
	Severity  license.Severity
	DaysLeft  *int64
	Deadline  time.Time
	Threshold *int64 // the smallest of RemindAt that was spoken; nil for none
	// Before is the key of the finding that it was told of and that this one took
	// over from; empty once it was told of this one.
	Before string
	// Over is when the finding ended, after that; zero while it fires.
	Over time.Time
}

// Told is what the channel was told of the finding with this key; nil when that
// is nothing. What is still on its way does not count.
func (l *Ledger) Told(key, channel string) *Told {
	if s := l.stored.Records[key]; s != nil {
		if h := s.Notified.of(channel); h != nil {
			return &Told{h.At, h.Severity, h.Days, h.Deadline, h.Threshold, "", time.Time{}}
		}
		if w := s.Superseded.of(channel); w != nil && w.Accepted != nil {
			return &Told{time.Time{}, w.Accepted.Severity, w.Accepted.Days, w.Accepted.Deadline, w.Accepted.Threshold,
				w.Key, time.Time{}}
		}
	}
	if e := l.stored.Ended[key]; e != nil && e.Notified[channel] != nil {
		h := e.Notified[channel]
		return &Told{h.At, h.Severity, h.Days, h.Deadline, h.Threshold, "", fromSeconds(e.At, h.At.Location())}
	}
	return nil
}

// Waiting is a message that a channel has not accepted.
type Waiting struct {
	ID       string
	Mode     license.Mode
	At       time.Time // when it was written
	Channel  string
	Findings []string // the keys of those it tells of
	// Tries are the runs in which it got no answer.
	Tries int
	// Paused is when the channel refused for good, if that holds the message back
	// for now: alerts then wait for an hour; zero otherwise.
	Paused time.Time
	// GivenUp is when an alert was given up that got no answer. It is not sent any more:
	// what it said is said by the next digest, or by an alert a day later.
	GivenUp time.Time
	// Former says that the settings name the channel no more: it is sent nothing unless
	// they name it again.
	Former bool
}

// Waiting are the messages that are owed, or were given up lately, the oldest first.
func (l *Ledger) Waiting(now time.Time) []Waiting {
	var all []Waiting
	for _, m := range l.stored.Outbox {
		waiting := func(channel string) Waiting {
			return Waiting{
				ID: m.ID, Mode: m.Mode, At: m.At, Channel: channel, Findings: sortedKeys(m.Findings),
				Tries: m.AmbiguousRuns[channel], Former: isFormer(channel),
			}
		}
		for _, channel := range m.Owed {
			w := waiting(channel)
			w.Paused = l.stored.pausedAt(m, channel, now)
			all = append(all, w)
		}
		for _, channel := range sortedKeys(m.Lost) {
			if m.isLeftToDigest(channel, now) && l.stored.missesAny(channel, m, isRecordFiring) {
				w := waiting(channel)
				w.GivenUp = m.Lost[channel]
				all = append(all, w)
			}
		}
	}
	return all
}

// Unread are the sources that the last runs failed to read: since when, and in
// how many runs.
func (l *Ledger) Unread() []license.SourceChange {
	var all []license.SourceChange
	for _, source := range slices.Sorted(maps.Keys(l.stored.Outages)) {
		if source == sourceUnjudged {
			continue
		}
		o := l.stored.Outages[source]
		all = append(all, license.SourceChange{Source: source, Since: o.Since, Runs: o.Runs})
	}
	return all
}

// UnreadCause is why the last run did not read a source that stays unread, for people; nil
// where that is not known.
func (l *Ledger) UnreadCause(source license.Source) *license.Failure {
	c := l.stored.Outages[source].Cause
	if c == nil {
		return nil
	}
	return &license.Failure{Kind: c.Kind, Code: c.Code, Service: c.Service, Action: c.Action}
}

// Channels are the names of the channels that the ledger tells something of, in
// order: they were told something, are owed it or have refused it.
func (l *Ledger) Channels() []string {
	names := map[string]bool{}
	add := func(some ...string) {
		for _, name := range some {
			names[name] = true
		}
	}
	b := &l.stored
	for _, s := range b.Records {
		add(s.Notified.channels()...)
		add(s.Superseded.channels()...)
	}
	for _, m := range b.Outbox {
		add(m.Owed...)
		add(m.Calls...)
		add(sortedKeys(m.Lost)...)
	}
	for _, n := range b.OneOffs {
		add(n.Tell...)
		add(n.List...)
	}
	for _, o := range b.Outages {
		add(sortedKeys(o.Notified)...)
	}
	for _, s := range b.Slots {
		add(s.Accepted...)
	}
	add(sortedKeys(b.Digests)...)
	add(sortedKeys(b.Refused)...)
	add(sortedKeys(b.Failing)...)
	add(sortedKeys(b.Dropped)...)
	add(sortedKeys(b.Told)...)
	return sortedKeys(names)
}

// Unheard are the alerts that were given up lately because a channel gave no answer, and
// that another one knows: it can be told.
func (l *Ledger) Unheard(now time.Time) []license.Unheard {
	var all []license.Unheard
	for _, n := range l.stored.OneOffs {
		if n.Unheard == nil || age(now, n.At) >= day {
			continue
		}
		isIt := func(m *pendingMessage) bool {
			return m.ID == n.Unheard.ID && m.isLeftToDigest(n.Unheard.Channel, now) &&
				l.isKnownElsewhere(m, n.Unheard.Channel)
		}
		if slices.ContainsFunc(l.stored.Outbox, isIt) {
			all = append(all, *n.Unheard)
		}
	}
	return all
}

// Doubtful are those of the channels that may not have got what they were told, in
// their order. A lost digest itself is missed, until something is accepted or another
// one is written.
func (l *Ledger) Doubtful(channels []string) []string {
	return slices.DeleteFunc(slices.Clone(channels), func(channel string) bool {
		return !slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool {
			switch {
			case !m.isLost(channel):
				return m.isOwed(channel) && m.mayBeRepeat(channel)
			case !m.isAlert() && !m.Lost[channel].IsZero():
				return true
			default:
				return l.stored.missesAny(channel, m, isRecordFiring)
			}
		})
	})
}

// Standings are the findings that fire by the ledger, worst first, then by the
// time they began. Times are in now's zone.
func (l *Ledger) Standings(now time.Time, hours license.Hours) []Standing {
	acks, zone := l.Acks(now), now.Location()
	channels, coming := l.Channels(), map[string]undelivered{} // once for all: there may be thousands of findings
	for _, channel := range channels {
		coming[channel] = l.stored.undeliveredAndResting(channel, now)
	}
	var all []Standing
	for _, known := range l.Known() {
		key := license.Finding{Rule: known.Rule, Subject: known.Subject}.Key()
		s := l.stored.Records[key]
		known.Since, known.Seen = known.Since.In(zone), known.Seen.In(zone)
		standing := Standing{Known: known, Covered: s.Covered}
		for _, channel := range channels {
			h := s.Notified.of(channel)
			ack, _ := silencingAckFor(acks, s.Rule, s.Subject, s, h)
			if ack != nil {
				standing.Ack = ack
			}
			standing.To = append(standing.To, l.stored.standingIn(channel, key, s, coming[channel], ack, now, hours))
		}
		all = append(all, standing)
	}
	slices.SortStableFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), a.Since.Compare(b.Since))
	})
	return all
}

// NextSpeak is when an alert may speak to the channel about a firing finding if
// nothing changes: now when it is due or owed; zero when it does not, as about what
// is only good to know.
func (l *Ledger) NextSpeak(f license.Finding, channel string, now time.Time, hours license.Hours) time.Time {
	if f.State != license.Firing || f.Event || f.Severity == license.Info {
		return time.Time{}
	}
	s, h, p := l.lookUp(f, channel, now)
	ack, _ := silencingAckFor(l.Acks(now), f.Rule, f.Subject, s, h)
	switch {
	case s != nil && s.isToldIn(p.withoutLost().messages, f.Key()):
		return l.stored.nextAttempt(s.messagesAbout(p.withoutLost().messages, f.Key()), channel, now, hours)
	case s != nil && s.isToldIn(p.lost, f.Key()) && dueSince(f, s, h, now, true) == notDue:
		return hours.Next(p.leftToDigestUntil(channel).In(now.Location()))
	case h != nil && dueSince(f, s, h, now, false) == notDue:
		return nextAt(f, s, h.notification, h.At.In(now.Location()), ack, hours)
	case ack != nil:
		return hours.Next(ack.Until.In(now.Location()))
	case isUrgent(f, dueSince(f, s, h, now, false), h, now, hours):
		return now
	default:
		return hours.Next(now)
	}
}

// lookUp finds the record of a finding and what a channel heard of it.
func (l *Ledger) lookUp(f license.Finding, channel string,
	now time.Time) (*findingRecord, *lastNotification, undelivered) {
	p := l.stored.undeliveredAndResting(channel, now)
	s := l.stored.Records[f.Key()]
	if s == nil {
		return nil, nil, p
	}
	heard := s.lastKnownTo(f.Key(), channel, p)
	return s, heard, p
}
