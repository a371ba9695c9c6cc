package life_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// shanghai is the zone of the tests; without daylight saving, so an offset.
var shanghai = time.FixedZone("CST", 8*60*60)

// start is the tests' first moment.
var start = time.Date(2026, time.November, 22, 9, 7, 0, 0, shanghai)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

var everySource = []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState}

// officeHours are the default ones.
var officeHours = license.Hours{Windows: []license.HoursWindow{{Days: [7]bool{true, true, true, true, true, true, true}, From: 9 * 60, To: 21 * 60}}}

// world is a handler with two chats: it runs the life cycle as the handler does
// and remembers what each chat was told.
type world struct {
	t        testing.TB
	ledger   *life.Ledger
	now      time.Time
	channels []string
	rules    []string
	snapshot license.Snapshot
	slot     string
	hours    license.Hours // always, unless a test sets others
	changes  bool          // digests that say nothing new are left out
	remarks  bool          // what a message says about itself is told as well
	routed   func(f *license.Finding, channel string) bool
	onlyEnds []string
	own      map[string]life.ChannelInput
	// answers are what chats answer other than accepting.
	answers map[string]life.Refusal
	told    map[string][]string // by channel, a line for each thing, in order
	ids     map[string][]string // by channel, of every message that was sent to it
	plan    life.Plan           // of the last run
	runs    int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{
		t: t, ledger: life.New(), now: start, channels: []string{"slack", "wecom"},
		snapshot: whole(), answers: map[string]life.Refusal{}, told: map[string][]string{}, ids: map[string][]string{},
	}
}

// whole is a snapshot of which every source was read.
func whole(orders ...string) license.Snapshot {
	s := license.Snapshot{
		Account: "100000000001", Site: license.SiteIntl, Wanted: everySource,
		Overview: &license.Overview{}, Orders: &license.Orders{}, PurchaseState: &license.PurchaseState{},
	}
	for _, id := range orders {
		s.Orders.List = append(s.Orders.List, license.Order{ResourceId: &id})
	}
	s.Orders.TotalCount = int64(len(orders))
	return s
}

// without is a snapshot of which some sources were not read.
func without(sources ...license.Source) license.Snapshot {
	s := whole()
	s.Failures = map[license.Source]*license.Failure{}
	for _, source := range sources {
		s.Failures[source] = &license.Failure{Kind: license.FailureServer, Code: "InternalError"}
		switch source {
		case license.SourceOverview:
			s.Overview = nil
		case license.SourceOrders:
			s.Orders = nil
		case license.SourcePurchaseState:
			s.PurchaseState = nil
		}
	}
	return s
}

// alert is one run of the alert timer; it returns what was told, with the
// channels in front.
func (w *world) alert(findings ...license.Finding) []string {
	w.t.Helper()
	return w.run(license.ModeAlert, findings)
}

// digest is one run of the digest timer.
func (w *world) digest(findings ...license.Finding) []string {
	w.t.Helper()
	return w.run(license.ModeDigest, findings)
}

func (w *world) run(mode license.Mode, findings []license.Finding) []string {
	w.t.Helper()
	w.runs++
	w.snapshot.ReadAt = w.now
	w.plan = w.ledger.Plan(life.Input{
		Now: w.now, Mode: mode, Channels: w.channels, Findings: findings, Snapshot: w.snapshot, RuleIDs: w.ruleIDs(findings),
		Base: license.Report{ID: fmt.Sprintf("run%03d", w.runs), Language: license.English}, Slot: w.slotOf(mode), Hours: w.hours,
		IsRouted: w.routed, ByKeys: w.channels, OnlyEnds: w.onlyEnds, PerChannel: w.own, OnlyChanges: w.changes, Headline: func(r license.Report) string { return fmt.Sprintf("%s of %d", r.Mode, len(r.Firing)) },
	})
	_ = reread(w.t, w.ledger) // it is written; the run goes on with the one that it has
	var lines []string
	stopped := map[string]bool{}
	for _, m := range w.plan.Messages {
		for _, channel := range m.Channels {
			if stopped[channel] {
				continue
			}
			w.ids[channel] = append(w.ids[channel], m.ID)
			if refusal, ok := w.answers[channel]; ok {
				stopped[channel] = refusal == life.RefusedForNow
				w.ledger.Refuse(m.ID, channel, w.now, refusal)
			} else {
				w.ledger.Accept(m.ID, channel, w.now, life.Rest{})
				said := describe(m)
				if w.remarks {
					said = append(said, remarks(m)...)
				}
				w.told[channel] = append(w.told[channel], said...)
				for _, line := range said {
					lines = append(lines, channel+": "+line)
				}
			}
			_ = reread(w.t, w.ledger)
		}
	}
	w.save()
	return lines
}

