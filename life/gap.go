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

// Runs are the last runs. It must only be read.
func (l *Ledger) Runs() RunHistory { return l.stored.Runs }

// EnterRun remembers a run: first that it has begun, and again, with the same
// At, how it ended. A run after an unusually long pause leaves word of that for
// the next digest of each of the channels. Plan enters the run that it is
// called for; those that do not come so far enter themselves.
func (l *Ledger) EnterRun(r Run, channels []string) {
	r.Reason = text.Cut(r.Reason, maxRunReason)
	last := laterOf(l.stored.Runs.Last().At, l.stored.Clock.Latest)
	if !last.IsZero() && r.At.After(last) {
		l.observePause(last, r.At, channels)
	}
	l.stored.Clock.Latest = laterOf(last, r.At)
	of := &l.stored.Runs.Alert
	if r.Mode == license.ModeDigest {
		of = &l.stored.Runs.Digest
	}
	if age(r.At, of.At) >= rerunPause { // the same event run again is no other run of the timer
		of.Before = of.At
	}
	of.Run = r
}

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

// observePause looks at the time between two runs.
func (l *Ledger) observePause(from, to time.Time, channels []string) {
	pauses := &l.stored.Runs.Pauses
	// not by the clock, which may have jumped since: they are what was not watched
	*pauses = slices.DeleteFunc(*pauses, func(p runPause) bool {
		return l.stored.Runs.watchedFor(p.End, from) > usualWindow
	})
	length := to.Sub(from)
	if isLong(length, l.stored.Runs.usualPause(from)) {
		l.addOneOff(oneOff{Gap: &license.Gap{From: from, To: to}}, to, nil, channels)
	}
	if length > keptPause {
		*pauses = append(*pauses, runPause{to, int64(length / time.Second)})
	}
	*pauses = (*pauses)[max(0, len(*pauses)-maxPauses):]
}

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
