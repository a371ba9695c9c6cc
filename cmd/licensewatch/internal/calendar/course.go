package calendar

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/notify"
	"licensewatch/rules"
)

// Deployment is what runs, and what it would read.
type Deployment struct {
	Snapshot license.Snapshot // the account at the beginning
	Renewals []future.Renewal
	Rules    *rules.Set
	Timers   []Timer             // at least one
	Channels []string            // as handler.ChannelNames names them
	Mentions map[string][]string // who is called, by the kind of channel
	Zone     *time.Location
	Language license.Language
	Hours    license.Hours        // when alerts say what is only due by the calendar
	Unknown  []config.UnknownName // settings that do not exist
	Digest   config.DigestWhen
	Machines config.MachinesShown
	Memory   bool         // there is a store
	Ledger   *life.Ledger // what the store holds at the beginning; nil: nothing yet

	// Of one account of many: the fleet that it is of, whose channels are told in the place of
	// Channels, as its routes say. Nil: the only account.
	Fleet   *fleet.Fleet
	Account *fleet.Account
}

// hearing is who hears of the account, where it is one of many; nil otherwise.
func (d Deployment) hearing() *handler.Hearing {
	if d.Fleet == nil {
		return nil
	}
	return new(handler.HearingOf(d.Fleet, d.Account))
}

// fleetChannel is the channel of that name in the accounts file; nil where there is none.
func (d Deployment) fleetChannel(name string) *fleet.Channel {
	if d.Fleet != nil {
		for i := range d.Fleet.Channels {
			if d.Fleet.Channels[i].Name == name {
				return &d.Fleet.Channels[i]
			}
		}
	}
	return nil
}

// unnamedIn is what of a report does not fit into a channel's message.
func (d Deployment) unnamedIn(channel string, r license.Report) []string {
	if c := d.fleetChannel(channel); c != nil {
		return c.Kind.Report(r, c.Mention).Unnamed
	}
	kind, _, _ := strings.Cut(channel, "[")
	return notify.KindOf(kind).Report(r, d.Mentions[kind]).Unnamed
}

// Message is one message, to the channels it names.
type Message struct {
	At time.Time // in the deployment's zone
	life.Message
}

// Course is a deployment on its way through time. It is not safe for concurrent
// use.
type Course struct {
	deployment Deployment
	hearing    *handler.Hearing // who hears of one of many accounts; nil otherwise
	channels   []string         // that may be told
	next       []time.Time      // by timer
	snapshot   license.Snapshot
	changes    time.Time    // when the account changes next; zero when it never does
	ledger     *life.Ledger // nil: no memory
	// runOut is when licenses run out as it looked at the beginning: on the way nobody binds any.
	runOut *license.RunOut

	judged   reading // what findings were judged from
	findings []license.Finding
	idle     time.Time // alerts before it say nothing if what is read stays the same
}

// Start begins at a time, which may itself be that of a run.
func (d Deployment) Start(from time.Time) *Course {
	c := &Course{deployment: d, hearing: d.hearing(), channels: d.Channels, snapshot: d.Snapshot}
	if c.hearing != nil {
		c.channels = c.hearing.Channels()
	}
	for _, timer := range d.Timers {
		c.next = append(c.next, timer.nextAfter(from.Add(-1)))
	}
	switch {
	case d.Memory && d.Ledger != nil:
		c.ledger = d.Ledger
	case d.Memory:
		c.ledger = life.New()
	}
	c.runOut = cmp.Or(handler.RunOut(handler.ForecastUse(c.ledger, &c.snapshot, from)), d.Snapshot.RunOut)
	return c
}

// Until makes the runs that begin before the end, and gives what they say. The
// error is the context's.
func (c *Course) Until(ctx context.Context, end time.Time) ([]Message, error) {
	var messages []Message
	for c.nextRun().Before(end) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		messages = append(messages, c.Run()...)
	}
	return messages, nil
}

// nextRun is when the next run begins.
func (c *Course) nextRun() time.Time { return c.next[c.nextTimer()] }

// nextTimer is the timer that fires next; of several, the one that is named first.
func (c *Course) nextTimer() int {
	first := 0
	for i, at := range c.next {
		if at.Before(c.next[first]) {
			first = i
		}
	}
	return first
}

