package archive

import (
	"context"
	"errors"
	"io/fs"
	"slices"
)

// maxRecent is how many of the newest records are looked through for one.
const maxRecent = 100

// Recent are the newest records of an account. A try that got no answer may have sealed its record
// after all: Find looks for it among them. They are read once, and as far as they are needed.
type Recent struct {
	store   Store
	account string
	next    *Link // nil: there are no more
	read    []sealedRecord
}

// sealedRecord is a record that is sealed, and by which name.
type sealedRecord struct {
	link     Link
	manifest Manifest
}

// NewRecent are those of the chain that ends with a head; nil: there is none.
func NewRecent(store Store, account string, head *Link) *Recent {
	return &Recent{store: store, account: account, next: head}
}

// Find looks for a record under the names that it may have, and then under later ones, which a
// record gets where newer ones came before it; from is the first of those that counts. The sealed
// record may have more files than this one. The link is nil where it is not sealed.
func (c *Recent) Find(ctx context.Context, r Unsealed, names []string, from string) (*Link, error) {
	files, err := hashContents(r.Files)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !IsRecordName(name) {
			return nil, ErrUnfit
		}
		found, err := c.readRecord(ctx, name)
		if err != nil {
			return nil, err
		}
		if found.isOf(r.RunID, files) {
			return &found.link, nil
		}
	}
	for i := range maxRecent {
		if i == len(c.read) {
			if c.next == nil || c.next.Record < from {
				break
			}
			next, err := c.readRecord(ctx, c.next.Record)
			if err != nil {
				return nil, err
			}
			c.next, c.read = next.manifest.Previous, append(c.read, next)
		}
		if c.read[i].isOf(r.RunID, files) {
			return &c.read[i].link, nil
		}
	}
	return nil, nil //nolint:nilnil // none is no error
}

// readRecord reads a record's manifest; what is none, or is not there, is an empty one.
func (c *Recent) readRecord(ctx context.Context, name string) (sealedRecord, error) {
	data, err := readManifest(ctx, c.store, c.account+"/"+name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errTooLarge) {
		return sealedRecord{}, nil
	}
	if err != nil {
		return sealedRecord{}, err
	}
	m, err := ParseManifest(data)
	if err != nil {
		return sealedRecord{}, nil //nolint:nilerr // it was changed: nobody knows of what it was
	}
	return sealedRecord{Link{Record: name, SHA256: hashOf(data)}, m}, nil
}

// isOf says whether it is the record of the run that holds the files.
func (s *sealedRecord) isOf(runID string, files []File) bool {
	return s.link.Record != "" && s.manifest.RunID == runID && s.manifest.holds(files)
}

// holds says whether the record has all of these files.
func (m *Manifest) holds(files []File) bool {
	return !slices.ContainsFunc(files, func(f File) bool { return !slices.Contains(m.Files, f) })
}
