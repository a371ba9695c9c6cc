package main_test

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/archive"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/state"
)

// buckets are two buckets on one server, one for the memory and one for the archive, which
// is refused every overwrite and every delete. It kills the function during one of its calls.
// It is written from the pages of COS and knows nothing of our client.
type buckets struct {
	mutex   sync.Mutex
	objects map[string][]byte // by bucket and key, "/archive/lw/…"
	calls   []string          // what was asked for
	wrong   []string          // what the archive was asked for and must not be
	at      int               // the call that is fatal, counted from 1; 0: none
	done    bool              // what it asks for is done by then
	kill    func()
}

func (b *buckets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.calls = append(b.calls, r.Method+" "+r.URL.Path)
	isFatal := len(b.calls) == b.at
	if isFatal && !b.done {
		b.kill()
		panic(http.ErrAbortHandler)
	}
	recorded := httptest.NewRecorder()
	if err == nil { // else the caller has died
		b.answer(recorded, r, body)
	}
	if isFatal {
		b.kill()
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), recorded.Header())
	w.WriteHeader(recorded.Code)
	_, _ = w.Write(recorded.Body.Bytes())
}

func (b *buckets) answer(w http.ResponseWriter, r *http.Request, body []byte) {
	path := r.URL.Path
	isArchive := strings.HasPrefix(path, "/archive/")
	isCreate := r.Header.Get("X-Cos-Forbid-Overwrite") == "true"
	_, isThere := b.objects[path]
	if isArchive && (r.Method == http.MethodDelete || r.Method == http.MethodPut && !isCreate) {
		b.wrong = append(b.wrong, r.Method+" "+path)
		refuse(w, http.StatusForbidden, "AccessDenied")
		return
	}
	switch {
	case r.Header.Get("Authorization") == "":
		refuse(w, http.StatusForbidden, "AccessDenied")
	case r.Method == http.MethodPut && isCreate && isThere:
		refuse(w, http.StatusConflict, "FileAlreadyExists")
	case r.Method == http.MethodPut:
		b.objects[path] = body
	case r.Method == http.MethodDelete:
		delete(b.objects, path)
		w.WriteHeader(http.StatusNoContent)
	case r.URL.Query().Has("delimiter"):
		b.list(w, path, r.URL.Query())
	case !isThere:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		_, _ = w.Write(b.objects[path])
	}
}

// list answers with two names a page, so that there are pages.
func (b *buckets) list(w http.ResponseWriter, bucket string, query url.Values) {
	type listed struct {
		Key    string `xml:",omitempty"`
		Prefix string `xml:",omitempty"`
	}
	found := map[string]bool{}
	for key := range b.objects {
		rest, ok := strings.CutPrefix(key, bucket+query.Get("prefix"))
		if folder, _, isBelow := strings.Cut(rest, "/"); isBelow && query.Get("delimiter") == "/" {
			rest = folder + "/"
		}
		if name := query.Get("prefix") + rest; ok && name > query.Get("marker") {
			found[name] = true
		}
	}
	const perPage = 2
	names := slices.Sorted(maps.Keys(found))
	page := struct {
		XMLName        xml.Name `xml:"ListBucketResult"`
		IsTruncated    bool
		NextMarker     string `xml:",omitempty"`
		Contents       []listed
		CommonPrefixes []listed
	}{IsTruncated: len(names) > perPage}
	if names = names[:min(perPage, len(names))]; page.IsTruncated {
		page.NextMarker = names[perPage-1]
	}
	for _, name := range names {
		if strings.HasSuffix(name, "/") {
			page.CommonPrefixes = append(page.CommonPrefixes, listed{Prefix: name})
		} else {
			page.Contents = append(page.Contents, listed{Key: name})
		}
	}
	_ = xml.NewEncoder(w).Encode(page)
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}

// dying is a world in which the function is killed.
type dying struct {
	t        *testing.T
	sim      *simulator.Simulator
	buckets  *buckets
	settings map[string]string
	accounts int    // of a fleet; 0: one account
	dir      string // of memory and archive; empty: they are in buckets
}

