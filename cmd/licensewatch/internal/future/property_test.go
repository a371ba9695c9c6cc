package future_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
)

// draw is a snapshot of any kind, with a plan.
func draw(t *rapid.T) (license.Snapshot, []future.Renewal) {
	s := account(rapid.SliceOfN(rapid.Custom(drawOrder), 0, 4).Draw(t, "orders")...)
	s.Overview = &license.Overview{}
	for _, count := range counted(s.Overview) {
		*count = some(t, rapid.Int64Range(0, 60))
	}
	s.PurchaseState = &license.PurchaseState{
		State: some(t, rapid.Int64Range(0, 4)), AutomaticRenewal: some(t, rapid.Int64Range(0, 2)),
		SubState:       some(t, rapid.SampledFrom([]string{"ISOLATE", "DESTROED", "NORMAL"})),
		ExpirationTime: some(t, date()), BeginTime: some(t, date()),
	}
	plan := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) future.Renewal {
		return future.Renewal{
			ID:       rapid.SampledFrom([]string{"cwp-0", "cwp-1", future.TCSS}).Draw(t, "id"),
			Deadline: instant().Draw(t, "deadline"), At: instant().Draw(t, "at"),
		}
	}), 0, 3).Draw(t, "plan")
	return s, plan
}

func drawOrder(t *rapid.T) license.Order {
	return license.Order{
		ResourceId: some(t, rapid.SampledFrom([]string{"cwp-0", "cwp-1"})), LicenseType: some(t, rapid.Int64Range(0, 7)),
		OrderStatus: some(t, rapid.Int64Range(0, 4)), AutoRenewFlag: some(t, rapid.Int64Range(0, 2)), LicenseStatus: some(t, rapid.Int64Range(0, 4)),
		LicenseCnt: some(t, rapid.Int64Range(-1, 50)), UsedLicenseCnt: some(t, rapid.Int64Range(-1, 60)),
		Deadline: some(t, date()), BuyTime: some(t, date()),
	}
}

// some draws a value, or now and then nil.
func some[T any](t *rapid.T, values *rapid.Generator[T]) *T {
	if rapid.IntRange(0, 9).Draw(t, "known") == 0 {
		return nil
	}
	return new(values.Draw(t, "value"))
}

func instant() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.IntRange(-40*24, 500*24), func(hours int) time.Time { return read.Add(time.Duration(hours) * time.Hour) })
}

func date() *rapid.Generator[string] {
	return rapid.Map(instant(), func(t time.Time) string { return t.Format(time.DateTime) })
}

// counted are the counts of an overview.
func counted(o *license.Overview) []**int64 {
	var all []**int64
	for _, field := range reflect.ValueOf(o).Elem().Fields() {
		if count, ok := field.Addr().Interface().(**int64); ok {
			all = append(all, count)
		}
	}
	return all
}

// TestStepsDoNotMatter: looking ahead in two steps is looking ahead in one.
func TestStepsDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, plan := draw(t)
		first, second := instant().Draw(t, "first"), instant().Draw(t, "second")
		if second.Before(first) {
			first, second = second, first
		}
		direct := future.At(s, second, plan)
		if diff := cmp.Diff(direct, future.At(future.At(s, first, plan), second, plan)); diff != "" {
			t.Errorf("by way of %s (-direct +in steps):\n%s", first, diff)
		}
	})
}

// TestWhatStays: counts never fall below 0 and are known or not as before, time
// goes forward, orders keep their places, and Next names the first change.
func TestWhatStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, plan := draw(t)
		at := instant().Draw(t, "at")
		then := future.At(s, at, plan)
		if then.ReadAt.Before(s.ReadAt) || at.After(s.ReadAt) && !then.ReadAt.Equal(at) {
			t.Errorf("read at %s", then.ReadAt)
		}
		before := counted(s.Overview)
		for i, count := range counted(then.Overview) {
			if (*before[i] == nil) != (*count == nil) || *count != nil && **count < 0 {
				t.Errorf("count %d became %v", i, *count)
			}
		}
		for i, o := range then.Orders.List {
			if !cmp.Equal(o.ResourceId, s.Orders.List[i].ResourceId) || !cmp.Equal(o.LicenseCnt, s.Orders.List[i].LicenseCnt) {
				t.Errorf("order %d became %+v", i, o)
			}
		}
		next, ok := future.Next(s, plan)
		if ok && !next.After(s.ReadAt) {
			t.Errorf("the next change is at %s", next)
		}
		if !at.Before(s.ReadAt) && (!ok || at.Before(next)) {
			same := future.At(s, s.ReadAt, plan)
			same.ReadAt = then.ReadAt
			if diff := cmp.Diff(same, then); diff != "" {
				t.Errorf("something changed before %s:\n%s", next, diff)
			}
		}
	})
}
