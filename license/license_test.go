package license_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
)

var shanghai = time.FixedZone("UTC+8", 8*60*60)

func TestParseTime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		want string // RFC 3339, empty: not known
	}{
		"2026-12-04 13:01:18":         {"2026-12-04T13:01:18+08:00"},
		" 2026-12-04 00:00:00 ":       {"2026-12-04T00:00:00+08:00"},
		"2026-12-04":                  {"2026-12-04T00:00:00+08:00"},
		"2026-12-04T13:01:18Z":        {"2026-12-04T13:01:18Z"},
		"2026-12-04T13:01:18.5+09:00": {"2026-12-04T13:01:18.5+09:00"},
		"2028-02-29 00:00:00":         {"2028-02-29T00:00:00+08:00"},
		"2026-02-29 00:00:00":         {""},
		"":                            {""},
		"xx":                          {""},
		"0000-00-00 00:00:00":         {""},
		"0001-01-01 00:00:00":         {""},
		"1970-01-01 00:00:01":         {""},
		"1970-01-01T08:00:00+08:00":   {""},
		"2026-13-01 00:00:00":         {""},
		"20261204":                    {""},
	}
	for text, test := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, ok := license.ParseTime(text)
			if ok != (test.want != "") || ok && got.Format(time.RFC3339Nano) != test.want {
				t.Errorf("ParseTime gives %v, %t, want %q", got, ok, test.want)
			}
		})
	}
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"2026-12-04 13:01:18", "xx", "0000-00-00 00:00:00", "2026-12-04T13:01:18Z", "9999-12-31"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, ok := license.ParseTime(text); ok && got.Year() < 2010 {
			t.Errorf("%q is taken for %v", text, got)
		}
	})
}

func TestDaysLeft(t *testing.T) {
	t.Parallel()
	newYork := time.FixedZone("EST", -5*60*60)
	tests := map[string]struct {
		deadline, now time.Time
		want          int
	}{
		"later today":                    {time.Date(2026, 11, 22, 23, 59, 59, 0, shanghai), time.Date(2026, 11, 22, 0, 0, 0, 0, shanghai), 0},
		"earlier today":                  {time.Date(2026, 11, 22, 0, 0, 0, 0, shanghai), time.Date(2026, 11, 22, 23, 59, 0, 0, shanghai), 0},
		"in a minute, but tomorrow":      {time.Date(2026, 11, 23, 0, 0, 0, 0, shanghai), time.Date(2026, 11, 22, 23, 59, 0, 0, shanghai), 1},
		"yesterday":                      {time.Date(2026, 11, 21, 23, 0, 0, 0, shanghai), time.Date(2026, 11, 22, 1, 0, 0, 0, shanghai), -1},
		"twelve days":                    {time.Date(2026, 12, 4, 0, 0, 0, 0, shanghai), time.Date(2026, 11, 22, 9, 7, 0, 0, shanghai), 12},
		"counted where the reader is":    {time.Date(2026, 12, 4, 0, 0, 0, 0, shanghai), time.Date(2026, 11, 22, 9, 7, 0, 0, newYork), 11},
		"over a leap day":                {time.Date(2028, 3, 1, 0, 0, 0, 0, shanghai), time.Date(2028, 2, 28, 0, 0, 0, 0, shanghai), 2},
		"over a year":                    {time.Date(2027, 11, 22, 0, 0, 0, 0, shanghai), time.Date(2026, 11, 22, 0, 0, 0, 0, shanghai), 365},
		"a zone's day of 23 or 25 hours": {time.Date(2026, 11, 2, 0, 30, 0, 0, time.UTC), time.Date(2026, 10, 31, 23, 30, 0, 0, time.UTC), 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := license.DaysLeft(test.deadline, test.now); got != test.want {
				t.Errorf("%d days, want %d", got, test.want)
			}
		})
	}
}

func TestUsedPercent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		used, total *int64
		want        string
	}{
		"a part":     {new(int64(100)), new(int64(317)), "31.545741324921135"},
		"all":        {new(int64(7)), new(int64(7)), "100"},
		"none yet":   {new(int64(0)), new(int64(7)), "0"},
		"of nothing": {new(int64(0)), new(int64(0)), ""},
		"some of 0":  {new(int64(3)), new(int64(0)), ""},
		"unknown":    {nil, new(int64(7)), ""},
		"of unknown": {new(int64(7)), nil, ""},
		"below zero": {new(int64(-1)), new(int64(7)), ""},
		"great":      {new(int64(1 << 62)), new(int64(1 << 62)), "100"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, got := range []*float64{
				license.Overview{UsedLicenseCnt: test.used, NotExpiredLicenseCnt: test.total}.UsedPercent(),
				license.Order{UsedLicenseCnt: test.used, LicenseCnt: test.total}.UsedPercent(),
			} {
				text := ""
				if got != nil {
					text = fmt.Sprint(*got)
				}
				if text != test.want {
					t.Errorf("%q, want %q", text, test.want)
				}
			}
		})
	}
}

