package message_test

import (
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// TestFleetAlertWithoutMemory: an alert of many accounts that knows of no changes, as without a
// store, begins with the worst finding, as that of one account does.
func TestFleetAlertWithoutMemory(t *testing.T) {
	t.Parallel()
	r := scene.Alert(license.English)
	r.Fleet = &license.Fleet{FleetCount: license.FleetCount{Accounts: 2, Read: 2}, NeedAction: 1, Well: 1, Sites: []license.Site{license.SiteCN}}
	r.Snapshot = license.Snapshot{}
	for i := range r.Firing {
		r.Firing[i].Account, r.Firing[i].Uin, r.Firing[i].Story = "支付-生产", "100000000001", nil
	}
	if got := message.Headline(r); !strings.HasPrefix(got, "🔴 支付-生产: ") {
		t.Errorf("the headline is %q", got)
	}
}
