package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Store is where records lie: nothing in it is ever replaced or removed.
type Store interface {
	// CreateFrom writes the object if there is none of the name; else its error is
	// fs.ErrExist.
	CreateFrom(ctx context.Context, name string, content io.ReaderAt, size int64) error
	// CopyTo writes the whole object to w; the error is fs.ErrNotExist where there is none.
	CopyTo(ctx context.Context, name string, w io.Writer) error
	// List gives the names in a folder, those of folders with a slash at the end; sorted.
	List(ctx context.Context, folder string) ([]string, error)
	// ListBehind gives the objects anywhere below a folder whose names, without the folder's,
	// sort behind one of them; sorted.
	ListBehind(ctx context.Context, folder, name string) ([]string, error)
}

// Unsealed is a record that is to be sealed.
type Unsealed struct {
	Account string // as AccountFolder gives it
	Site    string
	RunID   string
	At      time.Time
	Program Program
	Mode    string
	Files   []Content
	Missing []Missing
}

// Content is what a file of a record is to hold.
type Content struct {
	Name string
	Data io.ReaderAt
	Size int64
}

// Bytes is a file's content that is held in memory.
func Bytes(name string, data []byte) Content {
	return Content{Name: name, Data: bytes.NewReader(data), Size: int64(len(data))}
}

// maxTaken is how many names that are taken a record goes on from.
const maxTaken = 10

// errTaken says that something else has the record's name.
var errTaken = errors.New("something else has the record's name")

// ErrUnfit says that the record is none that the format knows, whatever the store.
var ErrUnfit = errors.New("the record is none")

// Seal writes the record's files, and then its manifest, which makes it a record. It
// follows previous, which is nil for the first one, and gives the new head.
//
// Records sort as they follow each other: one that would be older than the record before,
// since a clock went back, gets the second after it, and one whose name is taken the next
// one. A record that is sealed already, by a try whose answer was lost, is not sealed again. With
// an error the link has the name that was tried, where files may lie now, and no hash.
func Seal(ctx context.Context, store Store, r Unsealed, previous *Link) (Link, error) {
	files, err := hashContents(r.Files)
	if err != nil {
		return Link{}, err
	}
	m := Manifest{Format: Format, Account: r.Account, Site: r.Site, RunID: r.RunID,
		At:      r.At.UTC().Truncate(time.Second),
		Program: r.Program, Mode: r.Mode, Files: files, Missing: r.Missing, Previous: previous}
	if previous != nil {
		if _, runID, _ := parseRecordName(previous.Record); runID == m.RunID &&
			holdsFiles(ctx, store, m.Account+"/"+previous.Record, files) {
			return *previous, nil
		}
		m.At = timeAfter(previous.Record, m.At)
	}
	for range maxTaken {
		head, err := sealAs(ctx, store, m, r.Files)
		if !errors.Is(err, errTaken) {
			head.Record = m.Record()
			return head, err
		}
		m.At = m.At.Add(time.Second)
	}
	return Link{}, errTaken
}

// Begin writes files of a record before all of it is known, and gives the record with the time
// under which it has to be sealed. Until then it is visibly none, and tells who looks for the
// newest record that a run was under way.
func Begin(ctx context.Context, store Store, r Unsealed, previous *Link) (Unsealed, error) {
	files, err := hashContents(r.Files)
	if err != nil {
		return r, err
	}
	if r.At = r.At.UTC().Truncate(time.Second); previous != nil {
		r.At = timeAfter(previous.Record, r.At)
	}
	for range maxTaken {
		err := createAll(ctx, store, r.Account+"/"+RecordName(r.At, r.RunID)+"/", r.Files, files)
		if !errors.Is(err, errTaken) {
			return r, err
		}
		r.At = r.At.Add(time.Second)
	}
	return r, errTaken
}

// timeAfter is the time that a record has which follows another one, whose name may be empty.
func timeAfter(previous string, at time.Time) time.Time {
	at = at.UTC().Truncate(time.Second)
	if before, _, ok := parseRecordName(previous); ok && !at.After(before) {
		return before.Add(time.Second)
	}
	return at
}

// NameAfter is the name that the record of a run will have which follows the previous one,
// whose name may be empty; unless something else has taken it by then.
func NameAfter(previous string, at time.Time, runID string) string {
	return RecordName(timeAfter(previous, at), runID)
}

// NextName is NameAfter the head of a chain; nil: there is none.
func NextName(head *Link, at time.Time, runID string) string {
	if head == nil {
		return NameAfter("", at, runID)
	}
	return NameAfter(head.Record, at, runID)
}

// HoldsOther says whether a folder has anything that is none of the files.
func HoldsOther(ctx context.Context, store Store, folder string, files []Content) (bool, error) {
	names, err := store.List(ctx, folder)
	return slices.ContainsFunc(names, func(name string) bool {
		return !slices.ContainsFunc(files, func(c Content) bool {
			return c.Name == name || strings.HasSuffix(name, "/") && strings.HasPrefix(c.Name, name)
		})
	}), err
}

