package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/config"
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
		"Mon - Fri 09:00 – 18:00":         {{Days: workdays, From: 9 * 60, To: 18 * 60}},
		"09：00～18：00":                     {{Days: allWeek, From: 9 * 60, To: 18 * 60}},
		"Wed 10:00-12:00, Mon 8:00-09:00": {{Days: [7]bool{3: true}, From: 600, To: 720}, {Days: [7]bool{1: true}, From: 480, To: 540}},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			c, problems := loadConfig(t, map[string]string{"HOURS": text})
			if diff := cmp.Diff(want, c.Hours.Windows); diff != "" || problems != nil {
				t.Errorf("%q differs (-want +got):\n%s\nproblems: %v", text, diff, problems)
			}
		})
	}
}

func TestHoursMistakes(t *testing.T) {
	const (
		form = "; write always, or times like 09:00-21:00 or Mon-Fri 09:00-18:00, comma separated"
		days = " is no day of the week, which are Mon, Tue, Wed, Thu, Fri, Sat and Sun"
	)
	for text, want := range map[string]string{
		",":                                   "it names no hours",
		"office":                              `"office" is no span of time`,
		"never":                               `"never" is no span of time`,
		"always,09:00-10:00":                  `"always" is no span of time`,
		"09:00":                               `"09:00" has no end`,
		"9-18":                                `"9" is no time of a 24-hour clock with its minutes`,
		"9am-6pm":                             `"9am" is no time of a 24-hour clock with its minutes`,
		"09:00-18":                            `"18" is no time of a 24-hour clock with its minutes`,
		"25:00-26:00":                         `"25:00" is no time of a 24-hour clock with its minutes`,
		"09:60-10:00":                         `"09:60" is no time of a 24-hour clock with its minutes`,
		"09:00-09:00":                         `"09:00-09:00" begins and ends at the same time: a whole day is 00:00-24:00`,
		"00:00-00:00":                         `"00:00-00:00" begins and ends at the same time: a whole day is 00:00-24:00`,
		"24:00-09:00":                         `"24:00-09:00" begins at the end of a day: it begins at 00:00`,
		"Mon-Fri":                             `"Mon-Fri" has no time: each has one of its own, as in Mon 09:00-18:00, Wed 09:00-18:00`,
		"Mon, Tue 09:00-18:00":                `"Mon" has no time: each has one of its own, as in Mon 09:00-18:00, Wed 09:00-18:00`,
		"Mon Fri 09:00-18:00":                 `"Mon Fri 09:00-18:00" is more than days and a time`,
		"Mon-Fry 09:00-18:00":                 `"Fry"` + days,
		"weekdays 09:00-18:00":                `"weekdays"` + days,
		"周一-周五 09:00-18:00":                   `"周一"` + days,
		"1-5 09:00-18:00":                     `"1"` + days,
		"09:00-18:00 CST":                     `"09:00-18:00" has something behind it: days stand before the time, and the zone is that of LICENSEWATCH_TIMEZONE`,
		"09:00-18:00 Mon-Fri":                 `"09:00-18:00" has something behind it: days stand before the time, and the zone is that of LICENSEWATCH_TIMEZONE`,
		"https://hooks.slack.com/services/T1": "the value is no span of time",
		canary:                                "the value is no time of a 24-hour clock with its minutes",
	} {
		t.Run(text, func(t *testing.T) {
			c, problems := loadConfig(t, map[string]string{"HOURS": text})
			if diff := cmp.Diff([]config.Mistake{{Setting: "LICENSEWATCH_HOURS", Text: want + form}}, problems); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
			if len(c.Hours.Windows) != 1 || c.Hours.Windows[0].From != 9*60 {
				t.Errorf("a mistake does not leave the default: %+v", c.Hours)
			}
		})
	}
}

// TestDigest: what the setting takes, and that it needs a memory.
func TestDigest(t *testing.T) {
	for text, want := range map[string]config.DigestWhen{"": config.DigestDaily, "daily": config.DigestDaily, "Changes": config.DigestChanges} {
		settings := map[string]string{"STATE_URL": "file:///tmp/x", "DIGEST": text}
		if c, problems := loadConfig(t, settings); c.Digest != want || problems != nil || len(c.Warnings) > 0 {
			t.Errorf("%q: %q, problems %v, warnings %v", text, c.Digest, problems, c.Warnings)
		}
	}
	for text, want := range map[string]string{
		"change": `"change" is not known: write daily or changes (did you mean changes?)`,
		"weekly": `"weekly" is not known: write daily or changes`,
		"off":    `"off" is not known: write daily or changes`,
	} {
		c, problems := loadConfig(t, map[string]string{"DIGEST": text})
		if diff := cmp.Diff([]config.Mistake{{Setting: "LICENSEWATCH_DIGEST", Text: want}}, problems); diff != "" || c.Digest != config.DigestDaily {
			t.Errorf("%s: %q, problems differ (-want +got):\n%s", text, c.Digest, diff)
		}
	}
	want := []string{"LICENSEWATCH_DIGEST: changes has no effect without LICENSEWATCH_STATE_URL: a run that remembers nothing cannot tell what has changed"}
	if c, _ := loadConfig(t, map[string]string{"DIGEST": "changes"}); !cmp.Equal(want, c.Warnings) {
		t.Errorf("warnings are %q", c.Warnings)
	}
}
