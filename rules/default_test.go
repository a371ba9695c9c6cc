package rules_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// change is what a case does to the healthy account.
type change func(o *license.Overview, order *license.Order, p *license.PurchaseState)

func changed(f change) license.Snapshot {
	s := healthy()
	f(s.Overview, &s.Orders.List[0], s.PurchaseState)
	return s
}

// defaultCases has, for each built-in rule, accounts on which it fires, is
// quiet, and cannot be known.
var defaultCases = []struct {
	rule string
	name string
	do   change
	want license.State
	sev  license.Severity // when firing
}{
	{"cwp-expired", "ten expired", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.ExpireLicenseCnt = new(int64(10))
	}, license.Firing, license.Critical},
	{"cwp-expired", "none expired", func(*license.Overview, *license.Order, *license.PurchaseState) {}, license.OK, ""},
	{"cwp-expired", "not told", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) { o.ExpireLicenseCnt = nil }, license.Unknown, ""},

	{"cwp-near-expiry", "one ends", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.NearExpiryLicenseCnt = new(int64(1))
	}, license.Firing, license.Warning},
	{"cwp-near-expiry", "none ends", func(*license.Overview, *license.Order, *license.PurchaseState) {}, license.OK, ""},
	{"cwp-near-expiry", "not told", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) { o.NearExpiryLicenseCnt = nil }, license.Unknown, ""},

	{"cwp-seats-nearly-used", "90 percent", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.UsedLicenseCnt, o.NotExpiredLicenseCnt, o.AutoRepurchaseSwitch = new(int64(90)), new(int64(100)), new(false)
	}, license.Firing, license.Warning},
	{"cwp-seats-nearly-used", "top-up is on", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.UsedLicenseCnt, o.NotExpiredLicenseCnt = new(int64(90)), new(int64(100))
	}, license.Firing, license.Info},
	{"cwp-seats-nearly-used", "fifty of none", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.UsedLicenseCnt, o.NotExpiredLicenseCnt, o.AutoRepurchaseSwitch = new(int64(50)), new(int64(0)), new(false)
	}, license.Firing, license.Warning},
	{"cwp-seats-nearly-used", "just under", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.UsedLicenseCnt, o.NotExpiredLicenseCnt = new(int64(899)), new(int64(1000))
	}, license.OK, ""},
	{"cwp-seats-nearly-used", "no seats at all", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.UsedLicenseCnt, o.NotExpiredLicenseCnt = new(int64(0)), new(int64(0))
	}, license.OK, ""},
	{"cwp-seats-nearly-used", "use not told", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) { o.UsedLicenseCnt = nil }, license.Unknown, ""},

	{"cwp-topup-not-renewing", "top-up without renewal", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.AutoRepurchaseRenewSwitch = new(false)
	}, license.Firing, license.Warning},
	{"cwp-topup-not-renewing", "no top-up, renewal not told", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.AutoRepurchaseSwitch, o.AutoRepurchaseRenewSwitch = new(false), nil
	}, license.OK, ""},
	{"cwp-topup-not-renewing", "renewal not told", func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) {
		o.AutoRepurchaseRenewSwitch = nil
	}, license.Unknown, ""},

	{"cwp-order-expiring", "12 days", ending("2026-12-04 00:00:00"), license.Firing, license.Warning},
	{"cwp-order-expiring", "30 days", ending("2026-12-22 23:59:59"), license.Firing, license.Warning},
	{"cwp-order-expiring", "3 days", ending("2026-11-25 00:00:00"), license.Firing, license.Critical},
	{"cwp-order-expiring", "today", ending("2026-11-22 23:59:59"), license.Firing, license.Critical},
	{"cwp-order-expiring", "past its deadline", ending("2026-11-18 00:00:00"), license.OK, ""},
	{"cwp-order-expiring", "3 days, nobody uses it", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag, o.UsedLicenseCnt = new("2026-11-25 00:00:00"), new(int64(license.RenewalOff)), new(int64(0))
	}, license.Firing, license.Warning},
	{"cwp-order-expiring", "3 days, use not told", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag, o.UsedLicenseCnt = new("2026-11-25 00:00:00"), new(int64(license.RenewalOff)), nil
	}, license.Firing, license.Critical},
	{"cwp-order-expiring", "a trial", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag, o.SourceType = new("2026-11-25 12:00:00"), new(int64(license.RenewalNotSet)), new(int64(license.SourceTypeTrial))
	}, license.Firing, license.Critical},

	{"cwp-order-ended", "past its deadline, not yet isolated", ending("2026-11-18 00:00:00"), license.Firing, license.Critical},
	{"cwp-order-ended", "today at midnight", ending("2026-11-22 00:00:00"), license.Firing, license.Critical},
	{"cwp-order-ended", "later today", ending("2026-11-22 23:59:59"), license.OK, ""},
	{"cwp-order-ended", "deadline unreadable", ending("0000-00-00 00:00:00"), license.Unknown, ""},

	{"cwp-order-renewal-failed", "ten days ago", selfRenewing("2026-11-12 10:00:00"), license.Firing, license.Critical},
	{"cwp-order-renewal-failed", "today", selfRenewing("2026-11-22 00:00:00"), license.Firing, license.Warning},
	{"cwp-order-renewal-failed", "later today", selfRenewing("2026-11-22 23:59:59"), license.OK, ""},
	{"cwp-order-renewal-failed", "deadline unreadable", selfRenewing("xx"), license.Unknown, ""},

	{"cwp-order-will-not-renew", "in a year", ending("2027-11-22 10:00:00"), license.Firing, license.Info},
	{"cwp-order-will-not-renew", "never set", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag = new("2027-11-22 10:00:00"), new(int64(license.RenewalNotSet))
	}, license.Firing, license.Info},
	{"cwp-order-will-not-renew", "in 30 days", ending("2026-12-22 10:00:00"), license.OK, ""},
	{"cwp-order-will-not-renew", "flag nobody documents", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag = new("2027-11-22 10:00:00"), new(int64(7))
	}, license.Unknown, ""},

	{"cwp-order-destroyed", "long ago, as far as is known", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.OrderStatus = new(int64(license.OrderDestroyed))
	}, license.OK, ""},

	{"cwp-order-expiring", "31 days", ending("2026-12-23 00:00:00"), license.OK, ""},
	{"cwp-order-expiring", "renews itself", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline = new("2026-11-23 00:00:00")
	}, license.OK, ""},
	{"cwp-order-expiring", "pay as you go", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.LicenseType, o.Deadline, o.AutoRenewFlag = new(int64(license.LicenseTypeProPostpay)), new(""), new(int64(license.RenewalNotSet))
	}, license.OK, ""},
	{"cwp-order-expiring", "destroyed", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.OrderStatus, o.Deadline, o.AutoRenewFlag = new(int64(license.OrderDestroyed)), nil, nil
	}, license.OK, ""},
	{"cwp-order-expiring", "deadline unreadable", ending("0000-00-00 00:00:00"), license.Unknown, ""},
	{"cwp-order-expiring", "renewal not told", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag = new("2026-12-04 00:00:00"), nil
	}, license.Unknown, ""},

	{"cwp-order-isolated", "isolated", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.OrderStatus, o.Deadline = new(int64(license.OrderIsolated)), new("2026-11-18 00:00:00")
	}, license.Firing, license.Critical},
	{"cwp-order-isolated", "pay as you go isolated", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.OrderStatus, o.LicenseType, o.Deadline = new(int64(license.OrderIsolated)), new(int64(license.LicenseTypeProPostpay)), new("")
	}, license.Firing, license.Critical},
	{"cwp-order-isolated", "normal", func(*license.Overview, *license.Order, *license.PurchaseState) {}, license.OK, ""},
	{"cwp-order-isolated", "status not told", func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) { o.OrderStatus = nil }, license.Unknown, ""},

	{"tcss-trial-over", "over", tcss(license.StateTrialOver, license.RenewalNotSet, "2026-11-18 00:00:00"), license.Firing, license.Critical},
	{"tcss-trial-over", "Pro", func(*license.Overview, *license.Order, *license.PurchaseState) {}, license.OK, ""},
	{"tcss-trial-over", "state not told", stateless, license.Unknown, ""},

	{"tcss-trial-ending", "7 days", tcss(license.StateTrial, license.RenewalNotSet, "2026-11-29 00:00:00"), license.Firing, license.Warning},
	{"tcss-trial-ending", "3 days", tcss(license.StateTrial, license.RenewalNotSet, "2026-11-25 00:00:00"), license.Firing, license.Critical},
	{"tcss-trial-ending", "8 days", tcss(license.StateTrial, license.RenewalNotSet, "2026-11-30 00:00:00"), license.OK, ""},
	{"tcss-trial-ending", "end unreadable", tcss(license.StateTrial, license.RenewalNotSet, "xx"), license.Unknown, ""},

	{"tcss-trial-over", "no cores", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.AllCoresCnt, p.CoresCnt, p.UndefendCoresCnt = new(int64(license.StateTrialOver)), new(int64(0)), new(int64(0)), new(int64(0))
	}, license.Firing, license.Info},
	{"tcss-trial-over", "cores not told", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.AllCoresCnt, p.UndefendCoresCnt = new(int64(license.StateTrialOver)), nil, nil
	}, license.Firing, license.Critical},

	{"tcss-ended", "Pro, yesterday", tcss(license.StatePro, license.RenewalOff, "2026-11-21 10:00:00"), license.Firing, license.Critical},
	{"tcss-ended", "trial, today", tcss(license.StateTrial, license.RenewalNotSet, "2026-11-22 00:00:00"), license.Firing, license.Critical},
	{"tcss-ended", "later today", tcss(license.StatePro, license.RenewalOff, "2026-11-22 23:00:00"), license.OK, ""},
	{"tcss-ended", "end unreadable", tcss(license.StatePro, license.RenewalOff, "xx"), license.Unknown, ""},

	{"tcss-renewal-failed", "ten days ago", tcss(license.StatePro, license.RenewalOn, "2026-11-12 00:00:00"), license.Firing, license.Critical},
	{"tcss-renewal-failed", "today", tcss(license.StatePro, license.RenewalOn, "2026-11-22 00:00:00"), license.Firing, license.Warning},
	{"tcss-renewal-failed", "later today", tcss(license.StatePro, license.RenewalOn, "2026-11-22 23:59:59"), license.OK, ""},
	{"tcss-renewal-failed", "end unreadable", tcss(license.StatePro, license.RenewalOn, "xx"), license.Unknown, ""},

	{"tcss-expired", "isolated", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.SubState, p.ExpirationTime = new(int64(license.StateExpired)), new(license.SubStateIsolated), new("2026-11-18 00:00:00")
	}, license.Firing, license.Critical},
	{"tcss-expired", "destroyed, no date", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.SubState, p.ExpirationTime = new(int64(license.StateExpired)), new(license.SubStateDestroyed), nil
	}, license.Firing, license.Critical},
	{"tcss-expired", "Pro", func(*license.Overview, *license.Order, *license.PurchaseState) {}, license.OK, ""},
	{"tcss-expired", "state not told", stateless, license.Unknown, ""},

	{"tcss-expiring", "30 days", tcss(license.StatePro, license.RenewalOff, "2026-12-22 00:00:00"), license.Firing, license.Warning},
	{"tcss-expiring", "3 days", tcss(license.StatePro, license.RenewalNotSet, "2026-11-25 00:00:00"), license.Firing, license.Critical},
	{"tcss-expiring", "31 days", tcss(license.StatePro, license.RenewalOff, "2026-12-23 00:00:00"), license.OK, ""},
	{"tcss-expiring", "renews itself", tcss(license.StatePro, license.RenewalOn, "2026-11-23 00:00:00"), license.OK, ""},
	{"tcss-expiring", "renews itself, end unreadable", tcss(license.StatePro, license.RenewalOn, "xx"), license.OK, ""},
	{"tcss-expiring", "end unreadable", tcss(license.StatePro, license.RenewalOff, "xx"), license.Unknown, ""},

	{"tcss-renewal-off", "off", tcss(license.StatePro, license.RenewalOff, "2027-09-18 00:00:00"), license.Firing, license.Warning},
	{"tcss-renewal-off", "on", func(*license.Overview, *license.Order, *license.PurchaseState) {}, license.OK, ""},
	{"tcss-renewal-off", "not told", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) { p.AutomaticRenewal = nil }, license.Unknown, ""},

	{"tcss-renewal-not-set", "never set", tcss(license.StatePro, license.RenewalNotSet, "2027-09-18 00:00:00"), license.Firing, license.Info},
	{"tcss-renewal-not-set", "switched on", tcss(license.StatePro, license.RenewalOn, "2027-09-18 00:00:00"), license.OK, ""},
	{"tcss-renewal-not-set", "a number nobody documented", tcss(license.StatePro, 194, "2027-09-18 00:00:00"), license.Unknown, ""},
	{"tcss-renewal-not-set", "not told", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) { p.AutomaticRenewal = nil }, license.Unknown, ""},

	{"tcss-cores-uncovered", "one core", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.UndefendCoresCnt, p.AllCoresCnt = new(int64(1)), new(int64(69))
	}, license.Firing, license.Warning},
	{"tcss-cores-uncovered", "trial", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.UndefendCoresCnt, p.AllCoresCnt = new(int64(license.StateTrial)), new(int64(12)), nil
	}, license.Firing, license.Warning},
	{"tcss-cores-uncovered", "never bought", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.UndefendCoresCnt = new(int64(license.StateNeverBought)), new(int64(12))
	}, license.OK, ""},
	{"tcss-cores-uncovered", "older answer without the field", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) { p.UndefendCoresCnt = nil }, license.OK, ""},
	{"tcss-cores-uncovered", "state not told", func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.UndefendCoresCnt = nil, new(int64(12))
	}, license.Unknown, ""},
}

