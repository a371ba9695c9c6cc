package state_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"licensewatch/state"
)

// fSetLease is F_SETLEASE of fcntl(2).
const fSetLease = 1024

// hang makes the file system hang for whoever opens the file, until release: a
// lease is held on it, and the kernel waits for its holder.
func hang(t *testing.T, path string) (release func()) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), fSetLease, syscall.F_WRLCK); errno != 0 {
		_ = file.Close()
		t.Skipf("no leases here: %v", errno)
	}
	return func() { _ = file.Close() }
}

// TestFileSystemHangs: a call ends in time, the next ones fail at once, and all
// is well when the file system is. It waits for the kernel, which no bubble holds.
func TestFileSystemHangs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, "file://"+dir, state.Options{Sleep: noSleep})
	mustPut(t, s, "a", "kept")
	release := hang(t, filepath.Join(dir, "a"))
	defer release()

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := s.Get(ctx, "a")
	if f := failsWith(t, err, "Timeout"); !errors.Is(f, context.DeadlineExceeded) {
		t.Errorf("got %+v", f)
	}
	start := time.Now()
	mustFail(t, s.Put(t.Context(), "b", nil), "Timeout", "an earlier call has not ended", "see to the mount")
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the next call took %v", took)
	}

	release()
	for err != nil && time.Since(start) < 30*time.Second { // the kernel wakes the first call some time
		_, err = s.Get(t.Context(), "a")
	}
	mustHold(t, s, "a", "kept")
	mustBeAbsent(t, s, "b")
}
