package notify

import (
	"strings"
	"time"

	"licensewatch/license"
)

// listCommand shows all acknowledgements.
const listCommand = "licensewatch ack --list"

// isAcknowledged says whether somebody has taken care of a finding.
func isAcknowledged(f license.Finding) bool {
	return f.IsAcknowledged()
}

// acknowledged tells who has taken care of a finding, or had until it got worse.
func (c *composer) acknowledged(f license.Finding) line {
	if f.Story == nil || f.Story.Ack == nil {
		return nil
	}
	template := c.words.story.ack.holds
	if f.Story.Ack.Over {
		template = c.words.story.ack.over
	}
	return fill(template, c.ackValues(*f.Story.Ack))
}

func (c *composer) ackValues(a license.Ack) values {
	return values{
		"key":    c.orUnknown(ident(license.Finding{Rule: a.Rule, Subject: a.Subject}.Key(), c.bounds.name)),
		"by":     c.orUnknown(quote(a.By, c.bounds.name)),
		"until":  c.lastDay(a),
		"reason": c.orUnknown(quote(a.Reason, c.bounds.reason)),
	}
}

// lastDay is the last day of an acknowledgement.
func (c *composer) lastDay(a license.Ack) line {
	last := a.Until.Add(-time.Second).In(c.report.At.Location())
	if last.Year() == c.report.At.Year() {
		return say(last.Format(c.words.date))
	}
	return say(last.Format(c.words.dateWithYear))
}

// acks lists the acknowledgements that hold; where there is no room, it counts
// them.
func (c *composer) acks() []line {
	w, all := c.words.story.ack, c.report.Acks
	if len(all) == 0 {
		return nil
	}
	list := values{"n": number(len(all)), "command": command(listCommand)}
	if c.bounds.acks == 0 {
		return []line{fill(w.count, list)}
	}
	lines := []line{styled(say(w.title), span{strong: true})}
	shown := min(len(all), c.bounds.acks)
	for _, a := range all[:shown] {
		lines = append(lines, fill(w.entry, c.ackValues(a)))
	}
	if left := len(all) - shown; left > 0 {
		list["n"] = number(left)
		lines = append(lines, fill(w.more.of(int64(left)), list))
	}
	return lines
}

func command(text string) line { return line{{text: text, code: true}} }

// silence tells how to silence the findings of an alert: one line for all of
// them. Nothing silences what has happened already.
func (c *composer) silence() line {
	w := c.words.story.ack
	if c.report.Mode != license.ModeAlert {
		return nil
	}
	var keys []string
	for _, f := range c.report.Firing {
		if f.Story != nil && !f.Event && !isAcknowledged(f) && isArgument(f.Key()) {
			keys = append(keys, f.Key())
		}
	}
	switch {
	case len(keys) == 0:
		return nil
	case len(keys) == 1 && len(keys[0]) <= c.bounds.key:
		return fill(w.silence, values{"command": ackCommand(keys[0])})
	default:
		return fill(w.silenceAny, values{"command": ackCommand("RULE"), "keys": c.idents(keys, c.bounds.list)})
	}
}

func ackCommand(key string) line {
	return command("licensewatch ack " + key + " --until … --reason …")
}

// isArgument says whether a key can be pasted into a shell and means only itself
// there.
func isArgument(key string) bool {
	return startsWith(key, isWordRune) && key[0] != '-' &&
		!strings.ContainsFunc(key, func(r rune) bool { return !isWordRune(r) && !strings.ContainsRune("./#", r) })
}
