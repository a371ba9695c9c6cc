package rules

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// Evaluate judges the snapshot. Days are counted in now's zone. The findings
// are in the order of the rules, and for a rule that judges each order in the
// order of the orders; a rule that reads a source that was not wanted gives
// none, and so does a rule about a change without a previous reading to compare
// with, or about an order that was not in it. The snapshot is only read, and
// nothing but it, now and the set decides about the result.
//
// The texts are written in the languages named, or in all when none is. A rule
// without a text in any of them has the one it has.
func (s *Set) Evaluate(snap license.Snapshot, now time.Time, languages ...license.Language) []license.Finding {
	return s.evaluateRules(snap, now, false, nil, languages)
}

// Judge is Evaluate without the evidence of what is ok, which is most of the work
// where there are many orders.
func (s *Set) Judge(snap license.Snapshot, now time.Time, languages ...license.Language) []license.Finding {
	return s.evaluateRules(snap, now, true, nil, languages)
}

// JudgeFor is Judge for a run, which has little memory for many orders: of a rule's
// findings that are ok it has the first one, with those that matter as its OKOthers, and those
// that linger; of those that are unknown for the same reason one, with the Others, and those
// that matter. None has evidence.
func (s *Set) JudgeFor(snap license.Snapshot, now time.Time, matters func(rule, subject string) bool,
	languages ...license.Language) []license.Finding {
	return s.evaluateRules(snap, now, true, matters, languages)
}

func (s *Set) evaluateRules(
	snap license.Snapshot, now time.Time, brief bool, matters func(rule, subject string) bool,
	languages []license.Language,
) []license.Finding {
	work := maxWork
	e := &evaluation{snapshot: &snap, now: now, work: &work, languages: languages, owner: s.owner,
		summary: newListing(&snap), brief: brief, matters: matters, details: license.Words{}}
	if originOrder.isRead(&snap) {
		e.subjects = snap.Subjects()
		e.deadlines = make([]cachedDeadline, len(snap.Orders.List))
		if originOrder.inPrevious().isRead(&snap) {
			e.earlier = earlierOrders(snap.Orders.List, snap.Previous.Orders.List)
		}
	}
	judged := s.rulesFor(snap)
	most := e.maxFindings(judged)
	if matters != nil {
		most = len(judged) + len(e.subjects) + len(e.subjects)/32 // see withRoom
	}
	findings := make([]license.Finding, 0, most)
	e.judged = make([]judgement, 0, len(judged))
	for _, r := range judged {
		if !r.isWanted(&snap) || !r.hasPrevious(&snap) {
			continue
		}
		first := len(findings)
		var places []int
		findings, places = e.judgeRule(r, findings)
		e.judged = append(e.judged, judgement{r, first, len(findings), places})
	}
	e.markCovered(findings)
	e.setCalendar(findings)
	return findings
}

// evaluation is one call of Evaluate.
type evaluation struct {
	snapshot  *license.Snapshot
	now       time.Time
	work      *int
	operands  []any              // of the operation that runs, see frame
	subjects  []string           // of the orders, in their order
	deadlines []cachedDeadline   // theirs
	earlier   []*license.Order   // the same orders in the previous reading, nil where there is none; empty without one
	languages []license.Language // of the texts; empty: all
	owner     lazyExpression     // who looks after an order
	summary   *orderSummary      // what the orders are together
	judged    []judgement        // in the order of the rules

	details license.Words // without the order's name, many are the same

	brief bool // no evidence of what is ok
	// matters says which findings about orders are asked for one by one although they are
	// ok or unknown; nil: all are. Where it is not, none has evidence.
	matters func(rule, subject string) bool
}

// maxFindings is how many findings there can be.
func (e *evaluation) maxFindings(judged []*rule) int {
	n := len(judged)
	for _, r := range judged {
		if r.each && len(e.subjects) > 1 {
			n += len(e.subjects) - 1
		}
	}
	return n
}

// judgement is a rule and where its findings are.
type judgement struct {
	rule      *rule
	first, to int
	places    []int // of their orders in the list; empty where they are about none
}