// ending makes the order end at this time without renewing itself.
func ending(deadline string) change {
	return func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag = &deadline, new(int64(license.RenewalOff))
	}
}

// selfRenewing makes the order end at this time although it renews itself.
func selfRenewing(deadline string) change {
	return func(_ *license.Overview, o *license.Order, _ *license.PurchaseState) {
		o.Deadline, o.AutoRenewFlag = &deadline, new(int64(license.RenewalOn))
	}
}

func tcss(state, renewal int64, ends string) change {
	return func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.State, p.AutomaticRenewal, p.ExpirationTime = &state, &renewal, &ends
	}
}

func stateless(_ *license.Overview, _ *license.Order, p *license.PurchaseState) { p.State = nil }

func TestDefaultRules(t *testing.T) {
	t.Parallel()
	seen := map[string]map[license.State]bool{}
	for _, c := range defaultCases {
		if seen[c.rule] == nil {
			seen[c.rule] = map[license.State]bool{}
		}
		seen[c.rule][c.want] = true
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			findings := byRule(rules.Default().Evaluate(changed(c.do), now), c.rule)
			if len(findings) != 1 {
				t.Fatalf("%d findings, want 1", len(findings))
			}
			f := findings[0]
			if f.State != c.want || c.want == license.Firing && f.Severity != c.sev {
				t.Errorf("%s, want %s %s", summary(f), c.want, c.sev)
			}
			if f.State == license.Unknown && len(f.Missing) == 0 {
				t.Error("unknown, but nothing is named that is missing")
			}
		})
	}
	for rule, states := range seen {
		if len(states) != 3 && rule != "cwp-order-destroyed" { // which needs a reading before
			t.Errorf("%s has cases for %v, want all three answers", rule, states)
		}
	}
	if all := rules.Default().Evaluate(healthy(), now); len(all) != len(seen)+4 || len(seen) != 19 {
		t.Errorf("%d findings on the healthy account, cases for %d rules, want 23 and 19: those about machines, and the forecast, have theirs in tests/default.yaml", len(all), len(seen))
	}
}

