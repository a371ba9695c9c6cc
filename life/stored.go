package life

import (
	"fmt"
	"slices"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// storedLedger is the ledger as it is stored: its parts, whose fields stand beside each
// other. Their names are the format: they stay. The tag by:"channel" is on every map by
// channel and every list of channels.
type storedLedger struct {
	Version int `json:"version"`
	// Serial is the number given last, to a record or a one-off.
	Serial int64 `json:"serial"`
	Owner  Owner `json:"owner,omitzero"`
	channelDirectory
	factLog
	ackList
	outbox
	runLog
	NotificationLog
	Notes
	Exports
	History  HistoryExports `json:"history,omitzero"`
	Evidence Evidence       `json:"evidence,omitzero"`
	PageToSend
	Usage usageByDay `json:"usage,omitempty"`
	// ShortUsage takes its place in the ledger of one of many accounts.
	ShortUsage *shortUsage   `json:"use,omitempty"`
	Previous   Previous      `json:"previous,omitzero"`
	Lapses     lapsesByOrder `json:"lapses,omitempty"`
	Bound      boundByOrder  `json:"bound,omitempty"`
	keptAside
	// Shed: the ledger was too large, and is without the oldest of it.
	Shed bool `json:"shed,omitempty"`
}

// nextSerial gives a number that was not given before. The last one there is, which
// only a made-up ledger comes to, is given for ever.
func (b *storedLedger) nextSerial() int64 {
	b.Serial = min(b.Serial+1, maxSerial)
	return b.Serial
}

// tidy makes maps where there are none and leaves out what makes no sense, so
// that no other code has to ask.
func (b *storedLedger) tidy() {
	b.Version = Version
	b.Owner = Owner{license.Site(text.Cut(string(b.Owner.Site), maxOwner)), text.Cut(b.Owner.Account, maxOwner)}
	b.channelDirectory.tidy()
	b.factLog.tidy()
	b.ackList.tidy()
	b.outbox.tidy()
	b.Runs.Pauses = slices.DeleteFunc(b.Runs.Pauses, func(p runPause) bool { return !p.isSound() })
	b.NotificationLog.tidy()
	b.Notes.tidy()
	b.Exports.tidy()
	b.History.tidy()
	b.Evidence.tidy()
	short := b.ShortUsage
	if b.Usage, b.ShortUsage = b.Usage.sound(), nil; len(b.Usage) == 0 {
		b.Usage = short.long().sound()
	}
	if b.Previous.Orders != nil { // twins of an earlier program
		license.NumberByPlace(b.Previous.Orders.List)
	}
	b.Lapses = orEmpty(b.Lapses)
	b.Bound = b.Bound.sound()
}

func orEmpty[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return m
}

// encode is Ledger.Encode.
func (b *storedLedger) encode() ([]byte, error) {
	w := *b
	w.Version, w.Shed = Version, false
	if !w.isLarge() {
		w.Records = make(map[string]*findingRecord, len(b.Records))
		for key, s := range b.Records {
			w.Records[key] = s.withTold(false)
		}
		data, err := marshal(w)
		if err != nil || len(data) <= roomyBytes {
			return data, err
		}
		w.Records = b.Records
	}
	shedEvidence(&w)
	least := []func(*storedLedger){
		nil, shedHeads, shedToldOneOffs, shedOrders, shedPrevious,
		shedOldest, shedOldest, shedOldest, shedOneOffs, shedOneOffs,
	}
	for _, shed := range least {
		if shed != nil {
			shed(&w)
			w.Shed = true
		}
		if data, err := w.encodePacked(); err != nil || data != nil {
			return data, err
		}
	}
	return nil, fmt.Errorf("the ledger cannot be written: it has more than %d bytes", roomyBytes)
}
