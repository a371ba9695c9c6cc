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
func ackNote(p *phrases, f license.Finding) line {
	if f.Story == nil || f.Story.Ack == nil {
		return nil
	}
	w, a := p.words.story.ack, *f.Story.Ack
	switch {
	case a.Over:
		return fill(w.over, ackValues(p, a))
	case a.Ended:
		return fill(w.ended, ackValues(p, a))
	case f.Story.FirstOfAckedRule:
		return fill(w.firstOfRule, ackValues(p, a))
	default:
		return nil
	}
}

func ackValues(p *phrases, a license.Ack) values {
	return values{
		"key":    p.orUnknown(ident(license.Finding{Rule: a.Rule, Subject: a.Subject}.Key(), p.bounds.name)),
		"by":     p.orUnknown(quote(a.By, p.bounds.name)),
		"until":  ackEnd(p, a),
		"reason": p.orUnknown(quote(a.Reason, p.bounds.reason)),
	}
}

// ackEnd is when an acknowledgement ends: its last day where that is whole, else
// the time.
func ackEnd(p *phrases, a license.Ack) line {
	until := a.Until.In(p.at.Location())
	if isMidnight(until) {
		return p.dateLine(until.Add(-time.Second))
	}
	if until.Year() != p.at.Year() {
		return append(p.dateLine(until), say(" "+until.Format("15:04"))...)
	}
	return say(until.Format(p.words.moment))
}

// ackSection is what is acknowledged.
type ackSection struct {
	*phrases

	acknowledged []*license.Finding // what fires and somebody knows of
	entries      []ackEntry
	most         int // how many are shown; where there is no room, they are counted
}

func newAckSection(p *phrases, r *license.Report, acknowledged []*license.Finding) ackSection {
	s := ackSection{phrases: p, acknowledged: acknowledged, entries: ackEntries(acknowledged, r.Acks),
		most: p.bounds.acks}
	if isUnchanged(r) {
		s.most = 0
	}
	return s
}

// ackHeadline counts what fires, where all of it is acknowledged.
func (s ackSection) ackHeadline() line {
	n := int64(len(s.acknowledged))
	return fill(s.words.headline.onlyAcknowledged.of(n), values{"n": count(n)})
}

// ackEntry is an acknowledgement that holds, with what it keeps silent.
type ackEntry struct {
	ack      license.Ack
	findings []*license.Finding
}

// ackEntries are the acknowledgements that are told: those behind what fires, the
// worst first, then the others that hold.
func ackEntries(acknowledged []*license.Finding, acks []license.Ack) []ackEntry {
	var entries []ackEntry
	find := func(a license.Ack) int {
		return slices.IndexFunc(entries, func(e ackEntry) bool {
			return e.ack.Rule == a.Rule && e.ack.Subject == a.Subject
		})
	}
	for _, f := range acknowledged {
		i := find(*f.Story.Ack)
		if i < 0 {
			i, entries = len(entries), append(entries, ackEntry{ack: *f.Story.Ack})
		}
		entries[i].findings = append(entries[i].findings, f)
	}
	for _, a := range acks {
		if find(a) < 0 {
			entries = append(entries, ackEntry{ack: a})
		}
	}
	return entries
}

// ackLines list what is acknowledged, each once.
func (s ackSection) ackLines() []line {
	w, all := s.words.story.ack, s.entries
	if len(all) == 0 {
		return nil
	}
	list := values{"n": number(len(all)), "command": commandLine(listCommand)}
	if s.most == 0 {
		return []line{fill(w.count, list)}
	}
	lines := []line{styled(say(w.title), span{strong: true})}
	shown := min(len(all), s.most)
	for _, e := range all[:shown] {
		lines = append(lines, s.ackLine(e))
	}
	if left := len(all) - shown; left > 0 {
		list["n"] = number(left)
		lines = append(lines, fill(w.more.of(int64(left)), list))
	}
	return lines
}

// ackLine is one acknowledgement: of what fires the title, of several how many.
func (s ackSection) ackLine(e ackEntry) line {
	w, v := s.words.story.ack, ackValues(s.phrases, e.ack)
	n := int64(len(e.findings))
	if n == 0 {
		return fill(w.entry, v)
	}
	v["severity"], v["what"] = say(plainText(s.severityWord(e.findings[0].Severity))), s.findingTitle(*e.findings[0])
	if n > 1 {
		v["what"] = fill(w.several.of(n), values{"key": v["key"], "n": count(n)})
	}
	return fill(w.firing, v)
}

func commandLine(text string) line { return line{{text: text, code: true}} }

// silenceHint tells how to silence the findings of an alert: one line for all of
// them. Nothing silences what has happened already.
func silenceHint(p *phrases, items []item) line {
	w := p.words.story.ack
	var keys []string
	for _, i := range items {
		f := i.firstFinding()
		key := f.Key()
		if i.isGroup() {
			key = f.Rule
		}
		isArgument := isArgument(key)
		if f.Account != "" {
			key = ackAccount(i) + "/" + key
		}
		if f.Story != nil && !f.Event && isArgument && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	switch {
	case len(keys) == 0:
		return nil
	case len(keys) == 1 && len(keys[0]) <= p.bounds.key:
		return fill(w.silence, values{"command": ackCommand(keys[0])})
	default:
		return fill(w.silenceAny, values{"command": ackCommand("RULE"), "keys": p.identList(keys, p.bounds.list)})
	}
}

// ackAccount is the account of an item, as a part of an argument; that of a group is a pattern.
func ackAccount(i item) string {
	switch f := i.firstFinding(); {
	case i.isGroup():
		return "*"
	case isArgument(f.Account):
		return f.Account
	default:
		return f.Uin
	}
}

func ackCommand(key string) line {
	if strings.HasPrefix(key, "*") { // which a shell would replace
		key = "'" + key + "'"
	}
	return commandLine("licensewatch ack " + key + " --until 2w --reason …")
}

// isArgument says whether a key can be pasted into a shell and means only itself
// there.
func isArgument(key string) bool {
	return startsWith(key, isWordRune) && key[0] != '-' &&
		!strings.ContainsFunc(key, func(r rune) bool { return !isWordRune(r) && !strings.ContainsRune("./#", r) })
}
