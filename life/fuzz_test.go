package life_test

import (
	"os"
	"path/filepath"
	"testing"

	"licensewatch/license"
	"licensewatch/life"
)

// FuzzDecode: whatever a store holds, a run with it does not panic, and what it
// leaves can be read again.
func FuzzDecode(f *testing.F) {
	golden, err := os.ReadFile(filepath.Join("testdata", "hostile.json"))
	if err != nil {
		f.Fatal(err)
	}
	eventful, err := eventful(f).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(golden)
	f.Add(eventful)
	f.Add([]byte(packed(f, `{"version":2,"serial":9}{"stories":{"seats":{"rule":"seats","said":{"slack,wecom":{},"":null}},"x":null}}{"letter":{"id":"a","owed":["slack"]}}{"orders":[{}]}`)))
	f.Add([]byte(packed(f, `{"version":2,"previous":{"orders":{}}}{"orders":[{"ResourceId":"a"}],"letter":null}{}`)))
	for _, seed := range []string{``, `{}`, `null`, `{"version":1}`, `{"version":2}`, `{"version":1,"stories":{"seats":null}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := life.Decode(data)
		if err != nil {
			return
		}
		use(t, l)
		if len(data) < 1<<20 {
			reread(t, l)
		}
	})
}

// use calls everything there is.
func use(t *testing.T, l *life.Ledger) {
	t.Helper()
	channels := []string{"slack", "wecom"}
	findings := []license.Finding{
		ending("order/a", start, 7), firing("seats", license.Critical), unknown("tcss-over"), event("tcss-state", "3>4", license.Info),
	}
	for i, mode := range []license.Mode{license.ModeAlert, license.ModeDigest, license.ModeAlert} {
		now := start.Add(day * 5 * 1 << i)
		plan := l.Plan(life.Input{Now: now, Mode: mode, Channels: channels, Findings: findings, Snapshot: without(license.SourceOrders),
			RuleIDs: []string{"order", "seats", "tcss-over"}, Base: license.Report{ID: "a1b2c3"}, Slot: "s", OnlyChanges: i == 1})
		for n, m := range plan.Messages {
			for _, channel := range m.Channels {
				switch (n + i) % 4 {
				case 0:
					l.Refuse(m.ID, channel, now, life.RefusedForGood)
				case 1:
					l.Refuse(m.ID, channel, now, life.NoAnswer)
				default:
					l.Accept(m.ID, channel, now)
				}
			}
		}
		for _, f := range findings {
			l.Story(f, "slack", now, license.Hours{})
		}
		l.EnterRun(life.Run{At: now, Mode: mode, Outcome: "quiet"}, channels)
		l.NoteHead("a1b2c3", "note", now, map[string]life.Answer{"slack": {Verdict: life.Accepted, At: now}})
		l.Heads(shanghai)
		l.Standings(now)
		l.LastRunOf(mode)
		l.IsOverdue(now)
		l.Owed(channels, now, officeHours)
		l.Acks(now)
		l.Previous()
		l.PendingExport(now)
		l.TryExport()
		l.MarkToldToday("slack", "note", now)
		_ = l.Acknowledge(ackUntil("seats", 100), now)
	}
}

// TestHostileLedger: the worst that was thought of.
func TestHostileLedger(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "hostile.json"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := life.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	use(t, l)
	reread(t, l)
}