// newDying makes it, with memory and archive in buckets, or in directories.
func newDying(t *testing.T, isFleet, inDirectories bool) *dying {
	t.Helper()
	w := &dying{t: t, buckets: &buckets{objects: map[string][]byte{}}}
	server := httptest.NewServer(w.buckets)
	t.Cleanup(server.Close)
	w.settings = map[string]string{"LICENSEWATCH_LANGUAGE": "en",
		"LICENSEWATCH_STATE_URL":   "cos://memory-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL + "/memory",
		"LICENSEWATCH_ARCHIVE_URL": "cos://evidence-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL + "/archive"}
	if inDirectories {
		w.dir = t.TempDir()
		w.settings["LICENSEWATCH_STATE_URL"] = "file://" + filepath.Join(w.dir, "memory")
		w.settings["LICENSEWATCH_ARCHIVE_URL"] = "file://" + filepath.Join(w.dir, "archive")
	}
	if isFleet {
		w.accounts = 3
		w.sim, w.settings["LICENSEWATCH_ACCOUNTS_FILE"] = threeAccounts(t)
		w.settings["LICENSEWATCH_SLACK_ALL"], w.settings["LICENSEWATCH_WECOM_ALL"] = w.sim.WebhookURL("slack"), w.sim.WebhookURL("wecom")
		w.settings["LICENSEWATCH_SLACK_WEBHOOK_URL"], w.settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] = "", ""
		return w
	}
	w.sim = simulator.New(simulator.Options{Scenario: "near-expiry", LocalExport: true})
	if err := w.sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sim.Close)
	return w
}

