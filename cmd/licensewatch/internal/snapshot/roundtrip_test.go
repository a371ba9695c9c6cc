package snapshot_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
)

// TestWhatIsWrittenComesBack: any snapshot that the client can read.
func TestWhatIsWrittenComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anySnapshot(t)
		var written bytes.Buffer
		if err := license.WriteSnapshot(&written, s); err != nil {
			t.Fatal(err)
		}
		again, err := snapshot.Parse("s.json", written.Bytes())
		if err != nil {
			t.Fatalf("%v in:\n%s", err, written.String())
		}
		if diff := cmp.Diff(s, again, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s in:\n%s", diff, written.String())
		}
	})
}

func anySnapshot(t *rapid.T) license.Snapshot {
	s := license.Snapshot{
		Account:  rapid.StringMatching(`[0-9]{0,12}`).Draw(t, "account"),
		Name:     rapid.StringMatching(`[a-z支付 -]{0,8}`).Draw(t, "name"),
		Labels:   rapid.SampledFrom([]map[string]string{nil, {}, {"team": "pay", "env": ""}}).Draw(t, "labels"),
		Fleet:    rapid.SampledFrom([]*license.FleetTotals{nil, {}, {Accounts: new(int64(7)), LongestUnread: new("sea")}}).Draw(t, "fleet"),
		Site:     rapid.SampledFrom([]license.Site{license.SiteCN, license.SiteIntl}).Draw(t, "site"),
		ReadAt:   now.Add(time.Duration(rapid.Int64Range(0, 1e17).Draw(t, "later"))),
		Failures: map[license.Source]*license.Failure{},
	}
	for _, source := range []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState} {
		switch rapid.IntRange(0, 2).Draw(t, string(source)) {
		case 0: // not asked for
			continue
		case 1:
			s.Failures[source] = anyFailure(t)
		case 2:
			readAny(t, source, &s)
		}
		s.Wanted = append(s.Wanted, source)
	}
	if rapid.Bool().Draw(t, "previous") {
		var before license.Snapshot
		readAny(t, license.SourceOverview, &before)
		readAny(t, license.SourceOrders, &before)
		before.Overview.Unparsed, before.Orders.Unparsed = nil, nil // nobody looks at those of the past
		s.Previous = &before
	}
	return s
}

func readAny(t *rapid.T, source license.Source, s *license.Snapshot) {
	switch source {
	case license.SourceOverview:
		s.Overview = &license.Overview{}
		s.Overview.Unparsed = fill(t, s.Overview)
	case license.SourcePurchaseState:
		s.PurchaseState = &license.PurchaseState{}
		s.PurchaseState.Unparsed = fill(t, s.PurchaseState)
	case license.SourceOrders:
		s.Orders = &license.Orders{Incomplete: rapid.Bool().Draw(t, "incomplete")}
		for range rapid.IntRange(0, 3).Draw(t, "orders") {
			var o license.Order
			for _, name := range fill(t, &o) {
				if !slices.Contains(s.Orders.Unparsed, name) {
					s.Orders.Unparsed = append(s.Orders.Unparsed, name)
				}
			}
			s.Orders.List = append(s.Orders.List, o)
		}
		s.Orders.TotalCount = int64(len(s.Orders.List))
		if s.Orders.Incomplete {
			s.Orders.TotalCount = rapid.Int64Range(0, 1e6).Draw(t, "total")
		}
	}
}

// fill sets the fields of an answer to anything, and says which are unparsed.
func fill(t *rapid.T, into any) (unparsed []string) {
	v := reflect.ValueOf(into).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch state := rapid.SampledFrom([]string{"absent", "unparsed", "there", "there"}).Draw(t, name); {
		case name == "Unparsed" || state == "absent" || v.Field(i).Kind() == reflect.Int: // an int is none of the API's
		case state == "unparsed":
			unparsed = append(unparsed, name)
		default:
			switch field := v.Field(i).Addr().Interface().(type) {
			case **int64:
				*field = new(rapid.Int64().Draw(t, name))
			case **bool:
				*field = new(rapid.Bool().Draw(t, name))
			case **string:
				*field = new(anyText(t, name))
			case *[]license.Tag:
				*field = []license.Tag{{TagKey: anyText(t, "key"), TagValue: anyText(t, "value")}}
			}
		}
	}
	return unparsed
}

// anyText is a text as an answer can hold it, in which YAML finds much to
// mistake.
func anyText(t *rapid.T, label string) string {
	odd := rapid.SampledFrom([]string{"", "2026-12-04", "17", "true", "null", "~", "<<", "*a", "&a", "!x", "# x", "a: b", "\u0085", "\u2028", "\ufeff", "\x7f", "\x00", "\ufffe", "\t", "\r\n", `\ud83d`, "😀"})
	return strings.ToValidUTF8(rapid.OneOf(rapid.String(), odd).Draw(t, label), "")
}

func anyFailure(t *rapid.T) *license.Failure {
	return &license.Failure{
		Kind:       rapid.SampledFrom([]license.FailureKind{license.FailureDenied, license.FailureClock, license.FailureInternal, license.FailureTimeout}).Draw(t, "kind"),
		Service:    rapid.SampledFrom([]string{"", "cwp", "tcss"}).Draw(t, "service"),
		Action:     rapid.SampledFrom([]string{"", "DescribeLicenseList"}).Draw(t, "action"),
		Code:       rapid.SampledFrom([]string{"Timeout", "Internal", "HTTPStatus.502", "AuthFailure.SignatureExpire", "x"}).Draw(t, "code"),
		RequestID:  rapid.StringMatching(`[a-f0-9-]{0,36}`).Draw(t, "request"),
		HTTPStatus: rapid.IntRange(0, 599).Draw(t, "status"),
		ClockSkew:  time.Duration(rapid.Int64().Draw(t, "skew")),
	}
}
