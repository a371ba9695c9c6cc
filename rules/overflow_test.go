package rules_test

import (
	"math"
	"strings"
	"testing"

	"licensewatch/license"
)

// A whole number that does not fit is unknown, and the finding says why.
func TestWholeNumbersDoNotWrap(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Overview.LicenseCnt, s.Overview.UsedLicenseCnt = new(int64(math.MaxInt64)), new(int64(math.MinInt64))
	s.Overview.AvailableLicenseCnt = new(int64(300))
	tests := []struct {
		when string
		want license.State
	}{
		{"300 * 100000000000000000 > 0", license.Unknown},
		{"cwp.AvailableLicenseCnt * 100000000000000000 > 0", license.Unknown},
		{"100000000000000000 * cwp.AvailableLicenseCnt > 0", license.Unknown},
		{"cwp.LicenseCnt + 1 > 0", license.Unknown},
		{"1 + cwp.LicenseCnt > 0", license.Unknown},
		{"cwp.LicenseCnt + cwp.LicenseCnt > 0", license.Unknown},
		{"cwp.UsedLicenseCnt - 1 < 0", license.Unknown},
		{"0 - cwp.UsedLicenseCnt > 0", license.Unknown},
		{"cwp.LicenseCnt - -1 > 0", license.Unknown},
		{"-cwp.UsedLicenseCnt > 0", license.Unknown},
		{"abs(cwp.UsedLicenseCnt) > 0", license.Unknown},
		{"cwp.UsedLicenseCnt * -1 > 0", license.Unknown},
		{"-1 * cwp.UsedLicenseCnt > 0", license.Unknown},
		{"int(cwp.AvailableLicenseCnt * 1e17) > 0", license.Unknown},
		{"int(1e300) > 0", license.Unknown},
		{"1e300 * 1e300 > 0", license.Unknown},
		{"10 ** 400 > 0", license.Unknown},

		{"cwp.LicenseCnt + 0 > 0", license.Firing},
		{"cwp.LicenseCnt + -1 > 0", license.Firing},
		{"cwp.UsedLicenseCnt + cwp.LicenseCnt == -1", license.Firing},
		{"-cwp.LicenseCnt < 0", license.Firing},
		{"+cwp.UsedLicenseCnt < 0", license.Firing},
		{"abs(cwp.LicenseCnt) > 0", license.Firing},
		{"cwp.UsedLicenseCnt * 1 < 0", license.Firing},
		{"cwp.UsedLicenseCnt * 0 == 0", license.Firing},
		{"cwp.AvailableLicenseCnt * 30000000000000000 > 0", license.Firing},
		{"cwp.AvailableLicenseCnt * 1e17 > 0", license.Firing},
		{"int(cwp.AvailableLicenseCnt * 1.5) == 450", license.Firing},
		{"10 ** 20 > 0", license.Firing},
	}
	for _, test := range tests {
		f := judge(t, test.when, s)
		if f.State != test.want {
			t.Errorf("%s is %s, want %s", test.when, f.State, test.want)
		}
		if f.State == license.Unknown && !strings.Contains(f.Problem, "too large a number") && !strings.Contains(f.Problem, "is not a finite number") {
			t.Errorf("%s: problem %q", test.when, f.Problem)
		}
	}
}

// What is not known gives way to ??, also when it is empty.
func TestFallbackForAnEmptyText(t *testing.T) {
	t.Parallel()
	tests := []struct{ expression, want string }{
		{`order.Alias ?? "none"`, "none"},
		{`order.ResourceId ?? "none"`, "none"},
		{`order.Alias ?? order.ResourceId ?? order.LicenseId`, "7"},
		{`order.Tags["owner"] ?? order.Tags["team"] ?? "nobody"`, "ops"},
		{`order.Tags["owner"] ?? "nobody"`, "nobody"},
		{`"" ?? "x"`, "x"},
		{`order.Alias ?? ""`, ""},
		{`order.LicenseCnt ?? 1`, "0"}, // a number is no text
		{`(order.LicenseCnt > 0) ?? true`, "no"},
	}
	s := healthy()
	o := &s.Orders.List[0]
	o.ResourceId, o.Alias, o.LicenseCnt = new(""), nil, new(int64(0))
	for _, test := range tests {
		if got := localizedText(t, test.expression, s, now).En; got != test.want {
			t.Errorf("%s is %q, want %q", test.expression, got, test.want)
		}
	}
}