// threeAccounts are a cloud of three accounts, and the file that lists them.
func threeAccounts(t *testing.T) (sim *simulator.Simulator, file string) {
	t.Helper()
	o := simulator.Options{}
	var uins strings.Builder
	for i, scenario := range []string{"near-expiry", "healthy", "near-expiry"} {
		a := simulator.Account{UIN: strconv.Itoa(100000000101 + i), Site: license.SiteCN, Role: "licensewatch-reader", Scenario: scenario}
		o.Accounts = append(o.Accounts, a)
		uins.WriteString("  - {uin: \"" + a.UIN + "\"}\n")
	}
	text := "version: 1\nconcurrency: 2\ndefaults: {role: licensewatch-reader}\naccounts:\n" + uins.String() +
		"channels: [{name: slack, kind: slack, url: LICENSEWATCH_SLACK_ALL}, {name: wecom, kind: wecom, url: LICENSEWATCH_WECOM_ALL}]\ndefault: [slack, wecom]\n"
	file = filepath.Join(t.TempDir(), "accounts.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sim = simulator.New(o)
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim, file
}

func (w *dying) request(event string) messages.InvokeRequest {
	request := messages.InvokeRequest{RequestId: "req", Payload: []byte(event), Environment: environment(w.t, w.sim, w.settings)}
	request.Deadline.Seconds = time.Now().Add(60 * time.Second).Unix()
	return request
}

// run has a function of its own run an event to its end, and gives its Summary.
func (w *dying) run(f *function, event string) string {
	w.t.Helper()
	response := f.invoke(w.request(event))
	if response.Error != nil {
		w.t.Errorf("%s: %+v", event, response.Error)
	}
	return string(response.Payload)
}

// die has a function run an event until it is killed, during a call of the buckets or after
// a time. It waits for the run's end, and lets the lock be over.
func (w *dying) die(event string, call int, done bool, after time.Duration) {
	first, request := start(w.t), w.request(event)
	w.buckets.mutex.Lock()
	w.buckets.calls, w.buckets.at, w.buckets.done, w.buckets.kill = nil, call, done, first.kill
	w.buckets.mutex.Unlock()
	if after > 0 {
		timer := time.AfterFunc(after, first.kill)
		defer timer.Stop()
	}
	var response messages.InvokeResponse
	<-first.client.Go("Function.Invoke", &request, &response, make(chan *rpc.Call, 1)).Done
	first.kill()
	w.buckets.mutex.Lock()
	defer w.buckets.mutex.Unlock()
	w.buckets.at = 0
	if claim := filepath.Join(w.dir, "memory", "claim.json"); w.dir != "" {
		if _, err := os.Stat(claim); err == nil {
			if err := os.WriteFile(claim, []byte(deadClaim), 0o600); err != nil {
				w.t.Error(err)
			}
		}
	}
	if w.buckets.objects["/memory/lw/claim.json"] != nil { // the platform's next try comes when the first one's time is up
		w.buckets.objects["/memory/lw/claim.json"] = []byte(deadClaim)
	}
}

// objects are those of memory or archive, by name.
func (w *dying) objects(what string) map[string][]byte {
	w.t.Helper()
	w.buckets.mutex.Lock()
	defer w.buckets.mutex.Unlock()
	found := map[string][]byte{}
	for key, data := range w.buckets.objects {
		if name, ok := strings.CutPrefix(key, "/"+what+"/lw/"); ok {
			found[name] = data
		}
	}
	if w.dir == "" {
		return found
	}
	root := filepath.Join(w.dir, what)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err == nil {
			found[filepath.ToSlash(name)], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// manifests gives those of each account, in their order, once all that verifies agrees.
func (w *dying) manifests() map[string][]archive.Manifest {
	w.t.Helper()
	for _, wrong := range w.buckets.wrong {
		w.t.Errorf("the archive was asked for %s", wrong)
	}
	dir, objects := w.t.TempDir(), w.objects("archive")
	found := map[string][]archive.Manifest{}
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(path, objects[name], 0o600); err != nil {
			w.t.Fatal(err)
		}
		if strings.HasSuffix(name, "/manifest.json") {
			m, err := archive.ParseManifest(objects[name])
			if err != nil {
				w.t.Errorf("%s: %v", name, err)
			}
			found[m.Account] = append(found[m.Account], m)
		}
	}
	wantVerified(w.t, dir)
	return found
}

// wantVerified has our verifier look at an archive, and one that knows nothing of it.
func wantVerified(t *testing.T, dir string) {
	t.Helper()
	store, err := state.OpenArchive("file://"+dir, "", time.Time{}, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := archive.Verify(t.Context(), store, archive.Check{})
	if err != nil || len(result.Defects) > 0 {
		t.Errorf("the archive: %v, %v", err, result.Defects)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		return
	}
	if out, err := exec.CommandContext(t.Context(), python, "docs/verify.py", dir).CombinedOutput(); err != nil {
		t.Errorf("verify.py: %v\n%s", err, out)
	}
}

// goOn runs the event of the run that was killed again, an alert, and the next day's digest,
// and checks that nothing was lost by the kill.
func (w *dying) goOn(event string, hasTold bool) {
	w.t.Helper()
	second := start(w.t)
	w.run(second, event)
	w.wantToldOnceOrTwice()
	w.run(second, strings.ReplaceAll(alertEvent, "01:37", "02:37"))
	last := w.run(second, strings.ReplaceAll(timerEvent, "11-22", "11-23"))
	var summary struct {
		Archive struct{ Status, Record string }
	}
	if err := json.Unmarshal([]byte(last), &summary); err != nil || summary.Archive.Status != "sealed" {
		w.t.Errorf("the next digest: %v %s", err, last)
	}
	folder := map[bool]string{false: "self", true: "fleet"}[w.accounts > 0]
	found := w.manifests()
	if len(found) != max(1, w.accounts+1) && w.accounts > 0 || len(found[folder]) == 0 {
		w.t.Fatalf("there are chains of %v", slices.Sorted(maps.Keys(found)))
	}
	records := found[folder]
	if newest := records[len(records)-1]; newest.Record() != summary.Archive.Record {
		w.t.Errorf("the newest record is %s, and not %s", newest.Record(), summary.Archive.Record)
	}
	w.wantNamed(records, w.killedID(), hasTold)
	w.wantNothingLeft()
}

// wantToldOnceOrTwice checks that each chat heard of the event, and that what was said twice has
// one id: that of the event, of the usage history or of a file.
func (w *dying) wantToldOnceOrTwice() {
	w.t.Helper()
	times := map[string]map[string]int{"slack": {}, "wecom": {}}
	for _, post := range w.sim.Posts() {
		times[post.Channel][strings.TrimRight(messageID.FindString(string(post.Body)), `"<`)]++
	}
	for channel, ids := range times {
		if ids[w.killedID()] == 0 {
			w.t.Errorf("%s was not told: %v", channel, ids)
		}
		for id, n := range ids {
			if n > 2 {
				w.t.Errorf("%s was told %s %d times", channel, id, n)
			}
		}
	}
}

// killedID is the id that the messages of the first run have; empty where there are none.
func (w *dying) killedID() string {
	posts := w.sim.Posts()
	if len(posts) == 0 {
		return ""
	}
	return strings.TrimRight(messageID.FindString(string(posts[0].Body)), `"<`)
}

// wantNamed checks that what a run has said has a record, or one that says it has none.
func (w *dying) wantNamed(records []archive.Manifest, id string, hasTold bool) {
	w.t.Helper()
	isNamed := slices.ContainsFunc(records, func(m archive.Manifest) bool {
		return m.RunID == id || slices.ContainsFunc(m.Missing, func(missing archive.Missing) bool { return strings.HasSuffix(missing.Name, "-"+id) })
	})
	if hasTold && !isNamed {
		w.t.Errorf("of run %s there is neither a record among %d nor one that misses it", id, len(records))
	}
	seen := map[string]string{} // no reading is sealed twice
	for _, m := range records {
		files, _ := json.Marshal(m.Files)
		if before := seen[string(files)]; before != "" {
			w.t.Errorf("%s holds the files of %s", m.Record(), before)
		}
		seen[string(files)] = m.Record()
	}
}

// wantNothingLeft checks that no record waits, and nobody waits for one or for a file.
func (w *dying) wantNothingLeft() {
	w.t.Helper()
	objects := w.objects("memory")
	for name := range objects {
		isTemporary := w.dir != "" && (strings.HasPrefix(name, ".tmp-") || strings.HasPrefix(name, ".lease-")) // for an hour or two days
		if !isTemporary && !strings.HasPrefix(name, "ledger") {
			w.t.Errorf("%s is left in the store", name)
		}
	}
	var ledger struct {
		Evidence struct{ Begun, Exports []any }
		File     any `json:"export_file"`
		Export   any `json:"export"`
	}
	if data := objects["ledger.json"]; json.Valid(data) { // that of a fleet is packed
		if err := json.Unmarshal(data, &ledger); err != nil || len(ledger.Evidence.Begun)+len(ledger.Evidence.Exports) > 0 || ledger.File != nil || ledger.Export != nil {
			w.t.Errorf("the ledger still has %+v (%v)", ledger, err)
		}
	}
}

// TestFunctionIsKilledAtEveryCallOfItsArchive kills the function at each call of its memory and
// its archive, before that has done what it was asked and after it. What counts as sealed is
// whole, every chain goes on, nobody waits for anything, and each chat is told.
func TestFunctionIsKilledAtEveryCallOfItsArchive(t *testing.T) { //nolint:tparallel // the report waits for all of them
	t.Parallel()
	var mutex sync.Mutex
	kills := map[string]int{}
	t.Run("kills", func(t *testing.T) {
		for name, event := range map[string]string{"digest": timerEvent, "alert": alertEvent, "fleet digest": timerEvent, "fleet alert": alertEvent} {
			calls := countCalls(t, name, event)
			for call := 1; call <= calls; call++ {
				for _, done := range []bool{false, true} {
					if chance := rand.New(rand.NewPCG(proof.Seed(call))); proof.Trials(1, 0) == 1 && chance.IntN(4) > 0 { // a quarter of them
						continue
					}
					t.Run(fmt.Sprintf("%s/call %d of %d/done %t", name, call, calls, done), func(t *testing.T) {
						t.Parallel()
						w := newDying(t, strings.HasPrefix(name, "fleet"), false)
						w.die(event, call, done, 0)
						w.goOn(event, len(w.sim.Posts()) > 0)
						mutex.Lock()
						defer mutex.Unlock()
						kills[name]++
					})
				}
			}
		}
	})
	proof.Report(t, "kills at each call of memory and archive: %v", kills)
}

// countCalls is how many calls a run makes that is not killed.
func countCalls(t *testing.T, name, event string) int {
	t.Helper()
	w := newDying(t, strings.HasPrefix(name, "fleet"), false)
	w.run(start(t), event)
	return len(w.buckets.calls)
}

// TestFunctionIsKilledWhileItSeals kills it at random instants, with memory and archive in buckets
// or in directories.
func TestFunctionIsKilledWhileItSeals(t *testing.T) {
	t.Parallel()
	for i := range proof.Trials(8, 400) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(proof.Seed(i)))
			event := cmp.Or(map[bool]string{true: alertEvent}[i%8 > 5], timerEvent)
			w := newDying(t, i%2 == 1, i%4 < 2)
			w.die(event, 0, false, time.Duration(1+chance.Int64N(int64(60*time.Millisecond))))
			w.goOn(event, len(w.sim.Posts()) > 0)
		})
	}
}
