package state

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
)

// ProbeResult is what a store was seen to do. Beside an error it says how far
// the probe came.
type ProbeResult struct {
	Readable bool
	Writable bool
	// CreateOnly says that a second Create of the same name was refused. It is
	// false in a COS bucket that ever had versioning: there, nothing keeps
	// overlapping runs from both speaking.
	CreateOnly bool
}

// errProbe is a store that answers, and wrongly.
var errProbe = errors.New("the store does not give back what was written a moment ago")

// Probe tries a store out with an object of its own, named probe/ and a random
// word, and removes it also when ctx ends in between. The error is that of the
// call that failed; a Create that replaces is no error, see ProbeResult.
func Probe(ctx context.Context, s Store) (ProbeResult, error) {
	name := "probe/" + strings.ToLower(rand.Text())
	result, err := probeStore(ctx, s, name)
	if !result.Readable {
		return result, err // nothing was written
	}
	// The store bounds the call itself.
	return result, errors.Join(err, s.Delete(context.WithoutCancel(ctx), name))
}

func probeStore(ctx context.Context, s Store, name string) (result ProbeResult, err error) {
	if _, err := s.Get(ctx, name); err == nil {
		return result, errProbe
	} else if !errors.Is(err, ErrNotFound) {
		return result, err
	}
	result.Readable = true
	for _, step := range []struct {
		write func(context.Context, string, []byte) error
		data  string
	}{{s.Create, `{"probe":1}`}, {s.Put, `{"probe":2}`}} {
		if err := step.write(ctx, name, []byte(step.data)); err != nil {
			return result, err
		}
		if data, err := s.Get(ctx, name); err != nil {
			return result, err
		} else if !bytes.Equal(data, []byte(step.data)) {
			return result, errProbe
		}
	}
	result.Writable = true
	err = s.Create(ctx, name, []byte(`{"probe":3}`))
	result.CreateOnly = errors.Is(err, ErrExists)
	if result.CreateOnly {
		err = nil
	}
	return result, err
}
