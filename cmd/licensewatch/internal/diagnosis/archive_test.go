package diagnosis_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/internal/simulator/cos"
	"licensewatch/life"
	"licensewatch/state"
)

// TestArchive tries archives that work, and that do not. The try leaves one object, and what
// verifies takes no offence at it.
func TestArchive(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)
	bucket := func(change func(*cos.Options), prepare func(*cos.Bucket)) func(t *testing.T) string {
		return func(t *testing.T) string {
			o := cos.Options{SecretID: "id", SecretKey: "key", WriteOnce: true, Now: func() time.Time { return at }}
			if change != nil {
				change(&o)
			}
			b := cos.New(o)
			if prepare != nil {
				prepare(b)
			}
			server := httptest.NewServer(b)
			t.Cleanup(server.Close)
			return "cos://evidence-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL
		}
	}
	for name, test := range map[string]struct {
		url    func(t *testing.T) string
		record bool
		status diagnosis.Status
		want   string
	}{
		"a directory": {func(t *testing.T) string { return "file://" + filepath.Join(t.TempDir(), "new") }, true, diagnosis.OK,
			"create-only works; the newest record is 2026/11/20/010700Z-4f13b5, 2 days old; what keeps its files from being changed is not looked at"},
		"an empty directory": {func(t *testing.T) string { return "file://" + t.TempDir() }, false, diagnosis.OK, "it holds no record yet"},
		"no directory": {func(t *testing.T) string { return "file://" + filepath.Join(t.TempDir(), "mispelt") }, false, diagnosis.Warning,
			"mispelt is not there; the first run makes it, and nothing was tried"}, // also the second time: it is not made
		"above an archive": {func(t *testing.T) string {
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "evidence", "100000000001", "2026", "11", "28"), 0o700); err != nil {
				t.Fatal(err)
			}
			return "file://" + dir
		}, false, diagnosis.Failed, "is no archive, but holds some: name one of them, evidence"},
		"an account's folder": {func(t *testing.T) string {
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "2026", "11", "28"), 0o700); err != nil {
				t.Fatal(err)
			}
			return "file://" + dir
		}, false, diagnosis.Failed, "is the folder of one account, not an archive: name the folder above it"},
		"a bucket":   {bucket(nil, nil), true, diagnosis.OK, "cos is readable, writable and create-only works; the newest record"},
		"versioning": {bucket(func(o *cos.Options) { o.Versioned = true }, nil), true, diagnosis.Warning, "a record could be written over"},
		"no listing": {bucket(nil, func(b *cos.Bucket) { b.Deny(cos.MethodList, true) }), false, diagnosis.Failed, "allow cos:GetBucket"},
		"no writing": {bucket(nil, func(b *cos.Bucket) { b.Deny("PUT", true) }), false, diagnosis.Failed, "allow cos:PutObject"},
		"something else": {bucket(nil, func(b *cos.Bucket) { b.SetObject("lw/probe", []byte("mine")) }), false, diagnosis.Failed,
			"does not give back what was written"},
		"a file in its place": {func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return "file://" + path
		}, false, diagnosis.Failed, "is a file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := test.url(t)
			options := state.Options{Credentials: func() (string, string, string, error) { return "id", "key", "", nil },
				Now: func() time.Time { return at }}
			store, err := state.OpenArchive(url, diagnosis.ArchiveSetting, time.Time{}, options)
			if err != nil {
				t.Fatal(err)
			}
			if test.record {
				r := archive.Unsealed{Account: "self", Site: "cn", RunID: "4f13b5", At: at.AddDate(0, 0, -2)}
				if _, err := archive.Seal(t.Context(), store, r, nil); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 { // the second time the object is there
				got := diagnosis.Archive(t.Context(), url, at, options, nil)
				if got.Status != test.status || !strings.Contains(got.Text, test.want) {
					t.Errorf("%s: %s, want %s: %s", got.Status, got.Text, test.status, test.want)
				}
			}
			if test.status == diagnosis.OK {
				result, err := archive.Verify(t.Context(), store, archive.Check{})
				if err != nil || len(result.Defects) > 0 {
					t.Errorf("after the try: %v, %v", err, result.Defects)
				}
			}
		})
	}
}

// TestArchiving: what the function could not seal is said, and that the newest record is not
// what it sealed; of another archive nothing is.
func TestArchiving(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 1, 7, 0, 0, time.UTC)
	url := "file://" + filepath.Join(t.TempDir(), "archive")
	store, err := state.OpenArchive(url, diagnosis.ArchiveSetting, time.Time{}, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := archive.Seal(t.Context(), store, archive.Unsealed{Account: "self", Site: "cn", RunID: "4f13b5", At: at}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		url    string // of the archive that is remembered
		record string
		sha256 string
		failed bool
		want   string // nothing: all is well
	}{
		"nothing remembered": {url: url},
		"as it was sealed":   {url: url, record: sealed.Record, sha256: sealed.SHA256},
		"a newer one found":  {url: url, record: "2026/11/19/010700Z-4f13b5", sha256: "00"},
		"changed":            {url: url, record: sealed.Record, sha256: "00", want: "4f13b5 was changed since it was sealed"},
		"gone": {url: url, record: "2026/11/21/010700Z-4f13b5", sha256: "00",
			want: "2026/11/21/010700Z-4f13b5, the newest that the store remembers, is not found"},
		"not sealed":      {url: url, failed: true, want: "since 2026-11-20T01:07:00Z (AccessDenied), and its records wait"},
		"another archive": {url: url + "2", record: "2026/11/21/010700Z-4f13b5", failed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledger := life.New()
			ledger.Key("a key that is random")
			remembered := ledger.Evidence(ledger.ArchiveID(test.url, ""))
			remembered.Seal("self", test.record, test.sha256, at)
			if test.failed {
				remembered.Fail(at, "AccessDenied")
				remembered.Waiting = true
			}
			got := diagnosis.Archive(t.Context(), url, at, state.Options{}, ledger)
			want := diagnosis.OK
			if test.want != "" {
				want = diagnosis.Warning
			}
			if got.Status != want || !strings.Contains(got.Text, test.want) || (got.Fix == "") != (test.want == "") {
				t.Errorf("%+v, want %s: %s", got, want, test.want)
			}
		})
	}
}
