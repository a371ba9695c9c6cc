package life

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"licensewatch/license"
)

// A packed ledger is one of an account with thousands of findings. It is gzip of JSON
// objects, one a line: the ledger without what there is much of, and the parts of that.
// Notifications that several channels share are written once, under the channels' names with
// commas between them. "gzip -dc ledger.json" shows it to people.

const (
	// packedVersion is the version that it says it has: earlier programs, which do not
	// know the form, refuse it.
	packedVersion = 2
	// maxPlain is how much of it is read, unpacked.
	maxPlain = 64 << 20
	// manyThings is how many things a ledger holds that is packed at once; one with fewer
	// is when it does not fit.
	manyThings = 10_000
	// partLength is how many records or orders are written together.
	partLength = 50
)

// packedPart is some of what there is much of.
type packedPart struct {
	Records map[string]*findingRecord `json:"stories,omitempty"`
	Orders  []license.Order           `json:"orders,omitempty"` // of the previous reading
	Message *pendingMessage           `json:"letter,omitempty"`

	// Of the last pending message.
	Firing        []license.Finding        `json:"firing,omitempty"`
	Notifications map[string]*notification `json:"marks,omitempty"`
}

// isLarge says whether the ledger will not fit unpacked, without looking closely.
func (b *storedLedger) isLarge() bool {
	n := len(b.OneOffs) + len(b.Ended)
	for _, s := range b.Records {
		n++
		for _, alike := range s.Notified {
			n += 1 + strings.Count(alike.names, ",")
		}
	}
	for _, m := range b.Outbox {
		n += len(m.Report.Firing) + len(m.Report.Unknown) + len(m.Findings)
	}
	if b.Previous.Orders != nil {
		n += len(b.Previous.Orders.List)
	}
	return n > manyThings
}

// encodePacked writes the ledger packed; nil when it is too large.
func (b *storedLedger) encodePacked() ([]byte, error) {
	var packed bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed) // the level is one there is
	plain := &countingWriter{to: zip}
	lines := json.NewEncoder(plain)
	write := func(v any) error {
		err := lines.Encode(v)
		if err != nil { // nothing was written
			err = lines.Encode(encodable(reflect.ValueOf(v)).Interface())
		}
		return err
	}
	err := b.writeHead(plain)
	for some := range slices.Chunk(sortedKeys(b.Records), partLength) {
		records := map[string]*findingRecord{}
		for _, key := range some {
			records[key] = b.Records[key].withTold(true)
		}
		err = errors.Join(err, write(packedPart{Records: records}))
	}
	if b.Previous.Orders != nil {
		for some := range slices.Chunk(b.Previous.Orders.List, partLength) {
			err = errors.Join(err, write(packedPart{Orders: some}))
		}
	}
	for _, m := range b.Outbox {
		err = errors.Join(err, m.writeMessage(plain))
		for some := range slices.Chunk(m.Report.Firing, partLength) {
			err = errors.Join(err, write(packedPart{Firing: some}))
		}
		for some := range slices.Chunk(sortedKeys(m.Findings), partLength) {
			marks := map[string]*notification{}
			for _, key := range some {
				marks[key] = m.Findings[key]
			}
			err = errors.Join(err, write(packedPart{Notifications: marks}))
		}
	}
	if err = errors.Join(err, zip.Close()); err != nil || plain.count > maxPlain || packed.Len() > roomyBytes {
		return nil, err
	}
	return packed.Bytes(), nil
}

// writeHead writes the ledger without what there is much of.
func (b *storedLedger) writeHead(plain io.Writer) error {
	head := *b
	head.Version, head.Records, head.Outbox, head.OneOffs = packedVersion, nil, nil, nil
	head.Lapses, head.Ended = nil, nil
	if read := b.Previous.Orders; read != nil {
		head.Previous.Orders = &license.Orders{TotalCount: read.TotalCount, Incomplete: read.Incomplete}
	}
	text, err := marshal(head)
	if err != nil {
		return err
	}
	lapsed, ended := sortedKeys(b.Lapses), sortedKeys(b.Ended)
	return writeWithFields(plain, text, "\n",
		manyElements{name: "news", n: len(b.OneOffs), element: func(i int) any { return b.OneOffs[i] }},
		manyElements{name: "lapses", n: len(lapsed), keys: lapsed,
			element: func(i int) any { return b.Lapses[lapsed[i]] }},
		manyElements{name: "ended", n: len(ended), keys: ended,
			element: func(i int) any { return b.Ended[ended[i]] }})
}

