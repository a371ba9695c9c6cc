package message

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// listCommand shows all acknowledgements.
const listCommand = "licensewatch ack --list"

// ackNote tells who had taken care of a finding until that ended, or has of
// its rule before the finding began.
func (c *composer) ackNote(f license.Finding) line {
	if f.Story == nil || f.Story.Ack == nil {
		return nil
	}
	w, a := c.words.story.ack, *f.Story.Ack
	switch {
	case a.Over:
		return fill(w.over, c.ackValues(a))
	case a.Ended:
		return fill(w.ended, c.ackValues(a))
	case f.Story.FirstOfAckedRule:
		return fill(w.firstOfRule, c.ackValues(a))
	default:
		return nil
	}
}

func (c *composer) ackValues(a license.Ack) values {
	return values{
		"key":    c.orUnknown(ident(license.Finding{Rule: a.Rule, Subject: a.Subject}.Key(), c.bounds.name)),
		"by":     c.orUnknown(quote(a.By, c.bounds.name)),
		"until":  c.ackEnd(a),
		"reason": c.orUnknown(quote(a.Reason, c.bounds.reason)),
	}
}

// ackEnd is when an acknowledgement ends: its last day where that is whole, else
// the time.
func (c *composer) ackEnd(a license.Ack) line {
	until := a.Until.In(c.at.Location())
	if isMidnight(until) {
		return c.dateLine(until.Add(-time.Second))
	}
	if until.Year() != c.at.Year() {
		return append(c.dateLine(until), say(" "+until.Format("15:04"))...)
	}
	return say(until.Format(c.words.moment))
}

// ackEntry is an acknowledgement that holds, with what it keeps silent.
type ackEntry struct {
	ack      license.Ack
	findings []*license.Finding
}

// ackEntries are the acknowledgements that are told: those behind what fires, the
// worst first, then the others that hold.
func (c *composer) ackEntries() []ackEntry {
	var entries []ackEntry
	find := func(a license.Ack) int {
		return slices.IndexFunc(entries, func(e ackEntry) bool { return e.ack.Rule == a.Rule && e.ack.Subject == a.Subject })
	}
	for _, f := range c.acknowledged {
		i := find(*f.Story.Ack)
		if i < 0 {
			i, entries = len(entries), append(entries, ackEntry{ack: *f.Story.Ack})
		}
		entries[i].findings = append(entries[i].findings, f)
	}
	for _, a := range c.report.Acks {
		if find(a) < 0 {
			entries = append(entries, ackEntry{ack: a})
		}
	}
	return entries
}

// ackLines lists what is acknowledged, each once; where there is no room, it counts
// them.
func (c *composer) ackLines() []line {
	w, all := c.words.story.ack, c.ackEntries()
	if len(all) == 0 {
		return nil
	}
	list := values{"n": number(len(all)), "command": commandLine(listCommand)}
	if c.bounds.acks == 0 {
		return []line{fill(w.count, list)}
	}
	lines := []line{styled(say(w.title), span{strong: true})}
	shown := min(len(all), c.bounds.acks)
	for _, e := range all[:shown] {
		lines = append(lines, c.ackLine(e))
	}
	if left := len(all) - shown; left > 0 {
		list["n"] = number(left)
		lines = append(lines, fill(w.more.of(int64(left)), list))
	}
	return lines
}

// ackLine is one acknowledgement: of what fires the title, of several how many.
func (c *composer) ackLine(e ackEntry) line {
	w, v := c.words.story.ack, c.ackValues(e.ack)
	n := int64(len(e.findings))
	if n == 0 {
		return fill(w.entry, v)
	}
	v["severity"], v["what"] = say(plainText(c.severityWord(e.findings[0].Severity))), c.findingTitle(*e.findings[0])
	if n > 1 {
		v["what"] = fill(w.several.of(n), values{"key": v["key"], "n": count(n)})
	}
	return fill(w.firing, v)
}

func commandLine(text string) line { return line{{text: text, code: true}} }

// silenceHint tells how to silence the findings of an alert: one line for all of
// them. Nothing silences what has happened already.
func (c *composer) silenceHint() line {
	w := c.words.story.ack
	if c.report.Mode != license.ModeAlert {
		return nil
	}
	var keys []string
	for _, i := range c.items {
		f := i.firstFinding()
		key := f.Key()
		if i.isGroup() {
			key = f.Rule
		}
		if f.Story != nil && !f.Event && isArgument(key) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	switch {
	case len(keys) == 0:
		return nil
	case len(keys) == 1 && len(keys[0]) <= c.bounds.key:
		return fill(w.silence, values{"command": ackCommand(keys[0])})
	default:
		return fill(w.silenceAny, values{"command": ackCommand("RULE"), "keys": c.identList(keys, c.bounds.list)})
	}
}

func ackCommand(key string) line {
	return commandLine("licensewatch ack " + key + " --until 2w --reason …")
}

// isArgument says whether a key can be pasted into a shell and means only itself
// there.
func isArgument(key string) bool {
	return startsWith(key, isWordRune) && key[0] != '-' &&
		!strings.ContainsFunc(key, func(r rune) bool { return !isWordRune(r) && !strings.ContainsRune("./#", r) })
}
