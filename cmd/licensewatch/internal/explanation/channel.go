package explanation

import (
	"fmt"
	"slices"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// explainChannel explains what one channel knows of a finding, and hears next.
func (w *explainer) explainChannel(e *Finding, f license.Finding, name string) Channel {
	c := Channel{Channel: name, Alert: AlertQuiet}
	if w.Ledger == nil {
		w.withoutMemory(&c, e, f)
		return c
	}
	if told := w.Ledger.Told(e.Key, name); told != nil {
		c.Told = &Told{At: w.timeInZone(told.At), Severity: told.Severity, DaysLeft: told.DaysLeft,
			RemindAt: told.Threshold, Before: told.Before, OverAt: w.timeInZone(told.Over)}
	}
	givenUp := ""
	for _, m := range w.Ledger.Waiting(w.Now) {
		switch {
		case m.Channel != name || !slices.Contains(m.Findings, e.Key):
		case m.GivenUp.IsZero():
			c.Owed = append(c.Owed, m.ID)
			w.nextOf(&c, m)
		default:
			givenUp = m.ID
		}
	}
	due, speaks := w.outlook.firing[name][e.Key]
	switch {
	case speaks:
		c.Alert, c.NextAt, c.NextWhy = AlertSpeaks, w.timeInZone(w.Now), "it is due"
		c.Why = w.dueWhy(due, c.Told)
	case w.outlook.resolved[name][e.Key]:
		c.Alert, c.Why, c.NextAt, c.NextWhy = AlertSpeaks, "it is over, which was not told yet", w.timeInZone(w.Now),
			"it is over"
	case len(c.Owed) > 0:
		c.Alert, c.Why = AlertOwed, "a message about it has not been accepted yet"
	case f.State != license.Firing:
		w.notFiring(&c, e)
	default:
		w.explainQuiet(&c, e, f, name)
		if givenUp != "" && c.Alert == AlertQuiet {
			c.Why = "message " + givenUp + " got no answer in three runs, and was given up"
			c.NextWhy = "an alert says it again, unless a digest has by then"
		}
	}
	return c
}

// nextOf says when a message that is owed is tried again.
func (w *explainer) nextOf(c *Channel, m life.Waiting) {
	c.NextAt, c.NextWhy = w.timeInZone(w.Now), "message "+m.ID+" is owed"
	if !m.Paused.IsZero() {
		c.NextAt, c.NextWhy = w.timeInZone(m.Paused.Add(time.Hour)),
			"message "+m.ID+" was refused for good, and is tried again an hour later"
	}
}

// withoutMemory is what can be said where no ledger is looked at.
func (w *explainer) withoutMemory(c *Channel, e *Finding, f license.Finding) {
	switch {
	case f.State != license.Firing:
		w.notFiring(c, e)
	case w.Memory == MemoryIgnored:
		c.Alert, c.Why = AlertOpen, "only the store knows whether it is new, worse or due"
	default:
		c.Alert, c.Why = AlertSpeaks, "without a store every alert says all that fires"
		c.NextAt, c.NextWhy = w.timeInZone(w.Now), "every alert says it again"
	}
}

// notFiring says why an alert has nothing to say about what does not fire, and
// when it will.
func (w *explainer) notFiring(c *Channel, e *Finding) {
	switch e.State {
	case Unknown:
		c.Why = "alerts do not tell what cannot be judged; digests do"
	case NotJudged:
		c.Why = "the rule says nothing about this order yet"
	case Covered:
		c.Why = e.CoveredBy + " tells of it already"
	default:
		c.Why = "it does not fire"
		if e.Event {
			c.Why = "nothing has changed since the last run; a change is told once, when it happens"
		}
		if e.Ahead != nil && e.Ahead.FiresAt != nil {
			c.NextAt, c.NextWhy = w.withinHours(c.Channel, e.Ahead.FiresAt), "it begins to fire"
		}
	}
}

// explainQuiet says why an alert says nothing about what fires, and when it will.
func (w *explainer) explainQuiet(c *Channel, e *Finding, f license.Finding, name string) {
	next := w.outlook.after.NextSpeak(f, name, w.Now, w.hoursOf(name))
	c.NextAt, c.NextWhy = w.timeInZone(next), w.nextWhy(f, next)
	acked := e.Ack != nil && !e.Ack.Over
	switch {
	case acked:
		c.Alert, c.Why = AlertAcked, fmt.Sprintf("%s acknowledged it until %s", e.Ack.By, formatTime(e.Ack.Until))
		if next.Equal(e.Ack.Until) {
			c.NextWhy = "the acknowledgement is over"
		}
	case f.Event:
		c.Why, c.NextAt, c.NextWhy = "a change is told once, when it happens", nil, ""
		return
	default:
		c.Why = "it was told, and nothing has changed since"
	}
	// Getting worse comes first: it ends an acknowledgement, too.
	if e.Ahead == nil || e.Ahead.CriticalAt == nil || f.Severity == license.Critical {
		return
	}
	if critical := w.withinHours(name, e.Ahead.CriticalAt); next.IsZero() || !critical.After(next) {
		c.NextAt, c.NextWhy = critical, "it becomes critical"
		if acked {
			c.NextWhy += ", which ends the acknowledgement"
		}
	}
}

// withinHours is the time at which an alert says what is due by the calendar at a time:
// within the hours.
func (w *explainer) withinHours(channel string, at *time.Time) *time.Time {
	return w.timeInZone(w.hoursOf(channel).Next(*at))
}

// hoursOf are the hours of a channel.
func (w *explainer) hoursOf(channel string) license.Hours {
	if w.Hearing != nil {
		return w.Hearing.HoursOf(channel)
	}
	return w.Hours
}

// nextWhy says what makes the rule speak at a time.
func (w *explainer) nextWhy(f license.Finding, next time.Time) string {
	switch {
	case next.IsZero():
		return ""
	case len(f.RemindAt) > 0 && !f.Deadline.IsZero():
		return fmt.Sprintf("%s (remind_at)", daysLeft(int64(license.DaysLeft(f.Deadline, next))))
	case f.RemindEvery > 0:
		return "remind_every " + formatInterval(f.RemindEvery)
	default:
		return ""
	}
}

// dueWhy says why an alert speaks of the finding now.
func (w *explainer) dueWhy(f license.Finding, told *Told) string {
	if f.Event {
		return "it has changed since the last run"
	}
	switch story := f.Story; {
	case story.WasTitle != (license.Text{}):
		return "it took over from what was told: " + story.WasTitle.In(w.Language)
	case story.Change == license.ChangeNew:
		return "it was not told yet"
	case story.WasSeverity != "" && f.Severity.Rank() > story.WasSeverity.Rank():
		if told == nil {
			return fmt.Sprintf("it is %s now, and the message that is owed says %s", f.Severity, story.WasSeverity)
		}
		return fmt.Sprintf("it is %s now, and was told as %s", f.Severity, story.WasSeverity)
	case !story.WasDeadline.IsZero():
		return "the deadline has moved, it was " + story.WasDeadline.Format(time.DateOnly)
	case story.Change == license.ChangeWorse && RemindAt(f) != nil:
		return fmt.Sprintf("%s, and remind_at has reached %d", daysLeft(*f.DaysLeft), *RemindAt(f))
	case told != nil && told.At != nil:
		return fmt.Sprintf("it was told %s, and remind_every is %s", formatTime(*told.At),
			formatInterval(f.RemindEvery))
	default:
		return "it is due again"
	}
}

// RemindAt is the smallest of remind_at that the days left have reached; nil for
// none.
func RemindAt(f license.Finding) *int64 {
	if f.DaysLeft == nil {
		return nil
	}
	var reached *int64
	for _, days := range f.RemindAt { // greatest first
		if days >= *f.DaysLeft {
			reached = &days
		}
	}
	return reached
}

// daysLeft writes a number of days.
func daysLeft(n int64) string {
	switch {
	case n == 1:
		return "1 day left"
	case n == 0:
		return "it ends today"
	case n < 0:
		return fmt.Sprintf("%d days over", -n)
	default:
		return fmt.Sprintf("%d days left", n)
	}
}
