package handler_test

// What becomes of the lock and the ledger when somebody gives up, breaks, or finds
// what is not licensewatch's.

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// edit acknowledges with the settings of the environment, as the command does.
func (w *remembering) edit(ctx context.Context, change func(*life.Ledger, time.Time) error) error {
	w.t.Helper()
	settings, err := config.Load(w.environment)
	must(w.t, err)
	if change == nil {
		change = func(l *life.Ledger, now time.Time) error {
			return l.Acknowledge(license.Ack{Rule: "cwp-order-expiring", Until: now.AddDate(0, 0, 7), Reason: "ordered", By: "lisi"}, now)
		}
	}
	options := session.OptionsOf(settings)
	options.Store.Transport = w.transport
	return session.Edit(ctx, options, func(l *life.Ledger) error { return change(l, w.clock.In(settings.Zone)) })
}

// tree is all that lies in a directory.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			fmt.Fprintln(&b, path, err)
			return err
		}
		data, err := os.ReadFile(path) //nolint:gosec // the test's own
		fmt.Fprintf(&b, "%s %x\n", path, data)
		return err
	}))
	return b.String()
}

// TestEditWritesNothingThatItHasNotRead: what cannot be read whole stays as it is,
// to the byte, and nothing comes beside it.
func TestEditWritesNothingThatItHasNotRead(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	path := filepath.Join(w.dir, "ledger.json")
	whole, err := os.ReadFile(path) //nolint:gosec // the test's own
	must(t, err)
	for name, put := range map[string]func() error{
		"half":            func() error { return os.WriteFile(path, whole[:len(whole)/2], 0o600) },
		"empty":           func() error { return os.WriteFile(path, nil, 0o600) },
		"a newer version": func() error { return os.WriteFile(path, []byte(`{"version":2,"stories":{}}`), 0o600) },
		"a newer field": func() error {
			return os.WriteFile(path, bytes.Replace(whole, []byte("{"), []byte(`{"pages":[1],`), 1), 0o600)
		},
		"a newer field in": func() error {
			return os.WriteFile(path, bytes.Replace(whole, []byte(`"severity":`), []byte(`"pages":1,"severity":`), 1), 0o600)
		},
		"a key twice": func() error {
			return os.WriteFile(path, bytes.Replace(whole, []byte(`{`), []byte(`{"acks":{},"stories":{"x/y":{}},`), 1), 0o600)
		},
		"a key in capitals, too": func() error {
			return os.WriteFile(path, bytes.Replace(whole, []byte(`{`), []byte(`{"SERIAL":1,`), 1), 0o600)
		},
		"a key twice, inside": func() error {
			return os.WriteFile(path, bytes.Replace(whole, []byte(`"severity":`), []byte(`"severity":"info","severity":`), 1), 0o600)
		},
		"packed, with a message that is none": func() error { return os.WriteFile(path, packed(t, noMessage), 0o600) },
		"of another format":                   func() error { return os.WriteFile(path, []byte("PK\x03\x04"), 0o600) },
		"a field's type": func() error {
			return os.WriteFile(path, bytes.Replace(whole, []byte(`"serial":`), []byte(`"stories":[],"serial":`), 1), 0o600)
		},
		"huge":        func() error { return os.WriteFile(path, make([]byte, 5<<20), 0o600) },
		"a directory": func() error { return os.MkdirAll(filepath.Join(path, "x"), 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			must(t, os.RemoveAll(path))
			must(t, put())
			before := tree(t, w.dir)
			for what, change := range map[string]func(*life.Ledger, time.Time) error{
				"ack":    nil,
				"remove": func(l *life.Ledger, _ time.Time) error { l.RemoveAck("cwp-order-expiring", ""); return nil },
			} {
				if err := w.edit(t.Context(), change); err == nil {
					t.Errorf("%s: no error", what)
				}
			}
			if after := tree(t, w.dir); after != before {
				t.Errorf("the store was\n%.300s\nand is\n%.300s", before, after)
			}
		})
	}
}

// noMessage is a packed ledger that owes a message of which there is nothing.
const noMessage = `{"version":2,"serial":9,"outbox":[null]}{}`

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var data bytes.Buffer
	zip := gzip.NewWriter(&data)
	_, err := io.WriteString(zip, text)
	must(t, errors.Join(err, zip.Close()))
	return data.Bytes()
}

