package snapshot

import (
	"fmt"
	"io"

	"licensewatch/internal/smallfile"
	"licensewatch/license"
)

// ReadFile reads the snapshot of a file. Mistakes in it are an *Errors; any
// other error says why the file cannot be read.
func ReadFile(path string) (license.Snapshot, error) {
	data, err := smallfile.Read(path, MaxFile)
	return parseRead(path, data, err)
}

// Read is ReadFile for what is open already; the name is used in errors only.
func Read(name string, r io.Reader) (license.Snapshot, error) {
	data, err := smallfile.ReadFrom(r, MaxFile)
	return parseRead(name, data, err)
}

// parseRead parses what was read, or says why nothing was.
func parseRead(name string, data []byte, err error) (license.Snapshot, error) {
	if err != nil {
		return license.Snapshot{}, fmt.Errorf("the snapshot %s cannot be read: %w", name, err)
	}
	return Parse(name, data)
}
