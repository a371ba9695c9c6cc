package rules_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// summaries are the findings, one a line.
func summaries(findings []license.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, summary(f))
	}
	return all
}

const mixedRules = `
version: 1
rules:
  - {id: always, severity: info, title: a, when: true}
  - {id: overview, severity: info, title: a, when: cwp.LicenseCnt == 317}
  - {id: orders, each: order, severity: info, title: a, when: order.LicenseCnt == 40}
  - {id: containers, severity: info, title: a, when: tcss.State == 3}
  - {id: both, severity: info, title: a, when: tcss.State == 3 && cwp.LicenseCnt == 317}
  - {id: escalating, severity: info, title: a, when: cwp.LicenseCnt == 317, critical_when: tcss.State == 3}
  - {id: told, severity: info, title: '{{ tcss.State }}', when: cwp.LicenseCnt == 317}
  - {id: every-order, each: order, severity: info, title: a, when: true}
`

// Rules about sources that were not asked for say nothing; those about sources
// that failed say that they do not know.
func TestSources(t *testing.T) {
	t.Parallel()
	orders := func(change func(o *license.Orders)) license.Snapshot {
		s := healthy()
		change(s.Orders)
		return s
	}
	wanting := func(sources ...license.Source) license.Snapshot {
		s := license.Snapshot{Site: license.SiteCN, Wanted: sources}
		for _, source := range sources {
			switch source {
			case license.SourceOverview:
				s.Overview = healthy().Overview
			case license.SourceOrders:
				s.Orders = healthy().Orders
			case license.SourcePurchaseState:
				s.PurchaseState = healthy().PurchaseState
			}
		}
		return s
	}
	tests := map[string]struct {
		snapshot license.Snapshot
		want     []string
	}{
		"everything read": {healthy(), []string{
			"always firing info", "overview firing info", "orders/cwp-bbbb firing info", "containers firing info", "both firing info",
			"escalating firing critical", "told firing info", "every-order/cwp-bbbb firing info",
		}},
		"nothing wanted": {wanting(), []string{"always firing info"}},
		"only host security": {wanting(license.SourceOverview, license.SourceOrders), []string{
			"always firing info", "overview firing info", "orders/cwp-bbbb firing info", "escalating firing info", "told firing info",
			"every-order/cwp-bbbb firing info",
		}},
		"only container security": {wanting(license.SourcePurchaseState), []string{"always firing info", "containers firing info"}},
		"container security failed": {failing(healthy(), license.SourcePurchaseState), []string{
			"always firing info", "overview firing info", "orders/cwp-bbbb firing info", "containers unknown missing tcss",
			"both unknown missing tcss", "escalating firing info", "told firing info", "every-order/cwp-bbbb firing info",
		}},
		"overview failed": {failing(healthy(), license.SourceOverview), []string{
			"always firing info", "overview unknown missing cwp.overview", "orders/cwp-bbbb firing info", "containers firing info",
			"both unknown missing cwp.overview", "escalating unknown missing cwp.overview", "told unknown missing cwp.overview",
			"every-order/cwp-bbbb firing info",
		}},
		"orders failed": {failing(healthy(), license.SourceOrders), []string{
			"always firing info", "overview firing info", "orders unknown missing cwp.orders", "containers firing info",
			"both firing info", "escalating firing critical", "told firing info", "every-order unknown missing cwp.orders",
		}},
		"no orders": {orders(func(o *license.Orders) { o.List = nil }), []string{
			"always firing info", "overview firing info", "containers firing info", "both firing info", "escalating firing critical", "told firing info",
		}},
		"orders incomplete": {orders(func(o *license.Orders) { o.Incomplete, o.TotalCount = true, 2 }), []string{
			"always firing info", "overview firing info", "orders/cwp-bbbb firing info", "containers firing info", "both firing info",
			"escalating firing critical", "told firing info", "every-order/cwp-bbbb firing info",
		}},
		"orders incomplete, none read": {orders(func(o *license.Orders) { o.Incomplete, o.TotalCount, o.List = true, 2, nil }), []string{
			"always firing info", "overview firing info", "orders unknown missing cwp.orders", "containers firing info", "both firing info",
			"escalating firing critical", "told firing info", "every-order unknown missing cwp.orders",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := load(t, mixedRules).Evaluate(test.snapshot, now)
			if diff := cmp.Diff(test.want, summaries(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range byRule(findings, "told") {
				if want := map[bool]string{true: "3", false: "unknown"}[test.snapshot.PurchaseState != nil]; f.State == license.Firing && f.Title.En != want {
					t.Errorf("title %q, want %q", f.Title.En, want)
				}
			}
		})
	}
}

// Names are unique, and the same whatever the order of the list.
func TestSubjects(t *testing.T) {
	t.Parallel()
	named := func(resource string, licenseID int64) license.Order {
		return license.Order{ResourceId: &resource, LicenseId: &licenseID}
	}
	list := []license.Order{
		named("cwp-a", 1), named("cwp-b", 2), named("cwp-b", 3), named("cwp-c", 4), named("cwp-c", 4), {ResourceId: new("cwp-d")}, {ResourceId: new("cwp-d")},
		{LicenseId: new(int64(9))}, named("", 10), {LicenseId: new(int64(9))}, {}, {ResourceId: new("")},
	}
	want := []string{
		"cwp-a", "cwp-b#2", "cwp-b#3", "cwp-c", "cwp-c#4#2", "cwp-d", "cwp-d#2", "9", "10", "9#2", "unnamed#2", "unnamed",
	}
	subjects := func(list []license.Order) []string {
		s := healthy()
		s.Orders.List = list
		var names []string
		for _, f := range load(t, ruleFile(true, "true")).Evaluate(s, now) {
			names = append(names, f.Subject)
		}
		return names
	}
	if diff := cmp.Diff(want, subjects(list)); diff != "" {
		t.Errorf("subjects (-want +got):\n%s", diff)
	}
	slices.Reverse(list)
	slices.Reverse(want)
	got := subjects(list)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("subjects of the reversed list (-want +got):\n%s", diff)
	}
}

func TestSeverity(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ when, critical, want string }{
		"critical":             {"cwp.LicenseCnt > 0", "cwp.LicenseCnt > 300", "it firing critical"},
		"not critical":         {"cwp.LicenseCnt > 0", "cwp.LicenseCnt > 400", "it firing warning"},
		"critical not known":   {"cwp.LicenseCnt > 0", "cwp.AvailableLicenseCnt > 0", "it firing warning"},
		"critical but quiet":   {"cwp.LicenseCnt == 0", "cwp.LicenseCnt > 300", "it ok"},
		"critical but unknown": {"cwp.AvailableLicenseCnt > 0", "cwp.LicenseCnt > 300", "it unknown missing cwp.AvailableLicenseCnt"},
	}
	for name, test := range tests {
		set := load(t, ruleFile(false, test.when)+"    critical_when: "+test.critical+"\n")
		f := set.Evaluate(healthy(), now)[0]
		if got := summary(f); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if f.State != license.Firing && f.Severity != license.Warning {
			t.Errorf("%s: severity %s of a finding that does not fire, want the rule's", name, f.Severity)
		}
	}
}

