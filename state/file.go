package state

import (
	"bytes"
	"context"
)

// fileStore keeps each object in a file of its name: it has the directory's work done within
// the time of each call.
type fileStore struct {
	*directory

	caller caller
	disk   *Disk
}

func newFileStore(dir string, c caller, disk *Disk) *fileStore {
	if disk == nil {
		disk = NewDisk(nil)
	}
	return &fileStore{caller: c, disk: disk, directory: &directory{dir: dir, swept: map[string]bool{}, isOver: c.isOver,
		archive: c.archive}}
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
