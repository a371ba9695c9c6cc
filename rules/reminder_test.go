package rules_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRemindEvery(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"1h": time.Hour, "12h": 12 * time.Hour, "1d": day, "7d": 7 * day, "'7d'": 7 * day, "365d": 365 * day, "8760h": 365 * day, "48h": 2 * day,
	} {
		for _, each := range []bool{false, true} {
			f := load(t, ruleFile(each, "cwp.LicenseCnt > 0")+"    remind_every: "+text+"\n").Evaluate(healthy(), now)[0]
			if f.RemindEvery != want || f.RemindAt != nil {
				t.Errorf("%s: every %v and at %v, want every %v", text, f.RemindEvery, f.RemindAt, want)
			}
		}
	}
	if f := judge(t, "cwp.LicenseCnt > 0", healthy()); f.RemindEvery != 0 {
		t.Errorf("every %v without remind_every", f.RemindEvery)
	}
}

// One way to be reminded takes the place of the other in a built-in rule.
func TestRemindersOfBuiltInRules(t *testing.T) {
	t.Parallel()
	findings := load(t, `
version: 1
extends: default
rules:
  - {id: cwp-order-expiring, remind_every: 12h}
  - {id: cwp-order-isolated, remind_at: [0]}
  - {id: cwp-expired, remind_every: 30d}
`).Evaluate(healthy(), now)
	type reminders struct {
		At    []int64
		Every time.Duration
	}
	got := map[string]reminders{}
	for _, id := range []string{"cwp-order-expiring", "cwp-order-isolated", "cwp-expired", "cwp-near-expiry"} {
		f := byRule(findings, id)[0]
		got[id] = reminders{f.RemindAt, f.RemindEvery}
	}
	want := map[string]reminders{
		"cwp-order-expiring": {nil, 12 * time.Hour}, "cwp-order-isolated": {[]int64{0}, 0},
		"cwp-expired": {nil, 720 * time.Hour}, "cwp-near-expiry": {nil, 168 * time.Hour},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
}
