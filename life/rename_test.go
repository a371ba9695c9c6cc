package life_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// TestRenameEverywhere: a ledger that hears that an order has another name goes on as one
// that has always called it so, with what was told, what is owed and what somebody knows.
func TestRenameEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules = []string{"order", "order-ended", "order-lapsed", "order-renewal", "order-used"}
	list := func(ids ...int64) license.Snapshot {
		s := whole()
		for _, id := range ids {
			s.Orders.List = append(s.Orders.List, license.Order{ResourceId: new("a"), LicenseId: &id, OrderStatus: new(int64(license.OrderNormal))})
		}
		s.Orders.TotalCount = int64(len(ids))
		return s
	}
	named := func(subject string) []license.Finding {
		gone := turned("order/"+subject, "order-ended")
		return []license.Finding{gone, firing("order-ended/"+subject, license.Critical), fine("order-lapsed/" + subject), event("order-renewal/"+subject, "1>2", license.Critical)}
	}
	w.snapshot = list(7)
	w.alert(keyedRecord("order/a", w.now, 13), firing("order-lapsed/a", license.Warning), firing("order-used/a", license.Warning))
	w.answers["wecom"] = life.RefusedForNow
	w.wait(hour).digest(append(named("a"), firing("order-used/a", license.Warning))...)
	w.wait(hour).alert(append(named("a"), fine("order-used/a"))...)
	w.acknowledge("order-ended/a", 20)
	data, err := w.ledger.Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, part := range []string{`"was":{`, `"ended":{`, `"fresh":[`, `"changes":[`, `"resolved":{`, `"event":{`, `"acks":[`, `"outbox":[`} {
		if !strings.Contains(text, part) {
			t.Errorf("nothing is in %s", part)
		}
	}
	always := strings.NewReplacer(`of order/a"`, `of order/a"`, `of order-ended/a"`, `of order-ended/a"`, `of order-lapsed/a"`, `of order-lapsed/a"`,
		`of order-renewal/a"`, `of order-renewal/a"`, `of order-used/a"`, `of order-used/a"`, // texts stay
		`/a"`, `/a#7"`, `"subject":"a"`, `"subject":"a#7"`, `"Subject":"a"`, `"Subject":"a#7"`).Replace(text)
	after := func(data string) any {
		l, err := life.Decode([]byte(data))
		if err != nil {
			t.Fatal(err)
		}
		plan := l.Plan(life.Input{Now: w.now.Add(hour), Mode: license.ModeAlert, Channels: w.channels, Findings: append(named("a#7"), fine("order-used/a#7"), fine("order/a#9")),
			Snapshot: list(7, 9), RuleIDs: w.rules, Base: license.Report{ID: "renamed"}})
		for _, m := range plan.Messages {
			l.Accept(m.ID, "slack", w.now, life.Rest{})
		}
		data2, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return anything(t, data2)
	}
	if got, want := after(text), after(always); !reflect.DeepEqual(got, want) {
		t.Errorf("renamed now (-as always +now):\n%s", cmp.Diff(want, got))
	}
}
