package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// changeCases has, for each built-in rule about a change, readings on which it
// fires, is quiet, and cannot be known. Both begin as the healthy account.
var changeCases = []struct {
	rule, name  string
	before, now change
	want        license.State
	event       string // when firing
}{
	{"cwp-seats-dropped", "by forty", nil, seats(277), license.Firing, "NotExpiredLicenseCnt 317→277"},
	{"cwp-seats-dropped", "by one", nil, seats(316), license.Firing, "NotExpiredLicenseCnt 317→316"},
	{"cwp-seats-dropped", "more than before", nil, seats(318), license.OK, ""},
	{"cwp-seats-dropped", "not told", nil, func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) { o.NotExpiredLicenseCnt = nil }, license.Unknown, ""},

	{"cwp-topup-switched-off", "off", nil, topup(new(false), new(true)), license.Firing, "AutoRepurchaseSwitch true→false"},
	{"cwp-topup-switched-off", "switched on", topup(new(false), new(true)), nil, license.OK, ""},
	{"cwp-topup-switched-off", "never on and not told", topup(new(false), nil), topup(nil, nil), license.OK, ""},
	{"cwp-topup-switched-off", "not told", nil, topup(nil, new(true)), license.Unknown, ""},

	{"cwp-topup-renewal-switched-off", "off", nil, topup(new(true), new(false)), license.Covered, "AutoRepurchaseRenewSwitch true→false"},
	{"cwp-topup-renewal-switched-off", "top-up off as well", nil, topup(new(false), new(false)), license.OK, ""},
	{"cwp-topup-renewal-switched-off", "off before", topup(new(true), new(false)), topup(new(true), new(false)), license.OK, ""},
	{"cwp-topup-renewal-switched-off", "not told", nil, topup(new(true), nil), license.Unknown, ""},

	{"cwp-order-renewal-switched-off", "off", nil, ending("2027-03-01 00:00:00"), license.Firing, "AutoRenewFlag 1→2"},
	{"cwp-order-renewal-switched-off", "no longer set, ends tomorrow", nil, renewing(license.RenewalNotSet, "2026-11-23 00:00:00"), license.Covered, "AutoRenewFlag 1→0"},
	{"cwp-order-renewal-switched-off", "no deadline", nil, renewing(license.RenewalOff, ""), license.Firing, "AutoRenewFlag 1→2"},
	{"cwp-order-renewal-switched-off", "switched on", ending("2027-03-01 00:00:00"), nil, license.OK, ""},
	{"cwp-order-renewal-switched-off", "off before", ending("2027-03-01 00:00:00"), ending("2027-03-01 00:00:00"), license.OK, ""},
	{"cwp-order-renewal-switched-off", "destroyed", nil, status(license.OrderDestroyed), license.OK, ""},
	{"cwp-order-renewal-switched-off", "not told", nil, func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) { o.AutoRenewFlag = nil }, license.Unknown, ""},

	{"cwp-order-frozen", "one seat", nil, frozen(1), license.Firing, "FreezeNum unknown→1"},
	{"cwp-order-frozen", "was negative", frozen(-2), frozen(5), license.Firing, "FreezeNum -2→5"},
	{"cwp-order-frozen", "more of them", frozen(5), frozen(6), license.Firing, "FreezeNum 5→6"},
	{"cwp-order-frozen", "fewer of them", frozen(5), frozen(4), license.OK, ""},
	{"cwp-order-frozen", "negative", frozen(0), frozen(-1), license.OK, ""},
	{"cwp-order-frozen", "never told", nil, nil, license.OK, ""},

	{"tcss-state-changed", "Pro edition expired", nil, tcss(license.StateExpired, license.RenewalOff, "2026-11-21 00:00:00"), license.Covered, "State 3→4"},
	{"tcss-state-changed", "trial bought", tcss(license.StateTrial, 0, ""), nil, license.Firing, "State 2→3"},
	{"tcss-state-changed", "a state nobody documented", nil, tcss(7, 0, "xx"), license.Unknown, ""},
	{"tcss-state-changed", "the same that nobody documented", tcss(7, 0, "xx"), tcss(7, 0, "xx"), license.OK, ""},
	{"tcss-state-changed", "same state", nil, tcss(license.StatePro, license.RenewalOff, "2026-12-04 00:00:00"), license.OK, ""},
	{"tcss-state-changed", "not told", nil, stateless, license.Unknown, ""},

	{"tcss-renewal-switched-off", "off", nil, tcss(license.StatePro, license.RenewalOff, "2027-09-18 00:00:00"), license.Covered, "AutomaticRenewal 1→2"},
	{"tcss-renewal-switched-off", "off, no date", nil, tcss(license.StatePro, license.RenewalOff, "xx"), license.Covered, "AutomaticRenewal 1→2"},
	{"tcss-renewal-switched-off", "not set any more", nil, tcss(license.StatePro, license.RenewalNotSet, "2027-09-18 00:00:00"), license.Firing, "AutomaticRenewal 1→0"},
	{"tcss-renewal-switched-off", "switched on", tcss(license.StatePro, license.RenewalOff, "2027-09-18 00:00:00"), nil, license.OK, ""},
	{"tcss-renewal-switched-off", "expired", nil, tcss(license.StateExpired, license.RenewalOff, "2026-11-21 00:00:00"), license.OK, ""},
	{"tcss-renewal-switched-off", "not told", nil, func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) { p.AutomaticRenewal = nil }, license.Unknown, ""},

	{"tcss-cores-dropped", "by twenty", cores(new(int64(68))), cores(new(int64(48))), license.Firing, "AuthorizedCoresCnt 68→48"},
	{"tcss-cores-dropped", "by one", cores(new(int64(68))), cores(new(int64(67))), license.Firing, "AuthorizedCoresCnt 68→67"},
	{"tcss-cores-dropped", "more than before", cores(new(int64(68))), cores(new(int64(69))), license.OK, ""},
	{"tcss-cores-dropped", "never told", nil, nil, license.OK, ""},
	{"tcss-cores-dropped", "not told before", nil, cores(new(int64(48))), license.OK, ""},
	{"tcss-cores-dropped", "not told", cores(new(int64(68))), nil, license.Unknown, ""},
}

