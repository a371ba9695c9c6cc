package life_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
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
	for _, text := range []string{
		`{"version":2,"serial":9}{"stories":{"seats":{"rule":"seats","said":{"slack,wecom":{},"":null}},"x":null}}{"letter":{"id":"a","owed":["slack"]}}{"orders":[{}]}`,
		`{"version":2,"previous":{"orders":{}}}{"orders":[{"ResourceId":"a"}],"letter":null}{}`,
		`{"version":2,"outbox":[null]}{}`,
	} {
		f.Add([]byte(text))
		f.Add([]byte(packed(f, text)))
	}
	for _, seed := range []string{``, `{}`, `null`, `{"version":1}`, `{"version":2}`, `{"version":1,"stories":{"seats":null}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		decodeAndUse(t, data)
		decodeAndUse(t, []byte(packed(t, string(data)))) // what is changed in gzip is none
	})
}

func decodeAndUse(t *testing.T, data []byte) {
	t.Helper()
	l, err := life.Decode(data)
	if err != nil {
		return
	}
	use(t, l)
	if len(data) < 1<<20 {
		reread(t, l)
	}
}

// TestPackedTreesThatAreChanged: every value of a packed ledger is replaced by odd ones,
// one at a time.
func TestPackedTreesThatAreChanged(t *testing.T) {
	t.Parallel()
	var lines []any
	decoder := json.NewDecoder(strings.NewReader(packedText(t)))
	for decoder.More() {
		var line any
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	tried := 0
	for _, odd := range []any{nil, []any{nil}, map[string]any{"x": nil}, -1} {
		changes(lines, odd, func() {
			var text strings.Builder
			for _, line := range lines {
				if err := json.NewEncoder(&text).Encode(line); err != nil {
					t.Fatal(err)
				}
			}
			tried++
			decodeAndUse(t, []byte(packed(t, text.String())))
		})
	}
	if tried < 300 {
		t.Errorf("only %d were tried", tried)
	}
}

// packedText is an eventful ledger in the packed form, unpacked.
func packedText(t *testing.T) string {
	t.Helper()
	data, err := eventful(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	var head map[string]any
	if err := json.Unmarshal(data, &head); err != nil {
		t.Fatal(err)
	}
	stories, outbox := head["stories"], head["outbox"].([]any)
	head["version"], head["outbox"] = 2, []any{}
	delete(head, "stories")
	lines := []any{head, map[string]any{"stories": stories}, map[string]any{"orders": []any{map[string]any{"ResourceId": "cwp-a"}}}}
	for _, letter := range outbox {
		lines = append(lines, map[string]any{"letter": letter}, map[string]any{"firing": []any{map[string]any{"rule": "seats"}}, "marks": map[string]any{"seats": map[string]any{}}})
	}
	var text strings.Builder
	for _, line := range lines {
		if err := json.NewEncoder(&text).Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}

// changes replaces each member of a tree by another value, for the call alone.
func changes(tree, to any, try func()) {
	switch tree := tree.(type) {
	case map[string]any:
		for key, was := range tree {
			tree[key] = to
			try()
			tree[key] = was
			changes(was, to, try)
		}
	case []any:
		for i, was := range tree {
			tree[i] = to
			try()
			tree[i] = was
			changes(was, to, try)
		}
	}
}

// use calls everything there is.
func use(t *testing.T, l *life.Ledger) {
	t.Helper()
	channels := []string{"slack", "wecom"}
	findings := []license.Finding{
		keyedRecord("order/a", start, 7), firing("seats", license.Critical), unknown("tcss-over"), event("tcss-state", "3>4", license.Info),
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
					l.Accept(m.ID, channel, now, life.Rest{})
				}
			}
		}
		for _, f := range findings {
			l.NextSpeak(f, "slack", now, license.Hours{})
		}
		l.EnterRun(life.Run{At: now, Mode: mode, Outcome: "quiet"}, channels)
		l.NotificationLog().AddNote("a1b2c3", "note", now, map[string]life.Delivery{"slack": {Status: life.Accepted, At: now}})
		l.NotificationLog().Heads(shanghai)
		l.Standings(now, license.Hours{})
		l.Runs().LastOf(mode)
		l.Runs().IsOverdue(now)
		l.Owed(channels, now, officeHours)
		l.Acks(now)
		l.Previous()
		l.Exports().Pending(now)
		l.Notes().MarkTold("slack", "note", now)
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
