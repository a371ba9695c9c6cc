package handler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// pagerOf is what a pager has open after the bodies that were posted to a webhook, by the rules'
// names.
func pagerOf(t *testing.T, bodies []string) (open []string) {
	t.Helper()
	incidents := map[string]string{}
	for _, text := range bodies {
		var body struct {
			Findings []struct {
				DedupKey string `json:"dedup_key"`
				Rule     string
				Severity license.Severity
				Was      struct {
					DedupKey string `json:"dedup_key"`
				}
			}
			Resolved []struct {
				DedupKey string `json:"dedup_key"`
			}
		}
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err)
		}
		for _, f := range body.Findings {
			delete(incidents, f.Was.DedupKey)
			if f.Severity != license.Info {
				incidents[f.DedupKey] = f.Rule
			}
		}
		for _, over := range body.Resolved {
			delete(incidents, over.DedupKey)
		}
	}
	for _, rule := range incidents {
		open = append(open, rule)
	}
	slices.Sort(open)
	return open
}

// TestNoIncidentStaysOpen: what is over while another finding tells of it is closed by its key,
// and people do not hear of it twice.
func TestNoIncidentStaysOpen(t *testing.T) {
	t.Parallel()
	nearExpiry := func(w *remembering, licenses int) {
		w.Override("DescribeLicenseGeneral", simulator.Answer(fmt.Sprintf(`{"Response":{"RequestId":"r","LicenseCnt":90,"NotExpiredLicenseCnt":90,
			"UsedLicenseCnt":33,"AvailableLicenseCnt":57,"FlagshipVersionLicenseCnt":90,"AvailableFlagshipVersionLicenseCnt":57,"ProVersionLicenseCnt":0,
			"AvailableProVersionLicenseCnt":0,"AutoRepurchaseSwitch":false,"AutoRepurchaseRenewSwitch":false,"NearExpiryLicenseCnt":%d,"ExpireLicenseCnt":0,"DestroyOrderNum":0}}`, licenses)))
	}
	orderEnds := func(w *remembering, days int) {
		w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 33, w.clock.AddDate(0, 0, days))))
	}
	w := newRemembering(t, "healthy", "LICENSEWATCH_HOURS", "always")
	w.set("LICENSEWATCH_WEBHOOK_URL", w.WebhookURL("webhook"))
	steps := []struct {
		name           string
		days, licenses int
		mode           string
		posts          int // to each chat, in all
		open           []string
	}{
		{"licenses that no order explains", 300, 50, "alert", 1, []string{"cwp-near-expiry"}},
		{"an order tells of some of them", 5, 50, "alert", 2, []string{"cwp-near-expiry", "cwp-order-expiring"}},
		{"the others are no more", 5, 40, "alert", 2, []string{"cwp-near-expiry", "cwp-order-expiring"}},
		{"the order is renewed", 300, 0, "alert", 3, nil},
	}
	for _, step := range steps {
		nearExpiry(w, step.licenses)
		orderEnds(w, step.days)
		if _, err := w.tick(step.mode); err != nil {
			t.Fatal(err)
		}
		if posts := w.posted("slack"); len(posts) != step.posts {
			t.Fatalf("%s: %d messages to people, want %d: %s", step.name, len(posts), step.posts, posts[len(posts)-1])
		}
		if open := pagerOf(t, w.posted("webhook")); !slices.Equal(open, step.open) {
			t.Errorf("%s: a pager has open %q, want %q", step.name, open, step.open)
		}
	}
	if last := w.posted("slack")[2]; strings.Contains(last, "expire within") {
		t.Errorf("people hear of the end of what they heard by the order: %s", last)
	}
}

// TestRerunAddsToWhatIsOwed: where the platform runs an event again and an account has more to say by
// then, the message has each finding as the last of its parts has it.
func TestRerunAddsToWhatIsOwed(t *testing.T) {
	t.Parallel()
	w := newFleetWorld(t, []fleetAccount{{"100000000101", "pay-prod", "pay", "healthy"}}, nil, "LICENSEWATCH_HOURS", "always")
	w.changeFile("kind: slack", "kind: webhook", "[pay-oncall]", "[security]", "continue: true", "continue: false")
	w.set("LICENSEWATCH_SLACK_SECURITY", w.WebhookURL("webhook"))
	order := func(status int) {
		w.Override("DescribeLicenseList", ordersAre(boundOrder(1, status, 33, w.clock.AddDate(0, 0, 2))))
	}
	for i, status := range []int{1, 2, 3} { // expires, is isolated, is destroyed
		order(status)
		answer := http.HandlerFunc(nil)
		if i < 2 {
			answer = func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTooManyRequests) }
		}
		w.OverrideChat("webhook", answer)
		_, _ = w.runAt(alertEvent)
		w.clock = w.clock.Add(time.Minute)
	}
	posts := w.posted("webhook")
	last := posts[len(posts)-1]
	if open := pagerOf(t, posts[len(posts)-1:]); !slices.Equal(open, []string{"cwp-order-destroyed"}) {
		t.Errorf("a pager has open %q by %s", open, last)
	}
	if strings.Count(last, `"event":false`) != 1 {
		t.Errorf("a finding is told as it was, and as it is: %s", last)
	}
}
