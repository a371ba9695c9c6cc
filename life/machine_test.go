package life_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"licensewatch/license"
	"licensewatch/life"
)

// machine is the property test's world: an account, a store, and the readers of
// two chats. For every chat there is a second ledger that knows of no other, so
// that a chat whose fate touches another's is found out.
type machine struct {
	t       *rapid.T
	now     time.Time
	account *account
	readers []*reader
	saved   map[string][]byte // the store; "" is the ledger, a channel its own one
	crashIn int               // steps until the run dies; negative for never
	event   int
	mode    license.Mode

	seenOver map[string][]time.Time // by key: when a run saw, on whole data, that it is over
	fires    map[string]bool        // by key: what the last run that was saved saw firing
	justOver map[string]bool        // by key: what it saw over, and the one before saw firing
	measures map[string]float64     // by key: how much there was of it
	ended    map[string][]time.Time // by key: when runs that were saved saw the end of that
	covered  map[string]bool        // by key: those of which another finding told
	replaced map[string]bool        // by key: something told of it at its end, or fired about the same thing since
	happened map[string]time.Time   // events that runs that were saved saw
	slots    map[int]time.Time      // by event: when its digest was saved
	acked    map[string]bool        // rules with which an acknowledgement had to do
	// related are the chats that an alert was given up to: whether it is left to the next
	// digest depends on the other chat, and its own ledger is compared no more.
	related map[string]bool
	hours   license.Hours
}

// crash ends a run where a process dies.
type crash struct{}

// run is a run between load and save.
type run struct {
	*machine
	ledgers map[string]*life.Ledger // as in saved
	own     map[string][]string     // by channel: the ids in the plan of its own ledger
}

func newMachine(t *rapid.T) *machine {
	m := &machine{
		t: t, now: start, account: newAccount(), saved: map[string][]byte{}, crashIn: -1, mode: license.ModeAlert,
		seenOver: map[string][]time.Time{}, ended: map[string][]time.Time{}, fires: map[string]bool{},
		measures: map[string]float64{}, covered: map[string]bool{}, replaced: map[string]bool{},
		happened: map[string]time.Time{}, slots: map[int]time.Time{}, acked: map[string]bool{}, related: map[string]bool{},
	}
	for _, channel := range []string{"slack", "wecom"} {
		reader := newReader(t, channel)
		reader.wasOver = func(key string, after time.Time) bool {
			return slices.ContainsFunc(m.seenOver[key], func(at time.Time) bool { return at.After(after) })
		}
		m.readers = append(m.readers, reader)
	}
	if rapid.Bool().Draw(t, "hours") {
		m.hours = officeHours
	}
	run{machine: m, ledgers: map[string]*life.Ledger{"": life.New(), "slack": life.New(), "wecom": life.New()}}.save()
	return m
}

func (m *machine) load() run {
	r := run{m, map[string]*life.Ledger{}, map[string][]string{}}
	for name, data := range m.saved {
		l, err := life.Decode(data)
		if err != nil {
			m.t.Fatalf("%v", err)
		}
		r.ledgers[name] = l
	}
	return r
}

func (r run) save() {
	for name, l := range r.ledgers {
		data, err := l.Encode()
		if err != nil {
			r.t.Fatalf("%v", err)
		}
		r.saved[name] = data
	}
}

// step is a place where the process may die.
func (m *machine) step() {
	if m.crashIn == 0 {
		panic(crash{})
	}
	m.crashIn--
}

// tick is one run. It dies after some steps when crashIn says so.
func (m *machine) tick(mode license.Mode) {
	defer func() {
		m.crashIn = -1
		if cause := recover(); cause != nil && cause != (crash{}) {
			panic(cause)
		}
	}()
	m.mode = mode
	r := m.load()
	snapshot := m.account.read(m.now)
	findings := judge(snapshot, r.ledgers[""].Previous(), m.account, m.now)
	for i, f := range findings { // what fired before fires by the calendar alone, unless there is more of it
		findings[i].Calendar = f.State == license.Firing && m.fires[f.Key()] && (f.Measure == nil || *f.Measure <= m.measures[f.Key()])
	}
	plan := r.plan(life.Input{Now: m.now, Mode: mode, Findings: findings, Snapshot: snapshot, RuleIDs: ruleIDs,
		Base: license.Report{ID: fmt.Sprintf("e%05d", m.event)}, Slot: fmt.Sprint("slot", m.event), Hours: m.hours})
	m.t.Logf("%s %s: %s", m.now.Format(time.DateTime), mode, plan.Reason)
	m.wantRerun(plan)
	m.wantHours(plan, r.ledgers[""])
	m.wantSeen(findings, snapshot, plan)
	m.step()
	r.save()
	if m.isRerun() {
		m.step()
		r.deliver(plan)
		return
	}
	m.commit(findings, snapshot)
	if mode == license.ModeDigest {
		m.slots[m.event] = m.now
	}
	m.step()
	r.deliver(plan)
	r.wantTold(plan.Findings)
	m.wantMoved(m.saved[""])
}

