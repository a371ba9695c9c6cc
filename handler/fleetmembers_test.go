package handler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/fleet"
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

// newOrganization is an account of an organization that has so many other members.
func newOrganization(t *testing.T, count int) (w *fleetWorld, members []simulator.Member) {
	t.Helper()
	w = newFleetWorld(t, smallFleet[1:2], nil)
	w.changeFile("accounts:\n", "organization: {}\naccounts:\n")
	for i := range count {
		members = append(members, simulator.Member{UIN: fmt.Sprint(100000000201 + i), Name: fmt.Sprintf("member-%02d", i)})
	}
	w.SetMembers(members)
	return w, members
}

// TestMembersAcrossDivisions: who divides the accounts otherwise knows the members that any memory
// knows, also where some slices could list them since and others could not, or did not run at all:
// a refused listing then loses nobody, and none that is known is named as new.
func TestMembersAcrossDivisions(t *testing.T) {
	w, members := newOrganization(t, 12)
	refused := simulator.APIError("UnauthorizedOperation", "no")
	_, err := w.tick("digest")
	must(t, err)
	for _, step := range []struct {
		listed, refused []string // the runs of a day, the list given or refused
	}{
		{[]string{"digest 1/4", "digest 2/4"}, []string{"digest 3/4"}},
		{nil, []string{"digest"}},
		{[]string{"digest 1/2"}, nil},
		{nil, []string{"digest 1/3", "digest 2/3", "digest 3/3"}},
		{[]string{"digest"}, nil},
	} {
		w.clock = w.clock.Add(25 * time.Hour)
		for i, argument := range slices.Concat(step.listed, step.refused) {
			w.Override("DescribeOrganizationMembers", nil)
			if i >= len(step.listed) {
				w.Override("DescribeOrganizationMembers", refused)
			}
			s := w.soon(argument)
			of, _ := fleet.ParseSlice(strings.TrimPrefix(argument, "digest "))
			want := 0
			for _, m := range append(members, simulator.Member{UIN: smallFleet[1].uin}) {
				if of.Has(m.UIN) {
					want++
				}
			}
			if got := s.Accounts.Read + s.Accounts.Failed; got != want {
				t.Errorf("%s, list refused %t: %d accounts are watched, want %d", argument, i >= len(step.listed), got, want)
			}
			if said := w.last("slack"); strings.Contains(said, "New: ") || strings.Contains(said, "Left the organization") {
				t.Errorf("%s: it has news of members that were there all the time: %s", argument, said)
			}
		}
	}
}

// TestPartOfMembersIsNotNew: where only some slices have ever listed the members, who joins them
// does not take the others for new.
func TestPartOfMembersIsNotNew(t *testing.T) {
	w, members := newOrganization(t, 8)
	w.soon("digest 1/2")
	if s := w.soon("digest"); s.Accounts.Read+s.Accounts.Failed != 9 || strings.Contains(w.last("slack"), "New: ") {
		t.Errorf("%+v: %s", s.Accounts, w.last("slack"))
	}
	w.SetMembers(append(members, simulator.Member{UIN: "100000000299", Name: "late"}))
	w.clock = w.clock.Add(25 * time.Hour)
	w.soon("digest")
	w.wantContains("the next day", w.last("slack"), "New: 1 account: late (100000000299)")
}
