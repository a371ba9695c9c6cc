package chart_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/report/chart"
)

var today = time.Date(2026, 11, 22, 9, 7, 0, 0, time.UTC)

func day(n int) time.Time { return today.Truncate(24*time.Hour).AddDate(0, 0, n) }

func frame(locale chart.Locale, width int) chart.Frame {
	return chart.Frame{ID: "x", Title: "A title", Description: "What it shows", Width: width, Locale: locale}
}

// pictures are one of each kind; words are names in them.
func pictures(locale chart.Locale, width int, words string) map[string]string {
	line := chart.TimeLine{Frame: frame(locale, width), From: day(-30), To: day(365), Today: today, TodayIs: words,
		Legend: []chart.LegendEntry{{Class: "red", Text: words}},
		Bars: []chart.Bar{{Label: words, Note: words, From: day(-200), To: day(12), Size: 40, Class: "red", Title: words},
			{Label: "b", From: day(-10), To: day(300), Class: "blue"}}}
	columns := chart.Columns{Frame: frame(locale, width), Legend: line.Legend, Columns: []chart.Column{
		{Month: day(0), Parts: []chart.Part{{Size: 3, Class: "red"}, {Size: 9, Class: "blue"}}, Title: words}, {Month: day(30)}}}
	lines := chart.Lines{Frame: frame(locale, width), From: day(0), To: day(9), Today: day(5), TodayIs: words, Legend: line.Legend,
		Bands: []chart.Band{{Ranges: []chart.Range{{Day: day(5), Low: -1, High: 4}, {Day: day(9), Low: 1, High: 12}}}},
		Series: []chart.Series{{Class: "line blue", Points: []chart.Point{{Day: day(0), Value: 1, Known: true}, {Day: day(1), Value: 2, Known: true},
			{Day: day(2)}, {Day: day(3), Value: 3, Known: true}, {Day: day(4)}, {Day: day(5), Value: 9, Known: true}, {Day: day(6), Value: 9, Known: true}}}}}
	calendar := chart.Calendar{Frame: frame(locale, width), Legend: line.Legend, Weekdays: [7]string{"Mon", "", "Wed", "", "Fri", "", "Sun"},
		Days: []chart.CalendarDay{{Day: day(0), Class: "green", Title: words}, {Day: day(1), Class: "red", Mark: true}, {Day: day(2), Class: "hollow"}}}
	return map[string]string{"timeline": line.Draw(), "columns": columns.Draw(), "lines": lines.Draw(), "calendar": calendar.Draw()}
}

// TestGolden: how a picture of each kind is drawn.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, got := range pictures(chart.English, 920, "words") {
		path := filepath.Join("testdata", name+".svg")
		got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path) //nolint:gosec // a file of the tests
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPictures: whatever names there are, a picture is well formed, has no other elements, is
// named, and stays within its width.
func TestPictures(t *testing.T) {
	t.Parallel()
	allowed := "svg title desc text rect path circle"
	for _, words := range []string{"a", `</text><script>alert(1)</script>`, `"><img src=x onerror="a">`, strings.Repeat("長", 200), "a&b<c"} {
		for _, width := range []int{340, 920} {
			for name, picture := range pictures(chart.Chinese, width, words) {
				decoder := xml.NewDecoder(strings.NewReader(picture))
				elements := map[string]int{}
				for {
					token, err := decoder.Token()
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						t.Fatalf("%s: %v\n%s", name, err, picture)
					}
					if start, ok := token.(xml.StartElement); ok {
						elements[start.Name.Local]++
						if !strings.Contains(allowed, start.Name.Local) {
							t.Errorf("%s has <%s>", name, start.Name.Local)
						}
					}
				}
				if elements["desc"] != 1 || elements["title"] == 0 || elements["text"] == 0 || !strings.Contains(picture, `role="img"`) {
					t.Errorf("%s is not described: %v", name, elements)
				}
			}
		}
	}
}

// TestGapIsNoLine: a line breaks where a value is not known, and a value between two gaps is seen.
func TestGapIsNoLine(t *testing.T) {
	t.Parallel()
	picture := pictures(chart.English, 920, "words")["lines"]
	_, path, _ := strings.Cut(picture[strings.LastIndex(picture, `<path class="line blue" d="`):], `d="`)
	path, _, _ = strings.Cut(path, `"`)
	if n := strings.Count(path, "M"); n != 3 || strings.Count(picture, "<circle") != 1 {
		t.Errorf("%d lines: %s", n, path)
	}
}

func TestLocale(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		chart.English.Number(-1234567): "-1,234,567", chart.Chinese.Number(999): "999", chart.English.Day(today): "Nov 22, 2026",
		chart.Chinese.Day(today): "2026年11月22日", chart.English.Month(today): "Nov 2026", chart.Chinese.ShortDay(today): "11月22日",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
