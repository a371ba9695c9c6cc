package state_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/state"
)

// stores are all there are, each opened anew and empty.
var stores = map[string]func(t *testing.T) state.Store{
	"memory": func(*testing.T) state.Store { return state.NewMemory() },
	"file": func(t *testing.T) state.Store {
		return open(t, "file://"+filepath.Join(t.TempDir(), "state"), state.Options{})
	},
	"cos": func(t *testing.T) state.Store {
		_, rawURL := newBucket(t, nil)
		return open(t, rawURL, options())
	},
}

// promises are what a Store promises.
var promises = map[string]func(t *testing.T, s state.Store){
	"what was put comes back": func(t *testing.T, s state.Store) {
		mustBeAbsent(t, s, "state.json")
		for _, data := range []string{"first", "", "\x00\xff\r\n", strings.Repeat("x", state.MaxSize)} {
			mustPut(t, s, "state.json", data)
			mustHold(t, s, "state.json", data)
		}
	},
	"names are apart": func(t *testing.T, s state.Store) {
		for _, name := range []string{"a", "b/a", "b/c/a", "b/a.json", "0-9_x.y"} {
			mustPut(t, s, name, name)
		}
		mustHold(t, s, "a", "a")
		mustHold(t, s, "b/a", "b/a")
		mustHold(t, s, "b/c/a", "b/c/a")
		mustBeAbsent(t, s, "b/c/b")
	},
	"create only creates": func(t *testing.T, s state.Store) {
		if err := s.Create(t.Context(), "claims/one", []byte("mine")); err != nil {
			t.Fatal(err)
		}
		for _, data := range []string{"yours", "mine"} {
			if err := s.Create(t.Context(), "claims/one", []byte(data)); !errors.Is(err, state.ErrExists) {
				t.Errorf("a second Create gives %v, want ErrExists", err)
			}
		}
		mustHold(t, s, "claims/one", "mine")
		mustPut(t, s, "two", "put")
		if err := s.Create(t.Context(), "two", nil); !errors.Is(err, state.ErrExists) {
			t.Errorf("Create after Put gives %v, want ErrExists", err)
		}
	},
	"what was deleted is gone": func(t *testing.T, s state.Store) {
		mustPut(t, s, "claims/one", "x")
		for range 2 {
			if err := s.Delete(t.Context(), "claims/one"); err != nil {
				t.Fatal(err)
			}
			mustBeAbsent(t, s, "claims/one")
		}
		if err := s.Delete(t.Context(), "never/was"); err != nil {
			t.Error(err)
		}
		if err := s.Create(t.Context(), "claims/one", []byte("again")); err != nil {
			t.Error(err)
		}
	},
	"what was moved aside can be removed": func(t *testing.T, s state.Store) {
		mustPut(t, s, "aside/found", "x")
		for range 2 {
			if err := s.Discard(t.Context(), "aside/found"); err != nil {
				t.Fatal(err)
			}
			mustBeAbsent(t, s, "aside/found")
		}
	},
	"data are the caller's": func(t *testing.T, s state.Store) {
		data := []byte("kept")
		if err := s.Put(t.Context(), "a", data); err != nil {
			t.Fatal(err)
		}
		copy(data, "lost")
		got, err := s.Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		copy(got, "lost")
		mustHold(t, s, "a", "kept")
	},
	"too much is refused": func(t *testing.T, s state.Store) {
		mustPut(t, s, "a", "kept")
		data := make([]byte, state.MaxSize+1)
		mustFail(t, s.Put(t.Context(), "a", data), "TooLarge", s.String(), "Put a", "4194304 bytes")
		mustFail(t, s.Create(t.Context(), "b", data), "TooLarge")
		mustHold(t, s, "a", "kept")
		mustBeAbsent(t, s, "b")
	},
	"odd names are refused": func(t *testing.T, s state.Store) {
		for _, name := range []string{"", "/", "a/", "/a", "a//b", ".", "..", "a/../b", ".tmp-1", "a/.b", "A", "a b", "ä", "a?b", "a%2fb", `a\b`, "a\x00", strings.Repeat("a", 201), strings.Repeat("a/", 251) + "a"} {
			_, err := s.Get(t.Context(), name)
			for op, err := range map[string]error{
				"Get": err, "Put": s.Put(t.Context(), name, nil), "Create": s.Create(t.Context(), name, nil), "Delete": s.Delete(t.Context(), name),
			} {
				if f := failsWith(t, err, "InvalidName"); f.Op != op || f.Name != "" || f.Store != s.String() {
					t.Errorf("%s of %q gives %+v", op, name, f)
				}
			}
		}
	},
	"a call ends with its context": func(t *testing.T, s state.Store) {
		mustPut(t, s, "a", "kept")
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		late, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		defer stop()
		for code, ctx := range map[string]context.Context{"Canceled": canceled, "Timeout": late} {
			_, err := s.Get(ctx, "a")
			for _, err := range []error{err, s.Put(ctx, "a", nil), s.Create(ctx, "b", nil), s.Delete(ctx, "a")} {
				if f := failsWith(t, err, code); !errors.Is(f, ctx.Err()) || f.Name == "" {
					t.Errorf("%s: %+v", code, f)
				}
			}
		}
		mustHold(t, s, "a", "kept")
		mustBeAbsent(t, s, "b")
	},
	"one of many creates": func(t *testing.T, s state.Store) {
		const writers = 24
		var won, lost atomic.Int32
		var winner atomic.Pointer[string]
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				data := fmt.Sprintf("run %d", i)
				switch err := s.Create(t.Context(), "claims/slot", []byte(data)); {
				case err == nil:
					won.Add(1)
					winner.Store(&data)
				case errors.Is(err, state.ErrExists):
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || lost.Load() != writers-1 {
			t.Fatalf("%d won and %d lost, want 1 and %d", won.Load(), lost.Load(), writers-1)
		}
		mustHold(t, s, "claims/slot", *winner.Load())
	},
	"nobody sees half an object": func(t *testing.T, s state.Store) {
		mustPut(t, s, "a", strings.Repeat("0", 50_000))
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				for range 10 {
					if err := s.Put(t.Context(), "a", bytes.Repeat([]byte{byte('0' + i)}, 50_000)); err != nil {
						t.Error(err)
					}
				}
			})
			all.Go(func() {
				for range 20 {
					got, err := s.Get(t.Context(), "a")
					if err != nil || len(got) != 50_000 || bytes.Count(got, got[:1]) != len(got) {
						t.Errorf("%d bytes, %v", len(got), err)
					}
				}
			})
		}
		all.Wait()
	},
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for kind, newStore := range stores {
		for name, promise := range promises {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := newStore(t)
				if s.String() != kind {
					t.Errorf("the store calls itself %q", s)
				}
				promise(t, s)
			})
		}
	}
}
