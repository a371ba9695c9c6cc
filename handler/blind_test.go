package handler_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// alertAt is an event of the alert timer.
func alertAt(at time.Time) string {
	return `{"Type":"Timer","TriggerName":"alert","Time":"` + at.UTC().Format(time.RFC3339) + `","Message":"alert"}`
}

// blindWorld is one of which nothing can be read.
func blindWorld(t *testing.T, settings ...string) *world {
	t.Helper()
	w := newWorld(t, "healthy", settings...)
	for _, action := range []string{"DescribeLicenseGeneral", "DescribeLicenseList", "DescribeMachineGeneral", "DescribePurchaseStateInfo"} {
		w.Override(action, simulator.APIError("AuthFailure.SecretIdNotFound", "x"))
	}
	return w
}

// TestNothingReadableWithoutAStore: alerts say so in the first hour of the day's
// hours, and are no success.
func TestNothingReadableWithoutAStore(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*60*60)
	at := func(hour, minute int) time.Time { return time.Date(2026, 11, 22, hour, minute, 0, 0, shanghai) } // a Sunday
	for name, test := range map[string]struct {
		now   time.Time
		late  time.Duration // by how much the event is late
		hours string
		posts int
	}{
		"the first minute":       {at(9, 0), 0, "", 1},
		"the first hour":         {at(9, 37), 0, "", 1},
		"an instance that slept": {at(9, 37), 30 * time.Second, "", 1},
		"a rerun":                {at(9, 38), time.Minute, "", 0},
		"a late rerun":           {at(9, 38), 45 * time.Second, "", 0},
		"the second hour":        {at(10, 0), 0, "", 0},
		"before the hours":       {at(8, 37), 0, "", 0},
		"in the night":           {at(0, 37), 0, "", 0},
		"hours that never end":   {at(9, 37), 0, "always", 1},
		"always, but later":      {at(10, 37), 0, "always", 0},
		"always, but earlier":    {at(8, 37), 0, "always", 0},
		"other hours":            {at(14, 7), 0, "14:00-18:00", 1},
		"no hours on a Sunday":   {at(9, 37), 0, "Mon-Fri 09:00-18:00", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := blindWorld(t, "LICENSEWATCH_HOURS", test.hours)
			w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
			summary, err := w.run(alertAt(test.now.Add(-test.late)), func(o *handler.Options) { o.Now = func() time.Time { return test.now } })
			if err != nil || summary.Outcome != handler.OutcomeUnknown {
				t.Errorf("%v, outcome %s (%s)", err, summary.Outcome, summary.Reason)
			}
			w.wantPosts(test.posts, test.posts)
			if w.Heartbeats() != 0 {
				t.Error("the heartbeat was called")
			}
			w.wantContains("reason", summary.Reason, "cwp.overview (AuthFailure.SecretIdNotFound)")
			for _, body := range append(w.posted("slack"), w.posted("wecom")...) {
				w.wantContains("message", body, "no data could be read", "AuthFailure.SecretIdNotFound")
			}
		})
	}
}

// TestNothingReadableAndNobodyListens: a rerun would say nothing, so there is no
// error; the outcome says that nobody was told.
func TestNothingReadableAndNobodyListens(t *testing.T) {
	w := blindWorld(t)
	w.OverrideChat("slack", status(502, "x"))
	w.OverrideChat("wecom", status(502, "x"))
	summary, err := w.run(alertAt(now))
	if err != nil || summary.Outcome != handler.OutcomeFailed || !strings.Contains(summary.Reason, "nobody accepted") {
		t.Errorf("%v, outcome %s (%s)", err, summary.Outcome, summary.Reason)
	}
}

// TestPartlyReadableWithoutAStore: what is read is quiet, so nothing is posted.
func TestPartlyReadableWithoutAStore(t *testing.T) {
	w := blindWorld(t)
	w.Override("DescribePurchaseStateInfo", nil)
	summary, err := w.run(alertAt(now))
	if err != nil || summary.Outcome != handler.OutcomeUnknown {
		t.Errorf("%v, outcome %s (%s)", err, summary.Outcome, summary.Reason)
	}
	w.wantPosts(0, 0)
}

// TestDigestThatCouldReadNothing: it is sent, and it is no sign of life.
func TestDigestThatCouldReadNothing(t *testing.T) {
	w := blindWorld(t)
	w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
	digest := strings.ReplaceAll(alertAt(now), `"alert"`, `"digest"`)
	summary, err := w.run(digest, func(*handler.Options) {})
	if err != nil || summary.Outcome != handler.OutcomeSent || w.Heartbeats() != 0 {
		t.Errorf("%v, %+v, %d heartbeats", err, summary, w.Heartbeats())
	}
	w.Override("DescribePurchaseStateInfo", nil) // one source is enough
	if _, err := w.run(digest, func(*handler.Options) {}); err != nil || w.Heartbeats() != 1 {
		t.Errorf("%v, %d heartbeats after a reading", err, w.Heartbeats())
	}
}
