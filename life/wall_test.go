package life_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestSizeWall: the memory of accounts with thousands of firing orders fits, also while
// chats are down and findings come and go, and is the same when it is read again.
func TestSizeWall(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		orders, chats, down, runs int
		packed                    bool
	}{
		{260, 2, 2, 60, false},
		{3000, 2, 0, 1, true},
		{2000, 10, 0, 1, true},
		{600, 10, 5, 6, true},
		{10_000, 10, 0, 1, true},
	} {
		t.Run(fmt.Sprintf("%d orders, %d chats", test.orders, test.chats), func(t *testing.T) {
			t.Parallel()
			if testing.Short() && test.orders > 3000 {
				t.Skip("takes seconds")
			}
			w := newWorld(t)
			w.channels, w.rules = nil, []string{"order-expiring"}
			for i := range test.chats {
				w.channels = append(w.channels, fmt.Sprintf("%012x", 0xabcdef012345+i*829_438_751))
			}
			for run := range test.runs {
				w.unsaved(test.down, run%2 == 0, test.orders)
				w.wait(hour)
			}
			data, err := w.ledger.Encode()
			t.Logf("%d bytes", len(data))
			if err != nil || bytes.HasPrefix(data, []byte{0x1f, 0x8b}) != test.packed {
				t.Fatalf("%.60q, %v", data, err)
			}
			w.ledger = reread(t, w.ledger)
			if again, err := w.ledger.Encode(); err != nil || !bytes.Equal(again, data) || w.ledger.Shed() {
				t.Errorf("%d bytes, %d when read and written again, %v", len(data), len(again), err)
			}
			if _, err := life.DecodeWhole(data); err != nil {
				t.Error(err)
			}
			if test.down == 0 {
				if n := w.unsaved(0, true, test.orders); n != 0 {
					t.Errorf("%d messages repeat what was said", n)
				}
			}
		})
	}
}

// unsaved is an alert run about so many orders, which fire or do not, that writes the
// ledger nowhere; the first chats are down. It returns how many messages there were.
func (w *world) unsaved(down int, fires bool, orders int) int {
	var findings []license.Finding
	snapshot := whole()
	for i := range orders {
		id, deadline := fmt.Sprintf("cwp-%08x", i*2654435761), start.AddDate(0, 0, 1+i%29)
		written, seats := deadline.Format(time.DateTime), int64(10)
		snapshot.Orders.List = append(snapshot.Orders.List, license.Order{ResourceId: &id, Deadline: &written, LicenseCnt: &seats, UsedLicenseCnt: &seats})
		f := endingAt("order-expiring/"+id, w.now, deadline)
		f.Title.En = "Order " + id + " (Ultimate, 10 licenses, 10 in use) ends soon and will not renew itself"
		f.Over.En = "Order " + id + " no longer ends soon"
		f.Evidence = []license.Evidence{{Condition: "order.DaysLeft <= 30", State: license.Firing, Values: []license.Value{{Field: "order.DaysLeft", Text: "13", Known: true}}}}
		if !fires {
			f = fine(f.Key())
		}
		findings = append(findings, f)
	}
	snapshot.Orders.TotalCount, snapshot.ReadAt = int64(orders), w.now
	w.runs++
	plan := w.ledger.Plan(life.Input{Now: w.now, Mode: license.ModeAlert, Channels: w.channels, Findings: findings, Snapshot: snapshot, RuleIDs: w.rules,
		Base: license.Report{ID: fmt.Sprintf("run%03d", w.runs), Language: license.English}})
	for _, m := range plan.Messages {
		for i, channel := range w.channels {
			if i < down {
				w.ledger.Refuse(m.ID, channel, w.now, life.RefusedForNow)
			} else {
				w.ledger.Accept(m.ID, channel, w.now.Add(time.Duration(i)*100*time.Millisecond), life.Rest{})
			}
		}
	}
	return len(plan.Messages)
}

// packed is a text in gzip.
func packed(t testing.TB, text string) string {
	t.Helper()
	var data bytes.Buffer
	zip := gzip.NewWriter(&data)
	if _, err := io.WriteString(zip, text); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return data.String()
}

// TestPackedForm: people can read a packed ledger, and a command that does not know all
// of it says so.
func TestPackedForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules = []string{"order-expiring"}
	w.unsaved(0, true, 3000)
	data, err := w.ledger.Encode()
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(plain)), "\n")
	for i, line := range lines {
		if !json.Valid([]byte(line)) || i == 0 != strings.HasPrefix(line, `{"version":2,`) {
			t.Errorf("line %d: %.80s", i, line)
		}
	}
	if n := strings.Count(string(plain), `"said":{"slack,wecom":{`); n != 3000 {
		t.Errorf("%d marks are shared by both chats", n)
	}
	_, err = life.DecodeWhole([]byte(packed(t, string(plain)+`{"novelty":1}`)))
	if format, ok := errors.AsType[*life.FormatError](err); !ok || !format.Other {
		t.Errorf("something unknown: %v", err)
	}
	for name, text := range map[string]string{"a line": string(plain) + lines[1], "a key": strings.Replace(string(plain), `"said":`, `"said":{},"said":`, 1)} {
		if _, err := life.Decode([]byte(packed(t, text))); err != nil {
			t.Errorf("%s twice: %v", name, err)
		}
		_, err := life.DecodeWhole([]byte(packed(t, text)))
		if format, ok := errors.AsType[*life.FormatError](err); !ok || !format.Twice {
			t.Errorf("%s twice: %v", name, err)
		}
	}
}

// TestMarksAreShared by value, not by fate: what one chat hears later is not what the
// other has heard.
func TestMarksAreShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func() license.Finding { return endingAt("order/a", w.now, start.AddDate(0, 0, 29)) }
	w.want("both", w.alert(at()), both("new order/a warning 29")...)
	w.answers["wecom"] = life.RefusedForNow
	w.want("one", w.wait(16*day).alert(at()), "slack: worse order/a warning 13 was 29")
	delete(w.answers, "wecom")
	w.want("the other, later", w.wait(hour).alert(at()), "wecom: worse order/a warning 13 was 29")
}

// TestMarksStaySharedWithoutAnswers: a digest that no chat has answered leaves what they
// heard before written once.
func TestMarksStaySharedWithoutAnswers(t *testing.T) {
	t.Parallel()
	const orders = 3400
	w := newWorld(t)
	fires := func() (all []license.Finding) {
		for i := range orders {
			all = append(all, keyedRecord(fmt.Sprintf("order/%04d", i), w.now, 10))
		}
		return all
	}
	w.alert(fires()...)
	for _, channel := range w.channels {
		w.answers[channel] = life.NoAnswer
	}
	w.wait(hour).digest(fires()...)
	data, err := w.ledger.Encode()
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zip)
	if n := strings.Count(string(plain), `"said":{"slack,wecom":{`); n != orders || err != nil {
		t.Errorf("%d marks are shared by both chats, %v", n, err)
	}
}
