package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// directory does a fileStore's work in the file system, one piece at a time (see Disk):
// nothing here waits for a context.
type directory struct {
	dir       string
	swept     map[string]bool // directories cleared of stale temporary files
	lease     *fileLease      // nil: writes are nobody's in particular
	isOver    func() bool     // whether the lease is, by the clock
	readsOnly bool            // nothing is written
	archive   bool            // what is being written lies at its top, see workDir
}

// objectPath is the file of a name, which was checked.
func (d *directory) objectPath(name string) string {
	return filepath.Join(d.dir, filepath.FromSlash(name))
}

// readFile reads the whole file. What is no regular file is not opened: to open a pipe
// is to wait for its other end.
func (d *directory) readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil && leadsNowhere(path, err):
		return nil, d.checkForeign(path)
	case err != nil:
		return nil, d.absentError(err)
	case !info.Mode().IsRegular():
		return nil, d.checkForeign(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, d.absentError(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	data, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return nil, d.faultError(err)
	}
	if len(data) > MaxSize {
		return nil, tooLargeError()
	}
	return data, nil
}

// absentError tells an object that is not there from a directory that is not. The
// store's own directory comes with its first object; the one above it must be
// there, or a share that is not mounted would look like an empty store.
func (d *directory) absentError(err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return d.faultError(err)
	}
	if _, err := os.Stat(filepath.Dir(d.dir)); err != nil {
		return d.faultError(err)
	}
	return ErrNotFound
}

// copyFile copies what is a regular file itself: a link may lead out of the archive.
func (d *directory) copyFile(name string, w io.Writer) error {
	path := d.objectPath(name)
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return d.absentError(err)
	case err != nil:
		return d.faultError(err)
	case !info.Mode().IsRegular():
		return d.checkForeign(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return d.absentError(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	if _, err := io.Copy(w, file); err != nil {
		failure := d.faultError(err)
		failure.Retryable = false // w has a part of it
		return failure
	}
	return nil
}

func (d *directory) readFolder(folder string) ([]string, error) {
	entries, err := os.ReadDir(d.objectPath(folder))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := d.absentError(err); !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		return nil, nil
	case err != nil:
		return nil, d.faultError(err)
	case len(entries) > maxListed:
		return nil, tooManyError()
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		switch name := entry.Name(); {
		case folder == "" && strings.HasPrefix(name, tempPrefix) && entry.Type().IsRegular():
			// is being written, or was
		case entry.IsDir():
			names = append(names, name+"/")
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names) // with the slashes
	return names, nil
}

// faultError is an error of the file system in words that say what to change.
func (d *directory) faultError(err error) *Error {
	failure := &Error{Code: codeIO, reason: "the file system gives no reason"}
	errno, ok := errors.AsType[syscall.Errno](err)
	if !ok {
		return failure
	}
	failure.reason = errno.Error()
	switch errno {
	case syscall.EACCES, syscall.EPERM:
		failure.Code, failure.Denied = codeDenied, true
		allow := "read and write"
		if d.readsOnly {
			allow = "read"
		}
		failure.hint = fmt.Sprintf("let user %d %s in %s", os.Getuid(), allow, d.dir)
	case syscall.EROFS:
		failure.Code, failure.Denied = codeReadOnly, true
		failure.hint = fmt.Sprintf("mount %s so that it can be written, or name another directory", d.dir)
	case syscall.ENOENT:
		failure.Code, failure.reason = codeDirectory, "" // the hint says the same, and of what
		failure.hint = fmt.Sprintf("%s is not there: mount the share, or make the directory above it", d.dir)
	case syscall.ENOTDIR:
		failure.Code, failure.reason = codeDirectory, ""
		failure.hint = fmt.Sprintf("%s, or a part of the path, is a file", d.dir)
	case syscall.ELOOP:
		failure.Code, failure.reason = codeDirectory, ""
		failure.hint = fmt.Sprintf("%s, or a part of the path, is a link that leads back to itself", d.dir)
	case syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG:
		failure.Code = codeFull
		failure.hint = fmt.Sprintf("make room in %s, or raise its quota", d.dir)
	case syscall.EISDIR:
		failure = d.notAFile()
		failure.immovable = true
	case syscall.ESTALE: // the file was replaced on another machine while we read it
		failure.Code, failure.Retryable = codeStale, true
	default:
		failure.Retryable = true
	}
	return failure
}

// linkFault is why a file could not be given its name. Whoever may make the
// file may link it, so a refusal is the file system's.
func (d *directory) linkFault(err error) *Error {
	failure := d.faultError(err)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, errors.ErrUnsupported) {
		failure.Code, failure.Denied, failure.Retryable = codeNoLinks, false, false
		failure.hint = fmt.Sprintf("the file system of %s has no hard links, which keep overlapping runs apart: name a directory on another one", d.dir)
	}
	return failure
}

// isLoss is true for errors that say that what was written may not remain.
func isLoss(err error) bool {
	for _, errno := range []syscall.Errno{syscall.EIO, syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}
