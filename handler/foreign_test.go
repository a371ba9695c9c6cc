//go:build unix

package handler_test

// Whatever stands in the memory's directory under a name of licensewatch's.

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/session"
)

// foreign are what can have a name, beside the file "other" and the directory
// "elsewhere".
var foreign = map[string]func(path string) error{
	"a file":                func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) },
	"a directory":           func(path string) error { return os.Mkdir(path, 0o700) },
	"a full directory":      func(path string) error { return os.MkdirAll(filepath.Join(path, "a", "b"), 0o700) },
	"a link to a file":      func(path string) error { return os.Symlink("other", path) },
	"a link to a directory": func(path string) error { return os.Symlink("elsewhere", path) },
	"a link to nothing":     func(path string) error { return os.Symlink("nowhere", path) },
	"a link into a file":    func(path string) error { return os.Symlink("other/x", path) },
	"a link to itself":      func(path string) error { return os.Symlink(filepath.Base(path), path) },
	"a pipe":                func(path string) error { return syscall.Mkfifo(path, 0o600) },
	"a socket":              putSocket,
	"a large file":          func(path string) error { return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 5<<20)) },
	"a file of others":      func(path string) error { return os.WriteFile(path, []byte("x"), 0) },
	"a directory of others": func(path string) error { return os.Mkdir(path, 0) },
}

// putSocket leaves a socket. Its name may be longer than that of one that is listened on.
func putSocket(path string) error {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	short := filepath.Join(dir, "s")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: short})
	if err != nil {
		return err
	}
	listener.SetUnlinkOnClose(false)
	return errors.Join(listener.Close(), os.Rename(short, path), os.Remove(dir))
}

// neighbours are what the links lead to.
func neighbours(t *testing.T, dir string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Join(dir, "elsewhere"), 0o700))
	must(t, os.WriteFile(filepath.Join(dir, "other"), []byte("theirs"), 0o600))
}

// TestForeignThings: a run ends, speaks and remembers whatever has a name of
// licensewatch's in its directory; what cannot stay is moved and told, once. Only what
// it may not read costs the memory, and it says so.
func TestForeignThings(t *testing.T) {
	const directories = "a directory, a full directory"
	const noDirectories = "a file, a link to a file, a link to nothing, a link into a file, a link to itself, a pipe, a socket, a large file, a file of others"
	damaged := []string{"ledger.json", "{damaged"}
	dead := []string{"claim.json", deadLock}
	sum := sha256.Sum256([]byte(deadLock))
	for _, place := range []struct {
		name   string
		beside []string // a file and what it holds
		moved  string   // the kinds that are moved
		closed string   // the kinds that cost the memory: who may not read or move it, has to be let
		kept   bool     // an unreadable ledger is kept
	}{
		{"claim.json", nil, directories, "a file of others, a directory of others", false},
		{"ledger.json", nil, "", "a file of others", true},
		{"aside", damaged, noDirectories, "a directory of others", true},
		{"aside/list.json", damaged, directories + ", a directory of others", "", true},
		{"takeover", dead, noDirectories, "a directory of others", false},
		{"takeover/" + hex.EncodeToString(sum[:8]), dead, directories, "a file of others, a directory of others", false},
	} {
		for kind, put := range foreign {
			t.Run(place.name+" is "+kind, func(t *testing.T) {
				if strings.HasSuffix(kind, " of others") && os.Getuid() == 0 {
					t.Skip("root may read everything")
				}
				w := newRemembering(t, "near-expiry")
				path := filepath.Join(w.dir, place.name)
				if strings.Contains(place.name, "/") {
					must(t, os.Mkdir(filepath.Dir(path), 0o700))
				}
				neighbours(t, w.dir)
				neighbours(t, filepath.Dir(path))
				if place.beside != nil {
					must(t, os.WriteFile(filepath.Join(w.dir, place.beside[0]), []byte(place.beside[1]), 0o600))
				}
				must(t, put(path))
				if isOneOf(place.closed, kind) {
					w.wantNoMemory()
					return
				}
				w.wantTick("alert", handler.OutcomeSent, 1, 1)
				w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
				w.wantTick("digest", handler.OutcomeSent, 2, 2)
				moved := isOneOf(place.moved, kind)
				w.wantToldOnce("It is moved to `aside/found-", moved)
				w.wantToldOnce("is kept as `", place.kept)
				if n := len(w.found()); n != 1 && moved || n != 0 && !moved {
					t.Errorf("moved: %v", w.found())
				}
				if other, err := os.ReadFile(filepath.Join(filepath.Dir(path), "other")); err != nil || string(other) != "theirs" {
					t.Errorf("the file beside it is %q, %v", other, err)
				}
			})
		}
	}
}