// The texts of every firing case, in both languages, for people to read.
func TestDefaultTexts(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, c := range defaultCases {
		for _, f := range byRule(rules.Default().Evaluate(changed(c.do), now), c.rule) {
			if f.State != license.Firing {
				if !f.Lingers && (f.Title != (license.Text{}) || f.Detail != (license.Text{})) {
					t.Errorf("%s: texts on a finding that does not fire", summary(f))
				}
				continue
			}
			fmt.Fprintf(&text, "%s (%s, %s)\n  %s\n  %s\n  %s\n  %s\n", c.rule, c.name, f.Severity, f.Title.En, f.Detail.En, f.Title.Zh, f.Detail.Zh)
		}
	}
	golden(t, "testdata/default-texts.golden", text.String())
}

// Orders have no name, no use, no edition: what is left must still read well.
func TestDefaultTextsOfPoorAnswers(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Orders.List = []license.Order{
		{LicenseId: new(int64(77)), LicenseType: new(int64(9)), OrderStatus: new(int64(1)), AutoRenewFlag: new(int64(194)), Deadline: new("2027-01-01 10:00:00"), LicenseCnt: new(int64(1))},
		{ResourceId: new("cwp-x"), LicenseType: new(int64(1)), OrderStatus: new(int64(2)), Alias: new(""), LicenseCnt: new(int64(3)), UsedLicenseCnt: new(int64(0))},
	}
	set := load(t, "version: 1\nextends: default\nrules:\n- {id: cwp-order-expiring, when: order.OrderStatus == 1}\n")
	var got []string
	for _, f := range set.Evaluate(s, now) {
		if f.State == license.Firing {
			got = append(got, f.Title.En, f.Detail.En, f.Title.Zh, f.Detail.Zh)
		}
	}
	want := []string{
		"Order 77 ends in 40 days",
		"1 type 9 license, how many are in use is not known; ends Jan 1, 2027; auto-renewal is unknown (194). Renew it.",
		"订单 77 将于 40 天后到期",
		"1 个类型 9 授权，使用数未知；到期时间 2027年1月1日，自动续费未知（194）。请续费。",
		"Order cwp-x is isolated: its machines fall back to the Basic edition",
		"3 Pro licenses. Renew it before it is destroyed, 30 days after its end, or bind its machines to other licenses.",
		"订单 cwp-x 已隔离，其主机回退到基础版",
		"3 个专业版授权。请在订单被销毁（到期 30 天后）前续费，或将其主机改绑到其他授权。",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("texts (-want +got):\n%s", diff)
	}
}

