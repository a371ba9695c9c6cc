package explanation

import (
	"fmt"
	"slices"
	"strings"
)

// hears says what the channels were told, and when they hear of it next. Those
// that know the same share their lines.
func (p page) hears(r Rule, f Finding) {
	var names, lines []string
	for _, c := range f.Channels {
		text := "last told  " + c.told() + "\nalerts     " + c.says() + "\nnext       " + c.next(r)
		if i := slices.Index(lines, text); i >= 0 {
			names[i] += ", " + c.Channel
			continue
		}
		names, lines = append(names, c.Channel), append(lines, text)
	}
	if len(lines) > 0 {
		p.line("")
	}
	width := 0
	for _, name := range names {
		width = max(width, len(name))
	}
	for i, name := range names {
		for line := range strings.SplitSeq(lines[i], "\n") {
			p.line("  %s  %s", tint(Heading, padded(name, width)), line)
			name = ""
		}
	}
	p.digests(f)
}

// digests says what the digests do about the finding.
func (p page) digests(f Finding) {
	switch {
	case f.State == Firing && f.Event:
		p.line("  digests list it in the next one, once.")
	case f.State == Firing:
		p.line("  digests list it every time, whatever was told before.")
	case f.State == Unknown:
		p.line("  digests say every time that it could not be judged.")
	}
}

func (c Channel) told() string {
	t := c.Told
	if t == nil {
		return "nothing"
	}
	text := "at a time that is not known"
	if t.At != nil {
		text = stamp(*t.At)
	}
	text += ", as " + string(t.Severity)
	if t.DaysLeft != nil {
		text += ", " + daysLeft(*t.DaysLeft)
	}
	if t.Before != "" {
		text += ", of " + t.Before + ", which has turned into this"
	}
	return text
}

func (c Channel) says() string {
	return map[Alert]string{
		AlertSpeaks: "speak now: ", AlertOwed: "owe it: ", AlertAcked: "are silent: ", AlertQuiet: "are silent: ",
	}[c.Alert] + c.Why
}

func (c Channel) next(r Rule) string {
	switch {
	case c.NextAt == nil && c.Alert == AlertQuiet && c.Told != nil && r.reminders() == "":
		return "not again, unless it gets worse: the rule has no remind_at and no remind_every"
	case c.NextAt == nil:
		return "–"
	case c.Alert == AlertSpeaks || c.Alert == AlertOwed && c.NextWhy == "":
		return "the next alert"
	default:
		return fmt.Sprintf("the first alert from %s on: %s", stamp(*c.NextAt), c.NextWhy)
	}
}
