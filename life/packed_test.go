package life_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/license"
	"licensewatch/life"
)

// plainLines is a packed ledger's text.
func plainLines(t *testing.T, data []byte) string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// TestWasIsShared: what all chats were told of what another finding took over is written once
// for all of them, and stays each one's own: one hears of the other finding, one later, one
// was never told of the first.
func TestWasIsShared(t *testing.T) {
	t.Parallel()
	const orders = 3400
	w := newWorld(t)
	var first, second []license.Finding
	for i := range orders {
		f := keyedRecord(fmt.Sprintf("order/%04d", i), w.now, 10)
		first = append(first, f)
		second = append(second, fine(f.Key()), firing("ended/"+f.Subject, license.Critical))
	}
	w.alert(first...)
	w.channels = append(w.channels, "late")
	for _, channel := range w.channels {
		w.answers[channel] = life.RefusedForNow
	}
	w.wait(hour).alert(second...)
	data, err := w.ledger.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(plainLines(t, data), `"was":{"slack,wecom":{"key":"order/`); n != orders {
		t.Errorf("what both chats were told stands once in %d records, not in %d", n, orders)
	}
	delete(w.answers, "slack")
	delete(w.answers, "late")
	count := func(lines []string) map[string]int {
		told := map[string]int{}
		for _, line := range lines {
			channel, what, _ := strings.Cut(line, ": ")
			told[channel+" "+strings.Fields(what)[0]]++
			if strings.Contains(what, "was 10 warning (title of order/") {
				told[channel+" was"]++
			}
		}
		return told
	}
	want := func(when string, got, want map[string]int) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	want("two chats are back", count(w.wait(hour).alert(second...)),
		map[string]int{"slack worse": orders, "slack was": orders, "slack mention": 1, "late new": orders, "late mention": 1})
	delete(w.answers, "wecom")
	want("the third is", count(w.wait(hour).alert(second...)), map[string]int{"wecom worse": orders, "wecom was": orders, "wecom mention": 1})
	want("all know all", count(w.wait(hour).alert(second...)), map[string]int{})
}

// TestPackedByEarlierPrograms: ledgers that earlier programs have packed are read, each chat by itself or
// all that share something together, and what they knew goes on. Each of them was told of four orders, and
// refused the alert that two of these have ended.
func TestPackedByEarlierPrograms(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"packed-by-channel", "packed-shared"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("testdata", name+".jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			if isShared := bytes.Contains(text, []byte(`"was":{"slack,wecom":`)); isShared != (name == "packed-shared") {
				t.Fatalf("shared: %t", isShared)
			}
			data := []byte(packed(t, string(text)))
			if _, err := life.DecodeWhole(data); err != nil {
				t.Errorf("an operator's command reads it: %v", err)
			}
			w := newWorld(t)
			if w.ledger, err = life.Decode(data); err != nil {
				t.Fatal(err)
			}
			at := func(subject string) license.Finding {
				return endingAt("order/"+subject, w.now, start.AddDate(0, 0, 20))
			}
			ended := firing("ended/0000", license.Critical)
			w.want("what it owed, and what is over by now",
				w.wait(2*hour).alert(fine("order/0000"), ended, fine("order/0001"), fine("ended/0001"), at("0002"), at("0003")),
				both("worse ended/0000 critical was 20 warning (title of order/0000)", "worse ended/0001 critical was 20 warning (title of order/0001)",
					"mention", "resolved ended/0001", "resolved order/0001")...) // for the alert might not have arrived
			w.want("nothing is new", w.wait(hour).alert(fine("order/0000"), ended, at("0002"), at("0003")))
			w.want("the end of what it told", w.wait(hour).alert(fine("order/0000"), ended, fine("order/0002"), at("0003")), both("resolved order/0002")...)
		})
	}
}
