package handler_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/ledgers"
	"licensewatch/state"
)

// fleetArchive is a cloud of many accounts, with a memory and an archive.
type fleetArchive struct {
	*fleetWorld
	archive string
}

func newFleetArchive(t *testing.T, accounts []fleetAccount, sick map[string]map[string]http.HandlerFunc, settings ...string) *fleetArchive {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "archive")
	return &fleetArchive{newFleetWorld(t, accounts, sick, append([]string{"LICENSEWATCH_ARCHIVE_URL", "file://" + dir}, settings...)...), dir}
}

// verify wants an archive that is as it was sealed, also by the script of docs/evidence.md,
// with so many records of each chain.
func (w *fleetArchive) verify(want map[string]int) {
	w.t.Helper()
	found, problems := verifyFolder(w.t, w.archive)
	for _, p := range problems {
		w.t.Error(p)
	}
	for account, records := range want {
		if found[account] != records {
			w.t.Errorf("%s has %d records, want %d", account, found[account], records)
		}
	}
	for script, out := range runScripts(w.t, w.archive) {
		if !strings.HasSuffix(out, " records are as they were sealed\n") {
			w.t.Errorf("docs/%s says %s", script, out)
		}
	}
}

// runScripts gives what the scripts of docs/evidence.md say of an archive, as far as this
// machine can run them; another test says where it cannot.
func runScripts(t *testing.T, dir string) map[string]string {
	t.Helper()
	said := map[string]string{}
	for script, needs := range map[string][]string{"verify.py": {"python3"}, "verify.sh": {"sh", "awk", "jq", "sha256sum"}} {
		if slices.ContainsFunc(needs, func(tool string) bool { _, err := exec.LookPath(tool); return err != nil }) {
			continue
		}
		out, _ := exec.CommandContext(t.Context(), needs[0], "../docs/"+script, dir).CombinedOutput() //nolint:gosec // our own
		said[script] = string(out)
	}
	return said
}

// verifyFolder gives how many records each chain of an archive has, and what is wrong.
func verifyFolder(t *testing.T, dir string) (records map[string]int, problems []archive.Defect) {
	t.Helper()
	store, err := state.OpenArchive("file://"+dir, "", time.Time{}, state.Options{})
	must(t, err)
	result, err := archive.Verify(t.Context(), store, archive.Check{})
	must(t, err)
	records = map[string]int{}
	for _, chain := range result.Chains {
		records[chain.Account] = chain.Records
	}
	return records, result.Defects
}

// accountsOf reads accounts.json of a record of the fleet.
func (w *fleetArchive) accountsOf(record string) (byName map[string]archive.AccountRecord) {
	w.t.Helper()
	var file struct{ Accounts []archive.AccountRecord }
	data, err := os.ReadFile(filepath.Join(w.archive, "fleet", record, "accounts.json"))
	must(w.t, err)
	must(w.t, json.Unmarshal(data, &file))
	byName = map[string]archive.AccountRecord{}
	for _, a := range file.Accounts {
		byName[a.Name] = a
	}
	return byName
}

// file reads a file of a record.
func (w *fleetArchive) file(account, record, name string) string {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.archive, account, record, name))
	must(w.t, err)
	return string(data)
}

// TestFleetRecords: a digest seals a record of each account in a chain of its own, with what
// was read of it and what the rules made of that, and one of the fleet with what was said,
// which names them. An alert seals those of which it said something.
func TestFleetRecords(t *testing.T) {
	w := newFleetArchive(t, smallFleet, nil)
	first := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if a := first.Archive; a.Status != handler.ArchiveSealed || len(a.Head) != 12 || a.Accounts == nil || *a.Accounts != (handler.ArchivedAccounts{Sealed: 4}) {
		t.Errorf("the Summary says %+v", a)
	}
	w.verify(map[string]int{"100000000101": 1, "100000000102": 1, "100000000103": 1, "100000000104": 1, "fleet": 1})
	accounts := w.accountsOf(first.Archive.Record)
	prod := accounts["pay-prod"]
	if len(accounts) != 4 || prod.Account != "100000000101" || prod.State != "read" || len(prod.SHA256) != 64 {
		t.Errorf("accounts.json has %+v", accounts)
	}
	w.wantContains("reading.json", w.file(prod.Account, prod.Record, "reading.json"), `"account": "100000000101"`, `"ResourceId": "cwp-aaaa"`)
	w.wantContains("findings.json", w.file(prod.Account, prod.Record, "findings.json"), `"expression":`, `"sha256":`)
	w.wantContains("messages.json", w.file(prod.Account, prod.Record, "messages.json"), `"channel":"pay-oncall"`, `"payload":null`, `"verdict":"accepted"`)
	sea := accounts["sea-prod"]
	if messages := w.file(sea.Account, sea.Record, "messages.json"); strings.Contains(messages, "pay-oncall") {
		t.Errorf("pay-oncall is not told of it: %s", messages)
	}
	w.wantContains("the fleet's findings", w.file("fleet", first.Archive.Record, "findings.json"), `"findings":[],"ok":`, `"sha256":`)
	said := w.file("fleet", first.Archive.Record, "messages.json")
	for _, posted := range []string{w.last("slack"), w.last("wecom")} {
		if !strings.Contains(said, posted) {
			t.Errorf("the fleet's messages.json lacks %s:\n%s", posted, said)
		}
	}

	w.wantTick("alert", handler.OutcomeSent, 2, 1) // what the digest only counted, of sea-prod
	w.verify(map[string]int{"100000000101": 1, "100000000103": 2, "100000000104": 1, "fleet": 2})
	if quiet := w.wantTick("alert", handler.OutcomeQuiet, 2, 1); quiet.Archive.Status != handler.ArchiveNone {
		t.Errorf("of a quiet alert the Summary says %+v", quiet.Archive)
	}
	w.verify(map[string]int{"fleet": 2})
	w.clock = w.clock.Add(21 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 3, 2)
	w.wantContains("the second digest", w.last("slack"), "Evidence until Nov 22: `")
	w.wantContains("the second digest", w.last("wecom"), "存证截至11月22日")
	w.verify(map[string]int{"100000000101": 2, "100000000103": 3, "fleet": 3})
}

