package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// canaries are accounts whose names, numbers and labels must not be in what is masked.
var canaryAccounts = []storyAccount{
	{uin: "734900010001", name: "Zürich 支付", labels: "team: canary-team, owner: canary-owner", scenario: "near-expiry"},
	{uin: "734900010002", name: `"canary <b> & 'c'"`, labels: "team: canary-team", scenario: "everything-wrong", site: license.SiteIntl},
	{uin: "734900010003", name: "canary-3", labels: "team: other-team", scenario: "healthy", sick: map[string]http.HandlerFunc{
		"DescribeLicenseList": denied}},
	{uin: "734900010004", name: "'734900010004'", scenario: "healthy", sick: map[string]http.HandlerFunc{"AssumeRole": denied}},
}

// folderOf reads all files of a folder.
func folderOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if info, err := e.Info(); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

func indexOf(t *testing.T, files map[string]string) snapshotIndex {
	t.Helper()
	var index snapshotIndex
	if err := json.Unmarshal([]byte(files[folderIndex]), &index); err != nil {
		t.Fatal(err)
	}
	return index
}

// TestCaptureFleet: each account is a file of its own that can be read, with what could not be
// read in it; causes are told once.
func TestCaptureFleet(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.settings["LICENSEWATCH_LANGUAGE"] = "en"
	dir := filepath.Join(t.TempDir(), "snapshots")
	code, out, errs := command(t, s.settings, "capture", "--fleet", dir)
	if code != exitFound || out != "" {
		t.Fatalf("exit %d: %s", code, out)
	}
	golden(t, "capture-fleet.txt", strings.ReplaceAll(errs, dir, "snapshots"))
	files := folderOf(t, dir)
	index := indexOf(t, files)
	if len(index.Accounts) != len(storyAccounts) || len(files) != len(storyAccounts)+1 || index.Version != 1 || !index.ReadAt.Equal(testNow) {
		t.Errorf("%d files, %+v", len(files), index)
	}
	for i, a := range index.Accounts {
		read, err := snapshot.Parse(a.Uin, []byte(files[a.Uin+".json"]))
		if err != nil || read.Account != a.Uin || read.Site != a.Site || a.Name != storyAccounts[i].name {
			t.Errorf("%+v: %v, account %q of %s", a, err, read.Account, read.Site)
		}
		if isSick := storyAccounts[i].sick != nil; isSick != (len(read.Failures) > 0) {
			t.Errorf("%s: failures %v", a.Name, read.Failures)
		}
	}
	for name, value := range s.settings {
		for file, text := range files {
			if len(value) > 6 && strings.Contains(text, value) {
				t.Errorf("%s holds %s", file, name)
			}
		}
	}
}

// TestCaptureFleetFilter: --account reads those alone; a folder with something in it is left as
// it is without --force.
func TestCaptureFleetFilter(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	dir := filepath.Join(t.TempDir(), "snapshots")
	before := s.sim.Count("DescribeLicenseList")
	if code, _, errs := command(t, s.settings, "capture", "--fleet", dir, "--account", "pay-*"); code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	if n := s.sim.Count("DescribeLicenseList") - before; n != 2 {
		t.Errorf("%d lists of orders were read", n)
	}
	if files := folderOf(t, dir); len(files) != 3 {
		t.Errorf("%d files", len(files))
	}
	for name, test := range map[string]struct{ args, want []string }{
		"not empty":       {[]string{"--fleet", dir}, []string{"--fleet " + dir, "there is something in it", "--force"}},
		"no such account": {[]string{"--fleet", dir, "--force", "--account", "pay-prood"}, []string{`--account "pay-prood"`, "did you mean pay-prod?"}},
		"a file as well":  {[]string{"--fleet", dir, "account.json"}, []string{`leave "account.json" out`}},
		"no folder":       {[]string{"--account", "pay-prod"}, []string{"--account goes with --fleet"}},
		"nowhere":         {[]string{"--fleet", dir + "/x/y"}, []string{"cannot be used"}},
	} {
		if code, out, errs := command(t, s.settings, append([]string{"capture"}, test.args...)...); code == exitFine || out != "" {
			t.Errorf("%s: exit %d", name, code)
		} else {
			wantIn(t, name, errs, test.want...)
		}
	}
	if code, _, errs := command(t, s.settings, "capture", "--fleet", dir, "--force", "--account", "pay-prod"); code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	if index := indexOf(t, folderOf(t, dir)); len(index.Accounts) != 1 {
		t.Errorf("%+v", index)
	}
}

