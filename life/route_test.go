package life_test

import (
	"testing"

	"licensewatch/license"
)

// TestRoutes: a channel hears of what is routed to it, in alerts and in digests, and of the
// end of what it heard of; an event is listed nowhere else either.
func TestRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.routed = func(f *license.Finding, channel string) bool {
		return channel == "slack" || f.Severity != license.Critical
	}
	critical, warning := firing("tcss-over", license.Critical), firing("cwp-seats", license.Warning)
	renewal := event("order-renewal/a", "1>2", license.Critical)
	w.want("alert", w.alert(critical, warning, renewal), "slack: new cwp-seats warning", "slack: new order-renewal/a critical 1>2",
		"slack: new tcss-over critical", "slack: mention", "wecom: new cwp-seats warning")
	w.want("digest", w.wait(hour).digest(critical, warning), "slack: ongoing cwp-seats warning", "slack: ongoing order-renewal/a critical 1>2",
		"slack: ongoing tcss-over critical", "slack: digest", "wecom: ongoing cwp-seats warning", "wecom: digest")
	worse := firing("cwp-seats", license.Critical)
	w.want("worse: another route", w.wait(hour).alert(critical, worse), "slack: worse cwp-seats critical was warning", "slack: mention")
	w.want("over", w.wait(hour).alert(fine("tcss-over"), fine("cwp-seats")), "slack: resolved cwp-seats", "slack: resolved tcss-over",
		"wecom: resolved cwp-seats")
	if owed := w.ledger.Owed(w.channels, w.now, license.Hours{}); len(owed) > 0 {
		t.Errorf("somebody is owed %+v", owed)
	}
}