// IsMissing says that there is no sealed record of the name. Where the store does not say,
// there may be one.
func IsMissing(ctx context.Context, store Store, account, record string) bool {
	_, err := readManifest(ctx, store, account+"/"+record)
	return errors.Is(err, fs.ErrNotExist)
}

// CodeOf is a word for an error of this package; empty for one of the store.
func CodeOf(err error) string {
	switch {
	case errors.Is(err, errTaken):
		return "NameTaken"
	case errors.Is(err, errNoHead):
		return "HeadNotFound"
	case errors.Is(err, errTooLarge):
		return "TooLarge"
	case errors.Is(err, ErrUnfit):
		return "Unfit"
	default:
		return ""
	}
}

// sealAs writes the record under the name that the manifest gives it.
func sealAs(ctx context.Context, store Store, m Manifest, contents []Content) (Link, error) {
	data, err := m.Encode()
	if err != nil {
		return Link{}, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	if _, err := ParseManifest(data); err != nil { // nobody could read it
		return Link{}, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	folder := m.Account + "/" + m.Record() + "/"
	if err := createAll(ctx, store, folder, contents, m.Files); err != nil {
		return Link{}, err
	}
	hash := hashOf(data)
	if err := createSame(ctx, store, folder+manifestName, Bytes(manifestName, data), hash); err != nil {
		return Link{}, err
	}
	return Link{Record: m.Record(), SHA256: hash}, nil
}

// createAll writes files into a record's folder, of which the hashes are known.
func createAll(ctx context.Context, store Store, folder string, contents []Content, files []File) error {
	for _, c := range contents {
		i := slices.IndexFunc(files, func(f File) bool { return f.Name == c.Name })
		if err := createSame(ctx, store, folder+c.Name, c, files[i].SHA256); err != nil {
			return err
		}
	}
	return nil
}

// createSame writes an object. One that is there and holds the same is as good: it was
// written by a try whose answer was lost, or before the writer was killed.
func createSame(ctx context.Context, store Store, name string, c Content, hash string) error {
	err := store.CreateFrom(ctx, name, c.Data, c.Size)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	digest := sha256.New()
	if err := store.CopyTo(ctx, name, digest); err != nil {
		return err
	}
	if hex.EncodeToString(digest.Sum(nil)) != hash {
		return errTaken
	}
	return nil
}

// hashContents are the files as the manifest has them.
func hashContents(contents []Content) ([]File, error) {
	files := make([]File, 0, len(contents))
	names := map[string]*Content{}
	for i := range contents {
		names[contents[i].Name] = &contents[i]
	}
	if len(names) < len(contents) {
		return nil, fmt.Errorf("%w: two of its files have the same name", ErrUnfit)
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		c := names[name]
		digest := sha256.New()
		n, err := io.Copy(digest, io.NewSectionReader(c.Data, 0, c.Size))
		if err != nil || n != c.Size {
			return nil, fmt.Errorf("%s cannot be read", c.Name)
		}
		files = append(files, File{Name: c.Name, Size: c.Size, SHA256: hex.EncodeToString(digest.Sum(nil))})
	}
	return files, nil
}

// holdsFiles says whether a folder is a record of these files.
func holdsFiles(ctx context.Context, store Store, folder string, files []File) bool {
	data, err := readManifest(ctx, store, folder)
	if err != nil {
		return false
	}
	sealed, err := ParseManifest(data)
	return err == nil && sealed.holds(files)
}

// readManifest reads the manifest's bytes in a folder.
func readManifest(ctx context.Context, store Store, folder string) ([]byte, error) {
	var b bytes.Buffer
	if err := copyBounded(ctx, store, folder+"/"+manifestName, &b, maxManifest); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// copyBounded copies an object of at most so many bytes; errTooLarge refuses a larger one.
func copyBounded(ctx context.Context, store Store, name string, to io.Writer, size int64) error {
	w := &boundedWriter{to: to, left: size}
	err := store.CopyTo(ctx, name, w)
	if w.exceeded.Load() { // the store's error says no more than that nobody took the rest
		return errTooLarge
	}
	return err
}

// errTooLarge refuses what is larger than it may be.
var errTooLarge = errors.New("it is larger than it may be")

// boundedWriter takes so many bytes and no more.
type boundedWriter struct {
	to       io.Writer
	left     int64
	exceeded atomic.Bool // there were more; a store that hangs may still write while it is asked
}

// Write implements io.Writer.
func (w *boundedWriter) Write(data []byte) (int, error) {
	part := data[:min(int64(len(data)), w.left)]
	n, err := w.to.Write(part)
	w.left -= int64(n)
	if err == nil && n < len(data) {
		w.exceeded.Store(true)
		err = errTooLarge
	}
	return n, err
}
