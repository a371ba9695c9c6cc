package explanation

import (
	"fmt"
	"strings"

	"licensewatch/license"
)

// explainSources explain what was read.
func (w *explainer) explainSources() []Source {
	all := []Source{}
	for _, source := range license.Sources() {
		s := Source{Source: source, Status: SourceRead}
		failure, orders := w.Snapshot.Failures[source], w.Snapshot.Orders
		switch {
		case failure != nil: // wanted, or not allowed yet
			s.Status, s.Facts, s.Fix = SourceFailed, failureFacts(failure), w.Fix(failure)
		case !w.Snapshot.Wants(source):
			s.Status = SourceLeftOut
		case w.Snapshot.IsPartly(source):
			s.Status = SourceIncomplete
			s.Facts = fmt.Sprintf("%d of %d orders came", len(orders.List), orders.TotalCount)
			s.Fix = "try again: an order that is not in the list may still exist, and is not judged"
		}
		w.addOutage(&s)
		all = append(all, s)
	}
	return all
}

// addOutage adds for how long the runs fail to read the source.
func (w *explainer) addOutage(s *Source) {
	if w.Ledger == nil {
		return
	}
	for _, o := range w.Ledger.Unread() {
		if o.Source == s.Source {
			s.UnreadSince, s.UnreadRuns = w.timeInZone(o.Since), o.Runs
		}
	}
}

// failureFacts are what to quote when asking for help.
func failureFacts(f *license.Failure) string {
	var parts []string
	switch {
	case f.Code != "":
		parts = append(parts, f.Code)
	case f.HTTPStatus != 0:
		parts = append(parts, fmt.Sprintf("HTTP %d", f.HTTPStatus))
	default:
		parts = append(parts, string(f.Kind))
	}
	if f.Action != "" {
		parts = append(parts, f.Action)
	}
	if f.RequestID != "" {
		parts = append(parts, "request "+f.RequestID)
	}
	return strings.Join(parts, ", ")
}
