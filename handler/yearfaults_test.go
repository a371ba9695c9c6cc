package handler_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// faultyYear is a made-up account that is watched while everything fails now and then:
// sources, answers of chats, the process itself. It keeps its own books of what is true
// and of what each chat accepted.
type faultyYear struct {
	t       *testing.T
	chance  *rand.Rand
	account *yearAccount
	ledger  *life.Ledger
	now     time.Time
	runs    int

	fires   map[string]time.Time            // since when each finding fires, by key
	over    map[string]time.Time            // since when each finding does not, by key
	open    map[string]map[string]time.Time // by channel and key: the incidents that it has, and of when they are
	heard   map[string]map[string]time.Time // by channel and key: when the chat accepted that it does
	excused map[string]map[string]bool      // by channel and key: a fault explains that it is said again
	up      map[string]time.Time            // since when a chat answers
	down    map[string]time.Time            // until when it does not

	said, repeated int
}

var faultyChannels = []string{"slack", "wecom"}

// TestYearOfFaults: what fires for three days was accepted by every chat that has answered
// for two, nothing is said again without a fault that explains it, and nothing is over
// that is not. Who goes by keys has no incident open of what is over.
func TestYearOfFaults(t *testing.T) {
	t.Parallel()
	days := yearDays(t)
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			y := &faultyYear{
				t: t, chance: rand.New(rand.NewPCG(seed, 9)), ledger: life.New(), fires: map[string]time.Time{}, over: map[string]time.Time{},
				open:  map[string]map[string]time.Time{},
				heard: map[string]map[string]time.Time{}, excused: map[string]map[string]bool{}, up: map[string]time.Time{}, down: map[string]time.Time{},
			}
			for _, channel := range faultyChannels {
				y.open[channel] = map[string]time.Time{}
				y.heard[channel], y.excused[channel], y.up[channel] = map[string]time.Time{}, map[string]bool{}, yearStart
			}
			y.account = y.anyAccount()
			for day := range days {
				y.day(yearStart.AddDate(0, 0, day))
			}
			if t.Logf("%d findings were told, %d of them perhaps twice because of a fault", y.said, y.repeated); y.said < 20 || y.repeated == 0 {
				t.Error("hardly anything happened")
			}
		})
	}
}

func (y *faultyYear) anyAccount() *yearAccount {
	base := &year{t: y.t}
	a := &yearAccount{
		spare: y.chance.Int64N(9), state: license.StatePro, ends: base.date(y.chance.IntN(400), "10:00:00"), renews: y.chance.Int64N(3),
	}
	for i := range 3 + y.chance.IntN(4) {
		licenses := 10 + y.chance.Int64N(90)
		a.orders = append(a.orders, &yearOrder{
			id: fmt.Sprintf("cwp-%04d", i), edition: 1 + y.chance.Int64N(2), licenses: licenses, used: y.chance.Int64N(licenses),
			ends: base.date(20+y.chance.IntN(370), "15:30:00"), renewal: y.chance.Int64N(3),
		})
	}
	return a
}

// day is a digest, 24 alerts, and what people and chats do meanwhile.
func (y *faultyYear) day(date time.Time) {
	for hour := range 24 {
		y.now = date.Add(time.Duration(hour) * time.Hour)
		if hour == 9 {
			y.now = y.now.Add(-30 * time.Minute)
			y.tick(license.ModeDigest)
			y.now = y.now.Add(30 * time.Minute)
		}
		y.tick(license.ModeAlert)
	}
	y.wantHeard()
	y.wantClosed()
	for _, o := range y.account.orders { // somebody renews late, or switches renewal
		switch {
		case o.isolated && !o.destroyed && y.chance.IntN(12) == 0:
			o.isolated, o.ends = false, o.ends.AddDate(1, 0, 0)
		case y.chance.IntN(150) == 0:
			o.renewal = y.chance.Int64N(3)
		}
	}
	for _, channel := range faultyChannels {
		if y.chance.IntN(60) == 0 && y.now.After(y.down[channel]) {
			y.down[channel] = y.now.Add(time.Duration(y.chance.IntN(96)) * time.Hour)
			y.up[channel] = y.down[channel]
		}
	}
}

// reading is what the cloud gives: a source fails now and then, or the list is cut short.
func (y *faultyYear) reading() license.Snapshot {
	s := y.account.read(y.now)
	for _, source := range s.Wanted {
		if y.chance.IntN(12) == 0 {
			if s.Failures == nil {
				s.Failures = map[license.Source]*license.Failure{}
			}
			s.Failures[source] = &license.Failure{Kind: license.FailureServer, Code: "InternalError"}
		}
	}
	if y.chance.IntN(25) == 0 {
		s.Orders.List, s.Orders.Incomplete = s.Orders.List[:y.chance.IntN(len(s.Orders.List))], true
	}
	return s
}

func (y *faultyYear) tick(mode license.Mode) {
	y.account.live(y.now)
	reading := y.reading()
	s := reading.After(y.ledger.PreviousReading(), y.now)
	y.runs++
	d := handler.Decision{
		ID: fmt.Sprintf("%06d", y.runs), Slot: fmt.Sprint(y.runs), Now: y.now, Mode: mode, Language: license.English, Hours: yearHours,
		Channels: faultyChannels, ByKeys: faultyChannels, Snapshot: s, Rules: rules.Default(), Findings: rules.Default().Evaluate(s, y.now, license.English),
		Export: license.Export{Status: license.ExportOff},
	}
	before := y.saved()
	decided := d.Decide(y.ledger)
	y.observe(decided.Findings)
	if y.chance.IntN(100) == 0 { // the run dies before it has saved anything
		y.restore(before)
		return
	}
	saved := y.saved()
	silent := map[string]bool{}
	for _, m := range decided.Messages {
		for _, channel := range m.Channels {
			if silent[channel] {
				continue
			}
			accepted := y.post(m, channel)
			silent[channel] = !accepted
			if y.chance.IntN(30) == 0 { // it dies between the answer and its save
				y.excuse(m, channel)
				y.restore(saved)
				return
			}
			saved = y.saved()
		}
	}
}

