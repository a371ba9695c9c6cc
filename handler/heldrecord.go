package handler

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"licensewatch/archive"
	"licensewatch/ledgers"
)

// heldRecords holds the records of accounts until everybody was told: packed, since there may
// be thousands, which are much alike.
type heldRecords struct {
	mutex  sync.Mutex // one is made at a time, which takes more memory than what is left of it
	packer *ledgers.Packer
}

// heldRecord is the record of an account, packed.
type heldRecord struct {
	files   []waitingFile // they follow each other
	missing []archive.Missing
	packed  []byte
	packer  *ledgers.Packer
}

// maxHeldDictionary is as much as the packer looks back.
const maxHeldDictionary = 32 << 10

// hold packs a record, under the lock. The first one of an account that was read is the
// dictionary of those that follow.
func (h *heldRecords) hold(r archive.Unsealed, isRead bool) (*heldRecord, error) {
	held := &heldRecord{missing: r.Missing}
	var plain bytes.Buffer
	for _, c := range r.Files {
		if _, err := plain.ReadFrom(io.NewSectionReader(c.Data, 0, c.Size)); err != nil {
			return nil, err
		}
		held.files = append(held.files, waitingFile{c.Name, c.Size})
	}
	held.packer = h.packer
	switch {
	case held.packer == nil && isRead:
		h.packer = ledgers.NewPacker(bytes.Clone(plain.Bytes()[:min(plain.Len(), maxHeldDictionary)]))
		held.packer = h.packer
	case held.packer == nil:
		held.packer = ledgers.NewPacker(nil)
	}
	held.packed = held.packer.Pack(plain.Bytes())
	return held, nil
}

// addTo unpacks the files into a record.
func (h *heldRecord) addTo(r *archive.Unsealed) error {
	size := int64(0)
	for _, f := range h.files {
		size += f.Size
	}
	plain, err := h.packer.Unpack(h.packed, size)
	if err != nil || int64(len(plain)) != size {
		return errors.Join(err, errors.New("the record of an account cannot be unpacked"))
	}
	for _, f := range h.files {
		r.Files = append(r.Files, archive.Bytes(f.Name, plain[:f.Size:f.Size]))
		plain = plain[f.Size:]
	}
	r.Missing = append(r.Missing, h.missing...)
	return nil
}
