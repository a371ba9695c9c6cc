package explanation

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"licensewatch/cmd/licensewatch/internal/terminal"
)

// pageWriter writes an explanation for people.
type pageWriter struct {
	out    io.Writer
	paint  Paint
	memory Memory
}

// writeLine writes a line. Its texts may come from anywhere.
func (p pageWriter) writeLine(format string, args ...any) {
	for i, arg := range args {
		if arg, ok := arg.(tonedText); ok {
			args[i] = p.paint(arg.tone, arg.text)
		}
	}
	line := strings.TrimRight(string(terminal.Sprintf(format, args...)), " ")
	terminal.Printf(p.out, "%s\n", terminal.Styled(line))
}

// writeParagraph writes a line for every so many arguments as the format has verbs,
// behind an empty one; nothing when there are none.
func (p pageWriter) writeParagraph(format string, args ...any) {
	verbs := strings.Count(format, "%s")
	for i := 0; i < len(args); i += verbs {
		if i == 0 {
			p.writeLine("")
		}
		p.writeLine(format, args[i:i+verbs]...)
	}
}

// Pages writes the rules with all that is known of each finding.
func (e *Explanation) Pages(out io.Writer, paint Paint) {
	p := pageWriter{out, paint, e.Memory}
	p.writeTop(e)
	for _, r := range e.Rules {
		p.writeRule(r)
	}
	p.writeBottom(e)
}

// writeBottom says what holds for all findings.
func (p pageWriter) writeBottom(e *Explanation) {
	p.writeUndelivered(e.Owed)
	p.writeLine("\n%s", withTone(Faint, "Alerts and digests have a timer each; whether they are on is not seen from here."))
	for _, note := range e.Notes {
		p.writeLine("%s %s", withTone(Warning, "!"), note)
	}
}

func (p pageWriter) writeTop(e *Explanation) {
	parts := []string{}
	if e.Account != "" {
		parts = append(parts, "account "+e.Account)
	}
	if e.Name != "" && e.Name != e.Account {
		parts[0] = e.Name + " (" + e.Account + ")"
	}
	parts = append(parts, "site "+string(e.Site), "judged "+formatTime(e.At)+" ("+ZoneOf(e.At)+")")
	if e.LastRun != nil {
		parts = append(parts, "last run "+formatTime(*e.LastRun))
	}
	p.writeLine("%s", withTone(Faint, strings.Join(parts, " · ")))
	for i, s := range e.Sources {
		p.writeSource(s)
		if isLast := i+1 == len(e.Sources) || e.Sources[i+1].Fix != s.Fix; s.Fix != "" && isLast {
			p.writeLine("  → %s", s.Fix)
		}
	}
}

// ZoneOf writes the zone of a time as the messages do: UTC+8, UTC+5:30.
func ZoneOf(t time.Time) string {
	switch _, seconds := t.Zone(); {
	case seconds == 0:
		return "UTC"
	case seconds%3600 == 0:
		return fmt.Sprintf("UTC%+d", seconds/3600)
	default:
		return "UTC" + strings.NewReplacer("+0", "+", "-0", "-").Replace(t.Format("-07:00"))
	}
}

func (p pageWriter) writeSource(s Source) {
	switch s.Status {
	case SourceFailed:
		p.writeLine("%s %s could not be read: %s", withTone(Bad, "✗"), s.Source, s.Facts)
	case SourceIncomplete:
		p.writeLine("%s %s is incomplete: %s", withTone(Warning, "!"), s.Source, s.Facts)
	}
	if s.UnreadSince != nil {
		p.writeLine("  The function could not read it since %s, in %s. Alerts say so from the third run on, then once a day.", formatTime(*s.UnreadSince), runsText(s.UnreadRuns))
	}
}

// runsText counts runs in words.
func runsText(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}

func (p pageWriter) writeRule(r Rule) {
	if r.NotJudged != nil {
		p.writeLine("\n%s is not judged: %s", withTone(Heading, r.ID), r.NotJudged.Text)
		p.writeCondition("when", r.When, "", nil)
		return
	}
	for _, f := range r.Findings {
		p.writeFinding(r, f)
	}
}

func (p pageWriter) writeFinding(r Rule, f Finding) {
	p.writeLine("\n%s %s", withTone(Heading, f.Key), p.stateText(f))
	for _, text := range []string{f.Title, f.Detail, f.Problem} {
		if text != "" {
			p.writeLine("  %s", text)
		}
	}
	if f.Change != "" {
		p.writeLine("  what has changed: %s", f.Change)
	}
	p.writeMissing(f)
	p.writeCondition("when", r.When, r.Place, f.When)
	p.writeFurther("clear_when", r.ClearWhen, "asked once it has fired and is not true any more", f.Clear)
	p.writeFurther("info_when", r.InfoWhen, "asked once it fires", f.Info)
	p.writeFurther("critical_when", r.CriticalWhen, "asked once it fires", f.Critical)
	if len(r.CoveredBy) > 0 {
		p.writeLine("\n  covered_by: %s", strings.Join(r.CoveredBy, ", "))
	}
	p.writeFurther("covered_when", r.CoveredWhen, "asked once it fires", f.CoveredWhen)
	p.writeForecast(r.Forecast)
	p.writeHistory(f)
	p.writeHears(r, f)
}

