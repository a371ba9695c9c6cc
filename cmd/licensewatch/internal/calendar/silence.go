package calendar

import (
	"context"
	"slices"
	"time"

	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
)

const (
	// patience is how long nothing new must have been said before it is believed
	// that nothing new comes.
	patience = 90 * 24 * time.Hour
	// margin is added to the time in which everything has come round once.
	margin = 30 * 24 * time.Hour
	// longest bounds the look ahead, in years.
	longest = 5
)

// Ending is how alerts end.
type Ending struct {
	// At is how far was looked.
	At time.Time
	// Last is the last alert; zero when there was none.
	Last time.Time
	// Settled says that nothing new is said any more. When it is false, At is as
	// far as is ever looked.
	Settled bool
	// Going is what alerts repeat for as long as it lasts: the keys of findings,
	// and sources that stay unread. None when alerts have fallen silent.
	Going []string
}

// IsSilent says whether alerts have nothing more to say.
func (e Ending) IsSilent() bool { return e.Settled && len(e.Going) == 0 }

// UntilSilent makes runs until alerts have said all, or only repeat themselves,
// or it was looked far enough: what renews itself is seen coming round once.
// Where alerts fall silent, the messages end with the last one that says
// anything; the digests after it are left out. The error is the context's.
func (c *Course) UntilSilent(ctx context.Context) ([]Message, Ending, error) {
	var messages []Message
	start := c.nextRun()
	end := Ending{At: start}
	quiet := start // nothing new was said since
	var cycle time.Duration
	var settles bool
	for limit := start.AddDate(longest, 0, 0); end.At.Before(limit) && !end.Settled; end.At = c.nextRun() {
		if err := ctx.Err(); err != nil {
			return nil, end, err
		}
		changes := c.changes
		said := c.Run()
		messages = append(messages, said...)
		if !c.changes.Equal(changes) {
			cycle, settles = future.Settles(c.snapshot, c.deployment.Renewals)
		}
		if !settles || slices.ContainsFunc(said, isNewAlert) {
			quiet = end.At
		}
		end.Settled = end.At.Sub(quiet) >= c.silenceLimit(cycle)
	}
	end.Last, end.Going = lastAlert(messages, quiet)
	end.Going = slices.DeleteFunc(end.Going, c.isOver)
	if end.IsSilent() {
		for n := len(messages); n > 0 && messages[n-1].Mode == license.ModeDigest && !isNews(messages[n-1]); n-- {
			messages = messages[:n-1]
		}
	}
	return messages, end, nil
}

// isOver says whether what alerts repeated has come to its end: a finding that does not
// fire any more, or can be judged. A source that is unread stays so.
func (c *Course) isOver(name string) bool {
	isIt := func(f license.Finding) bool { return f.Key() == name && f.State != license.OK }
	return !slices.ContainsFunc(c.findings, isIt) && !slices.Contains(c.snapshot.Wanted, license.Source(name))
}

// silenceLimit is longer than anything that goes on takes to come round.
func (c *Course) silenceLimit(cycle time.Duration) time.Duration {
	needed := patience
	if cycle > 0 {
		needed = max(needed, cycle+margin)
	}
	for _, f := range c.Firing() {
		needed = max(needed, 2*f.RemindEvery, 2*f.RemindLater)
	}
	return needed
}

// lastAlert finds the last alert, and what was repeated since nothing new was
// said.
func lastAlert(messages []Message, quiet time.Time) (last time.Time, going []string) {
	for _, m := range messages {
		if m.Mode != license.ModeAlert {
			continue
		}
		last = m.At
		for _, name := range subjectsOf(m) {
			if last.After(quiet) && !slices.Contains(going, name) {
				going = append(going, name)
			}
		}
	}
	return last, going
}

// subjectsOf names what a message is about, but for what is over.
func subjectsOf(m Message) []string {
	var names []string
	for _, f := range m.Report.Firing {
		names = append(names, f.Key())
	}
	for _, s := range m.Report.SourceChanges {
		if !s.Readable {
			names = append(names, string(s.Source))
		}
	}
	if m.Report.Unjudged == 0 {
		return names
	}
	for _, f := range m.Report.Unknown {
		names = append(names, f.Key())
	}
	return names
}

// isNewAlert says whether a message is an alert that says more than that
// something goes on.
func isNewAlert(m Message) bool { return m.Mode == license.ModeAlert && isNews(m) }

// isNews says whether a message says more than that something goes on. Without a
// memory, none does.
func isNews(m Message) bool {
	return len(m.Report.Resolved) > 0 || slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
		return f.Story != nil && (f.Story.Change == license.ChangeNew || f.Story.Change == license.ChangeWorse)
	})
}