func isOneOf(list, kind string) bool { return slices.Contains(strings.Split(list, ", "), kind) }

// wantNoMemory: two runs speak, and say that there is none and why.
func (w *remembering) wantNoMemory() {
	w.t.Helper()
	for n := 1; n <= 2; n++ {
		w.wantTick("alert", handler.OutcomeSent, n, n)
	}
	w.wantContains("the message", w.posted("slack")[1], "Running without memory", "PermissionDenied")
}

// wantToldOnce: of all messages the first tells it, if one is to.
func (w *remembering) wantToldOnce(what string, want bool) {
	w.t.Helper()
	for _, chat := range []string{"slack", "wecom"} {
		for n, post := range w.posted(chat) {
			if told := strings.Contains(post, what); told != (want && n == 0) {
				w.t.Errorf("%s: message %d tells %q: %t\n%s", chat, n+1, what, told, post)
			}
		}
	}
}

// found are what was moved aside.
func (w *remembering) found() []string {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.dir, "aside", "found-*"))
	must(w.t, err)
	return names
}

// TestForeignLedgers: the ledger has a second name for when something else has the first.
// What has both costs no memory either: it stays where the first is, and is moved from
// the second.
func TestForeignLedgers(t *testing.T) {
	for kind, put := range foreign {
		for _, both := range []bool{true, false} {
			t.Run(fmt.Sprintf("the second is %s, so is the first %t", kind, both), func(t *testing.T) {
				first := foreign["a directory"]
				if both {
					first = put
				}
				w := newRemembering(t, "near-expiry")
				neighbours(t, w.dir)
				must(t, first(filepath.Join(w.dir, "ledger.json")))
				must(t, put(filepath.Join(w.dir, "ledger-2.json")))
				before, err := os.Lstat(filepath.Join(w.dir, "ledger-2.json"))
				must(t, err)
				readable := isOneOf("a file, a link to a file", kind)
				switch {
				case !strings.HasSuffix(kind, " of others"):
				case os.Getuid() == 0:
					t.Skip("root may read everything")
				default:
					w.wantNoMemory()
					return
				}
				w.wantTick("alert", handler.OutcomeSent, 1, 1)
				w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
				w.wantTick("digest", handler.OutcomeSent, 2, 2)
				w.wantToldOnce("is kept as `", true)
				w.wantToldOnce("It is moved to `aside/found-", !readable)
				if readable { // it is kept as any ledger that cannot be read
					return
				}
				w.wantContains("the log", w.log.String(), "was in its way in the store; it is moved", `"name":"ledger-2.json"`)
				found := w.found()
				if len(found) != 1 {
					t.Fatalf("moved: %v", found)
				}
				if after, err := os.Lstat(found[0]); err != nil || !os.SameFile(before, after) {
					t.Errorf("what was moved is %v, %v", after, err)
				}
				if other, err := os.ReadFile(filepath.Join(w.dir, "other")); err != nil || string(other) != "theirs" {
					t.Errorf("the file beside it is %q, %v", other, err)
				}
			})
		}
	}
}

// TestForeignThingsEverywhere at once cost no memory either.
func TestForeignThingsEverywhere(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	for _, name := range []string{"claim.json", "ledger.json", "ledger-2.json"} {
		must(t, os.MkdirAll(filepath.Join(w.dir, name, "x"), 0o700))
	}
	for _, name := range []string{"aside", "takeover"} {
		must(t, os.WriteFile(filepath.Join(w.dir, name), []byte(name), 0o600))
	}
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
	w.wantToldOnce("It is moved to `aside/found-", true)
	w.wantToldOnce("is kept as `ledger.json`", true)
	if n := len(w.found()); n != 4 {
		t.Errorf("%d were moved, want the lock, the spare ledger, aside and takeover: %v", n, w.found())
	}
}