// slotOf names what wakes a run: alerts come every minute at most.
func (w *world) slotOf(mode license.Mode) string {
	if mode == license.ModeDigest {
		return w.slot
	}
	return "alert " + w.now.Format(time.RFC3339)
}

// ruleIDs are the rules of the world, or else those the findings are from and
// those that were ever mentioned.
func (w *world) ruleIDs(findings []license.Finding) []string {
	for _, f := range findings {
		if !slices.Contains(w.rules, f.Rule) {
			w.rules = append(w.rules, f.Rule)
		}
	}
	return w.rules
}

// save writes the ledger and reads it again, as between two runs.
func (w *world) save() {
	w.t.Helper()
	w.ledger = reread(w.t, w.ledger)
}

func reread(t interface {
	Helper()
	Fatalf(string, ...any)
}, l *life.Ledger) *life.Ledger {
	t.Helper()
	data, err := l.Encode()
	if err != nil {
		t.Fatalf("%v", err)
	}
	again, err := life.Decode(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return again
}

func (w *world) wait(d time.Duration) *world {
	w.now = w.now.Add(d)
	return w
}

// want compares what was told, whatever the order of the channels.
func (w *world) want(what string, got []string, want ...string) {
	w.t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("%s: told (-want +got):\n%s", what, diff)
	}
}

// both is a line that both channels are told.
func both(lines ...string) []string {
	var all []string
	for _, line := range lines {
		all = append(all, "slack: "+line, "wecom: "+line)
	}
	return all
}

// describe writes a message's content, a line for each thing.
func describe(m life.Message) []string {
	var lines []string
	for _, f := range m.Report.Firing {
		lines = append(lines, describeFinding(f))
	}
	for _, r := range m.Report.Resolved {
		word := "resolved"
		switch {
		case r.Destroyed && r.Gone:
			word = "destroyed"
		case r.Gone:
			word = "gone"
		case r.Undone:
			word = "undone"
		}
		lines = append(lines, word+" "+r.Key)
	}
	for _, r := range m.Report.Superseded {
		lines = append(lines, "superseded "+r.Key)
	}
	for _, s := range m.Report.SourceChanges {
		if s.Readable {
			lines = append(lines, "readable "+string(s.Source))
		} else {
			lines = append(lines, fmt.Sprintf("unread %s %d", s.Source, s.Runs))
		}
	}
	if n := m.Report.Unjudged; n > 0 {
		lines = append(lines, fmt.Sprintf("unjudged %d", n))
	}
	for _, u := range m.Report.Unwatched {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("unwatched %s%s %s %d", u.Rule, u.Source, u.Title.In(license.English), u.Count)))
	}
	if m.Mode == license.ModeDigest {
		lines = append(lines, "digest")
	}
	if m.Report.Mention {
		lines = append(lines, "mention")
	}
	return lines
}

