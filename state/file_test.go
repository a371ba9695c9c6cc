//go:build unix

package state_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"licensewatch/state"
)

// newDirectory opens a store in a directory that is not there yet.
func newDirectory(t *testing.T) (dir string, s state.Store) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "state")
	return dir, open(t, "file://"+dir, state.Options{})
}

// temporaries are the files that belong to no object.
func temporaries(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(entry.Name(), ".") {
			found = append(found, entry.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestOneOfManyStoresCreates: overlapping runs are other processes, which no
// lock of this one keeps apart.
func TestOneOfManyStoresCreates(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	for round := range 40 {
		name := fmt.Sprintf("claims/%d", round)
		var won atomic.Int32
		var all sync.WaitGroup
		begin := make(chan struct{})
		for range 8 {
			s := open(t, "file://"+dir, state.Options{})
			all.Go(func() {
				<-begin
				if err := s.Create(t.Context(), name, []byte("x")); err == nil {
					won.Add(1)
				} else if !errors.Is(err, state.ErrExists) {
					t.Error(err)
				}
			})
		}
		close(begin)
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d stores won, want 1", round, won.Load())
		}
	}
}

func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s, "a", "x")
	mustPut(t, s, "a", "y")
	if err := s.Create(t.Context(), "b/c/d", nil); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{
		".": fs.ModeDir | 0o700, "b": fs.ModeDir | 0o700, "b/c": fs.ModeDir | 0o700, "a": 0o600, "b/c/d": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v, want %v", path, info.Mode(), err, want)
		}
	}
	if left := temporaries(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestFileReadsTheDirectoryOnly(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustBeAbsent(t, s, "a") // a store that was never used is empty
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading made the directory: %v", err)
	}
	if err := s.Delete(t.Context(), "a"); err != nil {
		t.Error(err)
	}
}

func TestFileFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		dir      string // below a new directory
		prepare  func(dir string) error
		get, put string // the codes; empty: no failure
		says     string
	}{
		"no directory": {
			dir: "missing/state", get: "NoDirectory", put: "NoDirectory", says: "missing/state is not there: mount the share",
			prepare: func(string) error { return nil },
		},
		"directory is a file": {
			dir: "state", get: "NoDirectory", put: "NoDirectory", says: "is a file",
			prepare: func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
		},
		"object is a directory": {
			dir: "state", get: "NotAFile", put: "NotAFile", says: "no regular file",
			prepare: func(dir string) error { return os.MkdirAll(filepath.Join(dir, "a"), 0o700) },
		},
		"object is a pipe": { // whoever opens it to read waits for a writer
			dir: "state", get: "NotAFile", says: "no regular file",
			prepare: func(dir string) error {
				return errors.Join(os.Mkdir(dir, 0o700), syscall.Mkfifo(filepath.Join(dir, "a"), 0o600))
			},
		},
		"object is too large": {
			dir: "state", get: "TooLarge", says: "4194304 bytes",
			prepare: func(dir string) error {
				return errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, "a"), make([]byte, state.MaxSize+1), 0o600))
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), test.dir)
			if err := test.prepare(dir); err != nil {
				t.Fatal(err)
			}
			s := open(t, "file://"+dir, state.Options{})
			_, err := s.Get(t.Context(), "a")
			mustFail(t, err, test.get, "file store: Get a: ", test.says)
			if test.put == "" { // what cannot be read can be replaced
				mustPut(t, s, "a", "new")
				mustHold(t, s, "a", "new")
				return
			}
			mustFail(t, s.Put(t.Context(), "a", nil), test.put, "file store: Put a: ", test.says)
			if left := temporaries(t, filepath.Dir(filepath.Dir(dir))); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// TestFileDenied: root may do anything in a directory of its own, so for root it
// is one of the kernel's.
func TestFileDenied(t *testing.T) {
	t.Parallel()
	dir := "/sys/kernel"
	if os.Getuid() != 0 {
		dir = t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, "file://"+dir, state.Options{})
	for _, err := range []error{s.Put(t.Context(), "a", nil), s.Create(t.Context(), "a", nil)} {
		f := failure(t, err)
		if !f.Denied || f.Retryable || (f.Code != "PermissionDenied" && f.Code != "ReadOnly") || !strings.Contains(f.Error(), dir) {
			t.Errorf("got %+v", f)
		}
	}
}

// TestStaleTemporariesAreRemoved: a writer that was killed leaves its file; one
// that may still write keeps it.
func TestStaleTemporariesAreRemoved(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s, "claims/a", "x")
	for name, age := range map[string]time.Duration{".tmp-stale": 2 * time.Hour, ".tmp-fresh": time.Minute, "b": 2 * time.Hour} {
		path := filepath.Join(dir, "claims", name)
		if err := os.WriteFile(path, []byte("half an obj"), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	s = open(t, "file://"+dir, state.Options{})
	mustHold(t, s, "claims/a", "x")
	if err := s.Create(t.Context(), "claims/c", []byte("y")); err != nil {
		t.Fatal(err)
	}
	if left := temporaries(t, dir); len(left) != 1 || left[0] != ".tmp-fresh" {
		t.Errorf("temporary files %v, want only the fresh one", left)
	}
	mustHold(t, s, "claims/b", "half an obj") // old, but an object
}
