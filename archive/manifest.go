package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Format is the version of the format.
const Format = 1

// Bounds of a manifest.
const (
	maxManifest = 1 << 20 // bytes
	maxFiles    = 100
)

// Manifest says what a record holds. Its fields stand in the file in this order.
type Manifest struct {
	Format   int       `json:"format"`
	Account  string    `json:"account"` // the folder: a UIN, or "self"
	Site     string    `json:"site"`
	RunID    string    `json:"run_id"`
	At       time.Time `json:"at"` // in UTC, whole seconds; with RunID it makes the record's name
	Program  Program   `json:"program"`
	Mode     string    `json:"mode"`
	Files    []File    `json:"files"`    // sorted by name
	Missing  []Missing `json:"missing"`  // what the record should hold and does not
	Previous *Link     `json:"previous"` // the record before; nil in the first one
}

// Program is what has written a record.
type Program struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
}

// File is one of a record's files.
type File struct {
	Name   string `json:"name"` // in the record's folder
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// Missing is what a record should hold and does not, or an earlier record that was not
// sealed.
type Missing struct {
	Name   string `json:"name"` // "export", or a record's name
	Reason string `json:"reason"`
}

// Link names a record by its name, without the account's folder, and by the hash of its
// manifest's bytes.
type Link struct {
	Record string `json:"record"`
	SHA256 string `json:"sha256"`
}

// At is the record's time, as its name has it; zero for a link to no record.
func (l Link) At() time.Time {
	at, _, _ := parseRecordName(l.Record)
	return at
}

// Short is the beginning of the hash that messages show: 12 hexadecimal digits.
func (l Link) Short() string { return l.SHA256[:min(12, len(l.SHA256))] }

// Record is the record's name.
func (m *Manifest) Record() string { return RecordName(m.At, m.RunID) }

// Encode gives the manifest's bytes: UTF-8, no white space, one newline at the end.
func (m *Manifest) Encode() ([]byte, error) {
	whole := *m
	whole.At = m.At.UTC()
	whole.Files, whole.Missing = slices.Clone(m.Files), slices.Clone(m.Missing)
	if whole.Files == nil {
		whole.Files = []File{}
	}
	if whole.Missing == nil {
		whole.Missing = []Missing{}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(whole); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// ParseManifest reads a manifest, which has to be written exactly as the format says: so
// that what it says and what its hash says is the same.
func ParseManifest(data []byte) (Manifest, error) {
	var m Manifest
	if len(data) > maxManifest {
		return Manifest{}, errTooLarge
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return Manifest{}, errors.New(jsonProblem(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Manifest{}, errors.New("something follows the manifest")
	}
	if m.Format != Format {
		return Manifest{}, fmt.Errorf("it is of format %d, and this program knows %d", m.Format, Format)
	}
	if wrong := m.check(); wrong != "" {
		return Manifest{}, errors.New(wrong)
	}
	if again, err := m.Encode(); err != nil || !bytes.Equal(again, data) {
		return Manifest{}, errors.New("it is not written as the format says: other keys, order, white space or escapes")
	}
	return m, nil
}

// jsonProblem says what is wrong with JSON, in words that hold nothing of it.
func jsonProblem(err error) string {
	typed, isType := errors.AsType[*json.UnmarshalTypeError](err)
	syntax, isSyntax := errors.AsType[*json.SyntaxError](err)
	switch {
	case isType:
		return fmt.Sprintf("%q is of the wrong type", typed.Field)
	case isSyntax:
		return fmt.Sprintf("it is no JSON from byte %d on", syntax.Offset)
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case strings.Contains(err.Error(), "unknown field"):
		return "it holds a key that the format does not have"
	default:
		return "it holds a value that the format does not have"
	}
}

// check says what is wrong with a manifest's values; empty when nothing is.
func (m *Manifest) check() string {
	switch {
	case !isAccountFolder(m.Account):
		return "its account is neither a UIN nor self nor a fleet"
	case !isHex(m.RunID, runIDLength):
		return "its run_id is none"
	case m.At.Nanosecond() != 0 || m.At.Year() < 1 || m.At.Year() > 9999:
		return "its time is not one in whole seconds"
	case len(m.Files) > maxFiles || len(m.Missing) > maxFiles:
		return fmt.Sprintf("it names more than %d files", maxFiles)
	case m.Previous != nil && (!IsRecordName(m.Previous.Record) || !isHex(m.Previous.SHA256, 2*sha256.Size)):
		return "its previous record is none"
	}
	return m.checkFiles()
}

// checkFiles says what is wrong with the list of files; empty when nothing is.
func (m *Manifest) checkFiles() string {
	for i, f := range m.Files {
		switch {
		case !isFileName(f.Name):
			return "it names a file that no record has"
		case i > 0 && m.Files[i-1].Name >= f.Name:
			return "its files are not sorted, or there are two of a name"
		case f.Size < 0 || !isHex(f.SHA256, 2*sha256.Size):
			return f.Name + " has no size or hash"
		}
	}
	return ""
}

// hashOf is the hash of bytes as a manifest writes it.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
