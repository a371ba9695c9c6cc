package snapshot_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

var now = time.Date(2026, 11, 22, 9, 7, 0, 0, time.FixedZone("UTC+8", 8*60*60))

// TestSamplesComeBack: what is written is read again as it was.
func TestSamplesComeBack(t *testing.T) {
	t.Parallel()
	for _, scenario := range simulator.Scenarios() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			sample, err := snapshot.Sample(t.Context(), scenario.Name, license.SiteCN, now)
			if err != nil {
				t.Fatal(err)
			}
			if sample.Overview == nil || sample.Orders == nil {
				t.Fatalf("not read: %+v", sample.Failures)
			}
			var written bytes.Buffer
			if err := license.WriteSnapshot(&written, sample); err != nil {
				t.Fatal(err)
			}
			again, err := snapshot.Parse("sample.json", written.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(sample, again, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNoSuchSample(t *testing.T) {
	t.Parallel()
	if _, err := snapshot.Sample(t.Context(), "nope", license.SiteCN, now); err == nil {
		t.Error("no error")
	}
}
