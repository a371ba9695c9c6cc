package life

import (
	"time"

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
	Runs   int                  `json:"runs"`
	Since  time.Time            `json:"since"`
	Partly bool                 `json:"partly,omitempty"`            // the last run read some of it
	Said   map[string]time.Time `json:"said,omitempty" by:"channel"` // when a channel was last told
}

// observeSources counts the runs that failed, and makes news of sources that can
// be read again.
func (t *turn) observeSources() {
	outages, snapshot := t.ledger.book.Outages, t.in.Snapshot
	for source := range outages {
		if source != unjudged && !snapshot.Wants(source) {
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
			o.Partly = partly
			outages[source] = o
		default:
			outages[source] = outage{Runs: 1, Since: t.in.Now, Partly: partly, Said: map[string]time.Time{}}
		}
	}
}

func (t *turn) endOutage(source license.Source, o outage) {
	var heard []string
	for _, channel := range t.known {
		if _, ok := o.heard(source, channel, t.pending[channel]); ok {
			heard = append(heard, channel)
		}
	}
	change := license.SourceChange{Source: source, Readable: true, Since: o.Since, At: t.in.Now, Runs: o.Runs, Partly: o.Partly}
	t.ledger.addNews(news{Source: &change}, t.in.Now, heard, nil)
}

// heard is when a channel was last told of the outage, what is on its way
// included.
func (o outage) heard(source license.Source, channel string, p pending) (time.Time, bool) {
	if since, ok := p.outages[source]; ok && since.Equal(o.Since) {
		return p.now, true
	}
	at, ok := o.Said[channel]
	return at, ok
}

// outagesFor gives the sources that stay unread as far as the channel is to be
// told: all of them in a digest.
func (t *turn) outagesFor(channel string, p pending) []license.SourceChange {
	var due []license.SourceChange
	for _, source := range t.in.Snapshot.Wanted {
		o, ok := t.ledger.book.Outages[source]
		if !ok {
			continue
		}
		at, heard := o.heard(source, channel, p)
		isDue := o.Runs >= runsUntilTold && (!heard || passed(t.in.Now, at, outagePause))
		if isDue || t.in.Mode == license.ModeDigest {
			due = append(due, license.SourceChange{Source: source, Since: o.Since, Runs: o.Runs, Partly: o.Partly})
		}
	}
	return due
}
