package state

import (
	"context"
	"io"
	"strings"
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

// ListBehind implements Archive. Folders all of whose names sort before are not looked into.
func (f *fileStore) ListBehind(ctx context.Context, folder, name string) (names []string, err error) {
	var walk func(below string) error
	walk = func(below string) error {
		found, err := f.List(ctx, folder+strings.TrimSuffix("/"+below, "/"))
		if err != nil {
			return err
		}
		for _, entry := range found {
			path := below + entry
			switch isFolder := strings.HasSuffix(entry, "/"); {
			case isFolder && (path > name || strings.HasPrefix(name, path)):
				err = walk(path)
			case !isFolder && path > name:
				names = append(names, path)
			}
			if err == nil && len(names) > maxListed {
				err = tooManyError()
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	err = walk("")
	return names, err
}

// Link implements Archive. There is none to a directory.
func (f *fileStore) Link(string, time.Time) (link string, isBrief bool) { return "", false }
