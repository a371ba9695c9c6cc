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
	err := f.caller.do(ctx, opGet, name, func(ctx context.Context) (err error) {
		data, err = f.get(ctx, name)
		return err
	})
	return data, err
}

// Put implements Store.
func (f *fileStore) Put(ctx context.Context, name string, data []byte) error {
	data = bytes.Clone(data) // the work may outlive the call
	return f.caller.do(ctx, opPut, name, func(ctx context.Context) error {
		return f.disk.change(ctx, func() error { return f.orInTheWay(name, f.replace(name, data)) })
	})
}

// Create implements Store.
func (f *fileStore) Create(ctx context.Context, name string, data []byte) error {
	data = bytes.Clone(data)
	return f.caller.create(ctx, name, data, f.get, func(ctx context.Context) error {
		return f.disk.change(ctx, func() error { return f.orInTheWay(name, f.create(name, data)) })
	})
}

// Delete implements Store.
func (f *fileStore) Delete(ctx context.Context, name string) error {
	return f.caller.do(ctx, opDelete, name, func(ctx context.Context) error {
		return f.disk.change(ctx, func() error { return f.remove(name) })
	})
}

func (f *fileStore) get(ctx context.Context, name string) ([]byte, error) {
	return f.disk.read(ctx, func() ([]byte, error) { return f.read(name) })
}

// path is the file of a name, which was checked.
func (f *fileStore) path(name string) string {
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

// read reads the whole file. What is no regular file is not opened: to open a
// pipe is to wait for its other end.
func (f *fileStore) read(name string) ([]byte, error) {
	path := f.path(name)
	info, err := os.Stat(path)
	switch {
	case err != nil && leadsNowhere(path, err):
		return nil, f.foreign(path)
	case err != nil:
		return nil, f.absent(err)
	case !info.Mode().IsRegular():
		return nil, f.foreign(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, f.absent(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return nil, f.fault(err)
	}
	if len(data) > MaxSize {
		return nil, tooLarge()
	}
	return data, nil
}

// absent tells an object that is not there from a directory that is not. The
// store's own directory comes with its first object; the one above it must be
// there, or a share that is not mounted would look like an empty store.
func (f *fileStore) absent(err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return f.fault(err)
	}
	if _, err := os.Stat(filepath.Dir(f.dir)); err != nil {
		return f.fault(err)
	}
	return ErrNotFound
}