// wantTold fails when a run within the hours has left something out that a channel
// does not know and that is not acknowledged.
func (r run) wantTold(seen []license.Finding) {
	if r.mode != license.ModeAlert || !r.hours.Contains(r.now) {
		return
	}
	l, fires := r.ledgers[""], map[string]license.Finding{}
	for _, f := range seen {
		isKnown := slices.ContainsFunc(l.Acks(r.now), func(a license.Ack) bool { return a.Covers(f.Rule, f.Subject) })
		if f.State == license.Firing && !f.Event && !isKnown {
			fires[f.Key()] = f
		}
	}
	for _, reader := range r.readers {
		channel := []string{reader.channel}
		if reader.mood == "well" && len(l.Owed(channel, r.now, r.hours)) == 0 && len(l.Doubtful(channel)) == 0 {
			news := maps.Clone(fires)
			maps.DeleteFunc(news, func(_ string, f license.Finding) bool { return r.isExplained(f, seen, reader) })
			reader.wantTruth(news, func(license.Finding) bool { return false })
		}
	}
}

// isExplained says whether the person knows all that told of a finding as long as that could be
// read, one of it as bad.
func (m *machine) isExplained(f license.Finding, seen []license.Finding, reader *reader) bool {
	isKnown := func(key string) bool {
		return slices.ContainsFunc(seen, func(other license.Finding) bool { return other.Key() == key && other.State != license.Unknown })
	}
	worst := -1
	explains := maps.Clone(m.fires)
	maps.Copy(explains, m.justOver) // one list may be wrong
	for key := range explains {
		rule, _, _ := strings.Cut(key, "/")
		if !slices.Contains(f.Covers, rule) || isKnown(key) {
			continue
		}
		told, ok := reader.believes[key]
		if !ok {
			return false
		}
		worst = max(worst, told.Severity.Rank())
	}
	return worst >= f.Severity.Rank()
}

// isRerun says whether the digest of the event was saved less than 6 hours ago.
func (m *machine) isRerun() bool {
	at, ok := m.slots[m.event]
	return ok && m.mode == license.ModeDigest && m.now.Sub(at) < 6*hour
}

// wantRerun fails when the rerun of a digest has more to say than what is owed.
func (m *machine) wantRerun(plan life.Plan) {
	if m.isRerun() && slices.ContainsFunc(plan.Messages, func(message life.Message) bool { return !message.Owed }) {
		m.t.Fatalf("the rerun of a digest says something new: %s", plan.Reason)
	}
}

// wantHours fails when an alert says outside the hours what can wait, or calls
// people about what is acknowledged or not critical.
func (m *machine) wantHours(plan life.Plan, l *life.Ledger) {
	isOpen, next := m.hours.Contains(m.now), m.hours.Next(m.now)
	for _, message := range plan.Messages {
		isKnown := func(f license.Finding) bool {
			return slices.ContainsFunc(l.Acks(m.now), func(a license.Ack) bool { return a.Covers(f.Rule, f.Subject) && a.At.After(message.Report.At) })
		}
		isCallable := func(f license.Finding) bool {
			return f.Severity == license.Critical && !f.IsAcknowledged() && !isKnown(f)
		}
		if message.Report.Mention && !slices.ContainsFunc(message.Report.Firing, isCallable) {
			m.t.Fatalf("people are called for nothing: %v", describe(message))
		}
		if message.Owed {
			continue
		}
		m.wantWorth(message)
		for _, f := range message.Report.Firing {
			ends := f.Deadline.After(m.now) && f.Deadline.Before(next)
			happened := f.Severity == license.Critical && !f.Calendar && (f.Event || f.Story.Change != license.ChangeDue)
			if !isOpen && m.mode == license.ModeAlert && !happened && !ends && !isBack(plan, message, f.Key()) {
				m.t.Fatalf("outside the hours: %s", describeFinding(f))
			}
		}
		over := slices.ContainsFunc(message.Report.Resolved, func(r license.Resolved) bool { return !r.Gone || r.Severity != license.Critical })
		if !isOpen && m.mode == license.ModeAlert && (over || len(message.Report.SourceChanges)+message.Report.Unjudged > 0) {
			m.t.Fatalf("outside the hours: %v", describe(message))
		}
	}
	m.wantHeld(plan)
}

