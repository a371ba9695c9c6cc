package life_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// usedOn is a reading with so many licenses in use; with two editions where ultimate is known.
func usedOn(used int64, ultimate *int64) *license.Snapshot {
	s := &license.Snapshot{Wanted: []license.Source{license.SourceOverview, license.SourceOrders},
		Overview: &license.Overview{UsedLicenseCnt: &used, NotExpiredLicenseCnt: new(int64(900))}}
	if ultimate == nil {
		return s
	}
	s.Overview.FlagshipVersionLicenseCnt, s.Overview.AvailableFlagshipVersionLicenseCnt = new(int64(400)), new(400-*ultimate)
	s.Overview.ProVersionLicenseCnt, s.Overview.AvailableProVersionLicenseCnt = new(int64(500)), new(500-(used-*ultimate))
	s.Orders = &license.Orders{List: []license.Order{
		{LicenseType: new(int64(license.LicenseTypeUltimate)), OrderStatus: new(int64(license.OrderNormal)), UsedLicenseCnt: ultimate},
		{LicenseType: new(int64(license.LicenseTypePro)), OrderStatus: new(int64(license.OrderNormal)), UsedLicenseCnt: new(used - *ultimate)},
	}}
	return s
}

// TestUseByDay: the ledger has the use of each day, of all and by edition, with what was read now;
// that of one of many accounts has the same of the last 60 days.
func TestUseByDay(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CST", 8*60*60)
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, zone)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a made-up history
	ledger := life.New()
	var want []license.UsedLicenses
	for day := -89; day <= 0; day++ {
		if random.IntN(10) == 0 && day < 0 { // a day without a reading
			continue
		}
		at, used := now.AddDate(0, 0, day), 500+int64(day)+random.Int64N(30)
		var ultimate *int64
		if day%7 != 0 {
			ultimate = new(random.Int64N(200))
		}
		s := usedOn(used, ultimate)
		u := license.UsedLicenses{Day: time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, zone), All: used, ByEdition: map[int64]int64{}}
		if ultimate != nil {
			u.ByEdition[license.LicenseTypeUltimate], u.ByEdition[license.LicenseTypePro] = *ultimate, used-*ultimate
		}
		if want = append(want, u); day == 0 {
			if diff := cmp.Diff(want, ledger.UseByDay(now, s)); diff != "" {
				t.Errorf("with what was read now (-want +got):\n%s", diff)
			}
		}
		ledger.Plan(life.Input{Now: at, Mode: license.ModeAlert, Snapshot: *s})
	}
	data, err := ledger.EncodeOneOfMany()
	if err != nil {
		t.Fatal(err)
	}
	again, err := life.DecodeWhole(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[len(want)-60:], again.UseByDay(now, &license.Snapshot{})); diff != "" {
		t.Errorf("as one of many accounts (-want +got):\n%s", diff)
	}
	if text := string(data); strings.Contains(text, `"usage"`) || !strings.Contains(text, `"use":{"from":"2026-`) {
		t.Errorf("the ledger of one of many accounts does not have it in short: %s", text)
	}
}

// TestShortUsageOfAnything: what makes no sense in the ledger is left out.
func TestShortUsageOfAnything(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, time.UTC)
	for use, want := range map[string]int{
		`{"from":"2026-11-20","all":"+40=-2"}`:                               3,
		`{"from":"2026-11-20","all":"+40=x2"}`:                               2,
		`{"from":"2026-11-20","all":"+","ultimate":"=="}`:                    0,
		`{"from":"2026-11-21","all":"+1==="}`:                                2, // the others are yet to come
		`{"from":"nonsense","all":"+40=-2"}`:                                 0,
		`{"from":"2026-11-20","all":"+99999999999999999999=="}`:              0,
		`{"from":"2020-01-01","all":"` + strings.Repeat("=", 100_000) + `"}`: 90,
	} {
		ledger, err := life.Decode([]byte(`{"version":1,"use":` + use + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if days := ledger.UseByDay(now, &license.Snapshot{}); len(days) != want {
			t.Errorf("%.60s: %d days, want %d", use, len(days), want)
		}
	}
}