// post sends a message to a chat, which may not answer.
func (y *faultyYear) post(m life.Message, channel string) bool {
	switch n := y.chance.IntN(100); {
	case y.now.Before(y.down[channel]), n < 8:
		y.ledger.Refuse(m.ID, channel, y.now, life.RefusedForNow)
	case n < 28:
		y.ledger.Refuse(m.ID, channel, y.now, life.NoAnswer)
		y.excuse(m, channel)
	case n < 30:
		y.ledger.Refuse(m.ID, channel, y.now, life.RefusedForGood)
	default:
		y.ledger.Accept(m.ID, channel, y.now, life.Rest{})
		y.accept(m, channel)
		return true
	}
	return false
}

// observe keeps the book of what is true: what is not known goes on as it was.
func (y *faultyYear) observe(findings []license.Finding) {
	known := map[string]bool{}
	for _, f := range findings {
		key := f.Key()
		known[key] = true
		switch _, over := y.over[key]; {
		case f.State != license.OK:
			delete(y.over, key)
		case !over:
			y.over[key] = y.now
		}
		isFiring := f.State == license.Firing && !f.Event && f.Severity.Rank() > license.Info.Rank()
		switch _, fired := y.fires[key]; {
		case f.State == license.Unknown:
		case isFiring && !fired:
			y.fires[key] = y.now
		case !isFiring && fired:
			y.end(key)
		}
	}
}

func (y *faultyYear) end(key string) {
	delete(y.fires, key)
	for _, channel := range faultyChannels {
		delete(y.heard[channel], key)
		delete(y.excused[channel], key)
	}
}

// accept keeps the book of what a chat was told, and compares it with what is true.
func (y *faultyYear) accept(m life.Message, channel string) {
	y.openAndClose(m, channel)
	for _, f := range m.Report.Firing {
		since, fires := y.fires[f.Key()]
		if !fires || f.Event || m.Report.At.Before(since) {
			continue
		}
		_, heard := y.heard[channel][f.Key()]
		isNew := m.Mode == license.ModeAlert && f.Story.Change == license.ChangeNew
		switch {
		case isNew && heard && !y.excused[channel][f.Key()]:
			y.t.Errorf("%s: %s hears again that %s is new, and no fault explains it", y.at(), channel, f.Key())
		case !heard:
			y.said++
			if y.excused[channel][f.Key()] {
				y.repeated++
			}
		}
		y.heard[channel][f.Key()] = y.now
	}
	for _, r := range m.Report.Resolved {
		if since, fires := y.fires[r.Key]; fires && since.Before(r.At) {
			y.t.Errorf("%s: %s hears that %s is over, which has fired since %s", y.at(), channel, r.Key, since.Format("Jan 2 15:04"))
		}
	}
}

// openAndClose is what a pager makes of a message, by its keys.
func (y *faultyYear) openAndClose(m life.Message, channel string) {
	open := y.open[channel]
	closes := func(key string) {
		if !m.Report.At.Before(open[key]) {
			delete(open, key)
		}
	}
	for _, over := range slices.Concat(m.Report.Resolved, m.Report.Superseded) {
		closes(over.Key)
	}
	for _, f := range m.Report.Firing {
		closes(f.Story.WasKey)
		if !f.Event {
			open[f.Key()] = m.Report.At
		}
	}
}

// wantClosed fails when a chat that answers was not told within three days that something is over.
func (y *faultyYear) wantClosed() {
	for _, channel := range faultyChannels {
		for key := range y.open[channel] {
			since, over := y.over[key]
			if over && y.now.Sub(since) > 72*time.Hour && y.now.Sub(y.up[channel]) > 48*time.Hour {
				y.t.Errorf("%s: %s is over since %s, and %s still has it open", y.at(), key, since.Format("Jan 2 15:04"), channel)
			}
		}
	}
}

// excuse notes what a chat may have been told although nobody knows.
func (y *faultyYear) excuse(m life.Message, channel string) {
	for _, f := range m.Report.Firing {
		y.excused[channel][f.Key()] = true
	}
}

// wantHeard fails when something has fired for three days of which a chat that answers was
// not told.
func (y *faultyYear) wantHeard() {
	for key, since := range y.fires {
		for _, channel := range faultyChannels {
			if _, heard := y.heard[channel][key]; !heard && y.now.Sub(since) > 72*time.Hour && y.now.Sub(y.up[channel]) > 48*time.Hour {
				y.t.Errorf("%s: %s has fired since %s, and %s was never told", y.at(), key, since.Format("Jan 2 15:04"), channel)
			}
		}
	}
}

func (y *faultyYear) at() string { return y.now.Format("Jan 2 15:04") }

func (y *faultyYear) saved() []byte {
	data, err := y.ledger.Encode()
	if err != nil {
		y.t.Fatal(err)
	}
	return slices.Clone(data)
}

func (y *faultyYear) restore(saved []byte) {
	ledger, err := life.Decode(saved)
	if err != nil {
		y.t.Fatal(err)
	}
	y.ledger = ledger
}
