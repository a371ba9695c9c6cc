package retry_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/internal/retry"
)

var errTry = errors.New("try failed")

func again(error) retry.Verdict { return retry.Verdict{Again: true} }

func TestDo(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		policy    retry.Policy
		budget    time.Duration
		verdict   retry.Verdict
		succeedOn int // 0: never
		wantTries int
		wantErr   bool
		minWait   time.Duration
		maxWait   time.Duration
	}{
		"first try succeeds":            {policy: retry.Default(), succeedOn: 1, wantTries: 1},
		"second try succeeds":           {policy: retry.Default(), verdict: retry.Verdict{Again: true}, succeedOn: 2, wantTries: 2, maxWait: 500 * time.Millisecond},
		"gives up after three":          {policy: retry.Default(), verdict: retry.Verdict{Again: true}, wantTries: 3, wantErr: true, maxWait: 1500 * time.Millisecond},
		"no use in trying again":        {policy: retry.Default(), wantTries: 1, wantErr: true},
		"kind of failure allows two":    {policy: retry.Default(), verdict: retry.Verdict{Again: true, Tries: 2}, wantTries: 2, wantErr: true, maxWait: time.Second},
		"waits as long as it was told":  {policy: retry.Default(), verdict: retry.Verdict{Again: true, Wait: 30 * time.Second}, succeedOn: 2, wantTries: 2, minWait: 30 * time.Second, maxWait: 30 * time.Second},
		"a wait that does not fit":      {policy: retry.Default(), budget: 10 * time.Second, verdict: retry.Verdict{Again: true, Wait: 9500 * time.Millisecond}, wantTries: 1, wantErr: true},
		"a wait that just fits":         {policy: retry.Default(), budget: 10 * time.Second, verdict: retry.Verdict{Again: true, Wait: 9 * time.Second}, succeedOn: 2, wantTries: 2, minWait: 9 * time.Second, maxWait: 9 * time.Second},
		"a policy without tries is one": {policy: retry.Policy{}, verdict: retry.Verdict{Again: true}, wantTries: 1, wantErr: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.budget > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.budget)
					defer cancel()
				}
				start, tries := time.Now(), 0
				err := test.policy.Do(ctx, func(_ context.Context, try int) error {
					if tries++; try != tries {
						t.Errorf("try is numbered %d, want %d", try, tries)
					}
					if try == test.succeedOn {
						return nil
					}
					return errTry
				}, func(error) retry.Verdict { return test.verdict })
				if tries != test.wantTries {
					t.Errorf("%d tries, want %d", tries, test.wantTries)
				}
				if (err != nil) != test.wantErr || err != nil && !errors.Is(err, errTry) {
					t.Errorf("error %v, want the try's: %t", err, test.wantErr)
				}
				if waited := time.Since(start); waited < test.minWait || waited > test.maxWait {
					t.Errorf("waited %v, want %v to %v", waited, test.minWait, test.maxWait)
				}
			})
		})
	}
}

func TestDoStopsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		tries := 0
		err := retry.Default().Do(ctx, func(context.Context, int) error {
			tries++
			cancel()
			return errTry
		}, again)
		if tries != 1 || !errors.Is(err, errTry) {
			t.Errorf("%d tries and %v after the context ended, want 1 and the try's error", tries, err)
		}
	})
}

func TestDoBoundsEachTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		policy := retry.Default()
		policy.TryTimeout = 5 * time.Second
		start, tries := time.Now(), 0
		err := policy.Do(t.Context(), func(ctx context.Context, _ int) error {
			tries++
			<-ctx.Done()
			return ctx.Err()
		}, again)
		if tries != 3 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%d tries and %v, want 3 that time out", tries, err)
		}
		if took := time.Since(start); took < 15*time.Second || took > 17*time.Second {
			t.Errorf("took %v, want three times 5 s and two short waits", took)
		}
	})
}
