package calendar_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	other "github.com/emersion/go-ical"

	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/calendar"
)

var start = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

// reading is a reading of some day, of orders with these ends; one without an end is not
// listed.
func reading(day int, ends ...string) report.Reading {
	s := license.Snapshot{Account: "100000000001", Site: license.SiteCN, ReadAt: start.AddDate(0, 0, day), Orders: &license.Orders{}}
	for i, end := range ends {
		if end == "" {
			continue
		}
		s.Orders.List = append(s.Orders.List, license.Order{ResourceId: new(fmt.Sprint("cwp-", i)), LicenseId: new(int64(i)),
			LicenseType: new(int64(license.LicenseTypeUltimate)), LicenseCnt: new(int64(40)), UsedLicenseCnt: new(int64(33)),
			OrderStatus: new(int64(license.OrderNormal)), AutoRenewFlag: new(int64(i)), Deadline: new(end)})
	}
	return report.Reading{Record: fmt.Sprint("record ", day), Snapshot: s}
}

// write is the calendar of these readings.
func write(t *testing.T, readings ...report.Reading) string {
	t.Helper()
	last := readings[len(readings)-1].Snapshot.ReadAt
	b := report.NewBuilder(report.Options{Now: last.In(license.APIZone), From: start, To: last, Until: last.AddDate(1, 0, 0)})
	g := report.NewGatherer("100000000001", "")
	for _, r := range readings {
		g.AddReading(r)
	}
	if err := b.Add(g); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := calendar.Write(&out, b.Report(), calendar.Options{Language: license.English, Reminders: []int64{30, 7, 0}}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// event is what both parsers read.
type event struct {
	uid, start, status, summary string
	sequence                    string
	alarms                      int
}

func parse(t *testing.T, text string) (byFirst, bySecond []event) {
	t.Helper()
	first, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range first.Events() {
		value := func(p ics.ComponentProperty) string { return e.GetProperty(p).Value }
		byFirst = append(byFirst, event{value(ics.ComponentPropertyUniqueId), value(ics.ComponentPropertyDtStart), value(ics.ComponentPropertyStatus),
			value(ics.ComponentPropertySummary), value(ics.ComponentPropertySequence), len(e.Alarms())})
	}
	second, err := other.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range second.Events() {
		value := func(name string) string {
			words, err := e.Props.Text(name)
			if err != nil {
				words = e.Props.Get(name).Value
			}
			return words
		}
		bySecond = append(bySecond, event{value("UID"), e.Props.Get("DTSTART").Value, value("STATUS"), value("SUMMARY"), e.Props.Get("SEQUENCE").Value, len(e.Children)})
	}
	return byFirst, bySecond
}

// TestTwoParsers: what is written, two parsers read alike.
func TestTwoParsers(t *testing.T) {
	t.Parallel()
	first, second := parse(t, write(t, reading(0, "2026-12-04 23:59:59", "2027-01-31 00:00:00")))
	if len(first) != 2 || len(second) != 2 {
		t.Fatalf("%d and %d events", len(first), len(second))
	}
	for i := range first {
		if first[i] != second[i] {
			t.Errorf("one parser reads %+v, the other %+v", first[i], second[i])
		}
	}
	if e := first[0]; e.start != "20261204T155959Z" || e.alarms != 3 || e.status != "CONFIRMED" || e.summary != "cwp-0 ends: 40 Ultimate licenses, not renewed" {
		t.Errorf("%+v", e)
	}
	if first[1].alarms != 0 {
		t.Error("what renews itself has reminders")
	}
}

// TestSequence: an order keeps its event; when its end moves, the sequence grows, and when the
// order is gone, the event is cancelled.
func TestSequence(t *testing.T) {
	t.Parallel()
	only := func(readings ...report.Reading) event {
		events, _ := parse(t, write(t, readings...))
		for _, e := range events {
			if strings.HasPrefix(e.summary, "cwp-0") {
				return e
			}
		}
		t.Fatal("no event")
		return event{}
	}
	const listed = "2027-03-01 00:00:00"
	before := only(reading(0, "2026-12-04 23:59:59", listed))
	renewed := only(reading(0, "2026-12-04 23:59:59", listed), reading(3, "2027-12-04 23:59:59", listed))
	later := only(reading(3, "2027-12-04 23:59:59", listed), reading(5, "2027-12-04 23:59:59", listed)) // without the record of before
	back := only(reading(3, "2027-12-04 23:59:59", listed), reading(6, "2027-11-04 23:59:59", listed))
	gone := only(reading(3, "2027-12-04 23:59:59", listed), reading(6, "2027-11-04 23:59:59", listed), reading(7, "", listed))
	steps := []event{before, renewed, later, back, gone}
	for i, e := range steps {
		if e.uid != before.uid {
			t.Errorf("step %d: another UID", i)
		}
		if i > 0 && i != 2 && e.sequence <= steps[i-1].sequence {
			t.Errorf("step %d: the sequence is %s after %s", i, e.sequence, steps[i-1].sequence)
		}
	}
	if renewed.sequence != later.sequence {
		t.Errorf("how far records go back changes the sequence: %s and %s", renewed.sequence, later.sequence)
	}
	if renewed.start != "20271204T155959Z" || gone.status != "CANCELLED" || gone.alarms != 0 || back.status != "CONFIRMED" {
		t.Errorf("%+v, %+v", renewed, gone)
	}
}
