package main_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// command is the built command; every test runs it as the Makefile does.
var command string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "pack")
	if err != nil {
		panic(err)
	}
	command = filepath.Join(dir, "pack")
	if out, err := exec.Command("go", "build", "-o", command, ".").CombinedOutput(); err != nil { //nolint:noctx // no test's context is there yet
		panic(string(out))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// run packs the folder and returns the zip's path and what was printed.
func run(t *testing.T, folder string) (path, output string, err error) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "out.zip")
	out, err := exec.CommandContext(t.Context(), command, "-o", path, folder).CombinedOutput()
	return path, string(out), err
}

// folderOf makes a folder with the files, readable and no more.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestZip(t *testing.T) {
	t.Parallel()
	program := strings.Repeat("program ", 10_000)
	path, output, err := run(t, folderOf(t, map[string]string{"main": program, "rules.yaml": "version: 1\n"}))
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	want := []struct {
		name string
		mode os.FileMode
		text string
	}{{"main", 0o755, program}, {"rules.yaml", 0o644, "version: 1\n"}}
	if len(archive.File) != len(want) {
		t.Fatalf("%d entries, want %d", len(archive.File), len(want))
	}
	for i, entry := range archive.File {
		if entry.Name != want[i].name || entry.Mode() != want[i].mode {
			t.Errorf("entry %d is %s with mode %v, want %s with %v", i, entry.Name, entry.Mode(), want[i].name, want[i].mode)
		}
		reader, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reader)
		if err != nil || string(text) != want[i].text {
			t.Errorf("%s does not hold what was packed (error: %v)", entry.Name, err)
		}
		if !entry.Modified.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s carries the time %v", entry.Name, entry.Modified)
		}
	}
	if size := archive.File[0].CompressedSize64; size > 1000 {
		t.Errorf("%d bytes of repetition stay %d in the zip", len(program), size)
	}
}

func TestSameBytesTwice(t *testing.T) {
	t.Parallel()
	files := map[string]string{"main": "program", "b": "b", "a": "a"}
	var zips [2][]byte
	for i := range zips {
		folder := folderOf(t, files)
		at := time.Date(2020+i, 1, 1, 0, 0, 0, 0, time.UTC)
		if err := os.Chtimes(filepath.Join(folder, "main"), at, at); err != nil {
			t.Fatal(err)
		}
		path, output, err := run(t, folder)
		if err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		if zips[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(zips[0], zips[1]) {
		t.Error("the same files at other times give other bytes")
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	nested := folderOf(t, map[string]string{"main": "program"})
	if err := os.Mkdir(filepath.Join(nested, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct{ folder, want string }{
		"no program":     {folderOf(t, map[string]string{"rules.yaml": ""}), "has no file called main: build the function first"},
		"folder inside":  {nested, "sub in " + nested + " is not a file"},
		"missing folder": {filepath.Join(nested, "none"), "no such file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, output, err := run(t, test.folder)
			if err == nil || !strings.Contains(output, test.want) {
				t.Errorf("got %v with %q, want a failure with %q", err, output, test.want)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("a zip is left behind")
			}
		})
	}
}
