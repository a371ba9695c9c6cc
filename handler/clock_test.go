package handler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/life"
)

// TestWrongClockAgesNothing: after one run whose clock is weeks off, what was acknowledged,
// owed and told is as it was: nobody hears of a renewal, of an end or of a pause that was
// none. Where the cloud has refused the time, that run itself says nothing wrong.
func TestWrongClockAgesNothing(t *testing.T) {
	const weeks = 21 * 24 * time.Hour
	tests := map[string]struct {
		off     time.Duration
		refused bool // by the cloud
		acked   bool
		owed    bool     // WeCom accepts nothing until the clock is right
		says    []string // what the chats accept afterwards
	}{
		"ahead and refused":       {off: weeks, refused: true},
		"behind and refused":      {off: -weeks, refused: true},
		"ahead and acknowledged":  {off: weeks, acked: true, says: []string{"Withdrawn", "the clock of a run was wrong"}},
		"refused, acknowledged":   {off: weeks, refused: true, acked: true},
		"behind and acknowledged": {off: -weeks, acked: true},
		"ahead, owed":             {off: weeks, owed: true, says: []string{"ends in 2 days", "Withdrawn"}},
		"refused, owed":           {off: weeks, refused: true, owed: true},
		"ahead":                   {off: weeks, says: []string{"ends in 2 days", "Withdrawn", "the clock of a run was wrong"}},
		"behind":                  {off: -weeks, says: []string{"ends in 2 days"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newGroups(t, "healthy")
			w.Override("DescribeLicenseList", orderEnding(w.clock.AddDate(0, 0, 2)))
			if test.owed {
				w.wecom.set(status(429, "slow down"))
			}
			_, err := w.tick("alert")
			if !test.owed {
				must(t, err)
			}
			if test.acked {
				must(t, w.edit(t.Context(), func(l *life.Ledger, now time.Time) error {
					return l.Acknowledge(license.Ack{Rule: "cwp-order-expiring", Subject: "cwp-aaaa", Until: now.AddDate(0, 0, 7), Reason: "x", By: "y"}, now)
				}))
			}
			right := w.clock
			w.clock = w.clock.Add(test.off)
			if test.refused {
				refuse := func(rw http.ResponseWriter, r *http.Request) {
					rw.Header().Set("Date", time.Now().Add(-test.off).UTC().Format(http.TimeFormat))
					simulator.APIError("AuthFailure.SignatureExpire", "x")(rw, r)
				}
				for _, action := range []string{"DescribeLicenseGeneral", "DescribeLicenseList", "DescribePurchaseStateInfo"} {
					w.Override(action, refuse)
				}
			}
			before := w.slack.count()
			_, _ = w.tick("alert")
			if posts := w.slack.since(before); test.refused && len(posts) > 0 {
				t.Errorf("the run itself says %q", posts)
			}
			before, w.clock = w.slack.count(), right
			w.wecom.set(nil)
			for _, action := range []string{"DescribeLicenseGeneral", "DescribePurchaseStateInfo"} {
				w.Override(action, nil)
			}
			w.Override("DescribeLicenseList", orderEnding(right.Add(-time.Hour).AddDate(0, 0, 2)))
			for range 4 {
				_, err := w.tick("alert")
				must(t, err)
			}
			summary, err := w.tick("digest")
			must(t, err)
			if summary.Outcome != handler.OutcomeSent {
				t.Errorf("the digest is %s (%s)", summary.Outcome, summary.Reason)
			}
			posts := w.slack.since(before)
			alerts, all := strings.Join(posts[:len(posts)-1], "\n"), strings.Join(posts, "\n")
			w.wantContains("what the chat heard afterwards", all, test.says...)
			for _, wrong := range []string{"renewed, or", "was renewed (", "No run between", "given up", "acknowledgement ended", "can be read again", "Unreadable", "got worse"} {
				if strings.Contains(all, wrong) {
					t.Errorf("the chat heard of %q: %s", wrong, all)
				}
			}
			w.wantContains("what WeCom accepted", w.wecom.accepted(), "cwp-aaaa")
			if strings.Contains(w.wecom.accepted(), "dropped") || strings.Contains(w.wecom.accepted(), "given up") {
				t.Errorf("WeCom accepted %s", w.wecom.accepted())
			}
			if test.acked && strings.Contains(alerts, "Order `cwp-aaaa` ends") {
				t.Errorf("an acknowledged order is told: %s", alerts)
			}
			if len(test.says) == 0 && alerts != "" {
				t.Errorf("the chat heard %s", alerts)
			}
		})
	}
}
