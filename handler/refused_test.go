package handler_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// refused is what a role is answered that does not allow an action.
func refused() http.HandlerFunc {
	return simulator.APIError("AuthFailure.UnauthorizedOperation", "no")
}

// TestUpgradeWithoutThePermission: who upgrades and leaves the policy as it is gets
// what they got before, and a line in the digest. Alerts leave that to it.
func TestUpgradeWithoutThePermission(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
	w.Override("DescribeMachineGeneral", refused())
	for day := range 3 {
		w.clock = now.AddDate(0, 0, day)
		summary := w.wantTick("digest", handler.OutcomeSent, day+1, day+1)
		if summary.Findings.Unknown != 0 || summary.Sources["cwp.machines"] != "AuthFailure.UnauthorizedOperation" || summary.Sources["cwp.overview"] != "ok" {
			t.Errorf("%+v", summary)
		}
		for _, channel := range []string{"slack", "wecom"} {
			w.wantContains(channel, w.posted(channel)[day], "cwp:DescribeMachineGeneral", "🟢")
		}
		for range 23 {
			w.wantTick("alert", handler.OutcomeQuiet, day+1, day+1)
		}
	}
	if w.Heartbeats() != 3*24 {
		t.Errorf("%d heartbeats, want one a run", w.Heartbeats())
	}
}

// TestUpgradeWithAlertsOnly: where no digest comes, alerts say once a day which action to
// allow, within the hours, and go on as before.
func TestUpgradeWithAlertsOnly(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
	w.Override("DescribeMachineGeneral", refused())
	w.clock = time.Date(2026, 11, 22, 0, 37, 0, 0, time.FixedZone("CST", 8*60*60))
	for hour := range 3 * 24 {
		posts := (hour + 24 - 9) / 24 // from nine o'clock on
		summary := w.wantTick("alert", handler.OutcomeQuiet, posts, posts)
		if len(summary.Delivered) != 0 || summary.Findings.Unknown != 0 {
			t.Errorf("hour %d: %+v", hour, summary)
		}
	}
	if w.Heartbeats() != 3*24 {
		t.Errorf("%d heartbeats, want one a run", w.Heartbeats())
	}
	for _, channel := range []string{"slack", "wecom"} {
		w.wantContains(channel, w.posted(channel)[0], "CWPP (machines) left out", "cwp:DescribeMachineGeneral", "LICENSEWATCH_SOURCES")
	}
	w.Override("DescribeMachineGeneral", nil)
	w.wantTick("alert", handler.OutcomeQuiet, 3, 3)
}

// TestRefusedIsTriedAgain: a chat that is down hears of it from the next alert, and the
// others hear it once.
func TestRefusedIsTriedAgain(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("DescribeMachineGeneral", refused())
	w.OverrideChat("wecom", status(502, "x"))
	if _, err := w.tick("alert"); err != nil {
		t.Error(err)
	}
	w.OverrideChat("wecom", nil)
	before := len(w.posted("wecom"))
	w.wantTick("alert", handler.OutcomeQuiet, 1, before+1)
	w.wantTick("alert", handler.OutcomeQuiet, 1, before+1)
}

// TestRefusedWithoutAStore: an alert without memory says it in the first hour of the
// day's hours.
func TestRefusedWithoutAStore(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*60*60)
	for name, test := range map[string]struct {
		hour  int
		late  time.Duration
		posts int
	}{
		"in the night":     {3, 0, 0},
		"the first hour":   {9, 0, 1},
		"rerun":            {9, time.Minute, 0},
		"the second hour":  {10, 0, 0},
		"after the hours":  {21, 0, 0},
		"before the hours": {8, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy")
			w.Override("DescribeMachineGeneral", refused())
			at := time.Date(2026, 11, 22, test.hour, 37, 0, 0, shanghai)
			summary, err := w.run(alertAt(at.Add(-test.late)), func(o *handler.Options) { o.Now = func() time.Time { return at } })
			if err != nil || summary.Outcome != handler.OutcomeQuiet {
				t.Errorf("%v, %s (%s)", err, summary.Outcome, summary.Reason)
			}
			w.wantPosts(test.posts, test.posts)
		})
	}
	t.Run("digest", func(t *testing.T) {
		w := newWorld(t, "healthy")
		w.Override("DescribeMachineGeneral", refused())
		if summary, err := w.run(digestEvent); err != nil || summary.Outcome != handler.OutcomeSent {
			t.Errorf("%v, %+v", err, summary)
		}
		w.wantPosts(1, 1)
		w.wantContains("digest", w.posted("slack")[0], "cwp:DescribeMachineGeneral", "🟢")
	})
}

// TestRefusedIsAFailure: what was read once, what a role lacks that lacks more, and all
// that is asked for, is a failure like any other when it is refused.
func TestRefusedIsAFailure(t *testing.T) {
	for name, test := range map[string]struct {
		sources string
		before  bool // it was read an hour ago
		refused []string
		outcome handler.Outcome
		unread  []string
	}{
		"read before":         {"cwp,tcss", true, []string{"DescribeMachineGeneral"}, handler.OutcomeUnknown, []string{"cwp.machines"}},
		"never read":          {"cwp,tcss", false, []string{"DescribeMachineGeneral"}, handler.OutcomeQuiet, nil},
		"with all of it":      {"cwp,tcss", false, []string{"DescribeMachineGeneral", "DescribeLicenseGeneral", "DescribeLicenseList"}, handler.OutcomeUnknown, []string{"cwp.overview", "cwp.orders", "cwp.machines"}},
		"with another":        {"cwp,tcss", false, []string{"DescribeMachineGeneral", "DescribePurchaseStateInfo"}, handler.OutcomeUnknown, []string{"tcss"}},
		"alone":               {"cwp.machines", false, []string{"DescribeMachineGeneral"}, handler.OutcomeUnknown, []string{"cwp.machines"}},
		"beside another read": {"cwp.machines,tcss", false, []string{"DescribeMachineGeneral"}, handler.OutcomeQuiet, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "healthy", "LICENSEWATCH_SOURCES", test.sources)
			if test.before {
				w.wantTick("alert", handler.OutcomeQuiet, 0, 0)
			}
			for _, action := range test.refused {
				w.Override(action, refused())
			}
			summary, err := w.tick("alert")
			if err != nil || summary.Outcome != test.outcome {
				t.Errorf("%v, %+v", err, summary)
			}
			for _, source := range []string{"cwp.overview", "cwp.orders", "cwp.machines", "tcss"} {
				if strings.Contains(summary.Reason, source+" (") != slices.Contains(test.unread, source) {
					t.Errorf("%s: %q", source, summary.Reason)
				}
			}
		})
	}
}

// TestRefusedAfterATimeout: that a source was asked for and failed otherwise does not
// make the missing permission a failure.
func TestRefusedAfterATimeout(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("DescribeMachineGeneral", simulator.APIError("InternalError", "x"))
	w.wantTick("alert", handler.OutcomeUnknown, 0, 0)
	w.Override("DescribeMachineGeneral", refused())
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
}
