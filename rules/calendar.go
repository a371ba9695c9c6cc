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
	judge := func(r *rule, order *license.Order, f *license.Finding) {
		if f.State == license.Firing || f.Lingers {
			f.Calendar = p.wouldBe(r, order, f)
		}
	}
	seen := make([]int, len(e.judged)) // how many findings of each rule about orders were looked at
	for i := range e.subjects {
		for k, j := range e.judged {
			if at := seen[k]; at < len(j.places) && j.places[at] == i {
				seen[k]++
				if !j.rule.change {
					judge(j.rule, e.earlierOrder(i), &findings[j.first+at])
				}
			}
		}
		clear(p.judged) // no other order asks for it, and there may be thousands
	}
	for _, j := range e.judged {
		if j.rule.change {
			continue
		}
		for at := j.first + len(j.places); at < j.to; at++ {
			judge(j.rule, nil, &findings[at])
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
	judged     map[pastSubject]pastAnswer // what several findings ask for
	anywhere   map[*rule]bool             // whether a rule about orders fires on any of them
	frame      *frame
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
	before.Account, before.Site = e.snapshot.Account, e.snapshot.Site // whose it is has not changed
	before.Name, before.Labels = e.snapshot.Name, e.snapshot.Labels
	p := &pastEvaluation{
		evaluation: &evaluation{snapshot: &before, now: e.now, work: e.work, owner: e.owner,
			summary: newListing(&before)},
		byID:     map[string]*rule{},
		judged:   map[pastSubject]pastAnswer{},
		anywhere: map[*rule]bool{},
	}
	p.frame = p.evaluation.newFrame(p.evaluation.accountReadings())
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
	return then.there && then.severity.Rank() >= now.Severity.Rank() && !now.HasGrown(then.measure) &&
		!p.isCovered(r, order)
}

// judgeSubject judges the account, or one of its orders, once.
func (p *pastEvaluation) judgeSubject(r *rule, order *license.Order) pastAnswer {
	subject := pastSubject{r, order}
	answer, known := p.judged[subject]
	if !known {
		answer = p.judgeAnew(r, order)
		p.judged[subject] = answer
	}
	return answer
}

func (p *pastEvaluation) judgeAnew(r *rule, order *license.Order) (answer pastAnswer) {
	f := p.frameOf(order)
	a := r.when.root.eval(f)
	answer.fires = a.isTrue()
	answer.there = answer.fires || a.isFalse() && r.clear != nil && !r.clear.eval(f).isTrue()
	if answer.there {
		answer.severity, answer.measure = r.severityNow(f), r.measureNow(f)
	}
	return answer
}

// frameOf is where something about the order is judged; nil: about the account.
func (p *pastEvaluation) frameOf(order *license.Order) *frame {
	p.frame.order = order
	return p.frame
}

// isCovered says whether another rule told of it already.
func (p *pastEvaluation) isCovered(r *rule, order *license.Order) bool {
	if len(r.coveredBy) == 0 {
		return false
	}
	if r.coveredWhen != nil && !r.coveredWhen.eval(p.frameOf(order)).isTrue() {
		return false
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
	fires, known := p.anywhere[r]
	if orders := p.evaluation.snapshot.Orders; !known && orders != nil {
		for i := 0; i < len(orders.List) && !fires; i++ {
			fires = p.judgeAnew(r, &orders.List[i]).fires
		}
		p.anywhere[r] = fires
	}
	return fires
}
