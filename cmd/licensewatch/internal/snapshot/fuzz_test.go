package snapshot_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
)

// FuzzParse: no file may break the reading; mistakes have a place and a text;
// what was read can be written and read again.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	answers, err := filepath.Glob("../../../../testdata/api/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, answers...) {
		f.Add(read(f, file))
	}
	for _, scenario := range []string{"near-expiry", "source-down"} {
		sample, err := snapshot.Sample(f.Context(), scenario, license.SiteIntl, now)
		if err != nil {
			f.Fatal(err)
		}
		var written bytes.Buffer
		if err := license.WriteSnapshot(&written, sample); err != nil {
			f.Fatal(err)
		}
		f.Add(written.String())
	}
	f.Add(baseFile)
	f.Fuzz(func(t *testing.T, file string) {
		s, err := snapshot.Parse("s.yaml", []byte(file))
		if err != nil {
			checkErrors(t, err)
			return
		}
		var written bytes.Buffer
		if err := license.WriteSnapshot(&written, s); err != nil {
			t.Fatal(err)
		}
		again, err := snapshot.Parse("again.json", written.Bytes())
		if err != nil {
			t.Fatalf("%v in:\n%s", err, written.String())
		}
		if diff := cmp.Diff(s, again, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(license.Snapshot{}, "Previous")); diff != "" {
			t.Fatal(diff)
		}
	})
}

func checkErrors(t *testing.T, err error) {
	t.Helper()
	all, ok := errors.AsType[*snapshot.Errors](err)
	if !ok || len(all.Problems) == 0 {
		t.Fatalf("error is %T: %v", err, err)
	}
	for _, p := range all.Problems {
		if p.File != "s.yaml" || p.Line < 1 || p.Column < 1 || p.Text == "" || strings.Contains(p.Text, "goroutine") {
			t.Fatalf("bad problem %+v", p)
		}
	}
}
