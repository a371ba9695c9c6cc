package session_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/state"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	ledgerFile = "ledger.json"
	lockFile   = "claim.json"
)

var (
	now = time.Date(2026, time.November, 22, 9, 7, 0, 0, time.UTC)
	own = life.Owner{Site: "cn", Account: "100000000001"}
)

const (
	runTime  = time.Minute
	patience = 10 * time.Second
)

// open makes a session over a directory, of a run that begins now.
func open(dir, holder string) *session.Session {
	return session.Open(session.Options{
		URL: "file://" + dir, Holder: holder, Now: func() time.Time { return now },
		Wait: time.Now().Add(patience), End: time.Now().Add(runTime),
	})
}

// begin makes a session that has to get the lock.
func begin(t *testing.T, dir, holder string) *session.Session {
	t.Helper()
	s := open(dir, holder)
	if busy := s.Begin(t.Context(), own); busy || !s.Works() || !s.Knows() {
		t.Fatalf("%s: busy %v, works %v, knows %v, %s", holder, busy, s.Works(), s.Knows(), s.Code())
	}
	return s
}

// tell remembers that a channel was told a note.
func tell(t *testing.T, s *session.Session, note string) {
	t.Helper()
	s.Note(t.Context(), func(l *life.Ledger) { l.Notes().MarkTold("slack", note, now) })
}

func wasTold(s *session.Session, note string) bool {
	return !s.Ledger.Notes().MayTell("slack", note, "", now)
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What one session was told the next one knows, and the lock is given back between them.
func TestSessionRemembers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := begin(t, dir, "first")
	if !exists(dir, lockFile) {
		t.Error("no lock is held")
	}
	tell(t, first, "a note")
	if !exists(dir, ledgerFile) {
		t.Error("a note is not saved at once")
	}
	first.Close(t.Context())
	if exists(dir, lockFile) {
		t.Error("the lock is not given back")
	}
	second := begin(t, dir, "second")
	defer second.Close(t.Context())
	if !wasTold(second, "a note") || wasTold(second, "another") || second.Ledger.Owner() != own {
		t.Errorf("the ledger is not what was saved: owner %v", second.Ledger.Owner())
	}
}

// A session whose lock another one holds waits for it and is busy then, and writes nothing.
func TestSecondSessionIsBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		first := begin(t, dir, "first")
		second := open(dir, "second")
		began := time.Now()
		if busy := second.Begin(t.Context(), own); !busy || !second.Waited() {
			t.Errorf("busy %v, waited %v", busy, second.Waited())
		}
		if waited := time.Since(began); waited > patience {
			t.Errorf("it waited for %v", waited)
		}
		second.Close(t.Context())
		if !exists(dir, lockFile) {
			t.Error("the busy session took the lock away")
		}
		first.Close(t.Context())
	})
}

// A session that waits as long as its context lasts, for a slow store, gets the lock in time to load
// the ledger, or is busy, however late the lock is given back.
func TestLockThatIsGivenBackLate(t *testing.T) {
	t.Parallel()
	for i := range 40 {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			first := begin(t, dir, "first")
			time.AfterFunc(patience-time.Duration(i)*patience/100, func() { first.Close(t.Context()) })
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			slow := func(work func()) { time.Sleep(300 * time.Millisecond); work() }
			second := session.Open(session.Options{
				URL: "file://" + dir, Holder: "second", Now: func() time.Time { return now }, Store: state.Options{Disk: state.NewDisk(slow)},
				Wait: time.Now().Add(patience), End: time.Now().Add(runTime),
			})
			if busy := second.Begin(ctx, own); !busy && !second.Knows() {
				t.Errorf("it is given back %d hundredths of the wait before its end: %s", i, second.Code())
			}
			synctest.Wait()
			second.Close(t.Context())
			time.Sleep(patience)
		})
	}
}

// A session that finds a lock which is over, and that another one is taking it over, is busy:
// it goes on by itself once that one's time is up, and not before.
func TestLockThatIsBeingTakenOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		dead := fmt.Appendf(nil, `{"owner":"dead","expires":%q}`, time.Now().Add(-time.Second).Format(time.RFC3339))
		sum := sha256.Sum256(dead)
		taking := fmt.Sprintf(`{"owner":"taking","expires":%q}`, time.Now().Add(runTime).Format(time.RFC3339))
		put := map[string]string{lockFile: string(dead), filepath.Join("takeover", hex.EncodeToString(sum[:8])): taking}
		if err := os.Mkdir(filepath.Join(dir, "takeover"), 0o700); err != nil {
			t.Fatal(err)
		}
		for name, text := range put {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		// as a run has it, whose sources are read until then
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		second := open(dir, "second")
		if busy := second.Begin(ctx, own); !busy || !second.Waited() {
			t.Errorf("busy %v, waited %v, %s", busy, second.Waited(), second.Code())
		}
		second.Close(t.Context())
		time.Sleep(runTime)
		begin(t, dir, "third").Close(t.Context())
	})
}

