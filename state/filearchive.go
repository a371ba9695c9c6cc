package state

import (
	"context"
	"io"
	"time"
)

// CreateFrom implements Archive.
func (f *fileStore) CreateFrom(ctx context.Context, name string, content io.ReaderAt, size int64) error {
	return f.caller.ofSize(size).callStore(ctx, opCreate, name, func(ctx context.Context) error {
		return f.disk.changeWithin(ctx, func() error {
			return f.createObject(name, io.NewSectionReader(content, 0, size))
		})
	})
}

// CopyTo implements Archive.
func (f *fileStore) CopyTo(ctx context.Context, name string, w io.Writer) error {
	return f.caller.ofSize(maxCopied).callStore(ctx, opGet, name, func(ctx context.Context) error {
		_, err := f.disk.readWithin(ctx, func() ([]byte, error) { return nil, f.copyFile(name, w) })
		return err
	})
}

// maxCopied is the size of the largest object that there is time to copy.
const maxCopied = 64 << 20

// List implements Archive. A link is no folder: it may lead out of the archive, or in a
// circle.
func (f *fileStore) List(ctx context.Context, folder string) (names []string, err error) {
	err = f.caller.callStore(ctx, opList, folder, func(ctx context.Context) error {
		var found []string
		_, err := f.disk.readWithin(ctx, func() (_ []byte, err error) {
			found, err = f.readFolder(folder)
			return nil, err
		})
		if err == nil { // else the work may go on
			names = found
		}
		return err
	})
	return names, err
}

// Link implements Archive. There is none to a directory.
func (f *fileStore) Link(string, time.Time) (link string, isBrief bool) { return "", false }
