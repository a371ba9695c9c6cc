// Package smallfile reads files that people write, and no more of them than that can be.
package smallfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Read reads a file of at most so many bytes. Of a larger one it gives one byte more,
// which shows that it is too large. The error does not repeat the name.
func Read(name string, most int64) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, Reason(err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	return ReadFrom(file, most)
}

// ReadFrom is Read for what is open already.
func ReadFrom(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	return data, Reason(err)
}

// Reason is an error of a file without the file's name, for sentences that have it
// already, or must not have it.
func Reason(err error) error {
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		return failure.Err
	}
	return err
}
