package life_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestValueThatCannotBeWritten costs that value, and nothing else of the ledger: it
// is written, read again, and goes on from there.
func TestValueThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	nan, infinite := math.NaN(), math.Inf(1)
	far := time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, spoil := range map[string]func(*license.Finding){
		"a year of five digits":   func(f *license.Finding) { f.Deadline = far },
		"the last day, elsewhere": func(f *license.Finding) { f.Deadline = time.Date(10000, 1, 1, 3, 0, 0, 0, time.FixedZone("", 14*3600)) },
		"the year 0":              func(f *license.Finding) { f.Deadline = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) },
		"before the year 0":       func(f *license.Finding) { f.Deadline = time.Date(-4, 1, 1, 0, 0, 0, 0, time.UTC) },
		"an offset of a day":      func(f *license.Finding) { f.Deadline = start.In(time.FixedZone("", 25*3600)) },
		"no number":               func(f *license.Finding) { f.Measure = &nan },
		"infinite": func(f *license.Finding) {
			f.Measure, f.WorseBy, f.WorseAt = &infinite, math.Inf(-1), []float64{1, nan, 3}
		},
		"no text": func(f *license.Finding) { f.Detail.En, f.Subject = "a\xff\xfeb\xed\xa0\x80", "order/\xff" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.answers["wecom"] = life.RefusedForNow // so that the message stays in the outbox
			odd := keyedRecord("order/odd", w.now, 2)
			spoil(&odd)
			w.alert(keyedRecord("order/a", w.now, 13), odd)
			data, err := w.ledger.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid(data) || !strings.Contains(string(data), "order/a") || !strings.Contains(string(data), `"outbox"`) {
				t.Errorf("the ledger is\n%s", data)
			}
			again := reread(t, w.ledger)
			twice, err := again.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := life.Decode(twice); err != nil {
				t.Error(err)
			}
			if len(again.Known()) != 2 {
				t.Errorf("%d findings are known, want 2", len(again.Known()))
			}
		})
	}
}

// TestWrongClockIsWritten: a run whose clock stands in the year 12000 is remembered
// as far as that can be.
func TestWrongClockIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(keyedRecord("order/a", w.now, 13))
	w.now = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)
	w.alert(keyedRecord("order/a", start, 13), firing("tcss-over", license.Critical))
	if known := reread(t, w.ledger).Known(); len(known) == 0 {
		t.Error("nothing is known any more")
	}
}

// TestOddTimesInALedger: a time that can be read and not be written costs that time,
// wherever it stands.
func TestOddTimesInALedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(keyedRecord("order/a", w.now, 13))
	data, err := w.ledger.Encode()
	if err != nil {
		t.Fatal(err)
	}
	odd := strings.ReplaceAll(string(data), `+08:00"`, `+24:00"`)
	w.ledger, err = life.Decode([]byte(odd))
	if err != nil || odd == string(data) {
		t.Fatalf("%v: %s", err, odd)
	}
	if known := reread(t, w.ledger).Known(); len(known) != 1 {
		t.Errorf("%d findings are known, want 1", len(known))
	}
}
