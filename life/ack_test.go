package life_test

import (
	"encoding/json"
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
	w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 20))
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

// TestAckOfWhatIsOver: an acknowledgement is about what fires, and not about what
// fires again long after that.
func TestAckOfWhatIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(keyedRecord("order/a", w.now, 12), firing("seats", license.Warning), keyedRecord("order/b", w.now, 12))
	w.acknowledge("order/a", 60)
	w.acknowledge("seats", 60)
	w.acknowledge("order", 60)
	w.want("renewed by a month", w.wait(hour).alert(fine("order/a"), fine("seats"), fine("order/b")))
	w.want("back within a day", w.wait(23*hour).alert(fine("order/a"), firing("seats", license.Warning), fine("order/b")))
	w.want("unknown is not over", w.wait(3*day).alert(fine("order/a"), unknown("seats"), fine("order/b")))
	if n := len(w.ledger.Acks(w.now)); n != 2 {
		t.Errorf("%d acknowledgements hold, want those of the rule and of what went on", n)
	}
	w.want("the next end", w.wait(10*day).alert(keyedRecord("order/a", w.now, 30), fine("seats"), fine("order/b")), both("new order/a warning 30 rule acked")...)
	w.want("seats are over, as they stay away", w.wait(2*day).alert(keyedRecord("order/a", w.now, 28), fine("seats"), fine("order/b")))
	w.want("seats again", w.wait(2*day).alert(keyedRecord("order/a", w.now, 26), firing("seats", license.Warning), fine("order/b")), both("new seats warning")...)
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
	w.alert(keyedRecord("order/a", w.now, 20), firing("ordered/a", license.Warning))
	w.acknowledge("order", 30)
	w.wait(hour)
	w.want("another order", w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 10), firing("ordered/b", license.Warning)), both("new ordered/b warning", "new order/b warning 10 rule acked", "superseded ordered/a")...)
	w.want("told once", w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 7)))
	w.want("one is critical", w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 2)),
		both("worse order/b critical 2 was 10 warning ack over", "mention", "superseded ordered/b")...)
	w.want("the others speak again", w.alert(keyedRecord("order/a", w.now, 7), keyedRecord("order/b", w.now, 2)), both("worse order/a warning 7 was 20")...)
}

// TestAckBeforehand covers what fires first, as bad as it is then.
func TestAckBeforehand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.acknowledge("order", 30)
	w.want("nothing fires", w.alert())
	w.want("fires", w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 20)))
	w.want("worse", w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 3)),
		both("new order/a warning 20", "new order/b critical 3 ack over", "mention")...)
}

// TestAckEnds: its end is said with what still fires, once in each chat and within the
// hours, and the threshold that passed meanwhile is made up for.
func TestAckEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours, w.snapshot = officeHours, whole("a", "b")
	deadline := start.AddDate(0, 0, 10)
	a := func() license.Finding { return byCalendar(endingAt("order/a", w.now, deadline)) }
	w.want("10 days", w.alert(a()), both("new order/a warning 10")...)
	w.acknowledge("order/a", 4) // past the threshold of 7 days
	for w.now.Before(start.AddDate(0, 0, 4).Add(15 * hour)) {
		w.want("silence", w.wait(hour).alert(a()))
	}
	w.now = start.AddDate(0, 0, 5)
	w.want("in the morning after", w.alert(a()), both("worse order/a warning 5 was 10 ack ended")...)
	w.want("once", w.wait(hour).alert(a()))
	w.want("3 days", w.wait(2*day).alert(a()), both("worse order/a critical 3 was 5 warning", "mention")...)

	w = newWorld(t)
	w.snapshot = whole("a", "b")
	stays, goes := firing("isolated/a", license.Warning), firing("isolated/b", license.Warning)
	w.alert(stays, goes)
	w.acknowledge("isolated", 0)
	w.want("over meanwhile", w.wait(hour).alert(stays, fine("isolated/b")))
	w.now = start.AddDate(0, 0, 1)
	w.answers["wecom"] = life.RefusedForGood
	w.want("nothing is due", w.alert(stays, fine("isolated/b")), "slack: due isolated/a warning ack ended")
	delete(w.answers, "wecom")
	w.want("the other chat", w.wait(2*hour).alert(stays, fine("isolated/b")), "wecom: due isolated/a warning ack ended")
	w.want("and then", w.wait(hour).alert(stays, fine("isolated/b")))
}

// TestAckEndsInADigest, which alerts then know of.
func TestAckEndsInADigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := firing("full", license.Warning)
	w.alert(f)
	w.acknowledge("full", 0)
	w.want("known", w.wait(hour).digest(f), both("ongoing full warning acked", "digest")...)
	w.now = start.AddDate(0, 0, 1)
	w.want("its end", w.digest(f), both("due full warning ack ended", "digest")...)
	w.want("once", w.wait(hour).alert(f))
	w.want("the next digest", w.wait(day).digest(f), both("ongoing full warning", "digest")...)
}

// TestDigestsUseUpNothing of what is acknowledged.
func TestDigestsUseUpNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = whole("a")
	deadline := start.AddDate(0, 0, 10)
	w.alert(endingAt("order/a", w.now, deadline))
	w.acknowledge("order/a", 4)
	for range 4 {
		w.wait(day).digest(endingAt("order/a", w.now, deadline))
	}
	w.want("after its end", w.wait(day).alert(endingAt("order/a", w.now, deadline)), both("worse order/a warning 5 was 10 ack ended")...)
}

