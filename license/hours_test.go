package license_test

import (
	"testing"
	"time"

	"licensewatch/license"
)

func TestHours(t *testing.T) {
	t.Parallel()
	week := [7]bool{true, true, true, true, true, true, true}
	workdays := [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}
	hours := map[string]license.Hours{
		"always":   {},
		"day":      {Windows: []license.HoursWindow{{Days: week, From: 9 * 60, To: 21 * 60}}},
		"workdays": {Windows: []license.HoursWindow{{Days: workdays, From: 9 * 60, To: 18 * 60}}},
		"night":    {Windows: []license.HoursWindow{{Days: week, From: 22 * 60, To: 6 * 60}}},
		"midnight": {Windows: []license.HoursWindow{{Days: week, From: 18 * 60, To: 24 * 60}}},
	}
	const layout = "Mon 2 15:04"
	tests := []struct {
		hours, at, next, began string // November 2026; began is empty outside
	}{
		{"always", "Sat 28 00:37", "Sat 28 00:37", ""},
		{"day", "Sat 28 00:37", "Sat 28 09:00", ""},
		{"day", "Sat 28 09:00", "Sat 28 09:00", "Sat 28 09:00"},
		{"day", "Sat 28 20:59", "Sat 28 20:59", "Sat 28 09:00"},
		{"day", "Sat 28 21:00", "Sun 29 09:00", ""},
		{"workdays", "Fri 27 17:59", "Fri 27 17:59", "Fri 27 09:00"},
		{"workdays", "Fri 27 18:00", "Mon 30 09:00", ""},
		{"workdays", "Sun 29 12:00", "Mon 30 09:00", ""},
		{"night", "Sat 28 00:37", "Sat 28 00:37", "Fri 27 22:00"},
		{"night", "Sat 28 06:00", "Sat 28 22:00", ""},
		{"night", "Sat 28 23:00", "Sat 28 23:00", "Sat 28 22:00"},
		{"midnight", "Sat 28 23:59", "Sat 28 23:59", "Sat 28 18:00"},
		{"midnight", "Sun 29 00:00", "Sun 29 18:00", ""},
	}
	read := func(text string) time.Time {
		at, err := time.ParseInLocation("2006 Jan "+layout, "2026 Nov "+text, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, test := range tests {
		h, at := hours[test.hours], read(test.at)
		if got := h.Next(at); !got.Equal(read(test.next)) || h.Contains(at) != got.Equal(at) {
			t.Errorf("%s: from %s the next is %s, want %s", test.hours, test.at, got.Format(layout), test.next)
		}
		if got := h.Began(at); got.IsZero() != (test.began == "") || test.began != "" && !got.Equal(read(test.began)) {
			t.Errorf("%s: at %s they began %s, want %q", test.hours, test.at, got.Format(layout), test.began)
		}
	}
}

func TestLastHours(t *testing.T) {
	t.Parallel()
	workdays := license.Hours{Windows: []license.HoursWindow{
		{Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, From: 9 * 60, To: 18 * 60},
		{Days: [7]bool{1: true}, From: 22 * 60, To: 2 * 60},
	}}
	on := func(day, hour int) time.Time { return time.Date(2026, time.November, day, hour, 0, 0, 0, shanghai) }
	for at, want := range map[time.Time][2]time.Time{
		on(29, 12): {on(27, 9), on(27, 18)}, // Sunday
		on(27, 18): {on(27, 9), on(27, 18)},
		on(27, 8):  {on(26, 9), on(26, 18)},
		on(24, 3):  {on(23, 22), on(24, 2)},
		on(27, 12): {},
	} {
		if began, ended := workdays.Last(at); !began.Equal(want[0]) || !ended.Equal(want[1]) {
			t.Errorf("before %s: %s to %s, want %s", at, began, ended, want)
		}
	}
	if _, ended := (license.Hours{}).Last(on(29, 12)); !ended.IsZero() {
		t.Errorf("hours that never end ended %s", ended)
	}
}
