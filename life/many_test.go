package life_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestManyEnds: however many orders are over at once, each end is told once to every chat
// that lives, and nothing is said to be given up that was told.
func TestManyEnds(t *testing.T) {
	t.Parallel()
	const orders = 400
	for name, test := range map[string]struct {
		refusal life.Refusal // of the alert that tells the ends to wecom
		owed    bool         // wecom accepts before the digest comes
		then    int          // how many ends wecom is told from the digest on, which lists what alerts have told
	}{
		"accepted":     {"", true, orders},
		"owed":         {life.RefusedForNow, true, orders},
		"owed, digest": {life.RefusedForNow, false, 2 * orders},
		"no answer":    {life.NoAnswer, true, orders},
		"no, digest":   {life.NoAnswer, false, orders},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.remarks = true
			var fires, over []license.Finding
			for i := range orders {
				f := keyedRecord(fmt.Sprintf("order/%03d", i), w.now, 10)
				fires, over = append(fires, f), append(over, fine(f.Key()))
			}
			w.alert(fires...)
			if test.refusal != "" {
				w.answers["wecom"] = test.refusal
			}
			told := map[string]int{}
			count := func(lines []string) {
				for _, line := range lines {
					channel, what, _ := strings.Cut(line, ": ")
					if strings.HasPrefix(what, "resolved ") || strings.HasPrefix(what, "dropped ") {
						told[channel+" "+strings.Fields(what)[0]]++
					}
				}
			}
			count(w.wait(hour).alert(over...))
			if test.owed {
				delete(w.answers, "wecom")
			}
			count(w.wait(hour).alert(over...))
			count(w.wait(hour).alert(over...))
			if told["slack resolved"] != orders || test.owed && told["wecom resolved"] != orders {
				t.Errorf("alerts told %v", told)
			}
			clear(told)
			delete(w.answers, "wecom")
			count(w.wait(hour).digest(over...))
			count(w.wait(hour).alert(over...))
			count(w.wait(hour).digest(over...))
			if told["slack resolved"] != orders || told["wecom resolved"] != test.then || len(told) != 2 {
				t.Errorf("then digests and an alert told %v", told)
			}
		})
	}
}

// TestManyThatComeAndGo are told no more often than one that does.
func TestManyThatComeAndGo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ orders, chats int }{{1, 2}, {150, 2}, {10_000, 10}} {
		t.Run(fmt.Sprint(test.orders), func(t *testing.T) {
			t.Parallel()
			if testing.Short() && test.orders > 3000 {
				t.Skip("takes seconds")
			}
			w := newWorld(t)
			w.channels, w.rules = nil, []string{"order-expiring"}
			for i := range test.chats {
				w.channels = append(w.channels, fmt.Sprintf("slack[%d]", i))
			}
			var messages []int
			for run := range 8 {
				messages = append(messages, w.unsaved(0, run%2 == 0, test.orders))
				w.save()
				w.wait(hour)
			}
			if want := []int{1, 1, 1, 0, 0, 0, 0, 0}; !slices.Equal(messages, want) || w.ledger.Shed() {
				t.Errorf("messages %v, want %v; something is missing: %t", messages, want, w.ledger.Shed())
			}
		})
	}
}

// TestAcknowledgementOfOneOfMany: it is over once what it is about has been over for a
// day, however much else has ended since.
func TestAcknowledgementOfOneOfMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules = []string{"order-expiring"}
	known := func() license.Finding { return keyedRecord("order-expiring/known", w.now, 13) }
	w.alert(known())
	w.acknowledge("order-expiring/known", 20)
	w.wait(hour).alert(fine("order-expiring/known"))
	var fires, over []license.Finding
	for i := range 150 {
		f := keyedRecord(fmt.Sprintf("order-expiring/%03d", i), w.now, 10)
		fires, over = append(fires, f), append(over, fine(f.Key()))
	}
	w.wait(hour).alert(fires...)
	w.wait(hour).alert(over...)
	w.wait(2 * day).alert(over...)
	w.want("it ends again", w.wait(hour).alert(known()), both("new order-expiring/known warning 13")...)
}

// TestEventsAreNotCompared: thousands of changes that come at once are not compared with
// each other: each takes about as long as one of a few. The quickest of three counts, since
// the machine may be busy.
func TestEventsAreNotCompared(t *testing.T) { //nolint:paralleltest // it takes time
	took := func(events int) time.Duration {
		var findings []license.Finding
		for i := range events {
			findings = append(findings, event(fmt.Sprintf("renewal/%05d", i), "1>2", license.Critical))
		}
		shortest := time.Hour
		for range 3 {
			began := time.Now()
			plan := life.New().Plan(life.Input{
				Now: start, Mode: license.ModeAlert, Channels: []string{"slack"}, Findings: findings, Snapshot: whole(), RuleIDs: []string{"renewal"},
			})
			shortest = min(shortest, time.Since(began))
			if len(plan.Messages) != 1 || len(plan.Messages[0].Report.Firing) != events {
				t.Fatal(plan.Reason)
			}
		}
		return shortest / time.Duration(events)
	}
	if few, many := took(200), took(5000); many > 8*few {
		t.Errorf("each of 200 takes %v, each of 5,000 %v", few, many)
	}
}
