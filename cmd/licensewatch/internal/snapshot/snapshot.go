// Package snapshot reads and writes what the cloud answered, as a file: for
// bug reports, and for the commands that judge a snapshot without an account.
//
// The file is JSON, or YAML. The answers keep the API's own field names:
//
//	{
//	  "version": 1,
//	  "read_at": "2026-11-22T09:07:00+08:00",
//	  "account": "100000000001",
//	  "site": "cn",
//	  "cwp": {"LicenseCnt": 317, "NearExpiryLicenseCnt": 17},
//	  "orders": {"TotalCount": 1, "List": [{"ResourceId": "cwp-aaaa", "Deadline": "2026-12-04 23:59:59"}]},
//	  "tcss": {"State": 2, "ExpirationTime": "2026-11-28 10:00:00"},
//	  "failed": {"tcss": {"Code": "AuthFailure.UnauthorizedOperation"}}
//	}
//
// A source that is neither there nor failed was not asked for. A field that is
// not there, or null, is not known.
package snapshot

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"licensewatch/license"
)

// Version is the format of the files.
const Version = 1

// file is a snapshot as it is written.
type file struct {
	Version int                                 `json:"version"`
	ReadAt  time.Time                           `json:"read_at"`
	Account string                              `json:"account,omitempty"`
	Site    license.Site                        `json:"site"`
	CWP     *license.Overview                   `json:"cwp,omitempty"`
	Orders  *license.Orders                     `json:"orders,omitempty"`
	TCSS    *license.PurchaseState              `json:"tcss,omitempty"`
	Failed  map[license.Source]*license.Failure `json:"failed,omitempty"`
}

// Write writes the snapshot as a file.
func Write(w io.Writer, s license.Snapshot) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(file{Version, s.ReadAt, s.Account, s.Site, s.Overview, s.Orders, s.PurchaseState, s.Failures})
}

// Parse reads a file; the name is used in errors only.
func Parse(name string, data []byte) (license.Snapshot, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return license.Snapshot{}, fmt.Errorf("%s: %w", name, err)
	}
	s := license.Snapshot{
		Account: f.Account, Site: f.Site, ReadAt: f.ReadAt,
		Overview: f.CWP, Orders: f.Orders, PurchaseState: f.TCSS, Failures: f.Failed,
	}
	for _, source := range []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState} {
		if s.Failures[source] != nil ||
			source == license.SourceOverview && s.Overview != nil ||
			source == license.SourceOrders && s.Orders != nil ||
			source == license.SourcePurchaseState && s.PurchaseState != nil {
			s.Wanted = append(s.Wanted, source)
		}
	}
	return s, nil
}
