package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
	"licensewatch/message"
)

const (
	dateForm  = "Mon Jan 2, 2006"
	timeForm  = "15:04"
	indention = "                     " // of what stands below a message's headline
)

// printCalendar prints the calendar.
func (f *simulation) printCalendar(c console) {
	s := styleFor(c.out)
	f.writeHead(c, s)
	header := ""
	var digested []string // what the last digest said is firing
	for _, group := range calendar.Fold(f.messages) {
		if h := daysOf(group); h != header {
			header = h
			c.print("\n%s\n", s.paint(ansiBold, h))
		}
		first := group.First()
		if first.Mode == license.ModeDigest {
			same := slices.Equal(digested, findingsOf(first))
			digested = findingsOf(group.Last())
			f.writeDigest(c, s, group, same)
			continue
		}
		f.writeAlert(c, s, group)
	}
	f.writeSummary(c, s)
}

// writeFull prints each message as a terminal would show it.
func (f *simulation) writeFull(c console) error {
	s := styleFor(c.out)
	f.writeHead(c, s)
	for _, m := range f.messages {
		title := fmt.Sprintf("%s, %s · %s · to %s", m.At.Format(dateForm), m.At.Format(timeForm), m.Mode,
			strings.Join(m.Channels, ", "))
		c.print("\n%s\n", s.titleLine(title))
		if err := message.Terminal(c.out, m.Report, s.on); err != nil {
			return err
		}
	}
	f.writeSummary(c, s)
	return nil
}

// writeHead says what is simulated, and what is assumed.
func (f *simulation) writeHead(c console, s style) {
	read := f.snapshot.ReadAt.In(f.settings.Zone).Format(dateForm + ", " + timeForm)
	if of := f.deployment.Account; of != nil {
		c.print("The account %s of %s, read on %s (%s); %s.\n", of.Name, shownFile(f.file), read, f.settings.Zone,
			f.accountsNote)
	} else if f.file == "" {
		c.print("No --snapshot is given: this is the built-in sample %q of %s (%s).\n", sampleScenario, read,
			f.settings.Zone)
	} else {
		c.print("The account of %s, read on %s (%s).\n", shownFile(f.file), read, f.settings.Zone)
	}
	f.writeAssumptions(c, s)
}

// writeAssumptions says which runs there are, who is told, and what is assumed.
func (f *simulation) writeAssumptions(c console, s style) {
	var runs []string
	for _, timer := range f.deployment.Timers {
		runs = append(runs, string(timer.Mode)+" "+timer.When)
	}
	memory := "with a store (LICENSEWATCH_STATE_URL) that is empty at first"
	switch {
	case f.remembers:
		memory = "going on from what the store holds"
	case !f.deployment.Memory:
		memory = "without a store"
	}
	c.print("Runs: %s (UTC+8); %s. Told: %s.\n", strings.Join(runs, ", "), memory,
		strings.Join(f.deployment.Channels, ", "))
	done := "nobody does anything"
	for i, r := range f.deployment.Renewals {
		if i == 0 {
			done = "nobody does anything else"
		}
		c.print("Renewed on %s: %s, until %s.\n", r.At.Format(dateForm), r.ID, r.Deadline.Format(dateForm))
	}
	c.print("%s\n", s.paint(ansiDim, fmt.Sprintf("Assumed: %s; what renews itself does so; other CWPP orders are isolated at their end, their licenses unbound, and destroyed %d days later; Container Security works %d more days.",
		done, int(future.Isolation/(24*time.Hour)), int(future.Grace/(24*time.Hour)))))
}

// daysOf is the day of a group, or the first and the last one.
func daysOf(g calendar.Group) string {
	first, last := g.First().At.Format(dateForm), g.Last().At.Format(dateForm)
	switch {
	case first == last:
		return first
	case g.First().At.Year() == g.Last().At.Year():
		return g.First().At.Format("Mon Jan 2") + " – " + last
	default:
		return first + " – " + last
	}
}

// writeDigest prints digests in a line; same says that the one before them
// listed the same.
func (f *simulation) writeDigest(c console, s style, g calendar.Group, same bool) {
	kind, text := "digest", messageHeadline(g.First().Report)
	if n := len(g.Messages); n > 1 {
		kind = fmt.Sprintf("digests ×%d", n)
		switch firing := g.First().Report.Firing; {
		case same && len(firing) > 0 && newsOf(g.First()) == "":
			text = "the same " + countOf(len(firing), "finding") + countingDown(firing)
		case len(firing) > 0:
			text += "; then the same" + countingDown(firing)
		}
	}
	news := newsOf(g.First())
	if f.deployment.Account != nil { // each channel hears what is routed to it
		news += " → " + strings.Join(g.First().Channels, ", ")
	}
	c.print("  %s  %-12s %s%s%s\n", g.First().At.Format(timeForm), kind, text, s.paint(ansiDim, news),
		s.paint(ansiRed, calledNote(g.First())))
}

