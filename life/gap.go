package life

import (
	"slices"
	"time"

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

// runs are the last runs that were seen.
type runs struct {
	Last Run `json:"last"`
	// Digest is the last one that was a digest, and DigestBefore when the one
	// before it was.
	Digest       Run       `json:"digest,omitzero"`
	DigestBefore time.Time `json:"digest_before,omitzero"`
	Pauses       []pause   `json:"pauses,omitempty"` // the long ones of late, oldest first
}

// pause is a time without any run.
type pause struct {
	End time.Time `json:"end"`
	For int64     `json:"for"` // seconds
}

func (p pause) length() time.Duration { return time.Duration(p.For) * time.Second }

// EnterRun remembers a run: first that it has begun, and again, with the same
// At, how it ended. A run after an unusually long pause leaves word of that for
// the next digest of each of the channels. Plan enters the run that it is
// called for; those that do not come so far enter themselves.
func (l *Ledger) EnterRun(r Run, channels []string) {
	r.Reason = cut(r.Reason, maxRunReason)
	last := l.book.Runs.Last.At
	if !last.IsZero() && r.At.After(last) {
		l.observePause(last, r.At, channels)
	}
	runs := &l.book.Runs
	runs.Last = r
	if r.Mode != license.ModeDigest {
		return
	}
	if age(r.At, runs.Digest.At) >= time.Hour { // the same event run again is no other digest
		runs.DigestBefore = runs.Digest.At
	}
	runs.Digest = r
}

// observePause looks at the time between two runs.
func (l *Ledger) observePause(from, to time.Time, channels []string) {
	pauses := &l.book.Runs.Pauses
	*pauses = slices.DeleteFunc(*pauses, func(p pause) bool { return age(from, p.End) > usualWindow })
	var usual time.Duration
	for _, p := range *pauses {
		usual = max(usual, p.length())
	}
	length := to.Sub(from)
	if length > longPause && length > usual+beyondUsual {
		l.addNews(news{Gap: &license.Gap{From: from, To: to}}, to, nil, channels)
	}
	if length > keptPause {
		*pauses = append(*pauses, pause{to, int64(length / time.Second)})
	}
}

// gapIn is the gap with its times in a zone.
func gapIn(g license.Gap, zone *time.Location) license.Gap {
	return license.Gap{From: writable(g.From.In(zone)), To: writable(g.To.In(zone))}
}

// LastRun is the last run that was seen; zero when there was none.
func (l *Ledger) LastRun() Run { return l.book.Runs.Last }

// LastDigest is the last run that was a digest, and when the one before it was;
// both zero when there was none.
func (l *Ledger) LastDigest() (last Run, before time.Time) {
	return l.book.Runs.Digest, l.book.Runs.DigestBefore
}
