package explanation_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/life"
)

// remembering gives the world a ledger that has so many licenses in use, on the last days before
// now; at(0) is that of today.
func (w *world) remembering(days int, at func(day int) int) *world {
	w.t.Helper()
	var usage []map[string]any
	for day := -days; day < 0; day++ {
		usage = append(usage, map[string]any{"day": now.AddDate(0, 0, day).Format(time.DateOnly), "used": at(day), "ultimate": at(day)})
	}
	data, err := json.Marshal(map[string]any{"version": 1, "usage": usage})
	if err != nil {
		w.t.Fatal(err)
	}
	if w.in.Ledger, err = life.Decode(data); err != nil {
		w.t.Fatal(err)
	}
	o, used := w.in.Snapshot.Overview, int64(at(0))
	o.UsedLicenseCnt, o.AvailableFlagshipVersionLicenseCnt = &used, nil
	return w
}

// TestForecastIsExplained: the course of the use, what is expected, and why there is a day of
// run-out or none.
func TestForecastIsExplained(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		days int
		at   func(day int) int
		want []string
	}{
		"it grows": {40, func(day int) int { return 250 + day*2 + day*day%3 }, []string{
			"cwp-licenses-running-out fires: info", "At this pace all CWPP licenses are used by Dec 25",
			"forecast of all licenses: 250 of 317 in use", "41 days, from 171 on 2026-10-13 to 250 on 2026-11-22",
			"in 30 days 311 (311 to 312), in 60 days 371 (371 to 372), in 90 days 431 (430 to 432); four of five times within",
			"all are in use on 2026-12-25 at this pace (2 a day, give or take 0)",
		}},
		"it stays": {40, func(day int) int { return 250 + day*day%3 }, []string{
			"cwp-licenses-running-out is quiet", "forecast of Pro licenses: 5 of 37 in use", "0 days have a reading, and 21 are the least", "no day of run-out: the past shows no trend (0 a day, give or take 0)",
		}},
		"it shrinks":      {40, func(day int) int { return 200 - day*2 }, []string{"no day of run-out: fewer and fewer are in use (-2 a day"}},
		"it grows slowly": {40, func(day int) int { return 100 + day/4 }, []string{"no day of run-out within a year (0.25 a day"}},
		"too few days":    {11, func(day int) int { return 250 + day*2 }, []string{"no day of run-out: 12 days have a reading, and 21 are the least"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "near-expiry").remembering(test.days, test.at)
			w.in.Rule = "cwp-licenses-running-out"
			e, err := explanation.Explain(w.in)
			if err != nil {
				t.Fatal(err)
			}
			var page bytes.Buffer
			e.Pages(&page, func(_ explanation.Tone, text string) terminal.Styled { return terminal.Sprintf("%s", text) })
			for _, want := range test.want {
				if !strings.Contains(page.String(), want) {
					t.Errorf("the page lacks %q:\n%s", want, &page)
				}
			}
			if data := fmt.Sprint(e.Rules[0].Forecast); !strings.Contains(data, "2026-11-22") {
				t.Errorf("no forecast in JSON: %s", data)
			}
		})
	}
}
