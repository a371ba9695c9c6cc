package life

import (
	"time"

	"licensewatch/internal/text"
	"licensewatch/license"
)

const (
	// runsUntilTold is how many runs in a row must fail to read a source before an
	// alert says so.
	runsUntilTold = 3
	// outagePause is how often alerts say that a source stays unread.
	outagePause = day
)

// outage is a source that the last runs failed to read, or to read whole.
type outage struct {
	Runs     int                  `json:"runs"`
	Since    time.Time            `json:"since"`
	Partly   bool                 `json:"partly,omitempty"`            // the last run read some of it
	Notified map[string]time.Time `json:"said,omitempty" by:"channel"` // when a channel was last told
	Cause    *outageCause         `json:"cause,omitempty"`             // of the last run; nil where it read some
}

// outageCause is as much of a failure as tells what to do about it.
type outageCause struct {
	Kind    license.FailureKind `json:"kind"`
	Code    string              `json:"code,omitempty"`
	Service string              `json:"service,omitempty"`
	Action  string              `json:"action,omitempty"`
}

// maxCause bounds the texts of a cause, in bytes.
const maxCause = 80

func causeOf(f *license.Failure) *outageCause {
	if f == nil {
		return nil
	}
	return &outageCause{f.Kind, text.Cut(f.Code, maxCause), f.Service, f.Action}
}

// lastToldTo is when a channel was last told of the outage, what is on its way
// included.
func (o outage) lastToldTo(source license.Source, channel string, p undelivered) (time.Time, bool) {
	if since, ok := p.outages[source]; ok && since.Equal(o.Since) {
		return p.now, true
	}
	at, ok := o.Notified[channel]
	return at, ok
}

// sourceUnjudged stands among the outages for what was read and cannot be judged: a value
// that nobody has documented, or one that is missing. It is told as a source is that
// stays unread.
const sourceUnjudged license.Source = "unjudged"

// unreadFor gives the sources that stay unread as far as the channel is to be
// told: all of them in a digest.
func (facts *factLog) unreadFor(channel string, p undelivered, in Input) []license.SourceChange {
	var due []license.SourceChange
	for _, source := range in.Snapshot.Wanted {
		o, ok := facts.Outages[source]
		if ok && (in.isDigest() || o.isDueFor(source, channel, p, in.Now)) {
			due = append(due, license.SourceChange{Source: source, Since: o.Since, Runs: o.Runs, Partly: o.Partly})
		}
	}
	return due
}

// unjudgedFor is the doubt that a channel is to be told of: after three runs and then
// once a day. A digest shows it anyway.
func (facts *factLog) unjudgedFor(channel string, p undelivered, in Input) (outage, bool) {
	o, ok := facts.Outages[sourceUnjudged]
	return o, ok && (in.isDigest() || o.isDueFor(sourceUnjudged, channel, p, in.Now))
}

// isDueFor says whether an alert tells the channel of the outage.
func (o outage) isDueFor(source license.Source, channel string, p undelivered, now time.Time) bool {
	at, heard := o.lastToldTo(source, channel, p)
	return o.Runs >= runsUntilTold && (!heard || isDueAgain(now, at, outagePause))
}
