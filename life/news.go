package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// news is something that is told once: a finding that is over, an event, a
// source that can be read again, what is not watched any more, a time without
// any run. Exactly one of them is set.
type news struct {
	Number   int64                 `json:"number"`
	At       time.Time             `json:"at"`
	Resolved *license.Resolved     `json:"resolved,omitempty"`
	Event    *license.Finding      `json:"event,omitempty"`
	Source   *license.SourceChange `json:"source,omitempty"`

	Unwatched *license.Unwatched `json:"unwatched,omitempty"`
	Gap       *license.Gap       `json:"gap,omitempty"`

	Tell []string `json:"tell,omitempty"` // the channels that were not told yet
	List []string `json:"list,omitempty"` // the channels whose next digest lists it
}

func (n *news) saysSomething() bool {
	return n.Resolved != nil || n.Event != nil || n.Source != nil || n.Unwatched != nil || n.Gap != nil
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

// change is an event that fires.
type change struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject,omitempty"`
	Event   string `json:"event"` // Finding.EventID
}

func changeKey(f license.Finding) change { return change{f.Rule, f.Subject, f.EventID} }

// observeEvents makes news of the events that fire and did not in the last run.
func (t *turn) observeEvents() {
	b := &t.ledger.book
	var firing []change
	for _, f := range t.in.Findings {
		if !f.Event || f.State != license.Firing {
			continue
		}
		key := changeKey(f)
		if slices.Contains(firing, key) {
			continue
		}
		firing = append(firing, key)
		if slices.Contains(b.Changes, key) {
			continue
		}
		tell := t.in.Channels
		if silencing(t.acks, f.Rule, f.Subject) != nil {
			tell = nil
		}
		f.Evidence = nil
		t.ledger.addNews(news{Event: &f}, t.in.Now, tell, t.in.Channels)
	}
	// One of which nothing is known now may still be firing.
	for _, c := range b.Changes {
		if t.isUnknown(c.Rule, c.Subject) && !slices.Contains(firing, c) {
			firing = append(firing, c)
		}
	}
	b.Changes = firing
}
