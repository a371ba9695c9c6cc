package state

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"
)

// MaxSize is how many bytes an object may have, written or read.
const MaxSize = 4 << 20

// What a store answers when nothing is wrong with the store; and ErrLost.
var (
	ErrNotFound error = outcomeError{"state: there is no such object", fs.ErrNotExist} // from Get
	ErrExists   error = outcomeError{"state: the object exists", fs.ErrExist}          // from Create
)

// outcomeError is an outcome that is also one in the words of io/fs, for those who know no
// store.
type outcomeError struct {
	text  string
	means error
}

// Error implements error.
func (e outcomeError) Error() string { return e.text }

// Unwrap gives the error of io/fs.
func (e outcomeError) Unwrap() error { return e.means }

// Store keeps objects by name. A name is made of the characters a-z, 0-9, dot,
// underscore and hyphen; slashes divide it into parts, of which none is empty or
// begins with a dot. No object's name may be the first parts of another's.
//
// Every call ends with its context, and after some seconds without it. A Store
// is safe for concurrent use.
type Store interface {
	// Get returns the whole object, or ErrNotFound.
	Get(ctx context.Context, name string) ([]byte, error)
	// Put writes the object, or replaces it whole.
	Put(ctx context.Context, name string, data []byte) error
	// Create writes the object if there is none of the name, else it returns
	// ErrExists. Data should be the writer's own, for example hold its run id:
	// after a try without an answer, that is how the writer knows its object.
	Create(ctx context.Context, name string, data []byte) error
	// Delete removes the object; it is no error when there is none.
	Delete(ctx context.Context, name string) error
	// Displace moves what is Foreign, or Immovable and in the object's way, to another
	// name. An object stays where it is. ErrNotFound says that nothing was moved: there
	// was nothing, or it can be replaced where it is.
	Displace(ctx context.Context, name, to string) error
	// Discard removes what Displace has moved to the name, with all that is in it. Of
	// very much it removes a part, and gives an error.
	Discard(ctx context.Context, name string) error
	// Lease gives the store to one holder until a time, and at most until a Revoke
	// of it: what the holder then writes, creates or deletes changes nothing, also
	// when it began before and was frozen meanwhile, and gives ErrLost. COS goes
	// by the time alone, to the second and by its own clock; the holder has it until
	// two seconds before it at least. holder is the holder's own, as its run id.
	Lease(holder string, until time.Time) Store
	// Revoke ends a holder's lease before its time, where there is one.
	Revoke(ctx context.Context, holder string) error
	// String says what kind of store it is: "file", "cos" or "memory".
	String() string
}

// Options are what a store works with; the zero value works for a directory.
type Options struct {
	// Credentials returns the keys for COS. They are asked for at every try, so
	// that changed keys are seen. The error must be fit to show.
	Credentials func() (id, key, token string, err error)
	// Transport carries the requests to COS; nil means one of its own that
	// keeps no connection open.
	Transport http.RoundTripper
	// ReadsOnly: nothing is written, and no error advises to allow it.
	ReadsOnly bool
	// Disk does the work in a directory's file system; nil is one of the store's own.
	// Stores that are opened one after another share it.
	Disk *Disk
	// Now is the clock of signatures and of stale files; nil means time.Now.
	Now func() time.Time
	// Sleep waits between tries; nil waits in real time.
	Sleep func(ctx context.Context, d time.Duration) error
	// Logger gets a debug line for each call; nil logs nothing.
	Logger *slog.Logger
}

// Open makes the store of a URL: file:///dir, or
// cos://bucket-appid/prefix?region=ap-guangzhou. A parameter endpoint names the
// bucket's root elsewhere, for a stand-in. Nothing is read or written yet. The
// error is CheckURL's.
func Open(rawURL string, options Options) (Store, error) {
	target, err := parseURL(rawURL)
	if err != nil {
		return nil, err
	}
	caller := newCaller(target.scheme, options)
	if target.scheme == schemeFile {
		return newFileStore(target.dir, caller, options.Disk), nil
	}
	if options.Credentials == nil {
		return nil, errors.New("needs credentials for COS: there are none")
	}
	return newCOSStore(target, options, caller), nil
}
