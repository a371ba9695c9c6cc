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
		ID: d.ID, Place: d.Place, Severity: d.Severity, Each: d.Each, When: d.When.Text, RemindAt: d.RemindAt, Findings: []Finding{},
		InfoWhen: conditionText(d.Info), CriticalWhen: conditionText(d.Critical), ClearWhen: conditionText(d.Clear), CoveredBy: d.CoveredBy, CoveredWhen: conditionText(d.CoveredWhen),
		Measure: d.Measure, WorseBy: d.WorseBy, WorseAt: d.WorseAt, RemindEvery: formatInterval(d.RemindEvery), RemindLater: formatInterval(d.RemindLater),
	}
	if r.NotJudged = w.notJudged(d); r.NotJudged != nil {
		return r
	}
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
			return &Reason{ReasonLeftOut, "it reads " + string(source) + ", which is left out (LICENSEWATCH_SOURCES, or the snapshot does not hold it)"}
		}
	}
	switch {
	case !d.Enabled:
		return &Reason{ReasonDisabled, "it is switched off in " + d.Place}
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
