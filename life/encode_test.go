package life_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// TestFormat: the stored form is what ledgers out there have. A change of it
// wants a new version. The words of package license are in it as they are, and
// left out here.
func TestFormat(t *testing.T) {
	t.Parallel()
	data, err := eventful(t).Encode()
	if err != nil {
		t.Fatal(err)
	}
	var content map[string]any
	if err := json.Unmarshal(data, &content); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"outbox", "news"} {
		for _, entry := range content[list].([]any) {
			hide(entry, "report", "resolved", "event", "source")
		}
	}
	hide(content["previous"], "overview", "orders", "tcss")
	hide(content, "acks")
	pretty, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	pretty = append(pretty, '\n')
	golden := filepath.Join("testdata", "ledger.golden.json")
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(golden, pretty, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(pretty)); diff != "" {
		t.Errorf("the format differs from %s (UPDATE_GOLDEN=1 rewrites it) (-want +got):\n%s", golden, diff)
	}
}

// hide leaves out what the format of others decides about.
func hide(object any, names ...string) {
	members := object.(map[string]any)
	for _, name := range names {
		if members[name] != nil {
			members[name] = "…"
		}
	}
}

// eventful is a ledger that holds something of everything.
func eventful(t testing.TB) *life.Ledger {
	t.Helper()
	w := newWorld(t)
	w.slot = "daily 2026-11-22T09:07:00Z"
	w.digest(keyedRecord("order/a", w.now, 13), firing("tcss-over", license.Critical))
	w.snapshot = without(license.SourceOverview)
	w.answers["wecom"] = life.NoAnswer
	w.wait(hour).alert(fine("order/a"), firing("tcss-over", license.Critical), event("order-renewal/a", "1>2", license.Warning))
	w.answers["wecom"] = life.RefusedForGood
	w.wait(hour).alert(unknown("seats"), firing("tcss-over", license.Critical))
	w.acknowledge("tcss-over", 5)
	w.ledger.Exports().Begin(4711, w.now)
	w.ledger.Notes().MarkTold("slack", "wecom does not listen", w.now)
	return w.ledger
}

// TestRoundTrip: nothing is lost between two runs.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	l := eventful(t)
	once, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	twice, err := reread(t, l).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(once), string(twice)); diff != "" {
		t.Errorf("once and twice written (-once +twice):\n%s", diff)
	}
}

// TestOlderLedger: a ledger of a program that counted two tries without an answer as said
// is read, and its alert that got one is tried in two more runs.
func TestOlderLedger(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "ledger-answered.json"))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.channels, w.rules = []string{"slack", "wecom"}, []string{"tcss-over", "order", "order-renewal", "seats"}
	if w.ledger, err = life.Decode(data); err != nil {
		t.Fatal(err)
	}
	before := w.ledger.Waiting(start)
	w.snapshot, w.now, w.answers["wecom"] = without(license.SourceOverview), start.Add(4*hour), life.NoAnswer
	for range 4 {
		w.wait(hour).alert(unknown("seats"), firing("tcss-over", license.Critical), fine("order/a"))
	}
	if len(before) == 0 || before[0].Tries != 1 {
		t.Fatalf("waiting %+v", before)
	}
	if n := len(slices.DeleteFunc(slices.Clone(w.ids["wecom"]), func(id string) bool { return id != before[0].ID })); n != 2 {
		t.Errorf("the alert was sent in %d more runs: %v", n, w.ids)
	}
}

