package handler_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

// TestMemberNewsIsRouted: who came to the organization and who left it is told to those who hear
// of that account, and to nobody else; to each of them once, also where another one heard of it
// first; and of a member that is not watched nobody hears.
func TestMemberNewsIsRouted(t *testing.T) {
	w := newFleetWorld(t, smallFleet[1:2], nil, "LICENSEWATCH_DIGEST", "changes")
	w.changeFile("accounts:\n", "organization: {exclude: [\"*-old\"]}\naccounts:\n",
		"  - {severity: critical, to: [security], continue: true}\n", "", "  - {labels: {team: pay}, to: [pay-oncall]}\n",
		"  - {labels: {team: pay}, to: [pay-oncall]}\n  - {account: [\"pay-*\", both], to: [pay-oncall], continue: true}\n  - {account: [\"sea-*\", both], to: [security]}\n")
	members := []simulator.Member{{UIN: "100000000104", Name: "sea-test"}}
	w.SetMembers(members)
	daily := func() (slack, wecom string) {
		t.Helper()
		n, m := len(w.posted("slack")), len(w.posted("wecom"))
		w.clock = w.clock.Add(24 * time.Hour)
		if _, err := w.tick("digest"); err != nil {
			t.Logf("%v", err)
		}
		return strings.Join(w.posted("slack")[n:], "\n"), strings.Join(w.posted("wecom")[m:], "\n")
	}
	daily()
	members = append(members, simulator.Member{UIN: "100000000201", Name: "pay-new"}, simulator.Member{UIN: "100000000202", Name: "sea-new"},
		simulator.Member{UIN: "100000000203", Name: "pay-old"}, simulator.Member{UIN: "100000000204", Name: "both"})
	w.SetMembers(members)
	w.OverrideChat("slack", status(429, "busy"))
	_, wecom := daily()
	w.wantContains("pay-oncall", wecom, "pay-new (100000000201)", "both (100000000204)")
	if strings.Contains(wecom, "sea-new") || strings.Contains(wecom, "pay-old") {
		t.Errorf("pay-oncall hears of what is not routed to it: %s", wecom)
	}
	w.OverrideChat("slack", nil)
	slack, wecom := daily()
	w.wantContains("security", slack, "New: 2 accounts: sea-new (100000000202), both (100000000204)")
	if strings.Contains(slack, "pay-new") || strings.Contains(slack, "pay-old") || strings.Contains(wecom, "both (") {
		t.Errorf("security hears of what is not routed to it, or pay-oncall twice: %s %s", slack, wecom)
	}
	if slack, wecom = daily(); strings.Contains(slack+wecom, "New:") || strings.Contains(wecom, "新增") {
		t.Errorf("it is told again: %s %s", slack, wecom)
	}
	w.SetMembers(members[:1])
	slack, wecom = daily()
	w.wantContains("security", slack, "Left the organization: 2 accounts: sea-new (100000000202), both (100000000204)")
	w.wantContains("pay-oncall", wecom, "pay-new (100000000201)")
	if strings.Contains(slack, "pay-new") || strings.Contains(wecom, "sea-new") {
		t.Errorf("who left is told to whom it does not concern: %s %s", slack, wecom)
	}
}
