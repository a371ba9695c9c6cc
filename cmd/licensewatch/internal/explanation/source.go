package explanation

import (
	"fmt"
	"strings"

	"licensewatch/license"
)

// everySource is the sources in reading order.
var everySource = []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState}

// fixes say what to do about a source that could not be read.
var fixes = map[license.FailureKind]string{
	license.FailureDenied:      "allow {action} for these keys, as deploy/cam-policy.json does",
	license.FailureCredentials: "set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (and TENCENTCLOUD_TOKEN with temporary keys) to keys of this account, or look whether they still hold",
	license.FailureClock:       "set the clock of this machine: the time of the request was refused",
	license.FailureRole:        "open the console of Container Security once and authorize its service role",
	license.FailureThrottled:   "there were too many requests: try again",
	license.FailureServer:      "a fault at Tencent Cloud: try again",
	license.FailureNetwork:     "look at the way out to the internet from here: the API was not reached",
	license.FailureTimeout:     "there was no answer in time: try again",
	license.FailureTLS:         "look for a proxy, and check LICENSEWATCH_API_ENDPOINT: the certificate was not accepted",
	license.FailureRedirect:    "look for a proxy, and check LICENSEWATCH_API_ENDPOINT: the host sent us elsewhere",
	license.FailureAnswer:      "check LICENSEWATCH_SITE and LICENSEWATCH_API_ENDPOINT: the answer made no sense",
	license.FailureRequest:     "check LICENSEWATCH_SITE, then report it with the request id: the request was refused as wrong",
	license.FailureInternal:    "report it: this is a mistake of licensewatch",
}

// sources explain what was read.
func (w *work) sources() []Source {
	all := []Source{}
	for _, source := range everySource {
		s := Source{Source: source, Status: SourceRead}
		failure, orders := w.Snapshot.Failures[source], w.Snapshot.Orders
		switch {
		case !w.Snapshot.Wants(source):
			s.Status = SourceLeftOut
		case failure != nil:
			s.Status, s.Facts, s.Fix = SourceFailed, facts(failure), fix(failure)
		case source == license.SourceOrders && orders != nil && orders.Incomplete:
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
func (w *work) addOutage(s *Source) {
	if w.Ledger == nil {
		return
	}
	for _, o := range w.Ledger.Unread() {
		if o.Source == s.Source {
			s.UnreadSince, s.UnreadRuns = w.moment(o.Since), o.Runs
		}
	}
}

// facts are what to quote when asking for help.
func facts(f *license.Failure) string {
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

func fix(f *license.Failure) string {
	return strings.ReplaceAll(fixes[f.Kind], "{action}", f.Service+":"+f.Action)
}
