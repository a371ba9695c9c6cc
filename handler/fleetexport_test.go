package handler_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// edit changes the accounts file.
func (w *fleetWorld) edit(from, to string) {
	w.t.Helper()
	path := w.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	data, err := os.ReadFile(path)
	must(w.t, err)
	if !strings.Contains(string(data), from) {
		w.t.Fatalf("the accounts file has no %q", from)
	}
	must(w.t, os.WriteFile(path, []byte(strings.ReplaceAll(string(data), from, to)), 0o600))
}

// newExportingFleet is a cloud of many accounts all of which export.
func newExportingFleet(t *testing.T, sick map[string]map[string]http.HandlerFunc, settings ...string) *fleetWorld {
	t.Helper()
	w := newFleetWorld(t, smallFleet, sick, settings...)
	w.edit("defaults: {", "defaults: {export: true, ")
	return w
}

// linksIn gives the accounts whose links Slack's message has, in its order.
func linksIn(body string) (accounts []string) {
	for _, a := range smallFleet {
		if strings.Contains(body, "|"+a.name+">") || strings.Contains(body, "|"+a.name+" (expires soon)>") {
			accounts = append(accounts, a.name)
		}
	}
	return accounts
}

// TestAccountExports: the digest has the link of each account that asks for it, in the
// channels that hear of the account; nobody else is asked for one.
func TestAccountExports(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	w.edit("name: pay-prod,", "name: pay-prod, export: true,")
	w.edit("name: sea-prod,", "name: sea-prod, export: true,")
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if got := linksIn(w.last("slack")); !slices.Equal(got, []string{"pay-prod", "sea-prod"}) {
		t.Errorf("Slack has the links of %v", got)
	}
	w.wantContains("pay-oncall", w.last("wecom"), "授权明细已导出：[pay-prod](https://")
	if strings.Contains(w.last("wecom"), "sea-prod") {
		t.Errorf("pay-oncall hears of another team's account: %s", w.last("wecom"))
	}
	if e := s.Export; e.Status != license.ExportFinished || *e.Accounts != (handler.ExportedAccounts{Finished: 2}) {
		t.Errorf("the Summary has %+v, %+v", e, e.Accounts)
	}
	w.wantTick("alert", handler.OutcomeSent, 2, 1)
	if n := w.callsOf("ExportLicenseDetail") + w.callsOf("ExportTasks"); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
	if found := leaks(w.log.String()+asJSON(t, s)+w.stored(), "simulated-link-signature"); found != nil {
		t.Errorf("a link is in the log, the Summary or the store: %v", found)
	}
}

// stored is all that lies in the store.
func (w *fleetWorld) stored() string {
	w.t.Helper()
	var all strings.Builder
	must(w.t, filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	}))
	return all.String()
}

// TestAccountExportsOff: without export: true, with LICENSEWATCH_EXPORT=off and in a dry run
// no account is exported.
func TestAccountExportsOff(t *testing.T) {
	newFleetWorld(t, smallFleet, nil).wantNoExport()
	newExportingFleet(t, nil, "LICENSEWATCH_EXPORT", "off").wantNoExport()
	newExportingFleet(t, nil, "LICENSEWATCH_SOURCES", "tcss").wantNoExport()
}

func (w *fleetWorld) wantNoExport() {
	w.t.Helper()
	s, err := w.tick("digest")
	if n := w.callsOf("ExportLicenseDetail"); err != nil || n != 0 || s.Export.Status != license.ExportOff || s.Export.Accounts != nil {
		w.t.Errorf("%v, %d exports, %+v", err, n, s.Export)
	}
}

