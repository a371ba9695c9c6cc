package main

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/handler"
	"licensewatch/license"
)

// print writes the status for people, with the findings' texts in a language.
func (s *statusJSON) print(c console, language license.Language) {
	v := newCheckList(c.out)
	s.printRuns(v)
	if len(s.Sources) > 0 {
		c.print("\nWatched\n")
		for _, source := range s.Sources {
			c.print("  %-12s  %s\n", source.Source, source.describe())
		}
	}
	s.printFindings(c, v.style, language)
	s.printAcks(c)
	if len(s.Owed) > 0 {
		c.print("\nOwed\n")
		for _, o := range s.Owed {
			c.print("  %s\n", o.describe())
		}
	}
	s.printNext(c)
}

func (s *runsJSON) printRuns(v *checkList) {
	last := "no run is remembered"
	if s.LastRun != nil {
		last = fmt.Sprintf("last run %s, %s: %s", formatZonedTime(s.LastRun.At), s.LastRun.Mode,
			s.LastRun.describeEnding())
	}
	switch {
	case !s.Alive:
		v.bad(last)
	case len(s.Remarks) > 0 || s.LastRun.Outcome != string(handler.OutcomeSent) &&
		s.LastRun.Outcome != string(handler.OutcomeQuiet):
		v.warn(last)
	default:
		v.good(last)
	}
	if s.Owner.isKnown() {
		writeStyled(v.out, "  %s\n", s.Owner.describe())
	}
	for _, remark := range s.Remarks {
		writeStyled(v.out, "  %s\n", remark)
	}
	for _, other := range []*runJSON{s.LastDigest, s.LastAlert} {
		if other != nil && other.Mode != s.LastRun.Mode {
			writeStyled(v.out, "  last %s %s: %s\n", other.Mode, formatZonedTime(other.At), other.describeEnding())
		}
	}
}

// describeEnding says how the run ended.
func (r runJSON) describeEnding() string {
	switch {
	case r.Outcome == "":
		return "has begun"
	case r.Reason == "":
		return r.Outcome
	default:
		return r.Outcome + ", " + r.Reason
	}
}

func (s sourceJSON) describe() string {
	text := "never read"
	if s.ReadAt != nil {
		text = "read " + formatTime(*s.ReadAt)
	}
	if s.Orders != nil {
		text += ", " + countOf(*s.Orders, "order")
	}
	if s.UnreadSince == nil {
		return text
	}
	since := fmt.Sprintf("not read since %s, in %s", formatTime(*s.UnreadSince), countOf(s.UnreadRuns, "run"))
	if s.Cause != "" {
		since += " (" + s.Cause + ")"
	}
	if s.ReadAt != nil {
		text = "last " + text
	}
	return since + "; " + text
}

func (s *statusJSON) printFindings(c console, style style, language license.Language) {
	covered, shown := 0, 0
	for _, f := range s.Findings {
		if f.Covered {
			covered++
			continue
		}
		if shown++; shown == 1 {
			c.print("\nFires\n")
		}
		c.print("  %s  %s\n", style.paint(severityColor(f.Severity), fmt.Sprintf("%-8s", f.Severity)), f.key())
		c.print("            %s\n", style.paint(ansiBold, f.Title.In(language)))
		c.print("            since %s%s\n", formatTime(f.Since), f.describeTold(s.lastAt()))
		if a := f.Acknowledged; a != nil {
			c.print("            acknowledged %s\n", a.describe())
		}
	}
	if shown == 0 && s.LastRun != nil {
		c.print("\nNothing fires.\n")
	}
	if covered > 0 {
		c.print("  and %s that another one tells of\n", countOf(covered, "finding"))
	}
}

func (s *statusJSON) lastAt() time.Time {
	if s.LastRun == nil {
		return time.Time{}
	}
	return s.LastRun.At
}

// describeTold says what each channel knows of the finding.
func (f findingJSON) describeTold(lastRun time.Time) string {
	var text strings.Builder
	if !lastRun.IsZero() && f.Seen.Before(lastRun) {
		text.WriteString(", last seen " + formatTime(f.Seen))
	}
	for _, in := range f.Channels {
		text.WriteString("; " + chatName(in.Channel) + " ")
		switch {
		case in.Former && in.ToldAt == nil:
			text.WriteString("is not in the settings any more")
		case in.Owed && !in.Former:
			text.WriteString("is owed a message")
		case in.GivenUp != nil:
			text.WriteString("did not confirm the alert, which was given up " + formatTime(*in.GivenUp))
		case in.ToldAt == nil:
			text.WriteString("was told nothing")
		default:
			text.WriteString("told " + formatTime(*in.ToldAt))
		}
	}
	return text.String()
}

func severityColor(severity license.Severity) string {
	return map[license.Severity]string{license.Critical: ansiRed, license.Warning: ansiYellow,
		license.Info: ansiBlue}[severity]
}

// printAcks lists the acknowledgements of what does not fire.
func (s *statusJSON) printAcks(c console) {
	shown := map[string]bool{}
	for _, f := range s.Findings {
		if f.Acknowledged != nil {
			shown[f.Acknowledged.key()] = true
		}
	}
	first := true
	for _, a := range s.Acknowledgements {
		if shown[a.key()] {
			continue
		}
		if first {
			c.print("\nAcknowledged, and not firing\n")
			first = false
		}
		c.print("  %s %s\n", a.key(), a.describe())
	}
}

// describe says what a channel is owed.
func (o undeliveredJSON) describe() string {
	text := fmt.Sprintf("%s: the %s %s of %s", chatName(o.Channel), o.Mode, o.ID, formatTime(o.At))
	if len(o.Findings) > 0 {
		text += ", about " + strings.Join(o.Findings, ", ")
	}
	switch {
	case o.Former:
		text += "; not sent, since the settings do not name it any more"
	case o.GivenUp != nil:
		text += "; it gave no answer in three runs: the next digest says it, or an alert from " +
			formatTime(o.GivenUp.Add(24*time.Hour)) + " on"
	case o.Refused != nil:
		text += "; it refuses for good, last " + formatTime(*o.Refused)
	}
	return text
}

func (s *statusJSON) printNext(c console) {
	if s.LastRun == nil {
		return
	}
	c.print("\nNext, if the timers go on as they did\n")
	about := func(at *time.Time) string {
		if at == nil {
			return "not known"
		}
		return "about " + formatTime(*at)
	}
	digest := about(s.Next.Digest)
	if s.Next.OnlyChanges {
		digest += ", if it has something new to say or a week has passed"
	}
	c.print("  digest  %s\n", digest)
	switch {
	case s.LastAlert == nil:
		c.print("  alert   none has run\n")
	case s.Next.Speaks == nil:
		c.print("  alert   %s; it has nothing to say unless something changes\n", about(s.Next.Alert))
	default:
		c.print("  alert   %s; the first from %s on speaks of %s\n", about(s.Next.Alert), formatTime(*s.Next.Speaks),
			s.Next.Finding)
	}
}