// remarks is what a message says about itself and the messages before it.
func remarks(m life.Message) []string {
	var lines []string
	for _, g := range m.Report.Gaps {
		lines = append(lines, "gap "+g.From.Format("01-02 15:04")+" to "+g.To.Format("01-02 15:04"))
	}
	if u := m.Report.Unchanged; !u.IsZero() {
		lines = append(lines, "unchanged since "+u.Format("01-02"))
	}
	for _, n := range m.Report.Notices {
		if n.Code == license.NoticeDropped {
			lines = append(lines, "dropped "+n.Args[0])
		}
	}
	if s := m.Report.Sent; !s.IsZero() {
		lines = append(lines, "sent "+s.Format("01-02 15:04"))
	}
	return lines
}

// describeFinding is, for example, "worse order/a critical 3 was 7 warning".
func describeFinding(f license.Finding) string {
	words := []string{string(f.Story.Change), f.Key(), string(f.Severity)}
	if f.DaysLeft != nil {
		words = append(words, fmt.Sprint(*f.DaysLeft))
	}
	if f.Story.WasDaysLeft != nil || f.Story.WasSeverity != "" || f.Story.WasTitle != (license.Text{}) {
		words = append(words, "was")
	}
	if f.Story.WasDaysLeft != nil {
		words = append(words, fmt.Sprint(*f.Story.WasDaysLeft))
	}
	if f.Story.WasSeverity != "" {
		words = append(words, string(f.Story.WasSeverity))
	}
	if text := f.Story.WasTitle.In(license.English); text != "" {
		words = append(words, "("+text+")")
		if text != "title of "+f.Story.WasKey {
			words = append(words, "under the key", f.Story.WasKey)
		}
	}
	switch ack := f.Story.Ack; {
	case ack != nil && ack.Over:
		words = append(words, "ack over")
	case ack != nil && ack.Ended:
		words = append(words, "ack ended")
	case ack != nil && f.Story.FirstOfAckedRule:
		words = append(words, "rule acked")
	case ack != nil:
		words = append(words, "acked")
	}
	if f.Event {
		words = append(words, f.EventID)
	}
	return strings.Join(words, " ")
}

// title is a text in the form findings have it.
func title(text string) license.Text { return license.Text{En: text} }

// firing is a finding that fires, of a rule or of RULE/SUBJECT.
func firing(key string, severity license.Severity) license.Finding {
	f := finding(key, license.Firing)
	f.Severity, f.Title = severity, title("title of "+key)
	return f
}

func finding(key string, state license.State) license.Finding {
	rule, subject, _ := strings.Cut(key, "/")
	source := license.SourceOverview
	switch {
	case subject != "":
		source = license.SourceOrders
	case strings.HasPrefix(rule, "tcss"):
		source = license.SourcePurchaseState
	}
	return license.Finding{Rule: rule, Subject: subject, State: state, Severity: license.Warning, Source: source}
}

func fine(key string) license.Finding { return finding(key, license.OK) }

// turned is a finding that is over, of which those rules tell in its place.
func turned(key string, into ...string) license.Finding {
	f := fine(key)
	f.Covers = into
	return f
}

func unknown(key string) license.Finding { return finding(key, license.Unknown) }

// keyedRecord is a finding about a deadline so many days away: critical within 3
// days, with the usual reminders.
func keyedRecord(key string, now time.Time, days int) license.Finding {
	return endingAt(key, now, now.AddDate(0, 0, days))
}

func endingAt(key string, now, deadline time.Time) license.Finding {
	f := firing(key, license.Warning)
	left := int64(license.DaysLeft(deadline, now))
	if left <= 3 {
		f.Severity = license.Critical
	}
	f.Deadline, f.DaysLeft, f.RemindAt = deadline, &left, []int64{30, 14, 7, 3, 1}
	return f
}

// measured is a finding with a measure, which is worse by so much, or at each of
// these.
func measured(key string, severity license.Severity, measure, by float64, at ...float64) license.Finding {
	f := firing(key, severity)
	f.Measure, f.WorseBy, f.WorseAt = &measure, by, at
	return f
}

// event is a change between two readings.
func event(key, what string, severity license.Severity) license.Finding {
	f := firing(key, severity)
	f.Event, f.EventID = true, what
	return f
}
