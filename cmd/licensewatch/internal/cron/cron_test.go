package cron_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"licensewatch/cmd/licensewatch/internal/cron"
)

const layout = "2006-01-02 15:04:05"

var zone = time.FixedZone("UTC+8", 8*60*60)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation(layout, text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestNext(t *testing.T) {
	t.Parallel()
	tests := []struct{ expression, after, want string }{
		{"0 7 9 * * * *", "2026-11-22 09:06:59", "2026-11-22 09:07:00"},
		{"0 7 9 * * * *", "2026-11-22 09:07:00", "2026-11-23 09:07:00"},
		{"0 37 * * * * *", "2026-11-22 23:38:00", "2026-11-23 00:37:00"},
		{"0 15 10 * * MON-FRI *", "2026-11-21 10:15:00", "2026-11-23 10:15:00"}, // a Saturday
		{"0 15 10 * * 1-5 *", "2026-11-21 10:15:00", "2026-11-23 10:15:00"},
		{"0 15 10 * * 0 *", "2026-11-21 10:15:00", "2026-11-22 10:15:00"}, // 0 is Sunday
		{"0 0 2 1 * * *", "2026-11-22 09:07:00", "2026-12-01 02:00:00"},
		{"0 0 10,14,16 * * * *", "2026-11-22 10:00:00", "2026-11-22 14:00:00"},
		{"0 1/10 * * * * *", "2026-11-22 09:51:00", "2026-11-22 10:01:00"},
		{"0 */30 9-17 * * * *", "2026-11-22 17:30:00", "2026-11-23 09:00:00"},
		{"0 0 9-17/4 * * * *", "2026-11-22 09:00:00", "2026-11-22 13:00:00"},
		{"*/5 * * * * * *", "2026-11-22 09:07:58", "2026-11-22 09:08:00"},
		{"0 7 9 29 2 * *", "2026-11-22 09:07:00", "2028-02-29 09:07:00"},
		{"0 7 9 31 * * *", "2026-11-22 09:07:00", "2026-12-31 09:07:00"},
		{"0 7 9 * FEB,AUG * *", "2026-11-22 09:07:00", "2027-02-01 09:07:00"},
		{"0 7 9 1 * MON *", "2026-11-22 09:07:00", "2026-11-23 09:07:00"}, // the weekday
		{"0 7 9 1 * MON *", "2026-11-30 09:07:00", "2026-12-01 09:07:00"}, // the day of the month
		{"0 7 9 * * * 2030-2031", "2026-11-22 09:07:00", "2030-01-01 09:07:00"},
		{"59 59 23 31 12 * *", "2026-12-31 23:59:58", "2026-12-31 23:59:59"},
		{"  0  7 9\t* * * * ", "2026-11-22 09:06:59", "2026-11-22 09:07:00"},
		{"0 0 0 1 1 * *", "1812-01-01 00:00:00", "1970-01-01 00:00:00"},
		{"0 7 9 * * * 2020", "2026-11-22 09:07:00", ""},
		{"0 7 9 * * * *", "2099-12-31 09:07:00", ""},
	}
	for _, test := range tests {
		s, err := cron.Parse(test.expression)
		if err != nil {
			t.Errorf("%q: %v", test.expression, err)
			continue
		}
		got := ""
		if next := s.Next(at(t, test.after)); !next.IsZero() {
			got = next.Format(layout)
		}
		if got != test.want {
			t.Errorf("%q after %s: %s, want %s", test.expression, test.after, got, test.want)
		}
	}
}

// TestNextInAnotherZone: the clock of the timers is UTC+8, wherever one asks.
func TestNextInAnotherZone(t *testing.T) {
	t.Parallel()
	s, err := cron.Parse(cron.Example)
	if err != nil {
		t.Fatal(err)
	}
	got := s.Next(time.Date(2026, 11, 22, 1, 7, 0, 1, time.UTC))
	if want := at(t, "2026-11-23 09:07:00"); !got.Equal(want) {
		t.Errorf("%v, want %v", got, want)
	}
	if name, offset := got.Zone(); name != "UTC+8" || offset != 8*60*60 {
		t.Errorf("the time is in %s", name)
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		expression string
		offset     int
		want       string
	}{
		{"", 0, `is empty: write 7 fields (second minute hour day month weekday year), for example "0 7 9 * * * *"`},
		{"7 9 * * *", 0, `has 5 fields, as a crontab, SCF wants 7 (second minute hour day month weekday year): write "0 7 9 * * * *"`},
		{"30 10 * * MON-FRI", 0, `has 5 fields, as a crontab, SCF wants 7 (second minute hour day month weekday year): write "0 30 10 * * MON-FRI *"`},
		{"99 9 * * *", 0, `has 5 fields, as a crontab, SCF wants 7 (second minute hour day month weekday year): write "0 7 9 * * * *"`},
		{"0 15 10 * * MON", 0, `has 6 fields, SCF wants 7 (second minute hour day month weekday year): write "0 15 10 * * MON *"`},
		{"@daily", 0, `has 1 field, SCF wants 7 (second minute hour day month weekday year): write "0 7 9 * * * *"`},
		{"0 7 9 * * * * *", 0, `has 8 fields, SCF wants 7 (second minute hour day month weekday year): write "0 7 9 * * * *"`},
		{"0 60 9 * * * *", 2, `minute "60" is not known: write 0 to 59`},
		{"0 7 24 * * * *", 4, `hour "24" is not known: write 0 to 23`},
		{"0 7 9 0 * * *", 6, `day of month "0" is not known: write 1 to 31`},
		{"0 7 9 * 1,,2 * *", 10, `month has nothing beside a comma: write 1 to 12 or JAN to DEC`},
		{"0 7 9 * * mon *", 10, `day of week "mon" is not known: write MON`},
		{"0 7 9 * * MON-FRIDAY *", 14, `day of week "FRIDAY" is not known: write FRI`},
		{"0 7 9 * * 7 *", 10, `day of week "7" is not known: write SUN`},
		{"0 7 9 ? * MON *", 6, `day of month "?" is not known: write *`},
		{"0 7 9 L * * *", 6, `day of month "L" is not known: SCF does not know L, W and # everywhere; write 1 to 31`},
		{"0 7 9 * * MON#2 *", 10, `day of week "MON#2" is not known: SCF does not know L, W and # everywhere; write 0 to 6 or SUN to SAT`},
		{"0 7 9 * * * 26", 12, `year "26" is not known: write 1970 to 2099`},
		{"0 7 17-9 * * * *", 4, `hour "17-9" runs backwards: write two ranges, with a comma between them`},
		{"0 */0 9 * * * *", 4, `minute has the step "0": write a number from 1 to 59 behind the /`},
		{"0 5/ 9 * * * *", 4, `minute has the step "": write a number from 1 to 59 behind the /`},
		{"0 -5 9 * * * *", 2, `minute "" is not known: write 0 to 59`},
		{"0 +5 9 * * * *", 2, `minute "+5" is not known: write 0 to 59`},
		{"0 7 9 30 2 * *", 6, `never fires: no month it names has a day 30 in a year it names`},
		{"0 7 9 29 FEB * 2026", 6, `never fires: no month it names has a day 29 in a year it names`},
	}
	for _, test := range tests {
		_, err := cron.Parse(test.expression)
		mistake, ok := errors.AsType[*cron.Error](err)
		if !ok {
			t.Errorf("%q: %v", test.expression, err)
			continue
		}
		if mistake.Text != test.want || mistake.Offset != test.offset {
			t.Errorf("%q: at %d %s\nwant at %d %s", test.expression, mistake.Offset, mistake.Text, test.offset, test.want)
		}
	}
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string][]string{
		"0 7 9 * * * *":       nil,
		"0 37 * * * * *":      nil,
		"0 7 9 * * MON-FRI *": nil,
		"0 0 9 * * * *":       {"fires on the full hour"},
		"0 */30 9 * * * *":    {"fires on the full hour"},
		"*/5 * * * * * *":     {"fires 12 times in a minute"},
		"0 7 9 * * 1-5 *":     {"gives days of the week as numbers"},
		"0 7 9 1 * MON *":     {"names days of the month and of the week"},
	} {
		s, err := cron.Parse(expression)
		if err != nil {
			t.Errorf("%q: %v", expression, err)
			continue
		}
		var got []string
		for _, doubt := range s.Doubts() {
			before, _, _ := strings.Cut(doubt, ":")
			before, _, _ = strings.Cut(before, ",")
			got = append(got, before)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", expression, diff)
		}
	}
}

