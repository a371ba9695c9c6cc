package tencent_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/license"
	"licensewatch/tencent"
)

// roundTripper answers without a network, for tests in virtual time.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// stalled answers with a body that breaks off only when the context ends, with
// an error that says nothing about the context.
func stalled(r *http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader(`{"Response":`), until{r.Context()})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), ContentLength: -1}, nil
}

type until struct{ ctx context.Context }

func (u until) Read([]byte) (int, error) {
	<-u.ctx.Done()
	return 0, errors.New("read on closed response body")
}

func silent(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestEachTryHasFiveSeconds(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]roundTripper{"silent": silent, "slow body": stalled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				start := time.Now()
				err := describe(t.Context(), tencent.New(tencent.Options{
					Credentials: keys,
					Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
						tries++
						return answer(r)
					}),
				}))
				checkTimeout(t, err, "Timeout", context.DeadlineExceeded)
				if took := time.Since(start); tries != 3 || took < 15*time.Second || took > 17*time.Second {
					t.Errorf("%d tries in %v, want 3 of 5 s and two short waits", tries, took)
				}
			})
		})
	}
}

// The context that the caller gives is the budget, also in the middle of a body.
func TestContextEndsTheCall(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]roundTripper{"silent": silent, "slow body": stalled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := tencent.New(tencent.Options{Credentials: keys, Transport: answer})
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				start := time.Now()
				checkTimeout(t, describe(ctx, c), "Timeout", context.DeadlineExceeded)
				if took := time.Since(start); took != 3*time.Second {
					t.Errorf("took %v, want the 3 s the context allowed", took)
				}
				ctx, cancel = context.WithCancel(t.Context())
				go cancel()
				checkTimeout(t, describe(ctx, c), "Canceled", context.Canceled)
			})
		})
	}
}

func checkTimeout(t *testing.T, err error, code string, cause error) {
	t.Helper()
	e, ok := errors.AsType[*tencent.APIError](err)
	if !ok || !errors.Is(err, cause) {
		t.Fatalf("error %v, want an *APIError that is %v", err, cause)
	}
	if e.Code != code || e.Kind != license.FailureTimeout || e.Ambiguous {
		t.Errorf("code %s, kind %s, ambiguous %t; want %s, timeout, false", e.Code, e.Kind, e.Ambiguous, code)
	}
}

func TestNoTryThatDoesNotFit(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, refuseWith("InternalError"))
	o := options(t, cloud.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond) // less than the second a try must have
	defer cancel()
	if err := describe(ctx, tencent.New(o)); err == nil {
		t.Fatal("no error")
	}
	if n := len(cloud.seen()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestWaits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code     string
		min, max time.Duration
	}{
		"server":    {code: "InternalError", max: time.Second},
		"throttled": {code: "RequestLimitExceeded", min: time.Second, max: 2 * time.Second},
		"sub-code":  {code: "RequestLimitExceeded.IPLimitExceeded", min: time.Second, max: 2 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, refuseWith(test.code))
			o, slept := options(t, cloud.URL), new(pauses)
			o.Sleep = slept.sleep
			if err := describe(t.Context(), tencent.New(o)); err == nil {
				t.Fatal("no error")
			}
			if n := len(slept.all()); n != 2 {
				t.Errorf("%d waits, want 2", n)
			}
			for _, d := range slept.all() {
				if d < test.min || d > test.max {
					t.Errorf("waited %v, want %v to %v", d, test.min, test.max)
				}
			}
		})
	}
}

func TestSignatureExpireIsTriedAgainWithFreshKeysAndNamesTheSkew(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)
	tests := map[string]struct {
		date string
		skew time.Duration
		text string
	}{
		"ahead":   {date: now.Add(-6 * time.Minute).Format(http.TimeFormat), skew: 6 * time.Minute, text: "; this machine's clock is 360 s ahead"},
		"behind":  {date: now.Add(time.Hour).Format(http.TimeFormat), skew: -time.Hour, text: "; this machine's clock is 3600 s behind"},
		"weeks":   {date: now.Add(-21*24*time.Hour - time.Minute).Format(http.TimeFormat), skew: 21*24*time.Hour + time.Minute, text: "; this machine's clock is 21 days ahead"},
		"no date": {date: "yesterday"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", test.date)
				refuseWith("AuthFailure.SignatureExpire")(w, r)
			})
			o, asked := options(t, cloud.URL), 0
			o.Now = func() time.Time { return now }
			o.Credentials = func() (string, string, string, error) {
				asked++
				return keys()
			}
			err := describe(t.Context(), tencent.New(o))
			if e, ok := errors.AsType[*tencent.APIError](err); !ok || e.Kind != license.FailureClock || e.ClockSkew != test.skew {
				t.Fatalf("%+v, want a clock failure %v off", e, test.skew)
			}
			if want := "tcss DescribePurchaseStateInfo: AuthFailure.SignatureExpire (request req-1)" + test.text; err.Error() != want {
				t.Errorf("error text\n got %s\nwant %s", err, want)
			}
			if n := len(cloud.seen()); n != 2 || asked != 2 {
				t.Errorf("%d requests with keys asked for %d times, want 2 and 2", n, asked)
			}
		})
	}
}

func TestNoKeysNoRequest(t *testing.T) {
	t.Parallel()
	mine := errors.New("TENCENTCLOUD_SECRETID is not set: give the function an execution role")
	give := func(id, key string, err error) func() (string, string, string, error) {
		return func() (string, string, string, error) { return id, key, "", err }
	}
	tests := map[string]struct {
		credentials func() (string, string, string, error)
		text        string
	}{
		"error":      {credentials: give("", "", mine), text: "NoCredentials: " + mine.Error()},
		"none":       {credentials: give("", "", nil), text: "NoCredentials: the secret id or the secret key is empty"},
		"no key":     {credentials: give(secretID, "", nil), text: "NoCredentials: the secret id or the secret key is empty"},
		"line break": {credentials: give(secretID, secretKey+"\n", nil), text: "NoCredentials: the keys hold a space, a line break or another character that no key has"},
		"unset":      {text: "NoCredentials: none are set"},
		"panic":      {credentials: func() (string, string, string, error) { panic(secretKey) }, text: "Internal: the call panicked with a string"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(`{"Response":{}}`))
			o := options(t, cloud.URL)
			o.Credentials = test.credentials
			_, err := tencent.New(o).ExportLicenseDetail(t.Context(), "")
			if err == nil || err.Error() != "cwp ExportLicenseDetail: "+test.text {
				t.Fatalf("error %v, want %s", err, test.text)
			}
			if e, ok := errors.AsType[*tencent.APIError](err); !ok || e.Retryable || e.Ambiguous {
				t.Errorf("%+v, want neither retryable nor ambiguous", e)
			}
			if name == "error" && !errors.Is(err, mine) {
				t.Error("the credentials' own error is lost")
			}
			if n := len(cloud.seen()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
