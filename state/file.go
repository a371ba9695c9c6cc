package state

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// fileStore keeps each object in a file of its name. Its methods that do not
// take a context do the file system's work, one at a time (Disk).
type fileStore struct {
	dir    string
	caller caller
	disk   *Disk
	swept  map[string]bool // directories cleared of stale temporary files
	lease  *fileLease      // nil: writes are nobody's in particular
}

func newFileStore(dir string, c caller, disk *Disk) *fileStore {
	if disk == nil {
		disk = NewDisk(nil)
	}
	return &fileStore{dir: dir, caller: c, disk: disk, swept: map[string]bool{}}
}

// String returns "file".
func (*fileStore) String() string { return schemeFile }

// Get implements Store.
func (f *fileStore) Get(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := f.caller.callStore(ctx, opGet, name, func(ctx context.Context) (err error) {
		data, err = f.getObject(ctx, name)
		return err
	})
	return data, err
}

// Put implements Store.
func (f *fileStore) Put(ctx context.Context, name string, data []byte) error {
	data = bytes.Clone(data) // the work may outlive the call
	return f.caller.callStore(ctx, opPut, name, func(ctx context.Context) error {
		if len(data) > MaxSize {
			return tooLargeError()
		}
		return f.disk.changeWithin(ctx, func() error { return f.orInTheWay(name, f.replaceObject(name, data)) })
	})
}

// Create implements Store.
func (f *fileStore) Create(ctx context.Context, name string, data []byte) error {
	data = bytes.Clone(data)
	return f.caller.callCreate(ctx, name, data, f.getObject, func(ctx context.Context) error {
		if len(data) > MaxSize {
			return tooLargeError()
		}
		return f.disk.changeWithin(ctx, func() error {
			return f.orInTheWay(name, f.createObject(name, bytes.NewReader(data)))
		})
	})
}

// Delete implements Store.
func (f *fileStore) Delete(ctx context.Context, name string) error {
	return f.caller.callStore(ctx, opDelete, name, func(ctx context.Context) error {
		return f.disk.changeWithin(ctx, func() error { return f.removeObject(name) })
	})
}

func (f *fileStore) getObject(ctx context.Context, name string) ([]byte, error) {
	return f.disk.readWithin(ctx, func() ([]byte, error) { return f.readFile(f.objectPath(name)) })
}

// objectPath is the file of a name, which was checked.
func (f *fileStore) objectPath(name string) string {
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

// readFile reads the whole file. What is no regular file is not opened: to open a pipe
// is to wait for its other end.
func (f *fileStore) readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil && leadsNowhere(path, err):
		return nil, f.checkForeign(path)
	case err != nil:
		return nil, f.absentError(err)
	case !info.Mode().IsRegular():
		return nil, f.checkForeign(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, f.absentError(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return nil, f.faultError(err)
	}
	if len(data) > MaxSize {
		return nil, tooLargeError()
	}
	return data, nil
}

// absentError tells an object that is not there from a directory that is not. The
// store's own directory comes with its first object; the one above it must be
// there, or a share that is not mounted would look like an empty store.
func (f *fileStore) absentError(err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return f.faultError(err)
	}
	if _, err := os.Stat(filepath.Dir(f.dir)); err != nil {
		return f.faultError(err)
	}
	return ErrNotFound
}
