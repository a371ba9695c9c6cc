package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/rules"
	"licensewatch/setup"
)

// madeFleet is a made-up fleet, by chance: accounts with orders, and a record of each day.
type madeFleet struct {
	accounts, orders, days int
	random                 *rand.Rand
	last                   time.Time // the day of the last record
}

func newMadeFleet(accounts, orders, days int, seed uint64) *madeFleet {
	return &madeFleet{accounts, orders, days, rand.New(rand.NewPCG(seed, 5)), archiveStart}
}

// seal seals the fleet's records into a directory, and gives the last snapshot of each account.
func (f *madeFleet) seal(t testing.TB, dir string) map[string]license.Snapshot {
	t.Helper()
	last := map[string]license.Snapshot{}
	for i := range f.accounts {
		id := fmt.Sprint(100000000001 + i)
		var records []archive.Unsealed
		orders := f.makeOrders(i)
		for day := range f.days {
			at := f.last.AddDate(0, 0, day+1-f.days)
			if day+1 < f.days && f.random.IntN(30) == 0 {
				continue // no record
			}
			s := f.snapshot(id, at, orders)
			last[id] = s
			records = append(records, f.record(t, &s, at, fmt.Sprintf("%06x", i*1000+day)))
		}
		sealRecords(t, dir, records...)
	}
	return last
}

func (f *madeFleet) makeOrders(account int) []license.Order {
	types := []int64{license.LicenseTypeUltimate, license.LicenseTypePro, license.LicenseTypeLightweight, license.LicenseTypeProPostpay}
	var list []license.Order
	for n := range f.orders {
		licenses := 1 + f.random.Int64N(200)
		bought := f.last.AddDate(0, -f.random.IntN(11), -f.random.IntN(28))
		o := license.Order{ResourceId: new(fmt.Sprintf("cwp-%03d-%02d", account, n)), LicenseId: new(int64(account*1000 + n)),
			LicenseType: new(types[f.random.IntN(len(types))]), LicenseCnt: &licenses, UsedLicenseCnt: new(f.random.Int64N(licenses + 1)),
			OrderStatus: new(int64(license.OrderNormal)), AutoRenewFlag: new(f.random.Int64N(3)),
			BuyTime: new(bought.Format(time.DateTime)), Deadline: new(bought.AddDate(1, 0, 0).Format(time.DateTime)),
			Tags: []license.Tag{{TagKey: "owner", TagValue: fmt.Sprint("team-", f.random.IntN(6))}}}
		if *o.LicenseType == license.LicenseTypeProPostpay {
			o.Deadline = new("")
		}
		list = append(list, o)
	}
	return list
}

// snapshot is a reading of the account: its counts are those of the orders.
func (f *madeFleet) snapshot(id string, at time.Time, orders []license.Order) license.Snapshot {
	var valid, used int64
	list := make([]license.Order, len(orders))
	for i, o := range orders {
		if n := f.random.Int64N(*o.LicenseCnt + 1); f.random.IntN(20) == 0 {
			o.UsedLicenseCnt = &n
		}
		list[i] = o
		valid += *o.LicenseCnt
		used += *o.UsedLicenseCnt
	}
	s := license.Snapshot{Account: id, Site: license.SiteCN, ReadAt: at, Overview: &license.Overview{NotExpiredLicenseCnt: &valid, UsedLicenseCnt: &used},
		Orders:   &license.Orders{List: list, TotalCount: int64(len(list))},
		Machines: &license.Machines{MachineCnt: new(used + 7), FlagshipMachineCnt: new(used), SpecialtyMachineCnt: new(int64(0)), BaseMachineCnt: new(int64(4)), NotProtectMachineCnt: new(int64(3))}}
	if f.random.IntN(40) == 0 {
		s.Machines = nil
		s.Failures = map[license.Source]*license.Failure{license.SourceMachines: {Code: "AuthFailure.UnauthorizedOperation"}}
	}
	return s
}

