package explanation

import (
	"fmt"
	"slices"
	"strings"
)

// writeHears says what the channels were told, and when they hear of it next. Those
// that know the same share their lines.
func (p pageWriter) writeHears(r Rule, f Finding) {
	var names, texts []string
	width := 0
	for _, c := range f.Channels {
		text := "last told  " + p.toldText(c) + "\nalerts     " + c.alertText() + "\nnext       " + c.nextText(r)
		i := slices.Index(texts, text)
		if i < 0 {
			i, names, texts = len(names), append(names, c.Channel), append(texts, text)
		} else {
			names[i] += ", " + c.Channel
		}
		width = max(width, len(names[i]))
	}
	var lines []any
	for i, name := range names {
		for line := range strings.SplitSeq(texts[i], "\n") {
			lines = append(lines, withTone(Heading, padRight(name, width)), line)
			name = ""
		}
	}
	p.writeParagraph("  %s  %s", lines...)
	if text := digestNote(f); text != "" {
		p.writeParagraph("  %s", text)
	}
}

// digestNote says what the digests do about the finding.
func digestNote(f Finding) string {
	switch {
	case f.State == Firing && f.Event:
		return "The next digest lists it, once."
	case f.State == Firing:
		return "Every digest lists it, whatever was told before."
	case f.State == Covered:
		return "Digests leave it out while " + f.CoveredBy + " fires."
	case f.State == Unknown:
		return "Every digest says that it could not be judged."
	default:
		return ""
	}
}

func (p pageWriter) toldText(c Channel) string {
	t := c.Told
	switch {
	case t == nil && p.memory != MemoryStore:
		return "not known"
	case t == nil:
		return "nothing"
	}
	text := "at a time that is not known"
	if t.At != nil {
		text = formatTime(*t.At)
	}
	text += ", as " + string(t.Severity)
	if t.DaysLeft != nil {
		text += ", " + daysLeft(*t.DaysLeft)
	}
	if t.Before != "" {
		text += ", of " + t.Before + ", which has turned into this"
	}
	if t.OverAt != nil {
		text += "; over since " + formatTime(*t.OverAt)
	}
	return text
}

func (c Channel) alertText() string {
	return map[Alert]string{
		AlertSpeaks: "speak now: ", AlertOwed: "owe it: ", AlertAcked: "are silent: ", AlertQuiet: "are silent: ",
		AlertOpen: "not known: ",
	}[c.Alert] + c.Why
}

func (c Channel) nextText(r Rule) string {
	switch {
	case c.Alert == AlertOpen:
		return "not known"
	case c.NextAt == nil && c.Alert == AlertQuiet && c.Told != nil && r.reminderText() == "":
		return "not again, unless it gets worse: the rule has no remind_at and no remind_every"
	case c.NextAt == nil:
		return "–"
	case c.Alert == AlertSpeaks || c.Alert == AlertOwed && c.NextWhy == "":
		return "the next alert"
	default:
		return fmt.Sprintf("the first alert from %s on: %s", formatTime(*c.NextAt), c.NextWhy)
	}
}
