package state_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

// TestMain runs the tests, or what a test starts this program again for.
func TestMain(m *testing.M) {
	if task := os.Getenv("STATE_TEST_TASK"); task != "" {
		os.Exit(runTask(task))
	}
	goleak.VerifyTestMain(m)
}

// now is every store's clock: 2026-11-22 09:07 in Shanghai.
var now = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

// Keys no part of which may be seen anywhere.
const (
	secretID  = "AKIDzTqVbNwXsPdLkJhGfRmYcWeUoIaB"
	secretKey = "pQ7vXz2LmK9sWd4RtY6uBn8GcFh3JeZa"
	token     = "T0kEn/cAn4ry+5xWqErTyUiOpLkJhGfD=="
)

func credentials() (id, key, sessionToken string, err error) {
	return secretID, secretKey, token, nil
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// options are what tests open stores with.
func options() state.Options {
	return state.Options{Credentials: credentials, Now: func() time.Time { return now }, Sleep: noSleep}
}

// newBucket starts a bucket and returns the URL of a store in it.
func newBucket(t *testing.T, change func(*cos.Options)) (bucket *cos.Bucket, rawURL string) {
	t.Helper()
	o := cos.Options{SecretID: secretID, SecretKey: secretKey, Token: token, Now: func() time.Time { return now }}
	if change != nil {
		change(&o)
	}
	bucket = cos.New(o)
	server := httptest.NewServer(bucket)
	t.Cleanup(server.Close)
	return bucket, cosURL(server.URL)
}

func cosURL(endpoint string) string {
	return "cos://licensewatch-1250000000/prod/lw?region=ap-guangzhou&endpoint=" + endpoint
}

func open(t *testing.T, rawURL string, o state.Options) state.Store {
	t.Helper()
	s, err := state.Open(rawURL, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// failure returns the error as the type that all failures have.
func failure(t *testing.T, err error) *state.Error {
	t.Helper()
	f, ok := errors.AsType[*state.Error](err)
	if !ok {
		t.Fatalf("got %v, want a *state.Error", err)
	}
	return f
}

// failsWith checks a failure's code, and that its text says some things.
func failsWith(t *testing.T, err error, code string, says ...string) *state.Error {
	t.Helper()
	f := failure(t, err)
	if f.Code != code {
		t.Errorf("code %s, want %s: %v", f.Code, code, f)
	}
	for _, part := range says {
		if !strings.Contains(f.Error(), part) {
			t.Errorf("%q does not say %q", f, part)
		}
	}
	return f
}

func mustFail(t *testing.T, err error, code string, says ...string) {
	t.Helper()
	_ = failsWith(t, err, code, says...)
}

func mustPut(t *testing.T, s state.Store, name, data string) {
	t.Helper()
	if err := s.Put(t.Context(), name, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func mustHold(t *testing.T, s state.Store, name, want string) {
	t.Helper()
	got, err := s.Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s holds %.60q (%d bytes), want %.60q (%d bytes)", name, got, len(got), want, len(want))
	}
}

func mustBeAbsent(t *testing.T, s state.Store, name string) {
	t.Helper()
	if data, err := s.Get(t.Context(), name); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("%s gives %q, %v, want ErrNotFound", name, data, err)
	}
}
