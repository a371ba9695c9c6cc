package message

import (
	"time"

	"licensewatch/license"
)

// isLoneAlert says whether the message is an alert about one item that has a story:
// its headline tells what changed.
func (c *composer) isLoneAlert() bool {
	return c.report.Mode == license.ModeAlert && len(c.items) == 1 && c.items[0].firstFinding().Story != nil && c.lead == leadFinding
}

// changeTags are what stands beside an item's severity: what changed, and its age.
func (c *composer) changeTags(i item) []line {
	f := i.firstFinding()
	switch {
	case i.isGroup():
		return []line{c.groupChange(i)}
	case f.Story == nil:
		return nil
	case f.Event:
		return []line{c.eventSeenAt(f)}
	case c.isLoneAlert() && c.report.Sent.IsZero():
		_, rest := c.changeInHeadline(f)
		return []line{rest, c.ageInDays(f)}
	default:
		return []line{c.changeLine(f), c.ageInDays(f)}
	}
}

// changeLine tells what became of a finding since the chat was last told.
func (c *composer) changeLine(f license.Finding) line {
	switch f.Story.Change {
	case license.ChangeNew:
		return c.newFindingWord(f)
	case license.ChangeWorse:
		return c.worseLine(f)
	case license.ChangeDue:
		return join(c.words.comma, say(c.reminderWord(f)), c.movedDeadline(f))
	default:
		return nil
	}
}

// reminderWord is the word for what is said again: because its time has come, or
// because an acknowledgement has ended.
func (c *composer) reminderWord(f license.Finding) string {
	if a := f.Story.Ack; a != nil && a.Ended {
		return c.words.story.change.ackEnded
	}
	return c.words.story.change.reminder
}

func (c *composer) newFindingWord(f license.Finding) line {
	if len(c.ageInDays(f)) > 0 {
		return say(c.words.story.change.newHere)
	}
	return say(c.words.story.change.isNew)
}

// worseLine tells what a finding was before it got worse. That fewer days are left is
// told by the days alone.
func (c *composer) worseLine(f license.Finding) line {
	w := c.words.story.change
	severity, title, days := c.wasSeverity(f), c.wasTitle(f), c.wasDays(f)
	var was line
	switch {
	case len(title) > 0:
		was = title
	case len(severity) > 0 && len(days) > 0:
		was = fill(w.both, values{"severity": severity, "n": number(*f.Story.WasDaysLeft)})
	case len(severity) > 0:
		was = fill(w.severity, values{"severity": severity})
	case len(days) > 0:
		return days
	default:
		return say(w.worse)
	}
	return fill(w.worseThan, values{"was": was})
}

// changeInHeadline parts what became of the only finding: what the headline says
// of it, and the rest.
func (c *composer) changeInHeadline(f license.Finding) (headline, rest line) {
	w := c.words.story.change
	switch f.Story.Change {
	case license.ChangeNew:
		if len(c.ageInDays(f)) > 0 {
			return nil, say(w.newHere)
		}
		return say(w.isNew), nil
	case license.ChangeDue:
		return say(c.reminderWord(f)), c.movedDeadline(f)
	case license.ChangeWorse:
	default:
		return nil, nil
	}
	severity, title, days := c.wasSeverity(f), c.wasTitle(f), c.wasDays(f)
	if len(severity) > 0 {
		severity = fill(w.severity, values{"severity": severity})
	}
	switch {
	case len(title) > 0:
		return say(w.worse), title
	case len(days) > 0:
		return days, severity
	case len(severity) > 0:
		return severity, nil
	default:
		return say(w.worse), nil
	}
}

// wasSeverity is the word for what the severity was, without its tone.
func (c *composer) wasSeverity(f license.Finding) line {
	if f.Story.WasSeverity == "" {
		return nil
	}
	return say(plainText(c.severityWord(f.Story.WasSeverity)))
}

func (c *composer) wasTitle(f license.Finding) line {
	title := clipMiddle(f.Story.WasTitle.In(c.language), c.bounds.title)
	if title == "" {
		return nil
	}
	return fill(c.words.story.change.title, values{"title": say(title)})
}

// wasDays tells the days that were left. Behind a title that names the days left
// now, the number is enough.
func (c *composer) wasDays(f license.Finding) line {
	w, was, left := c.words.story.change, f.Story.WasDaysLeft, f.DaysLeft
	if was == nil || *was < 0 || left != nil && *left >= *was {
		return nil
	}
	if left != nil && *left > 0 && hasNumber(f.Title.In(c.language), *left) {
		return fill(w.days, values{"n": number(*was)})
	}
	return fill(w.daysLeft.of(*was), values{"n": number(*was)})
}

// movedDeadline tells where the end was before it moved later.
func (c *composer) movedDeadline(f license.Finding) line {
	if f.Story.WasDeadline.IsZero() {
		return nil
	}
	return fill(c.words.story.change.moved, values{"date": c.endDate(f.Story.WasDeadline)})
}

// ageInDays counts the days since a finding was first seen. What has ended since then goes
// on from its end: it may have taken over from what was said before that.
func (c *composer) ageInDays(f license.Finding) line {
	since, at := f.Story.Since, c.at
	if end := c.endOf(f); end.After(since) && end.Before(at) && !since.IsZero() {
		since = end
	}
	if since.IsZero() || since.After(at) {
		return nil
	}
	days := int64(license.DaysLeft(at, since.In(at.Location())))
	if days < 1 {
		return nil
	}
	return fill(c.words.story.change.age.of(days), values{"n": number(days)})
}

// endOf is the end of what a finding is about; zero when it has none, or when it is
// not known.
func (c *composer) endOf(f license.Finding) time.Time {
	if p := c.report.Snapshot.PurchaseState; f.Deadline.IsZero() && f.Source == license.SourcePurchaseState && c.hasRead(f.Source) {
		end, _ := p.ExpirationDate()
		return end
	}
	return f.Deadline
}

// eventSeenAt tells when an event was seen, unless that is now.
func (c *composer) eventSeenAt(f license.Finding) line {
	since := f.Story.Since
	switch {
	case since.IsZero():
		return nil
	case c.at.Sub(since).Abs() >= time.Minute:
		return fill(c.words.story.change.seen, values{"moment": c.momentLine(since)})
	case c.isLoneAlert():
		return nil
	default:
		return say(c.words.story.change.isNew)
	}
}

// nextReminder tells when the only item of an alert speaks again if nothing changes.
func (c *composer) nextReminder() line {
	if !c.isLoneAlert() {
		return nil
	}
	now := c.at
	if c.report.Sent.After(now) {
		now = c.report.Sent
	}
	var at time.Time
	for _, f := range c.items[0].findings {
		if f.Story != nil && f.Story.NextAt.After(now) && (at.IsZero() || f.Story.NextAt.Before(at)) {
			at = f.Story.NextAt
		}
	}
	if at.IsZero() {
		return nil
	}
	at = at.In(c.at.Location())
	when := c.dateLine(at)
	if license.DaysLeft(at, c.at) == 0 {
		when = c.momentLine(at)
	}
	return fill(c.words.story.change.next, values{"when": when})
}
