package rules

import "licensewatch/license"

// setCalendar says of each finding about a state whether it would be there, no
// less badly and as much of it, if nothing but the clock had changed since the
// previous reading: then that reading, judged now, gives it as well.
func (e *evaluation) setCalendar(findings []license.Finding) {
	if e.snapshot.Previous == nil {
		return
	}
	p := e.newPastEvaluation()
	for _, j := range e.judged {
		if j.rule.change {
			continue
		}
		for at := j.first; at < j.to; at++ {
			var order *license.Order
			if i := at - j.first; i < len(j.places) {
				order = e.earlierOrder(j.places[i])
			}
			if f := &findings[at]; f.State == license.Firing || f.Lingers {
				f.Calendar = p.wouldBe(j.rule, order, f)
			}
		}
	}
}

// earlierOrder is the order at a place of the list in the previous reading, nil
// when it was not in it.
func (e *evaluation) earlierOrder(i int) *license.Order {
	if i >= len(e.earlier) {
		return nil
	}
	return e.earlier[i]
}

// pastEvaluation judges the previous reading as if it were this one.
type pastEvaluation struct {
	evaluation *evaluation
	byID       map[string]*rule
	judged     map[pastSubject]pastAnswer
}

// pastSubject is a rule and the order it judges; nil: the account.
type pastSubject struct {
	rule  *rule
	order *license.Order
}

// pastAnswer says whether the rule fires, or lingers, and how badly.
type pastAnswer struct {
	fires, there bool
	severity     license.Severity
	measure      *float64
}

// newPastEvaluation begins to judge the previous reading with what was remembered before this one, which
// counts for it as well.
func (e *evaluation) newPastEvaluation() *pastEvaluation {
	before := *e.snapshot.Previous
	before.Previous = &license.Snapshot{Lapses: before.Lapses}
	p := &pastEvaluation{
		evaluation: &evaluation{snapshot: &before, now: e.now, work: e.work, owner: e.owner, summary: newListing(&before)},
		byID:       map[string]*rule{},
		judged:     map[pastSubject]pastAnswer{},
	}
	for _, j := range e.judged {
		p.byID[j.rule.id] = j.rule
	}
	return p
}

// wouldBe says whether the rule's finding is there, at least as bad and not much less
// of it than now, and not covered.
func (p *pastEvaluation) wouldBe(r *rule, order *license.Order, now *license.Finding) (is bool) {
	defer func() {
		if cause := recover(); cause != nil {
			is = false // the finding itself says what is wrong
		}
	}()
	if r.each && order == nil {
		return false
	}
	if !r.each {
		order = nil
	}
	then := p.judgeSubject(r, order)
	return then.there && then.severity.Rank() >= now.Severity.Rank() && !now.HasGrown(then.measure) && !p.isCovered(r, order)
}

// judgeSubject judges the account, or one of its orders.
func (p *pastEvaluation) judgeSubject(r *rule, order *license.Order) pastAnswer {
	subject := pastSubject{r, order}
	answer, known := p.judged[subject]
	if known {
		return answer
	}
	at := p.evaluation.accountReadings()
	at.order = order
	f := p.evaluation.newFrame(at)
	a := r.when.root.eval(f)
	answer.fires = a.isTrue()
	answer.there = answer.fires || a.isFalse() && r.clear != nil && !r.clear.eval(f).isTrue()
	if answer.there {
		answer.severity, answer.measure = r.severityNow(f), r.measureNow(f)
	}
	p.judged[subject] = answer
	return answer
}

// isCovered says whether another rule told of it already.
func (p *pastEvaluation) isCovered(r *rule, order *license.Order) bool {
	if len(r.coveredBy) == 0 {
		return false
	}
	if r.coveredWhen != nil {
		at := p.evaluation.accountReadings()
		at.order = order
		if !r.coveredWhen.eval(p.evaluation.newFrame(at)).isTrue() {
			return false
		}
	}
	for _, id := range r.coveredBy {
		if other := p.byID[id]; other != nil && !other.change && p.firesOn(other, order) {
			return true
		}
	}
	return false
}

// firesOn says whether a rule fires on the order, or on anything when there is none.
func (p *pastEvaluation) firesOn(r *rule, order *license.Order) bool {
	if order != nil || !r.each {
		return p.judgeSubject(r, order).fires
	}
	orders := p.evaluation.snapshot.Orders
	if orders == nil {
		return false
	}
	for i := range orders.List {
		if p.judgeSubject(r, &orders.List[i]).fires {
			return true
		}
	}
	return false
}
