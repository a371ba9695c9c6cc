package deployment_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/cron"
	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/license"
)

// TestSilences: in which of the hours no timer fires.
func TestSilences(t *testing.T) {
	t.Parallel()
	shanghai := time.FixedZone("UTC+8", 8*60*60)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	every := [7]bool{true, true, true, true, true, true, true}
	workdays := [7]bool{false, true, true, true, true, true, false}
	usual := license.Hours{Windows: []license.HoursWindow{{Days: every, From: 9 * 60, To: 21 * 60}}}
	office := license.Hours{Windows: []license.HoursWindow{{Days: workdays, From: 9 * 60, To: 18 * 60}}}
	tests := map[string]struct {
		timers []string
		hours  license.Hours
		zone   *time.Location
		want   []string
	}{
		"every hour":             {[]string{"0 37 * * * * *"}, usual, shanghai, nil},
		"every hour, elsewhere":  {[]string{"0 37 * * * * *"}, office, berlin, nil},
		"every hour, always":     {[]string{"0 37 * * * * *"}, license.Hours{}, shanghai, nil},
		"every other hour":       {[]string{"0 37 */2 * * * *"}, usual, shanghai, nil},
		"the morning":            {[]string{"0 37 9-12 * * * *"}, usual, shanghai, []string{"every day from 12:37 to 21:00"}},
		"three times a day":      {[]string{"0 7 9,13,17 * * * *"}, usual, shanghai, []string{"every day from 09:07 to 13:07", "every day from 13:07 to 17:07", "every day from 17:07 to 21:00"}},
		"two timers":             {[]string{"0 37 9-14 * * * *", "0 7 15-20 * * * *"}, usual, shanghai, nil},
		"workdays":               {[]string{"0 37 * * * MON-FRI *"}, usual, shanghai, []string{"on Sat and Sun from 09:00 to 21:00"}},
		"workdays, as the hours": {[]string{"0 37 9-18 * * MON-FRI *"}, office, shanghai, nil},
		"office hours, always":   {[]string{"0 37 9-18 * * MON-FRI *"}, license.Hours{}, shanghai, []string{"on Mon, Tue, Wed and Thu from 18:37 to 09:37", "from Fri 18:37 to Mon 09:37"}},
		"a short span": {
			[]string{"0 37 12-23 * * * *"},
			license.Hours{Windows: []license.HoursWindow{{Days: every, From: 9 * 60, To: 10 * 60}, {Days: workdays, From: 14 * 60, To: 15 * 60}}},
			shanghai,
			[]string{"every day from 09:00 to 10:00"},
		},
		"the other side of the world": {[]string{"0 37 9-18 * * * *"}, office, berlin, []string{
			"on Mon, Tue, Wed, Thu and Fri from 11:37 to 18:00", // winter
			"on Mon, Tue, Wed, Thu and Fri from 12:37 to 18:00", // summer
		}},
		"the night":   {[]string{"0 37 9-18 * * * *"}, license.Hours{Windows: []license.HoursWindow{{Days: every, From: 22 * 60, To: 6 * 60}}}, shanghai, []string{"every day from 22:00 to 06:00"}},
		"whole days":  {[]string{"0 37 6-23 * * * *"}, license.Hours{Windows: []license.HoursWindow{{Days: every, From: 0, To: 24 * 60}}}, shanghai, []string{"every day from 23:37 to 06:37"}},
		"none":        {nil, license.Hours{Windows: []license.HoursWindow{{Days: [7]bool{3: true}, From: 600, To: 660}}}, shanghai, []string{"on Wed from 10:00 to 11:00"}},
		"no more":     {[]string{"0 37 * * * * 2020"}, usual, shanghai, []string{"every day from 09:00 to 21:00"}},
		"each second": {[]string{"* * * * * * *"}, license.Hours{}, shanghai, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var timers []deployment.Timer
			for _, expression := range test.timers {
				schedule, err := cron.Parse(expression)
				if err != nil {
					schedule = past(t)
				}
				timers = append(timers, deployment.Timer{Schedule: schedule})
			}
			var got []string
			for _, s := range deployment.Silences(timers, test.hours, time.Date(2026, 11, 28, 12, 0, 0, 0, test.zone)) {
				got = append(got, s.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// past is a timer that fires no more.
func past(t *testing.T) cron.Schedule {
	t.Helper()
	schedule, err := cron.Parse("0 7 9 1 1 * 2020")
	if err != nil {
		t.Fatal(err)
	}
	return schedule
}
