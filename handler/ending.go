package handler

import "time"

// ending is how a run ends, as its Summary says.
type ending struct {
	outcome     Outcome
	reason      string
	delivered   []string
	undelivered []string
}

// countDelivery notes who was told.
func (e *ending) countDelivery(v deliveryVerdict) {
	if v.refusal == nil {
		e.delivered = append(e.delivered, v.channel.Name())
	} else {
		e.undelivered = append(e.undelivered, v.channel.Name())
	}
}

// giveWay ends a run that says nothing because another one has the lock.
func (e *ending) giveWay() error {
	e.outcome, e.reason = OutcomeFailed, "another run is under way"
	return &OwedError{Busy: true}
}

// endTooLate ends a run whose time was up before it had said anything.
func (e *ending) endTooLate(total time.Duration) error {
	e.outcome, e.reason = OutcomeFailed, "the time was up before it was clear what to say"
	return &DeadlineError{Milliseconds: total.Milliseconds(), Spent: true}
}

// admitOwed ends a run that owes somebody a message as one that has said a part.
func (e *ending) admitOwed(isOwing bool) {
	if e.outcome != OutcomeFailed && isOwing {
		e.outcome = OutcomePartial
	}
}