// drawField draws a field as a set of values, and writes it down.
func drawField(t *rapid.T, name string, least, most int) (text string, values []int) {
	if rapid.Bool().Draw(t, name+" is *") {
		for v := least; v <= most; v++ {
			values = append(values, v)
		}
		return "*", values
	}
	values = rapid.SliceOfNDistinct(rapid.IntRange(least, most), 1, 4, rapid.ID).Draw(t, name)
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, ","), values
}

// TestNextIsTheNextMatch compares with a reading of the rules that is written
// anew: the answer is later, it matches, and nothing between matches.
func TestNextIsTheNextMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		second, seconds := drawField(t, "second", 0, 59)
		minute, minutes := drawField(t, "minute", 0, 59)
		hour, hours := drawField(t, "hour", 0, 23)
		day, days := drawField(t, "day", 1, 28)
		month, months := drawField(t, "month", 1, 12)
		weekday, weekdays := drawField(t, "weekday", 0, 6)
		if day == "*" {
			days = append(days, 29, 30, 31)
		}
		matches := func(t time.Time) bool {
			ofMonth, ofWeek := slices.Contains(days, t.Day()), slices.Contains(weekdays, int(t.Weekday()))
			either := ofMonth && ofWeek
			if day != "*" && weekday != "*" {
				either = ofMonth || ofWeek
			}
			return either && slices.Contains(months, int(t.Month())) && slices.Contains(hours, t.Hour()) &&
				slices.Contains(minutes, t.Minute()) && slices.Contains(seconds, t.Second())
		}
		expression := strings.Join([]string{second, minute, hour, day, month, weekday, "*"}, " ")
		s, err := cron.Parse(expression)
		if err != nil {
			t.Fatalf("%q: %v", expression, err)
		}
		after := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "after"), 0).In(zone)
		next := s.Next(after)
		if !next.After(after) || !matches(next) {
			t.Fatalf("%q after %v: %v", expression, after, next)
		}
		near := int64(min(next.Sub(after), 2*time.Hour) / time.Second)
		for i := int64(1); i < near; i++ {
			if between := next.Add(-time.Duration(i) * time.Second); matches(between) {
				t.Fatalf("%q after %v: %v, but %v is before it", expression, after, next, between)
			}
		}
		if gap := int64(next.Sub(after) / time.Second); gap > 1 {
			between := after.Add(time.Duration(rapid.Int64Range(1, gap-1).Draw(t, "between")) * time.Second)
			if matches(between) {
				t.Fatalf("%q after %v: %v, but %v is before it", expression, after, next, between)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		cron.Example, "0 37 * * * * *", "7 9 * * *", "0 15 10 * * MON-FRI *", "*/5 * * * * * *", "0 1/10 9-17 L * ? 2026",
		"0 0 0 30 2 * *", "0 7 9 29 2 * 2099", "- , / * # W 99999999999999999999", "  ", "0 7 9 * * * *\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		s, err := cron.Parse(expression)
		if err != nil {
			if mistake, ok := errors.AsType[*cron.Error](err); !ok || mistake.Text == "" || mistake.Offset < 0 || mistake.Offset > len(expression) {
				t.Errorf("%q: %#v", expression, err)
			}
			return
		}
		s.Doubts()
		now := time.Date(2026, 11, 22, 9, 7, 0, 0, zone)
		for range 3 {
			next := s.Next(now)
			if next.IsZero() {
				return
			}
			if !next.After(now) || next.Nanosecond() != 0 {
				t.Errorf("%q: %v is not after %v", expression, next, now)
			}
			now = next
		}
	})
}