// judgeRule adds what a rule says: one finding, or one for every order, but those that
// nobody asks for. places are those of the orders in the list.
func (e *evaluation) judgeRule(r *rule, findings []license.Finding) (_ []license.Finding, places []int) {
	outline, f := e.outlineFinding(r), e.newFrame(e.accountReadings())
	if !r.each {
		findings = append(findings, outline)
		e.fillFinding(&findings[len(findings)-1], r, &outline, f)
		return findings, nil
	}
	if e.isBlind() {
		outline.State, outline.Missing = license.Unknown, []string{string(originOrder.source)}
		return append(findings, outline), nil
	}
	first, alike := len(findings), map[string]int{}
	for i, subject := range e.subjects {
		f.order, f.deadline = &e.snapshot.Orders.List[i], &e.deadlines[i]
		if f.before != nil {
			f.before.order = e.earlierOrder(i)
		}
		if r.follows && f.before.order == nil {
			continue
		}
		if *e.work < 0 {
			outline.Subject, outline.State, outline.Problem = "", license.Unknown, tooMuchWork
			return append(findings, outline), append(places, i)
		}
		outline.Subject = subject
		at := len(findings)
		findings = append(withRoom(findings, at-first, i, len(e.subjects)), outline)
		e.fillFinding(&findings[at], r, &outline, f)
		if e.isNeedless(findings, alike) {
			findings = findings[:at]
			continue
		}
		places = append(places, i)
	}
	return findings, places
}

// withRoom makes room for one more finding, and for as many as will come when the orders that
// follow give as many as those that are done gave (found): there may be 20,000 of them in all,
// and while a list grows, it is there twice.
func withRoom(findings []license.Finding, found, done, orders int) []license.Finding {
	const few = 32
	if len(findings) < cap(findings) {
		return findings
	}
	more := few
	if done >= few {
		more = max(few, len(findings)/8, found*(orders-done)/done+few)
	}
	return append(make([]license.Finding, 0, len(findings)+more), findings...)
}

// isNeedless says whether nobody asks for the last finding, which is about an order: one of
// the rule's, from the first, stands for it. alike are the places of those that stand for
// others, by reason; they take it in.
func (e *evaluation) isNeedless(findings []license.Finding, alike map[string]int) bool {
	at := len(findings) - 1
	f := &findings[at]
	if e.matters == nil || f.Lingers || f.State == license.Firing {
		return false
	}
	isOK, matters := f.State == license.OK, e.matters(f.Rule, f.Subject)
	if matters && !isOK {
		return false
	}
	reason := string(f.State)
	if !isOK {
		reason = f.Problem + "\n" + strings.Join(f.Missing, "\n")
	}
	same, isKnown := alike[reason]
	switch {
	case !isKnown:
		alike[reason] = at
		return false
	case !isOK:
		findings[same].Others = append(findings[same].Others, f.Subject)
	case matters:
		other := license.OKOther{Subject: f.Subject, Deadline: f.Deadline, DaysLeft: f.DaysLeft}
		findings[same].OKOthers = append(findings[same].OKOthers, other)
	}
	return true
}

// isBlind says whether nothing can be said about any order: they were not read,
// or none came although there are some.
func (e *evaluation) isBlind() bool {
	if !originOrder.isRead(e.snapshot) {
		return true
	}
	return e.snapshot.Orders.Incomplete && len(e.subjects) == 0
}

// outlineFinding gives what the rule's findings hold whatever the answer is.
func (e *evaluation) outlineFinding(r *rule) license.Finding {
	runbook := r.runbook
	if runbook == "" {
		runbook = r.consoleURL(e.snapshot.Site)
	}
	f := license.Finding{
		Rule: r.id, Severity: r.severity, Runbook: runbook,
		RemindAt: slices.Clone(r.remindAt), RemindEvery: r.remindEvery, RemindLater: r.remindLater, Event: r.change,
		WorseBy: r.worseBy, WorseAt: slices.Clone(r.worseAt), Covers: slices.Clone(r.coveredBy), Group: r.group,
	}
	if about := r.mainOrigin(); about != nil {
		f.Source = about.source
	}
	return f
}

// accountReadings is what a rule about the whole account reads.
func (e *evaluation) accountReadings() readings {
	r := readings{snapshot: e.snapshot, now: e.now, summary: e.summary}
	if e.snapshot.Previous != nil {
		r.before = &readings{snapshot: e.snapshot.Previous, now: e.now, summary: e.summary.previous}
	}
	return r
}

// newFrame makes the frame of one judgement.
func (e *evaluation) newFrame(at readings) *frame {
	return &frame{readings: at, work: e.work, operands: &e.operands, owner: e.owner}
}
