package archive_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
)

// TestNamedAccounts: what a fleet's record says of accounts is looked for, as far as it says
// anything, and never more than a hundred of a record are named.
func TestNamedAccounts(t *testing.T) {
	t.Parallel()
	const record, sum = "2026/11/28/010700Z-4f13b5", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	gone := func(n int) string {
		var b strings.Builder
		for i := range n {
			_, _ = fmt.Fprintf(&b, `,{"account":"%d","record":%q,"sha256":%q}`, 100000000000+i, record, sum)
		}
		return `{"version":1,"accounts":[` + strings.TrimPrefix(b.String(), ",") + `]}`
	}
	for content, want := range map[string]int{
		"": 0, "accounts": 0, `"accounts"`: 0, "[]": 0, `{"accounts":{}}`: 0, `{"accounts":[1,2]}`: 0, `{"accounts":["`: 0,
		`{"accounts":[{"account":"../fleet","record":"` + record + `","sha256":"` + sum + `"}]}`: 0,
		`{"accounts":[{"account":"1","record":"../../x","sha256":"` + sum + `"}]}`:               0,
		`{"accounts":[{"account":"1","record":"","missing":"Timeout"}]}`:                         0,
		gone(1): 1, gone(3): 3, gone(500): 100,
	} {
		store := objects{}
		mustSeal(t, store, archive.Unsealed{Account: archive.FleetFolder, Site: "cn", RunID: "4f13b5",
			At: time.Date(2026, 11, 28, 1, 7, 0, 0, time.UTC), Program: archive.Program{Version: "v", Commit: "c"}, Mode: "digest",
			Files: []archive.Content{archive.Bytes(archive.AccountsName, []byte(content))}}, nil)
		result := verify(t, store, archive.Check{})
		if len(result.Defects) != want {
			t.Errorf("%.80s: %d problems, want %d: %v", content, len(result.Defects), want, result.Defects)
		}
		for _, p := range result.Defects {
			if p.Reason != archive.Gone || p.Record != record || p.Detail != "fleet/"+record+" names it" {
				t.Errorf("%v", p)
			}
		}
	}
}

// TestFleetFolders: the folders of fleets, and of slices of one, are chains; others are not.
func TestFleetFolders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"fleet": true, "fleet-2-8": true, "fleet-10-16": true, "100000000001": true, "self": true,
		"fleet-": false, "fleet-2": false, "fleet-2-": false, "fleet--8": false, "fleet-a-8": false, "fleet-2-8-1": false, "fleets": false, "Fleet": false,
	} {
		if got := archive.AccountFolder(name) == name; got != want {
			t.Errorf("%s is a folder of records: %t", name, got)
		}
	}
}