// TestFleetRecordsOfSickAccounts: what could not be read, or not be sealed, is named in the
// fleet's record.
func TestFleetRecordsOfSickAccounts(t *testing.T) {
	w := newFleetArchive(t, smallFleet, map[string]map[string]http.HandlerFunc{
		"pay-test": {"AssumeRole": simulator.APIError("UnauthorizedOperation", "no")}})
	must(t, os.MkdirAll(w.archive, 0o700))
	must(t, os.WriteFile(filepath.Join(w.archive, "100000000104"), nil, 0o600)) // a file in the place of its folder
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if a := s.Archive; a.Status != handler.ArchiveSealed || *a.Accounts != (handler.ArchivedAccounts{Sealed: 3, NotSealed: 1}) || a.Reason == "" {
		t.Errorf("the Summary says %+v, %+v", a, a.Accounts)
	}
	w.wantContains("the manifest", w.file("fleet", s.Archive.Record, "manifest.json"),
		`"missing":[{"name":"100000000102","reason":"not read"},{"name":"100000000104","reason":"`+s.Archive.Reason+`"}]`)
	w.wantContains("the fleet's findings", w.file("fleet", s.Archive.Record, "findings.json"), `"rule":"fleet-accounts-unread"`, `"state":"firing"`,
		`"severity":"critical"`, `"expression":`, `"fleet.Failed":"1"`)
	failed := w.accountsOf(s.Archive.Record)["pay-test"]
	w.wantContains("the reading", w.file(failed.Account, failed.Record, "reading.json"), `"failed": {`, "UnauthorizedOperation")
	must(t, os.Remove(filepath.Join(w.archive, "100000000104")))
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	w.wantContains("the next digest", w.last("slack"), "Since Nov 22 not every account is archived")
	w.verify(map[string]int{"100000000102": 2, "100000000104": 1, "fleet": 2})
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 3, 3)
	if strings.Contains(w.last("slack"), "archived") {
		t.Errorf("it is still said: %s", w.last("slack"))
	}
}

// TestFleetArchiveBroken: a broken archive costs the records and nothing else. That of the
// fleet waits in the store, and says which accounts have none.
func TestFleetArchiveBroken(t *testing.T) {
	w := newFleetArchive(t, smallFleet, nil)
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	whole := w.archive + "-whole"
	must(t, os.Rename(w.archive, whole))
	must(t, os.WriteFile(w.archive, nil, 0o600))
	w.clock = w.clock.Add(23 * time.Hour)
	s := w.wantTick("digest", handler.OutcomeSent, 2, 2)
	if a := s.Archive; a.Status != handler.ArchiveFailed || a.Reason != "NoDirectory" || *a.Accounts != (handler.ArchivedAccounts{NotSealed: 4}) {
		t.Errorf("the Summary says %+v, %+v", a, a.Accounts)
	}
	must(t, os.Remove(w.archive))
	must(t, os.Rename(whole, w.archive))
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 3, 3)
	w.wantContains("the next digest", w.last("slack"), "Since Nov 23 not every account is archived: `NoDirectory`")
	w.verify(map[string]int{"100000000101": 2, "fleet": 3})
	names, err := filepath.Glob(filepath.Join(w.archive, "fleet", "2026", "11", "23", "*"))
	must(t, err)
	record, err := filepath.Rel(filepath.Join(w.archive, "fleet"), names[0])
	must(t, err)
	if a := w.accountsOf(record)["pay-prod"]; a.Record != "" || a.Missing != "NoDirectory" {
		t.Errorf("of the day without an archive: %+v", a)
	}
}

