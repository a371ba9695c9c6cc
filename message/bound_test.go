package message_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/internal/scene"
	"licensewatch/license"
)

// losing is a warning about an order with which so many machines lose Ultimate.
func losing(machines int64, names ...string) license.Finding {
	return license.Finding{
		Rule: "cwp-order-expiring", Subject: "cwp-aaaa", State: license.Firing, Severity: license.Warning, Source: license.SourceOrders,
		Title: license.Text{En: "Order cwp-aaaa ends in 12 days", Zh: "订单 cwp-aaaa 将于 12 天后到期"},
		Bound: &license.LosingMachines{
			BoundMachines: license.BoundMachines{Count: machines, Names: names}, LicenseType: new(int64(license.LicenseTypeUltimate)),
		},
	}
}

// TestMachinesThatLose: how a message says which machines lose their edition.
func TestMachinesThatLose(t *testing.T) {
	t.Parallel()
	change := func(f license.Finding, change func(*license.Finding)) license.Finding {
		change(&f)
		return f
	}
	lost := change(losing(33, "web-01", "web-02", "db-03", "db-04"), func(f *license.Finding) {
		f.Bound.IsLost, f.Bound.At = true, time.Date(2026, 11, 20, 1, 7, 0, 0, time.UTC)
	})
	five := []string{"a", "b", "c", "d", "e"}
	for name, test := range map[string]struct {
		finding license.Finding
		counts  bool // they are not to be named
		en, zh  string
	}{
		"many":         {losing(33, five...), false, "33 machines lose Ultimate: a, b, c and 30 more", "33 台主机将失去旗舰版防护：a、b、c 等，另有 30 台"},
		"counted":      {losing(33, five...), true, "33 machines lose Ultimate", "33 台主机将失去旗舰版防护"},
		"five":         {losing(5, five...), false, "5 machines lose Ultimate: a, b, c, d, e", "5 台主机将失去旗舰版防护：a、b、c、d、e"},
		"one":          {losing(1, "a"), false, "1 machine loses Ultimate: a", "1 台主机将失去旗舰版防护：a"},
		"ideographs":   {losing(33, "甲", "乙", "丙（备）", "丁", "戊"), false, "33 machines lose Ultimate: 甲, 乙, 丙（备） and 30 more", "33 台主机将失去旗舰版防护：甲、乙、丙（备）等，另有 30 台"},
		"some names":   {losing(5, "a", "b"), false, "5 machines lose Ultimate: a, b and 3 more", "5 台主机将失去旗舰版防护：a、b 等，另有 3 台"},
		"no names":     {losing(5), false, "5 machines lose Ultimate", "5 台主机将失去旗舰版防护"},
		"lost":         {lost, false, "33 machines lost Ultimate (as of Nov 20): web-01, web-02, db-03 and 30 more", "33 台主机已失去旗舰版防护（11月20日的绑定情况）：web-01、web-02、db-03 等，另有 30 台"},
		"odd edition":  {change(losing(2), func(f *license.Finding) { *f.Bound.LicenseType = 9 }), false, "2 machines lose the edition of the order", "2 台主机将失去防护"},
		"good to know": {change(losing(2), func(f *license.Finding) { f.Severity = license.Info }), false, "", ""},
		"not known":    {change(losing(2), func(f *license.Finding) { f.Bound = nil }), false, "", ""},
		"said already": {change(losing(12), func(f *license.Finding) { f.Title.Zh = "12 台主机" }), false, "", ""},
	} {
		for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
			t.Run(name+" "+string(language), func(t *testing.T) {
				t.Parallel()
				r := scene.AllWell(language)
				r.Firing, r.NameMachines = []license.Finding{test.finding}, !test.counts
				var found []string
				for line := range strings.SplitSeq(terminalText(t, r), "\n") {
					if strings.Contains(line, "machine") && !strings.Contains(line, "Order") || strings.Contains(line, "失去") {
						found = append(found, strings.TrimSpace(line))
					}
				}
				if said := strings.Join(found, " "); said != want {
					t.Errorf("says %q, want %q", said, want)
				}
			})
		}
	}
}
