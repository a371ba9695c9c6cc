package explanation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/life"
)

// SubjectError says that an order that was asked about does not exist.
type SubjectError struct {
	Subject string
	Listed  []string // the orders there are
	Gone    bool     // a run has seen it
}

// Error names the order, and those there are.
func (e *SubjectError) Error() string {
	switch {
	case e.Gone:
		return fmt.Sprintf("order %s is not listed any more: it was removed, or taken over by another one; licensewatch status says what the chats were told", e.Subject)
	case len(e.Listed) == 0:
		return fmt.Sprintf("there is no order %s; the account lists none", e.Subject)
	}
	const most = 20 // fit on a screen
	names := e.Listed[:min(most, len(e.Listed))]
	listed := strings.Join(names, ", ")
	if left := len(e.Listed) - len(names); left > 0 {
		listed += fmt.Sprintf(" and %d more", left)
	}
	return fmt.Sprintf("there is no order %s%s (there are %s)", e.Subject, suggest.DidYouMean(e.Subject, e.Listed), listed)
}

// explainer is an explanation that is being made.
type explainer struct {
	Input
	found    map[string][]license.Finding // by rule
	known    map[string]life.Known        // by key: what fires by the ledger
	subjects []string                     // of the orders
	outlook  *outlook                     // nil without a ledger
	ahead    map[string]Ahead             // by key
}

// Explain answers. The error is a *SubjectError, or that the ledger is too large
// to be copied.
func Explain(in Input) (Explanation, error) {
	w := &explainer{Input: in, found: map[string][]license.Finding{}, known: map[string]life.Known{}}
	w.prepare()
	findings := w.Set.Evaluate(w.Snapshot, w.Now, w.Language)
	for _, f := range findings {
		w.found[f.Rule] = append(w.found[f.Rule], f)
	}
	if err := w.checkSubject(); err != nil {
		return Explanation{}, err
	}
	if w.Ledger != nil {
		outlook, err := newOutlook(w.Input, findings)
		if err != nil {
			return Explanation{}, err
		}
		w.outlook = outlook
	}
	w.ahead = w.lookAhead()
	e := Explanation{
		At: w.Now, Account: w.Snapshot.Account, Site: w.Snapshot.Site, Memory: w.Memory, LastRun: w.lastRun(),
		Channels: w.Channels, Sources: w.explainSources(), Rules: []Rule{}, Owed: w.undelivered(), Notes: w.silenceNotes(),
	}
	for _, d := range w.Rules {
		if w.Rule == "" || w.Rule == d.ID {
			e.Rules = append(e.Rules, w.explainRule(d))
		}
	}
	return e, nil
}

// prepare gives the snapshot its previous reading, and finds out which channels
// and orders there are.
func (w *explainer) prepare() {
	w.Channels = append([]string{}, w.Channels...)
	if w.Ledger != nil {
		w.Snapshot = w.Snapshot.After(handler.Previous(w.Ledger), w.Now)
	}
	if w.Snapshot.Orders != nil {
		w.subjects = w.Snapshot.Subjects()
	}
	if w.Ledger == nil {
		return
	}
	if len(w.Channels) == 0 {
		w.Channels = append(w.Channels, w.Ledger.Channels()...)
	}
	for _, k := range w.Ledger.Known() {
		w.known[license.Finding{Rule: k.Rule, Subject: k.Subject}.Key()] = k
	}
}

// checkSubject refuses an order that nobody knows. Only a whole list tells.
func (w *explainer) checkSubject() error {
	_, known := w.known[license.Finding{Rule: w.Rule, Subject: w.Subject}.Key()]
	orders := w.Snapshot.Orders
	if w.Subject == "" || known || orders == nil || orders.Incomplete || slices.Contains(w.subjects, w.Subject) {
		return nil
	}
	return &SubjectError{Subject: w.Subject, Listed: w.subjects, Gone: w.Ledger != nil && w.Ledger.Knew(w.Subject)}
}

// lastRun is when a run last read anything, by the ledger.
func (w *explainer) lastRun() *time.Time {
	if w.Ledger == nil {
		return nil
	}
	var last time.Time
	p := w.Ledger.Previous()
	for _, at := range []time.Time{p.OverviewAt, p.OrdersAt, p.PurchaseStateAt} {
		if at.After(last) {
			last = at
		}
	}
	return w.timeInZone(last)
}

// timeInZone is a time in the zone of the answer; nil for none.
func (w *explainer) timeInZone(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.In(w.Now.Location())
	return &at
}

// undelivered are the messages that some channel has not accepted and that tell of what
// was asked about.
func (w *explainer) undelivered() []Owed {
	owed := []Owed{}
	if w.Ledger == nil {
		return owed
	}
	for _, m := range w.Ledger.Waiting(w.Now) {
		if w.Rule != "" && !slices.ContainsFunc(m.Findings, w.isAsked) {
			continue
		}
		owed = append(owed, Owed{
			ID: m.ID, Mode: m.Mode, At: m.At.In(w.Now.Location()), Channel: m.Channel, Findings: append([]string{}, m.Findings...),
			Tries: m.Tries, PausedAt: w.timeInZone(m.Paused), GivenUpAt: w.timeInZone(m.GivenUp), Former: m.Former,
		})
	}
	return owed
}

// isAsked says whether a finding was asked about.
func (w *explainer) isAsked(key string) bool {
	rule, subject, _ := strings.Cut(key, "/")
	return (w.Rule == "" || w.Rule == rule) && (w.Subject == "" || w.Subject == subject)
}
