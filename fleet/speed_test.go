package fleet_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/fleet"
	"licensewatch/license"
)

// largeFile is a file of so many accounts, twenty channels and forty routes.
func largeFile(accounts int) string {
	var b strings.Builder
	b.WriteString("version: 1\ndefaults: {role: licensewatch-reader, external_id: LICENSEWATCH_EXTERNAL_ID}\nsites: {intl: {keys: LICENSEWATCH_INTL}}\naccounts:\n")
	for i := range accounts {
		fmt.Fprintf(&b, "  - {uin: \"1%011d\", name: 支付-生产-%d, labels: {team: team%d, env: prod}}\n", i, i, i%20)
	}
	b.WriteString("channels:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - {name: team%d, kind: slack, url: LICENSEWATCH_SLACK_SECURITY}\n", i)
	}
	b.WriteString("default: team0\nroutes:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - {labels: {team: team%d}, severity: critical, rule: \"cwp-*\", to: [team%d], continue: true}\n  - {labels: {team: \"team%d\"}, to: team%d}\n", i, i, i, i)
	}
	return b.String()
}

// TestLargeFile: 5,000 accounts are read and their findings routed in much less than a run
// takes to begin; bounds are wide, since the machine may be busy.
func TestLargeFile(t *testing.T) {
	t.Parallel()
	text := []byte(largeFile(5000))
	began := time.Now()
	f, err := fleet.Load("accounts.yaml", text, options())
	loaded := time.Since(began)
	if err != nil || len(f.Accounts) != 5000 {
		t.Fatal(err)
	}
	began = time.Now()
	told := 0
	for i := range f.Accounts {
		routes := f.RoutesOf(&f.Accounts[i])
		for range 10 {
			told += len(routes.Channels(fleet.Finding{Rule: "cwp-expired", Severity: license.Critical}))
		}
	}
	routed := time.Since(began)
	t.Logf("read in %v; 50,000 findings routed in %v", loaded, routed)
	if told != 50_000 || loaded > time.Second || routed > time.Second {
		t.Errorf("read in %v; %d of 50,000 findings routed in %v", loaded, told, routed)
	}
}

// TestHostilePatterns: a pattern takes no longer than the product of the lengths.
func TestHostilePatterns(t *testing.T) {
	t.Parallel()
	f := &fleet.Fleet{Default: []string{"x"}, Routes: []fleet.Route{{Accounts: []string{strings.Repeat("*a", 60) + "b"}, To: []string{"y"}}}}
	began := time.Now()
	for range 1000 {
		f.ChannelsFor(&fleet.Account{Name: strings.Repeat("a", 128)}, fleet.Finding{})
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Error(took)
	}
}

func BenchmarkLoad(b *testing.B) {
	text := []byte(largeFile(5000))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := fleet.Load("accounts.yaml", text, options()); err != nil {
			b.Fatal(err)
		}
	}
}