// wantWorth fails when an alert says nothing but what is good to know, or what is
// acknowledged.
func (m *machine) wantWorth(message life.Message) {
	matters := slices.ContainsFunc(message.Report.Firing, func(f license.Finding) bool { return f.Severity != license.Info && !f.IsAcknowledged() })
	isOver := slices.ContainsFunc(message.Report.Resolved, func(r license.Resolved) bool { return r.Severity != license.Info })
	if message.Mode == license.ModeAlert && !matters && !isOver && len(message.Report.SourceChanges)+message.Report.Unjudged == 0 {
		m.t.Fatalf("an alert for nothing: %v", describe(message))
	}
}

// isBack says whether a channel of the message is sent that a finding is over before it is
// sent this.
func isBack(plan life.Plan, message life.Message, key string) bool {
	return slices.ContainsFunc(plan.Messages, func(owed life.Message) bool {
		isForSame := slices.ContainsFunc(owed.Channels, func(channel string) bool { return slices.Contains(message.Channels, channel) })
		return owed.Owed && isForSame && slices.ContainsFunc(owed.Report.Resolved, func(r license.Resolved) bool { return r.Key == key })
	})
}

// wantHeld fails when a channel is sent outside the hours what it is owed, and none of
// that would be said then.
func (m *machine) wantHeld(plan life.Plan) {
	if m.hours.Contains(m.now) {
		return
	}
	next := m.hours.Next(m.now)
	for _, reader := range m.readers {
		messages := slices.DeleteFunc(messagesTo(plan, reader.channel), func(message life.Message) bool { return message.Mode != license.ModeAlert || message.Report.OnlyCall })
		isUrgent := slices.ContainsFunc(messages, func(message life.Message) bool {
			return slices.ContainsFunc(message.Report.Firing, func(f license.Finding) bool {
				return f.Severity == license.Critical && !f.Calendar || f.Deadline.After(m.now) && f.Deadline.Before(next)
			}) || slices.ContainsFunc(message.Report.Resolved, func(r license.Resolved) bool { return r.Gone && r.Severity == license.Critical })
		})
		if len(messages) > 0 && !isUrgent {
			m.t.Fatalf("%s is sent outside the hours what can wait: %q", reader.channel, texts(messages))
		}
	}
}

// plan makes the plan, and checks that each chat's is what it would be if there
// were no other (until an alert is given up to it), and that a run that lost its claim would have said the same.
func (r run) plan(in life.Input) life.Plan {
	in.Channels = []string{"slack", "wecom"}
	in.ByKeys = in.Channels
	loser := r.load().ledgers[""].Plan(in)
	plan := r.ledgers[""].Plan(in)
	if !reflect.DeepEqual(plan, loser) {
		r.t.Fatalf("two runs from the same ledger differ:\n%+v\n%+v", plan, loser)
	}
	r.relate()
	for _, reader := range r.readers {
		if r.related[reader.channel] {
			continue
		}
		in.Channels = []string{reader.channel}
		alone, together := r.ledgers[reader.channel].Plan(in), messagesTo(plan, reader.channel)
		if got, want := texts(together), texts(alone.Messages); !slices.Equal(got, want) {
			r.t.Fatalf("%s would be told %q alone, and is told %q", reader.channel, want, got)
		}
		for _, m := range alone.Messages {
			r.own[reader.channel] = append(r.own[reader.channel], m.ID)
		}
	}
	return plan
}

// relate finds the chats that an alert was given up to.
func (r run) relate() {
	for _, reader := range r.readers {
		for _, l := range r.ledgers {
			r.related[reader.channel] = r.related[reader.channel] || l.HasLostAlert(reader.channel)
		}
	}
}

func messagesTo(plan life.Plan, channel string) []life.Message {
	return slices.DeleteFunc(slices.Clone(plan.Messages), func(m life.Message) bool { return !slices.Contains(m.Channels, channel) })
}

