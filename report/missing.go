package report

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// MissingDays are accounts that lack records of the same days, which others have.
type MissingDays struct {
	Accounts []string // their labels
	days     string   // a bit for each of the Evidence's days
}

// Has says whether the records of a day are missing, by its place in Evidence.Days.
func (m *MissingDays) Has(day int) bool { return m.days[day/8]&(1<<(day%8)) != 0 }

// Count is how many days are missing.
func (m *MissingDays) Count() int {
	n := 0
	for i := range len(m.days) {
		n += bits.OnesCount8(m.days[i])
	}
	return n
}

// missingDays are the accounts that lack days, by which: a bit for each.
type missingDays map[string][]string

// listOf leaves the days that others have; what lacks most comes first.
func (all missingDays) listOf(days []EvidenceDay) []MissingDays {
	groups := missingDays{}
	for lacked, accounts := range all {
		rest, isAny := []byte(lacked), false
		for i, d := range days {
			if d.Sealed+d.Broken == 0 {
				rest[i/8] &^= 1 << (i % 8)
			}
		}
		for _, b := range rest {
			isAny = isAny || b != 0
		}
		if isAny {
			groups[string(rest)] = append(groups[string(rest)], accounts...)
		}
	}
	var list []MissingDays
	for lacked, accounts := range groups {
		slices.Sort(accounts)
		list = append(list, MissingDays{accounts, lacked})
	}
	sortBy(list, func(i, j int) int {
		a, b := &list[i], &list[j]
		return cmp.Or(b.Count()-a.Count(), strings.Compare(a.Accounts[0], b.Accounts[0]))
	})
	return list
}