// TestAckAndMeasure: much more of it ends an acknowledgement.
func TestAckAndMeasure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want("new", w.alert(measured("expired", license.Critical, 1, 10)), both("new expired critical", "mention")...)
	w.acknowledge("expired", 10)
	w.want("as many", w.wait(hour).alert(measured("expired", license.Critical, 1, 10)))
	w.want("a few more", w.wait(hour).alert(measured("expired", license.Critical, 5, 10)))
	w.want("many more", w.wait(hour).alert(measured("expired", license.Critical, 100, 10)), both("worse expired critical ack over", "mention")...)
	w.acknowledge("expired", 10)
	w.want("known again", w.wait(hour).alert(measured("expired", license.Critical, 105, 10)))
	w.want("from then on", w.wait(hour).alert(measured("expired", license.Critical, 110, 10)))

	w = newWorld(t)
	used := func(percent float64) license.Finding { return measured("full", license.Warning, percent, 0, 95, 100) }
	w.want("96 %", w.alert(used(96)), both("new full warning")...)
	w.want("91 %", w.wait(hour).alert(used(91)))
	w.acknowledge("full", 10)
	w.want("known", w.wait(hour).alert(used(91)))
	w.answers["wecom"] = life.RefusedForNow
	w.want("more than was acknowledged", w.wait(hour).alert(used(99)), "slack: due full warning ack over")
	delete(w.answers, "wecom")
	w.want("once to each", w.wait(hour).alert(used(99)), "wecom: due full warning ack over")
}

// TestTwoAcks: that of one order holds also where one of the whole rule, which says
// nothing of the order, holds longer.
func TestTwoAcks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = whole("a", "b")
	w.alert(keyedRecord("order/b", w.now, 12))
	w.acknowledge("order", 30)
	w.acknowledge("order/a", 3)
	w.wait(hour)
	w.want("both are known", w.alert(keyedRecord("order/a", w.now, 12), keyedRecord("order/b", w.now, 12)))
	w.want("in a digest", w.digest(keyedRecord("order/a", w.now, 12), keyedRecord("order/b", w.now, 12)),
		both("new order/a warning 12 acked", "ongoing order/b warning 12 acked", "digest")...)
}

// TestAckSurvives: the instant at which it ends is stored, in a form that earlier programs
// read as the last day, and what they wrote holds to the end of that.
func TestAckSurvives(t *testing.T) {
	t.Parallel()
	newYork := time.FixedZone("EST", -5*60*60)
	until := time.Date(2026, time.December, 6, 15, 30, 0, 0, newYork)
	ack := license.Ack{Rule: "order", Subject: "a", Until: until, Reason: "ordered", By: "oncall"}
	l := life.New()
	if err := l.Acknowledge(ack, start); err != nil {
		t.Fatal(err)
	}
	l = reread(t, reread(t, l))
	if got := l.Acks(until.Add(-time.Second)); len(got) != 1 || !got[0].Until.Equal(until) || got[0].Reason != "ordered" || !got[0].At.Equal(start) {
		t.Errorf("acks %+v", got)
	}
	if got := l.Acks(until); len(got) > 0 {
		t.Errorf("acks after the end %+v", got)
	}

	data, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var earlier struct{ Acks []struct{ Until time.Time } } // as version 1 always read them
	if err := json.Unmarshal(data, &earlier); err != nil {
		t.Fatal(err)
	}
	if day := earlier.Acks[0].Until.Format(time.DateOnly); day != "2026-12-06" {
		t.Errorf("an earlier program reads the last day %s", day)
	}

	tests := map[string]struct{ stored, ends string }{
		"the middle of a day":  {"2026-12-06T12:00:00+08:00", "2026-12-07T00:00:00+08:00"},
		"the end of a day":     {"2026-12-06T23:59:59+08:00", "2026-12-07T00:00:00+08:00"},
		"the beginning of one": {"2026-12-06T00:00:00Z", "2026-12-07T00:00:00Z"},
		"the last of a year":   {"2026-12-31T09:00:00-05:00", "2027-01-01T00:00:00-05:00"},
	}
	for name, test := range tests {
		old := `{"version":1,"acks":[{"Rule":"order","Subject":"a","Until":"` + test.stored + `","Reason":"ordered","By":"oncall","At":"2026-11-22T09:07:00+08:00","Severity":"warning"}]}`
		l, err := life.Decode([]byte(old))
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, test.ends)
		if err != nil {
			t.Fatal(err)
		}
		if got := reread(t, l).Acks(start); len(got) != 1 || !got[0].Until.Equal(want) || got[0].Severity != license.Warning {
			t.Errorf("%s: acks %+v, want until %v", name, got, want)
		}
	}
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
	w.want("b speaks", w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 20)), both("new order/b warning 20")...)
	if !w.ledger.RemoveAck("order", "a") {
		t.Error("not removed")
	}
	w.want("a speaks", w.alert(keyedRecord("order/a", w.now, 20), keyedRecord("order/b", w.now, 20)), both("new order/a warning 20")...)
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
			_, ok := errors.AsType[*life.AckError](err)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!ok || err.Error() != test.want):
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
