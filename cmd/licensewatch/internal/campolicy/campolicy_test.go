package campolicy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/campolicy"
	"licensewatch/config"
	"licensewatch/license"
)

// defaults are the settings that decide about permissions, with their defaults.
func defaults() config.Config {
	return config.Config{
		Sources: []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourceBindings, license.SourcePurchaseState},
		Export:  config.ExportDigest,
	}
}

func withStore() config.Config {
	settings := defaults()
	settings.StateURL = "cos://bucket-1250000000/licensewatch?region=ap-guangzhou"
	return settings
}

func needs(t *testing.T, settings config.Config) []campolicy.Need {
	t.Helper()
	found, err := campolicy.Needs(settings)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func actions(list []campolicy.Need) []string {
	names := []string{}
	for _, need := range list {
		names = append(names, need.Action)
	}
	return names
}

func TestNeedsFollowTheSettings(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*config.Config)
		want   []string
		off    int
	}{
		"no export": {func(c *config.Config) { c.Export = config.ExportOff },
			[]string{"cwp:DescribeLicenseBindList", "cwp:DescribeLicenseGeneral", "cwp:DescribeLicenseList", "cwp:DescribeMachineGeneral", "tcss:DescribePurchaseStateInfo"}, 6},
		"cwp alone": {func(c *config.Config) { c.Sources = c.Sources[:4] },
			[]string{"cwp:DescribeLicenseBindList", "cwp:DescribeLicenseGeneral", "cwp:DescribeLicenseList", "cwp:DescribeMachineGeneral", "cwp:ExportLicenseDetail", "cwp:ExportTasks"}, 5},
		"tcss alone has nothing to export": {func(c *config.Config) { c.Sources = c.Sources[4:] },
			[]string{"tcss:DescribePurchaseStateInfo"}, 10},
		"a directory needs nothing": {func(c *config.Config) { c.Sources, c.StateURL = c.Sources[4:], "file:///tmp/x" },
			[]string{"tcss:DescribePurchaseStateInfo"}, 10},
		"a bucket": {func(c *config.Config) { c.Sources, c.StateURL = c.Sources[4:], withStore().StateURL },
			[]string{"tcss:DescribePurchaseStateInfo", "name/cos:GetObject", "name/cos:PutObject", "name/cos:DeleteObject"}, 7},
		"a bucket and an archive": {func(c *config.Config) {
			c.Sources, c.StateURL = c.Sources[4:], withStore().StateURL
			c.ArchiveURL = "cos://evidence-1250000000/lw?region=ap-guangzhou"
		}, []string{"tcss:DescribePurchaseStateInfo", "name/cos:GetObject", "name/cos:PutObject", "name/cos:DeleteObject",
			"name/cos:GetObject", "name/cos:PutObject", "name/cos:GetBucket"}, 6},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := defaults()
			test.change(&settings)
			if diff := cmp.Diff(test.want, actions(needs(t, settings))); diff != "" {
				t.Errorf("needs differ (-want +got):\n%s", diff)
			}
			if off := campolicy.Off(settings); len(off) != test.off {
				t.Errorf("%d are switched off, want %d: %v", len(off), test.off, actions(off))
			}
		})
	}
}

func TestStoreResource(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"cos://my-bucket-1250000000/a/b?region=ap-beijing":             "qcs::cos:ap-beijing:uid/1250000000:my-bucket-1250000000/a/b/*",
		"cos://bucket-1250000000?region=ap-guangzhou":                  "qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/*",
		"cos://bucket-1250000000/a?endpoint=http://127.0.0.1:9000":     "qcs::cos:*:uid/1250000000:bucket-1250000000/a/*",
		"cos://bucket-1250000000/licensewatch/?region=ap-shanghai-fsi": "qcs::cos:ap-shanghai-fsi:uid/1250000000:bucket-1250000000/licensewatch/*",
	} {
		settings := config.Config{StateURL: url}
		got := needs(t, settings)
		if len(got) != 3 || got[0].Resource != want {
			t.Errorf("%s: %v, want three needs on %s", url, got, want)
		}
	}
	if _, err := campolicy.Needs(config.Config{StateURL: "cos://bucket/x"}); err == nil {
		t.Error("a bucket without an APPID is no mistake")
	}
}

// TestWhatIsPrintedPasses: the check finds nothing in the policy of any settings.
func TestWhatIsPrintedPasses(t *testing.T) {
	t.Parallel()
	for _, settings := range []config.Config{defaults(), withStore()} {
		list := needs(t, settings)
		text, err := campolicy.Text(campolicy.For(list))
		if err != nil {
			t.Fatal(err)
		}
		if report := campolicy.Check([]byte(text), list, campolicy.Off(settings)); len(report.Findings) > 0 {
			t.Errorf("%v in\n%s", report.Findings, text)
		}
	}
	text, err := campolicy.Text(campolicy.Trust())
	if err != nil {
		t.Fatal(err)
	}
	if report := campolicy.CheckTrust([]byte(text)); len(report.Findings) > 0 {
		t.Errorf("%v in\n%s", report.Findings, text)
	}
}

// lines are a report's findings, one line each.
func lines(report campolicy.Report) []string {
	var all []string
	for _, f := range report.Findings {
		all = append(all, string(f.Level)+" "+strings.TrimSpace(f.String()))
	}
	return all
}

func wantLines(t *testing.T, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("lacks %q", want[i])
		case i >= len(want):
			t.Errorf("says also %q", got[i])
		case !strings.Contains(got[i], want[i]):
			t.Errorf("says %q, want %q", got[i], want[i])
		}
	}
}