// TestCaptureFleetMasked: nothing of the names, numbers, labels, orders and tags is left, in no
// file and in no file's name, and the same thing has the same stand-in everywhere.
func TestCaptureFleetMasked(t *testing.T) {
	s := newFleetStory(t, canaryAccounts)
	dir := filepath.Join(t.TempDir(), "snapshots")
	code, out, errs := command(t, s.settings, "capture", "--fleet", dir, "--mask")
	if code != exitFound || out != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "message", errs, "account names (3)", "account labels (3)", "account ids (4)", "The names of labels stay")
	files := folderOf(t, dir)
	for name, text := range files {
		for _, canary := range []string{"7349", "Zürich", "支付", "canary", "other-team", "cwp-aaaa", "cwp-bbbb", "external-1", "AKID"} {
			if strings.Contains(name, canary) || strings.Contains(text, canary) {
				t.Errorf("%s holds %q:\n%s", name, canary, text)
			}
		}
	}
	index := indexOf(t, files)
	want := []snapshotAccount{
		{"100000000000", "account-0001", license.SiteCN, map[string]string{"owner": "label-0001", "team": "label-0002"}},
		{"100000000001", "account-0002", license.SiteIntl, map[string]string{"team": "label-0002"}},
		{"100000000002", "account-0003", license.SiteCN, map[string]string{"team": "label-0003"}},
		{"100000000003", "100000000003", license.SiteCN, nil},
	}
	if !slices.EqualFunc(index.Accounts, want, func(a, b snapshotAccount) bool {
		return a.Uin == b.Uin && a.Name == b.Name && a.Site == b.Site && len(a.Labels) == len(b.Labels) && a.Labels["team"] == b.Labels["team"]
	}) {
		t.Errorf("%+v", index.Accounts)
	}
	first, second := files["100000000000.json"], files["100000000001.json"]
	if !strings.Contains(first, `"cwp-0001"`) || !strings.Contains(second, `"cwp-0001"`) { // both have cwp-aaaa
		t.Errorf("the same order has other stand-ins:\n%s\n%s", first, second)
	}
}

// TestCaptureFleetUnread: a member list that is refused, and keys that are not there.
func TestCaptureFleetUnread(t *testing.T) {
	s := newFleetStory(t, storyAccounts[:1])
	path := s.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, "organization: {labels: {from: organization}}\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	s.sim.Override("DescribeOrganizationMembers", simulator.APIError("UnauthorizedOperation", ""))
	dir := filepath.Join(t.TempDir(), "snapshots")
	code, _, errs := command(t, s.settings, "capture", "--fleet", dir)
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "message", errs, "✗ the members of the organization: UnauthorizedOperation for DescribeOrganizationMembers: allow organization:DescribeOrganizationMembers",
		"holds the snapshots of 1 account.")
	delete(s.settings, "TENCENTCLOUD_SECRET_ID")
	delete(s.settings, "TENCENTCLOUD_SECRET_KEY")
	delete(s.settings, "TENCENTCLOUD_TOKEN")
	if code, _, errs := command(t, s.settings, "capture", "--fleet", dir+"2"); code != exitFound || !strings.Contains(errs, "TENCENTCLOUD_SECRET_ID") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if code, _, errs := command(t, nil, "capture", "--fleet", dir+"3"); code == exitFine || !strings.Contains(errs, "LICENSEWATCH_ACCOUNTS_FILE") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// TestCaptureFleetInterrupted: Ctrl-C leaves no file.
func TestCaptureFleetInterrupted(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	ctx, cancel := context.WithCancel(t.Context())
	s.sim.Override("DescribeLicenseGeneral", func(http.ResponseWriter, *http.Request) { cancel() })
	setEnvironment(t, s.settings)
	dir := filepath.Join(t.TempDir(), "snapshots")
	var out, errs bytes.Buffer
	code := runCommandLine(ctx, []string{"capture", "--fleet", dir}, console{out: &out, err: &errs, now: func() time.Time { return testNow },
		sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if code == exitFine || !strings.Contains(errs.String(), "interrupted; nothing is written") || len(folderOf(t, dir)) > 0 {
		t.Errorf("exit %d: %s, %v", code, errs.String(), folderOf(t, dir))
	}
}
