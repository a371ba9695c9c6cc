package handler_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/archive"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/license"
	"licensewatch/state"
)

// apartArchive is the URL of an archive in another bucket than apartStore.
const apartArchive = "cos://evidence-1250000000/lw?region=ap-guangzhou&endpoint=http://localhost:1"

// archiving is a world with a memory and an archive, each in a directory.
type archiving struct {
	*remembering
	archive string
}

func newArchiving(t *testing.T, scenario string, settings ...string) *archiving {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "archive")
	w := newRemembering(t, scenario, append([]string{"LICENSEWATCH_ARCHIVE_URL", "file://" + dir, "LICENSEWATCH_EXPORT_HISTORY", "off"}, settings...)...)
	return &archiving{w, dir}
}

// verify wants so many sealed records and nothing wrong with them, and gives the chain.
func (w *archiving) verify(records int) archive.Chain {
	w.t.Helper()
	store, err := state.OpenArchive("file://"+w.archive, "LICENSEWATCH_ARCHIVE_URL", time.Time{}, state.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	check := archive.Check{}
	if w.settings["LICENSEWATCH_STATE_URL"] != "" {
		if last := w.ledger().LastEvidence(); last.Record != "" {
			check.Heads = map[string]archive.Link{"self": {Record: last.Record, SHA256: last.SHA256}}
		}
	}
	result, err := archive.Verify(w.t.Context(), store, check)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range result.Defects {
		w.t.Error(p)
	}
	switch {
	case len(result.Chains) == 0 && records == 0:
		return archive.Chain{}
	case len(result.Chains) != 1 || result.Chains[0].Records != records:
		w.t.Fatalf("the archive has %+v, want %d records", result.Chains, records)
	}
	return result.Chains[0]
}

// file reads a file of a record.
func (w *archiving) file(record, name string) string {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.archive, "self", record, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}

// sealed is what messages.json and findings.json have that tests look at.
type sealed struct {
	Messages []struct {
		ID, Kind, Channel, Verdict, Code string
		ChannelID                        string `json:"channel_id"`
		Payload                          json.RawMessage
	}
	Findings []struct {
		Rule, State, Title string
		Evidence           []struct{ Expression, Value string }
	}
	Rules []struct{ File, SHA256 string }
	OK    int
}

func (w *archiving) sealed(record, name string) (s sealed) {
	w.t.Helper()
	must(w.t, json.Unmarshal([]byte(w.file(record, name)), &s))
	return s
}

// TestRecords seals what digests, and alerts that say something, have read, judged and said.
func TestRecords(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	first := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if a := first.Archive; a.Status != handler.ArchiveSealed || a.Record != "2026/11/22/010700Z-"+first.RunID || len(a.Head) != 12 {
		t.Errorf("the Summary says %+v", a)
	}
	w.verify(1)
	findings := w.sealed(first.Archive.Record, "findings.json")
	if len(findings.Findings) == 0 || findings.OK == 0 || len(findings.Rules) != 2 || len(findings.Findings[0].Evidence) == 0 {
		t.Errorf("findings.json has %+v", findings)
	}
	messages := w.sealed(first.Archive.Record, "messages.json").Messages
	if len(messages) != 2 || messages[0].Channel != "slack" || messages[1].Verdict != "accepted" || len(messages[0].ChannelID) != 12 {
		t.Fatalf("messages.json has %+v", messages)
	}
	for i, channel := range []string{"slack", "wecom"} {
		posted := w.posted(channel)[0]
		for _, link := range []string{w.link(channel, posted)} {
			posted = strings.ReplaceAll(posted, link, "https://link-withheld.invalid/")
		}
		if diff := cmp.Diff(posted, string(messages[i].Payload)); diff != "" {
			t.Errorf("%s was sent something else than the record says (-sent +record):\n%s", channel, diff)
		}
	}
	w.wantContains("reading.json", w.file(first.Archive.Record, "reading.json"), `"version": 1`, `"ResourceId": "cwp-aaaa"`)

	if quiet := w.wantTick("alert", handler.OutcomeQuiet, 1, 1); quiet.Archive.Status != handler.ArchiveNone {
		t.Errorf("of a quiet alert the Summary says %+v", quiet.Archive)
	}
	w.verify(1)
	w.clock = w.clock.Add(22 * time.Hour)
	second := w.wantTick("digest", handler.OutcomeSent, 2, 2)
	w.verify(2)
	w.wantContains("the second digest", w.posted("wecom")[1], "Evidence until Nov 22: `"+first.Archive.Head+"`")
	if !strings.Contains(w.file(second.Archive.Record, "manifest.json"), `"previous":{"record":"`+first.Archive.Record) {
		t.Error("the second record does not follow the first")
	}
	if strings.Contains(w.posted("wecom")[0], "Evidence") {
		t.Error("the first digest speaks of evidence")
	}
}

// link is the signed link in a message.
func (w *archiving) link(channel, posted string) string {
	w.t.Helper()
	i := strings.Index(posted, "https://")
	for ; i >= 0; i = i + 1 + strings.Index(posted[i+1:], "https://") {
		link := posted[i:]
		if end := strings.IndexAny(link, `|)"\`); end >= 0 {
			link = link[:end]
		}
		if strings.Contains(link, "q-sign") {
			return link
		}
	}
	w.t.Fatalf("%s got no link: %s", channel, posted)
	return ""
}

// TestRecordsOfAlerts: an alert that says something has a record, also of what was refused.
func TestRecordsOfAlerts(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	w.OverrideChat("slack", status(503, ""))
	w.OverrideChat("wecom", status(404, ""))
	summary, _ := w.tick("alert")
	w.verify(1)
	messages := w.sealed(summary.Archive.Record, "messages.json").Messages
	var verdicts []string
	for _, m := range messages {
		verdicts = append(verdicts, m.Kind+" "+m.Channel+" "+m.Verdict)
	}
	if want := []string{"report slack no-answer", "report wecom refused"}; !cmp.Equal(want, verdicts) {
		t.Errorf("messages.json has %q, want %q", verdicts, want)
	}
}

// TestBrokenArchive: it costs nothing but the records, which wait, and are sealed once it is
// mended; until then digests say so.
func TestBrokenArchive(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	must(t, os.WriteFile(w.archive, []byte("a file in the archive's place"), 0o600))
	for i := range 3 {
		s := w.wantTick("digest", handler.OutcomeSent, i+1, i+1)
		if s.Archive.Status != handler.ArchiveFailed || s.Archive.Reason != "NoDirectory" {
			t.Errorf("the Summary says %+v", s.Archive)
		}
		w.clock = w.clock.Add(23 * time.Hour)
	}
	w.wantContains("the log", w.log.String(), "the record of this run is not sealed")
	if posts := w.posted("wecom"); strings.Contains(posts[0], "rchived") {
		t.Errorf("the first digest says it already: %s", posts[0])
	} else {
		w.wantContains("the third digest", posts[2], "Not archived since Nov 22: `NoDirectory`", "LICENSEWATCH_ARCHIVE_URL")
	}
	must(t, os.Remove(w.archive))
	s := w.wantTick("digest", handler.OutcomeSent, 4, 4)
	if s.Archive.Status != handler.ArchiveSealed {
		t.Errorf("the Summary says %+v", s.Archive)
	}
	if chain := w.verify(4); chain.First != "2026/11/22/010700Z-"+chain.First[len(chain.First)-6:] || len(chain.Gaps) > 0 {
		t.Errorf("the chain is %+v", chain)
	}
	if _, err := os.Stat(filepath.Join(w.dir, "unsealed-records.gz")); err == nil {
		t.Error("the records that waited are still in the store")
	}
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 5, 5)
	if last := w.posted("wecom")[4]; strings.Contains(last, "Not archived") {
		t.Errorf("it is still said: %s", last)
	}
	w.verify(5)
}

// TestWaitingRecordsBroken: what waits and cannot be read costs those records, and no other.
func TestWaitingRecordsBroken(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"garbage":     func(path string) error { return os.WriteFile(path, []byte("garbage"), 0o600) },
		"half":        func(path string) error { return os.Truncate(path, 500) },
		"empty":       func(path string) error { return os.Truncate(path, 0) },
		"gone":        os.Remove,
		"too large":   func(path string) error { return os.Truncate(path, 5<<20) },
		"a directory": func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "near-expiry")
			must(t, os.WriteFile(w.archive, nil, 0o600))
			w.wantTick("digest", handler.OutcomeSent, 1, 1)
			must(t, spoil(filepath.Join(w.dir, "unsealed-records.gz")))
			must(t, os.Remove(w.archive))
			s := w.wantTick("digest", handler.OutcomeSent, 2, 2)
			if s.Archive.Status != handler.ArchiveSealed {
				t.Fatalf("the Summary says %+v", s.Archive)
			}
			isSaid := strings.Contains(w.file(s.Archive.Record, "manifest.json"), "records that waited could not be read")
			if want := name != "gone" && name != "empty"; isSaid != want {
				t.Errorf("the record tells of those that are lost: %t, want %t", isSaid, want)
			}
			w.verify(1)
			w.wantTick("digest", handler.OutcomeSent, 3, 3)
			w.verify(2)
		})
	}
}

// TestArchiveWithoutMemory: the newest record is found by listing.
func TestArchiveWithoutMemory(t *testing.T) {
	w := newArchiving(t, "near-expiry", "LICENSEWATCH_STATE_URL", "")
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	must(t, os.MkdirAll(filepath.Join(w.archive, filepath.FromSlash("self/2026/11/22/030000Z-abcdef")), 0o700)) // of a run that was killed
	must(t, os.WriteFile(filepath.Join(w.archive, filepath.FromSlash("self/2026/11/22/030000Z-abcdef/reading.json")), []byte("{"), 0o600))
	w.clock = w.clock.Add(23 * time.Hour)
	second := w.wantTick("digest", handler.OutcomeSent, 2, 2)
	w.wantContains("the second digest", w.posted("slack")[1], "Evidence until Nov 22: ")
	w.wantContains("its manifest", w.file(second.Archive.Record, "manifest.json"),
		`"missing":[{"name":"2026/11/22/030000Z-abcdef","reason":"not sealed"}]`)
	w.verify(2)
}

// TestArchiveAndLostMemory: a ledger that is lost, or old, forks nothing.
func TestArchiveAndLostMemory(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	old, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(t, err)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	must(t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), old, 0o600))
	w.wantTick("digest", handler.OutcomeSent, 3, 3)
	w.verify(3)
	must(t, os.Remove(filepath.Join(w.dir, "ledger.json")))
	w.clock = w.clock.Add(-2 * time.Hour) // a clock that went back
	w.wantTick("digest", handler.OutcomeSent, 4, 4)
	w.verify(4)
}

// TestAnotherArchive: a new place is a chain of its own.
func TestAnotherArchive(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.archive = filepath.Join(t.TempDir(), "other")
	w.set("LICENSEWATCH_ARCHIVE_URL", "file://"+w.archive)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	w.verify(1)
}

// TestArchiveInABucket: nothing is asked for that a bucket with a retention refuses; and
// when the listing is not allowed, the memory is enough.
func TestArchiveInABucket(t *testing.T) {
	w := newWorld(t, "near-expiry", "LICENSEWATCH_EXPORT_HISTORY", "off")
	id, key, token := w.Credentials()
	bucket := cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token, WriteOnce: true})
	memory := newBucketOf(w.Simulator)
	both := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "localhost") {
			bucket.ServeHTTP(rw, r)
			return
		}
		memory.ServeHTTP(rw, r)
	})
	w.transport = direct{w.Simulator, both}
	w.set("LICENSEWATCH_STATE_URL", apartStore)
	w.set("LICENSEWATCH_ARCHIVE_URL", apartArchive)
	w.set("LICENSEWATCH_EXPORT_HISTORY", "off")
	r := &remembering{world: w, clock: now}
	r.wantTick("digest", handler.OutcomeSent, 1, 1)
	bucket.Deny(cos.MethodList, true)
	if s := r.wantTick("digest", handler.OutcomeSent, 2, 2); s.Archive.Status != handler.ArchiveSealed {
		t.Errorf("without the listing: %+v", s.Archive)
	}
	bucket.Deny(http.MethodPut, true)
	if s := r.wantTick("digest", handler.OutcomeSent, 3, 3); s.Archive.Reason != "AccessDenied" {
		t.Errorf("without the permission to write: %+v", s.Archive)
	}
	bucket.Deny(http.MethodPut, false)
	bucket.Deny(cos.MethodList, false)
	if s := r.wantTick("digest", handler.OutcomeSent, 4, 4); s.Archive.Status != handler.ArchiveSealed {
		t.Errorf("mended: %+v", s.Archive)
	}
	manifests := 0
	for name := range bucket.Objects() {
		if strings.HasSuffix(name, "/manifest.json") {
			manifests++
		}
	}
	if manifests != 4 {
		t.Errorf("%d records are sealed, want 4", manifests)
	}
	for _, request := range bucket.Requests() {
		if request.Method == http.MethodDelete || request.Method == http.MethodPut && !request.ForbidOverwrite {
			t.Errorf("the archive was asked for %+v", request)
		}
	}
}

// TestArchiveKilled ends the archive after each of its calls, for good: nothing that counts as
// sealed is not whole, and once it is back the chain goes on.
func TestArchiveKilled(t *testing.T) {
	for calls := range 14 {
		w := newWorld(t, "near-expiry", "LICENSEWATCH_EXPORT_HISTORY", "off")
		bucket, left := newBucketOf(w.Simulator), 1000
		memory := newBucketOf(w.Simulator)
		both := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			switch {
			case !strings.HasPrefix(r.Host, "localhost"):
				memory.ServeHTTP(rw, r)
			case left <= 0:
				simulator.Reset()(rw, r)
			default:
				left--
				bucket.ServeHTTP(rw, r)
			}
		})
		w.transport = direct{w.Simulator, both}
		w.set("LICENSEWATCH_STATE_URL", apartStore)
		w.set("LICENSEWATCH_ARCHIVE_URL", apartArchive)
		w.set("LICENSEWATCH_EXPORT_HISTORY", "off")
		r := &remembering{world: w, clock: now}
		r.wantTick("digest", handler.OutcomeSent, 1, 1)
		left = calls
		r.wantTick("digest", handler.OutcomeSent, 2, 2)
		left = 1000
		s := r.wantTick("digest", handler.OutcomeSent, 3, 3)
		if s.Archive.Status != handler.ArchiveSealed {
			t.Errorf("after %d calls: %+v", calls, s.Archive)
		}
		dir := t.TempDir()
		for name, data := range bucket.Objects() {
			path := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, "lw/")))
			must(t, os.MkdirAll(filepath.Dir(path), 0o700))
			must(t, os.WriteFile(path, data, 0o600))
		}
		store, err := state.OpenArchive("file://"+dir, "", time.Time{}, state.Options{})
		must(t, err)
		result, err := archive.Verify(t.Context(), store, archive.Check{})
		must(t, err)
		if len(result.Defects) > 0 || result.Chains[0].Records != 3 {
			t.Errorf("after %d calls: %v, %+v", calls, result.Defects, result.Chains)
		}
	}
}

// TestNoRecord: a dry run, a quiet alert and a run of wrong settings leave none.
func TestNoRecord(t *testing.T) {
	w := newArchiving(t, "healthy")
	w.wantTick("alert", handler.OutcomeQuiet, 0, 0)
	dry := channel{send: func(context.Context, license.Report) error { return nil }}
	summary, err := w.run(digestEvent, func(o *handler.Options) { o.DryRun = func(string) handler.Channel { return dry } })
	if err != nil || summary.Archive.Status != handler.ArchiveOff {
		t.Errorf("a dry run: %v, %+v", err, summary.Archive)
	}
	w.verify(0)
	w.set("LICENSEWATCH_SITE", "moon")
	if summary, err = w.tick("digest"); err == nil || summary.Archive.Status != handler.ArchiveNone {
		t.Errorf("wrong settings: %v, %+v", err, summary)
	}
	if _, err := os.Stat(w.archive); err == nil {
		t.Error("something was archived")
	}
}

// TestSealedExport: the exported file is sealed byte for byte; one that is late comes with a
// later record, which names the one that had to do without it.
func TestSealedExport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	world := newLocalWorld(t, "near-expiry", "LICENSEWATCH_STATE_URL", "file://"+t.TempDir(),
		"LICENSEWATCH_ARCHIVE_URL", "file://"+dir, "LICENSEWATCH_EXPORT_HISTORY", "off")
	w := &archiving{&remembering{world: world, clock: now}, dir}
	content := strings.Repeat("web-01,Ultimate\n", 1000)
	w.OverrideExport(fileOf(content))
	first := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if got := w.file(first.Archive.Record, "export/license-detail.csv"); got != content {
		t.Errorf("the record has %d bytes of the file, want %d", len(got), len(content))
	}
	w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`))
	w.clock = w.clock.Add(23 * time.Hour)
	second := w.wantTick("digest", handler.OutcomeSent, 2, 2)
	w.wantContains("its manifest", w.file(second.Archive.Record, "manifest.json"), `"missing":[{"name":"export","reason":"pending"}]`)
	w.Override("ExportTasks", nil)
	third := w.wantTick("alert", handler.OutcomeQuiet, 3, 3) // the word about the export
	if got := w.file(third.Archive.Record, "export/license-detail.csv"); got != content {
		t.Errorf("the later record has %d bytes of the file, want %d", len(got), len(content))
	}
	w.wantContains("messages.json", w.file(third.Archive.Record, "messages.json"), `"record":"`+second.Archive.Record+`"`)
	w.OverrideExport(fileOf("<html>expired"))
	w.clock = w.clock.Add(22 * time.Hour)
	fourth := w.wantTick("digest", handler.OutcomeSent, 4, 4)
	w.wantContains("its manifest", w.file(fourth.Archive.Record, "manifest.json"),
		`{"name":"export/license-detail","reason":"the export could not be fetched: an error page came in its place"}`)
	w.verify(4)
}