// TestLateAccountExports: of exports that were still running, one note names all accounts that
// the channel hears of, in the next run. Nobody is told twice.
func TestLateAccountExports(t *testing.T) {
	pending := map[string]http.HandlerFunc{"ExportTasks": simulator.Answer(pendingTask)}
	w := newExportingFleet(t, map[string]map[string]http.HandlerFunc{"pay-prod": pending, "sea-test": pending})
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.wantContains("security", w.last("slack"), "License details of pay-prod, sea-test: export still running, no file yet")
	if got := linksIn(w.last("slack")); !slices.Equal(got, []string{"pay-test", "sea-prod"}) || *s.Export.Accounts != (handler.ExportedAccounts{Finished: 2, Pending: 2}) {
		t.Errorf("Slack has the links of %v; %+v", got, s.Export.Accounts)
	}
	w.wantTick("alert", handler.OutcomeSent, 2, 1) // what the digest only counted; they are still running
	delete(pending, "ExportTasks")
	w.OverrideChat("wecom", status(500, "busy"))
	w.wantTick("alert", handler.OutcomeQuiet, 3, 4)
	w.OverrideChat("wecom", nil)
	w.wantContains("the note", w.last("slack"), "License details of earlier reports are ready: 2 of 2 accounts")
	if got := linksIn(w.last("slack")); !slices.Equal(got, []string{"pay-prod", "sea-test"}) {
		t.Errorf("the note has the links of %v: %s", got, w.last("slack"))
	}
	w.wantTick("alert", handler.OutcomeQuiet, 3, 5)
	w.wantContains("the note", w.last("wecom"), "[pay-prod（很快失效）](https://", "此前报告的授权明细已导出")
	w.wantTick("alert", handler.OutcomeQuiet, 3, 5)
	if n := w.callsOf("ExportLicenseDetail"); n != 4 {
		t.Errorf("%d exports were begun", n)
	}
}

// TestGivenUpAccountExport: an export that does not finish for a day is given up, and the note
// says so once; the digest has begun another one.
func TestGivenUpAccountExport(t *testing.T) {
	pending := map[string]http.HandlerFunc{"ExportTasks": simulator.Answer(pendingTask)}
	w := newExportingFleet(t, map[string]map[string]http.HandlerFunc{"sea-test": pending})
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.clock = w.clock.Add(24 * time.Hour)
	delete(pending, "ExportTasks")
	pending["ExportTasks"] = simulator.Sequence(simulator.APIError("ResourceNotFound", "no"), simulator.Usual())
	w.wantTick("digest", handler.OutcomeSent, 3, 2)
	said := strings.Join(w.posted("slack")[1:], "\n")
	w.wantContains("the second day", said, "License details of an earlier report: not exported", "|sea-test>")
	w.wantTick("alert", handler.OutcomeSent, 4, 2)
	w.wantTick("alert", handler.OutcomeQuiet, 4, 2)
}

// TestFailedAccountExports: what failed is named once for each cause, with the remedy, and
// costs that account's export alone. One that hangs is not waited for.
func TestFailedAccountExports(t *testing.T) {
	refused := map[string]http.HandlerFunc{"ExportLicenseDetail": simulator.APIError("UnauthorizedOperation", "no")}
	w := newExportingFleet(t, map[string]map[string]http.HandlerFunc{"pay-prod": refused, "pay-test": refused,
		"sea-test": {"ExportLicenseDetail": simulator.APIError("ResourceNotFound", "nothing")}})
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.wantContains("security", w.last("slack"), "License details of pay-prod, pay-test: export failed, `UnauthorizedOperation` · ExportLicenseDetail", "Allow `cwp:ExportLicenseDetail`", "License details of sea-test: nothing to export")
	if strings.Count(w.last("slack"), "export failed") != 1 || *s.Export.Accounts != (handler.ExportedAccounts{Finished: 1, Failed: 3}) || *s.Accounts != (handler.AccountCounts{Read: 4}) {
		t.Errorf("%+v, %+v: %s", s.Export.Accounts, s.Accounts, w.last("slack"))
	}
	w.wantTick("alert", handler.OutcomeSent, 2, 1)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 1)
}

