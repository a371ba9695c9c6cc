package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxFile bounds the files that are read; nobody writes so much by hand.
const maxFile = 1 << 20

// readFile reads a file that a person wrote. The error names it.
func readFile(name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the operator names the file
	if err == nil {
		defer func() { _ = file.Close() }()
		var data []byte
		if data, err = io.ReadAll(io.LimitReader(file, maxFile+1)); err == nil && len(data) <= maxFile {
			return data, nil
		}
	}
	if err == nil {
		return nil, fmt.Errorf("%s has more than %d bytes: it is another file", name, maxFile)
	}
	return nil, unreadableFile(name, err)
}

// unreadableFile names the file that the error is about, once.
func unreadableFile(name string, err error) error {
	return fmt.Errorf("%s cannot be read: %w", name, fileErrorReason(err))
}

// fileErrorReason is an error of a file without its name, for messages that say it.
func fileErrorReason(err error) error {
	var failure *fs.PathError
	if errors.As(err, &failure) {
		return failure.Err
	}
	return err
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
