package state_test

import (
	"context"
	"net/http"
	"testing"

	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	for kind, newStore := range stores {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			for range 2 { // the second finds nothing of the first
				got, err := state.Probe(t.Context(), s)
				if want := (state.ProbeResult{Readable: true, Writable: true, CreateOnly: true}); err != nil || got != want {
					t.Errorf("got %+v, %v", got, err)
				}
			}
		})
	}
}

func TestProbeOfCOS(t *testing.T) {
	t.Parallel()
	readable := state.ProbeResult{Readable: true}
	everything := state.ProbeResult{Readable: true, Writable: true, CreateOnly: true}
	tests := map[string]struct {
		versioned bool
		denied    string
		want      state.ProbeResult
		says      string // what the error says to allow
		left      int    // objects
	}{
		"versioned":        {versioned: true, want: state.ProbeResult{Readable: true, Writable: true}},
		"cannot be read":   {denied: http.MethodGet, says: "allow cos:GetObject on licensewatch-1250000000/prod/lw/*"},
		"cannot write":     {denied: http.MethodPut, want: readable, says: "allow cos:PutObject on licensewatch-1250000000/prod/lw/*"},
		"cannot be undone": {denied: http.MethodDelete, want: everything, says: "allow cos:DeleteObject on licensewatch-1250000000/prod/lw/*", left: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, rawURL := newBucket(t, func(o *cos.Options) { o.Versioned = test.versioned })
			bucket.Deny(test.denied, true)
			got, err := state.Probe(t.Context(), open(t, rawURL, options()))
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if test.says != "" {
				if f := failsWith(t, err, "AccessDenied", test.says); !f.Denied || f.Retryable {
					t.Errorf("got %+v", f)
				}
			} else if err != nil {
				t.Error(err)
			}
			if len(bucket.Objects()) != test.left {
				t.Errorf("%d objects are left, want %d", len(bucket.Objects()), test.left)
			}
		})
	}
}

// TestProbeIsRemoved: also when the caller's time ends in the middle.
func TestProbeIsRemoved(t *testing.T) {
	t.Parallel()
	bucket, rawURL := newBucket(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	bucket.Override(http.MethodPut, func(w http.ResponseWriter, r *http.Request) {
		cos.Usual(w, r)
		cancel()
	})
	if _, err := state.Probe(ctx, open(t, rawURL, options())); err == nil {
		t.Error("a probe that was cut short says nothing")
	}
	if len(bucket.Objects()) != 0 {
		t.Error("the probe's object is left")
	}
}

// TestProbeArchiveIsBounded: where versions are kept, two are all that tries leave, however
// often it is tried; another bucket is asked each time.
func TestProbeArchiveIsBounded(t *testing.T) {
	t.Parallel()
	for _, versioned := range []bool{false, true} {
		bucket, rawURL := newBucket(t, func(o *cos.Options) { o.Versioned, o.WriteOnce = versioned, true })
		a := openArchive(t, rawURL, options())
		for range 5 {
			got, err := state.ProbeArchive(t.Context(), a)
			if err != nil || !got.Readable || got.CreateOnly == versioned {
				t.Errorf("versioned %v: got %+v, %v", versioned, got, err)
			}
		}
		taken := 0
		for _, r := range bucket.Requests() {
			if r.Method == http.MethodPut && r.Status == http.StatusOK {
				taken++
			}
		}
		if want := map[bool]int{false: 1, true: 2}[versioned]; taken != want || len(bucket.Objects()) != 1 {
			t.Errorf("versioned %v: %d were taken, want %d; %d objects", versioned, taken, want, len(bucket.Objects()))
		}
	}
}

// forgetful loses what it is told to keep.
type forgetful struct{ state.Store }

func (forgetful) Put(context.Context, string, []byte) error { return nil }

func TestProbeReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	got, err := state.Probe(t.Context(), forgetful{state.NewMemory()})
	if err == nil || got.Writable {
		t.Errorf("got %+v, %v", got, err)
	}
}
