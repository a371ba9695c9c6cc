package handler_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

// overviewUsing has the cloud say that so many of so many licenses are in use.
func overviewUsing(used, valid int) func(w *world) {
	return func(w *world) {
		w.Override("DescribeLicenseGeneral", simulator.Answer(fmt.Sprintf(
			`{"Response":{"LicenseCnt":%[2]d,"NotExpiredLicenseCnt":%[2]d,"UsedLicenseCnt":%[1]d,"ExpireLicenseCnt":0,"NearExpiryLicenseCnt":0,`+
				`"AvailableLicenseCnt":10,"AutoRepurchaseSwitch":false,"AutoRepurchaseRenewSwitch":false,"AutoOpenStatus":true,"IsOpenStatusHistory":true,"ProtectType":"FLAGSHIP_PREPAY","DestroyOrderNum":0,"RequestId":"r"}}`, used, valid)))
	}
}

// TestRunOut: of a use that grows with a weekly rhythm and some noise, chats hear by when the
// licenses run out: digests from 60 days before on, alerts when it is a matter of 30 days, and
// that once. A purchase ends it, and it does not come and go.
func TestRunOut(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_EXPORT", "off", "LICENSEWATCH_SOURCES", "cwp.overview")
	const bought, last = 118, 128
	firstLine := 0
	told, over := []int{}, []int{}
	for day := range last {
		valid := 317
		if day >= bought {
			valid = 500
		}
		used := 100 + day*3/2 + (day*7919)%5
		if weekday := w.clock.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			used -= 4
		}
		overviewUsing(used, valid)(w.world)
		for _, mode := range []string{"alert", "digest"} {
			before := len(w.posted("slack"))
			if _, err := w.tick(mode); err != nil {
				t.Fatal(err)
			}
			for _, body := range w.posted("slack")[before:] {
				isNear := strings.Contains(body, "At this pace all licenses are used by")
				switch {
				case mode == "digest" && isNear && firstLine == 0:
					firstLine = day
				case mode == "digest" && firstLine > 0 && isNear == (day >= bought) && !strings.Contains(body, "Unchanged since"):
					t.Errorf("day %d: the digest has the line: %v\n%.1500s", day, isNear, body)
				case mode == "alert" && strings.Contains(body, "At this pace all CWPP licenses are used by"):
					told = append(told, day)
				}
				if mode == "alert" && strings.Contains(body, "last for more than 120 days again") {
					over = append(over, day)
				}
			}
		}
		w.clock = w.clock.Add(22 * time.Hour)
	}
	// 90 are left, at 1.5 a day, on day 84, and 45 on day 114; from day 120 on nearly all are used
	if firstLine < 80 || firstLine > 88 {
		t.Errorf("the digest says it from day %d on", firstLine)
	}
	if len(told) != 1 || told[0] < 110 || told[0] > 117 || len(over) != 1 || over[0] != bought {
		t.Errorf("alerts told it on days %v, and its end on %v", told, over)
	}
}
