package state

import (
	"context"
	"errors"
	"io"
	"time"
)

// Archive keeps objects that are written once: there is no way to replace or to remove
// one. Its names are a Store's, and may hold capitals.
//
// Every call ends with its context. An Archive is safe for concurrent use.
type Archive interface {
	// CreateFrom writes the object if there is none of the name, else it returns
	// ErrExists. After a try without an answer that may be the caller's own.
	CreateFrom(ctx context.Context, name string, content io.ReaderAt, size int64) error
	// CopyTo writes the whole object to w, or returns ErrNotFound. When it fails, w may have
	// a part of it, and may still get more.
	CopyTo(ctx context.Context, name string, w io.Writer) error
	// List gives what a folder holds, sorted: names without the folder's, those of folders
	// with a slash at the end. "" is the archive itself; a folder that is not there is
	// empty. Names that no archive has written are given as they are.
	List(ctx context.Context, folder string) ([]string, error)
	// ListBehind gives the objects anywhere below a folder whose names, without the folder's,
	// sort behind one of them; sorted. In COS that is one request where there are few.
	ListBehind(ctx context.Context, folder, name string) ([]string, error)
	// Link is a link by which whoever has it can read the object until then, or until the keys
	// end that sign it: isBrief says that they are temporary. It is a secret, and empty where
	// there are no links. Nothing is asked.
	Link(name string, until time.Time) (link string, isBrief bool)
	// String says what kind of archive it is: "file" or "cos".
	String() string
}

// maxListed is how many names a folder may hold.
const maxListed = 200_000

// slowest is how few bytes a second a large object may come or go with.
const slowest = 256 << 10

// OpenArchive makes the archive of a URL, as Open makes a store. setting is the name of
// the setting that has the URL. What is written after until, by the clock of the options,
// is not; zero: there is no end.
func OpenArchive(rawURL, setting string, until time.Time, options Options) (Archive, error) {
	target, err := parseURL(rawURL)
	if err != nil {
		return nil, err
	}
	c := newCaller(target.scheme, options)
	c.setting, c.archive = setting, true
	if !until.IsZero() {
		c.lease = newLease(until)
	}
	if target.scheme == schemeFile {
		store := newFileStore(target.dir, c, options.Disk)
		store.readsOnly = options.ReadsOnly
		return store, nil
	}
	if options.Credentials == nil {
		return nil, errors.New("needs credentials for COS: there are none")
	}
	return newCOSStore(target, options, c), nil
}

// ofSize gives the caller the time that an object of the size may take.
func (c caller) ofSize(size int64) caller {
	c.policy.TryTimeout += time.Duration(size/slowest) * time.Second
	return c
}

// tooManyError refuses a folder.
func tooManyError() *Error {
	return &Error{Code: codeTooLarge, reason: "the folder holds too many names"}
}
