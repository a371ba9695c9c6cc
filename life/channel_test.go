package life_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// wantMoved fails when a ledger that hears that its channels have moved speaks of
// one of them by its old name, anywhere.
func (m *machine) wantMoved(data []byte) {
	l, err := life.Decode(data)
	if err != nil {
		m.t.Fatalf("%v", err)
	}
	bind := func(slack, wecom string) {
		l.Bind([]life.Channel{{Name: slack, ID: "1"}, {Name: wecom, ID: "2"}}, m.now)
	}
	encode := func() string {
		data, err := l.Encode()
		if err != nil {
			m.t.Fatalf("%v", err)
		}
		return string(data)
	}
	bind("slack", "wecom")
	want := strings.NewReplacer(`"slack"`, `"slack[1]"`, `"wecom"`, `"slack"`).Replace(encode())
	bind("slack[1]", "slack")
	if moved := encode(); !reflect.DeepEqual(anything(m.t, []byte(moved)), anything(m.t, []byte(want))) {
		m.t.Fatalf("moved channels (-want +got):\n%s", cmp.Diff(anything(m.t, []byte(want)), anything(m.t, []byte(moved))))
	}
	bind("a", "b")             // slack[1] and slack are gone
	m.now = m.now.Add(8 * day) // for good
	bind("c", "d")
	left := strings.ReplaceAll(encode(), `"Channel":"slack`, "") // of a message that others hear was given up
	if strings.Contains(left, `"slack`) {
		m.t.Fatalf("what is forgotten is still spoken of: %s", left)
	}
	m.now = m.now.Add(-8 * day)
}

func anything(t interface{ Fatalf(string, ...any) }, data []byte) (all any) {
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatalf("%v", err)
	}
	return all
}

// TestBindNothing: settings that name no channel are a mistake; nobody is gone by it.
func TestBindNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ledger.Bind([]life.Channel{{Name: "slack", ID: "1"}, {Name: "wecom", ID: "2"}}, w.now)
	w.alert(firing("cwp-expired", license.Critical))
	before := string(encoded(t, w.ledger))
	w.ledger.Bind(nil, w.now.Add(30*day))
	if after := string(encoded(t, w.ledger)); after != before {
		t.Errorf("%s\nwas\n%s", after, before)
	}
}

// TestWrongClockAndGoneChannels: a channel that is gone is kept for a week from when
// that is seen, also when a clock was ahead before.
func TestWrongClockAndGoneChannels(t *testing.T) {
	t.Parallel()
	a, b := life.Channel{Name: "slack[0]", ID: "1"}, life.Channel{Name: "slack[1]", ID: "2"}
	l := life.New()
	l.Bind([]life.Channel{a, b}, start.Add(30*day))
	l.Notes().MarkTold("slack[1]", "note", start)
	lone := life.Channel{Name: "slack", ID: "1"}
	l.Bind([]life.Channel{lone}, start)
	l.Bind([]life.Channel{lone}, start.Add(6*day))
	if l.Notes().MayTell("slack[1]", "note", "", start) {
		t.Error("it is forgotten at once")
	}
	l.Bind([]life.Channel{lone}, start.Add(8*day))
	if !l.Notes().MayTell("slack[1]", "note", "", start) {
		t.Error("it is never forgotten")
	}
}

// TestClockAheadForgetsNoChannel: an event and its reruns under a clock that is weeks ahead do
// not make a week of the day for which a channel is gone.
func TestClockAheadForgetsNoChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	both := []life.Channel{{Name: "slack", ID: "1"}, {Name: "wecom", ID: "2"}}
	run := func(channels []life.Channel, f license.Finding) []string {
		w.channels = nil
		for _, c := range channels {
			w.channels = append(w.channels, c.Name)
		}
		w.ledger.Bind(channels, w.now)
		return w.alert(f)
	}
	run(both, firing("order/a", license.Warning))
	right := w.wait(hour).now
	w.now = right.Add(17 * day)
	for range 3 {
		run(both[:1], firing("order/a", license.Warning))
		w.wait(time.Minute)
	}
	w.now = right
	for range 3 {
		run(both[:1], firing("order/a", license.Warning))
		w.wait(hour)
	}
	w.want("wecom is back", run(both, fine("order/a")), "slack: resolved order/a", "wecom: resolved order/a")
}

// TestOwners: who is another one, as far as both are known.
func TestOwners(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b  life.Owner
		other bool
	}{
		{life.Owner{}, life.Owner{Site: "cn", Account: "1"}, false},
		{life.Owner{Site: "cn", Account: "1"}, life.Owner{Site: "cn", Account: "1"}, false},
		{life.Owner{Site: "cn", Account: "1"}, life.Owner{Site: "cn"}, false},
		{life.Owner{Site: "cn", Account: "1"}, life.Owner{Account: "1"}, false},
		{life.Owner{Site: "cn", Account: "1"}, life.Owner{Site: "cn", Account: "2"}, true},
		{life.Owner{Site: "cn", Account: "1"}, life.Owner{Site: "intl", Account: "1"}, true},
		{life.Owner{Site: "cn", Account: "1"}, life.Owner{Site: "intl"}, true},
		{life.Owner{Account: "1"}, life.Owner{Site: "intl", Account: "2"}, true},
	} {
		if test.a.IsOther(test.b) != test.other || test.b.IsOther(test.a) != test.other {
			t.Errorf("%v and %v: want %v", test.a, test.b, test.other)
		}
	}
}

func encoded(t *testing.T, l *life.Ledger) []byte {
	t.Helper()
	data, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestMoveOfALargeLedger: also where marks are shared and the ledger is packed.
func TestMoveOfALargeLedger(t *testing.T) {
	t.Parallel()
	const orders = 3000
	w := newWorld(t)
	w.channels, w.rules = []string{"slack[0]", "slack[1]"}, []string{"order-expiring"}
	w.ledger.Bind([]life.Channel{{Name: "slack[0]", ID: "1"}, {Name: "slack[1]", ID: "2"}}, w.now)
	w.unsaved(0, true, orders)
	w.ledger = reread(t, w.ledger)
	w.wait(hour)
	w.ledger.Bind([]life.Channel{{Name: "slack[0]", ID: "2"}, {Name: "slack[1]", ID: "1"}}, w.now)
	if n := w.unsaved(0, true, orders); n != 0 {
		t.Errorf("%d messages to chats that have only moved", n)
	}
	w.ledger = reread(t, w.ledger)
	w.wait(hour)
	w.ledger.Bind([]life.Channel{{Name: "slack[0]", ID: "3"}, {Name: "slack[1]", ID: "2"}}, w.now)
	if n := w.unsaved(0, true, orders); n != 1 {
		t.Errorf("%d messages, want one to the chat that is new", n)
	}
}
