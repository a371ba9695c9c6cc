package life

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
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
	Twice   bool   // it holds something twice, and only DecodeWhole refuses it
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
func Decode(data []byte) (*Ledger, error) { return decodeLedger(data, false) }

// DecodeWhole reads a ledger as Decode does, and refuses one that holds what this
// program does not know, or something twice: written back, it would have lost that.
func DecodeWhole(data []byte) (*Ledger, error) { return decodeLedger(data, true) }

func decodeLedger(data []byte, whole bool) (*Ledger, error) {
	if len(data) > maxBytes {
		return nil, &FormatError{Reason: fmt.Sprintf("it has %d bytes, at most %d are read", len(data), maxBytes)}
	}
	l, err := decodeContent(data, false)
	if err != nil || !whole {
		return l, err
	}
	switch _, err := decodeContent(data, true); {
	case hasDuplicateKey(data), errors.Is(err, errDuplicateKey):
		return nil, errDuplicateKey
	case err != nil:
		return nil, errUnknownContent
	default:
		return l, nil
	}
}

func decodeContent(data []byte, whole bool) (*Ledger, error) {
	if isPacked(data) {
		return decodePacked(data, whole)
	}
	l := &Ledger{}
	if whole {
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		return l, decoder.Decode(&l.stored)
	}
	if err := json.Unmarshal(data, &l.stored); err != nil || l.stored.Version != Version || l.stored.Serial < 0 ||
		l.stored.Serial > maxSerial {
		return nil, formatError(data)
	}
	l.stored.tidy()
	return l, nil
}

// errUnknownContent is a ledger of which something is not known.
var errUnknownContent = &FormatError{Version: Version, Other: true,
	Reason: "another version of this program wrote it, with more in it than this one knows"}

// formatError is why data is no ledger.
func formatError(data []byte) *FormatError {
	var head struct {
		Version *int `json:"version"`
	}
	switch err := json.Unmarshal(data, &head); {
	case err != nil || head.Version == nil:
		return &FormatError{Reason: "it is no JSON object with a version"}
	case *head.Version != Version:
		return &FormatError{Version: *head.Version, Other: true,
			Reason: fmt.Sprintf("it has version %d, this program knows version %d", *head.Version, Version)}
	default:
		return &FormatError{Version: Version, Reason: "its content does not have the form of version 1"}
	}
}

// marshal writes a part of the ledger. A value in it that cannot be written is left out.
func marshal(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		data, err = json.Marshal(encodable(reflect.ValueOf(v)).Interface())
	}
	if err != nil {
		return nil, fmt.Errorf("the ledger cannot be written: %w", err)
	}
	return data, nil
}

// shedEvidence leaves out why the findings fire; no message shows it.
func shedEvidence(b *storedLedger) {
	editOutbox(b, func(m *pendingMessage) {
		m.Report.Firing = withoutEvidence(m.Report.Firing)
		m.Report.Unknown = withoutEvidence(m.Report.Unknown)
	})
}

// shedHeads leaves out what was said, which only people ask for.
func shedHeads(b *storedLedger) { b.NotificationLog.Stored = nil }

// shedToldOneOffs leaves out what is over and what has happened, where alerts have told it and
// only the next digest would list it, or other findings tell of it.
func shedToldOneOffs(b *storedLedger) {
	b.OneOffs = slices.DeleteFunc(slices.Clone(b.OneOffs),
		func(n *oneOff) bool {
			return len(n.Tell) == 0 && (n.Resolved != nil || n.Event != nil) || n.Superseded != nil
		})
}

// shedOrders leaves out the list of the orders that end next.
func shedOrders(b *storedLedger) {
	editOutbox(b, func(m *pendingMessage) {
		if read := m.Report.Snapshot.Orders; read != nil {
			m.Report.Snapshot.Orders = &license.Orders{TotalCount: read.TotalCount, Incomplete: read.Incomplete}
		}
	})
}

// shedPrevious leaves out what the orders were: changes of orders are not seen
// until they were read again.
func shedPrevious(b *storedLedger) { b.Previous.Orders = nil }

// shedOldest leaves out the older half of the messages that are owed. They mark nothing
// as told: the next run says it anew.
func shedOldest(b *storedLedger) { b.Outbox = b.Outbox[(len(b.Outbox)+1)/2:] }

// shedOneOffs leaves out the older half of what is told once.
func shedOneOffs(b *storedLedger) { b.OneOffs = b.OneOffs[(len(b.OneOffs)+1)/2:] }

// editOutbox changes copies of the pending messages.
func editOutbox(b *storedLedger, edit func(*pendingMessage)) {
	copies := make([]*pendingMessage, len(b.Outbox))
	for i, original := range b.Outbox {
		changed := *original
		edit(&changed)
		copies[i] = &changed
	}
	b.Outbox = copies
}
