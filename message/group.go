package message

import (
	"strconv"

	"licensewatch/license"
)

// groupTitle says of several findings of a rule at once what they have in common:
// in the rule's own words, else in those of the first one.
func (c *composer) groupTitle(i item) line {
	w, n := c.words.group, int64(len(i.findings))
	text := clip(i.firstFinding().Group.In(c.language), c.bounds.title)
	if text == "" {
		return fill(w.alike.of(n-1), values{"title": c.findingTitle(i.firstFinding()), "n": count(n - 1)})
	}
	if c.words.isWide && startsWith(text, isWordRune) {
		text = " " + text
	}
	return fill(w.title, values{"n": count(n), "text": say(text)})
}

// itemTitle is what an item says in one line.
func (c *composer) itemTitle(i item) line {
	if i.isGroup() {
		return c.groupTitle(i)
	}
	return c.findingTitle(i.firstFinding())
}

// groupTotals are how many licenses and machines a group is about, and from when
// to when they end.
func (c *composer) groupTotals(i item) line {
	w, t := c.words.group, i.totals()
	var licenses, machines, dates line
	if t.someLicenses {
		licenses = fill(w.licenses.of(t.licenses), values{"n": count(t.licenses)})
	}
	if t.someMachines {
		template := w.machines.of(t.machines)
		if t.someLicenses && t.dated && t.first.Deadline.After(c.at) {
			template = w.inUse
		}
		machines = fill(template, values{"n": count(t.machines)})
		if !t.allMachines {
			machines = fill(w.atLeast, values{"what": machines})
		}
	}
	if t.dated {
		dates = c.dateLine(t.first.Deadline)
		if last := c.dateLine(t.last.Deadline); last[0].text != dates[0].text {
			dates = fill(w.span, values{"first": dates, "last": last})
		}
	}
	return join(" · ", join(c.words.comma, licenses, machines), dates)
}

// groupNames names the worst findings of a group, counts the rest and says who
// looks after them.
func (c *composer) groupNames(i item) line {
	w := c.words.group
	shown := i.findings[:min(groupNamed, len(i.findings))]
	names := make([]line, 0, len(shown))
	for k, f := range shown {
		names = append(names, c.groupName(*f, k == 0))
	}
	named := fill(w.names, values{"names": join(w.between, names...)})
	if left := int64(len(i.findings) - len(shown)); left > 0 {
		named = append(named, fill(w.more, values{"n": count(left)})...)
	}
	owners := i.totals().owners
	if len(owners) == 0 || c.bounds.brief {
		return named
	}
	list := c.words.listItems(len(owners), c.bounds.name, func(k int) line { return quote(owners[k], c.bounds.name) })
	return join(" · ", named, fill(c.words.finding.owner, values{"owner": list}))
}

// groupName is one of a group: its subject, when it ends, and how much hangs on
// it. What the numbers are is said of the first one.
func (c *composer) groupName(f license.Finding, first bool) line {
	w := c.words.group
	name := ident(f.Subject, c.bounds.name)
	if len(name) == 0 {
		name = c.findingTitle(f)
	}
	var date, numbers line
	if !f.Deadline.IsZero() {
		date = c.dateLine(f.Deadline)
	}
	switch {
	case f.Licenses != nil && f.Machines != nil:
		template := w.numbers
		if first {
			template = w.firstNumbers
			if !f.Deadline.After(c.at) {
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
func (c *composer) groupChange(i item) line {
	w := c.words.group
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
		{license.ChangeNew, c.words.story.change.isNew, w.someNew},
		{license.ChangeWorse, c.words.story.change.worse, w.someWorse},
		{license.ChangeDue, c.words.story.change.reminder, w.someDue},
	} {
		switch n := counts[kind.change]; n {
		case 0:
		case int64(len(i.findings)):
			return say(kind.all)
		default:
			parts = append(parts, fill(kind.some.of(n), values{"n": count(n)}))
		}
	}
	return join(c.words.comma, parts...)
}

// count is a quantity, with the thousands set apart.
func count(n int64) line {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return say(text)
}
