package message

import (
	"slices"

	"licensewatch/license"
)

// From how many findings on those of one rule are one item: what is only good to
// know is told one by one only when there is one.
const (
	groupFrom     = 6
	groupInfoFrom = 2
)

// groupNamed is how many findings of a group are named.
const groupNamed = 3

// item is what a message tells as one: a finding, or a group of several of one
// rule that are equally bad. The first finding stands for it. They are the report's own:
// there may be 10,000 of them, and every chat has its message at the same time.
type item struct {
	findings []*license.Finding // worst first; one at least
	// more are, in a report about many accounts, the others of the same account, worst
	// first, that are in no group.
	more []*license.Finding
}

// allFindings are the findings and more.
func (i item) allFindings() []*license.Finding { return slices.Concat(i.findings, i.more) }

// moreNamed is how many of an item's more are named.
const moreNamed = 3

func (i item) firstFinding() license.Finding { return *i.findings[0] }

func (i item) isGroup() bool { return len(i.findings) > 1 }

// groupKey is what the findings of a group share.
type groupKey struct {
	rule     string
	severity license.Severity
	event    bool
}

// itemsOf parts what fires into what is acknowledged, and the items of the rest in
// the order of their first findings.
func itemsOf(firing []license.Finding) (items []item, acknowledged []*license.Finding) {
	counts := map[groupKey]int{}
	key := func(f *license.Finding) groupKey { return groupKey{f.Rule, f.Severity, f.Event} }
	for i := range firing {
		f := &firing[i]
		if f.IsAcknowledged() {
			acknowledged = append(acknowledged, f)
			continue
		}
		counts[key(f)]++
	}
	groups, accounts := map[groupKey]int{}, map[string]int{}
	for i := range firing {
		f := &firing[i]
		if f.IsAcknowledged() {
			continue
		}
		k, from := key(f), groupFrom
		if f.Severity == license.Info {
			from = groupInfoFrom
		}
		if counts[k] < from {
			at, known := accounts[f.Account]
			if known && f.Account != "" {
				items[at].more = append(items[at].more, f)
				continue
			}
			accounts[f.Account] = len(items)
			items = append(items, item{findings: []*license.Finding{f}})
			continue
		}
		at, known := groups[k]
		if !known {
			at = len(items)
			groups[k], items = at, append(items, item{findings: make([]*license.Finding, 0, counts[k])})
		}
		items[at].findings = append(items[at].findings, f)
	}
	return items, acknowledged
}

// itemTotals are the sums over a group.
type itemTotals struct {
	licenses, machines int64
	someLicenses       bool // of one finding at least they are known
	someMachines       bool
	allMachines        bool             // of all findings they are known
	first, last        *license.Finding // of those that are dated
	dated              bool
	owners             []string
}

func (i item) totals() itemTotals {
	t := itemTotals{allMachines: true}
	for _, f := range i.findings {
		if f.Licenses != nil {
			t.licenses, t.someLicenses = license.AddSaturating(t.licenses, *f.Licenses), true
		}
		if f.Machines != nil {
			t.machines, t.someMachines = license.AddSaturating(t.machines, *f.Machines), true
		} else {
			t.allMachines = false
		}
		if f.Owner != "" && !slices.Contains(t.owners, f.Owner) {
			t.owners = append(t.owners, f.Owner)
		}
		if f.Deadline.IsZero() {
			continue
		}
		if !t.dated || f.Deadline.Before(t.first.Deadline) {
			t.first = f
		}
		if !t.dated || f.Deadline.After(t.last.Deadline) {
			t.last = f
		}
		t.dated = true
	}
	return t
}
