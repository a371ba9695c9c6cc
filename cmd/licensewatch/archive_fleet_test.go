package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/state"
)

// newFleetArchiveDir makes an archive of two accounts, of which one has a record, and of the
// fleet that they belong to.
func newFleetArchiveDir(t *testing.T) (dir string, account, fleet archive.Link) {
	t.Helper()
	dir = t.TempDir()
	store, err := state.OpenArchive("file://"+dir, "", time.Time{}, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seal := func(folder, name string, data []byte) archive.Link {
		head, err := archive.Seal(t.Context(), store, archive.Unsealed{Account: folder, Site: "cn", RunID: "4f13b5",
			At: time.Date(2026, 11, 28, 1, 7, 0, 0, time.UTC), Program: archive.Program{Version: "v1.9.0", Commit: "414d501"}, Mode: "digest",
			Files: []archive.Content{archive.Bytes(name, data)}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return head
	}
	account = seal("100000000101", "findings.json", []byte(`{"version":1,"findings":[]}`))
	named, err := json.Marshal(map[string]any{"version": 1, "accounts": []archive.AccountRecord{
		{Account: "100000000101", Name: "pay-prod", Site: "cn", State: "read", Record: account.Record, SHA256: account.SHA256},
		{Account: "100000000102", Name: "pay-test", Site: "cn", State: "read", Missing: "Timeout"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return dir, account, seal("fleet", archive.AccountsName, named)
}

// TestArchiveOfManyAccounts: an account is named by its number or its name, and the fleet's
// record shows which accounts have one.
func TestArchiveOfManyAccounts(t *testing.T) {
	dir, account, fleet := newFleetArchiveDir(t)
	for name, test := range map[string]struct {
		args []string
		code int
		want []string
	}{
		"by name":   {[]string{"list", "--account", "pay-prod"}, exitFine, []string{account.Record, account.Short()}},
		"by number": {[]string{"list", "--account", "100000000101"}, exitFine, []string{account.Record}},
		"unknown":   {[]string{"list", "--account", "pay-old"}, exitFound, []string{"--account pay-old: the archive has fleet and 100000000101"}},
		"nobody":    {[]string{"list"}, exitFound, []string{"Write --account and fleet or 100000000101"}},
		"the fleet": {[]string{"show", "--account", "fleet", "4f13b5"}, exitFine,
			[]string{"Accounts: 1 have a record, 1 have none", "pay-test", "without a record: Timeout", account.Record + "  " + account.Short()}},
		"verified": {[]string{"verify", "--anchor", fleet.Short()}, exitFine, []string{"Everything is as it was sealed"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, nil, append(append([]string{"archive"}, test.args...), "--archive", dir)...)
			for _, want := range test.want {
				if !strings.Contains(out+errs, want) {
					t.Errorf("it lacks %q:\n%s%s", want, out, errs)
				}
			}
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
		})
	}
}

// TestVerifyOfManyAccounts: that an account's record is gone, or another one, the fleet's
// record knows; verify and the scripts are of one opinion.
func TestVerifyOfManyAccounts(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, dir string, account archive.Link){
		"sound": nil,
		"the account's folder": func(t *testing.T, dir string, _ archive.Link) {
			removeAll(t, filepath.Join(dir, "100000000101"))
		},
		"its manifest": func(t *testing.T, dir string, account archive.Link) {
			replaceIn(t, filepath.Join(dir, "100000000101", account.Record, "manifest.json"), "v1.9.0", "v1.9.1")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, account, _ := newFleetArchiveDir(t)
			want := exitFine
			if change != nil {
				change(t, dir, account)
				want = exitFound
			}
			code, out, _ := command(t, nil, "archive", "verify", dir)
			if code != want || (want != exitFine && !strings.Contains(out, "100000000101/"+account.Record)) {
				t.Errorf("archive verify: exit %d: %s", code, out)
			}
			for _, script := range []string{"verify.sh", "verify.py"} {
				if got, out := runScript(t, script, dir); got != want {
					t.Errorf("%s: exit %d, want %d: %s", script, got, want, out)
				}
			}
		})
	}
}