// TestFleetArchiveAndLostMemory: ledgers that are lost, or old, fork no chain.
func TestFleetArchiveAndLostMemory(t *testing.T) {
	w := newFleetArchive(t, smallFleet, nil)
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	old, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(t, err)
	for i := range 3 {
		w.clock = w.clock.Add(23 * time.Hour)
		switch i {
		case 1:
			must(t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), old, 0o600))
		case 2:
			must(t, os.Remove(filepath.Join(w.dir, "ledger.json")))
			w.clock = w.clock.Add(-30 * time.Hour) // a clock that went back
		}
		_, _ = w.tick("digest")
		w.verify(map[string]int{"100000000101": i + 2, "100000000104": i + 2, "fleet": i + 2})
	}
	delete(w.settings, "LICENSEWATCH_STATE_URL")
	for i := range 2 {
		w.clock = w.clock.Add(23 * time.Hour)
		if s, err := w.tick("digest"); err != nil || s.Archive.Status != handler.ArchiveSealed {
			t.Errorf("%v, %+v", err, s.Archive)
		}
		w.verify(map[string]int{"100000000101": i + 5, "fleet": i + 5})
	}
	w.wantContains("a digest without a store", w.last("slack"), "Evidence until Nov ")
}

// TestAccountOfOneArchive: an account's chain goes on when it becomes one of many, and when a
// deployment for it alone seals records between those of the many.
func TestAccountOfOneArchive(t *testing.T) {
	w := newFleetArchive(t, smallFleet[:2], nil)
	store, err := state.OpenArchive("file://"+w.archive, "", time.Time{}, state.Options{})
	must(t, err)
	for i := range 3 {
		head, _, err := archive.FindHead(t.Context(), store, "100000000101")
		must(t, err)
		_, err = archive.Seal(t.Context(), store, archive.Unsealed{Account: "100000000101", Site: "cn", RunID: "4f13b5", At: w.clock.Add(-time.Hour),
			Program: archive.Program{Version: "v", Commit: "c"}, Mode: "digest", Files: []archive.Content{archive.Bytes("a", nil)}}, head)
		must(t, err)
		w.wantTick("digest", handler.OutcomeSent, i+1, i+1)
		w.verify(map[string]int{"100000000101": 2 * (i + 1), "100000000102": i + 1})
		w.clock = w.clock.Add(23 * time.Hour)
	}
}

// TestFleetChainNamesRecords: of a record that was removed, or replaced by another one, the
// fleet's record knows, where the account's own chain shows nothing.
func TestFleetChainNamesRecords(t *testing.T) {
	for name, change := range map[string]func(dir string) error{
		"the account removed": os.RemoveAll,
		"another one in its place": func(dir string) error {
			manifests, err := filepath.Glob(dir + "/*/*/*/*/manifest.json")
			if err != nil || len(manifests) != 1 {
				return err
			}
			data, err := os.ReadFile(manifests[0])
			if err != nil {
				return err
			}
			return os.WriteFile(manifests[0], []byte(strings.Replace(string(data), `"missing":[]`, `"missing":[{"name":"export","reason":"pending"}]`, 1)), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newFleetArchive(t, smallFleet, nil)
			s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
			must(t, change(filepath.Join(w.archive, "100000000102")))
			_, problems := verifyFolder(t, w.archive)
			if len(problems) != 1 || problems[0].Account != "100000000102" || problems[0].Detail != "fleet/"+s.Archive.Record+" names it" {
				t.Errorf("verify says %v", problems)
			}
			for script, out := range runScripts(t, w.archive) {
				if !strings.Contains(out, "100000000102/"+s.Archive.Record) || strings.Contains(out, "records are") {
					t.Errorf("docs/%s says %s", script, out)
				}
			}
		})
	}
}

// TestHeadsOfAccounts: the ledgers remember the newest record of each account.
func TestHeadsOfAccounts(t *testing.T) {
	w := newFleetArchive(t, smallFleet, nil)
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	data, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(t, err)
	l, err := ledgers.Decode(data)
	must(t, err)
	for _, a := range w.accountsOf(s.Archive.Record) {
		if head := l.Archive.Heads[a.Account]; head != (ledgers.ArchiveHead{Record: a.Record, SHA256: a.SHA256}) {
			t.Errorf("%s: %+v, sealed %+v", a.Account, head, a)
		}
	}
	if names := slices.Collect(func(yield func(string) bool) {
		for name := range l.Archive.Heads {
			if !yield(name) {
				return
			}
		}
	}); len(names) != 4 {
		t.Errorf("remembered: %v", names)
	}
}