func (f *madeFleet) record(t testing.TB, s *license.Snapshot, at time.Time, id string) archive.Unsealed {
	t.Helper()
	var reading bytes.Buffer
	if err := license.WriteSnapshot(&reading, *s); err != nil {
		t.Fatal(err)
	}
	var findings []map[string]any
	for _, found := range judgedFindings(builtInRules(t), *s, at) {
		findings = append(findings, map[string]any{"rule": found.Rule, "subject": found.Subject, "state": found.State, "severity": found.Severity,
			"title": found.Title.En, "detail": found.Detail.En})
	}
	judged, err := json.Marshal(map[string]any{"version": 1, "findings": findings})
	if err != nil {
		t.Fatal(err)
	}
	messages := fmt.Sprintf(`{"version":1,"messages":[{"id":%q,"kind":"report","mode":"digest","channel":"slack","at":%q,"verdict":"accepted","payload":{}}]}`,
		id, at.Format(time.RFC3339))
	return archive.Unsealed{Account: s.Account, Site: "cn", RunID: id, At: at, Program: archive.Program{Version: "v1", Commit: "abc"}, Mode: "digest",
		Files: []archive.Content{archive.Bytes("reading.json", reading.Bytes()), archive.Bytes("findings.json", judged),
			archive.Bytes("messages.json", []byte(messages))}}
}

// reportOf makes the report of an archive, as data.
func reportOf(t *testing.T, dir string) *report.Report {
	t.Helper()
	setEnvironment(t, nil)
	r := reportCommand{place: archivePlace{url: dir}, outputs: reportOutputs{html: "unused"}}
	g, err := r.gather(t.Context(), console{out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: func() time.Time { return testNow }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g.builder.Report()
}

// TestReportOfDemo: the page of the demo's archive has every part, in both languages.
func TestReportOfDemo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "evidence")
	if code, _, errs := command(t, nil, "demo", "--archive", dir, "--at", testNow.Format(time.RFC3339)); code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for language, want := range map[string][]string{
		"en": {`<html lang="en">`, "Nothing is critical; of 3 warnings the first: ", "Order cwp-aaaa ends in 12 days", "What needs action", "Deadlines",
			"Licenses and machines over time", "Coverage", "Renewal plan", "Protection gap if nothing is renewed", "Evidence", "Notifications sent",
			"tccli billing RenewInstance", "100 of 317", "Without: 2026-11-16.", "at the last record", "cache-04", `<details class="names"><summary>and `},
		"zh": {`<html lang="zh-CN">`, "没有严重问题，有 3 项警告", "需要处理的事项", "到期时间", "授权与主机变化趋势", "防护覆盖", "续费计划", "未开启自动续费的订单若不续费的防护缺口", "证据", "通知记录",
			"订单 cwp-aaaa", "100 / 317", "无记录：2026-11-16。"},
	} {
		t.Run(language, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "report.html")
			code, out, errs := command(t, nil, "report", "--archive", dir, "--language", language, "--html", file)
			if code != exitFine || errs != "" {
				t.Fatalf("exit %d: %s", code, errs)
			}
			wantIn(t, "output", out, file+": the page, ")
			page, err := os.ReadFile(file) //nolint:gosec // a file of the test
			if err != nil {
				t.Fatal(err)
			}
			wantIn(t, "page", string(page), want...)
			for _, foreign := range []string{"<script", "http-equiv=\"refresh", "@import", "url(", "%!", "<img", "<nil>"} {
				if strings.Contains(string(page), foreign) {
					t.Errorf("the page has %s", foreign)
				}
			}
		})
	}
}

