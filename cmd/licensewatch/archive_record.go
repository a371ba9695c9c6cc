package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"licensewatch/archive"
	"licensewatch/report/records"
)

// maxSealedFile is how many bytes of a record's file are read into memory; a reading of
// 10,000 orders has some 3 MB.
const maxSealedFile = 12 << 20

// sealedRecord is a record of an archive.
type sealedRecord struct {
	store    archive.Store
	name     string
	manifest archive.Manifest
	hash     string // of the manifest
}

// openRecord opens the record of an account.
func openRecord(ctx context.Context, store archive.Store, account, name string) (*sealedRecord, error) {
	m, hash, err := archive.ReadManifest(ctx, store, account, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &sealedRecord{store, name, m, hash}, nil
}

// findRecord opens the record that is meant: by its name, with or without the account's
// folder, or by the run's id at its end.
func (a *archivePlace) findRecord(ctx context.Context, store archive.Store, text string) (*sealedRecord, error) {
	name := strings.Trim(text, "/")
	if folder, rest, ok := strings.Cut(name, "/"); ok && archive.IsRecordName(rest) {
		if a.account != "" && a.account != folder {
			return nil, &exitError{text: fmt.Sprintf("%s is not of --account %s", text, a.account)}
		}
		a.account, name = folder, rest
	}
	account, err := a.chooseAccount(ctx, store)
	if err != nil {
		return nil, err
	}
	if !archive.IsRecordName(name) {
		if name, err = recordByID(ctx, store, account, name); err != nil {
			return nil, err
		}
	}
	record, err := openRecord(ctx, store, account, name)
	if err != nil {
		return nil, archiveError(err)
	}
	return record, nil
}

// recordByID is the only record whose name ends with the run's id.
func recordByID(ctx context.Context, store archive.Store, account, id string) (string, error) {
	const whole = 6 // digits
	names, err := archive.Records(ctx, store, account)
	if err != nil {
		return "", archiveError(err)
	}
	if len(id) != whole || strings.Trim(id, "0123456789abcdef") != "" {
		text := fmt.Sprintf("%q is no record: write its name as list shows it, 2026/11/28/010700Z-4f13b5, or the run's id at its end", id)
		names = slices.DeleteFunc(names, func(name string) bool { return id == "" || !strings.Contains(name, id) })
		if len(names) > 0 {
			text += "; it may be of " + listSome(names, "or")
		}
		return "", &exitError{text: text}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, "-"+id) })
	switch len(names) {
	case 0:
		return "", &exitError{text: "no record of " + account + " is of run " + id}
	case 1:
		return names[0], nil
	default:
		return "", &exitError{text: "which one? " + listSome(names, "and") + " are of run " + id}
	}
}

// errTooMuch refuses a file that is larger than anybody reads at a prompt.
var errTooMuch = errors.New("has more than is read here: licensewatch archive get writes it to a file")

// read gives a file of the record, as it was sealed; nil where the record has none of the
// name.
func (r *sealedRecord) read(ctx context.Context, name string, most int64) ([]byte, error) {
	i := slices.IndexFunc(r.manifest.Files, func(f archive.File) bool { return f.Name == name })
	if i < 0 {
		return nil, nil
	}
	if r.manifest.Files[i].Size > most {
		return nil, fmt.Errorf("%s: %s %w", r.name, name, errTooMuch)
	}
	content := bytes.NewBuffer(make([]byte, 0, r.manifest.Files[i].Size))
	if err := r.manifest.CopyFile(ctx, r.store, name, content); err != nil {
		return nil, fmt.Errorf("%s: %w", r.name, &sealedFileError{name, err})
	}
	return content.Bytes(), nil
}

// sealedFileError is why a file of a record cannot be used.
type sealedFileError struct {
	file  string
	cause error
}

func (e *sealedFileError) Error() string { return e.file + ": " + e.cause.Error() }

func (e *sealedFileError) Unwrap() error { return e.cause }

// changedFile says which file does not hold what was sealed, as verify does.
func changedFile(err error) string {
	if named, ok := errors.AsType[*sealedFileError](err); ok {
		if errors.Is(err, archive.ErrGone) {
			return named.file + ": " + string(archive.Gone)
		}
		return named.file + ": " + string(archive.Changed)
	}
	return string(archive.Changed)
}

// compare says whether the files that the record has of these hold what was sealed.
func (r *sealedRecord) compare(ctx context.Context, names ...string) error {
	for _, name := range names {
		err := r.manifest.CopyFile(ctx, r.store, name, io.Discard)
		if err != nil && !errors.Is(err, archive.ErrNoFile) {
			return fmt.Errorf("%s: %w", r.name, &sealedFileError{name, err})
		}
	}
	return nil
}

// readReading reads what the record's run has read; nil where the record does not have it.
func (r *sealedRecord) readReading(ctx context.Context) (*records.ReadingParts, error) {
	const name = archive.ReadingName
	data, err := r.read(ctx, name, maxSealedFile)
	if err != nil || data == nil {
		return nil, err
	}
	reading, err := parseReading(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", r.name, name, err)
	}
	return reading, nil
}

// parseReading takes a reading apart; what is of another type than expected is left out.
func parseReading(data []byte) (*records.ReadingParts, error) {
	if err := checkSealed(data, math.MaxInt); err != nil { // of the values only a few are kept
		return nil, err
	}
	reading := &records.ReadingParts{Sections: map[string]json.RawMessage{"cwp": nil, "machines": nil, "tcss": nil}}
	for name, value := range elements(data) {
		var err error
		switch name {
		case "read_at":
			_ = json.Unmarshal(value, &reading.ReadAt) // else it tells none
		case "orders":
			reading.Orders, reading.Incomplete, err = ordersOf(value)
		case "failed":
			if err = checkFields(name, value); err == nil {
				reading.Failed = fieldsOf(value)
			}
		case "cwp", "machines", "tcss":
			err = checkFields(name, value)
			reading.Sections[name] = value
		}
		if err != nil {
			return nil, err
		}
	}
	return reading, nil
}

// ordersOf are the orders of a list, or of an object that holds one and may say that it is
// incomplete; nil where there is none.
func ordersOf(list json.RawMessage) (orders []json.RawMessage, isIncomplete bool, err error) {
	if list[0] == '{' {
		var first json.RawMessage
		for name, value := range elements(list) {
			switch {
			case name == "List":
				list = value
			case name == "Incomplete" && first == nil:
				first, isIncomplete = value, string(value) == "true"
			}
		}
	}
	if list[0] != '[' {
		return nil, isIncomplete, nil
	}
	orders = []json.RawMessage{}
	for _, order := range elements(list) {
		if len(orders) == mostOrders {
			return nil, false, fmt.Errorf("it has more than %d orders, %w", mostOrders, errOdd)
		}
		if err := checkFields("it", order); err != nil {
			return nil, false, fmt.Errorf("order %d: %w", len(orders)+1, err)
		}
		orders = append(orders, order)
	}
	return orders, isIncomplete, nil
}

// decodeSealed decodes a file of a record, valid JSON; what is of another type than expected
// is left out.
func decodeSealed(data []byte, to any) { _ = json.Unmarshal(data, to) }

// fieldsOf are a section's fields, as they stand there; nil where it was not read.
func fieldsOf(section json.RawMessage) map[string]json.RawMessage {
	if !bytes.HasPrefix(section, []byte("{")) {
		return nil
	}
	return maps.Collect(elements(section))
}
