package life_test

import (
	"slices"
	"testing"
	"time"

	"licensewatch/license"
)

// TestLastChance: what ends on a day without hours is said on the last day that has
// some, and not in the night before its end.
func TestLastChance(t *testing.T) {
	t.Parallel()
	workdays := license.Hours{Windows: []license.HoursWindow{{Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, From: 9 * 60, To: 18 * 60}}}
	sunday := time.Date(2026, time.November, 29, 10, 0, 0, 0, shanghai)
	tests := map[string]struct {
		first    time.Time
		calls    []string // the hours at which people are called
		messages int
	}{
		"alerts": {time.Date(2026, time.November, 25, 0, 7, 0, 0, shanghai),
			[]string{"Thu 09:07", "Fri 09:07"}, 3},
		"seen too late": {time.Date(2026, time.November, 28, 3, 7, 0, 0, shanghai),
			[]string{"Sat 03:07"}, 1},
		"seen on the last day": {time.Date(2026, time.November, 27, 16, 7, 0, 0, shanghai),
			[]string{"Fri 16:07"}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hours, w.now = workdays, test.first
			messages := 0
			var calls []string
			for ; w.now.Before(sunday); w.now = w.now.Add(hour) {
				f := endingAt("order/a", w.now, sunday)
				f.RemindAt = append(f.RemindAt, 0)
				f.Calendar = !w.now.Equal(test.first)
				told := w.alert(f)
				if len(told) > 0 {
					messages++
				}
				if slices.Contains(told, "slack: mention") {
					calls = append(calls, w.now.Format("Mon 15:04"))
				}
			}
			if !slices.Equal(calls, test.calls) || messages != test.messages {
				t.Errorf("%d messages, calls at %v, want %d, at %v", messages, calls, test.messages, test.calls)
			}
		})
	}
}