// TestReportSurvives: what is owed says the same later, in a zone with daylight
// saving too, but for the signed link, which is never stored.
func TestReportSurvives(t *testing.T) {
	t.Parallel()
	for _, zone := range []*time.Location{time.UTC, shanghai, time.FixedZone("", -9*60*60-30*60)} {
		base := license.Report{
			ID: "a1b2c3", Language: license.Chinese,
			Export: license.Export{Status: license.ExportFinished, TaskID: 9007199254740993, Withheld: "x.example.com",
				Link:    license.NewSignedURL("https://x.example.com/?sign=secret"),
				Problem: license.ExportNothing, Failure: &license.Failure{Kind: license.FailureClock, ClockSkew: time.Minute}},
			Notices: []license.Notice{{Code: license.NoticeUnknownSetting, Args: []string{"A", ""}}},
		}
		now := start.In(zone)
		f := keyedRecord("order/a", now, 13)
		f.Detail, f.Runbook, f.Title.Zh = title("<detail> & \u2028"), "https://example.com/?a=b", "标题"
		f.Evidence = []license.Evidence{{Condition: "a < b", State: license.Firing, Values: []license.Value{{Field: "a", Text: "1", Known: true}}}}
		l := life.New()
		in := life.Input{Now: now, Mode: license.ModeDigest, Channels: []string{"wecom"}, Snapshot: without(license.SourceOverview), Base: base,
			Findings: []license.Finding{f, unknown("seats"), event("tcss-state", "3>4", license.Critical)}, Slot: "s"}
		in.Snapshot.Orders = whole("a", "b").Orders
		first := l.Plan(in).Messages[0].Report
		if first.Export.Link.Reveal() == "" || !first.Mention || len(first.Firing) != 2 || len(first.Unknown) != 1 {
			t.Fatalf("first: %+v", first)
		}
		data, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "sign") || strings.Contains(string(data), "secret") {
			t.Errorf("the link is stored:\n%s", data)
		}
		again := reread(t, l).Plan(in).Messages[0]
		first.Export.Link = license.SignedURL{}
		if diff := cmp.Diff(first, again.Report, cmp.AllowUnexported(license.SignedURL{})); diff != "" || !again.Owed {
			t.Errorf("the report (-first +again):\n%s", diff)
		}
		if _, offset := again.Report.At.Zone(); again.Report.At.Format(time.RFC3339) != now.Format(time.RFC3339) {
			t.Errorf("written at %v (offset %d), was %v", again.Report.At, offset, now)
		}
	}
}

// TestDecodeRefuses what it does not know, and says no more than that.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data    string
		version int
		want    string
	}{
		"nothing":          {"", 0, "it is no JSON object with a version"},
		"half":             {`{"version":1,"stor`, 0, "it is no JSON object with a version"},
		"null":             {`null`, 0, "it is no JSON object with a version"},
		"a list":           {`[1]`, 0, "it is no JSON object with a version"},
		"no version":       {`{"stories":{}}`, 0, "it is no JSON object with a version"},
		"a later version":  {`{"version":2,"stories":[]}`, 2, "it has version 2, this program knows version 1"},
		"another form":     {`{"version":1,"stories":["secret"]}`, 1, "its content does not have the form of version 1"},
		"a bad time":       {`{"version":1,"ids":{"a":"secret"}}`, 1, "its content does not have the form of version 1"},
		"a bad number":     {`{"version":1,"serial":-1}`, 1, "its content does not have the form of version 1"},
		"a huge number":    {`{"version":1,"serial":9223372036854775807}`, 1, "its content does not have the form of version 1"},
		"something behind": {`{"version":1} x`, 0, "it is no JSON object with a version"},
		"no gzip":          {"\x1f\x8bsecret", 2, "its content does not have the form of version 2"},
		"packed nothing":   {packed(t, ``), 2, "its content does not have the form of version 2"},
		"packed version 1": {packed(t, `{"version":1}`), 2, "its content does not have the form of version 2"},
		"packed and cut":   {packed(t, `{"version":2}`)[:20], 2, "its content does not have the form of version 2"},
		"a bad part":       {packed(t, `{"version":2}{"stories":["secret"]}`), 2, "its content does not have the form of version 2"},
		"too much":         {`{"version":1,"x":"` + strings.Repeat("x", 4<<20) + `"}`, 0, "it has 4194324 bytes, at most 4194304 are read"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := life.Decode([]byte(test.data))
			format, ok := errors.AsType[*life.FormatError](err)
			if l != nil || !ok {
				t.Fatalf("got %v, %v", l, err)
			}
			if format.Version != test.version || err.Error() != "the ledger cannot be read: "+test.want {
				t.Errorf("version %d, error %q", format.Version, err)
			}
		})
	}
}

// TestEndOfTime: services write year 9999 for "never"; further east that is no
// time that can be written.
func TestEndOfTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.now = start.In(time.FixedZone("", 14*60*60))
	never, _ := license.ParseTime("9999-12-31 23:59:59")
	f := firing("isolated/a", license.Critical)
	f.Deadline, f.RemindEvery, f.RemindAt = never.In(w.now.Location()), 290*365*day, []int64{1 << 62, -1 << 62}
	left := int64(license.DaysLeft(never, w.now))
	f.DaysLeft = &left
	w.want("told", w.alert(f), both("new isolated/a critical 2912118", "mention")...)
	w.want("told", w.wait(hour).alert(f))
	w.want("resolved", w.wait(hour).alert(fine("isolated/a")), both("resolved isolated/a")...)

	w = newWorld(t)
	f.Deadline = never.In(w.now.Location())
	w.alert(f)
	if told := w.plan.Messages[0].Report.Firing[0].Deadline; license.DaysLeft(told, never) != 0 {
		t.Errorf("ends %v, told as %v", never, told)
	}
}

