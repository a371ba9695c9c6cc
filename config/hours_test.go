package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
)

func TestHours(t *testing.T) {
	workdays := [7]bool{false, true, true, true, true, true, false}
	tests := map[string][]license.HoursWindow{
		"always":                          nil,
		"Always":                          nil,
		"09:00-18:30":                     {{Days: allWeek, From: 9 * 60, To: 18*60 + 30}},
		"9:00-18:00":                      {{Days: allWeek, From: 9 * 60, To: 18 * 60}},
		"Mon-Fri 09:00-18:00":             {{Days: workdays, From: 9 * 60, To: 18 * 60}},
		"monday-friday 09:00–18:00":       {{Days: workdays, From: 9 * 60, To: 18 * 60}},
		"22:00-06:00":                     {{Days: allWeek, From: 22 * 60, To: 6 * 60}},
		"00:00-24:00":                     {{Days: allWeek, From: 0, To: 24 * 60}},
		"18:00-00:00":                     {{Days: allWeek, From: 18 * 60, To: 24 * 60}},
		"Sat-Sun 10:00-12:00":             {{Days: [7]bool{true, false, false, false, false, false, true}, From: 600, To: 720}},
		"Wed 10:00-12:00, Mon 8:00-09:00": {{Days: [7]bool{3: true}, From: 600, To: 720}, {Days: [7]bool{1: true}, From: 480, To: 540}},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			c, problems := load(t, map[string]string{"HOURS": text})
			if diff := cmp.Diff(want, c.Hours.Windows); diff != "" || problems != nil {
				t.Errorf("%q differs (-want +got):\n%s\nproblems: %v", text, diff, problems)
			}
		})
	}
}

func TestHoursMistakes(t *testing.T) {
	for _, text := range []string{
		"office", "9-18", "09:00", "25:00-26:00", "09:00-09:00", "Mon-Fry 09:00-18:00", "Mon Fri 09:00-18:00", "24:00-09:00", ",", "00:00-00:00",
	} {
		t.Run(text, func(t *testing.T) {
			c, problems := load(t, map[string]string{"HOURS": text})
			if len(problems) != 1 || !strings.Contains(problems[0].Text, "Mon-Fri 09:00-18:00") {
				t.Errorf("problems: %v", problems)
			}
			if len(c.Hours.Windows) != 1 || c.Hours.Windows[0].From != 9*60 {
				t.Errorf("a mistake does not leave the default: %+v", c.Hours)
			}
		})
	}
}
