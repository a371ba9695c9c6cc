package main

import (
	"testing"
	"time"
)

func TestShifted(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 3, 7, 9, 0, 0, 0, newYork) // the day before an hour is lost
	for text, want := range map[string]string{
		"1d": "2026-03-08T09:00:00-04:00", "2w": "2026-03-21T09:00:00-04:00", "24h": "2026-03-08T10:00:00-04:00",
		"": "", "d": "", "0d": "", "-1d": "", "+1d": "", "1": "", "1m": "", "1.5d": "", "99999999d": "", "99999999999999999999d": "", "1 d": "",
	} {
		got, ok := shiftTime(from, text, 1)
		if ok != (want != "") || ok && got.Format(time.RFC3339) != want {
			t.Errorf("%q: %s, %t, want %q", text, got.Format(time.RFC3339), ok, want)
		}
	}
	if got, ok := shiftTime(from, "1w", -1); !ok || got.Format(time.DateOnly) != "2026-02-28" {
		t.Errorf("a week before: %s, %t", got, ok)
	}
}
