package handler

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"licensewatch/archive"
)

const (
	// maxWaiting is how large the records that wait may be together, packed: they are one
	// object of the store.
	maxWaiting = 3 << 20
	// maxUnpacked is how large they may be when they are read.
	maxUnpacked = 48 << 20
	// maxWaitingExport is how large an exported file may be that waits with its record.
	maxWaitingExport = 1 << 20
)

// waitingRecord is a record that waits in the store to be sealed.
type waitingRecord struct {
	Account string            `json:"account"`
	Site    string            `json:"site"`
	RunID   string            `json:"run_id"`
	At      time.Time         `json:"at"`
	Program archive.Program   `json:"program"`
	Mode    string            `json:"mode"`
	Files   []waitingFile     `json:"files"`
	Missing []archive.Missing `json:"missing"`
}

type waitingFile struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// packRecords packs records that wait. When they are too large, the oldest are left out, and
// the next one says so.
func packRecords(records []archive.Unsealed) ([]byte, error) {
	dropped := 0
	for ; len(records) > 0; records = records[1:] {
		packed, err := packAll(records, dropped)
		if err != nil || len(packed) <= maxWaiting {
			return packed, err
		}
		dropped++
	}
	return nil, errors.New("the record is too large to wait for the archive")
}

func packAll(records []archive.Unsealed, dropped int) ([]byte, error) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	lines := json.NewEncoder(zip)
	for i, record := range records {
		waiting, err := newWaitingRecord(record)
		if err != nil {
			return nil, err
		}
		if i == 0 && dropped > 0 {
			waiting.Missing = append(waiting.Missing, archive.Missing{Name: "record",
				Reason: countNoun(dropped, "record before it", "records before it") + " could not wait: there is too little room"})
		}
		if err := lines.Encode(waiting); err != nil {
			return nil, err
		}
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

func newWaitingRecord(r archive.Unsealed) (waitingRecord, error) {
	waiting := waitingRecord{Account: r.Account, Site: r.Site, RunID: r.RunID, At: r.At, Program: r.Program, Mode: r.Mode,
		Missing: append([]archive.Missing{}, r.Missing...)}
	for _, c := range r.Files {
		if isExport(c.Name) && !canWait(c.Size) {
			waiting.Missing = append(waiting.Missing, archive.Missing{Name: c.Name, Reason: "too large to wait for the archive"})
			continue
		}
		data, err := io.ReadAll(io.NewSectionReader(c.Data, 0, c.Size))
		if err != nil {
			return waitingRecord{}, err
		}
		waiting.Files = append(waiting.Files, waitingFile{c.Name, data})
	}
	return waiting, nil
}

// unpackRecords reads records that waited; isBroken says that not all of them could be read.
func unpackRecords(data []byte) (records []archive.Unsealed, isBroken bool) {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, len(data) > 0
	}
	decoder := json.NewDecoder(io.LimitReader(zip, maxUnpacked))
	for {
		var waiting waitingRecord
		switch err := decoder.Decode(&waiting); {
		case errors.Is(err, io.EOF):
			return records, false
		case err != nil:
			return records, true
		}
		record := archive.Unsealed{Account: waiting.Account, Site: waiting.Site, RunID: waiting.RunID, At: waiting.At,
			Program: waiting.Program, Mode: waiting.Mode, Missing: waiting.Missing}
		for _, file := range waiting.Files {
			record.Files = append(record.Files, archive.Bytes(file.Name, file.Data))
		}
		records = append(records, record)
	}
}