func texts(messages []life.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, fmt.Sprint(m.Mode, m.Owed, m.Report.Notices, describe(m)))
	}
	return all
}

// deliver sends as the handler does, saving after every answer.
func (r run) deliver(plan life.Plan) {
	stopped := map[string]bool{}
	for _, m := range plan.Messages {
		for _, reader := range r.readers {
			if slices.Contains(m.Channels, reader.channel) && !stopped[reader.channel] {
				r.send(m, reader)
				stopped[reader.channel] = reader.mood == "down" || reader.mood == "mute" || reader.mood == "small" && m.Report.Mention
			}
		}
	}
}

func (r run) send(m life.Message, reader *reader) {
	refusal, arrived, rest := reader.post(m, r.now)
	r.t.Logf("%s %s: %s %q -> %q, arrived %d", r.now.Format(time.DateTime), reader.channel, m.ID, describe(m), refusal, arrived)
	if arrived > 0 {
		reader.excuse[m.ID]++ // until that is saved
	}
	answer := func(l *life.Ledger, id string) {
		if refusal == "" {
			l.Accept(id, reader.channel, r.now, rest)
		} else {
			l.Refuse(id, reader.channel, r.now, refusal)
		}
	}
	answer(r.ledgers[""], m.ID)
	if own := r.own[reader.channel]; len(own) > 0 {
		answer(r.ledgers[reader.channel], own[0])
		r.own[reader.channel] = own[1:]
	}
	r.relate()
	if refusal == life.NoAnswer || r.crashIn == 0 {
		reader.doubt(m, r.crashIn == 0)
	}
	r.step()
	r.save()
	if refusal == life.NoAnswer {
		reader.noAnswer(m.ID, r.event)
	}
	if arrived > 0 {
		reader.excuse[m.ID]--
	}
	r.step()
}

// acknowledge gives or removes an acknowledgement, as the operator's command does
// between two runs.
func (m *machine) acknowledge() {
	r := m.load()
	rule := rapid.SampledFrom(ruleIDs).Draw(m.t, "rule")
	ack := license.Ack{Rule: rule, Until: m.now.AddDate(0, 0, rapid.IntRange(0, 20).Draw(m.t, "days")).Add(hour), Reason: "known", By: "oncall"}
	if rapid.Bool().Draw(m.t, "one order") && !strings.HasPrefix(rule, "tcss") && rule != "seats" {
		ack.Subject = rapid.SampledFrom(orderIDs).Draw(m.t, "order")
	}
	remove := rapid.IntRange(0, 2).Draw(m.t, "remove") == 0
	for _, l := range r.ledgers {
		if remove {
			l.RemoveAck(ack.Rule, ack.Subject)
		} else if err := l.Acknowledge(ack, m.now); err != nil {
			m.t.Fatalf("%v", err)
		}
	}
	m.acked[rule] = true
	r.save()
}

// wait lets time pass before a run.
func (m *machine) wait() {
	m.now = m.now.Add(time.Duration(rapid.SampledFrom([]int{1, 30, 60, 60, 24 * 60, 30 * 60, 4 * 24 * 60}).Draw(m.t, "minutes")) * time.Minute)
}

// TestLife drives random runs, reruns, overlaps, crashes, outages, renewals and
// acknowledgements.
func TestLife(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		fresh := func(mode license.Mode) {
			m.wait()
			m.event++
			m.tick(mode)
		}
		alert := func(*rapid.T) { fresh(license.ModeAlert) }
		t.Repeat(map[string]func(*rapid.T){
			"alert": alert, "another alert": alert, "one more alert": alert,
			"digest": func(*rapid.T) { fresh(license.ModeDigest) },
			"rerun": func(*rapid.T) {
				m.now = m.now.Add(time.Minute)
				m.tick(m.mode)
			},
			"crash": func(t *rapid.T) {
				m.crashIn = rapid.IntRange(0, 8).Draw(t, "steps")
				fresh(rapid.SampledFrom([]license.Mode{license.ModeAlert, license.ModeAlert, license.ModeDigest}).Draw(t, "mode"))
			},
			"chats": func(t *rapid.T) {
				for _, r := range m.readers {
					r.mood = rapid.SampledFrom(moods).Draw(t, r.channel)
				}
			},
			"account": func(t *rapid.T) { m.account.change(t, m.now) },
			"outage":  m.account.outage,
			"ack":     func(*rapid.T) { m.acknowledge() },
		})
		m.settle()
	})
}