// TestHangingAccountExport: an export that hangs is waited for as long as the reading may
// take; those of the others are told.
func TestHangingAccountExport(t *testing.T) {
	w := newExportingFleet(t, map[string]map[string]http.HandlerFunc{"pay-prod": {"ExportLicenseDetail": simulator.Hang()}})
	s, err := w.runDirect(time.Minute, digestEvent, nil)
	if err != nil || s.Outcome != handler.OutcomeSent || s.ElapsedMS > 45_000 || *s.Export.Accounts != (handler.ExportedAccounts{Finished: 3, Failed: 1}) {
		t.Errorf("%v, %+v, after %d ms", err, s.Export.Accounts, s.ElapsedMS)
	}
	w.wantContains("security", w.last("slack"), "License details of pay-prod: no answer in time, unknown whether the export started")
	if got := linksIn(w.last("slack")); !slices.Equal(got, []string{"pay-test", "sea-prod", "sea-test"}) {
		t.Errorf("Slack has the links of %v", got)
	}
	short, err := newExportingFleet(t, nil).runDirect(10*time.Second, digestEvent, nil)
	if err != nil || *short.Export.Accounts != (handler.ExportedAccounts{Skipped: 4}) {
		t.Errorf("in ten seconds: %v, %+v", err, short.Export.Accounts)
	}
}

// TestKilledWhileExporting: a run that is killed while it waits for exports has said nothing
// and remembers nothing; the platform's rerun says all once. Of one that is killed while it
// tells, what it has begun is asked for again.
func TestKilledWhileExporting(t *testing.T) {
	for name, inChat := range map[string]bool{"while it waits": false, "while it tells": true} {
		t.Run(name, func(t *testing.T) {
			atDeath := filepath.Join(t.TempDir(), "at-death")
			var once sync.Once
			die := func(w *fleetWorld) { once.Do(func() { must(t, os.CopyFS(atDeath, os.DirFS(w.dir))) }) }
			var w *fleetWorld
			sick := map[string]http.HandlerFunc{"ExportTasks": func(rw http.ResponseWriter, r *http.Request) {
				if !inChat {
					die(w)
				}
				simulator.Answer(pendingTask)(rw, r)
			}}
			w = newExportingFleet(t, map[string]map[string]http.HandlerFunc{"sea-test": sick})
			w.OverrideChat("slack", func(rw http.ResponseWriter, _ *http.Request) {
				die(w)
				rw.WriteHeader(http.StatusInternalServerError)
			})
			_, _ = w.runAt(digestEvent)
			before := len(w.posted("slack"))
			must(t, os.RemoveAll(w.dir))
			must(t, os.Rename(atDeath, w.dir))
			_ = os.Remove(filepath.Join(w.dir, "claim.json")) // its time is over by then
			w.OverrideChat("slack", nil)
			delete(sick, "ExportTasks")
			if s, err := w.runAt(digestEvent); err != nil || s.Outcome != handler.OutcomeSent {
				t.Errorf("the rerun: %v, %+v", err, s)
			}
			said := w.posted("slack")[before:]
			if got := linksIn(strings.Join(said, "\n")); inChat && !slices.Equal(got, []string{"sea-test"}) || !inChat && len(got) != 4 {
				t.Errorf("the rerun tells the links of %v: %s", got, said)
			}
			w.clock = w.clock.Add(time.Hour)
			if s := w.soon("alert"); s.Outcome == handler.OutcomeFailed || len(linksIn(w.last("slack"))) > 0 && w.last("slack") != said[len(said)-1] {
				t.Errorf("the alert after it: %+v", s)
			}
		})
	}
}

// TestRefusedDigestOwesLinks: a channel that did not take the digest hears of the links with
// the next run, and the others do not hear of them again.
func TestRefusedDigestOwesLinks(t *testing.T) {
	w := newExportingFleet(t, nil)
	w.OverrideChat("wecom", status(500, "busy"))
	if _, err := w.runAt(digestEvent); err == nil {
		t.Error("the platform does not run the event again")
	}
	w.OverrideChat("wecom", nil)
	refused := len(w.posted("wecom"))
	if s, err := w.runAt(digestEvent); err != nil || s.Outcome != handler.OutcomeSent {
		t.Errorf("the rerun: %v, %+v", err, s)
	}
	said := strings.Join(w.posted("wecom")[refused:], "\n")
	w.wantContains("pay-oncall", said, "[pay-prod（很快失效）](https://", "[pay-test（很快失效）](https://")
	if n := w.callsOf("ExportLicenseDetail"); n != 4 || len(w.posted("slack")) != 1 {
		t.Errorf("%d exports, %d posts to Slack", n, len(w.posted("slack")))
	}
}