// TestReportLeavesOutWhatIsBroken: a record that was changed is shown as such, and nothing
// that stands in it.
func TestReportLeavesOutWhatIsBroken(t *testing.T) {
	dir, heads := newArchiveDir(t)
	changed, err := os.ReadFile(archiveFile(dir, heads[4], "reading.json"))
	if err != nil {
		t.Fatal(err)
	}
	now := archiveStart.AddDate(0, 0, 5).Add(time.Hour)
	page := func(wantCode int) string {
		file := filepath.Join(t.TempDir(), "report.html")
		code, _, errs := commandAt(t, now, nil, "report", "--archive", dir, "--language", "en", "--html", file)
		if code != wantCode || (code == exitFine) != (errs == "") {
			t.Fatalf("exit %d: %s", code, errs)
		}
		text, err := os.ReadFile(file) //nolint:gosec // a file of the test
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	wantIn(t, "page", page(exitFine), "2026/11/27/010700Z-4f0005", "cwp-day-5")
	overwrite(t, archiveFile(dir, heads[4], "reading.json"), strings.Replace(string(changed), `"cwp-aaaa"`, `"cwp-evil"`, 1))
	text := page(exitFound)
	wantIn(t, "page", text, "1 record does not verify, and their values are left out", "reading.json: changed", "Broken: 2026-11-27.", "cwp-day-4")
	for _, left := range []string{"cwp-evil", "cwp-day-5"} {
		if strings.Contains(text, left) {
			t.Errorf("the page has %s, which stands in a record that was changed", left)
		}
	}
}

// TestReportGapIsThatOfSimulate: the machines that lose their edition are those by which the
// model of simulate lets the licenses in use fall, on every day.
func TestReportGapIsThatOfSimulate(t *testing.T) {
	for seed := range uint64(5) {
		dir := filepath.Join(t.TempDir(), "archive")
		snapshots := newMadeFleet(3, 12, 2, seed).seal(t, dir)
		r := reportOf(t, dir)
		if len(r.Gap) < 360 || r.Gap[len(r.Gap)-1].Lost == 0 {
			t.Fatalf("%d days", len(r.Gap))
		}
		for _, d := range r.Gap {
			end := d.Day.AddDate(0, 0, 1).Add(-time.Second)
			if end.After(r.Until) {
				continue
			}
			var lost int64
			for _, s := range snapshots {
				then := future.At(s, end, nil)
				lost += *s.Overview.UsedLicenseCnt - *then.Overview.UsedLicenseCnt
			}
			if lost != d.Lost {
				t.Fatalf("seed %d, by %s %d machines lose their edition, and simulate says %d", seed, d.Day.Format(time.DateOnly), d.Lost, lost)
			}
		}
	}
}

// TestReportGapLeavesOutWhatIsOver: an order that has ended is in no number of the gap, as with
// simulate, whose licenses in use fall by what lies ahead alone.
func TestReportGapLeavesOutWhatIsOver(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)
	order := func(id string, status int64, deadline string) license.Order {
		return license.Order{ResourceId: &id, LicenseType: new(int64(license.LicenseTypePro)), OrderStatus: &status, LicenseCnt: new(int64(5)),
			UsedLicenseCnt: new(int64(3)), AutoRenewFlag: new(int64(license.RenewalOff)), Deadline: &deadline}
	}
	s := license.Snapshot{ReadAt: now, Overview: &license.Overview{UsedLicenseCnt: new(int64(9))}, Orders: &license.Orders{List: []license.Order{
		order("isolated", license.OrderIsolated, "2026-11-10 00:00:00"), order("ended", license.OrderNormal, "2026-11-22 00:00:00"),
		order("ahead", license.OrderNormal, "2026-12-10 00:00:00")}}}
	b := report.NewBuilder(report.Options{Now: now, Until: now.AddDate(0, 2, 0)})
	g := report.NewGatherer("1", "")
	g.AddReading(report.Reading{Record: "r", Snapshot: s})
	if err := b.Add(g); err != nil {
		t.Fatal(err)
	}
	gap := b.Report().Gap
	if len(gap) == 0 || gap[len(gap)-1].Lost != 3 {
		t.Fatalf("the gap is %+v", gap)
	}
	for _, d := range gap {
		then := future.At(s, d.Day.AddDate(0, 0, 1).Add(-time.Second), nil)
		if lost := 9 - *then.Overview.UsedLicenseCnt; lost != d.Lost {
			t.Errorf("by %s %d machines lose their edition, and simulate says %d", d.Day.Format(time.DateOnly), d.Lost, lost)
		}
	}
}

// TestReportOfFortyAccounts: its size stays within what can be sent on.
func TestReportOfFortyAccounts(t *testing.T) {
	dir, file := filepath.Join(t.TempDir(), "archive"), filepath.Join(t.TempDir(), "report.html")
	if keep := os.Getenv("KEEP_REPORT"); keep != "" {
		dir, file = filepath.Join(keep, "archive"), filepath.Join(keep, "report.html")
	}
	newMadeFleet(40, 30, 3, 1).seal(t, dir)
	code, _, errs := command(t, nil, "report", "--archive", dir, "--html", file, "--language", "en")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 700_000 {
		t.Errorf("the page has %d bytes", info.Size())
	}
}

func builtInRules(t testing.TB) *rules.Set {
	t.Helper()
	set, err := setup.LoadRules("")
	if err != nil {
		t.Fatal(err)
	}
	return set
}
