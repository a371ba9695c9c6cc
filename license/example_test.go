package license_test

import (
	"fmt"
	"time"

	"licensewatch/license"
)

// Days are counted as people do: by the calendar, in the zone they live in.
func ExampleDaysLeft() {
	deadline, _ := license.ParseTime("2026-12-01 00:00:00") // as the API writes it, in UTC+8
	tonight := time.Date(2026, 11, 28, 23, 30, 0, 0, license.APIZone)
	fmt.Println(license.DaysLeft(deadline, tonight), "days in Shenzhen")
	fmt.Println(license.DaysLeft(deadline, tonight.UTC()), "days in London")
	// Output:
	// 3 days in Shenzhen
	// 2 days in London
}

// What stands for "not set" is no time.
func ExampleParseTime() {
	for _, text := range []string{"2026-12-01 15:04:05", "2026-12-01", "0000-00-00 00:00:00", "1970-01-01 08:00:00"} {
		t, ok := license.ParseTime(text)
		if !ok {
			fmt.Println("not known")
			continue
		}
		fmt.Println(t)
	}
	// Output:
	// 2026-12-01 15:04:05 +0800 UTC+8
	// 2026-12-01 00:00:00 +0800 UTC+8
	// not known
	// not known
}

// What is not known of an order is nil, and so is what depends on it.
func ExampleOrder_UsedPercent() {
	used, seats := int64(33), int64(40)
	known := license.Order{LicenseCnt: &seats, UsedLicenseCnt: &used}
	unknown := license.Order{UsedLicenseCnt: &used}
	fmt.Println(*known.UsedPercent(), unknown.UsedPercent() == nil)
	// Output: 82.5 true
}

// A source that failed is told from one that nobody asked for.
func ExampleSnapshot() {
	s := license.Snapshot{
		Wanted:   []license.Source{license.SourceOverview, license.SourceOrders},
		Overview: &license.Overview{},
		Failures: map[license.Source]*license.Failure{
			license.SourceOrders: {Kind: license.FailureDenied, Code: "UnauthorizedOperation"},
		},
	}
	for _, source := range license.Sources() {
		fmt.Println(source, "wanted:", s.Wants(source), "read:", s.IsRead(source))
	}
	// Output:
	// cwp.overview wanted: true read: true
	// cwp.orders wanted: true read: false
	// cwp.machines wanted: false read: false
	// cwp.bindings wanted: false read: false
	// tcss wanted: false read: false
}
