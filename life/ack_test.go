package life_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// ackUntil is an acknowledgement of RULE or RULE/SUBJECT that holds so many days
// after today.
func ackUntil(key string, days int) license.Ack {
	rule, subject, _ := strings.Cut(key, "/")
	year, month, day := start.Date()
	until := time.Date(year, month, day+days+1, 0, 0, 0, 0, shanghai)
	return license.Ack{Rule: rule, Subject: subject, Until: until, Reason: "renewal ordered", By: "oncall"}
}

func (w *world) acknowledge(key string, days int) {
	w.t.Helper()
	if err := w.ledger.Acknowledge(ackUntil(key, days), w.now); err != nil {
		w.t.Fatal(err)
	}
	w.save()
}

// TestAckSilences: reminders and the end of what is acknowledged, up to the end
// of the day in the zone.
func TestAckSilences(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 20))
	w.acknowledge("order/a", 10)
	deadline := start.AddDate(0, 0, 20)
	at := func(days int) []license.Finding {
		w.now = start.AddDate(0, 0, days)
		return []license.Finding{endingAt("order/a", w.now, deadline), endingAt("order/b", w.now, deadline)}
	}
	w.want("next rung", w.alert(at(6)...), both("worse order/b warning 14 was 20")...)
	w.want("digest", w.digest(at(6)...), both("worse order/a warning 14 was 20 acked", "ongoing order/b warning 14", "digest")...)
	if diff := cmp.Diff(w.ledger.Acks(w.now), w.plan.Messages[0].Report.Acks); diff != "" || len(w.ledger.Acks(w.now)) != 1 {
		t.Errorf("acks in the digest (-ledger +digest):\n%s", diff)
	}
	w.now = start.AddDate(0, 0, 10).Add(14*hour + 52*60e9) // 23:59
	w.want("the last minute", w.alert(endingAt("order/a", w.now, start.AddDate(0, 0, 17)), endingAt("order/b", w.now, deadline)))
	if n := len(w.ledger.Acks(w.now)); n != 1 {
		t.Errorf("%d acks hold in the last minute", n)
	}
	w.wait(60e9)
	if n := len(w.ledger.Acks(w.now)); n != 0 {
		t.Errorf("%d acks hold after the last day", n)
	}
	// A rung has passed in silence.
	w.want("after the last day", w.alert(endingAt("order/a", w.now, start.AddDate(0, 0, 17)), endingAt("order/b", w.now, deadline)),
		both("worse order/a warning 6 was 20 ack ended")...)
}

// TestAckedResolved: in silence, but a digest lists it.
func TestAckedResolved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("seats", license.Warning))
	w.acknowledge("seats", 3)
	w.want("resolved", w.wait(hour).alert(fine("seats")))
	w.want("digest", w.wait(hour).digest(fine("seats")), both("resolved seats", "digest")...)
}

// TestAckEndsWhenWorse: then it is over and removed, and the message says so.
func TestAckEndsWhenWorse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("seats", license.Warning))
	w.acknowledge("seats", 30)
	w.want("worse", w.wait(hour).alert(firing("seats", license.Critical)), both("worse seats critical was warning ack over", "mention")...)
	if got := w.plan.Messages[0].Report.Firing[0].Story.Ack; got == nil || got.By != "oncall" || !got.Over {
		t.Errorf("ack %+v", got)
	}
	if n := len(w.ledger.Acks(w.now)); n != 0 {
		t.Errorf("%d acks hold", n)
	}
	w.acknowledge("seats", 30)
	w.want("milder and as bad again", w.wait(hour).alert(firing("seats", license.Warning)))
	w.want("milder and as bad again", w.wait(hour).alert(firing("seats", license.Critical)))
}

// TestAckOfAWholeRule covers every subject that fires, new ones once they were
// told, until one is worse than the worst was.
func TestAckOfAWholeRule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = whole("a", "b")
	w.alert(ending("order/a", w.now, 20), firing("ordered/a", license.Warning))
	w.acknowledge("order", 30)
	w.wait(hour)
	w.want("another order", w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 10), firing("ordered/b", license.Warning)), both("new ordered/b warning", "new order/b warning 10 rule acked")...)
	w.want("told once", w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 7)))
	w.want("one is critical", w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 2)),
		both("worse order/b critical 2 was 10 warning ack over", "mention")...)
	w.want("the others speak again", w.alert(ending("order/a", w.now, 7), ending("order/b", w.now, 2)), both("worse order/a warning 7 was 20")...)
}