// Run makes the next run, and gives what it says.
func (c *Course) Run() []Message {
	i := c.nextTimer()
	timer, at := c.deployment.Timers[i], c.next[i].In(c.deployment.Zone)
	c.next[i] = timer.nextAfter(at)
	c.advanceTo(at)
	s := c.snapshot
	if c.ledger != nil {
		s = s.After(c.ledger.PreviousReading(), at)
		handler.SetRunOut(&s, c.runOut)
	}
	judgedAnew := c.judgeIfChanged(s, at)
	if !judgedAnew && timer.Mode == license.ModeAlert && at.Before(c.idle) {
		c.ledger.EnterRun(life.Run{At: at, Mode: timer.Mode}, c.channels)
		return nil
	}
	id, slot := handler.ScheduledRun(c.deployment.Snapshot.Account, timer.Name, at)
	decision := handler.Decision{
		ID: id, Slot: slot, Now: at, Mode: timer.Mode, Language: c.deployment.Language, Hours: c.deployment.Hours,
		Digest: c.deployment.Digest, Machines: c.deployment.Machines, Channels: c.deployment.Channels,
		Snapshot: s, Rules: c.deployment.Rules, Findings: c.findings,
		Export:  license.Export{Status: license.ExportOff},
		Unknown: c.deployment.Unknown,
	}
	if c.hearing != nil {
		decision = decision.OfMany(c.hearing)
	}
	said := decision.Decide(c.ledger).Messages
	messages := make([]Message, len(said))
	for i, m := range said {
		messages[i] = Message{at, m}
		c.acceptEverywhere(m, at)
	}
	c.idle = c.idleFrom(at)
	return messages
}

// advanceTo brings the account to a time.
func (c *Course) advanceTo(at time.Time) {
	if at.Before(c.changes) {
		c.snapshot.ReadAt = at // which is all that future.At would do
		return
	}
	c.snapshot = future.At(c.snapshot, at, c.deployment.Renewals)
	var ok bool
	if c.changes, ok = future.Next(c.snapshot, c.deployment.Renewals); !ok {
		c.changes = never
	}
}

// acceptEverywhere has every channel take the message, with what fits into it.
func (c *Course) acceptEverywhere(m life.Message, at time.Time) {
	if c.ledger == nil {
		return
	}
	for _, channel := range m.Channels {
		c.ledger.Accept(m.ID, channel, at, life.Rest{Unnamed: c.deployment.unnamedIn(channel, m.Report)})
	}
}

// idleFrom is the time until which alerts have nothing to say after a run, as
// long as nothing else is read than in it: when a reminder comes round, with an
// hour to spare. It spares the runs in between, which is most of them; without
// a memory, or with a source that stays unread, none is spared.
func (c *Course) idleFrom(at time.Time) (idle time.Time) {
	if c.ledger == nil || !isWhole(c.snapshot) {
		return at
	}
	idle = never
	for _, channel := range c.channels {
		hours := c.hoursOf(channel)
		if next := hours.Next(at); !hours.Contains(at) && next.Before(idle) { // something may wait for them
			idle = next
		}
		for _, f := range c.Firing() {
			if next := c.ledger.NextSpeak(f, channel, at, hours); !next.IsZero() && next.Before(idle) {
				idle = next
			}
		}
	}
	return idle.Add(-time.Hour)
}

// hoursOf is when alerts to a channel say what is only due by the calendar.
func (c *Course) hoursOf(channel string) license.Hours {
	if c.hearing != nil {
		return c.hearing.HoursOf(channel)
	}
	return c.deployment.Hours
}

// isWhole says whether all that was wanted was read.
func isWhole(s license.Snapshot) bool {
	return !slices.ContainsFunc(s.Wanted, func(source license.Source) bool { return !s.Has(source) })
}

// Firing are the findings that fired in the last run, worst first. Changes are
// left out: they are over.
func (c *Course) Firing() []license.Finding {
	var firing []license.Finding
	for _, f := range c.findings {
		if f.State == license.Firing && !f.Event {
			firing = append(firing, f)
		}
	}
	slices.SortStableFunc(firing, func(a, b license.Finding) int { return b.Severity.Rank() - a.Severity.Rank() })
	return firing
}

// reading is all that findings depend on: what is read now, what was in the run
// before, and the date by which days are counted. Snapshots share what has not
// changed; and what the ledger keeps of the past changes no more once the same
// was read twice.
type reading struct {
	now, before license.Answers
	year        int
	month       time.Month
	day         int
	ended       int // how many deadlines are past
}

// endedBy counts what has come to its end by a time.
func endedBy(s license.Snapshot, at time.Time) (n int) {
	count := func(ended *bool) {
		if ended != nil && *ended {
			n++
		}
	}
	if s.Orders != nil {
		for _, o := range s.Orders.List {
			count(o.Ended(at))
		}
	}
	if s.PurchaseState != nil {
		count(s.PurchaseState.Ended(at))
	}
	return n
}

// judgeIfChanged lets the rules speak, unless they would say the same again.
func (c *Course) judgeIfChanged(s license.Snapshot, at time.Time) (anew bool) {
	r := reading{now: s.Answers(), before: c.judged.now}
	r.year, r.month, r.day = at.Date()
	r.ended = endedBy(s, at)
	if r == c.judged {
		return false
	}
	c.judged = r
	c.findings = c.deployment.Rules.Judge(s, at, c.deployment.Language)
	return true
}
