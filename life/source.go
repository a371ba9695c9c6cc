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

// UnreadCause is why the last run did not read a source that stays unread, for people; nil
// where that is not known.
func (l *Ledger) UnreadCause(source license.Source) *license.Failure {
	c := l.stored.Outages[source].Cause
	if c == nil {
		return nil
	}
	return &license.Failure{Kind: c.Kind, Code: c.Code, Service: c.Service, Action: c.Action}
}

// observeSources counts the runs that failed, and makes one-offs of sources that can
// be read again.
func (t *transition) observeSources() {
	outages, snapshot := t.ledger.stored.Outages, t.in.Snapshot
	for source := range outages {
		if source != sourceUnjudged && !snapshot.Wants(source) {
			delete(outages, source)
		}
	}
	for _, source := range snapshot.Wanted {
		o, failing := outages[source]
		read := snapshot.IsRead(source)
		partly := snapshot.IsPartly(source)
		switch {
		case read && !partly:
			if failing {
				t.endOutage(source, o)
			}
			delete(outages, source)
		case failing:
			o.Runs++
			o.Partly, o.Cause = partly, causeOf(snapshot.Failures[source])
			outages[source] = o
		default:
			outages[source] = outage{Runs: 1, Since: t.in.Now, Partly: partly, Notified: map[string]time.Time{},
				Cause: causeOf(snapshot.Failures[source])}
		}
	}
}

func (t *transition) endOutage(source license.Source, o outage) {
	var heard []string
	for _, channel := range t.knownChannels {
		if _, ok := o.lastToldTo(source, channel, t.undelivered[channel]); ok {
			heard = append(heard, channel)
		}
	}
	change := license.SourceChange{Source: source, Readable: true, Since: o.Since, At: t.in.Now, Runs: o.Runs,
		Partly: o.Partly}
	t.ledger.addOneOff(oneOff{Source: &change}, t.in.Now, heard, nil)
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

// outagesFor gives the sources that stay unread as far as the channel is to be
// told: all of them in a digest.
func (t *telling) outagesFor(channel string, p undelivered) []license.SourceChange {
	var due []license.SourceChange
	for _, source := range t.in.Snapshot.Wanted {
		o, ok := t.ledger.stored.Outages[source]
		if !ok {
			continue
		}
		at, heard := o.lastToldTo(source, channel, p)
		isDue := o.Runs >= runsUntilTold && (!heard || isDueAgain(t.in.Now, at, outagePause))
		if isDue || t.in.Mode == license.ModeDigest {
			due = append(due, license.SourceChange{Source: source, Since: o.Since, Runs: o.Runs, Partly: o.Partly})
		}
	}
	return due
}