// The ledger of another account is refused and left as it is, and its lock is given back.
func TestOtherOwnerIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := begin(t, dir, "first")
	tell(t, first, "a note")
	first.Close(t.Context())
	before := read(t, dir, ledgerFile)
	other := open(dir, "other")
	if busy := other.Begin(t.Context(), life.Owner{Site: "cn", Account: "100000000002"}); busy {
		t.Error("it is not busy, it is somebody else's")
	}
	if other.Works() || other.Knows() || other.Code() != "OtherOwner" || other.OtherOwner() != own {
		t.Errorf("works %v, %s, of %v", other.Works(), other.Code(), other.OtherOwner())
	}
	if exists(dir, lockFile) {
		t.Error("the lock is kept from its owner")
	}
	tell(t, other, "another note")
	other.Close(t.Context())
	if after := read(t, dir, ledgerFile); after != before {
		t.Errorf("it was changed:\n%s", after)
	}
}

// A process that was frozen until its time was over, so that another one took its lock, sees
// that, and neither changes the ledger nor takes the other one's lock away.
func TestFrozenSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		frozen := begin(t, dir, "frozen")
		if frozen.LooksTaken(t.Context(), time.Now().Add(time.Second)) {
			t.Fatal("nobody has taken it")
		}
		time.Sleep(2 * runTime)
		awake := begin(t, dir, "awake")
		tell(t, awake, "a note")
		saved := read(t, dir, ledgerFile)
		if !frozen.LooksTaken(t.Context(), time.Now().Add(time.Second)) || !frozen.IsTaken() {
			t.Error("it does not see that its lock was taken over")
		}
		tell(t, frozen, "another note")
		frozen.Close(t.Context())
		if !exists(dir, lockFile) || read(t, dir, ledgerFile) != saved {
			t.Error("the frozen session took the lock away, or changed the ledger")
		}
		awake.Close(t.Context())
	})
}

// What stands in the lock's place and is no lock keeps nobody out; a directory is moved
// aside, and told.
func TestForeignLock(t *testing.T) {
	t.Parallel()
	for name, put := range map[string]func(path string) error{
		"a text":      func(path string) error { return os.WriteFile(path, []byte("hello"), 0o600) },
		"nothing":     func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"a directory": func(path string) error { return os.MkdirAll(filepath.Join(path, "theirs"), 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := put(filepath.Join(dir, lockFile)); err != nil {
				t.Fatal(err)
			}
			s := begin(t, dir, "run")
			defer s.Close(t.Context())
			_, found := s.Aside()
			if isMoved := name == "a directory"; isMoved != (len(found) == 1) {
				t.Errorf("told of %q", found)
			}
		})
	}
}

// A ledger that cannot be read is kept aside and begun anew.
func TestBrokenLedger(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ledgerFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := begin(t, dir, "run")
	kept, _ := s.Aside()
	if len(kept) != 1 || read(t, dir, kept[0]) != "{" {
		t.Errorf("kept: %q", kept)
	}
	tell(t, s, "a note")
	s.Close(t.Context())
	again := begin(t, dir, "again")
	defer again.Close(t.Context())
	if kept, _ := again.Aside(); len(kept) != 1 || !wasTold(again, "a note") {
		t.Errorf("kept: %q", kept)
	}
}

// A session without a store, or with one that cannot be used, remembers nothing and says so.
func TestSessionWithoutStore(t *testing.T) {
	t.Parallel()
	var none *session.Session
	if none.Works() || none.Knows() || none.IsTaken() || none.LooksTaken(t.Context(), time.Now()) {
		t.Error("no session knows something")
	}
	none.Close(t.Context())
	broken := session.Open(session.Options{URL: "ftp://nowhere", Now: func() time.Time { return now }})
	if busy := broken.Begin(t.Context(), own); busy || broken.Works() || broken.Code() == "" {
		t.Errorf("busy %v, works %v, %q", busy, broken.Works(), broken.Code())
	}
	broken.Close(t.Context())
}
