package explanation

import (
	"fmt"
	"slices"

	"licensewatch/license"
	"licensewatch/rules"
)

// explainFinding explains what a rule says about a subject.
func (w *explainer) explainFinding(d rules.Description, f license.Finding) Finding {
	e := Finding{
		Key: f.Key(), Subject: f.Subject, State: State(f.State), Severity: f.Severity,
		Title: f.Title.In(w.Language), Detail: f.Detail.In(w.Language), Event: f.Event, Change: f.EventID,
		Deadline: w.timeInZone(f.Deadline), DaysLeft: f.DaysLeft, Missing: f.Missing, Problem: f.Problem, Channels: []Channel{},
		CoveredBy: f.CoveredBy, Lingers: f.Lingers, Measure: f.Measure, Machines: f.Machines, Owner: f.Owner,
	}
	for _, v := range f.Undocumented {
		e.Undocumented = append(e.Undocumented, Value{v.Field, v.Text})
	}
	e.addJudgements(d, f)
	if ahead, ok := w.ahead[f.Key()]; ok && f.State != license.Unknown && !f.Event {
		e.Ahead = &ahead
	}
	w.addHistory(&e, f)
	return e
}

// addJudgements shares the evidence out among the conditions, in the order in which they
// are judged.
func (e *Finding) addJudgements(d rules.Description, f license.Finding) {
	rest := f.Evidence
	next := func(c *rules.Condition) *Judgement {
		if c == nil {
			return nil
		}
		n := min(c.Tree.Leaves(), len(rest))
		j := newJudgement(*c, rest[:n])
		rest = rest[n:]
		return j
	}
	e.When = next(&d.When)
	if f.State == license.OK {
		e.Clear = next(d.Clear)
	}
	if f.State == license.OK && !f.Lingers {
		return
	}
	e.Info, e.Critical, e.CoveredWhen = next(d.Info), next(d.Critical), next(d.CoveredWhen)
}

// silentFinding explains why a rule says nothing about an order.
func (w *explainer) silentFinding(d rules.Description, subject string) Finding {
	f := license.Finding{Rule: d.ID, Subject: subject, Severity: d.Severity, Source: license.SourceOrders}
	e := Finding{Key: f.Key(), Subject: subject, Severity: d.Severity, Channels: []Channel{}}
	orders, known := w.Snapshot.Orders, w.known[f.Key()]
	switch {
	case slices.Contains(w.subjects, subject):
		e.State, e.Problem = NotJudged, "the order was not in the reading before: there is nothing to compare with"
	case orders == nil || orders.Incomplete:
		f.State, e.State = license.Unknown, Unknown
		e.Problem = "the orders were not all read; what fired goes on until they are"
		e.Missing = []string{string(license.SourceOrders)}
	default:
		f.State, e.State = license.OK, Gone
		e.Problem = fmt.Sprintf("the order is no longer listed; it fired until %s", formatTime(known.Seen.In(w.Now.Location())))
	}
	if known.Severity != "" {
		e.Severity, e.Title = known.Severity, known.Title.In(w.Language)
	}
	w.addHistory(&e, f)
	return e
}

// addHistory adds what the ledger knows.
func (w *explainer) addHistory(e *Finding, f license.Finding) {
	if w.Ledger != nil {
		if k, ok := w.known[e.Key]; ok {
			e.Since = w.timeInZone(k.Since)
		}
		e.Ack = w.findAck(f)
	}
	for _, channel := range w.Channels {
		e.Channels = append(e.Channels, w.explainChannel(e, f, channel))
	}
}

// findAck is the acknowledgement that counts for the finding: the one that holds the
// longest, or one that is over because it got worse.
func (w *explainer) findAck(f license.Finding) *Ack {
	var found *Ack
	var last license.Ack
	for _, a := range w.Ledger.Acks(w.Now) {
		if !a.Covers(f.Rule, f.Subject) {
			continue
		}
		over := f.State == license.Firing && a.Severity != "" && f.Severity.Rank() > a.Severity.Rank()
		if found != nil && (over && !found.Over || over == found.Over && !a.Until.After(last.Until)) {
			continue
		}
		last = a
		found = &Ack{
			Of: license.Finding{Rule: a.Rule, Subject: a.Subject}.Key(), Until: a.Until.In(w.Now.Location()), By: a.By, Reason: a.Reason,
			At: a.At.In(w.Now.Location()), Severity: a.Severity, Over: over,
		}
	}
	return found
}