// A finding's deadline is the order's, or container security's when the rule is
// about that.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		d, ok := license.ParseTime(text)
		if !ok {
			t.Fatal(text)
		}
		return d
	}
	s := healthy()
	s.Orders.List[0].Deadline = new("2026-12-04 00:00:00")
	noDate := healthy()
	noDate.Orders.List[0].Deadline, noDate.PurchaseState.ExpirationTime = new(""), new("xx")
	tests := map[string]struct {
		when     string
		snapshot license.Snapshot
		now      time.Time
		deadline time.Time
		days     *int64
	}{
		"order":                       {"order.LicenseCnt > 0", s, now, at("2026-12-04 00:00:00"), new(int64(12))},
		"order, days of another zone": {"order.LicenseCnt > 0", s, now.UTC(), at("2026-12-04 00:00:00"), new(int64(11))},
		"order without a date":        {"order.LicenseCnt > 0", noDate, now, time.Time{}, nil},
		"container security":          {"tcss.DaysLeft > 0", s, now, at("2027-09-18 00:00:00"), new(int64(300))},
		"container security, text":    {`tcss.ExpirationTime != ""`, s, now, at("2027-09-18 00:00:00"), new(int64(300))},
		"container security, no date": {`tcss.ExpirationTime != ""`, noDate, now, time.Time{}, nil},
		"container security failed":   {"tcss.DaysLeft > 0", failing(healthy(), license.SourcePurchaseState), now, time.Time{}, nil},
		"container security's state":  {"tcss.State == 3", s, now, time.Time{}, nil},
		"overview":                    {"cwp.LicenseCnt > 0", s, now, time.Time{}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := load(t, ruleFile(strings.Contains(test.when, "order."), test.when)).Evaluate(test.snapshot, test.now)[0]
			if !f.Deadline.Equal(test.deadline) || !cmp.Equal(f.DaysLeft, test.days) {
				t.Errorf("deadline %v, days %v; want %v, %v", f.Deadline, f.DaysLeft, test.deadline, test.days)
			}
			if !f.Deadline.IsZero() && f.Deadline.Location() != test.now.Location() {
				t.Errorf("deadline in %v, want it in now's zone", f.Deadline.Location())
			}
		})
	}
}