// writeMissing says what an unknown finding would have to know.
func (p pageWriter) writeMissing(f Finding) {
	odd := map[string]bool{}
	for _, v := range f.Undocumented {
		odd[v.Field] = true
		p.writeLine("  not known: %s is %s, which is not documented", v.Field, v.Value)
	}
	var missing []string
	for _, name := range f.Missing {
		if !odd[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		p.writeLine("  not known: %s; it was not read, or the answer does not hold it in a form that makes sense",
			strings.Join(missing, ", "))
	}
}

// writeFurther writes a condition that is not always asked, if the rule has it.
func (p pageWriter) writeFurther(key, text, when string, j *Judgement) {
	if text == "" {
		return
	}
	if j != nil {
		when = ""
	}
	p.writeCondition(key, text, when, j)
}

// stateText says what a finding is.
func (pageWriter) stateText(f Finding) tonedText {
	if f.Lingers {
		return withTone(Faint, "is true no more, but not clear of its threshold: it goes on if it fired")
	}
	switch f.State {
	case Covered:
		return withTone(Faint, "is covered: it fires ("+string(f.Severity)+"), and "+f.CoveredBy+" tells of it")
	case Firing:
		return withTone(toneOf(f.Severity), "fires: "+string(f.Severity))
	case OK:
		return withTone(Good, "is quiet: its condition is false")
	case Unknown:
		return withTone(Warning, "is unknown: neither firing nor quiet")
	case Gone:
		return withTone(Good, "is gone")
	default:
		return withTone(Faint, "is not judged")
	}
}

// writeCondition writes an expression, its leaves with their values, and how their
// answers combine.
func (p pageWriter) writeCondition(key, text, place string, j *Judgement) {
	if place != "" {
		place = "  # " + place
	}
	p.writeLine("\n  %s: %s%s", key, text, withTone(Faint, place))
	if j == nil {
		return
	}
	width := 0
	for _, leaf := range j.Leaves {
		width = max(width, len([]rune(leaf.Condition)))
	}
	for _, leaf := range j.Leaves {
		var values []string
		for _, v := range leaf.Values {
			values = append(values, v.Field+" = "+v.Value)
		}
		p.writeLine("    %s  %s  %s", p.answerText(leaf.Answer), padRight(leaf.Condition, width),
			withTone(Faint, strings.Join(values, ", ")))
	}
	if len(j.Leaves) > 1 || j.Combined != j.Answer {
		p.writeLine("    %s  = %s", p.answerText(j.Answer), j.Combined)
	}
}

func (pageWriter) answerText(word string) tonedText {
	tone := map[string]Tone{"true": Plain, "false": Faint, "unknown": Warning}[word]
	return withTone(tone, padRight(word, len("unknown")))
}

// writeHistory says since when it fires, until when, and who takes care.
func (p pageWriter) writeHistory(f Finding) {
	var lines []any
	add := func(label, text string) { lines = append(lines, padRight(label, len("fires since")), text) }
	switch {
	case f.Since != nil:
		add("fires since", formatTime(*f.Since)+", as the runs saw it")
	case f.State == Firing && p.memory == MemoryStore:
		add("fires since", "no run has seen it yet")
	case f.State == Firing:
		add("fires since", "not known")
	}
	if f.Measure != nil {
		add("measure", strconv.FormatFloat(*f.Measure, 'f', -1, 64))
	}
	if f.Machines != nil {
		add("machines", strconv.FormatInt(*f.Machines, 10))
	}
	if f.Owner != "" {
		add("owner", f.Owner)
	}
	if f.Deadline != nil {
		add("deadline", f.Deadline.Format(time.DateTime)+", "+daysLeft(*f.DaysLeft))
	}
	if text := aheadText(f); text != "" {
		add("ahead", text)
	}
	if a := f.Ack; a != nil {
		text := fmt.Sprintf("by %s until %s: %s (%s, given %s)", a.By, formatTime(a.Until), a.Reason, a.Of,
			formatTime(a.At))
		if a.Over {
			text += "; it covers " + string(a.Severity) + ", and ends because it got worse"
		}
		add("acked", text)
	}
	p.writeParagraph("  %s  %s", lines...)
}

// writeUndelivered lists the messages that are on their way.
func (p pageWriter) writeUndelivered(all []Owed) {
	if len(all) > 0 {
		p.writeLine("\n%s", withTone(Heading, "Messages that were not accepted yet"))
	}
	for _, o := range all {
		text := fmt.Sprintf("  %s to %s: the %s of %s, about %s", o.ID, o.Channel, o.Mode, formatTime(o.At),
			strings.Join(o.Findings, ", "))
		if o.Tries > 0 {
			text += fmt.Sprintf("; %d tries without an answer", o.Tries)
		}
		switch {
		case o.Former:
			text += "; not sent, since the settings do not name it any more"
		case o.GivenUpAt != nil:
			text += "; given up " + formatTime(*o.GivenUpAt) + ": the next digest says it"
		case o.PausedAt != nil:
			text += fmt.Sprintf("; refused for good %s, tried again an hour later", formatTime(*o.PausedAt))
		}
		p.writeLine("%s", text)
	}
}

// formatTime writes a time; the zone stands at the top.
func formatTime(t time.Time) string { return t.Format("2006-01-02 15:04") }

func padRight(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len([]rune(text))))
}