// TestExportsOfSlices: a slice exports its own accounts; a run that scatters exports those
// that its slices have read, each once.
func TestExportsOfSlices(t *testing.T) {
	w := newExportingFleet(t, nil)
	var told []string
	for _, argument := range []string{"digest 1/2", "digest 2/2"} {
		s := w.soon(argument)
		if s.Export.Status != license.ExportFinished || s.Export.Accounts.Finished != s.Accounts.Read {
			t.Errorf("%s: %+v of %+v", argument, s.Export.Accounts, s.Accounts)
		}
		told = append(told, linksIn(w.last("slack"))...)
	}
	if slices.Sort(told); !slices.Equal(told, []string{"pay-prod", "pay-test", "sea-prod", "sea-test"}) || w.callsOf("ExportLicenseDetail") != 4 {
		t.Errorf("the slices tell the links of %v, %d exports", told, w.callsOf("ExportLicenseDetail"))
	}
	many := newExportingFleet(t, nil)
	s, _, err := many.scattered(scatterEvent, 1)
	if err != nil || *s.Export.Accounts != (handler.ExportedAccounts{Finished: 4}) || many.callsOf("ExportLicenseDetail") != 4 || len(linksIn(many.last("slack"))) != 4 {
		t.Errorf("scattered: %v, %+v, %d exports: %s", err, s.Export.Accounts, many.callsOf("ExportLicenseDetail"), many.last("slack"))
	}
}

// TestArchivedAccountExports: the file goes into the record of its account; that of a late one
// into a later record, which names the earlier one. No record has a link.
func TestArchivedAccountExports(t *testing.T) {
	temp := inTemp(t)
	pending := map[string]http.HandlerFunc{"ExportTasks": simulator.Answer(pendingTask)}
	w := newFleetArchive(t, smallFleet, map[string]map[string]http.HandlerFunc{"sea-test": pending})
	w.edit("defaults: {", "defaults: {export: true, ")
	w.OverrideExport(fileOf("a,b\r\n1,2\r\n"))
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	first := w.accountsOf(s.Archive.Record)
	for _, name := range []string{"pay-prod", "pay-test", "sea-prod"} {
		if got := w.file(first[name].Account, first[name].Record, "export/license-detail.csv"); got != "a,b\r\n1,2\r\n" {
			t.Errorf("%s: %q", name, got)
		}
	}
	late := first["sea-test"]
	w.wantContains("the manifest", w.file(late.Account, late.Record, "manifest.json"), `{"name":"export","reason":"pending"}`)
	w.wantTick("alert", handler.OutcomeSent, 2, 1)
	delete(pending, "ExportTasks")
	s = w.wantTick("alert", handler.OutcomeQuiet, 3, 1)
	w.verify(map[string]int{"100000000101": 1, "100000000102": 1, "100000000103": 2, "100000000104": 2})
	again := w.accountsOf(s.Archive.Record)["sea-test"]
	if w.file(again.Account, again.Record, "export/license-detail.csv") == "" {
		t.Error("the later record has not got the file")
	}
	w.wantContains("messages.json", w.file(again.Account, again.Record, "messages.json"), `"record":"`+late.Record+`"`)
	if quiet := w.wantTick("alert", handler.OutcomeQuiet, 3, 1); quiet.Archive.Status != handler.ArchiveNone || w.Downloads() != 4 {
		t.Errorf("once all is sealed: %+v, %d downloads", quiet.Archive, w.Downloads())
	}
	var all strings.Builder
	must(t, filepath.WalkDir(w.archive, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, _ := os.ReadFile(path)
			all.Write(data)
		}
		return err
	}))
	if found := leaks(all.String()+w.log.String()+w.stored(), "simulated-link-signature"); found != nil {
		t.Errorf("a link is in the archive, the log or the store: %v", found)
	}
	w.wantContains("the fleet's messages", all.String(), "https://link-withheld.invalid/")
	w.checkEmpty(temp)
}
