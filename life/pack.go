package life

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"licensewatch/license"
)

// A packed ledger is one of an account with thousands of findings. It is gzip of JSON
// objects, one a line: the ledger without what there is much of, and the parts of that.
// Marks that several channels share are written once, under the channels' names with
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
	// partLength is how many stories or orders are written together.
	partLength = 200
)

// part is some of what there is much of.
type part struct {
	Stories map[string]*story `json:"stories,omitempty"`
	Orders  []license.Order   `json:"orders,omitempty"` // of the previous reading
	Letter  *letter           `json:"letter,omitempty"`

	// Of the last letter.
	Firing []license.Finding `json:"firing,omitempty"`
	Marks  map[string]mark   `json:"marks,omitempty"`
}

// isLarge says whether the ledger will not fit unpacked, without looking closely.
func (b *book) isLarge() bool {
	n := len(b.News) + len(b.Ended)
	for _, s := range b.Stories {
		n += 1 + len(s.Said)
	}
	for _, m := range b.Outbox {
		n += len(m.Report.Firing) + len(m.Report.Unknown) + len(m.Findings)
	}
	if b.Previous.Orders != nil {
		n += len(b.Previous.Orders.List)
	}
	return n > manyThings
}

// pack writes the ledger packed; nil when it is too large.
func (b *book) pack() ([]byte, error) {
	var packed bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed) // the level is one there is
	plain := 0
	write := func(v any) error {
		data, err := marshal(v)
		if err == nil {
			plain += len(data)
			_, err = zip.Write(append(data, '\n'))
		}
		return err
	}
	head := *b
	head.Version, head.Stories, head.Outbox = packedVersion, nil, nil
	if read := b.Previous.Orders; read != nil {
		head.Previous.Orders = &license.Orders{TotalCount: read.TotalCount, Incomplete: read.Incomplete}
	}
	err := write(head)
	for some := range slices.Chunk(keys(b.Stories), partLength) {
		stories := map[string]*story{}
		for _, key := range some {
			shared := *b.Stories[key]
			shared.Said = joined(shared.Said)
			stories[key] = &shared
		}
		err = errors.Join(err, write(part{Stories: stories}))
	}
	if b.Previous.Orders != nil {
		for some := range slices.Chunk(b.Previous.Orders.List, partLength) {
			err = errors.Join(err, write(part{Orders: some}))
		}
	}
	for _, m := range b.Outbox {
		short := *m
		short.Report.Firing, short.Findings = nil, nil
		err = errors.Join(err, write(part{Letter: &short}))
		for some := range slices.Chunk(m.Report.Firing, partLength) {
			err = errors.Join(err, write(part{Firing: some}))
		}
		for some := range slices.Chunk(keys(m.Findings), partLength) {
			marks := map[string]mark{}
			for _, key := range some {
				marks[key] = m.Findings[key]
			}
			err = errors.Join(err, write(part{Marks: marks}))
		}
	}
	if err = errors.Join(err, zip.Close()); err != nil || plain > maxPlain || packed.Len() > roomyBytes {
		return nil, err
	}
	return packed.Bytes(), nil
}

// joined has the marks that channels share once, under all their names.
func joined(marks map[string]*said) map[string]*said {
	channels := map[*said][]string{}
	for _, channel := range keys(marks) {
		channels[marks[channel]] = append(channels[marks[channel]], channel)
	}
	all := make(map[string]*said, len(channels))
	for mark, names := range channels {
		all[strings.Join(names, ",")] = mark
	}
	return all
}

// isPacked says whether data is gzip.
func isPacked(data []byte) bool { return bytes.HasPrefix(data, []byte{0x1f, 0x8b}) }

// unpack reads a packed ledger.
func unpack(data []byte, whole bool) (*Ledger, error) {
	broken := &FormatError{Version: packedVersion, Reason: "its content does not have the form of version 2"}
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, broken
	}
	l := &Ledger{}
	b := &l.book
	decoder := json.NewDecoder(io.LimitReader(zip, maxPlain+1<<20))
	if whole {
		decoder.DisallowUnknownFields()
	}
	if err := decoder.Decode(b); err != nil || b.Version != packedVersion || b.Serial < 0 || b.Serial > maxSerial || slices.Contains(b.Outbox, nil) {
		return nil, broken
	}
	b.Stories = made(b.Stories)
	for {
		var p part
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, broken
		}
		if whole && b.hasAnyOf(p.Stories) {
			return nil, errTwice
		}
		b.addPart(p)
	}
	for _, s := range b.Stories {
		if s != nil {
			s.Said = parted(s.Said)
		}
	}
	l.tidy()
	return l, nil
}

// hasAnyOf says whether there is a story already of one of these.
func (b *book) hasAnyOf(stories map[string]*story) bool {
	for key := range stories {
		if _, taken := b.Stories[key]; taken {
			return true
		}
	}
	return false
}

// addPart takes a part of a packed ledger in.
func (b *book) addPart(p part) {
	maps.Copy(b.Stories, p.Stories)
	if p.Letter != nil {
		b.Outbox = append(b.Outbox, p.Letter)
	}
	if n := len(b.Outbox); n > 0 {
		last := b.Outbox[n-1]
		last.Report.Firing = append(last.Report.Firing, p.Firing...)
		last.Findings = made(last.Findings)
		maps.Copy(last.Findings, p.Marks)
	}
	if b.Previous.Orders != nil {
		b.Previous.Orders.List = append(b.Previous.Orders.List, p.Orders...)
	}
}

// parted undoes joined.
func parted(joined map[string]*said) map[string]*said {
	all := make(map[string]*said, len(joined))
	for names, mark := range joined {
		for channel := range strings.SplitSeq(names, ",") {
			all[channel] = mark
		}
	}
	return all
}
