package life

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"

	"licensewatch/license"
)

const (
	// maxBytes is the size of the largest ledger that is read.
	maxBytes = 4 << 20
	// roomyBytes is the size up to which everything is kept.
	roomyBytes = 3 << 20
	// maxSerial is beyond what can be counted to.
	maxSerial = 1 << 53
)

// FormatError is a ledger that cannot be read: keep its bytes aside and go on
// with New.
type FormatError struct {
	Version int    // the version it says it has; 0 when that could not be read
	Reason  string // what is wrong, without anything of what it holds
	Other   bool   // another version of this program wrote it
}

// Error says what is wrong.
func (e *FormatError) Error() string { return "the ledger cannot be read: " + e.Reason }

// Prepare teaches the JSON package the ledger's form, which otherwise the first
// Decode and the first Encode of a process do: a millisecond, to be spent while a
// store is waited for.
func Prepare() {
	prepare()
}

var prepare = sync.OnceFunc(func() {
	data, err := New().Encode()
	if err == nil {
		_, _ = Decode(data)
	}
})

// Decode reads a ledger. The error is a *FormatError. Anything may be in data:
// what makes no sense is an error or is left out, and nothing panics later.
func Decode(data []byte) (*Ledger, error) {
	if len(data) > maxBytes {
		return nil, &FormatError{Reason: fmt.Sprintf("it has %d bytes, at most %d are read", len(data), maxBytes)}
	}
	l := &Ledger{}
	if err := json.Unmarshal(data, &l.book); err != nil || l.book.Version != Version || l.book.Serial < 0 || l.book.Serial > maxSerial {
		return nil, formatError(data)
	}
	l.tidy()
	return l, nil
}

// DecodeWhole reads a ledger as Decode does, and refuses one that holds what this
// program does not know: written back, it would have lost that.
func DecodeWhole(data []byte) (*Ledger, error) {
	l, err := Decode(data)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&book{}) != nil {
		return nil, &FormatError{Version: Version, Other: true, Reason: "another version of this program wrote it, with more in it than this one knows"}
	}
	return l, nil
}

// formatError is why data is no ledger.
func formatError(data []byte) *FormatError {
	var head struct {
		Version *int `json:"version"`
	}
	switch err := json.Unmarshal(data, &head); {
	case err != nil || head.Version == nil:
		return &FormatError{Reason: "it is no JSON object with a version"}
	case *head.Version != Version:
		return &FormatError{Version: *head.Version, Other: true, Reason: fmt.Sprintf("it has version %d, this program knows version %d", *head.Version, Version)}
	default:
		return &FormatError{Version: Version, Reason: "its content does not have the form of version 1"}
	}
}

// Encode writes the ledger. One that has grown too large to be stored is written
// without what is missed least, in this order: the conditions behind the
// findings in the outbox, the heads of earlier messages, the orders in the
// outbox's snapshots, the previous reading of the orders. The ledger itself stays as it is.
func (l *Ledger) Encode() ([]byte, error) {
	b := l.book
	b.Version = Version
	for _, shed := range []func(*book){nil, shedEvidence, shedHeads, shedOrders, shedPrevious} {
		if shed != nil {
			shed(&b)
		}
		data, err := json.Marshal(b)
		if err != nil { // a value in it cannot be written
			data, err = json.Marshal(encodable(reflect.ValueOf(b)).Interface())
		}
		if err != nil {
			return nil, fmt.Errorf("the ledger cannot be written: %w", err)
		}
		if len(data) <= roomyBytes {
			return data, nil
		}
	}
	return nil, fmt.Errorf("the ledger cannot be written: it has more than %d bytes", roomyBytes)
}

// shedEvidence leaves out why the findings fire; no message shows it.
func shedEvidence(b *book) {
	b.editOutbox(func(letter *letter) {
		letter.Report.Firing = withoutEvidence(letter.Report.Firing)
		letter.Report.Unknown = withoutEvidence(letter.Report.Unknown)
	})
}

// shedHeads leaves out what was said, which only people ask for.
func shedHeads(b *book) { b.Heads = nil }

// shedOrders leaves out the list of the orders that end next.
func shedOrders(b *book) {
	b.editOutbox(func(letter *letter) {
		if read := letter.Report.Snapshot.Orders; read != nil {
			letter.Report.Snapshot.Orders = &license.Orders{TotalCount: read.TotalCount, Incomplete: read.Incomplete}
		}
	})
}

// shedPrevious leaves out what the orders were: changes of orders are not seen
// until they were read again.
func shedPrevious(b *book) { b.Previous.Orders = nil }

// editOutbox changes copies of the letters.
func (b *book) editOutbox(edit func(*letter)) {
	copies := make([]*letter, len(b.Outbox))
	for i, original := range b.Outbox {
		changed := *original
		edit(&changed)
		copies[i] = &changed
	}
	b.Outbox = copies
}
