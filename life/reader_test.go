package life_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"licensewatch/license"
	"licensewatch/life"
)

// reader is a person in one chat of the property test: what arrives there, and
// what the person therefore believes.
type reader struct {
	t       *rapid.T
	channel string
	mood    string // what the chat does with a message

	texts  map[string]string // by message id: what it said
	copies map[string]int    // by message id: how often it arrived
	excuse map[string]int    // by message id: crashes and silences, each of which excuses a copy
	mute   map[string]int    // by message id: the events, with runs that were saved, in which it got no answer
	muteIn map[string]int    // by message id: the last of these events
	events map[string]bool   // events that arrived

	believes map[string]license.Finding // by key: firing, as last told
	toldAt   map[string]time.Time       // by key: when the newest message about it was written
	called   map[string]time.Time       // by key: when the newest message was written that called people about it
	// uncalled are the keys about which people were to be called, and nobody knows that
	// they were.
	uncalled map[string]bool
	// unsure are the keys about which something was sent that the ledger does not
	// count as said, so that it may be said again.
	unsure map[string]bool
	// crashed are those of them about which nothing was heard since a run died that may
	// have sent something: if that has expired, nobody knows of it.
	crashed map[string]bool
	// wasOver says whether a run saw that a key was over after some time.
	wasOver func(key string, after time.Time) bool
}

// moods are what chats do. A mute one gives no answer; whether the message
// arrived, only its readers know. In a small one not all of a message fits, and nobody
// can be called.
var moods = []string{"well", "well", "down", "dead", "mute", "small"}

func newReader(t *rapid.T, channel string) *reader {
	return &reader{
		t: t, channel: channel, mood: "well", texts: map[string]string{}, copies: map[string]int{}, excuse: map[string]int{}, mute: map[string]int{}, muteIn: map[string]int{},
		events: map[string]bool{}, believes: map[string]license.Finding{}, toldAt: map[string]time.Time{}, uncalled: map[string]bool{}, unsure: map[string]bool{}, crashed: map[string]bool{},
		called: map[string]time.Time{},
	}
}

// post sends a message to the chat; arrived is how often people see it, and rest what is
// left of it.
func (r *reader) post(m life.Message, now time.Time) (refusal life.Refusal, arrived int, rest life.Rest) {
	if r.mood == "small" && m.Report.OnlyCall {
		return life.RefusedForNow, 0, rest
	}
	switch r.mood {
	case "down":
		return life.RefusedForNow, 0, rest
	case "dead":
		return life.RefusedForGood, 0, rest
	case "mute":
		r.wantPatience(m)
		tries := 1
		if m.Mode != license.ModeDigest { // an alert is tried once more in the run
			tries = 2
		}
		r.excuse[m.ID] += tries
		arrived = rapid.IntRange(0, tries).Draw(r.t, r.channel+" got it")
		refusal = life.NoAnswer
	case "small":
		arrived, rest.Call = 1, m.Report.Mention
		rest.Unnamed = unnamed(m.Report, rapid.IntRange(1, 4).Draw(r.t, r.channel+" fits"))
	default:
		arrived = 1
	}
	for range arrived {
		if m.Report.OnlyCall {
			r.noteCall(m.Report)
		} else {
			r.read(m, rest, now)
		}
	}
	return refusal, arrived, rest
}

// unnamed are the facts beyond the first so many of a message.
func unnamed(report license.Report, fits int) (facts []string) {
	for _, f := range report.Firing {
		facts = append(facts, f.Fact())
	}
	for _, over := range report.Resolved {
		facts = append(facts, over.Fact())
	}
	return facts[min(fits, len(facts)):]
}

// named is what a message names of a list.
func named[T any](all []T, fact func(*T) string, rest life.Rest) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return slices.Contains(rest.Unnamed, fact(&one)) })
}

// noAnswer counts that a message got no answer; a rerun of the same event does not count.
func (r *reader) noAnswer(id string, event int) {
	if r.muteIn[id] != event || r.mute[id] == 0 {
		r.mute[id]++
	}
	r.muteIn[id] = event
}

// wantPatience fails when a message that gets no answer is sent in runs of more than three events,
// or a digest in more than one, or without the word that it may be a repeat.
func (r *reader) wantPatience(m life.Message) {
	most := 1
	if m.Report.OnlyCall {
		return
	}
	if m.Mode != license.ModeDigest {
		most = 3
	}
	if r.mute[m.ID] >= most {
		r.t.Fatalf("%s: the %s %s was sent in vain for %d events, and is again", r.channel, m.Mode, m.ID, r.mute[m.ID])
	}
	if m.Report.Repeat != (r.mute[m.ID] > 0) {
		r.t.Fatalf("%s: the %s %s says that it may be a repeat: %t, after %d runs", r.channel, m.Mode, m.ID, m.Report.Repeat, r.mute[m.ID])
	}
}

