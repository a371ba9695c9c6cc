package state_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

const archiveSetting = "LICENSEWATCH_ARCHIVE_URL"

// archives are all there are, each opened anew and empty. The bucket refuses whatever
// would replace or delete something.
var archives = map[string]func(t *testing.T) state.Archive{
	"file": func(t *testing.T) state.Archive {
		return openArchive(t, "file://"+filepath.Join(t.TempDir(), "archive"), state.Options{})
	},
	"cos": func(t *testing.T) state.Archive {
		_, rawURL := newBucket(t, func(o *cos.Options) { o.WriteOnce = true })
		return openArchive(t, rawURL, options())
	},
}

func openArchive(t *testing.T, rawURL string, o state.Options) state.Archive {
	t.Helper()
	a, err := state.OpenArchive(rawURL, archiveSetting, time.Time{}, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func createIn(t *testing.T, a state.Archive, name, content string) error {
	t.Helper()
	return a.CreateFrom(t.Context(), name, strings.NewReader(content), int64(len(content)))
}

func mustList(t *testing.T, a state.Archive, folder string, want ...string) {
	t.Helper()
	got, err := a.List(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q holds %q, want %q", folder, got, want)
	}
}

func TestArchive(t *testing.T) {
	t.Parallel()
	for kind, open := range archives {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			a := open(t)
			mustList(t, a, "")
			mustList(t, a, "100000000001/2026")
			large := strings.Repeat("large ", 1<<20) // more than a store takes
			for name, content := range map[string]string{
				"100000000001/2026/11/28/010700Z-4f13b5/manifest.json":             "{}",
				"100000000001/2026/11/28/010700Z-4f13b5/export/license-detail.bin": large,
				"100000000001/2026/11/28/010700Z-4f13b5.json":                      "beside",
				"100000000001/2026/12/01/010700Z-4f13b6/manifest.json":             "",
				"self/2026/x": "x",
			} {
				if err := createIn(t, a, name, content); err != nil {
					t.Fatal(err)
				}
				if err := createIn(t, a, name, content); !errors.Is(err, state.ErrExists) {
					t.Errorf("a second time: %v, want ErrExists", err)
				}
				var got bytes.Buffer
				if err := a.CopyTo(t.Context(), name, &got); err != nil || got.String() != content {
					t.Errorf("%s: %v, %d bytes, want %d", name, err, got.Len(), len(content))
				}
			}
			mustList(t, a, "", "100000000001/", "self/")
			mustList(t, a, "100000000001/2026", "11/", "12/")
			mustList(t, a, "100000000001/2026/11/28", "010700Z-4f13b5.json", "010700Z-4f13b5/")
			mustList(t, a, "100000000001/2026/11/28/010700Z-4f13b5", "export/", "manifest.json")
			if err := a.CopyTo(t.Context(), "self/2026/y", &bytes.Buffer{}); !errors.Is(err, state.ErrNotFound) {
				t.Errorf("what is not there: %v", err)
			}
			for _, name := range []string{"", "../x", "a//b", "/a", "a/.b", "ä", "a b"} {
				mustFail(t, createIn(t, a, name, "x"), "InvalidName")
				mustFail(t, a.CopyTo(t.Context(), name, &bytes.Buffer{}), "InvalidName")
			}
		})
	}
}

// TestArchiveManyNames lists a folder that needs three pages.
func TestArchiveManyNames(t *testing.T) {
	t.Parallel()
	bucket, rawURL := newBucket(t, nil)
	var want []string
	for i := range 2100 {
		name := fmt.Sprintf("%04d", i)
		bucket.SetObject("prod/lw/many/"+name+"/a", []byte("x"))
		bucket.SetObject("prod/lw/many/"+name+"/b", []byte("x"))
		want = append(want, name+"/")
	}
	bucket.SetObject("prod/lw/many/odd <&> +%20\n", []byte("x"))
	a := openArchive(t, rawURL, options())
	mustList(t, a, "many", append(want, "odd <&> +%20\n")...)
}

