package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/archive"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/license"
	"licensewatch/state"
)

const reportEvent = `{"Type":"Timer","TriggerName":"monthly","Time":"2026-12-01T01:30:00Z","Message":"report"}`

// pageRecords are records of the days up to a run, in a bucket.
type pageRecords struct {
	accounts []string // their folders
	days     int
	orders   int // of each account; each ends soon, and is a finding of every record
}

// TestPageInLittleMemory: under a real limit, a run in the mode report lives and makes its page of
// the records of 90 days. Where they do not fit, the Summary says so.
func TestPageInLittleMemory(t *testing.T) {
	days := proof.Trials(3, 90)
	for name, test := range map[string]struct {
		megabytes int
		accounts  int // 0: one, by itself
		orders    int
		isPart    bool // the oldest days may be left out,
		least     int  // but for so many
		isLong    bool // only with PROVE
	}{
		"one account of 30 orders, 64 MB":      {megabytes: 64, orders: 30},
		"one account of 30 orders, 128 MB":     {megabytes: 128, orders: 30, isLong: true},
		"one account of 10,000 orders, 64 MB":  {megabytes: 64, orders: 10_000, isPart: true},
		"one account of 10,000 orders, 128 MB": {megabytes: 128, orders: 10_000, isPart: true, least: 60, isLong: true},
		"one account of 10,000 orders, 512 MB": {megabytes: 512, orders: 10_000, isLong: true},
		"40 accounts of 30 orders, 64 MB":      {megabytes: 64, accounts: 40, orders: 30, isLong: true},
		"40 accounts of 30 orders, 128 MB":     {megabytes: 128, accounts: 40, orders: 30},
		"40 accounts of 30 orders, 512 MB":     {megabytes: 512, accounts: 40, orders: 30, isLong: true},
	} {
		t.Run(name, func(t *testing.T) {
			if test.isLong && days < 90 {
				t.Skip("takes seconds: PROVE=1 runs it")
			}
			records := pageRecords{accounts: []string{"self"}, days: days, orders: test.orders}
			settings := map[string]string{}
			var sim *simulator.Simulator
			if test.accounts > 0 {
				sim, records.accounts = accountsAlike(t, test.accounts, settings)
			} else {
				sim = startSimulator(t, "near-expiry")
				sim.Override("DescribeLicenseList", many{days: 10, status: 1, count: test.orders}.orders())
			}
			settings["LICENSEWATCH_ARCHIVE_URL"] = records.seal(t, sim)
			pid := filepath.Join(t.TempDir(), "pid")
			f := start(t, append([]string{"sh", "-c", `echo $$ >"$0" && exec "$@"`, pid}, within(limited(t, test.megabytes<<20))...)...)
			request := messages.InvokeRequest{Payload: []byte(reportEvent), Environment: environment(t, sim, settings), MemoryLimitInMb: int32(test.megabytes)}
			request.Deadline.Seconds = time.Now().Add(2 * time.Minute).Unix()
			began := time.Now()
			response := f.invoke(request)
			if response.Error != nil {
				t.Fatalf("%+v", response.Error)
			}
			var s pageSummary
			if err := json.Unmarshal(response.Payload, &s); err != nil {
				t.Fatal(err)
			}
			all := days * max(1, test.accounts)
			t.Logf("proof: %s, %d days: %.1f s, peak %d MB, %d of %d records %s", name, days, time.Since(began).Seconds(), peak(t, pid)>>10, s.Report.Records, all, s.Report.Why)
			if s.Outcome != "sent" || s.Report.Record == "" || s.Report.Broken != 0 {
				t.Errorf("%s", response.Payload)
			}
			least, why := all, ""
			if test.isPart {
				least = min(all, test.least)
			}
			if s.Report.Records < all {
				why = "TooLittleMemory"
			}
			if s.Report.Records < least || s.Report.Why != why {
				t.Errorf("%d of %d records, want %d at least: %s", s.Report.Records, all, least, response.Payload)
			}
		})
	}
}

// pageSummary is what the Summary says of a page.
type pageSummary struct {
	Outcome string
	Report  struct {
		Record, Why     string
		Records, Broken int
	}
}

