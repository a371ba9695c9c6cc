//go:build unix

package state_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"licensewatch/state"
)

// runTask is this program started again, to be killed or to be short of room.
func runTask(task string) int {
	s, err := state.Open(os.Getenv("STATE_TEST_URL"), state.Options{})
	if err != nil {
		panic(err)
	}
	switch task {
	case "write":
		writeUntilKilled(s)
	case "lease":
		writeUntilLost(s)
	case "full":
		writeWithoutRoom(s)
	}
	return 0
}

func startTask(t *testing.T, task, rawURL string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = append(os.Environ(), "STATE_TEST_TASK="+task, "STATE_TEST_URL="+rawURL)
	return cmd
}

// object is the n-th that a writer writes; half of it is not one.
func object(n int) string { return "<" + strings.Repeat(fmt.Sprint(n%10), 100_000) + ">" }

func isWhole(data []byte) bool {
	return len(data) == 100_002 && data[0] == '<' && data[len(data)-1] == '>' && strings.Count(string(data), string(data[1])) == 100_000
}

func writeUntilKilled(s state.Store) {
	for n := 0; ; n++ {
		err := errors.Join(
			s.Put(context.Background(), "state", []byte(object(n))),
			s.Create(context.Background(), fmt.Sprintf("claims/%d-%d", os.Getpid(), n), []byte(object(n))))
		if err != nil {
			panic(err)
		}
		fmt.Print(".")
	}
}

// TestKilledWhileWriting kills a writer at any time, over and over: there is
// never half an object, and the next writer goes on.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	for round := range 8 {
		cmd := startTask(t, "write", "file://"+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, 1+round)); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if data, err := s.Get(t.Context(), "state"); err != nil || !isWhole(data) {
			t.Errorf("state: %d bytes, %v", len(data), err)
		}
	}
	claims, err := os.ReadDir(filepath.Join(dir, "claims"))
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for _, entry := range claims {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if data, err := s.Get(t.Context(), "claims/"+entry.Name()); err != nil || !isWhole(data) {
			t.Errorf("%s: %d bytes, %v", entry.Name(), len(data), err)
		}
		whole++
	}
	if whole < 8 {
		t.Errorf("%d objects were created, want one a round at least", whole)
	}
}

// roomInTask is how many bytes a file may have in the task "full".
const roomInTask = 1000

func writeWithoutRoom(s state.Store) {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: roomInTask, Max: roomInTask}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
	large := make([]byte, 10*roomInTask)
	for _, err := range []error{
		s.Put(context.Background(), "a", large),
		s.Create(context.Background(), "b", large),
		s.Create(context.Background(), "a", large),
	} {
		fmt.Println(err)
	}
}

func TestNoRoom(t *testing.T) {
	t.Parallel()
	dir, s := newDirectory(t)
	mustPut(t, s, "a", "kept")
	out, err := startTask(t, "full", "file://"+dir).CombinedOutput()
	want := fmt.Sprintf(`file store: Put a: DiskFull: file too large: make room in %[1]s, or raise its quota
file store: Create b: DiskFull: file too large: make room in %[1]s, or raise its quota
%[2]v
`, dir, state.ErrExists)
	if err != nil || string(out) != want {
		t.Errorf("got %v\n%swant\n%s", err, out, want)
	}
	mustHold(t, s, "a", "kept")
	mustBeAbsent(t, s, "b")
	if left := temporaries(t, dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
