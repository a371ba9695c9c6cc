package ledgers

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// Packer compresses what is much alike, by a dictionary. Each of its writers holds a megabyte, each
// of its readers 40 KB.
type Packer struct {
	dictionary       []byte
	writers, readers sync.Pool
}

type reader interface {
	io.Reader
	flate.Resetter
}

// NewPacker makes a packer of a dictionary, which may be nil.
func NewPacker(dictionary []byte) *Packer { return &Packer{dictionary: dictionary} }

// Pack compresses data.
func (p *Packer) Pack(data []byte) []byte {
	var packed bytes.Buffer
	w, ok := p.writers.Get().(*flate.Writer)
	if !ok {
		w, _ = flate.NewWriterDict(&packed, flate.DefaultCompression, p.dictionary) // the level is one there is
	}
	defer p.writers.Put(w)
	w.Reset(&packed)
	_, _ = w.Write(data) // a buffer takes it
	_ = w.Close()
	return packed.Bytes()
}

// errTooLarge refuses what is larger than a ledger may be.
var errTooLarge = errors.New("it is too large")

// Unpack gives back what was packed with the same dictionary, of at most so many bytes.
func (p *Packer) Unpack(data []byte, most int64) ([]byte, error) {
	if data == nil {
		return nil, errBroken
	}
	source := bytes.NewReader(data)
	r, ok := p.readers.Get().(reader)
	if !ok {
		r, _ = flate.NewReader(source).(reader) // as its documentation says
	}
	defer p.readers.Put(r)
	_ = r.Reset(source, p.dictionary)
	plain := bytes.NewBuffer(make([]byte, 0, len(p.dictionary)+bytes.MinRead)) // it is as long as others
	_, err := plain.ReadFrom(io.LimitReader(r, most+1))
	if err == nil && int64(plain.Len()) > most {
		err = errTooLarge
	}
	return plain.Bytes(), err
}
