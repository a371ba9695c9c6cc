package life

import (
	"slices"

	"licensewatch/license"
)

// settledFindings are the findings of a run as the ledger sees them.
type settledFindings struct {
	ledger *Ledger
	in     Input // with the findings as they are settled

	findings      map[string]place // by key
	judged        map[string]bool  // the rules that gave a finding
	unknownForAll map[string]bool  // the rules that can say nothing about subjects they do not name
	firing        []firingFinding  // those with a record, in the rules' order
	// remembered are, by key of a finding that fires, the records of what told of it as long as
	// that was known.
	remembered map[string][]keyedRecord
}

// place is where a finding is in in.Findings, and what it says of one of those for which it
// stands (license.Finding.OKOthers): of which one, from 1; 0: of itself.
type place struct{ at, other int }

// firingFinding is a finding that fires, with its key, which is made once.
type firingFinding struct {
	*license.Finding // not changed
	key              string
}

// settleFindings turns the run's findings into those that the ledger sees: one that fired goes on
// firing until it is clear of its threshold, or is covered. To alerts it is covered as well while
// the rules that told of it cannot be judged; a digest tells it, as all that is known then.
func settleFindings(l *Ledger, in Input) *settledFindings {
	t := &settledFindings{ledger: l, in: in, findings: map[string]place{}, judged: map[string]bool{},
		unknownForAll: map[string]bool{}, remembered: map[string][]keyedRecord{}}
	t.index()
	t.settle()
	return t
}

// isUnknown says whether nothing is known about the rule and subject now.
func (t *settledFindings) isUnknown(rule, subject string) bool {
	if f := t.finding(license.Finding{Rule: rule, Subject: subject}.Key()); f != nil {
		return f.State == license.Unknown
	}
	return t.unknownForAll[rule]
}

// settle gives each finding its state, and finds those that fire.
func (t *settledFindings) settle() {
	judged := t.in.Findings
	for i := range judged {
		if f := &judged[i]; f.State == license.Firing {
			if by := t.rememberedFor(f); len(by) > 0 {
				t.remembered[f.Key()] = by
			}
		}
		if state, by := t.settledState(&judged[i]); state != judged[i].State {
			if &t.in.Findings[i] == &judged[i] { // a copy, and only where there is a change: they may be many
				t.in.Findings = slices.Clone(judged)
			}
			t.in.Findings[i].State, t.in.Findings[i].CoveredBy = state, by
		}
	}
	for i := range t.in.Findings {
		f := &t.in.Findings[i]
		if key := f.Key(); f.State == license.Firing && !f.Event && t.findings[key] == (place{at: i}) {
			t.firing = append(t.firing, firingFinding{f, key})
		}
	}
}

// settledState is what a finding is to the ledger, and by what it is covered.
func (t *settledFindings) settledState(f *license.Finding) (state license.State, coveredBy string) {
	switch key := f.Key(); {
	case f.State == license.OK && f.Lingers && t.ledger.stored.isFiring(key):
		if f.CoveredBy != "" {
			return license.Covered, f.CoveredBy
		}
		return license.Firing, ""
	case f.State == license.Firing && !t.in.isDigest() && !t.ledger.stored.isFiring(key) && len(t.remembered[key]) > 0:
		return license.Covered, t.remembered[key][0].key
	default:
		return f.State, f.CoveredBy
	}
}

// index finds the place of each finding; where there are two of a key, the first counts.
func (t *settledFindings) index() {
	for i := range t.in.Findings {
		f := &t.in.Findings[i]
		for k := range f.OKOthers {
			t.findings[license.Finding{Rule: f.Rule, Subject: f.OKOthers[k].Subject}.Key()] = place{i, k + 1}
		}
		key := f.Key()
		if _, twice := t.findings[key]; twice {
			continue
		}
		t.findings[key] = place{at: i}
		t.judged[f.Rule] = true
		if f.State == license.Unknown && f.Subject == "" {
			t.unknownForAll[f.Rule] = true
		}
	}
}

// finding is the one with this key, not to be changed; nil when there is none.
func (t *settledFindings) finding(key string) *license.Finding {
	p, ok := t.findings[key]
	if !ok {
		return nil
	}
	f := &t.in.Findings[p.at]
	if p.other > 0 {
		one := f.OfOther(f.OKOthers[p.other-1])
		return &one
	}
	return f
}

// rememberedFor are the records of what covers a finding that fires, by what was known last, and
// cannot be known now; in the order of their keys.
func (t *settledFindings) rememberedFor(f *license.Finding) (by []keyedRecord) {
	add := func(key string, s *findingRecord) {
		known := t.finding(key)
		if (known == nil || known.State == license.Unknown) && s != nil && s.Away.IsZero() &&
			slices.Contains(f.Covers, s.Rule) && (known != nil || !t.isMissedAgain(s)) {
			by = append(by, keyedRecord{key, s})
		}
	}
	switch {
	case len(f.Covers) == 0:
	case f.Subject == "":
		for _, key := range sortedKeys(t.ledger.stored.Records) {
			add(key, t.ledger.stored.Records[key])
		}
	default: // thousands of orders are not looked for among thousands
		for _, rule := range slices.Sorted(slices.Values(f.Covers)) {
			key := license.Finding{Rule: rule, Subject: f.Subject}.Key()
			add(key, t.ledger.stored.Records[key])
		}
	}
	return by
}

// isMissedAgain says whether a second whole list in a row lacks the order of a record, of which no
// finding tells: it is gone.
func (t *settledFindings) isMissedAgain(s *findingRecord) bool {
	return s.Missing > 0 && t.in.Snapshot.IsRead(license.SourceOrders) && !t.in.Snapshot.Orders.Incomplete
}

// unknownFindings are those that cannot be judged.
func (t *settledFindings) unknownFindings() []license.Finding {
	var unknown []license.Finding
	for _, f := range t.in.Findings {
		if f.State == license.Unknown {
			unknown = append(unknown, f)
		}
	}
	return unknown
}

// isWatched says whether what was taken out is back.
func (t *settledFindings) isWatched(u license.Unwatched) bool {
	if u.Source != "" {
		return t.in.Snapshot.Wants(u.Source)
	}
	return t.in.hasRule(u.Rule, t.judged)
}