// read is what the person makes of a message.
func (r *reader) read(m life.Message, rest life.Rest, now time.Time) {
	r.wantOnce(m)
	// What is late calls nobody once it is known, or when a later message does.
	text := strings.TrimSuffix(strings.Join(describe(m), "\n"), "\nmention")
	if first, known := r.texts[m.ID]; known && first != text {
		r.t.Fatalf("%s: message %s said\n%s\nand then\n%s", r.channel, m.ID, first, text)
	}
	r.texts[m.ID] = text
	if r.copies[m.ID]++; r.copies[m.ID] > 1+r.excuse[m.ID] {
		r.t.Fatalf("%s: message %s arrived %d times:\n%s", r.channel, m.ID, r.copies[m.ID], text)
	}
	m.Report.Resolved, m.Report.Firing = named(m.Report.Resolved, (*license.Resolved).Fact, rest), named(m.Report.Firing, (*license.Finding).Fact, rest)
	if rest.Call {
		m.Report.Mention = false
		for _, f := range m.Report.Firing {
			r.uncalled[f.Key()] = true
		}
	}
	for _, over := range slices.Concat(m.Report.Resolved, m.Report.Superseded) { // before what fires, maybe again
		if m.Report.At.Before(r.toldAt[over.Key]) {
			continue // old news
		}
		delete(r.believes, over.Key)
		delete(r.unsure, over.Key)
		delete(r.crashed, over.Key)
	}
	r.wantCall(m)
	for _, f := range m.Report.Firing {
		r.hearOf(m, f, now)
	}
}

// wantOnce fails when a message says something twice.
func (r *reader) wantOnce(m life.Message) {
	said := map[string]bool{}
	for _, line := range describe(m) {
		key := strings.Join(strings.Fields(line)[:1], "")
		if fields := strings.Fields(line); len(fields) > 1 {
			key = fields[1]
		}
		if strings.HasPrefix(key, "renewal/") { // events, of which there may be several
			key = line
		}
		if said[key] {
			r.t.Fatalf("%s: message %s says %s twice: %q", r.channel, m.ID, key, describe(m))
		}
		said[key] = true
	}
}

// wantCall fails when people are called about nothing but what they were called about
// lately.
func (r *reader) wantCall(m life.Message) {
	if !m.Report.Mention || r.copies[m.ID] > 1 {
		return
	}
	reason := false
	for _, f := range m.Report.Firing {
		if f.Severity != license.Critical || f.IsAcknowledged() {
			continue
		}
		change, last := f.Story.Change, r.called[f.Key()]
		isTime := f.RemindEvery > 0 && int64(license.DaysLeft(m.Report.At, last.In(shanghai))) >= int64(f.RemindEvery/day)
		reason = reason || change == license.ChangeNew || change == license.ChangeWorse || isTime || r.unsure[f.Key()] || r.uncalled[f.Key()]
	}
	r.noteCall(m.Report)
	if !reason {
		r.t.Fatalf("%s: message %s calls people without a reason: %q", r.channel, m.ID, describe(m))
	}
}

// noteCall notes that people were called about what a message said.
func (r *reader) noteCall(report license.Report) {
	for _, f := range report.Firing {
		if f.Severity == license.Critical && !f.IsAcknowledged() && !f.Event && report.At.After(r.called[f.Key()]) {
			r.called[f.Key()] = report.At
			delete(r.uncalled, f.Key())
		}
	}
}

func (r *reader) hearOf(m life.Message, f license.Finding, now time.Time) {
	key := f.Key()
	if f.Event {
		r.events[eventName(f, f.Story.Since)] = true
		return
	}
	last, told := r.believes[key]
	isNewer := r.copies[m.ID] == 1 && m.Report.At.After(r.toldAt[key])
	// What an alert says is new, is so after those before it, unless these were
	// given up after a week.
	// A digest that was to overtake an alert may come after it where a run has died. What
	// was acknowledged when it was told may not count.
	if m.Mode == license.ModeAlert && isNewer && told && f.Story.Change == license.ChangeNew && !last.IsAcknowledged() && !r.unsure[key] && !r.wasOver(key, r.toldAt[key]) && now.Sub(r.toldAt[key]) < 7*day {
		r.t.Fatalf("%s: message %s says as new what was told: %s", r.channel, m.ID, describeFinding(f))
	}
	isSame := told && f.Story.Since.Equal(last.Story.Since) && now.Sub(r.toldAt[key]) < 7*day
	if isSame && isNewer && m.Mode == license.ModeAlert && !r.unsure[key] {
		r.wantReason(last, f, m)
	}
	if m.Report.At.Before(r.toldAt[key]) {
		return // old news
	}
	r.toldAt[key] = m.Report.At
	if was, ok := strings.CutPrefix(f.Story.WasTitle.In(license.English), "title of "); ok && m.Report.At.After(r.toldAt[was]) {
		delete(r.believes, was)
		r.toldAt[was] = m.Report.At
	}
	if f.IsAcknowledged() && told && f.Measure != nil && last.Measure != nil { // less of it, which somebody takes care of, is no news
		f.Measure = new(max(*f.Measure, *last.Measure))
	}
	r.believes[key] = f
	delete(r.unsure, key)
	delete(r.crashed, key)
}