func TestArchiveListingThatIsNone(t *testing.T) {
	t.Parallel()
	endless := `<ListBucketResult><IsTruncated>true</IsTruncated><NextMarker>prod/lw/a</NextMarker></ListBucketResult>`
	for name, body := range map[string]string{
		"empty": "", "a page": "<html>welcome</html>", "endless": endless,
		"no marker": `<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>`,
		"cut":       `<ListBucketResult><Contents><Key>prod/lw/a</Key></Contents>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, rawURL := newBucket(t, nil)
			bucket.Override(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
			_, err := openArchive(t, rawURL, options()).List(t.Context(), "")
			mustFail(t, err, "InvalidAnswer")
		})
	}
}

func TestArchiveRefused(t *testing.T) {
	t.Parallel()
	bucket, rawURL := newBucket(t, nil)
	bucket.Deny(cos.MethodList, true)
	a := openArchive(t, rawURL, options())
	_, err := a.List(t.Context(), "self")
	mustFail(t, err, "AccessDenied", "cos:GetBucket")
	o := options()
	a, err = state.OpenArchive(rawURL, archiveSetting, now, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := createIn(t, a, "late", "x"); !errors.Is(err, state.ErrLost) {
		t.Errorf("after its end: %v, want ErrLost", err)
	}
	broken, err := state.OpenArchive(strings.Replace(rawURL, "licensewatch-", "other-", 1), archiveSetting, time.Time{}, o)
	if err != nil {
		t.Fatal(err)
	}
	bucket.Override(http.MethodGet, answerWith(http.StatusNotFound, "NoSuchBucket"))
	mustFail(t, broken.CopyTo(t.Context(), "a", &bytes.Buffer{}), "NoSuchBucket", archiveSetting)
}

// TestArchiveCutAnswer: what came is not repeated into what has a part of it.
func TestArchiveCutAnswer(t *testing.T) {
	t.Parallel()
	bucket, rawURL := newBucket(t, nil)
	bucket.SetObject("prod/lw/a", []byte("whole"))
	bucket.Override(http.MethodGet, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5")
		_, _ = w.Write([]byte("wh"))
	})
	var got bytes.Buffer
	err := openArchive(t, rawURL, options()).CopyTo(t.Context(), "a", &got)
	mustFail(t, err, "ConnectionFailed")
	if got.String() != "wh" || len(bucket.Requests()) != 1 {
		t.Errorf("got %q in %d requests", got.String(), len(bucket.Requests()))
	}
}

// TestArchiveOfLinks: a link in a copied folder may lead anywhere.
func TestArchiveOfLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"file": outside, "folder": filepath.Dir(outside), "circle": dir, "nowhere": "x"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	a := openArchive(t, "file://"+dir, state.Options{})
	mustList(t, a, "", "circle", "file", "folder", "nowhere")
	for _, name := range []string{"file", "folder", "nowhere"} {
		mustFail(t, a.CopyTo(context.Background(), name, &bytes.Buffer{}), "NotAFile")
	}
}

// TestArchiveIsWrittenAtItsTop: a writer that is killed leaves its file where the next run looks,
// and in no record's folder, which has in it what was put there and nothing else.
func TestArchiveIsWrittenAtItsTop(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "archive")
	a := openArchive(t, "file://"+dir, state.Options{})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const name = "self/2026/11/28/010700Z-4f13b5/reading.json"
	atTop := func() []string {
		found, err := filepath.Glob(filepath.Join(dir, ".tmp-*"))
		must(err)
		return found
	}
	var during []string
	must(a.CreateFrom(t.Context(), name, readerAt(func(p []byte, at int64) (int, error) {
		during = atTop()
		return strings.NewReader("{}").ReadAt(p, at)
	}), 2))
	if len(during) != 1 || len(atTop()) > 0 {
		t.Errorf("while it was written there were %q at the top, and then %q", during, atTop())
	}
	old := time.Now().Add(-2 * time.Hour)
	for _, left := range []string{".tmp-old", ".tmp-new", "self/2026/11/28/.tmp-1"} {
		must(os.WriteFile(filepath.Join(dir, left), []byte("half"), 0o600))
	}
	must(os.Chtimes(filepath.Join(dir, ".tmp-old"), old, old))
	a = openArchive(t, "file://"+dir, state.Options{})
	mustList(t, a, "", "self/")
	mustList(t, a, "self/2026/11/28", ".tmp-1", "010700Z-4f13b5/")
	must(createIn(t, a, "self/2026/11/29/x", "x"))
	if left := temporaries(t, dir); !slices.Equal(left, []string{".tmp-new", ".tmp-1"}) {
		t.Errorf("%q are left", left)
	}
}

type readerAt func(p []byte, at int64) (int, error)

func (f readerAt) ReadAt(p []byte, at int64) (int, error) { return f(p, at) }
