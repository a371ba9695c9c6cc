package handler_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/proof"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// jumpyClock is a made-up account that is watched by a clock that is wrong now and then,
// and what two chats heard of it while it was right.
type jumpyClock struct {
	chance  *rand.Rand
	account *yearAccount
	ledger  *life.Ledger
	real    time.Time
	offset  time.Duration
	wrong   int // runs that the clock is still wrong
	inARow  int // runs by the same clock
	runs    int
	jumps   int

	heard   map[string]map[string]license.Finding // by channel and key: told while the clock was right
	early   map[string]time.Time                  // by channel and key: told less than a day before it was so
	misled  map[string]map[string]string          // by channel and key: the order of which a wrong clock said what is not so
	up      map[string]int                        // by channel: runs in a row by a right clock in which it accepted everything
	news    map[string]int                        // by channel and key: how often it was told as new
	begins  map[string]int                        // by key: how often it began to fire
	fires   map[string]bool
	right   map[int64]bool // when runs by a right clock wrote
	problem string
}

// TestProveClock: whatever the clock of some runs says, two runs by a right one later
// each chat knows all that fires, as near as it is; a clock that jumps ends nothing
// that goes on, and each jump repeats at most once what was told.
func TestProveClock(t *testing.T) {
	t.Parallel()
	trials := proof.Trials(60, 2000)
	var runs, jumps atomic.Int64
	sideBySide(trials, func(i int) {
		j := newJumpyClock(rand.New(rand.NewPCG(proof.Seed(i))))
		for range 60 {
			j.real = j.real.Add(time.Duration(1+j.chance.IntN(10)) * time.Hour)
			j.jump()
			if j.tick(); j.problem != "" {
				t.Errorf("trial %d, run %d, %s: %s", i, j.runs, j.real.Format("Jan 2 15:04"), j.problem)
				return
			}
		}
		runs.Add(int64(j.runs))
		jumps.Add(int64(j.jumps))
	})
	proof.Report(t, "%d runs, %d jumps of the clock by seconds to years: 0 alerts lost, 0 false ends, at most one repeat a jump", runs.Load(), jumps.Load())
}

func newJumpyClock(chance *rand.Rand) *jumpyClock {
	j := &jumpyClock{
		chance: chance, ledger: life.New(), real: yearStart, heard: map[string]map[string]license.Finding{"slack": {}, "wecom": {}},
		misled: map[string]map[string]string{"slack": {}, "wecom": {}}, early: map[string]time.Time{},
		up: map[string]int{}, news: map[string]int{}, begins: map[string]int{}, fires: map[string]bool{}, right: map[int64]bool{},
	}
	days := func(n int) time.Time { return yearStart.AddDate(0, 0, 1+chance.IntN(n)).Add(10 * time.Hour) }
	j.account = &yearAccount{spare: 5, state: license.StatePro, ends: days(60), renews: 1 + chance.Int64N(2)}
	for i := range 3 {
		j.account.orders = append(j.account.orders, &yearOrder{id: fmt.Sprintf("cwp-%04d", i), edition: 2, licenses: 40, used: 20, ends: days(45), renewal: 1 + chance.Int64N(2)})
	}
	return j
}

// jump makes the clock wrong, or right again.
func (j *jumpyClock) jump() {
	j.inARow++
	switch {
	case j.wrong > 1:
		j.wrong--
	case j.wrong == 1:
		j.wrong, j.offset, j.inARow = 0, 0, 1
	case j.chance.IntN(8) == 0:
		j.wrong, j.inARow = 1+j.chance.IntN(3), 1
		j.offset = time.Duration(math.Exp(j.chance.Float64()*math.Log(400*86400))) * time.Second
		if j.chance.IntN(2) == 0 {
			j.offset = -j.offset
		}
		j.jumps++
	}
}

