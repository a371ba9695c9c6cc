package message_test

import (
	"slices"
	"strings"
	"testing"
	"time"

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

// TestRunOutLine: the overview says by when licenses run out, where that is near.
func TestRunOutLine(t *testing.T) {
	t.Parallel()
	ultimate := new(int64(license.LicenseTypeUltimate))
	in := func(days int) time.Time { return scene.Now.AddDate(0, 0, days) }
	for name, test := range map[string]struct {
		runOut *license.RunOut
		en, zh string
	}{
		"an edition": {&license.RunOut{LicenseType: ultimate, Day: in(59), Used: 36, Valid: 40},
			"At this pace all Ultimate licenses are used by Jan 20, 2027 (36 of 40 now)", "照此速度，旗舰版授权将在2027年1月20日前后用完（目前已用 36 / 40）"},
		"all":         {&license.RunOut{Day: in(20), Used: 1, Valid: 4}, "At this pace all licenses are used by Dec 12 (1 of 4 now)", "照此速度，全部授权将在12月12日前后用完（目前已用 1 / 4）"},
		"today":       {&license.RunOut{Day: in(0), Used: 3, Valid: 4}, "At this pace all licenses are used today (3 of 4 now)", "照此速度，全部授权将在今天用完（目前已用 3 / 4）"},
		"far":         {&license.RunOut{Day: in(61), Used: 1, Valid: 4}, "", ""},
		"in doubt":    {&license.RunOut{MayBe: in(10), Used: 1, Valid: 4}, "", ""},
		"over":        {&license.RunOut{Day: in(-1), Used: 1, Valid: 4}, "", ""},
		"none left":   {&license.RunOut{Day: in(0), Used: 4, Valid: 4}, "", ""},
		"no forecast": {nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				for _, r := range []license.Report{scene.AllWell(language), scene.OneWarning(language)} {
					r.Snapshot.RunOut = test.runOut
					var text strings.Builder
					if err := message.Terminal(&text, r, false); err != nil {
						t.Fatal(err)
					}
					got := text.String()
					isShown := strings.Contains(got, "At this pace") || strings.Contains(got, "照此速度")
					if isShown != (want != "") || !strings.Contains(got, want) {
						t.Errorf("want %q in\n%s", want, got)
					}
				}
			}
		})
	}
}
