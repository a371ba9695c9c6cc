package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// news is something that is told once: a finding that is over, an event, a
// source that can be read again, what is not watched any more, a time without
// any run, an alert that got no answer. Exactly one of them is set.
type news struct {
	Number   int64                 `json:"number"`
	At       time.Time             `json:"at"`
	Resolved *license.Resolved     `json:"resolved,omitempty"`
	Event    *license.Finding      `json:"event,omitempty"`
	Source   *license.SourceChange `json:"source,omitempty"`

	Unwatched *license.Unwatched `json:"unwatched,omitempty"`
	Gap       *license.Gap       `json:"gap,omitempty"`
	Unheard   *license.Unheard   `json:"unheard,omitempty"`

	Tell []string `json:"tell,omitempty" by:"channel"` // the channels that were not told yet
	List []string `json:"list,omitempty" by:"channel"` // the channels whose next digest lists it
}

func (n *news) saysSomething() bool {
	return n.Resolved != nil || n.Event != nil || n.Source != nil || n.Unwatched != nil || n.Gap != nil || n.Unheard != nil
}

// fact is what it tells, as a message may leave it unnamed; empty for what none leaves
// unnamed.
func (n *news) fact() string {
	switch {
	case n.Resolved != nil:
		return n.Resolved.Fact()
	case n.Event != nil:
		return n.Event.Fact()
	case n.Unwatched != nil:
		return n.Unwatched.Fact()
	default:
		return ""
	}
}

// isAmong says whether it has one of the numbers, which are in order: there may be
// thousands.
func isAmong(numbers []int64, n *news) bool {
	_, found := slices.BinarySearch(numbers, n.Number)
	return found
}

// addNews keeps something to be told to the channels tell and listed in the next
// digests of the channels list.
func (l *Ledger) addNews(n news, now time.Time, tell, list []string) {
	if len(tell) == 0 && len(list) == 0 {
		return
	}
	n.Number, n.At = l.next(), now
	n.Tell, n.List = slices.Clone(tell), slices.Clone(list)
	l.book.News = append(l.book.News, &n)
}

// told marks that the channel was told, by a digest or by an alert.
func (n *news) told(channel string, digest bool) {
	isChannel := func(c string) bool { return c == channel }
	n.Tell = slices.DeleteFunc(n.Tell, isChannel)
	if digest {
		n.List = slices.DeleteFunc(n.List, isChannel)
	}
}

// newsFor gives what a channel is to be told, and in a digest what is listed, as
// far as it is not on its way already.
func (l *Ledger) newsFor(channel string, mode license.Mode, p pending) []*news {
	var due []*news
	for _, n := range l.book.News {
		tell := slices.Contains(n.Tell, channel) && !p.news[n.Number]
		list := mode == license.ModeDigest && slices.Contains(n.List, channel) && !p.listed[n.Number]
		if tell || list {
			due = append(due, n)
		}
	}
	return due
}

// change is an event that fires, or did within the last day.
type change struct {
	changeID
	// At is when it was first told within the last day, and Times how often.
	At    time.Time `json:"at,omitzero"`
	Times int       `json:"times,omitempty"`
	Over  bool      `json:"over,omitempty"` // it does not fire now
}

type changeID struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject,omitempty"`
	Event   string `json:"event"` // Finding.EventID
}

// maxTimes is how often the same event is told within a day: what comes and goes
// all the time is not told each time.
const maxTimes = 2

// observeEvents makes news of the events that fire and did not in the last run.
func (t *turn) observeEvents() {
	b := &t.ledger.book
	before, seen := map[changeID]change{}, map[changeID]bool{}
	for _, c := range b.Changes {
		before[c.changeID] = c
	}
	var all []change
	for _, f := range t.in.Findings {
		id := changeID{f.Rule, f.Subject, f.EventID}
		if !f.Event || f.State != license.Firing || seen[id] {
			continue
		}
		seen[id] = true
		c, known := before[id]
		isNew := !known || c.Over
		c.changeID, c.Over = id, false
		if age(t.in.Now, c.At) >= day {
			c.At, c.Times = t.in.Now, 0
		}
		if isNew && c.Times < maxTimes {
			c.Times++
			t.tellEvent(f)
		}
		all = append(all, c)
	}
	for _, c := range b.Changes {
		c.Over = c.Over || !t.isUnknown(c.Rule, c.Subject) // of one of which nothing is known it may go on
		if !seen[c.changeID] && (!c.Over || age(t.in.Now, c.At) < day) {
			all = append(all, c)
		}
	}
	b.Changes = all
}

// tellEvent makes news of an event.
func (t *turn) tellEvent(f license.Finding) {
	tell := t.in.Channels
	if silencing(t.acks, f.Rule, f.Subject) != nil {
		tell = nil
	}
	f.Evidence = nil
	t.ledger.addNews(news{Event: &f}, t.in.Now, tell, t.in.Channels)
}
