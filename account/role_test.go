package account_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/license"
)

const (
	overviewBody = `{"Response":{"LicenseCnt":3,"RequestId":"r"}}`
	ordersBody   = `{"Response":{"TotalCount":0,"List":[],"RequestId":"r"}}`
	keysBody     = `{"Response":{"Credentials":{"TmpSecretId":"AKIDtemporary","TmpSecretKey":"k","Token":"t"},"RequestId":"r"}}`
	refusedBody  = `{"Response":{"Error":{"Code":"UnauthorizedOperation","Message":"no"},"RequestId":"r-1"}}`
)

// service answers by action and counts by action and the id of the keys.
type service struct {
	bodies map[string]string

	mutex    sync.Mutex
	calls    map[string]int
	underWay int
	most     int // under way at once
}

func newService(assumeRole string) *service {
	return &service{calls: map[string]int{}, bodies: map[string]string{
		"AssumeRole": assumeRole, "DescribeLicenseGeneral": overviewBody, "DescribeLicenseList": ordersBody,
	}}
}

// RoundTrip implements http.RoundTripper.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	action := r.Header.Get("X-TC-Action")
	_, id, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	id, _, _ = strings.Cut(id, "/")
	s.mutex.Lock()
	s.calls[action+" by "+id]++
	s.underWay++
	s.most = max(s.most, s.underWay)
	s.mutex.Unlock()
	defer func() {
		s.mutex.Lock()
		s.underWay--
		s.mutex.Unlock()
	}()
	time.Sleep(30 * time.Millisecond)
	if s.bodies[action] == "hangs" {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(s.bodies[action]))}, nil
}

// options are those of an account that is reached by a role, which the function's keys assume.
func (s *service) options() account.Options {
	o := account.Options{
		Settings:    config.Config{Site: license.SiteCN, Sources: []license.Source{license.SourceOverview, license.SourceOrders}},
		Credentials: account.PermanentKeys(config.NewSecret("AKIDfunction"), config.NewSecret("k")),
		Transport:   s,
	}
	caller := account.NewClient(o).NewRoleCaller()
	o.Role = account.NewRole(caller, "qcs::cam::uin/1:roleName/reader", "licensewatch-4f13b5", config.Secret{})
	return o
}

func read(ctx context.Context, o account.Options, within time.Duration) license.Snapshot {
	return account.ReadBy(ctx, account.NewClient(o), o, time.Now(), time.Now().Add(within))
}

// TestRoleReads: the role is assumed once by the function's keys, and everything is read by
// the role's, however many read.
func TestRoleReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(keysBody)
		o := s.options()
		var reading sync.WaitGroup
		for range 10 {
			reading.Go(func() {
				if got := read(t.Context(), o, time.Minute); len(got.Failures) > 0 || got.Overview == nil || got.Orders == nil {
					t.Errorf("not read: %v", got.Failures)
				}
			})
		}
		reading.Wait()
		wantCalls(t, s, map[string]int{"AssumeRole by AKIDfunction": 1,
			"DescribeLicenseGeneral by AKIDtemporary": 10, "DescribeLicenseList by AKIDtemporary": 10})

		time.Sleep(13 * time.Minute)
		read(t.Context(), o, time.Minute)
		if n := s.calls["AssumeRole by AKIDfunction"]; n != 1 {
			t.Errorf("assumed %d times while the keys are good, want once", n)
		}
		time.Sleep(time.Minute + time.Second)
		read(t.Context(), o, time.Minute)
		if n := s.calls["AssumeRole by AKIDfunction"]; n != 2 {
			t.Errorf("assumed %d times once the keys are about to end, want twice", n)
		}
	})
}

func wantCalls(t *testing.T, s *service, want map[string]int) {
	t.Helper()
	if !maps.Equal(s.calls, want) {
		t.Errorf("calls %v, want %v", s.calls, want)
	}
}

// TestRoleFails: a role that cannot be assumed is the failure of every source that is
// wanted, and nothing is asked for; what is refused for good is not asked for again.
func TestRoleFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer string
		kind   license.FailureKind
		code   string
		calls  int // of two readings
	}{
		"refused": {refusedBody, license.FailureDenied, "UnauthorizedOperation", 1},
		"hangs":   {"hangs", license.FailureTimeout, "Timeout", 2},
		"garbage": {`{"Response":{"Credentials":[]}}`, license.FailureAnswer, "UnexpectedAnswer", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(test.answer)
				o := s.options()
				for range 2 {
					begun := time.Now()
					got := read(t.Context(), o, 4*time.Second)
					if late := time.Since(begun); late > 4*time.Second {
						t.Errorf("took %v, want 4 s at most", late)
					}
					wanted := o.Settings.Sources
					if failed := slices.Sorted(maps.Keys(got.Failures)); !slices.Equal(failed, slices.Sorted(slices.Values(wanted))) ||
						!slices.Equal(got.Wanted, wanted) {
						t.Errorf("of %v failed %v", got.Wanted, failed)
					}
					for source, f := range got.Failures {
						if f.Service != "sts" || f.Action != "AssumeRole" || f.Kind != test.kind || f.Code != test.code {
							t.Errorf("%s: %+v, want %s of sts AssumeRole, %s", source, f, test.kind, test.code)
						}
					}
				}
				wantCalls(t, s, map[string]int{"AssumeRole by AKIDfunction": test.calls})
			})
		})
	}
}

// TestRoleIsAssumedFirst: a client whose role was not assumed has no keys, and says so.
func TestRoleIsAssumedFirst(t *testing.T) {
	t.Parallel()
	s := newService(keysBody)
	_, err := account.NewClient(s.options()).DescribeLicenseGeneral(t.Context())
	if f := account.FailureOf(err); f == nil || f.Kind != license.FailureCredentials || !strings.Contains(err.Error(), "not assumed") {
		t.Errorf("error %v, want that the role was not assumed", err)
	}
	wantCalls(t, s, map[string]int{})
}

// TestRoleSourcesAtOnce: an account that is one of many is asked for two things at a time,
// and so holds two connections when it hangs; one that is read alone for all at once.
func TestRoleSourcesAtOnce(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"role": 2, "alone": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(keysBody)
				s.bodies["DescribeMachineGeneral"], s.bodies["DescribePurchaseStateInfo"] = overviewBody, overviewBody
				o := s.options()
				o.Settings.Sources = []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourcePurchaseState}
				if name == "alone" {
					o.Role = nil
				}
				if got := read(t.Context(), o, time.Minute); len(got.Failures) > 0 || s.most != most {
					t.Errorf("%d requests at once, want %d; failures %v", s.most, most, got.Failures)
				}
			})
		})
	}
}

// TestOwnKeys: an account with keys of its own is read by them.
func TestOwnKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(keysBody)
		o := s.options()
		o.Role = nil
		if got := read(t.Context(), o, time.Minute); len(got.Failures) > 0 {
			t.Errorf("not read: %v", got.Failures)
		}
		wantCalls(t, s, map[string]int{"DescribeLicenseGeneral by AKIDfunction": 1, "DescribeLicenseList by AKIDfunction": 1})
	})
}

// TestRoleRefusedIsNotAside: a role that cannot be assumed says nothing of what it allows.
func TestRoleRefusedIsNotAside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newService(refusedBody).options()
		o.Settings.Sources = []license.Source{license.SourceMachines, license.SourcePurchaseState}
		got := read(t.Context(), o, time.Minute)
		got.SetRefusedAside(nil)
		if !got.Wants(license.SourceMachines) {
			t.Error("the machines are set aside, as if the role did not allow them")
		}
	})
}
