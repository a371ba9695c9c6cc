// Command pack makes the zip that SCF takes: the files of one folder at the
// archive's root, with the executable bit on the program, and the same bytes
// for the same files on every machine.
//
// It stands in for the zip command, which not every machine has, which stores
// times, and which loses the executable bit on Windows.
package main

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// program is the file SCF starts: the name that handler in serverless.yml gives.
const program = "main"

// epoch is the time every entry carries, the first that a zip can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func main() {
	out := flag.String("o", "", "the zip to write")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: pack -o FILE.zip FOLDER")
	}
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	size, err := pack(*out, flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
	fmt.Printf("%s: %.2f MB\n", *out, float64(size)/1e6)
}

// pack writes the zip and returns its size in bytes. After an error there is
// no zip, and none from before either.
func pack(path, folder string) (size int64, err error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	err = writeZip(file, folder)
	if err == nil {
		size, err = file.Seek(0, io.SeekCurrent)
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		_ = os.Remove(path)
	}
	return size, err
}

func writeZip(w io.Writer, folder string) error {
	entries, err := os.ReadDir(folder) // sorted by name
	if err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	found := false
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s in %s is not a file: only files belong into the package", entry.Name(), folder)
		}
		if err := addFile(archive, filepath.Join(folder, entry.Name())); err != nil {
			return err
		}
		found = found || entry.Name() == program
	}
	if !found {
		return fmt.Errorf("%s has no file called %s: build the function first", folder, program)
	}
	return archive.Close()
}

func addFile(archive *zip.Writer, path string) error {
	header := &zip.FileHeader{Name: filepath.Base(path), Method: zip.Deflate, Modified: epoch}
	header.SetMode(0o644)
	if header.Name == program {
		header.SetMode(0o755)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	target, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = target.Write(content)
	return err
}