// TestPackedLedgerThatIsDamaged is kept aside, and that is said.
func TestPackedLedgerThatIsDamaged(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	must(t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), packed(t, noMessage), 0o600))
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.wantContains("the message", w.posted("slack")[0], "is kept as `aside/ledger-")
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
}

// TestEditThatFails changes nothing, and gives the lock back.
func TestEditThatFails(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	before := tree(t, w.dir)
	half := func(l *life.Ledger, now time.Time) {
		must(t, l.Acknowledge(license.Ack{Rule: "cwp-order-expiring", Until: now.AddDate(0, 0, 7), Reason: "r", By: "b"}, now))
	}
	if err := w.edit(t.Context(), func(l *life.Ledger, now time.Time) error { half(l, now); return errOfTest }); !errors.Is(err, errOfTest) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = w.edit(t.Context(), func(l *life.Ledger, now time.Time) error { half(l, now); panic("in the edit") })
		t.Error("no panic")
	}()
	if after := tree(t, w.dir); after != before {
		t.Errorf("the store was\n%s\nand is\n%s", before, after)
	}
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
}

var errOfTest = errors.New("of the test")

// TestCtrlC at every call of the store, before the store has done it and after, in
// an acknowledgement and in a run: the lock is given back, and what is remembered
// is whole.
func TestCtrlC(t *testing.T) {
	for _, who := range []string{"ack", "run"} {
		for call := int64(1); call <= 8; call++ {
			for _, done := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/call %d/done %t", who, call, done), func(t *testing.T) {
					interrupt(t, who, call, done)
				})
			}
		}
	}
}

func interrupt(t *testing.T, who string, call int64, done bool) {
	var count atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	armed := false
	w, bucket := newBucket(t, "near-expiry", func(bucket http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			isIt := armed && count.Add(1) == call
			if isIt && !done {
				cancel()
			}
			bucket.ServeHTTP(rw, r)
			if isIt && done {
				cancel()
			}
		})
	})
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	armed = true
	var err error
	if who == "ack" {
		err = w.edit(ctx, nil)
	} else {
		_, err = w.runIn(ctx, strings.Replace(digestEvent, "01:07", "02:07", 1), func(o *handler.Options) { o.Sleep = nil })
	}
	t.Logf("%d calls, %v", count.Load(), err)
	for name := range bucket.Objects() {
		if name != "lw/ledger.json" {
			t.Errorf("%s is left", name)
		}
	}
	w.OverrideChat("slack", nil)
	if _, err := w.tick("alert"); err != nil { // it waits for nobody
		t.Errorf("the next alert: %v", err)
	}
	if objects := bucket.Objects(); len(objects) != 1 {
		t.Errorf("%d objects are left, want the ledger", len(objects))
	}
}

// loseLease does what a run does that takes a dead claim over.
func (w *remembering) loseLease() {
	w.t.Helper()
	leases, err := filepath.Glob(filepath.Join(w.dir, ".lease-*"))
	must(w.t, err)
	if len(leases) != 1 {
		w.t.Errorf("there are the leases %v, want one", leases)
	}
	for _, lease := range leases {
		must(w.t, os.RemoveAll(lease))
	}
	must(w.t, os.Remove(filepath.Join(w.dir, "claim.json")))
}

// TestLeaseLostWhileReading: another run knows more, so this one says nothing, and
// the platform runs its event again.
func TestLeaseLostWhileReading(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	var once sync.Once
	w.Override("DescribeLicenseList", func(rw http.ResponseWriter, r *http.Request) {
		once.Do(func() {
			synctest.Wait() // it has the claim
			w.loseLease()
		})
		orderEnding(now.AddDate(0, 0, 12))(rw, r)
	})
	var err error
	w.withoutWaiting(func() { err = w.runWaiting(alertEvent) })
	if owed, ok := errors.AsType[*handler.OwedError](err); !ok || !owed.Busy {
		t.Errorf("got %v, want an OwedError of a busy store", err)
	}
	w.wantPosts(0, 0)
	if left := tree(t, w.dir); left != w.dir+" <nil>\n" {
		t.Errorf("it has left\n%s", left)
	}
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
}

