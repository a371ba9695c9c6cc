package records

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"licensewatch/archive"
)

// entry is a record as it is held.
type entry struct {
	name       string // without the account's folder; of a run's own reading its label
	at         time.Time
	site       string
	hash       string        // of its manifest
	previous   *archive.Link // that it follows
	missing    []string      // records that it says were never sealed
	defect     string        // what is wrong with it; empty: nothing is
	isUnsealed bool          // it has no manifest

	packed []byte
	sizes  [parts]int // of its files, which follow each other; 0: it has none
}

// The files of a record that a report has, in the order in which they are held.
const (
	partFindings = iota
	partMessages
	partReading
	partMachines
	parts
)

var partNames = [parts]string{archive.FindingsName, archive.MessagesName, archive.ReadingName, archive.MachinesName}

// maxFile bounds a file that is read; a reading of 10,000 orders has some 3 MB.
const maxFile = 12 << 20

func sortedEntries(entries []*entry) []*entry {
	slices.SortFunc(entries, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	return entries
}

// readDay reads the records of a day: of the newest that has one the reading, of the others
// what was found and said.
func (r *Records) readDay(ctx context.Context, account string, day time.Time) ([]*entry, error) {
	folder := day.Format("2006/01/02")
	names, err := r.options.Store.List(ctx, account+"/"+folder)
	if err != nil {
		return nil, err
	}
	var entries []*entry
	hasReading := false
	for _, name := range slices.Backward(names) {
		record := folder + "/" + strings.TrimSuffix(name, "/")
		if !strings.HasSuffix(name, "/") || !archive.IsRecordName(record) {
			continue
		}
		e, err := r.readRecord(ctx, account, record, !hasReading)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
		hasReading = hasReading || e.defect == "" && e.sizes[partReading] > 0
	}
	return entries, nil
}

// readRecord reads a record. The error is that of the store; what is wrong with the record is
// in the entry.
func (r *Records) readRecord(ctx context.Context, account, name string, wantsReading bool) (*entry, error) {
	e := &entry{name: name, at: archive.Link{Record: name}.At()}
	m, hash, err := archive.ReadManifest(ctx, r.options.Store, account, name)
	switch {
	case errors.Is(err, archive.ErrNotSealed), errors.Is(err, archive.ErrNoRecord):
		e.isUnsealed = true
		return e, nil
	case errors.Is(err, archive.ErrChanged):
		e.defect = "manifest.json: " + string(archive.Changed)
		return e, nil
	case err != nil:
		return nil, err
	}
	e.site, e.hash, e.previous = m.Site, hash, m.Previous
	for _, missing := range m.Missing {
		if archive.IsRecordName(missing.Name) {
			e.missing = append(e.missing, missing.Name)
		}
	}
	files := partNames[:]
	if !wantsReading {
		files = partNames[:partReading]
	}
	size := sizeOf(&m, files)
	if !r.reserveRoom(size) {
		return nil, ErrRoom
	}
	defer r.releaseRoom(size)
	var plain bytes.Buffer
	plain.Grow(size)
	for part, file := range files {
		n, problem, err := r.readFile(ctx, &m, file, &plain)
		if err != nil {
			return nil, err
		}
		if problem != "" {
			e.defect, e.sizes = file+": "+problem, [parts]int{}
			return e, nil
		}
		e.sizes[part] = n
	}
	if !r.holdPacked(e, plain.Bytes()) {
		return nil, ErrRoom
	}
	return e, nil
}

// sizeOf is how many bytes are read of those files of a record.
func sizeOf(m *archive.Manifest, files []string) (size int) {
	for _, f := range m.Files {
		if slices.Contains(files, f.Name) && f.Size <= maxFile {
			size += int(f.Size)
		}
	}
	return size
}

// readFile appends a file of a record, and says how long it is; 0 where the record has none.
func (r *Records) readFile(ctx context.Context, m *archive.Manifest, name string,
	to *bytes.Buffer) (n int, problem string, err error) {
	i := slices.IndexFunc(m.Files, func(f archive.File) bool { return f.Name == name })
	if i < 0 {
		return 0, "", nil
	}
	if m.Files[i].Size > maxFile {
		return 0, "larger than is read", nil
	}
	before := to.Len()
	err = m.CopyFile(ctx, r.options.Store, name, to)
	if errors.Is(err, archive.ErrChanged) {
		return 0, string(archive.Changed), nil
	}
	return to.Len() - before, "", err
}
