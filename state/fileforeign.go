package state

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// mostDiscarded is how many files and directories one Discard removes: nobody knows
// how slow the file system is.
const mostDiscarded = 500

// What stands in the directory and was not written by a store.

// checkForeign refuses what has an object's name and is none.
func (d *directory) checkForeign(path string) *Error {
	failure := d.notAFile()
	info, err := os.Lstat(path)
	failure.immovable = err == nil && info.IsDir()
	return failure
}

// notAFile refuses a directory, a pipe or a device where an object should be.
func (d *directory) notAFile() *Error {
	return &Error{Code: codeNotAFile, reason: "what has the object's name is no regular file",
		hint: "remove it from " + d.dir}
}

// leadsNowhere says whether what cannot be looked at is a link to nothing, or to
// itself.
func leadsNowhere(path string, err error) bool {
	info, linkErr := os.Lstat(path)
	return linkErr == nil && info.Mode().Type() == fs.ModeSymlink &&
		(errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENOTDIR))
}

// inTheWay is what has the name of the object's directory and is none; empty where
// there is no such thing.
func (d *directory) inTheWay(name string) string {
	part, _, ok := strings.Cut(name, "/")
	path := d.objectPath(part)
	if !ok {
		return ""
	}
	switch info, err := os.Stat(path); {
	case err == nil && !info.IsDir(), err != nil && leadsNowhere(path, err):
		return path
	default:
		return ""
	}
}

// orInTheWay is why an object was not written, which may be what is in its way.
func (d *directory) orInTheWay(name string, err error) error {
	if _, failed := errors.AsType[*Error](err); !failed || d.inTheWay(name) == "" {
		return err
	}
	part, _, _ := strings.Cut(name, "/")
	return &Error{Code: codeNotAFile, immovable: true, reason: part + ", where the object has to lie, is no directory",
		hint: "remove it from " + d.dir}
}

// Displace implements Store.
func (f *fileStore) Displace(ctx context.Context, name, to string) error {
	return f.caller.callStore(ctx, opPut, name, func(ctx context.Context) error {
		return f.disk.changeWithin(ctx, func() error { return f.orInTheWay(to, f.displaceObject(name, to)) })
	})
}

// displaceObject moves what is in the way of the object's directory, or what has the
// object's name and no store has written.
func (d *directory) displaceObject(name, to string) error {
	from, path := d.objectPath(name), d.objectPath(to)
	obstacle := d.inTheWay(name)
	if ahead := d.inTheWay(to); ahead != "" && ahead != obstacle {
		return d.checkForeign(ahead)
	}
	if obstacle != "" { // it may be in the way of its new name too
		from = filepath.Join(d.dir, filepath.Base(path))
		if err := os.Rename(obstacle, from); err != nil {
			return d.faultError(err)
		}
	}
	if err := d.makeDir(filepath.Dir(path)); err != nil {
		return d.faultError(err)
	}
	if obstacle == "" {
		taken, err := d.takeForeign(from)
		if err != nil {
			return err
		}
		from = taken
	}
	if err := os.Rename(from, path); err != nil {
		return d.orLost(d.absentError(err))
	}
	return d.syncChange(d.dir)
}

// takeForeign gives the path from which what no store has written can be moved. A
// directory is moved as it stands: the slash at its name's end makes the file system
// refuse anything else, such as an object that somebody has written meanwhile. All else
// goes through the directory of the lease, as what is deleted does.
func (d *directory) takeForeign(path string) (string, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return "", d.absentError(err)
	case !info.IsDir() && d.isForeign(path):
		return d.takeOut(path)
	default:
		return path + string(filepath.Separator), nil
	}
}

// isForeign says whether what is there was not written by a store and cannot be read by
// one.
func (d *directory) isForeign(path string) bool {
	_, err := d.readFile(path)
	failure, ok := errors.AsType[*Error](err)
	return ok && failure.Foreign()
}

// Discard implements Store.
func (f *fileStore) Discard(ctx context.Context, name string) error {
	return f.caller.callStore(ctx, opDelete, name, func(ctx context.Context) error {
		return f.disk.changeWithin(ctx, func() error {
			left := mostDiscarded
			return f.discardPath(f.objectPath(name), &left)
		})
	})
}

// discardPath removes what is there, and follows no link.
func (d *directory) discardPath(path string, left *int) error {
	*left--
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return d.faultError(err)
	case *left < 0:
		return &Error{Code: codeTooLarge, reason: "it holds more than is removed at once"}
	}
	if info.IsDir() {
		names, err := namesIn(path, *left+1)
		if err != nil {
			return d.faultError(err)
		}
		for _, name := range names {
			if err := d.discardPath(filepath.Join(path, name), left); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.faultError(err)
	}
	return nil
}

// namesIn are the names in a directory, so many at most.
func namesIn(dir string, most int) ([]string, error) {
	file, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	names, err := file.Readdirnames(most)
	if errors.Is(err, io.EOF) { // it is empty
		err = nil
	}
	return names, err
}
