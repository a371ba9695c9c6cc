package main

import (
	"fmt"
	"os"

	"licensewatch/internal/smallfile"
)

// maxFile bounds the files that are read; nobody writes so much by hand.
const maxFile = 1 << 20

// readFile reads a file that a person wrote. The error names it.
func readFile(name string) ([]byte, error) {
	data, err := smallfile.Read(name, maxFile)
	switch {
	case err != nil:
		return nil, unreadableFile(name, err)
	case len(data) > maxFile:
		return nil, fmt.Errorf("%s has more than %d bytes: it is another file", name, maxFile)
	}
	return data, nil
}

// unreadableFile names the file that the error is about, once.
func unreadableFile(name string, err error) error {
	return fmt.Errorf("%s cannot be read: %w", name, smallfile.Reason(err))
}

// shownFile is the name of a file on the command line, for people.
func shownFile(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