// wantReason fails when an alert says nothing that the last one did not say.
func (r *reader) wantReason(last, f license.Finding, m life.Message) {
	switch {
	case f.Severity.Rank() > last.Severity.Rank(), f.RemindEvery > 0:
	case f.Story.Ack != nil && (f.Story.Ack.Ended || f.Story.Ack.Over), last.IsAcknowledged(), hasGrown(last, f):
	case f.Story.WasTitle != (license.Text{}), r.wasOver(f.Key(), r.toldAt[f.Key()]): // what came between may be lost
	case f.DaysLeft != nil && !f.Story.WasDeadline.IsZero():
	case f.DaysLeft != nil && last.DaysLeft != nil && rung(f) < rung(last):
	case f.Story.WasDaysLeft != nil && last.DaysLeft != nil && *f.Story.WasDaysLeft != *last.DaysLeft: // a digest came between, and expired
	default:
		r.t.Fatalf("%s: message %s says nothing new: %s after %s", r.channel, m.ID, describeFinding(f), describeFinding(last))
	}
}

// hasGrown says whether there is so much more of it that this is worse.
func hasGrown(last, f license.Finding) bool {
	if f.Measure == nil || last.Measure == nil {
		return false
	}
	crosses := slices.ContainsFunc(f.WorseAt, func(at float64) bool { return *last.Measure < at && at <= *f.Measure })
	return crosses || f.WorseBy > 0 && *f.Measure >= *last.Measure+f.WorseBy
}

// rung is the smallest rung that is not below the days left; 1000 for none.
func rung(f license.Finding) int64 {
	smallest := int64(1000)
	for _, r := range f.RemindAt {
		if r >= *f.DaysLeft {
			smallest = min(smallest, r)
		}
	}
	return smallest
}

// doubt excuses that what a message said is said again: it may have arrived, and does
// not count as said.
func (r *reader) doubt(m life.Message, crashed bool) {
	note := func(key string) {
		r.unsure[key] = true
		r.crashed[key] = r.crashed[key] || crashed
	}
	for _, f := range m.Report.Firing {
		note(f.Key())
		r.uncalled[f.Key()] = r.uncalled[f.Key()] || m.Report.Mention
		if was, ok := strings.CutPrefix(f.Story.WasTitle.In(license.English), "title of "); ok {
			note(was)
		}
	}
	for _, over := range m.Report.Resolved {
		note(over.Key)
	}
}

// wantTruth fails unless the person knows all that fires, as bad as it is, and
// believes nothing that is over, as far as the end of that must be known.
func (r *reader) wantTruth(fires map[string]license.Finding, mustKnowEnd func(license.Finding) bool) {
	for key, f := range fires {
		told, ok := r.believes[key]
		switch {
		case r.crashed[key], f.Severity == license.Info:
		case !ok:
			r.t.Fatalf("%s was never told of %s", r.channel, describeTruth(f))
		case f.Severity.Rank() > told.Severity.Rank():
			r.t.Fatalf("%s was told of %s as %s", r.channel, describeTruth(f), told.Severity)
		case f.DaysLeft != nil && rung(f) < rung(told):
			r.t.Fatalf("%s was told of %s at %d days left last", r.channel, describeTruth(f), *told.DaysLeft)
		case hasGrown(told, f):
			r.t.Fatalf("%s was told of %s when there were %v", r.channel, describeTruth(f), *told.Measure)
		}
	}
	for key, f := range r.believes {
		if _, ok := fires[key]; !ok && !r.crashed[key] && mustKnowEnd(f) {
			r.t.Fatalf("%s was not told that %s is over", r.channel, key)
		}
	}
}

// heardMore says whether the person heard after an event of what tells of it as well.
func (r *reader) heardMore(event string, at time.Time) bool {
	subject, _, _ := strings.Cut(strings.TrimPrefix(event, "renewal/"), " ")
	return !r.toldAt["expiring/"+subject].Before(at)
}

func eventName(f license.Finding, at time.Time) string {
	return fmt.Sprint(f.Key(), " ", f.EventID, " at ", at.Unix())
}

func describeTruth(f license.Finding) string {
	if f.DaysLeft == nil {
		return fmt.Sprint(f.Key(), " ", f.Severity)
	}
	return fmt.Sprint(f.Key(), " ", f.Severity, " ", *f.DaysLeft, " days left")
}
