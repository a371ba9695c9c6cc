package explanation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// now is the moment of the tests.
var now = time.Date(2026, time.November, 22, 9, 7, 0, 0, time.FixedZone("UTC+8", 8*60*60))

const day = 24 * time.Hour

// world is an account with a ledger and what somebody asks.
type world struct {
	t  *testing.T
	in explanation.Input
}

func newWorld(t *testing.T, scenario string) *world {
	t.Helper()
	s, err := snapshot.Sample(t.Context(), scenario, license.SiteCN, now)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, in: explanation.Input{
		Now: now, Language: license.English, Snapshot: s, Memory: explanation.MemoryStore, Ledger: life.New(), Channels: []string{"slack", "wecom"},
		Fix: func(f *license.Failure) string { return "allow " + f.Action },
	}}
	return w.rules("version: 1\nextends: default\n")
}

// rules takes a rules file.
func (w *world) rules(file string) *world {
	w.t.Helper()
	var err error
	if w.in.Set, err = rules.Load("rules.yaml", []byte(file)); err != nil {
		w.t.Fatal(err)
	}
	if w.in.Rules, err = rules.Describe("rules.yaml", []byte(file)); err != nil {
		w.t.Fatal(err)
	}
	return w
}

// run is a run of the function, whose messages some channels refuse.
func (w *world) run(mode license.Mode, refusals map[string]life.Refusal) *world {
	w.t.Helper()
	s := w.in.Snapshot
	s.ReadAt = w.in.Now
	ids := []string(nil)
	if p := w.in.Ledger.Previous(); p.Overview != nil {
		s, ids = s.After(w.in.Ledger.PreviousReading(), w.in.Now), w.in.Set.IDs()
	}
	plan := w.in.Ledger.Plan(life.Input{
		Now: w.in.Now, Mode: mode, Channels: w.in.Channels, Findings: w.in.Set.Evaluate(s, w.in.Now), Snapshot: s, RuleIDs: ids,
		Base: license.Report{Language: license.English},
	})
	for _, m := range plan.Messages {
		for _, channel := range m.Channels {
			if refusal, ok := refusals[channel]; ok {
				w.in.Ledger.Refuse(m.ID, channel, w.in.Now, refusal)
			} else {
				w.in.Ledger.Accept(m.ID, channel, w.in.Now, life.Rest{})
			}
		}
	}
	return w
}

func (w *world) wait(d time.Duration) *world {
	w.in.Now = w.in.Now.Add(d)
	return w
}

// order changes the order with this id; nil removes it.
func (w *world) order(id string, change func(*license.Order)) *world {
	orders := *w.in.Snapshot.Orders
	orders.List = slices.Clone(orders.List)
	i := slices.IndexFunc(orders.List, func(o license.Order) bool { return *o.ResourceId == id })
	if change == nil {
		orders.List = slices.Delete(orders.List, i, i+1)
		orders.TotalCount--
	} else {
		change(&orders.List[i])
	}
	w.in.Snapshot.Orders = &orders
	return w
}

func (w *world) explain(finding string) explanation.Explanation {
	w.t.Helper()
	w.in.Rule, w.in.Subject, _ = strings.Cut(finding, "/")
	e, err := explanation.Explain(w.in)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// finding explains one.
func (w *world) finding(key string) explanation.Finding {
	w.t.Helper()
	e := w.explain(key)
	if len(e.Rules) != 1 || len(e.Rules[0].Findings) != 1 {
		w.t.Fatalf("%s: %+v", key, e.Rules)
	}
	return e.Rules[0].Findings[0]
}

// hears is what explain says of a channel: told, alerts, why, next, why.
func hears(c explanation.Channel) []string {
	told, next := "never", "never"
	if c.Told != nil && c.Told.At != nil {
		told = c.Told.At.Format(time.DateOnly)
	}
	if c.NextAt != nil {
		next = c.NextAt.Format("2006-01-02 15:04")
	}
	return []string{told, string(c.Alert), c.Why, next, c.NextWhy}
}

func (w *world) wantHears(key string, channel int, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, hears(w.finding(key).Channels[channel])); diff != "" {
		w.t.Errorf("%s (-want +got):\n%s", key, diff)
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