func TestRunbooks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		site license.Site
		when string
		want string
	}{
		{license.SiteCN, "cwp.LicenseCnt > 0", "https://console.cloud.tencent.com/cwp"},
		{license.SiteCN, "order.LicenseCnt > 0", "https://console.cloud.tencent.com/cwp"},
		{license.SiteCN, "tcss.State > 0", "https://console.cloud.tencent.com/tcss"},
		{license.SiteIntl, "cwp.LicenseCnt > 0", "https://console.tencentcloud.com/cwp"},
		{license.SiteIntl, "tcss.State > 0", "https://console.tencentcloud.com/tcss"},
		{license.SiteCN, "true", ""},
		{"", "tcss.State > 0", ""},
	}
	for _, test := range tests {
		s := healthy()
		s.Site = test.site
		if f := judge(t, test.when, s); f.Runbook != test.want {
			t.Errorf("%s on %q: runbook %q, want %q", test.when, test.site, f.Runbook, test.want)
		}
	}
	own := load(t, ruleFile(false, "tcss.State > 0")+"    runbook: https://wiki.example.com/tcss?a=1#b\n").Evaluate(healthy(), now)[0]
	if own.Runbook != "https://wiki.example.com/tcss?a=1#b" {
		t.Errorf("runbook %q, want the rule's own", own.Runbook)
	}
}

// The evidence holds every leaf with what it read; the leaves of critical_when
// are behind them when the rule fires.
func TestEvidence(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Overview.AvailableLicenseCnt, s.Overview.ProtectType = nil, new(`a"<b>`)
	set := load(t, ruleFile(false, `(cwp.LicenseCnt>300 and !(cwp.ProtectType in ["x", "y"])) || (cwp.AvailableLicenseCnt ?? 0) + cwp.UsedLicenseCnt > 3`)+
		"    critical_when: cwp.UsedPercent > 90\n")
	want := []license.Evidence{
		{Condition: "cwp.LicenseCnt > 300", State: license.Firing, Values: []license.Value{{Field: "cwp.LicenseCnt", Text: "317", Known: true}}},
		{Condition: `cwp.ProtectType in ["x", "y"]`, State: license.Unknown, Values: []license.Value{{Field: "cwp.ProtectType", Text: `"a\"<b>"`, Known: true}}},
		{Condition: "(cwp.AvailableLicenseCnt ?? 0) + cwp.UsedLicenseCnt > 3", State: license.Firing, Values: []license.Value{
			{Field: "cwp.AvailableLicenseCnt", Text: "unknown"}, {Field: "cwp.UsedLicenseCnt", Text: "100", Known: true},
		}},
		{Condition: "cwp.UsedPercent > 90", State: license.OK, Values: []license.Value{{Field: "cwp.UsedPercent", Text: "31.545741324921135", Known: true}}},
	}
	f := set.Evaluate(s, now)[0]
	if diff := cmp.Diff(want, f.Evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	detail := license.Text{
		En: `cwp.LicenseCnt = 317, cwp.ProtectType = a"<b>, cwp.AvailableLicenseCnt = unknown, cwp.UsedLicenseCnt = 100`,
		Zh: `cwp.LicenseCnt = 317, cwp.ProtectType = a"<b>, cwp.AvailableLicenseCnt = 未知, cwp.UsedLicenseCnt = 100`,
	}
	if diff := cmp.Diff(detail, f.Detail); diff != "" {
		t.Errorf("detail (-want +got):\n%s", diff)
	}
}

// One set serves many goroutines, and changes neither the snapshot nor itself.
func TestConcurrentAndPure(t *testing.T) {
	t.Parallel()
	set := rules.Default()
	s := changed(ending("2026-12-04 00:00:00"))
	before, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := rules.Default().Evaluate(s, now)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			got := set.Evaluate(s, now)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings differ:\n%s", diff)
			}
			for i := range got { // what callers do to findings stays theirs
				clear(got[i].RemindAt)
			}
		})
	}
	group.Wait()
	if after, err := json.Marshal(s); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the snapshot changed: %s, error %v", after, err)
	}
	if diff := cmp.Diff(want, set.Evaluate(s, now)); diff != "" {
		t.Errorf("findings differ in the end:\n%s", diff)
	}
}