// Read as a file of a user, every text is compiled and checked.
func TestDefaultFileIsValid(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("default.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load("default.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range defaultCases {
		s := changed(c.do)
		if diff := cmp.Diff(rules.Default().Evaluate(s, now), set.Evaluate(s, now)); diff != "" {
			t.Errorf("%s: the file and the built-in rules judge differently:\n%s", c.name, diff)
		}
	}
}

func TestNothingIsUnknownOnHealthyAccounts(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{ // what fires
		"cn-sample.json":    nil,
		"intl-healthy.json": nil,
		"intl-sample.json":  {"cwp-expired firing info", "tcss-expired firing critical"},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range rules.Default().Evaluate(account(t, name), now) {
				if f.State != license.OK {
					got = append(got, summary(f))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("not ok (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDefaultReminders(t *testing.T) {
	t.Parallel()
	long := []int64{30, 14, 7, 3, 1, 0}
	want := map[string][]int64{"cwp-order-expiring": long, "tcss-expiring": long, "tcss-trial-ending": {7, 3, 1, 0}}
	got := map[string][]int64{}
	for _, f := range rules.Default().Evaluate(healthy(), now) {
		if len(f.RemindAt) > 0 {
			got[f.Rule] = f.RemindAt
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
	const day = 24 * time.Hour
	// What has lapsed is told daily for a week, then weekly; so is what is not known
	// to be well. What is off stays visible in every digest.
	lapsed := []string{"cwp-expired", "cwp-order-ended", "cwp-order-renewal-failed", "cwp-order-isolated", "tcss-trial-over", "tcss-ended", "tcss-expired", "tcss-renewal-failed"}
	never := []string{"cwp-machines-unprotected", "cwp-order-idle-licenses", "cwp-order-will-not-renew", "tcss-renewal-not-set"}
	for _, f := range rules.Default().Evaluate(compared(healthy()), now) {
		every, later := 7*day, time.Duration(0)
		switch {
		case len(f.RemindAt) > 0, f.Event, slices.Contains(never, f.Rule):
			every = 0
		case slices.Contains(lapsed, f.Rule):
			every, later = day, 7*day
		case f.Rule == "cwp-licenses-running-out": // a matter of months
			every = 14 * day
		case f.Rule == "cwp-order-destroyed":
			every = day
		}
		if f.RemindEvery != every || f.RemindLater != later || f.Event && len(f.RemindAt) > 0 {
			t.Errorf("%s: reminded every %v, later %v, and at %v, want every %v, %v", f.Key(), f.RemindEvery, f.RemindLater, f.RemindAt, every, later)
		}
	}
}

// Read as a file of a user, the change rules' texts are compiled and checked too.
func TestChangesFileIsValid(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("changes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load("changes.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	if all := rules.Default().IDs(); !slices.Equal(set.IDs(), all[len(all)-set.Len():]) {
		t.Errorf("changes.yaml holds %v, the built-in rules are %v", set.IDs(), all)
	}
}
