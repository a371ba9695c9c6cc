package handler

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"licensewatch/archive"
)

const (
	// maxWaiting is how large the records that wait may be together, packed: they are one
	// object of the store.
	maxWaiting = 3 << 20
	// maxUnpacked is how large the files of one may be, and maxHeader what stands before them.
	maxUnpacked = 24 << 20
	maxHeader   = 256 << 10
	// maxWaitingExport is how large an exported file may be that waits with its record.
	maxWaitingExport = 1 << 20
)

// waitingRecord is what stands before the files of a record that waits in the store to be
// sealed. Records wait packed, each in a gzip of its own behind the others: only the one whose
// turn it is is unpacked, and none is packed twice.
type waitingRecord struct {
	Account string            `json:"account"`
	Site    string            `json:"site"`
	RunID   string            `json:"run_id"`
	At      time.Time         `json:"at"`
	Program archive.Program   `json:"program"`
	Mode    string            `json:"mode"`
	Files   []waitingFile     `json:"files"` // they follow in this order
	Missing []archive.Missing `json:"missing"`
}

type waitingFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes
}

// addWaiting adds a record to those that wait. When they are too large, the oldest are left
// out, and the new one says so.
func addWaiting(packed []byte, record archive.Unsealed) ([]byte, error) {
	for dropped := 0; ; dropped++ {
		last, err := packRecord(record, dropped)
		if err != nil {
			return nil, err
		}
		if len(packed)+len(last) <= maxWaiting {
			return append(packed[:len(packed):len(packed)], last...), nil
		}
		if len(packed) == 0 {
			return nil, errors.New("the record is too large to wait for the archive")
		}
		_, packed, _ = unpackFirst(packed) // of what cannot be read nothing is left
	}
}

// keepTried gives a record the name under which its sealing was tried, and where it cannot wait
// with all of its files the next one: a file that it does without may lie there.
func keepTried(record archive.Unsealed, tried archive.Link) archive.Unsealed {
	if tried.Record == "" {
		return record
	}
	record.At = tried.At()
	if slices.ContainsFunc(record.Files, func(c archive.Content) bool { return isExport(c.Name) && !canWait(c.Size) }) {
		record.At = record.At.Add(time.Second)
		record.Missing = append(slices.Clip(record.Missing), archive.Missing{Name: tried.Record, Reason: "not sealed"})
	}
	return record
}

// noteTried keeps the name under which the first of the records that wait was tried this time, where
// it is another one: parts of it may lie there.
func noteTried(packed, rest []byte, first archive.Unsealed, tried archive.Link) []byte {
	const most = 10
	names := triedNames(first)
	if tried.Record == "" || slices.Contains(names, tried.Record) || len(names) > most {
		return packed
	}
	first.Missing = append(slices.Clip(first.Missing), archive.Missing{Name: tried.Record, Reason: "not sealed"})
	again, err := packRecord(first, 0)
	if err != nil {
		return packed
	}
	return slices.Concat(again, rest)
}

// packRecord packs a record. dropped is how many of those before it could not wait.
func packRecord(r archive.Unsealed, dropped int) ([]byte, error) {
	waiting := waitingRecord{Account: r.Account, Site: r.Site, RunID: r.RunID, At: r.At, Program: r.Program,
		Mode:    r.Mode,
		Missing: append([]archive.Missing{}, r.Missing...)}
	if dropped > 0 {
		waiting.Missing = append(waiting.Missing, archive.Missing{Name: "record",
			Reason: countNoun(dropped, "record before it", "records before it") +
				" could not wait: there is too little room"})
	}
	var files []io.Reader
	size := int64(0)
	for _, c := range r.Files {
		if isExport(c.Name) && !canWait(c.Size) {
			waiting.Missing = append(waiting.Missing,
				archive.Missing{Name: c.Name, Reason: "too large to wait for the archive"})
			continue
		}
		waiting.Files = append(waiting.Files, waitingFile{c.Name, c.Size})
		files, size = append(files, io.NewSectionReader(c.Data, 0, c.Size)), size+c.Size
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if err := json.NewEncoder(zip).Encode(waiting); err != nil {
		return nil, err
	}
	if n, err := io.Copy(zip, io.MultiReader(files...)); err != nil || n != size || size > maxUnpacked {
		return nil, errors.Join(err, errors.New("the record cannot wait for the archive"))
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// canWait says whether an exported file of so many bytes can wait with its record.
func canWait(size int64) bool { return size <= maxWaitingExport }

// isExport says whether a file of a record is an exported one.
func isExport(name string) bool { return strings.HasPrefix(name, "export/") }

// unpackFirst reads the first of the records that wait. rest are those after it; none where
// nobody can tell any more where they begin.
func unpackFirst(packed []byte) (record archive.Unsealed, rest []byte, err error) {
	source := bytes.NewReader(packed)
	zip, err := gzip.NewReader(source)
	if err != nil {
		return record, nil, err
	}
	zip.Multistream(false)
	content := io.LimitedReader{R: zip, N: maxHeader + maxUnpacked}
	record, err = readWaiting(bufio.NewReaderSize(&content, maxHeader))
	if _, end := io.Copy(io.Discard, &content); end != nil || content.N == 0 {
		return record, nil, errors.New("what waits was damaged")
	}
	return record, packed[len(packed)-source.Len():], err
}

// readWaiting reads an unpacked record.
func readWaiting(content *bufio.Reader) (record archive.Unsealed, err error) {
	line, err := content.ReadSlice('\n')
	if err != nil {
		return record, err
	}
	var waiting waitingRecord
	if err := json.Unmarshal(line, &waiting); err != nil {
		return record, err
	}
	record = archive.Unsealed{Account: waiting.Account, Site: waiting.Site, RunID: waiting.RunID, At: waiting.At,
		Program: waiting.Program, Mode: waiting.Mode, Missing: waiting.Missing}
	left := int64(maxUnpacked)
	for _, file := range waiting.Files {
		if left -= file.Size; file.Size < 0 || left < 0 {
			return record, errors.New("a record that waits is larger than it may be")
		}
		data := make([]byte, file.Size)
		if _, err := io.ReadFull(content, data); err != nil {
			return record, err
		}
		record.Files = append(record.Files, archive.Bytes(file.Name, data))
	}
	return record, nil
}