// A mistake of our own costs one finding.
func TestPanicStaysInItsFinding(t *testing.T) {
	t.Parallel()
	got := summaries(rules.WithPanic(load(t, mixedRules), "containers").Evaluate(healthy(), now))
	want := summaries(load(t, mixedRules).Evaluate(healthy(), now))
	want[3] = "containers unknown problem internal error: on purpose"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestLanguages: only what is asked for is written, and a rule that lacks it
// says what it can.
func TestLanguages(t *testing.T) {
	t.Parallel()
	set, err := rules.Load("rules.yaml", []byte("version: 1\nrules:\n"+
		"  - {id: both, severity: info, when: 'true', title: {en: Seats, zh: 授权}}\n"+
		"  - {id: one, severity: info, when: 'true', title: {zh: 授权}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		languages []license.Language
		both, one license.Text
	}{
		"all":     {nil, license.Text{En: "Seats", Zh: "授权"}, license.Text{Zh: "授权"}},
		"English": {[]license.Language{license.English}, license.Text{En: "Seats"}, license.Text{Zh: "授权"}},
		"Chinese": {[]license.Language{license.Chinese}, license.Text{Zh: "授权"}, license.Text{Zh: "授权"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := set.Evaluate(license.Snapshot{}, now, test.languages...)
			if got[0].Title != test.both || got[1].Title != test.one {
				t.Errorf("titles %+v and %+v, want %+v and %+v", got[0].Title, got[1].Title, test.both, test.one)
			}
		})
	}
}

// An order's id may be another one's name. Even so each has a name, and keeps it however
// they are listed.
func TestSubjectsThatMeet(t *testing.T) {
	t.Parallel()
	list := []license.Order{
		{ResourceId: new("9")}, {LicenseId: new(int64(9))}, {LicenseId: new(int64(9)), Twin: 2, Twins: 2},
		{ResourceId: new("cwp-d")}, {ResourceId: new("cwp-d"), Twin: 2, Twins: 2}, {ResourceId: new("cwp-d"), LicenseId: new(int64(2))},
	}
	named := func(list []license.Order) map[string]string {
		names := map[string]string{}
		for i, subject := range license.Subjects(list) {
			o := list[i]
			names[fmt.Sprint(o.Key(), o.Name(), o.LicenseId == nil)] = subject
		}
		return names
	}
	want := named(list)
	for range list {
		list = append(list[1:], list[0])
		got := named(list)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("listed otherwise (-want +got):\n%s", diff)
		}
		if unique := slices.Compact(slices.Sorted(maps.Values(got))); len(unique) != len(list) {
			t.Errorf("named %q", unique)
		}
	}
}
