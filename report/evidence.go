package report

import (
	"strings"
	"time"
)

// Evidence are the days with a sealed record, without one, and with a broken one.
type Evidence struct {
	Days   []EvidenceDay // every day that is looked back at
	Chains []Chain
	// Defects are what is wrong, the first of them.
	Defects []RecordDefect
	More    int // defects that are left out
	// Missing are the accounts without a record of days of which others have one.
	Missing []MissingDays
}

// EvidenceDay is a day of all accounts.
type EvidenceDay struct {
	Day    time.Time
	Sealed int // accounts with a sealed record, and no broken one
	Broken int // accounts with a broken record
	Of     int // accounts that have begun by then
}

// Kind says in a word what the day is.
func (d EvidenceDay) Kind() string {
	switch {
	case d.Of == 0:
		return "before"
	case d.Broken > 0:
		return "broken"
	case d.Sealed == 0:
		return "none"
	case d.Sealed < d.Of:
		return "partly"
	default:
		return "sealed"
	}
}

// Chain is an account's records.
type Chain struct {
	Account string
	Records int // of the days
	First   string
	Head    string // the newest record
	SHA256  string // of its manifest
	Broken  int
	Gaps    int // days without a record
}

// RecordDefect is what is wrong with a record.
type RecordDefect struct {
	Account, Record, Text string
}

// accountEvidence is what is known of an account's records.
type accountEvidence struct {
	chain   Chain
	sealed  map[time.Time]bool
	broken  map[time.Time]bool
	defects []RecordDefect
}

// AddRecord takes a record of the days: hash is that of its manifest; defect says what is wrong,
// and is empty where nothing is. What is wrong with records that cannot be told apart, or that
// are gone, comes by AddDefect.
func (g *Gatherer) AddRecord(name string, at time.Time, hash, defect string) {
	e := &g.evidence
	if e.sealed == nil {
		e.sealed, e.broken = map[time.Time]bool{}, map[time.Time]bool{}
	}
	if e.chain.First == "" {
		e.chain.First = name
	}
	if defect != "" {
		e.broken[utcDay(at)] = true
		e.chain.Broken++
		g.AddDefect(name, defect)
		return
	}
	e.sealed[utcDay(at)] = true
	e.chain.Records++
	e.chain.Head, e.chain.SHA256 = name, hash
}

// AddDefect takes what is wrong with a record of the account.
func (g *Gatherer) AddDefect(record, text string) {
	g.evidence.defects = append(g.evidence.defects, RecordDefect{g.account.ID, record, text})
}

// mostDefects is how many defects are kept.
const mostDefects = 200

// addEvidence adds an account's records to those of all.
func (b *Builder) addEvidence(g *Gatherer) {
	e := &g.evidence
	if e.sealed == nil && len(e.defects) == 0 {
		return
	}
	all := &b.report.Evidence
	begun, lacked := false, make([]byte, len(all.Days)/8+1)
	for i := range all.Days {
		d := &all.Days[i]
		isSealed, isBroken := e.sealed[d.Day], e.broken[d.Day]
		if begun = begun || isSealed || isBroken; !begun {
			continue
		}
		d.Of++
		switch {
		case isBroken:
			d.Broken++
		case isSealed:
			d.Sealed++
		case d.Day.Before(utcDay(b.report.Now)): // today is not over
			e.chain.Gaps++
			lacked[i/8] |= 1 << (i % 8)
		}
	}
	if e.chain.Gaps > 0 {
		b.missing[string(lacked)] = append(b.missing[string(lacked)], g.account.Label())
	}
	b.addChain(g)
}

// addChain adds an account's chain to those of all.
func (b *Builder) addChain(g *Gatherer) {
	all, e := &b.report.Evidence, &g.evidence
	e.chain.Account = g.account.Label()
	all.Chains = append(all.Chains, e.chain)
	for _, p := range e.defects {
		if len(all.Defects) == mostDefects {
			all.More++
			continue
		}
		all.Defects = append(all.Defects, p)
	}
	b.report.Summary.Broken += e.chain.Broken
}

// Begun are the days from the first record on.
func (e *Evidence) Begun() []EvidenceDay {
	days := e.Days
	for len(days) > 0 && days[0].Of == 0 {
		days = days[1:]
	}
	return days
}

// endToday leaves today out while it has no record: it is not over.
func (e *Evidence) endToday(now time.Time) {
	if n := len(e.Days); n > 0 && e.Days[n-1].Day.Equal(utcDay(now)) && e.Days[n-1].Kind() == "none" {
		e.Days = e.Days[:n-1]
	}
}

func (e *Evidence) sort() {
	sortBy(e.Chains, func(i, j int) int { return strings.Compare(e.Chains[i].Account, e.Chains[j].Account) })
}