// writeMessage writes a pending message without the findings that fire, and what accepting it
// means for them.
func (m *pendingMessage) writeMessage(plain io.Writer) error {
	frame := struct {
		pendingMessage
		Report *struct{} `json:"report,omitempty"` // in place of the message's
	}{pendingMessage: *m}
	frame.pendingMessage.Report, frame.Findings = license.Report{}, nil
	report := struct {
		license.Report
		// In place of the report's.
		Resolved   *struct{} `json:",omitempty"`
		Superseded *struct{} `json:",omitempty"`
	}{Report: m.Report}
	report.Firing = nil
	text, err := marshal(frame)
	if err != nil {
		return err
	}
	reportText, err := marshal(report)
	if err != nil {
		return err
	}
	text = slices.Concat([]byte(`{"letter":`), text[:len(text)-1], []byte(`,"report":`), reportText)
	list := func(name string, over []license.Resolved) manyElements {
		return manyElements{name: name, n: len(over), element: func(i int) any { return over[i] }}
	}
	return writeWithFields(plain, text, "}}\n",
		list("Resolved", m.Report.Resolved), list("Superseded", m.Report.Superseded))
}

// manyElements is a field of an object, of which there is much: a list, or with keys an object. Its
// elements are made text one by one: all of 10,000 take several megabytes.
type manyElements struct {
	name    string
	n       int
	keys    []string // of each element
	element func(i int) any
}

// writeWithFields writes an object that has these fields besides, where they are not empty, and what
// follows it.
func writeWithFields(plain io.Writer, object []byte, end string, fields ...manyElements) error {
	text := object[:len(object)-1]
	for _, field := range fields {
		before, after := `,"`+field.name+`":[`, "]"
		if field.keys != nil {
			before, after = `,"`+field.name+`":{`, "}"
		}
		for i := range field.n {
			one, err := marshal(field.element(i))
			if err == nil && field.keys != nil {
				var key []byte
				key, err = marshal(field.keys[i])
				one = slices.Concat(key, []byte(":"), one)
			}
			if err != nil {
				return err
			}
			_, _ = plain.Write(append(text, before...)) // what it is written to takes everything
			text, before = one, ","
		}
		if field.n > 0 {
			text = append(text, after...)
		}
	}
	_, err := plain.Write(append(text, "}"+end...))
	return err
}

// countingWriter counts what is written.
type countingWriter struct {
	to    io.Writer
	count int
}

func (w *countingWriter) Write(data []byte) (int, error) {
	w.count += len(data)
	return w.to.Write(data)
}

// isPacked says whether data is gzip.
func isPacked(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }

// decodePacked reads a packed ledger.
func decodePacked(data []byte, whole bool) (*Ledger, error) {
	broken := &FormatError{Version: packedVersion, Reason: "its content does not have the form of version 2"}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, broken
	}
	l := &Ledger{}
	l.stored.Words = license.Words{}
	b := &l.stored
	decoder := json.NewDecoder(io.LimitReader(zip, maxPlain+1<<20))
	if whole {
		decoder.DisallowUnknownFields()
	}
	if err := decoder.Decode(b); err != nil || b.Version != packedVersion || b.Serial < 0 || b.Serial > maxSerial ||
		slices.Contains(b.Outbox, nil) {
		return nil, broken
	}
	b.Records = orEmpty(b.Records)
	for {
		var p packedPart
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, broken
		}
		if whole && b.hasAnyRecord(p.Records) {
			return nil, errDuplicateKey
		}
		p.share(l.stored.Words)
		b.addPart(p)
	}
	l.stored.tidy()
	return l, nil
}

// hasAnyRecord says whether there is a record already of one of these.
func (b *storedLedger) hasAnyRecord(records map[string]*findingRecord) bool {
	for key := range records {
		if _, taken := b.Records[key]; taken {
			return true
		}
	}
	return false
}

// share has the part hold what the parts before it say as they do.
func (p *packedPart) share(words license.Words) {
	for _, s := range p.Records {
		if s != nil {
			s.Rule = words.Once(s.Rule)
			s.holdTold(words)
		}
	}
	for i := range p.Orders {
		words.ShareTags(&p.Orders[i])
	}
}

// addPart takes a part of a packed ledger in.
func (b *storedLedger) addPart(p packedPart) {
	maps.Copy(b.Records, p.Records)
	if p.Message != nil {
		b.Outbox = append(b.Outbox, p.Message)
	}
	if n := len(b.Outbox); n > 0 {
		last := b.Outbox[n-1]
		last.Report.Firing = append(last.Report.Firing, p.Firing...)
		last.Findings = orEmpty(last.Findings)
		maps.Copy(last.Findings, p.Notifications)
	}
	if b.Previous.Orders != nil {
		b.Previous.Orders.List = append(b.Previous.Orders.List, p.Orders...)
	}
}