func (j *jumpyClock) tick() {
	j.account.live(j.real)
	j.runs++
	now := j.real.Add(j.offset)
	s := j.account.read(j.real)
	s.ReadAt = now
	s = s.After(j.ledger.PreviousReading(), now)
	mode := license.ModeAlert
	if j.runs%6 == 0 {
		mode = license.ModeDigest
	}
	findings := rules.Default().Evaluate(s, now, license.English)
	d := handler.Decision{
		ID: fmt.Sprintf("%06d", j.runs), Slot: fmt.Sprint(j.runs), Now: now, Mode: mode, Language: license.English,
		Channels: faultyChannels, Snapshot: s, Rules: rules.Default(), Findings: findings, Export: license.Export{Status: license.ExportOff},
	}
	isRight := j.offset.Abs() < 5*time.Minute // clocks differ
	if j.offset < 24*time.Hour {              // what was said is no nearer than it is, or hardly
		j.right[now.Unix()] = true
	}
	j.observe(rules.Default().Evaluate(j.account.read(j.real), j.real, license.English))
	messages := d.Decide(j.ledger).Messages
	accepts := map[string]bool{}
	for _, channel := range faultyChannels {
		accepts[channel] = j.chance.IntN(6) > 0
	}
	for _, m := range messages {
		for _, channel := range m.Channels {
			if !accepts[channel] {
				j.ledger.Refuse(m.ID, channel, now, life.RefusedForNow)
				continue
			}
			j.ledger.Accept(m.ID, channel, now, life.Rest{})
			j.hear(m, channel, isRight)
		}
	}
	for _, channel := range faultyChannels {
		if j.up[channel]++; !isRight || !accepts[channel] {
			j.up[channel] = 0
		}
		if j.up[channel] >= 2 {
			j.wantKnown(channel, findings)
		}
	}
	data, err := j.ledger.Encode()
	if err == nil {
		j.ledger, err = life.Decode(data)
	}
	if err != nil {
		j.problem = err.Error()
	}
}

// observe keeps the book of what is true.
func (j *jumpyClock) observe(findings []license.Finding) {
	for _, f := range findings {
		key := f.Key()
		isFiring := f.State == license.Firing && !f.Event
		if isFiring && !j.fires[key] {
			j.begins[key]++
		}
		if j.fires[key] = isFiring; !isFiring {
			for _, channel := range faultyChannels {
				if j.real.Sub(j.early[channel+key]) >= 24*time.Hour {
					delete(j.heard[channel], key)
				}
			}
		}
	}
}

// hear keeps the book of what a chat was told, and compares it with what is true.
func (j *jumpyClock) hear(m life.Message, channel string, isRight bool) {
	for _, f := range m.Report.Firing {
		key := f.Key()
		if f.Event {
			continue
		}
		switch {
		case j.right[m.Report.At.Unix()], f.DaysLeft == nil && j.fires[key]:
			j.heard[channel][key] = f
			if !j.fires[key] {
				j.early[channel+key] = j.real
			}
			maps.DeleteFunc(j.misled[channel], func(_, subject string) bool { return subject == f.Subject })
		case !j.fires[key] && f.Subject != "": // people take it for what has become of the order
			j.misled[channel][key] = f.Subject
		}
		if m.Mode == license.ModeAlert && f.Story.Change == license.ChangeNew {
			if j.news[channel+key]++; j.news[channel+key] > max(1, j.begins[key])+2*j.jumps {
				j.problem = fmt.Sprintf("%s hears for the %d. time that %s is new, after %d jumps", channel, j.news[channel+key], key, j.jumps)
			}
		}
	}
	for _, over := range m.Report.Resolved {
		delete(j.misled[channel], over.Key)
		if j.fires[over.Key] && (isRight || j.offset < 0 && j.inARow == 1) && !m.Owed {
			j.problem = fmt.Sprintf("%s hears that %s is over (the clock is off by %v)", channel, over.Key, j.offset)
		}
	}
}

// wantKnown fails unless a chat was told, by a right clock, all that fires, as bad and as
// near as it is.
func (j *jumpyClock) wantKnown(channel string, findings []license.Finding) {
	for _, f := range findings {
		if f.State != license.Firing || f.Event || f.Severity.Rank() < license.Warning.Rank() ||
			!j.fires[f.Key()] { // over, by minutes that the clock does not know of yet
			continue
		}
		told, ok := j.heard[channel][f.Key()]
		for key, subject := range j.misled[channel] {
			if subject == f.Subject {
				j.problem = fmt.Sprintf("%s still takes %s for true, and %s fires", channel, key, f.Key())
			}
		}
		switch {
		case !ok:
			j.problem = fmt.Sprintf("%s was never told of %s by a right clock", channel, f.Key())
		case f.Severity.Rank() > told.Severity.Rank():
			j.problem = fmt.Sprintf("%s was told of %s as %s, it is %s", channel, f.Key(), told.Severity, f.Severity)
		case rungOf(f) < rungOf(told):
			j.problem = fmt.Sprintf("%s was told of %s with %d days left, there are %d", channel, f.Key(), *told.DaysLeft, *f.DaysLeft)
		}
	}
}

// rungOf is the smallest threshold that is not below the days left; a large one for none.
func rungOf(f license.Finding) int64 {
	smallest := int64(math.MaxInt64)
	for _, at := range f.RemindAt {
		if f.DaysLeft != nil && at >= *f.DaysLeft {
			smallest = min(smallest, at)
		}
	}
	return smallest
}