// TestFoundIsCleared: what was in the way is kept like a ledger that cannot be read:
// ten at most, for 30 days. What was full takes its time, and what a link leads to is
// not its own.
func TestFoundIsCleared(t *testing.T) {
	w := newRemembering(t, "healthy")
	neighbours(t, w.dir)
	for n := range 12 {
		lock := filepath.Join(w.dir, "claim.json")
		must(t, os.MkdirAll(filepath.Join(lock, "a"), 0o700))
		must(t, os.Symlink(filepath.Join(w.dir, "elsewhere"), filepath.Join(lock, "link")))
		for i := range 200 * (n % 4) {
			must(t, os.WriteFile(filepath.Join(lock, "a", fmt.Sprint(i)), nil, 0o600))
		}
		w.tickQuietly()
	}
	if n := len(w.found()); n != 10 {
		t.Errorf("%d are kept, want 10", n)
	}
	must(t, os.WriteFile(filepath.Join(w.dir, "elsewhere", "kept"), nil, 0o600))
	for day := range 3 {
		w.clock = w.clock.AddDate(0, 0, 30/(1+29*min(day, 1)))
		w.tickQuietly()
	}
	if left := w.found(); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
	if _, err := os.Stat(filepath.Join(w.dir, "elsewhere", "kept")); err != nil {
		t.Error(err)
	}
	if strings.Contains(w.log.String(), "without memory") {
		t.Errorf("it costs the memory: %s", w.log)
	}
}

// TestLeaseThatIsNone: what has the name of a dead run's lease, whatever it is, keeps
// nobody from taking the claim over.
func TestLeaseThatIsNone(t *testing.T) {
	sum := sha256.Sum256([]byte("x"))
	lease := ".lease-" + hex.EncodeToString(sum[:12])
	for kind, put := range foreign {
		t.Run(kind, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			neighbours(t, w.dir)
			must(t, os.WriteFile(filepath.Join(w.dir, "elsewhere", "kept"), nil, 0o600))
			must(t, os.WriteFile(filepath.Join(w.dir, "claim.json"), []byte(deadLock), 0o600))
			must(t, put(filepath.Join(w.dir, lease)))
			w.wantTick("alert", handler.OutcomeSent, 1, 1)
			w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
			if _, err := os.Lstat(filepath.Join(w.dir, lease)); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("it is left: %v", err)
			}
			if _, err := os.Stat(filepath.Join(w.dir, "elsewhere", "kept")); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDirectoryThatIsNone: the store's own directory is the operator's to mend, and
// every message says that there is no memory.
func TestDirectoryThatIsNone(t *testing.T) {
	for kind, put := range foreign {
		if strings.Contains(kind, "directory") {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			neighbours(t, w.dir)
			dir := filepath.Join(w.dir, "state")
			w.set("LICENSEWATCH_STATE_URL", "file://"+dir)
			must(t, put(dir))
			for n := 1; n <= 2; n++ {
				w.wantTick("alert", handler.OutcomeSent, n, n)
			}
			w.wantContains("the message", w.posted("slack")[1], "Running without memory", "NoDirectory")
			says := dir + ", or a part of the path, is "
			if kind == "a link to nothing" {
				says = dir + " is not there"
			}
			w.wantContains("the log", w.log.String(), says)
		})
	}
}

// TestForeignThingsAndTheOperator: a command moves nothing, and says what is wrong.
func TestForeignThingsAndTheOperator(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	must(t, os.WriteFile(filepath.Join(w.dir, "claim.json"), []byte(deadLock), 0o600))
	must(t, os.WriteFile(filepath.Join(w.dir, "takeover"), nil, 0o600))
	data, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(t, err)
	ledger := fmt.Sprintf("%s %x\n", filepath.Join(w.dir, "ledger.json"), data)
	must(t, os.MkdirAll(filepath.Join(w.dir, "ledger-2.json", "x"), 0o700))
	before := tree(t, w.dir)
	if err := w.edit(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "takeover, where the object has to lie, is no directory: remove it from "+w.dir) {
		t.Errorf("got %v", err)
	}
	must(t, os.Remove(filepath.Join(w.dir, "ledger.json")))
	must(t, os.Symlink("ledger.json", filepath.Join(w.dir, "ledger.json")))
	settings, err := config.Load(w.environment)
	must(t, err)
	if _, err := session.Read(t.Context(), session.OptionsOf(settings)); err == nil {
		t.Error("a ledger is read")
	}
	must(t, os.Remove(filepath.Join(w.dir, "ledger.json")))
	if after := tree(t, w.dir); after != strings.Replace(before, ledger, "", 1) {
		t.Errorf("the store was\n%s\nand is\n%s", before, after)
	}
}
