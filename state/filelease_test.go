//go:build unix

package state_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"licensewatch/state"
)

// writeUntilLost writes under a lease until it is over.
func writeUntilLost(s state.Store) {
	held := s.Lease("old", time.Now().Add(time.Hour))
	for n := 0; ; n++ {
		err := errors.Join(
			held.Put(context.Background(), "kept", []byte("old")),
			held.Delete(context.Background(), "gone"),
			held.Create(context.Background(), "gone", []byte("old")))
		if errors.Is(err, state.ErrLost) {
			return
		}
		if err != nil && !errors.Is(err, state.ErrExists) {
			panic(err)
		}
		fmt.Println(n)
	}
}

// TestFrozenWriter freezes a process that writes, at any instant, revokes its lease,
// writes, and thaws it: it writes nothing more.
func TestFrozenWriter(t *testing.T) {
	t.Parallel()
	for round := range 40 {
		dir, s := newDirectory(t)
		cmd := startTask(t, "lease", "file://"+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		if _, err := lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(3 * time.Millisecond)) // the process writes meanwhile: any instant of it
		if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		held := s.Lease("new", time.Now().Add(time.Hour))
		if err := held.Revoke(t.Context(), "old"); err != nil {
			t.Fatal(err)
		}
		mustPut(t, held, "kept", "new")
		mustPut(t, held, "gone", "new")
		if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		for ; err == nil; _, err = lines.ReadString('\n') { // until it gives up
		}
		if err := cmd.Wait(); err != nil {
			t.Fatalf("round %d: the writer ended with %v", round, err)
		}
		mustHold(t, s, "kept", "new")
		mustHold(t, s, "gone", "new")
		if err := held.Revoke(t.Context(), "new"); err != nil {
			t.Fatal(err)
		}
		if left := temporaries(t, dir); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// TestOldLeaseIsRemoved: what a run left that was killed is removed by a later one.
func TestOldLeaseIsRemoved(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s.Lease("dead", time.Now().Add(time.Hour)), "kept", "1")
	left := temporaries(t, dir)
	if len(left) != 1 || !strings.HasPrefix(left[0], ".lease-") {
		t.Fatalf("there are %v, want a lease", left)
	}
	old := time.Now().Add(-49 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, left[0]), old, old); err != nil {
		t.Fatal(err)
	}
	mustPut(t, open(t, "file://"+dir, state.Options{}), "kept", "2")
	if left := temporaries(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestDisplace moves a directory, and nothing else.
func TestDisplace(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s, "file", "kept")
	if err := os.MkdirAll(filepath.Join(dir, "directory", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := s.Get(t.Context(), "directory")
	if f := failsWith(t, err, "NotAFile"); !f.Immovable() || !f.Foreign() {
		t.Errorf("a directory is %+v", f)
	}
	if err := s.Displace(t.Context(), "directory", "aside/found"); err != nil {
		t.Fatal(err)
	}
	mustBeAbsent(t, s, "directory")
	if _, err := os.Stat(filepath.Join(dir, "aside", "found", "x")); err != nil {
		t.Error(err)
	}
	mustFail(t, s.Displace(t.Context(), "file", "aside/other"), "NoDirectory")
	mustHold(t, s, "file", "kept")
	if err := s.Displace(t.Context(), "nothing", "aside/other"); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("nothing: %v", err)
	}
}

// TestDisplaceWhatIsNoFile: what no store has written is moved as it is, and not by a
// holder whose lease is over: what has the name then may be a newer holder's object.
func TestDisplaceWhatIsNoFile(t *testing.T) {
	t.Parallel()
	for kind, put := range map[string]func(path string) error{
		"a link to nothing":     func(path string) error { return os.Symlink("nowhere", path) },
		"a link to itself":      func(path string) error { return os.Symlink(filepath.Base(path), path) },
		"a link to a directory": func(path string) error { return os.Symlink(".", path) },
		"a pipe":                func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"a large file": func(path string) error {
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, state.MaxSize+1))
		},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir, s := newDirectory(t)
			held := s.Lease("old", time.Now().Add(time.Hour))
			mustPut(t, held, "kept", "1")
			path, found := filepath.Join(dir, "a"), filepath.Join(dir, "aside", "found")
			if err := put(path); err != nil {
				t.Fatal(err)
			}
			before, err := os.Lstat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := held.Displace(t.Context(), "a", "aside/found"); err != nil {
				t.Fatal(err)
			}
			if after, err := os.Lstat(found); err != nil || !os.SameFile(before, after) {
				t.Errorf("what was moved is %v, %v", after, err)
			}
			mustBeAbsent(t, s, "a")

			if err := errors.Join(s.Revoke(t.Context(), "old"), put(path)); err != nil {
				t.Fatal(err)
			}
			if err := held.Displace(t.Context(), "a", "aside/other"); !errors.Is(err, state.ErrLost) {
				t.Errorf("who was frozen gets %v, want ErrLost", err)
			}
			if _, err := os.Lstat(path); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDisplaceAnObstacle moves what has the name of an object's directory, also when
// it is in its own way, and never onto something else that does.
func TestDisplaceAnObstacle(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s, "aside", "1")
	mustPut(t, s, "takeover", "2")
	for _, err := range []error{s.Put(t.Context(), "takeover/x", nil), s.Create(t.Context(), "takeover/x", nil), s.Displace(t.Context(), "takeover/x", "aside/found")} {
		if f := failsWith(t, err, "NotAFile"); !f.Immovable() || !strings.Contains(f.Error(), "is no directory") {
			t.Errorf("got %+v", f)
		}
	}
	for n, name := range []string{"aside/x", "takeover/x"} {
		if err := s.Displace(t.Context(), name, fmt.Sprint("aside/found-", n+1)); err != nil {
			t.Fatal(err)
		}
	}
	mustHold(t, s, "aside/found-1", "1")
	mustHold(t, s, "aside/found-2", "2")
	mustPut(t, s, "takeover/x", "3")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("there are %v, %v, want aside and takeover", entries, err)
	}
}

