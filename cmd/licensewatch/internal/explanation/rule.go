package explanation

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/rules"
)

// explainRule explains one rule.
func (w *explainer) explainRule(d rules.Description) Rule {
	r := Rule{
		ID: d.ID, Place: d.Place, Severity: d.Severity, Each: d.Each, When: d.When.Text, RemindAt: d.RemindAt,
		Findings: []Finding{},
		InfoWhen: conditionText(d.Info), CriticalWhen: conditionText(d.Critical), ClearWhen: conditionText(d.Clear),
		CoveredBy: d.CoveredBy, CoveredWhen: conditionText(d.CoveredWhen),
		Measure: d.Measure, WorseBy: d.WorseBy, WorseAt: d.WorseAt, RemindEvery: formatInterval(d.RemindEvery),
		RemindLater: formatInterval(d.RemindLater),
	}
	if r.NotJudged = w.notJudged(d); r.NotJudged != nil {
		return r
	}
	r.Forecast = w.explainForecast(d)
	for _, f := range w.found[d.ID] {
		if w.isAsked(f.Key()) || w.isBlind(f, d) {
			r.Findings = append(r.Findings, w.explainFinding(d, f))
		}
	}
	for _, subject := range w.silentOrders(d) {
		if w.isAsked(d.ID + "/" + subject) {
			r.Findings = append(r.Findings, w.silentFinding(d, subject))
		}
	}
	return r
}

// isBlind says whether the finding is about all orders, because none was read.
func (w *explainer) isBlind(f license.Finding, d rules.Description) bool {
	return d.Each && f.Subject == "" && f.Rule == w.Rule
}

// silentOrders are the orders that the rule says nothing about although it judges
// orders: those that were not in the reading before, and those that fired and
// are not listed.
func (w *explainer) silentOrders(d rules.Description) []string {
	if !d.Each {
		return nil
	}
	has := func(subject string) bool {
		return slices.ContainsFunc(w.found[d.ID], func(f license.Finding) bool { return f.Subject == subject })
	}
	var silent []string
	for _, subject := range w.subjects {
		if !has(subject) && !has("") {
			silent = append(silent, subject)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(w.known)) {
		k := w.known[key]
		if k.Rule == d.ID && !has(k.Subject) && !slices.Contains(silent, k.Subject) {
			silent = append(silent, k.Subject)
		}
	}
	return silent
}

// notJudged is why the rule judges nothing; nil when it does.
func (w *explainer) notJudged(d rules.Description) *Reason {
	for _, source := range d.Sources {
		if d.Enabled && !w.Snapshot.Wants(source) {
			return &Reason{ReasonLeftOut, "it reads " + string(source) +
				", which is left out (LICENSEWATCH_SOURCES, or the snapshot does not hold it)"}
		}
	}
	switch {
	case !d.Enabled:
		return &Reason{ReasonDisabled, "it is switched off in " + d.Place}
	case d.Fleet && len(w.found[d.ID]) == 0:
		return &Reason{ReasonFleet, "it is about all accounts of an accounts file together, and this is one"}
	case len(w.found[d.ID]) > 0 || len(w.silentOrders(d)) > 0 && (!d.Change || w.hasPrevious(d)):
		return nil
	case d.Change && w.Ledger == nil:
		return &Reason{ReasonNoPrevious, "it compares with the reading before, which only a store keeps"}
	case d.Change && !w.hasPrevious(d):
		return &Reason{ReasonNoPrevious, "there is no reading before to compare with: the next run makes one"}
	default:
		return &Reason{ReasonNoOrders, "the account lists no orders"}
	}
}

// hasPrevious says whether all that the rule reads was read before.
func (w *explainer) hasPrevious(d rules.Description) bool {
	p := w.Snapshot.Previous
	if p == nil {
		return false
	}
	return !slices.ContainsFunc(d.Sources, func(s license.Source) bool { return !p.IsRead(s) })
}

// conditionText is a condition as it is written; empty when there is none.
func conditionText(c *rules.Condition) string {
	if c == nil {
		return ""
	}
	return c.Text
}

// formatInterval writes a duration as remind_every does; empty when there is none.
func formatInterval(d time.Duration) string {
	if d == 0 {
		return ""
	}
	if d%(24*time.Hour) == 0 {
		return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"
	}
	return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
}

// listDays writes the days left at which a rule speaks.
func listDays(days []int64) string {
	texts := make([]string, len(days))
	for i, d := range days {
		texts[i] = strconv.FormatInt(d, 10)
	}
	return strings.Join(texts, ", ")
}

// reminderText says in a few words when the rule speaks again.
func (r Rule) reminderText() string {
	var parts []string
	if len(r.RemindAt) > 0 {
		parts = append(parts, fmt.Sprintf("remind_at [%s]", listDays(r.RemindAt)))
	}
	switch {
	case r.RemindLater != "":
		parts = append(parts, fmt.Sprintf("remind_every [%s, %s]", r.RemindEvery, r.RemindLater))
	case r.RemindEvery != "":
		parts = append(parts, "remind_every "+r.RemindEvery)
	}
	return strings.Join(parts, " and ")
}

// explainFinding explains what a rule says about a subject.
func (w *explainer) explainFinding(d rules.Description, f license.Finding) Finding {
	e := Finding{
		Key: f.Key(), Subject: f.Subject, State: State(f.State), Severity: f.Severity,
		Title: f.Title.In(w.Language), Detail: f.Detail.In(w.Language), Event: f.Event, Change: f.EventID,
		Deadline: w.timeInZone(f.Deadline), DaysLeft: f.DaysLeft, Missing: f.Missing, Problem: f.Problem,
		Channels:  []Channel{},
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
		e.Problem = fmt.Sprintf("the order is no longer listed; it fired until %s",
			formatTime(known.Seen.In(w.Now.Location())))
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
		isTold := w.Ledger != nil && w.Ledger.Told(e.Key, channel) != nil
		if w.routed != nil && !isTold && !w.routed(&f, channel) {
			continue
		}
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
			Of: license.Finding{Rule: a.Rule, Subject: a.Subject}.Key(), Until: a.Until.In(w.Now.Location()), By: a.By,
			Reason: a.Reason,
			At:     a.At.In(w.Now.Location()), Severity: a.Severity, Over: over,
		}
	}
	return found
}
