package snapshot_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
)

func parse(t *testing.T, text string) license.Snapshot {
	t.Helper()
	s, err := snapshot.Parse("s.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantSnapshot(t *testing.T, got, want license.Snapshot) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	got := parse(t, `
version: 1
read_at: 2026-11-22T09:07:00+08:00
account: 100000000001
site: intl
cwp: {LicenseCnt: 317, AutoRepurchaseSwitch: true, ProtectType: FLAGSHIP_PREPAY, UsedLicenseCnt: null}
orders:
  - ResourceId: cwp-aaaa
    Deadline: 2026-12-04 23:59:59
    LicenseCnt: 17
    Tags: [{TagKey: team, TagValue: ops}, {TagKey: bare}]
unparsed: [cwp.UsedLicenseCnt, order.BuyTime]
failed: {tcss: AuthFailure.UnauthorizedOperation}
previous: {tcss: {State: 2}}
`)
	wantSnapshot(t, got, license.Snapshot{
		ReadAt: now, Account: "100000000001", Site: license.SiteIntl,
		Overview: &license.Overview{LicenseCnt: new(int64(317)), AutoRepurchaseSwitch: new(true), ProtectType: new("FLAGSHIP_PREPAY"), Unparsed: []string{"UsedLicenseCnt"}},
		Orders: &license.Orders{
			List: []license.Order{{ResourceId: new("cwp-aaaa"), Deadline: new("2026-12-04 23:59:59"), LicenseCnt: new(int64(17)),
				Tags: []license.Tag{{TagKey: "team", TagValue: "ops"}, {TagKey: "bare"}}}},
			TotalCount: 1, Unparsed: []string{"BuyTime"},
		},
		Wanted: []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState},
		Failures: map[license.Source]*license.Failure{license.SourcePurchaseState: {
			Kind: license.FailureDenied, Service: "tcss", Action: "DescribePurchaseStateInfo", Code: "AuthFailure.UnauthorizedOperation", HTTPStatus: 200,
		}},
		Previous: &license.Snapshot{PurchaseState: &license.PurchaseState{State: new(int64(2))}},
	})
}

// TestFormsOfOrders: with the total or without, incomplete, empty.
func TestFormsOfOrders(t *testing.T) {
	t.Parallel()
	one := []license.Order{{ResourceId: new("cwp-aaaa")}}
	for text, want := range map[string]license.Orders{
		`[]`:                       {},
		`[{ResourceId: cwp-aaaa}]`: {List: one, TotalCount: 1},
		`{List: [{ResourceId: cwp-aaaa}], TotalCount: 1}`:                     {List: one, TotalCount: 1},
		`{List: [{ResourceId: cwp-aaaa}]}`:                                    {List: one, TotalCount: 1},
		`{List: [{ResourceId: cwp-aaaa}], TotalCount: 260, Incomplete: true}`: {List: one, TotalCount: 260, Incomplete: true},
		`{List: null}`: {},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			s := parse(t, "version: 1\norders: "+text)
			if diff := cmp.Diff(&want, s.Orders, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFailures: a code says as much as the client would of a call that ended
// with it.
func TestFailures(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]license.Failure{
		`AuthFailure.SignatureExpire`: {Kind: license.FailureClock, Code: "AuthFailure.SignatureExpire", HTTPStatus: 200},
		`RequestLimitExceeded`:        {Kind: license.FailureThrottled, Code: "RequestLimitExceeded", HTTPStatus: 200},
		`Timeout`:                     {Kind: license.FailureTimeout, Code: "Timeout"},
		`HTTPStatus.502`:              {Kind: license.FailureServer, Code: "HTTPStatus.502", HTTPStatus: 502},
		`Proxy.407`:                   {Kind: license.FailureProxy, Code: "Proxy.407"},
		`NoCredentials`:               {Kind: license.FailureCredentials, Code: "NoCredentials"},
		`{Code: AuthFailure.SignatureExpire, ClockSkew: -10m0s, RequestID: abc, HTTPStatus: 0}`: {Kind: license.FailureClock, Code: "AuthFailure.SignatureExpire", ClockSkew: -10 * time.Minute, RequestID: "abc"},
		`{Code: Odd, Kind: server, Action: Other, Service: cvm}`:                                {Kind: license.FailureServer, Code: "Odd", HTTPStatus: 200, Action: "Other", Service: "cvm"},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			if want.Action == "" {
				want.Service, want.Action = "cwp", "DescribeLicenseList"
			}
			s := parse(t, "version: 1\nfailed: {cwp.orders: "+text+"}")
			if diff := cmp.Diff(&want, s.Failures[license.SourceOrders]); diff != "" {
				t.Error(diff)
			}
			if s.Wants(license.SourcePurchaseState) || !s.Wants(license.SourceOrders) {
				t.Errorf("wanted: %v", s.Wanted)
			}
		})
	}
}

// TestJSONOfAllKinds: JSON may write what YAML reads otherwise.
func TestJSONOfAllKinds(t *testing.T) {
	t.Parallel()
	s := parse(t, "\ufeff{\r\n\t\"version\": 1,\r\n\t\"orders\": [{\"Alias\": \"\\ud83d\\ude00 \\/ \\\\ud83d \\u5bb9 \\ud800x\\u0001\"}]}")
	if want := "😀 / \\ud83d 容 \ufffdx\x01"; *s.Orders.List[0].Alias != want {
		t.Errorf("%q, want %q", *s.Orders.List[0].Alias, want)
	}
}

// TestMistakes: every mistake of a file, with its place and what to write.
// UPDATE_GOLDEN=1 writes what is found.
func TestMistakes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			_, err := snapshot.Parse("s.yaml", []byte(read(t, file)))
			all, ok := errors.AsType[*snapshot.Errors](err)
			if !ok {
				t.Fatalf("error is %T: %v", err, err)
			}
			var got strings.Builder
			for _, p := range all.Problems {
				fmt.Fprintln(&got, p)
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(read(t, golden), got.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func read(t testing.TB, file string) string {
	t.Helper()
	data, err := os.ReadFile(file) //nolint:gosec // a file of the tests
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestErrorsAreReadable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"version: 2":             "s.yaml:1:10: version 2 is not known; this program reads version 1",
		"version: 1\na: 1\nb: 1": "2 mistakes in the snapshot:\n  s.yaml:2:1: a snapshot has no key \"a\"",
	} {
		_, err := snapshot.Parse("s.yaml", []byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	_, err := snapshot.Parse("s.yaml", []byte("version: 1\n#"+strings.Repeat("x", snapshot.MaxFile)))
	if err == nil || !strings.Contains(err.Error(), "more than 4 MiB") {
		t.Error(err)
	}
	if _, err := snapshot.Parse("s.yaml", []byte(strings.Repeat("[", 1<<20))); err == nil {
		t.Error("deep nesting is accepted")
	}
}