// accountsAlike makes a cloud of so many accounts, and the settings of a function that watches them.
func accountsAlike(t *testing.T, count int, settings map[string]string) (sim *simulator.Simulator, uins []string) {
	t.Helper()
	var o simulator.Options
	var file strings.Builder
	file.WriteString("version: 1\ndefaults: {role: licensewatch-reader}\naccounts:\n")
	for i := range count {
		uin := fmt.Sprint(100000001000 + i)
		uins = append(uins, uin)
		o.Accounts = append(o.Accounts, simulator.Account{UIN: uin, Site: license.SiteCN, Role: "licensewatch-reader", Scenario: "near-expiry"})
		_, _ = fmt.Fprintf(&file, "  - {uin: %q}\n", uin)
	}
	file.WriteString("channels: [{name: all, kind: slack, url: LICENSEWATCH_SLACK_ALL}]\ndefault: [all]\n")
	path := filepath.Join(t.TempDir(), "accounts.yaml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	sim = simulator.New(o)
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	settings["LICENSEWATCH_ACCOUNTS_FILE"], settings["LICENSEWATCH_SLACK_ALL"] = path, sim.WebhookURL("slack")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"], settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] = "", ""
	return sim, uins
}

// seal seals them, and gives the archive's URL.
func (r pageRecords) seal(t *testing.T, sim *simulator.Simulator) (url string) {
	t.Helper()
	id, key, token := sim.Credentials()
	server := httptest.NewServer(cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token, WriteOnce: true}))
	t.Cleanup(server.Close)
	url = "cos://evidence-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL
	store, err := state.OpenArchive(url, "", time.Time{}, state.Options{
		Credentials: func() (string, string, string, error) { return id, key, token, nil }})
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range r.accounts {
		var head *archive.Link
		for day := range r.days {
			at := time.Now().UTC().AddDate(0, 0, day+1-r.days)
			link, err := archive.Seal(t.Context(), store, r.record(t, account, at), head)
			if err != nil {
				t.Fatal(err)
			}
			head = &link
		}
	}
	return url
}

// record is the record of a day.
func (r pageRecords) record(t *testing.T, account string, at time.Time) archive.Unsealed {
	t.Helper()
	s := license.Snapshot{Account: account, Site: license.SiteCN, ReadAt: at, Orders: &license.Orders{TotalCount: int64(r.orders)},
		Overview: &license.Overview{LicenseCnt: new(int64(10 * r.orders)), UsedLicenseCnt: new(int64(8*r.orders) - int64(at.Day()))}}
	var findings []map[string]any
	for i := range r.orders {
		order := fmt.Sprintf("cwp-%08x", uint32(i*2654435761)) //nolint:gosec // ids that are not alike
		deadline := time.Now().AddDate(0, 0, 10)
		s.Orders.List = append(s.Orders.List, license.Order{ResourceId: &order, LicenseId: new(int64(100000 + i)), LicenseType: new(int64(2)),
			LicenseCnt: new(int64(10)), UsedLicenseCnt: new(int64((i + at.Day()) % 10)), OrderStatus: new(int64(1)), AutoRenewFlag: new(int64(2)),
			BuyTime: new("2025-11-22 00:00:00"), Deadline: new(deadline.Format(time.DateTime)), Tags: []license.Tag{{TagKey: "owner", TagValue: fmt.Sprint("team-", i%7)}}})
		findings = append(findings, map[string]any{"rule": "cwp-order-expiring", "subject": order, "state": "firing", "severity": "warning",
			"title":  fmt.Sprintf("Order %s ends in %d days", order, 10+int(time.Since(at).Hours()/24)),
			"detail": "10 licenses of Ultimate, of which 8 are in use; it does not renew itself. Renew it in the console, or tell those whose machines it protects."})
	}
	var reading bytes.Buffer
	if err := license.WriteSnapshot(&reading, s); err != nil {
		t.Fatal(err)
	}
	judged, err := json.Marshal(map[string]any{"version": 1, "findings": findings})
	if err != nil {
		t.Fatal(err)
	}
	said := fmt.Sprintf(`{"version":1,"messages":[{"id":"4f0000","kind":"report","mode":"digest","channel":"slack","at":%q,"verdict":"accepted","payload":{}}]}`,
		at.Format(time.RFC3339))
	return archive.Unsealed{Account: account, Site: "cn", RunID: "4f0000", At: at, Mode: "digest", Files: []archive.Content{
		archive.Bytes("reading.json", reading.Bytes()), archive.Bytes("findings.json", judged), archive.Bytes("messages.json", []byte(said))}}
}
