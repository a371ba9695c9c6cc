package main

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/internal/simulator/cos"
)

// copyToBucket puts what is in a directory below a prefix.
func copyToBucket(t *testing.T, bucket *cos.Bucket, prefix, dir string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))) //nolint:gosec // a file of the test
		bucket.SetObject(prefix+name, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestArchiveOfABucket: of a bucket the commands say the same as of a copy of it, good and
// broken, and ask it for nothing but to read.
func TestArchiveOfABucket(t *testing.T) {
	dir, heads := newArchiveDir(t)
	bucket := cos.New(cos.Options{SecretID: "AKIDx", SecretKey: "k", WriteOnce: true})
	server := httptest.NewServer(bucket)
	t.Cleanup(server.Close)
	settings := map[string]string{
		"TENCENTCLOUD_SECRET_ID": "AKIDx", "TENCENTCLOUD_SECRET_KEY": "k",
		"LICENSEWATCH_ARCHIVE_URL": "cos://bucket-1250000000/evidence?region=ap-guangzhou&endpoint=" + server.URL,
	}
	for _, step := range []struct {
		name   string
		change func()
		code   int
	}{
		{"sound", func() {}, exitFine},
		{"broken", func() {
			overwrite(t, archiveFile(dir, heads[1], "findings.json"), "{}")
			overwrite(t, archiveFile(dir, heads[1], "added.json"), "{}")
			overwrite(t, archiveFile(dir, heads[3], "manifest.json"), `{"format":1}`)
		}, exitFound},
	} {
		step.change()
		copyToBucket(t, bucket, "evidence/", dir)
		for line, want := range map[string]int{
			"verify": step.code, "verify --output json": step.code, "list": step.code, "list -o json": step.code, "show 4f0000": exitFine,
			"show 4f0001 -o json": step.code, "history cwp.UsedLicenseCnt": step.code, "compare 4f0000 4f0002": exitFine,
		} {
			args := append([]string{"archive"}, strings.Fields(line)...)
			code, out, errs := command(t, settings, args...)
			codeOfCopy, outOfCopy, errsOfCopy := command(t, nil, append(args, "--archive", dir)...)
			if code != want || code != codeOfCopy || out != outOfCopy || errs != errsOfCopy {
				t.Errorf("%s, %s: exit %d, want %d: %s%s\nof the copy: exit %d: %s%s", step.name, line, code, want, out, errs, codeOfCopy, outOfCopy, errsOfCopy)
			}
		}
		got := t.TempDir()
		code, _, errs := command(t, settings, "archive", "get", "4f0001", "--to", got)
		if code != step.code || code != exitFine && !strings.Contains(errs, "findings.json of 2026/11/23/010700Z-4f0001: it does not hold what was sealed") {
			t.Errorf("%s, get: exit %d: %s", step.name, code, errs)
		}
		for _, name := range []string{"manifest.json", "export/license-detail.csv"} { // those before the broken one
			want, err := os.ReadFile(archiveFile(dir, heads[1], name))
			if err != nil {
				t.Fatal(err)
			}
			if data, err := os.ReadFile(filepath.Join(got, name)); err != nil || !bytes.Equal(data, want) { //nolint:gosec // a file of the test
				t.Errorf("%s, %s: %v: %s", step.name, name, err, data)
			}
		}
	}
	bucket.Deny(http.MethodGet, true)
	if code, _, errs := command(t, settings, "archive", "verify"); code != exitFound || errs == "" {
		t.Errorf("without the permission: exit %d: %s", code, errs)
	}
	if len(bucket.Requests()) == 0 {
		t.Error("the bucket was not asked")
	}
	for _, request := range bucket.Requests() {
		if request.Method == http.MethodPut || request.Method == http.MethodDelete {
			t.Errorf("it was asked for %+v", request)
		}
	}
}
