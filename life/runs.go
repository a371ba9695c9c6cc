package life

import (
	"slices"
	"time"

	"licensewatch/internal/text"
	"licensewatch/license"
)

const (
	// longPause is how long a pause between two runs must be to be told.
	longPause = 36 * time.Hour
	// beyondUsual is how much longer it must be than the longest one of late.
	beyondUsual = 12 * time.Hour
	// usualWindow is how long before a pause it is looked for the longest one.
	usualWindow = 14 * day
	// keptPause is what a pause must have to be remembered: shorter ones decide
	// nothing.
	keptPause = longPause - beyondUsual
	// maxPauses bounds those that are remembered.
	maxPauses = 30
	// maxRunReason bounds the reason of a run, in bytes.
	maxRunReason = 300
)

// Run is a run of the function.
type Run struct {
	At   time.Time    `json:"at"` // when it decided what to say
	Mode license.Mode `json:"mode"`
	// Outcome and Reason are those of its Summary. Empty: it has begun, and nobody
	// knows how it ended.
	Outcome string `json:"outcome,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// RunHistory are the last runs that were seen, by mode.
type RunHistory struct {
	Digest lastRun    `json:"digest,omitzero"`
	Alert  lastRun    `json:"alert,omitzero"`
	Pauses []runPause `json:"pauses,omitempty"` // the long ones of late, whatever the mode; oldest first
}

// lastRun is the last run of a mode, and when the one before it was.
type lastRun struct {
	Run
	Before time.Time `json:"before,omitzero"`
}

// rerunPause is less than the pause between two runs of a timer, and more than
// that before the platform runs an event again.
const rerunPause = 5 * time.Minute

// runPause is a time without any run.
type runPause struct {
	End time.Time `json:"end"`
	For int64     `json:"for"` // seconds
}

// isSound says whether it can be counted with.
func (p runPause) isSound() bool { return p.For > 0 && p.For < int64(maxDaysLeft*day/time.Second) }

func (p runPause) duration() time.Duration { return time.Duration(p.For) * time.Second }

// usualPause is the longest pause between two runs in the two weeks before a
// time, as far as it is remembered.
func (r RunHistory) usualPause(before time.Time) time.Duration {
	var usual time.Duration
	for _, p := range r.Pauses {
		if age(before, p.End) <= usualWindow {
			usual = max(usual, p.duration())
		}
	}
	return usual
}

// watchedFor is how long ago a time was, without the long pauses between runs since, as far
// as they are remembered. It may have been a clock that has jumped, over any number of runs,
// and when nothing runs, nobody is told anything either. One that is behind may be in the middle
// of a pause.
func (r RunHistory) watchedFor(at, now time.Time) time.Duration {
	watched := now.Sub(at)
	for _, p := range r.Pauses {
		if p.duration() > longPause {
			begin, end := laterOf(at, p.End.Add(-p.duration())), earlierOf(now, p.End)
			watched -= max(0, end.Sub(begin))
		}
	}
	return watched
}

// isLong says whether a pause is much longer than usual.
func isLong(pause, usual time.Duration) bool { return pause > longPause && pause > usual+beyondUsual }

// gapIn is the gap with its times in a zone.
func gapIn(g license.Gap, zone *time.Location) license.Gap {
	return license.Gap{From: writable(g.From.In(zone)), To: writable(g.To.In(zone))}
}

// Last is the last run that was seen; zero when there was none.
func (r RunHistory) Last() Run {
	if r.Digest.At.After(r.Alert.At) {
		return r.Digest.Run
	}
	return r.Alert.Run
}

// LastOf is the last run of a mode, and when the next one is due if the pause
// between the last two is the usual one. Either is zero when it is not known.
func (r RunHistory) LastOf(mode license.Mode) (last Run, next time.Time) {
	of := r.Alert
	if mode == license.ModeDigest {
		of = r.Digest
	}
	if every := of.At.Sub(of.Before); !of.Before.IsZero() && every > 0 {
		next = writable(of.At.Add(every))
	}
	return of.Run, next
}

// IsOverdue says whether there was no run for so long that the next one will say
// so.
func (r RunHistory) IsOverdue(now time.Time) bool {
	last := r.Last().At
	return !last.IsZero() && isLong(now.Sub(last), r.usualPause(last))
}

// runLog is which runs there were, and what their clocks showed.
type runLog struct {
	Clock clockRecord `json:"clock,omitzero"`
	// Runs are the last runs, and Watched the sources that the last one asked for.
	Runs    RunHistory       `json:"runs,omitzero"`
	Watched []license.Source `json:"watched,omitempty"`
}

// rewind forgets the runs that cannot have been yet.
func (log *runLog) rewind(now time.Time) {
	runs := &log.Runs
	for _, of := range []*lastRun{&runs.Digest, &runs.Alert} {
		if isAhead(of.At, now) {
			of.At, of.Before = now, time.Time{}
		}
	}
	for i, p := range runs.Pauses {
		if begin := p.End.Add(-p.duration()); isAhead(p.End, now) {
			runs.Pauses[i] = runPause{now, int64(now.Sub(begin) / time.Second)}
		}
	}
	runs.Pauses = slices.DeleteFunc(runs.Pauses, func(p runPause) bool { return !p.isSound() })
}

// enterRun enters a run, and gives the unusually long pause before it; nil for none.
func (log *runLog) enterRun(r Run) (gap *license.Gap) {
	r.Reason = text.Cut(r.Reason, maxRunReason)
	last := laterOf(log.Runs.Last().At, log.Clock.Latest)
	if !last.IsZero() && r.At.After(last) {
		gap = log.enterPause(last, r.At)
	}
	log.Clock.Latest = laterOf(last, r.At)
	of := &log.Runs.Alert
	if r.Mode == license.ModeDigest {
		of = &log.Runs.Digest
	}
	if age(r.At, of.At) >= rerunPause { // the same event run again is no other run of the timer
		of.Before = of.At
	}
	of.Run = r
	return gap
}

// enterPause looks at the time between two runs, and gives it where it is unusually long.
func (log *runLog) enterPause(from, to time.Time) (gap *license.Gap) {
	r := &log.Runs
	// not by the clock, which may have jumped since: they are what was not watched
	r.Pauses = slices.DeleteFunc(r.Pauses, func(p runPause) bool { return r.watchedFor(p.End, from) > usualWindow })
	length := to.Sub(from)
	if isLong(length, r.usualPause(from)) {
		gap = &license.Gap{From: from, To: to}
	}
	if length > keptPause {
		r.Pauses = append(r.Pauses, runPause{to, int64(length / time.Second)})
	}
	r.Pauses = r.Pauses[max(0, len(r.Pauses)-maxPauses):]
	return gap
}
