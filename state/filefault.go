package state

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// faultError is an error of the file system in words that say what to change.
func (f *fileStore) faultError(err error) *Error {
	failure := &Error{Code: codeIO, reason: "the file system gives no reason"}
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return failure
	}
	failure.reason = errno.Error()
	switch errno {
	case syscall.EACCES, syscall.EPERM:
		failure.Code, failure.Denied = codeDenied, true
		failure.hint = fmt.Sprintf("let user %d read and write in %s", os.Getuid(), f.dir)
	case syscall.EROFS:
		failure.Code, failure.Denied = codeReadOnly, true
		failure.hint = fmt.Sprintf("mount %s so that it can be written, or name another directory", f.dir)
	case syscall.ENOENT:
		failure.Code, failure.reason = codeDirectory, "" // the hint says the same, and of what
		failure.hint = fmt.Sprintf("%s is not there: mount the share, or make the directory above it", f.dir)
	case syscall.ENOTDIR:
		failure.Code, failure.reason = codeDirectory, ""
		failure.hint = fmt.Sprintf("%s, or a part of the path, is a file", f.dir)
	case syscall.ELOOP:
		failure.Code, failure.reason = codeDirectory, ""
		failure.hint = fmt.Sprintf("%s, or a part of the path, is a link that leads back to itself", f.dir)
	case syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG:
		failure.Code = codeFull
		failure.hint = fmt.Sprintf("make room in %s, or raise its quota", f.dir)
	case syscall.EISDIR:
		failure = f.notAFile()
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
func (f *fileStore) linkFault(err error) *Error {
	failure := f.faultError(err)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, errors.ErrUnsupported) {
		failure.Code, failure.Denied, failure.Retryable = codeNoLinks, false, false
		failure.hint = fmt.Sprintf("the file system of %s has no hard links, which keep overlapping runs apart: name a directory on another one", f.dir)
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
