// Command pack makes the zip that SCF takes: the files of one folder at the
// archive's root, with the executable bit on the program, and the same bytes
// for the same files on every machine.
//
// It stands in for the zip command, which not every machine has, which stores
// times, and which loses the executable bit on Windows.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/foobaz/go-zopfli/zopfli"
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
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return &deflater{to: w}, nil })
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

// deflater compresses by Zopfli, whose deflate any unzip reads. It takes most of a
// minute and 4 % off the package, which is fetched at every cold start.
type deflater struct {
	to      io.Writer
	content bytes.Buffer
}

// Write keeps the content for Close.
func (d *deflater) Write(content []byte) (int, error) { return d.content.Write(content) }

// Close compresses all of it.
func (d *deflater) Close() error {
	content := d.content.Bytes()
	if len(content) < worthIt {
		return deflate(d.to, content)
	}
	options := zopfli.DefaultOptions()
	options.NumIterations = 1     // more take a minute each and hardly anything off
	options.BlockSplittingMax = 0 // as many blocks as help; 15, for all of a program, cost 1.5 %, and vary by 0.3 %
	var compressed bytes.Buffer
	if err := zopfli.DeflateCompress(&options, content, &compressed); err != nil {
		return err
	}
	back, err := io.ReadAll(flate.NewReader(bytes.NewReader(compressed.Bytes())))
	if err != nil || !bytes.Equal(back, content) { // a mistake of the library, which not everybody uses
		return deflate(d.to, content)
	}
	_, err = d.to.Write(compressed.Bytes())
	return err
}

// worthIt is from how many bytes on Zopfli is used; it falls over very few.
const worthIt = 1 << 20

// deflate compresses as the standard library does.
func deflate(to io.Writer, content []byte) error {
	w, err := flate.NewWriter(to, flate.BestCompression)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return errors.Join(err, w.Close())
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
