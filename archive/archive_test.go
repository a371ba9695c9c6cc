package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/archive"
)

// objects are an archive in memory, which refuses what an archive never does.
type objects map[string]string

func (o objects) CreateFrom(_ context.Context, name string, content io.ReaderAt, size int64) error {
	if _, ok := o[name]; ok {
		return fs.ErrExist
	}
	data, err := io.ReadAll(io.NewSectionReader(content, 0, size))
	o[name] = string(data)
	return err
}

func (o objects) CopyTo(_ context.Context, name string, w io.Writer) error {
	data, ok := o[name]
	if !ok {
		return fs.ErrNotExist
	}
	_, err := io.WriteString(w, data)
	return err
}

func (o objects) ListBehind(_ context.Context, folder, behind string) (names []string, err error) {
	for name := range o {
		if rest, ok := strings.CutPrefix(name, folder+"/"); ok && rest > behind {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (o objects) List(_ context.Context, folder string) ([]string, error) {
	names := map[string]bool{}
	for name := range o {
		rest, ok := strings.CutPrefix(name, folder+"/")
		if folder == "" {
			rest, ok = name, true
		}
		if !ok {
			continue
		}
		if part, _, isFolder := strings.Cut(rest, "/"); isFolder {
			names[part+"/"] = true
		} else {
			names[part] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

const account = "100000000001"

var start = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

// unsealed is the record of a day.
func unsealed(day int) archive.Unsealed {
	return archive.Unsealed{
		Account: account, Site: "cn", RunID: fmt.Sprintf("4f13%02x", day), At: start.AddDate(0, 0, day),
		Program: archive.Program{Version: "v1.9.0", Commit: "abc"}, Mode: "digest",
		Files: []archive.Content{
			archive.Bytes("reading.json", fmt.Appendf(nil, `{"day":%d}`, day)),
			archive.Bytes("messages.json", fmt.Appendf(nil, `[%d]`, day)),
			archive.Bytes("export/license-detail.csv", fmt.Appendf(nil, "%d,a,b", day)),
		},
	}
}

func mustSeal(t testing.TB, store archive.Store, r archive.Unsealed, previous *archive.Link) *archive.Link {
	t.Helper()
	head, err := archive.Seal(context.Background(), store, r, previous)
	if err != nil {
		t.Fatal(err)
	}
	return &head
}

// newArchive has a record of each of so many days.
func newArchive(t testing.TB, days int) (objects, *archive.Link) {
	t.Helper()
	store, head := objects{}, (*archive.Link)(nil)
	for day := range days {
		head = mustSeal(t, store, unsealed(day), head)
	}
	return store, head
}

func verify(t testing.TB, store archive.Store, check archive.Check) archive.Result {
	t.Helper()
	result, err := archive.Verify(context.Background(), store, check)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// lines are the problems, each in a line.
func lines(problems []archive.Defect) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

func TestManifestBytes(t *testing.T) {
	t.Parallel()
	store := objects{}
	head := mustSeal(t, store, unsealed(0), nil)
	r := unsealed(1)
	r.Missing = []archive.Missing{{Name: "export", Reason: "pending <&>"}}
	r.Files = r.Files[:1]
	mustSeal(t, store, r, head)
	want := `{"format":1,"account":"100000000001","site":"cn","run_id":"4f1301","at":"2026-11-23T01:07:00Z",` +
		`"program":{"version":"v1.9.0","commit":"abc"},"mode":"digest",` +
		`"files":[{"name":"reading.json","size":9,"sha256":"ee27efbd9d9a06e8f7b4e2a1a9a5fdf3e7ad4a4e4bb6a0e1b5c9e8d1d7a0a8b5"}],` +
		`"missing":[{"name":"export","reason":"pending <&>"}],` +
		`"previous":{"record":"2026/11/22/010700Z-4f1300","sha256":"` + head.SHA256 + `"}}` + "\n"
	got := store[account+"/2026/11/23/010700Z-4f1301/manifest.json"]
	i := strings.Index(want, "ee27")
	if want = want[:i] + got[i:i+64] + want[i+64:]; got != want { // the hash is compared by Verify
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if problems := verify(t, store, archive.Check{}).Defects; len(problems) > 0 {
		t.Error(lines(problems))
	}
}

// TestSealAfter seals what follows a record whose time is later, or whose name is taken.
func TestSealAfter(t *testing.T) {
	t.Parallel()
	store, head := newArchive(t, 3)
	behind := unsealed(0)
	behind.RunID = "aaaaaa"
	got := mustSeal(t, store, behind, head)
	if got.Record != "2026/11/24/010701Z-aaaaaa" {
		t.Errorf("with a clock that is behind: %s", got.Record)
	}
	store[account+"/2026/11/26/010700Z-4f1304/reading.json"] = "of a run that was killed"
	got = mustSeal(t, store, unsealed(4), got)
	if got.Record != "2026/11/26/010701Z-4f1304" {
		t.Errorf("with a name that is taken: %s", got.Record)
	}
	if again := mustSeal(t, store, unsealed(4), got); *again != *got {
		t.Errorf("sealed a second time: %s", again.Record)
	}
	want := []string{account + "/2026/11/26/010700Z-4f1304: not sealed"}
	if diff := cmp.Diff(want, lines(verify(t, store, archive.Check{}).Defects)); diff != "" {
		t.Error(diff)
	}
	_, killed, err := archive.FindHead(t.Context(), store, account)
	if err != nil || len(killed) != 0 {
		t.Errorf("what is older than the head is no business of the next record: %v, %v", killed, err)
	}
	next := unsealed(5)
	next.Missing = []archive.Missing{{Name: "2026/11/26/010700Z-4f1304", Reason: "not sealed"}}
	mustSeal(t, store, next, got)
	result := verify(t, store, archive.Check{})
	if len(result.Defects) > 0 || !slices.Equal(result.Chains[0].Unsealed, []string{"2026/11/26/010700Z-4f1304"}) {
		t.Errorf("once a record tells of it: %v, %v", lines(result.Defects), result.Chains[0].Unsealed)
	}
}

// TestKilled stops the sealing after each call, and seals again.
func TestKilled(t *testing.T) {
	t.Parallel()
	for calls := range 6 {
		store, head := newArchive(t, 2)
		dying := &dyingStore{objects: store, left: calls}
		_, err := archive.Seal(t.Context(), dying, unsealed(2), head)
		if sealed := calls > 3; (err == nil) != sealed {
			t.Fatalf("after %d calls: %v", calls, err)
		}
		next := unsealed(3)
		newest, killed, err := archive.Resume(t.Context(), store, account, head)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range killed {
			next.Missing = append(next.Missing, archive.Missing{Name: record, Reason: "not sealed"})
		}
		mustSeal(t, store, next, newest)
		if problems := verify(t, store, archive.Check{}).Defects; len(problems) > 0 {
			t.Errorf("after %d calls: %v", calls, lines(problems))
		}
		whole, _ := newArchive(t, 2)
		dying = &dyingStore{objects: whole, left: calls}
		_, _ = archive.Seal(t.Context(), dying, unsealed(2), head)
		if again := mustSeal(t, whole, unsealed(2), head); again.Record != "2026/11/24/010700Z-4f1302" {
			t.Errorf("after %d calls the same record is sealed as %s", calls, again.Record)
		}
	}
}

// dyingStore works for so many writes.
type dyingStore struct {
	objects
	left int
}

func (d *dyingStore) CreateFrom(ctx context.Context, name string, content io.ReaderAt, size int64) error {
	if d.left--; d.left < 0 {
		return errors.New("killed")
	}
	return d.objects.CreateFrom(ctx, name, content, size)
}

func TestResume(t *testing.T) {
	t.Parallel()
	store, newest := newArchive(t, 3)
	old := &archive.Link{Record: "2026/11/23/010700Z-4f1301", SHA256: strings.Repeat("0", 64)}
	removed := &archive.Link{Record: "2026/11/30/010700Z-4f1308", SHA256: strings.Repeat("1", 64)}
	unlisted := unlistedStore{store}
	tests := map[string]struct {
		store      archive.Store
		remembered *archive.Link
		want       *archive.Link
		fails      bool
	}{
		"as remembered":                 {store, newest, newest, false},
		"the memory is lost":            {store, nil, newest, false},
		"the memory is old":             {store, old, newest, false},
		"the newest record was removed": {store, removed, removed, false},
		"no listing":                    {unlisted, old, old, true},
		"neither":                       {unlisted, nil, nil, true},
		"nothing yet":                   {objects{}, nil, nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := archive.Resume(t.Context(), test.store, account, test.remembered)
			if diff := cmp.Diff(test.want, got); diff != "" || (err != nil) != test.fails {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

type unlistedStore struct{ objects }

func (unlistedStore) List(context.Context, string) ([]string, error) {
	return nil, errors.New("AccessDenied")
}

func (unlistedStore) ListBehind(context.Context, string, string) ([]string, error) {
	return nil, errors.New("AccessDenied")
}

// TestVerify changes an archive in the ways there are.
func TestVerify(t *testing.T) {
	t.Parallel()
	const first, second, third, last = account + "/2026/11/22/010700Z-4f1300", account + "/2026/11/23/010700Z-4f1301",
		account + "/2026/11/24/010700Z-4f1302", account + "/2026/11/25/010700Z-4f1303"
	_, head := newArchive(t, 4)
	remembered := archive.Check{Heads: map[string]archive.Link{account: *head}, Anchors: []string{head.Short()}}
	remove := func(o objects, prefix string) {
		maps.DeleteFunc(o, func(name, _ string) bool { return strings.HasPrefix(name, prefix) })
	}
	tests := map[string]struct {
		change func(o objects)
		check  archive.Check
		want   []string
	}{
		"nothing": {func(objects) {}, remembered, nil},
		"a file": {func(o objects) { o[second+"/reading.json"] = `{"day":9}` }, archive.Check{},
			[]string{second + "/reading.json: changed"}},
		"a longer file": {func(o objects) { o[second+"/reading.json"] += " " }, archive.Check{},
			[]string{second + "/reading.json: changed"}},
		"a file removed": {func(o objects) { delete(o, last+"/export/license-detail.csv") }, archive.Check{},
			[]string{last + "/export/license-detail.csv: missing"}},
		"files added": {func(o objects) {
			o[second+"/x"], o[second+"/export/y"], o[second+"/z/a/b"] = "", "", ""
			o[account+"/2026/11/23/note"], o["readme"], o[account+"/2026/1/1/x"] = "", "", ""
		}, archive.Check{}, []string{
			account + "/2026/1/: added", account + "/2026/11/23/note: added",
			second + "/export/y: added", second + "/x: added", second + "/z/: added", "readme: added",
		}},
		"very many files added": {func(o objects) {
			for i := range 1000 {
				o[fmt.Sprintf("%s/2026/11/23/%04d", account, i)] = ""
			}
		}, archive.Check{}, func() (want []string) {
			for i := range 100 {
				want = append(want, fmt.Sprintf("%s/2026/11/23/%04d: added", account, i))
			}
			return append(want, account+"/2026/11/23/0100: added: and others")
		}()},
		"a manifest": {func(o objects) {
			o[second+"/manifest.json"] = strings.Replace(o[second+"/manifest.json"], "digest", "alert", 1)
		}, archive.Check{}, []string{second + "/manifest.json: changed: 2026/11/24/010700Z-4f1302 knows another one"}},
		"the last manifest": {func(o objects) {
			o[last+"/manifest.json"] = strings.Replace(o[last+"/manifest.json"], "digest", "alert", 1)
		}, archive.Check{Heads: remembered.Heads}, []string{last + "/manifest.json: changed: the store remembers another one"}},
		"a record with its manifest, by somebody who knows the format": {func(o objects) {
			r := unsealed(1)
			r.Files[0] = archive.Bytes("reading.json", []byte("{}"))
			_, previous := newArchive(t, 1)
			remove(o, second)
			mustSeal(t, o, r, previous)
		}, archive.Check{}, []string{second + "/manifest.json: changed: 2026/11/24/010700Z-4f1302 knows another one"}},
		"a manifest removed": {func(o objects) { delete(o, third+"/manifest.json") }, archive.Check{},
			[]string{third + "/manifest.json: missing: 2026/11/25/010700Z-4f1303 follows it"}},
		"a record removed": {func(o objects) { remove(o, third) }, archive.Check{},
			[]string{third + ": missing: 2026/11/25/010700Z-4f1303 follows it"}},
		"the first record removed": {func(o objects) { remove(o, first) }, archive.Check{},
			[]string{first + ": missing: 2026/11/23/010700Z-4f1301 follows it"}},
		"the first record expired": {func(o objects) { remove(o, first) },
			archive.Check{From: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}, nil},
		"the first record of the days": {func(o objects) { remove(o, second) },
			archive.Check{From: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)},
			[]string{second + ": missing: 2026/11/24/010700Z-4f1302 follows it"}},
		"the last record of the days": {func(o objects) { remove(o, second) },
			archive.Check{To: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)},
			[]string{second + ": missing: 2026/11/24/010700Z-4f1302 follows it"}},
		"a record before the days": {func(o objects) { remove(o, second) },
			archive.Check{From: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}, nil},
		"a fork at the end of the days": {func(o objects) {
			_, previous := newArchive(t, 2)
			r := unsealed(5)
			r.RunID = "bbbbbb"
			mustSeal(t, o, r, previous)
		}, archive.Check{To: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}, []string{account +
			"/2026/11/27/010700Z-bbbbbb: forked: two records follow 2026/11/23/010700Z-4f1301: this one and 2026/11/24/010700Z-4f1302"}},
		"not sealed, as a record after the days says": {func(o objects) {
			o[account+"/2026/11/25/120000Z-dddddd/reading.json"] = "{}"
			r := unsealed(4)
			r.Missing = []archive.Missing{{Name: "2026/11/25/120000Z-dddddd", Reason: "not sealed"}}
			mustSeal(t, o, r, head)
		}, archive.Check{To: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)}, nil},
		"the tail, which nobody remembers": {func(o objects) { remove(o, last) }, archive.Check{}, nil},
		"the tail, which the store remembers": {func(o objects) { remove(o, last) }, archive.Check{Heads: remembered.Heads},
			[]string{last + ": cut off: the store remembers it"}},
		"the tail, which a message has": {func(o objects) { remove(o, last) }, archive.Check{Anchors: remembered.Anchors},
			[]string{"the archive: cut off: no record has the hash " + head.Short() + ": the record that had it was removed or changed, unless the digits are copied wrong"}},
		"everything": {func(o objects) { clear(o) }, archive.Check{Heads: remembered.Heads},
			[]string{last + ": cut off: the store remembers it, and the account has no folder"}},
		"the last manifest removed": {func(o objects) { delete(o, last+"/manifest.json") }, archive.Check{},
			[]string{last + ": not sealed"}},
		"an old manifest put back": {func(o objects) { o[third+"/manifest.json"] = o[first+"/manifest.json"] }, archive.Check{},
			[]string{third + "/manifest.json: changed: it is another record's"}},
		"a copy of a record": {func(o objects) {
			for name, data := range maps.Clone(o) {
				if rest, ok := strings.CutPrefix(name, first); ok {
					o[account+"/2026/11/30/010700Z-4f1300"+rest] = data
				}
			}
		}, archive.Check{}, []string{account + "/2026/11/30/010700Z-4f1300/manifest.json: changed: it is another record's"}},
		"a fork": {func(o objects) {
			_, previous := newArchive(t, 2)
			r := unsealed(2)
			r.RunID = "bbbbbb"
			mustSeal(t, o, r, previous)
		}, archive.Check{}, []string{account +
			"/2026/11/24/010700Z-bbbbbb: forked: two records follow 2026/11/23/010700Z-4f1301: this one and 2026/11/24/010700Z-4f1302"}},
		"a second beginning": {func(o objects) { mustSeal(t, o, unsealed(7), nil) }, archive.Check{},
			[]string{account + "/2026/11/29/010700Z-4f1307: forked: a second beginning, beside 2026/11/22/010700Z-4f1300"}},
		"a record of the future": {func(o objects) {
			m := archive.Manifest{Format: 1, Account: account, RunID: "cccccc", At: start.AddDate(0, 0, -1),
				Previous: &archive.Link{Record: head.Record, SHA256: head.SHA256}}
			data, err := m.Encode()
			if err != nil {
				t.Error(err)
			}
			o[account+"/"+m.Record()+"/manifest.json"] = string(data)
		}, archive.Check{}, []string{account + "/2026/11/21/010700Z-cccccc: out of order: it follows 2026/11/25/010700Z-4f1303"}},
		"an odd manifest": {func(o objects) { o[last+"/manifest.json"] = "{}" }, archive.Check{},
			[]string{last + "/manifest.json: changed: it is of format 0, and this program knows 1"}},
		"a huge manifest": {func(o objects) { o[last+"/manifest.json"] = strings.Repeat(" ", 2<<20) }, archive.Check{},
			[]string{last + "/manifest.json: changed: it is larger than it may be"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, _ := newArchive(t, 4)
			test.change(store)
			got := verify(t, store, test.check)
			if diff := cmp.Diff(test.want, lines(got.Defects)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// TestGaps names the days without a record.
func TestGaps(t *testing.T) {
	t.Parallel()
	store, head := newArchive(t, 2)
	head = mustSeal(t, store, unsealed(2), head)
	mustSeal(t, store, unsealed(9), head)
	got := verify(t, store, archive.Check{}).Chains
	want := []archive.Chain{{
		Account: account, Records: 4, Files: 12, Bytes: got[0].Bytes, First: "2026/11/22/010700Z-4f1300", Head: got[0].Head,
		Gaps: []archive.Gap{{From: "2026-11-25", To: "2026-11-30"}}, Unsealed: []string{},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	day := func(n int) time.Time { return start.AddDate(0, 0, n).Truncate(24 * time.Hour) }
	for name, test := range map[string]struct {
		from, to time.Time
		want     []archive.Gap
	}{
		"days within a gap":            {day(4), day(6), []archive.Gap{{From: "2026-11-26", To: "2026-11-28"}}},
		"days that begin within a gap": {day(5), day(9), []archive.Gap{{From: "2026-11-27", To: "2026-11-30"}}},
		"days that end within a gap":   {day(1), day(4), []archive.Gap{{From: "2026-11-25", To: "2026-11-26"}}},
		"days before the first record": {day(-3), day(1), []archive.Gap{{From: "2026-11-19", To: "2026-11-21"}}},
		"days after the last record":   {day(9), day(20), []archive.Gap{}},
	} {
		got := verify(t, store, archive.Check{From: test.from, To: test.to}).Chains[0].Gaps
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestParseManifest refuses whatever is not exactly as the format says.
func TestParseManifest(t *testing.T) {
	t.Parallel()
	store, _ := newArchive(t, 2)
	good := store[account+"/2026/11/23/010700Z-4f1301/manifest.json"]
	if _, err := archive.ParseManifest([]byte(good)); err != nil {
		t.Fatal(err)
	}
	replace := func(old, text string) string {
		changed := strings.Replace(good, old, text, 1)
		if changed == good {
			t.Errorf("the manifest has no %s", old)
		}
		return changed
	}
	long := good[:strings.Index(good, `"files":[`)+9] + strings.Repeat(`{"name":"a","size":1,"sha256":""},`, 10_000) +
		good[strings.Index(good, `"files":[`)+9:]
	for want, data := range map[string]string{
		"it is empty":                        "",
		"it is no JSON from byte":            "manifest",
		"it ends too early":                  good[:40],
		"something follows":                  good + good,
		`"site" is of the wrong type`:        replace(`"cn"`, `1`),
		"a key that the format":              replace(`"mode"`, `"modus"`),
		"other keys, order":                  replace(`"site":"cn",`, `"site":"intl","site":"cn",`),
		"white space or escapes":             strings.TrimSuffix(good, "\n"),
		"order, white space":                 replace(`,"mode"`, `, "mode"`),
		"escapes":                            replace(`"cn"`, `"\u0063n"`),
		"it is of format 2":                  replace(`"format":1`, `"format":2`),
		"neither a UIN nor self nor a fleet": replace(`"100000000001"`, `"../100000000001"`),
		"run_id":                             replace(`"4f1301"`, `"4F1301"`),
		"whole seconds":                      replace(`01:07:00Z`, `01:07:00.5Z`),
		"a file that no record has":          replace(`"export/license-detail.csv"`, `"export/../../x"`),
		"a file that no record  has":         replace(`"messages.json"`, `"/etc/passwd"`),
		"a file that no record   has":        replace(`"messages.json"`, `"manifest.json"`),
		"it is no JSON from  byte":           replace(`"messages.json"`, "\"messages\x01.json\""),
		"sorted":                             replace(`"messages.json"`, `"zzz.json"`),
		"two of a name":                      replace(`"messages.json"`, `"reading.json"`),
		"no size":                            replace(`"size":9`, `"size":-9`),
		"its previous record is none":        replace(`"2026/11/22/010700Z-4f1300"`, `"2026/11/31/010700Z-4f1300"`),
		"it names more than 100 files":       long,
		"it is no JSON  from byte":           replace(`"cn"`, "\"c\x00n\""),
		"escapes ":                           replace(`"cn"`, "\"c\xffn\""),
		"it holds a value that the  format":  replace(`"at":"2026`, `"at":"2O26`),
	} {
		_, err := archive.ParseManifest([]byte(data))
		if err == nil || !strings.Contains(err.Error(), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("%.60q: %v, want %s", data, err, want)
		}
	}
}

func FuzzParseManifest(f *testing.F) {
	store, _ := newArchive(f, 2)
	for name, data := range store {
		if strings.HasSuffix(name, "manifest.json") {
			f.Add([]byte(data))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := archive.ParseManifest(data)
		if err != nil {
			return
		}
		if again, err := m.Encode(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%q becomes %q", data, again)
		}
	})
}
