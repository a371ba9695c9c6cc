package state

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
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

// copyFile copies what is a regular file itself: a link may lead out of the archive.
func (f *fileStore) copyFile(name string, w io.Writer) error {
	path := f.objectPath(name)
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return f.absentError(err)
	case err != nil:
		return f.faultError(err)
	case !info.Mode().IsRegular():
		return f.checkForeign(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return f.absentError(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	if _, err := io.Copy(w, file); err != nil {
		failure := f.faultError(err)
		failure.Retryable = false // w has a part of it
		return failure
	}
	return nil
}

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

func (f *fileStore) readFolder(folder string) ([]string, error) {
	entries, err := os.ReadDir(f.objectPath(folder))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := f.absentError(err); !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		return nil, nil
	case err != nil:
		return nil, f.faultError(err)
	case len(entries) > maxListed:
		return nil, tooManyError()
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		switch name := entry.Name(); {
		case folder == "" && strings.HasPrefix(name, tempPrefix) && entry.Type().IsRegular(): // is being written, or was
		case entry.IsDir():
			names = append(names, name+"/")
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names) // with the slashes
	return names, nil
}