// TestLeaseLostWhileEditing changes nothing, and says so.
func TestLeaseLostWhileEditing(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	before := tree(t, w.dir)
	err := w.edit(t.Context(), func(l *life.Ledger, now time.Time) error {
		w.loseLease()
		return l.Acknowledge(license.Ack{Rule: "cwp-order-expiring", Until: now.AddDate(0, 0, 7), Reason: "r", By: "b"}, now)
	})
	if !errors.Is(err, session.ErrBusy) {
		t.Errorf("got %v, want ErrBusy", err)
	}
	if after := tree(t, w.dir); after != before {
		t.Errorf("the store was\n%s\nand is\n%s", before, after)
	}
}

// TestForeignClaim: what has the lock's name and is none of licensewatch's costs no
// memory. A directory is moved, and that is said once.
func TestForeignClaim(t *testing.T) {
	for name, test := range map[string]struct {
		put   func(path string) error
		moved bool
	}{
		"a directory":              {func(path string) error { return os.Mkdir(path, 0o700) }, true},
		"a directory that is full": {func(path string) error { return os.MkdirAll(filepath.Join(path, "a", "b"), 0o700) }, true},
		"a link to nothing":        {func(path string) error { return os.Symlink("nowhere", path) }, false},
		"a link to a directory":    {func(path string) error { return os.Symlink(".", path) }, false},
		"another program's": {func(path string) error {
			return os.WriteFile(path, []byte(`{"owner":{"uid":7},"expires":"soon"}`), 0o600)
		}, false},
		"binary": {func(path string) error { return os.WriteFile(path, []byte("\x00\xff\xfe"), 0o600) }, false},
		"huge":   {func(path string) error { return os.WriteFile(path, make([]byte, 5<<20), 0o600) }, false},
		"a list": {func(path string) error { return os.WriteFile(path, []byte(`[]`), 0o600) }, false},
		"a year that does not come": {func(path string) error {
			return os.WriteFile(path, []byte(`{"owner":"x","expires":"9999-12-31T00:00:00Z"}`), 0o600)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			must(t, test.put(filepath.Join(w.dir, "claim.json")))
			w.wantTick("alert", handler.OutcomeSent, 1, 1)
			w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
			w.wantTick("digest", handler.OutcomeSent, 2, 2)
			for n, post := range w.posted("slack") {
				if told := strings.Contains(post, "is moved to `aside/found-"); told != (test.moved && n == 0) {
					t.Errorf("message %d tells of it: %t\n%s", n+1, told, post)
				}
				if strings.Contains(post, "without memory") {
					t.Errorf("message %d is without memory", n+1)
				}
			}
			moved, err := filepath.Glob(filepath.Join(w.dir, "aside", "found-*"))
			if err != nil || (len(moved) == 1) != test.moved {
				t.Errorf("moved: %v, %v", moved, err)
			}
			if _, err := os.Lstat(filepath.Join(w.dir, "claim.json")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the claim is left: %v", err)
			}
		})
	}
}

// TestForeignClaimAndTheOperator: a command moves nothing.
func TestForeignClaimAndTheOperator(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	must(t, os.MkdirAll(filepath.Join(w.dir, "claim.json", "x"), 0o700))
	if err := w.edit(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(w.dir, "claim.json", "x")); err != nil {
		t.Error(err)
	}
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
	must(t, w.edit(t.Context(), nil))
}

// TestClaimThatCannotBeSeen is no sign of another run: what is due is said, without
// memory.
func TestClaimThatCannotBeSeen(t *testing.T) {
	for name, status := range map[string]int{"denied": 403, "down": 503} {
		t.Run(name, func(t *testing.T) {
			w, bucket := newBucket(t, "near-expiry", func(bucket http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/claim.json") {
						rw.WriteHeader(status)
						return
					}
					bucket.ServeHTTP(rw, r)
				})
			})
			bucket.SetObject("lw/claim.json", []byte(deadLock))
			w.ahead = time.Minute
			for n := 1; n <= 2; n++ {
				w.wantTick("alert", handler.OutcomeSent, n, n)
			}
			w.wantContains("the message", w.posted("slack")[1], "without memory")
		})
	}
}