// TestDiscard removes what was displaced, of very much a part at a time.
func TestDiscard(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s, "kept", "1")
	found := filepath.Join(dir, "aside", "found")
	for n := range 70 {
		if err := os.MkdirAll(filepath.Join(found, fmt.Sprint(n), "a", "b", "c", "d", "e", "f", "g", "h", "i"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../../kept", filepath.Join(found, "link")); err != nil {
		t.Fatal(err)
	}
	_ = failsWith(t, s.Discard(t.Context(), "aside/found"), "TooLarge")
	for range 2 {
		if err := s.Discard(t.Context(), "aside/found"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Lstat(found); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is left: %v", err)
	}
	mustHold(t, s, "kept", "1")
}

// TestRevokeWhateverItHolds: a lease ends although somebody has put into its directory
// what keeps it from being removed.
func TestRevokeWhateverItHolds(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	held := s.Lease("old", time.Now().Add(time.Hour))
	mustPut(t, held, "kept", "1")
	leases, err := filepath.Glob(filepath.Join(dir, ".lease-*"))
	if err != nil || len(leases) != 1 {
		t.Fatal(leases, err)
	}
	if err := os.MkdirAll(filepath.Join(leases[0], "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Revoke(t.Context(), "old"); err != nil {
		t.Fatal(err)
	}
	if err := held.Put(t.Context(), "kept", []byte("2")); !errors.Is(err, state.ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
	mustHold(t, s, "kept", "1")
	if left := temporaries(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestLinkThatLeadsNowhere can be replaced, as can what is no directory.
func TestLinkThatLeadsNowhere(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s, "a", "1")
	for link, to := range map[string]string{"link": "nowhere", "loop": "loop", "into": "a/x"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
		_, err := s.Get(t.Context(), link)
		if f := failsWith(t, err, "NotAFile"); f.Immovable() {
			t.Errorf("a link is %+v", f)
		}
		mustPut(t, s.Lease("a", time.Now().Add(time.Hour)), link, "2")
		mustHold(t, s, link, "2")
	}
}