func TestTextFallsBack(t *testing.T) {
	t.Parallel()
	both, one := license.Text{En: "seats", Zh: "授权"}, license.Text{Zh: "授权"}
	if both.In(license.English) != "seats" || both.In(license.Chinese) != "授权" || one.In(license.English) != "授权" {
		t.Error("a text is not found in its language, or not at all")
	}
}

func TestWorst(t *testing.T) {
	t.Parallel()
	r := license.Report{}
	for _, want := range []license.Severity{"", license.Info, license.Warning, license.Critical} {
		if want != "" {
			r.Firing = append(r.Firing, license.Finding{Severity: want})
		}
		if got := r.Worst(); got != want {
			t.Errorf("worst is %q, want %q", got, want)
		}
	}
}

// TestSignedURLDoesNotPrint tries every way a value gets into a text.
func TestSignedURLDoesNotPrint(t *testing.T) {
	t.Parallel()
	const secret = "https://x.myqcloud.com/a?q-signature=0123456789abcdef"
	link := license.NewSignedURL(secret)
	hidden := struct{ link license.SignedURL }{link}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("x", "link", link, "hidden", hidden, "export", license.Export{Link: link})
	encoded, err := json.Marshal(map[string]any{"link": link, "export": license.Export{Link: link}})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{log.String(), string(encoded)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		texts = append(texts, fmt.Sprintf(verb, link), fmt.Sprintf(verb, hidden), fmt.Sprintf(verb, &hidden))
	}
	for _, text := range texts {
		if strings.Contains(text, "0123456789") || strings.Contains(text, fmt.Sprintf("%x", "0123456789")) {
			t.Errorf("the link is in %s", text)
		}
	}
	if link.Reveal() != secret || !link.Equal(license.NewSignedURL(secret)) || link.IsZero() || !license.NewSignedURL("").IsZero() {
		t.Error("the link itself is lost")
	}
	var back license.Export
	if err := json.Unmarshal([]byte(`{"Link":"[signed link]","TaskID":7}`), &back); err != nil || !back.Link.IsZero() || back.TaskID != 7 {
		t.Errorf("read back: %v, %+v", err, back)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	order := func(resource string, id int64) license.Order {
		o := license.Order{LicenseId: &id}
		if resource != "" {
			o.ResourceId = &resource
		}
		return o
	}
	unnumbered := func(resource string, twin int) license.Order { return license.Order{ResourceId: &resource, Twin: twin} }
	twin := func(o license.Order, number int) license.Order {
		o.Twin = number
		return o
	}
	orders := &license.Orders{List: []license.Order{
		order("cwp-aa", 1), order("cwp-a", 2), order("cwp-a", 9), order("", 7), {}, {Twin: 2},
		twin(order("cwp-c", 4), 2), order("cwp-c", 4), twin(order("cwp-d", 5), 3),
		unnumbered("cwp-e", 0), unnumbered("cwp-f", 2), unnumbered("cwp-f", 0), twin(order("", 7), 2),
		order("cwp-g", 6), order("cwp-g", 6),
	}}
	for subject, want := range map[string]int{
		"cwp-aa": 0, "cwp-a#2": 1, "cwp-a#9": 2, "7": 3,
		"cwp-a":   -1, // nobody knows which of both it was
		"cwp-a#3": -1, // another one, which is gone
		"cwp-b":   -1, "cwp": -1, "9": -1, "unnamed": -1, "unnamed#2": -1,
		"cwp-c": 7, "cwp-c#4": 7, "cwp-c#4#2": 6, "cwp-c#4#3": -1,
		"cwp-d": -1, "cwp-d#5": -1, "cwp-d#5#3": 8, // the first one is gone
		"cwp-e#8": 9, // its LicenseId is not told any more
		"cwp-f":   11, "cwp-f#2": 10, "cwp-f#8": -1, "7#2": 12, "7#3": -1,
		"cwp-g": -1, "cwp-g#6": -1, // nothing tells them apart
	} {
		t.Run(subject, func(t *testing.T) {
			t.Parallel()
			got, found := orders.Find(subject), -1
			for i := range orders.List {
				if got == &orders.List[i] {
					found = i
				}
			}
			if found != want {
				t.Errorf("found order %d, want %d", found, want)
			}
		})
	}
}

func TestWholePercent(t *testing.T) {
	for _, c := range []struct {
		part, whole, want int64
	}{
		{896, 1000, 89}, {899999, 1000000, 89}, {90, 100, 90}, {9999, 10000, 99}, {10000, 10000, 100},
		{29, 100, 29}, {57, 100, 57}, {1, 3, 33}, {2, 3, 66}, {0, 7, 0}, {7, 2, 350},
	} {
		percent := license.Overview{UsedLicenseCnt: &c.part, NotExpiredLicenseCnt: &c.whole}.UsedPercent()
		if percent == nil {
			t.Fatalf("%d of %d: no percentage", c.part, c.whole)
		}
		if got := license.WholePercent(*percent); got != c.want {
			t.Errorf("%d of %d: %d%%, want %d%%", c.part, c.whole, got, c.want)
		}
	}
	if got := license.WholePercent(28.999999999999996); got != 29 {
		t.Errorf("28.999999999999996: %d", got)
	}
}
