package message

import (
	"time"

	"licensewatch/license"
)

// findingStory tells how a finding stands to what was told before.
type findingStory struct {
	*phrases
	license.Finding // its Story is set

	end time.Time // of what it is about; zero when it has none, or when it is not known
}

// changeLine tells what became of a finding since the chat was last told.
func (s findingStory) changeLine() line {
	switch s.Story.Change {
	case license.ChangeNew:
		return s.newFindingWord()
	case license.ChangeWorse:
		return s.worseLine()
	case license.ChangeDue:
		return join(s.words.comma, say(s.reminderWord()), s.movedDeadline())
	default:
		return nil
	}
}

// reminderWord is the word for what is said again: because its time has come, or
// because an acknowledgement has ended.
func (s findingStory) reminderWord() string {
	if a := s.Story.Ack; a != nil && a.Ended {
		return s.words.story.change.ackEnded
	}
	return s.words.story.change.reminder
}

func (s findingStory) newFindingWord() line {
	if len(s.ageInDays()) > 0 {
		return say(s.words.story.change.newHere)
	}
	return say(s.words.story.change.isNew)
}

// worseLine tells what a finding was before it got worse. That fewer days are left is
// told by the days alone.
func (s findingStory) worseLine() line {
	w := s.words.story.change
	severity, title, days := s.wasSeverity(), s.wasTitle(), s.wasDays()
	var was line
	switch {
	case len(title) > 0:
		was = title
	case len(severity) > 0 && len(days) > 0:
		was = fill(w.both, values{"severity": severity, "n": number(*s.Story.WasDaysLeft)})
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
func (s findingStory) changeInHeadline() (headline, rest line) {
	w := s.words.story.change
	switch s.Story.Change {
	case license.ChangeNew:
		if len(s.ageInDays()) > 0 {
			return nil, say(w.newHere)
		}
		return say(w.isNew), nil
	case license.ChangeDue:
		return say(s.reminderWord()), s.movedDeadline()
	case license.ChangeWorse:
	default:
		return nil, nil
	}
	severity, title, days := s.wasSeverity(), s.wasTitle(), s.wasDays()
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
func (s findingStory) wasSeverity() line {
	if s.Story.WasSeverity == "" {
		return nil
	}
	return say(plainText(s.severityWord(s.Story.WasSeverity)))
}

func (s findingStory) wasTitle() line {
	title := clipMiddle(s.Story.WasTitle.In(s.language), s.bounds.title)
	if title == "" {
		return nil
	}
	return fill(s.words.story.change.title, values{"title": say(title)})
}

// wasDays tells the days that were left. Behind a title that names the days left
// now, the number is enough.
func (s findingStory) wasDays() line {
	w, was, left := s.words.story.change, s.Story.WasDaysLeft, s.DaysLeft
	if was == nil || *was < 0 || left != nil && *left >= *was {
		return nil
	}
	if left != nil && *left > 0 && hasNumber(s.Title.In(s.language), *left) {
		return fill(w.days, values{"n": number(*was)})
	}
	return fill(w.daysLeft.of(*was), values{"n": number(*was)})
}

// movedDeadline tells where the end was before it moved later.
func (s findingStory) movedDeadline() line {
	if s.Story.WasDeadline.IsZero() {
		return nil
	}
	return fill(s.words.story.change.moved, values{"date": s.endDate(s.Story.WasDeadline)})
}

// ageInDays counts the days since a finding was first seen. What has ended since then goes
// on from its end: it may have taken over from what was said before that.
func (s findingStory) ageInDays() line {
	since, at := s.Story.Since, s.at
	if s.end.After(since) && s.end.Before(at) && !since.IsZero() {
		since = s.end
	}
	if since.IsZero() || since.After(at) {
		return nil
	}
	days := int64(license.DaysLeft(at, since.In(at.Location())))
	if days < 1 {
		return nil
	}
	return fill(s.words.story.change.age.of(days), values{"n": number(days)})
}

// eventSeenAt tells when an event was seen, unless that is now.
func (s findingStory) eventSeenAt(isLone bool) line {
	since := s.Story.Since
	switch {
	case since.IsZero():
		return nil
	case s.at.Sub(since).Abs() >= time.Minute:
		return fill(s.words.story.change.seen, values{"moment": s.momentLine(since)})
	case isLone:
		return nil
	default:
		return say(s.words.story.change.isNew)
	}
}