// TestAckBeforehand covers what fires first, as bad as it is then.
func TestAckBeforehand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.acknowledge("order", 30)
	w.want("nothing fires", w.alert())
	w.want("fires", w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 20)))
	w.want("worse", w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 3)),
		both("new order/a warning 20", "new order/b critical 3 ack over", "mention")...)
}

// TestAckOfAChange silences the alert, not the digest.
func TestAckOfAChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.acknowledge("order-renewal", 30)
	w.want("alert", w.alert(event("order-renewal/a", "1>2", license.Warning)))
	w.want("digest", w.digest(), both("ongoing order-renewal/a warning acked 1>2", "digest")...)
}

// TestRemoveAck ends it.
func TestRemoveAck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.acknowledge("order", 30)
	w.acknowledge("order/a", 20)
	w.acknowledge("order", 10) // replaces the first
	if acks := w.ledger.Acks(w.now); len(acks) != 2 || acks[0].Subject != "" || !acks[0].Until.Equal(ackUntil("order", 10).Until) {
		t.Errorf("acks %+v", acks)
	}
	if !w.ledger.RemoveAck("order", "") || w.ledger.RemoveAck("order", "") || w.ledger.RemoveAck("order", "b") {
		t.Error("removed the wrong ones")
	}
	w.want("b speaks", w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 20)), both("new order/b warning 20")...)
	if !w.ledger.RemoveAck("order", "a") {
		t.Error("not removed")
	}
	w.want("a speaks", w.alert(ending("order/a", w.now, 20), ending("order/b", w.now, 20)), both("new order/a warning 20")...)
}

// TestAckIsChecked: end, reason and author are mandatory, and the end is near.
func TestAckIsChecked(t *testing.T) {
	t.Parallel()
	with := func(change func(*license.Ack)) license.Ack {
		ack := ackUntil("seats", 3)
		change(&ack)
		return ack
	}
	const span = "give a time such as 2w or 3d, or the last day, from 2026-11-22 to 2027-11-22"
	tests := map[string]struct {
		ack  license.Ack
		want string
	}{
		"fine":          {ackUntil("seats", 3), ""},
		"today":         {ackUntil("seats", 0), ""},
		"a year":        {ackUntil("seats", 365), ""},
		"no rule":       {with(func(a *license.Ack) { a.Rule = "" }), "rule: say which rule, as RULE or RULE/SUBJECT"},
		"no end":        {with(func(a *license.Ack) { a.Until = a.At }), "until: " + span},
		"yesterday":     {ackUntil("seats", -1), "until: it is over already: " + span},
		"now":           {with(func(a *license.Ack) { a.Until = start }), "until: it is over already: " + span},
		"a year and 1":  {ackUntil("seats", 367), "until: it is more than a year away: " + span},
		"no reason":     {with(func(a *license.Ack) { a.Reason = " \n" }), "reason: say why, for those who wonder later"},
		"long reason":   {with(func(a *license.Ack) { a.Reason = strings.Repeat("x", 301) }), "reason: it has 301 bytes, at most 300 fit"},
		"nobody":        {with(func(a *license.Ack) { a.By = "" }), "by: say who acknowledges"},
		"a long author": {with(func(a *license.Ack) { a.By = strings.Repeat("x", 101) }), "by: it has 101 bytes, at most 100 fit"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := life.New()
			err := l.Acknowledge(test.ack, start)
			var refused *life.AckError
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!errors.As(err, &refused) || err.Error() != test.want):
				t.Errorf("error %v, want %s", err, test.want)
			case len(l.Acks(start)) != 1 && test.want == "" || len(l.Acks(start)) != 0 && test.want != "":
				t.Errorf("acks %v", l.Acks(start))
			}
		})
	}
}

// TestTooManyAcks: a script that acknowledges everything is stopped.
func TestTooManyAcks(t *testing.T) {
	t.Parallel()
	l := life.New()
	for i := range 200 {
		if err := l.Acknowledge(ackUntil("order/"+strings.Repeat("x", i+1), 1), start); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Acknowledge(ackUntil("order/x", 2), start); err != nil {
		t.Errorf("replacing: %v", err)
	}
	if err := l.Acknowledge(ackUntil("seats", 2), start); err == nil || err.Error() != "there are 200 acknowledgements already: remove some" {
		t.Errorf("one more: %v", err)
	}
}