func seats(n int64) change {
	return func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) { o.NotExpiredLicenseCnt = &n }
}

func topup(on, renews *bool) change {
	return func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.AutoRepurchaseSwitch, o.AutoRepurchaseRenewSwitch = on, renews
	}
}

func renewing(flag int64, deadline string) change {
	return func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.AutoRenewFlag, o.Deadline = &flag, &deadline
	}
}

func status(n int64) change {
	return func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) { o.OrderStatus = &n }
}

func frozen(n int64) change {
	return func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) { o.FreezeNum = &n }
}

func cores(n *int64) change {
	return func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) { p.AuthorizedCoresCnt = n }
}

// readings is a reading with the one before it; nil changes nothing.
func readings(before, after change) license.Snapshot {
	unchanged := func(*license.Overview, *license.Order, *license.PurchaseState) {}
	if before == nil {
		before = unchanged
	}
	if after == nil {
		after = unchanged
	}
	s, previous := changed(after), changed(before)
	s.Previous = &previous
	return s
}

func TestDefaultChangeRules(t *testing.T) {
	t.Parallel()
	seen := map[string]map[license.State]bool{}
	for _, c := range changeCases {
		if seen[c.rule] == nil {
			seen[c.rule] = map[license.State]bool{}
		}
		seen[c.rule][c.want] = true
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			s := readings(c.before, c.now)
			findings := byRule(rules.Default().Evaluate(s, now), c.rule)
			if len(findings) != 1 {
				t.Fatalf("%d findings, want 1", len(findings))
			}
			f := findings[0]
			if f.State != c.want || !f.Event || f.EventID != c.event {
				t.Errorf("%s, event %v %q; want %s, an event, %q", summary(f), f.Event, f.EventID, c.want, c.event)
			}
			if f.State == license.Unknown && len(f.Missing) == 0 {
				t.Error("unknown, but nothing is named that is missing")
			}
			s.Previous = nil
			if findings := byRule(rules.Default().Evaluate(s, now), c.rule); len(findings) != 0 {
				t.Errorf("without a previous reading: %v, want no finding", summaries(findings))
			}
		})
	}
	for rule, states := range seen {
		if !states[license.Firing] && !states[license.Covered] || !states[license.OK] {
			t.Errorf("%s has cases for %v, want one that fires and one that is quiet", rule, states)
		}
	}
	seen["cwp-machines-newly-unprotected"] = nil // in tests/changes.yaml
	if events := len(rules.Default().IDs()) - 24; len(seen) != events {
		t.Errorf("cases for %d rules about changes, want %d", len(seen), events)
	}
}

// The texts of every firing case, in both languages, for people to read.
func TestDefaultChangeTexts(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, c := range changeCases {
		for _, f := range byRule(rules.Default().Evaluate(readings(c.before, c.now), now), c.rule) {
			if f.State == license.Firing {
				fmt.Fprintf(&text, "%s (%s, %s)\n  %s\n  %s\n  %s\n  %s\n", c.rule, c.name, f.Severity, f.Title.En, f.Detail.En, f.Title.Zh, f.Detail.Zh)
			}
		}
	}
	golden(t, "testdata/default-change-texts.golden", text.String())
}

// Judging leaves out the evidence of what is ok, and nothing else.
func TestJudge(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"cn-sample.json", "intl-healthy.json", "intl-sample.json"} {
		s := compared(account(t, name))
		want := rules.Default().Evaluate(s, now)
		for i, f := range want {
			if f.State == license.OK && !f.Lingers {
				want[i].Evidence = nil
			}
		}
		if diff := cmp.Diff(want, rules.Default().Judge(s, now)); diff != "" {
			t.Errorf("%s (-evaluated +judged):\n%s", name, diff)
		}
	}
}

// A reading like the one before changes no answer, and none about changes fires
// or is unknown; without the one before, no rule about changes says anything.
func TestNothingChangedOnHealthyAccounts(t *testing.T) {
	t.Parallel()
	accounts := map[string]license.Snapshot{"healthy": healthy()}
	for _, name := range []string{"cn-sample.json", "intl-healthy.json", "intl-sample.json"} {
		accounts[name] = account(t, name)
	}
	for name, s := range accounts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var states []license.Finding
			for _, f := range rules.Default().Evaluate(compared(s), now) {
				switch {
				case !f.Event:
					if f.Calendar != (f.State == license.Firing || f.Lingers) {
						t.Errorf("%s, calendar %t", summary(f), f.Calendar)
					}
					f.Calendar = false
					states = append(states, f)
				case f.State != license.OK:
					t.Errorf("%s, want ok", summary(f))
				}
			}
			if diff := cmp.Diff(rules.Default().Evaluate(s, now), states); diff != "" {
				t.Errorf("rules about states (-alone +compared):\n%s", diff)
			}
		})
	}
}
