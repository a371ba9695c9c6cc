package state_test

import (
	"errors"
	"net/http"
	"testing"

	"licensewatch/state"
)

// TestCOSCreateWithoutAnswer: a try that had no answer may have made the object.
// The next one finds out whose it is.
func TestCOSCreateWithoutAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		put       http.HandlerFunc
		get       http.HandlerFunc
		there     string // what somebody else has written before
		want      error
		code      string
		ambiguous bool
		holds     string
	}{
		"done, then cut":        {put: once(doneThen(abort)), holds: "mine"},
		"done, then 500":        {put: once(doneThen(answerWith(500, "InternalError"))), holds: "mine"},
		"not done":              {put: once(abort), holds: "mine"},
		"somebody else's":       {put: once(abort), there: "yours", want: state.ErrExists, holds: "yours"},
		"cut twice":             {put: abort, code: "ConnectionFailed", ambiguous: true},
		"refused after the cut": {put: thenRefused(), code: "AccessDenied", ambiguous: true},
		"cannot be looked at":   {put: once(doneThen(abort)), get: answerWith(403, "AccessDenied"), code: "AccessDenied", ambiguous: true},
		"another conflict":      {put: answerWith(409, "OperationAborted"), there: "yours", want: state.ErrExists, holds: "yours"},
		"precondition failed":   {put: answerWith(412, "PreconditionFailed"), there: "mine", want: state.ErrExists, holds: "mine"},
		"conflict with nothing": {put: answerWith(409, "PathConflict"), code: "PathConflict"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, rawURL := newBucket(t, nil)
			if test.there != "" {
				bucket.SetObject("prod/lw/claim", []byte(test.there))
			}
			bucket.Override(http.MethodPut, test.put)
			bucket.Override(http.MethodGet, test.get)
			err := open(t, rawURL, options()).Create(t.Context(), "claim", []byte("mine"))
			if test.code != "" {
				if f := failsWith(t, err, test.code, "cos store: Create claim: "); f.Ambiguous != test.ambiguous {
					t.Errorf("got %+v", f)
				}
			} else if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if got := string(bucket.Objects()["prod/lw/claim"]); test.holds != "" && got != test.holds {
				t.Errorf("the object is %q, want %q", got, test.holds)
			}
		})
	}
}

func thenRefused() http.HandlerFunc {
	first := true
	return func(w http.ResponseWriter, r *http.Request) {
		if first {
			first = false
			abort(w, r)
		}
		answerWith(403, "AccessDenied")(w, r)
	}
}
