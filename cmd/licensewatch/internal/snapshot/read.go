package snapshot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"licensewatch/license"
)

// ReadFile reads the snapshot of a file. Mistakes in it are an *Errors; any
// other error says why the file cannot be read.
func ReadFile(path string) (license.Snapshot, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return license.Snapshot{}, unreadableFile(path, err)
	}
	defer func() { _ = file.Close() }()
	return Read(path, file)
}

// Read is ReadFile for what is open already; the name is used in errors only.
func Read(name string, r io.Reader) (license.Snapshot, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return license.Snapshot{}, unreadableFile(name, err)
	}
	return Parse(name, data)
}

// unreadableFile says why a file cannot be read.
func unreadableFile(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("the snapshot %s cannot be read: %w", name, err)
}
