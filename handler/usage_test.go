package handler_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// TestUsageInDigests: the course of the licenses in use is shown once there are seven days of
// it, and only in digests.
func TestUsageInDigests(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_EXPORT", "off")
	overview := func(used int) {
		w.Override("DescribeLicenseGeneral", simulator.Answer(fmt.Sprintf(
			`{"Response":{"LicenseCnt":317,"NotExpiredLicenseCnt":317,"UsedLicenseCnt":%d,"ExpireLicenseCnt":0,"NearExpiryLicenseCnt":0,`+"\n"+
				`"AvailableLicenseCnt":10,"AutoRepurchaseSwitch":false,"AutoRepurchaseRenewSwitch":false,"AutoOpenStatus":true,"IsOpenStatusHistory":true,"ProtectType":"FLAGSHIP_PREPAY","DestroyOrderNum":0,"RequestId":"r"}}`, used)))
	}
	for day := range 100 {
		overview(50)
		if _, err := w.tick("alert"); err != nil {
			t.Fatal(err)
		}
		overview(100 + day)
		w.wantTick("digest", handler.OutcomeSent, day+1, day+1)
		w.clock = w.clock.Add(22 * time.Hour)
		for _, body := range []string{w.posted("slack")[day], w.posted("wecom")[day]} {
			want := ""
			switch day {
			case 6:
				want = "In use over 7 days: ▁▂▃▅▆▇█ 6 more than on Nov 22"
			case 99:
				want = "In use over 30 days: ▁▁"
			}
			if shown := strings.Contains(body, "In use over"); shown != (day >= 6) || !strings.Contains(body, want) {
				t.Fatalf("day %d: want %q in %s", day, want, body)
			}
		}
	}
	if n := strings.Count(string(w.stored()["usage"]), `"day"`); n != 90 {
		t.Errorf("%d days are remembered, want 90", n)
	}
}