// TestManyOrders: what is stored of a message stays small, whatever the account
// holds, and still names the orders that end next.
func TestManyOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.RefusedForNow
	orders := w.snapshot.Orders
	for i := range 5000 {
		id, deadline := fmt.Sprintf("cwp-%04d", i), w.now.AddDate(0, 0, 2000-i).Format(time.DateTime)
		if i == 4000 {
			deadline = "one day"
		}
		orders.List = append(orders.List, license.Order{ResourceId: &id, Deadline: &deadline})
	}
	orders.TotalCount = 5000
	w.digest()
	if n := len(w.plan.Messages[0].Report.Snapshot.Orders.List); n != 5000 {
		t.Errorf("the first try has %d orders", n)
	}
	w.alert()
	stored := w.plan.Messages[0].Report.Snapshot.Orders
	if len(stored.List) != 51 || stored.TotalCount != 5000 || *stored.List[0].ResourceId != "cwp-4000" || *stored.List[1].ResourceId != "cwp-2000" {
		t.Errorf("stored %d orders of %d", len(stored.List), stored.TotalCount)
	}
	if data, _ := w.ledger.Encode(); len(data) > 3<<20 {
		t.Errorf("%d bytes", len(data))
	}
}

// TestTooLarge: a ledger that has grown beyond what a store takes loses what is
// missed least, never what is owed.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.RefusedForNow
	alias := noise(50_000)
	for i := range 99 {
		id := fmt.Sprintf("cwp-%02d", i)
		w.snapshot.Orders.List = append(w.snapshot.Orders.List, license.Order{ResourceId: &id, Alias: &alias})
	}
	f := firing("seats", license.Warning)
	f.Evidence = []license.Evidence{{Condition: alias}}
	w.alert(f)
	if w.ledger.Previous().Orders != nil {
		t.Error("the previous orders are still there")
	}
	l := life.New()
	l.Plan(life.Input{Now: start, Mode: license.ModeAlert, Channels: []string{"wecom"}, Findings: []license.Finding{f}, Snapshot: w.snapshot})
	if !reread(t, l).Shed() {
		t.Error("nobody is told that something is missing")
	}
	delete(w.answers, "wecom")
	w.snapshot = whole()
	w.want("what is owed", w.alert(f), "wecom: new seats warning")
	report := w.plan.Messages[0].Report
	if report.Firing[0].Evidence != nil || report.Snapshot.Orders == nil || report.Snapshot.Orders.List != nil {
		t.Errorf("report %+v", report)
	}
	if w.ledger.Shed() {
		t.Error("it is not whole again")
	}
}

// TestTooMuchNews: also what is told once goes, when nothing else is left: what alerts
// have told first, and the oldest.
func TestTooMuchNews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	text := noise(500_000)
	var events []license.Finding
	for i := range 10 {
		e := event(fmt.Sprintf("order-renewal/%d", i), "1>2", license.Warning)
		e.Title = title(text[i:])
		events = append(events, e)
	}
	w.alert(events...)
	if !w.ledger.Shed() {
		t.Error("nobody is told that something is missing")
	}
	delete(w.answers, "wecom")
	told := w.alert()
	if last := "wecom: new order-renewal/9 warning 1>2"; !slices.Contains(told, last) || slices.Contains(told, strings.Replace(last, "9", "0", 1)) {
		t.Errorf("told %q", told)
	}
}

// noise is a text that cannot be packed any closer than to three quarters.
func noise(length int) string {
	data := make([]byte, length)
	_, _ = rand.NewChaCha8([32]byte{}).Read(data)
	return base64.StdEncoding.EncodeToString(data)[:length]
}

// TestNothingFits: what cannot be stored at all is an error.
func TestNothingFits(t *testing.T) {
	t.Parallel()
	l := life.New()
	f := firing("seats", license.Warning)
	f.Title = title(noise(5 << 20))
	l.Plan(life.Input{Now: start, Mode: license.ModeAlert, Channels: []string{"wecom"}, Findings: []license.Finding{f}, Snapshot: whole()})
	if _, err := l.Encode(); err == nil || err.Error() != "the ledger cannot be written: it has more than 3145728 bytes" {
		t.Errorf("error %v", err)
	}
}
