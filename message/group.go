package message

import (
	"strconv"

	"licensewatch/license"
)

// groupTitle says of several findings of a rule at once what they have in common:
// in the rule's own words, else in those of the first one.
func (s findingSection) groupTitle(i item) line {
	w, n := s.words.group, int64(len(i.findings))
	text := clip(i.firstFinding().Group.In(s.language), s.bounds.title)
	if text == "" {
		return fill(w.alike.of(n-1), values{"title": s.findingTitle(i.firstFinding()), "n": count(n - 1)})
	}
	if s.words.isWide && startsWith(text, isWordRune) {
		text = " " + text
	}
	return fill(w.title, values{"n": count(n), "text": say(text)})
}

// itemTitle is what an item says in one line.
func (s findingSection) itemTitle(i item) line {
	if i.isGroup() {
		return s.groupTitle(i)
	}
	return s.findingTitle(i.firstFinding())
}

// groupTotals are how many licenses and machines a group is about, and from when
// to when they end.
func (s findingSection) groupTotals(i item) line {
	w, t := s.words.group, i.totals()
	var licenses, machines, dates line
	if t.someLicenses {
		licenses = fill(w.licenses.of(t.licenses), values{"n": count(t.licenses)})
	}
	if t.someMachines {
		template := w.machines.of(t.machines)
		if t.someLicenses && t.dated && t.first.Deadline.After(s.at) {
			template = w.inUse
		}
		machines = fill(template, values{"n": count(t.machines)})
		if !t.allMachines {
			machines = fill(w.atLeast, values{"what": machines})
		}
	}
	if t.dated {
		dates = s.dateLine(t.first.Deadline)
		if last := s.dateLine(t.last.Deadline); last[0].text != dates[0].text {
			dates = fill(w.span, values{"first": dates, "last": last})
		}
	}
	return join(" · ", join(s.words.comma, licenses, machines), dates)
}

// groupNames names the worst findings of a group, counts the rest and says who
// looks after them.
func (s findingSection) groupNames(i item) line {
	w := s.words.group
	shown := i.findings[:min(groupNamed, len(i.findings))]
	names := make([]line, 0, len(shown))
	for k, f := range shown {
		names = append(names, s.groupName(*f, k == 0))
	}
	named := fill(w.names, values{"names": join(w.between, names...)})
	if rest := i.findings[len(shown):]; len(rest) > 0 {
		more := fill(w.more, values{"n": count(int64(len(rest)))})
		named = append(named, s.withCriticalAccounts(more, rest)...)
	}
	owners := i.totals().owners
	if len(owners) == 0 || s.bounds.brief {
		return named
	}
	list := s.words.listItems(len(owners), s.bounds.name, func(k int) line { return quote(owners[k], s.bounds.name) })
	return join(" · ", named, fill(s.words.finding.owner, values{"owner": list}))
}

// withCriticalAccounts says behind how many findings are not told by themselves in which accounts
// critical ones are, as far as there is room.
func (s findingSection) withCriticalAccounts(more line, rest []*license.Finding) line {
	var names []string
	seen := map[string]bool{}
	for _, f := range rest {
		if f.Severity == license.Critical && f.Account != "" && !seen[f.Account] {
			names, seen[f.Account] = append(names, f.Account), true
		}
	}
	if len(names) == 0 || s.bounds.brief {
		return more
	}
	list := s.words.listItems(len(names), s.bounds.list, func(k int) line { return quote(names[k], s.bounds.name) })
	return fill(s.words.fleet.in, values{"what": more, "accounts": list})
}

// groupName is one of a group: its subject, when it ends, and how much hangs on
// it. What the numbers are is said of the first one.
func (s findingSection) groupName(f license.Finding, first bool) line {
	w := s.words.group
	name := ident(f.Subject, s.bounds.name)
	if len(name) == 0 {
		name = s.bareTitle(f)
	}
	name = join(" ", quote(f.Account, s.bounds.name), name)
	var date, numbers line
	if !f.Deadline.IsZero() {
		date = s.dateLine(f.Deadline)
	}
	switch {
	case f.Licenses != nil && f.Machines != nil:
		template := w.numbers
		if first {
			template = w.firstNumbers
			if !f.Deadline.After(s.at) {
				template = w.firstMachines
			}
		}
		numbers = fill(template, values{"licenses": number(*f.Licenses), "machines": number(*f.Machines)})
	case f.Licenses != nil:
		numbers = fill(w.onlyLicenses.of(*f.Licenses), values{"licenses": number(*f.Licenses)})
	}
	return append(join(" ", name, date), numbers...)
}

// groupChange tells what became of a group's findings since the chat was last
// told, in numbers where it is not the same for all.
func (s findingSection) groupChange(i item) line {
	w := s.words.group
	counts := map[license.Change]int64{}
	for _, f := range i.findings {
		if f.Story != nil {
			counts[f.Story.Change]++
		}
	}
	var parts []line
	for _, kind := range []struct {
		change license.Change
		all    string
		some   counted
	}{
		{license.ChangeNew, s.words.story.change.isNew, w.someNew},
		{license.ChangeWorse, s.words.story.change.worse, w.someWorse},
		{license.ChangeDue, s.words.story.change.reminder, w.someDue},
	} {
		switch n := counts[kind.change]; n {
		case 0:
		case int64(len(i.findings)):
			return say(kind.all)
		default:
			parts = append(parts, fill(kind.some.of(n), values{"n": count(n)}))
		}
	}
	return join(s.words.comma, parts...)
}

// count is a quantity, with the thousands set apart.
func count(n int64) line {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return say(text)
}
