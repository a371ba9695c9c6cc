package handler_test

import (
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/rules"
)

// TestHoursWithoutAStore: an alert without memory leaves for the hours what only the
// calendar brings, also what is critical, unless it ends before they begin.
func TestHoursWithoutAStore(t *testing.T) {
	t.Parallel()
	night, morning := time.Date(2026, 11, 22, 1, 37, 0, 0, chinaTime), time.Date(2026, 11, 22, 9, 37, 0, 0, chinaTime)
	finding := func(severity license.Severity, deadline string) license.Finding {
		f := license.Finding{Rule: "r", State: license.Firing, Severity: severity}
		if deadline != "" {
			at, err := time.ParseInLocation(time.DateTime, deadline, chinaTime)
			must(t, err)
			f.Deadline = at
		}
		return f
	}
	for name, test := range map[string]struct {
		finding      license.Finding
		night, later bool // whether it is said
	}{
		"critical, without a date":        {finding(license.Critical, ""), true, true},
		"critical and over":               {finding(license.Critical, "2026-11-21 23:59:59"), true, true},
		"critical, ends before the hours": {finding(license.Critical, "2026-11-22 08:00:00"), true, true},
		"critical, ends tomorrow":         {finding(license.Critical, "2026-11-23 12:00:00"), false, true},
		"critical, ends as they begin":    {finding(license.Critical, "2026-11-22 09:00:00"), false, true},
		"a warning":                       {finding(license.Warning, ""), false, true},
		"a warning, ends before them":     {finding(license.Warning, "2026-11-22 08:00:00"), true, true},
		"a warning and over":              {finding(license.Warning, "2026-11-21 23:59:59"), false, true},
		"info, ends before them":          {finding(license.Info, "2026-11-22 08:00:00"), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for at, want := range map[time.Time]bool{night: test.night, morning: test.later} {
				d := handler.Decision{
					ID: "1", Now: at, Mode: license.ModeAlert, Language: license.English, Hours: yearHours, Channels: []string{"slack"},
					Rules: rules.Default(), Findings: []license.Finding{test.finding},
					Snapshot: license.Snapshot{Wanted: []license.Source{license.SourcePurchaseState}, PurchaseState: &license.PurchaseState{}},
				}
				decided := d.Decide(nil)
				if (len(decided.Messages) > 0) != want {
					t.Errorf("at %s: %d messages, %s (%s)", at, len(decided.Messages), decided.Outcome, decided.Reason)
				}
			}
		})
	}
}