// newsOf counts what a digest says for the first time.
func newsOf(m calendar.Message) string {
	counts := map[license.Change]int{}
	changed := 0
	for _, f := range m.Report.Firing {
		switch {
		case f.Story == nil:
		case f.Event && f.Story.Change == license.ChangeNew:
			changed++
		default:
			counts[f.Story.Change]++
		}
	}
	var parts []string
	for _, c := range []struct {
		n    int
		word string
	}{
		{counts[license.ChangeNew], "new"}, {counts[license.ChangeWorse], "worse"}, {counts[license.ChangeDue],
			"due again"},
		{changed, "changed"}, {len(m.Report.Resolved), "resolved"},
	} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.word))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " [" + strings.Join(parts, ", ") + "]"
}

func countingDown(findings []license.Finding) string {
	if slices.ContainsFunc(findings, func(f license.Finding) bool { return f.DaysLeft != nil }) {
		return ", days counting on"
	}
	return ""
}

// calledNote says whether people are called.
func calledNote(m calendar.Message) string {
	if !m.Report.Mention {
		return ""
	}
	return " (people are called)"
}

// writeAlert prints an alert in full, and how often it is repeated.
func (f *simulation) writeAlert(c console, s style, g calendar.Group) {
	m := g.First()
	c.print("  %s  %s %s\n", m.At.Format(timeForm), s.paint(ansiBold, fmt.Sprintf("%-12s", "ALERT")),
		s.paint(ansiBold, messageHeadline(m.Report)))
	for _, finding := range m.Report.Firing {
		f.writeFinding(c, s, finding)
	}
	for _, r := range m.Report.Resolved {
		how := "resolved"
		if r.Gone {
			how = "gone"
		}
		c.print("%s%-9s %s (%s)\n", indention, how, r.Title.In(m.Report.Language), r.Key)
	}
	for _, change := range m.Report.SourceChanges {
		how := "stays unread"
		if change.Readable {
			how = "can be read again"
		}
		c.print("%s%s %s\n", indention, change.Source, how)
	}
	c.print("%sto %s%s\n", indention, strings.Join(m.Channels, ", "), s.paint(ansiRed, calledNote(m)))
	if n := len(g.Messages); n > 1 {
		c.print("%s… and the same again %s, the last one %s\n", indention, timesText(n-1),
			g.Last().At.Format(dateForm+", "+timeForm))
	}
}

// writeFinding prints what an alert says of a finding, and why it does.
func (f *simulation) writeFinding(c console, s style, finding license.Finding) {
	change := "firing" // without memory nobody knows
	switch {
	case finding.Event:
		change = "changed"
	case finding.Story != nil:
		change = string(finding.Story.Change)
	}
	c.print("%s%-9s %s\n", indention, change, finding.Title.In(f.deployment.Language))
	c.print("%s%9s %s\n", indention, "", s.paint(ansiDim, strings.Join(findingReasons(finding), " · ")))
}

// findingReasons are the facts about a finding: how bad it is, its days left, and what
// makes it speak again.
func findingReasons(f license.Finding) []string {
	parts := []string{string(f.Severity), f.Key()}
	if f.DaysLeft != nil {
		parts = append(parts, daysLeftText(int(*f.DaysLeft)))
	}
	if explanation.RemindAt(f) != nil {
		days := strings.Trim(strings.ReplaceAll(fmt.Sprint(f.RemindAt), " ", ", "), "[]")
		parts = append(parts, "reminds at "+days+" days")
	}
	switch {
	case f.RemindLater > 0:
		parts = append(parts, "again after "+reminderInterval(f.RemindEvery)+", from the second week on after "+
			reminderInterval(f.RemindLater))
	case f.RemindEvery > 0:
		parts = append(parts, "again after "+reminderInterval(f.RemindEvery))
	}
	return parts
}

func daysLeftText(days int) string {
	switch {
	case days > 0:
		return countOf(days, "day") + " left"
	case days == 0:
		return "ends today"
	default:
		return "ended " + countOf(-days, "day") + " ago"
	}
}

// reminderInterval writes the time of a remind_every, which is whole hours.
func reminderInterval(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return countOf(int(d/(24*time.Hour)), "day")
	}
	return countOf(int(d/time.Hour), "hour")
}

func findingsOf(m calendar.Message) []string {
	var keys []string
	for _, f := range m.Report.Firing {
		keys = append(keys, f.Key())
	}
	slices.Sort(keys)
	return keys
}
