package message_test

import (
	"slices"
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// TestUsage shows the licenses in use over the last days.
func TestUsage(t *testing.T) {
	t.Parallel()
	const gap = int64(-1)
	for name, test := range map[string]struct {
		used   []int64
		en, zh string // empty: nothing is shown
	}{
		"more":            {[]int64{10, 20, 30, 40, 50, 60, 80}, "In use over 7 days: ▁▂▃▄▅▆█ 70 more than on Nov 16", "近7天使用量：▁▂▃▄▅▆█ 比11月16日多 70 个"},
		"fewer, with gap": {[]int64{9, 8, gap, 8, 8, 7, 1, 1}, "In use over 8 days: █▇·▇▇▆▁▁ 8 fewer than on Nov 15", "近8天使用量：█▇·▇▇▆▁▁ 比11月15日少 8 个"},
		"the same":        {slices.Repeat([]int64{100}, 30), "In use over 30 days: " + strings.Repeat("▄", 30) + " as on Oct 24", "近30天使用量：" + strings.Repeat("▄", 30) + " 与10月24日持平"},
		"not today":       {[]int64{1, 2, 3, 4, 5, 6, 7, gap}, "In use over 8 days: ▁▂▃▅▆▇█· 6 more than on Nov 15", "近8天使用量：▁▂▃▅▆▇█· 比11月15日多 6 个"},
		"huge":            {[]int64{-1 << 62, 0, 0, 0, 0, 0, 1 << 62}, "In use over 7 days: ▁▅▅▅▅▅█", "近7天使用量：▁▅▅▅▅▅█"},
		"too few":         {[]int64{1, 2, 3, 4, 5, 6, gap, gap}, "", ""},
		"none":            {nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				for _, r := range []license.Report{scene.AllWell(language), scene.OneWarning(language)} {
					for i, used := range test.used {
						day := license.DailyUsage{Day: scene.Now.AddDate(0, 0, i+1-len(test.used))}
						if used != gap {
							day.Used = &used
						}
						r.Usage = append(r.Usage, day)
					}
					var text strings.Builder
					if err := message.Terminal(&text, r, false); err != nil {
						t.Fatal(err)
					}
					got := text.String()
					if shown := strings.Contains(got, "▁") || strings.Contains(got, "▄"); shown != (want != "") || !strings.Contains(got, want) {
						t.Errorf("want %q in\n%s", want, got)
					}
				}
			}
		})
	}
}
