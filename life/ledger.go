package life

import (
	"time"

	"licensewatch/license"
)

// Version is the format of the ledgers that this package writes and reads.
const Version = 1

// Ledger is what was said to whom, and what is still owed to whom, for one
// account. Make one with New or Decode. It is not safe for concurrent use.
type Ledger struct {
	stored   storedLedger
	channels []string // of the run, from Bind or Plan on
	isBehind bool     // the run's clock is behind that of an earlier run

	words license.Words // the names of channels that many records share
}

// New makes the ledger of an account about which nothing was said yet.
func New() *Ledger {
	l := &Ledger{words: license.Words{}}
	l.tidy()
	return l
}

// storedLedger is the ledger as it is stored. Its names are the format: they stay. The tag
// by:"channel" is on every map by channel and every list of channels.
type storedLedger struct {
	Version int `json:"version"`
	// Serial is the number given last, to a record or a one-off.
	Serial int64 `json:"serial"`
	Owner  Owner `json:"owner,omitzero"`

	// Key is what the identities of the channels are hashed with, and Channels are
	// those that the settings name, or did within the last week, by the names by which
	// everything else here speaks of them.
	Key      string                    `json:"key,omitempty"`
	Channels map[string]*channelRecord `json:"channels,omitempty"`

	Records map[string]*findingRecord `json:"stories,omitempty"` // by finding key
	// EventRecords are the events that are firing, so that one that goes on firing is
	// one event, and those of the last day, so that one that comes again and again
	// is not told each time.
	EventRecords []eventRecord `json:"changes,omitempty"`
	// Ended are the records that ended lately, by finding key.
	Ended map[string]*endedRecord `json:"ended,omitempty"`

	OneOffs []*oneOff                 `json:"news,omitempty"` // oldest first
	Outages map[license.Source]outage `json:"sources,omitempty"`
	Acks    storedAcks                `json:"acks,omitempty"`
	// PastAcks are those that were ended lately, oldest first.
	PastAcks []pastAck `json:"past_acks,omitempty"`

	Outbox []*pendingMessage      `json:"outbox,omitempty"` // oldest first
	Slots  map[string]*digestSlot `json:"slots,omitempty"`  // by trigger and time
	// Event is what woke the last run that decided what to say: trigger and time, or
	// nothing where it has no such name.
	Event string `json:"event,omitempty"`
	// IDs are the messages' ids that were given lately, so that a rerun, whose
	// run has the same id, does not give one to something else.
	IDs map[string]time.Time `json:"ids,omitempty"`
	// Refused is when a channel refused a message for good, if it has accepted
	// none since.
	Refused map[string]time.Time `json:"refused,omitempty" by:"channel"`
	// Failing is since when a channel has accepted nothing that it was sent.
	Failing map[string]time.Time `json:"failing,omitempty" by:"channel"`
	// Dropped counts, by channel, the messages that were given up and of which
	// the channel was not told yet.
	Dropped map[string]int `json:"dropped,omitempty" by:"channel"`

	Clock clockRecord `json:"clock,omitzero"`
	// Runs are the last runs, and Watched the sources that the last one asked for.
	Runs    RunHistory       `json:"runs,omitzero"`
	Watched []license.Source `json:"watched,omitempty"`
	// Digests are, by channel, the last digest that it accepted.
	Digests map[string]*acceptedDigest `json:"digests,omitempty" by:"channel"`
	NotificationLog

	Notes
	Exports
	History  HistoryExports `json:"history,omitzero"`
	Evidence Evidence       `json:"evidence,omitzero"`
	// Usage is how many licenses were in use, by day; oldest first.
	Usage    []dailyUsage `json:"usage,omitempty"`
	Previous Previous     `json:"previous,omitzero"`
	// Lapses are the orders whose end was seen, by Order.Key.
	Lapses map[string]license.Lapse `json:"lapses,omitempty"`
	// Bound are the machines of orders that end soon or have ended, by Order.Key, as they
	// were when they were last seen: at the end they are unbound.
	Bound map[string]license.BoundMachines `json:"bound,omitempty"`
	// Aside is where an earlier ledger that could not be read was kept, and what stood in
	// the memory's way: names divided by spaces, until somebody was told.
	Aside string `json:"aside,omitempty"`
	// Shed: the ledger was too large, and is without the oldest of it.
	Shed bool `json:"shed,omitempty"`
	// ClearAside is when something that is kept aside is to be removed.
	ClearAside time.Time `json:"clear_aside,omitzero"`
}

// digestSlot is one scheduled digest. It is known by trigger and time, which are the
// same when the platform runs the event again.
type digestSlot struct {
	At       time.Time `json:"at"`
	Accepted []string  `json:"accepted,omitempty" by:"channel"` // the channels that took the digest
}

// nextSerial gives a number that was not given before. The last one there is, which
// only a made-up ledger comes to, is given for ever.
func (l *Ledger) nextSerial() int64 {
	l.stored.Serial = min(l.stored.Serial+1, maxSerial)
	return l.stored.Serial
}
