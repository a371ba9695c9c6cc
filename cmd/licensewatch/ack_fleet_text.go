package main

import (
	"strings"

	"licensewatch/fleet"
	"licensewatch/license"
)

// fleetAckText tells of acknowledgements in many accounts.
type fleetAckText struct {
	console

	fleet  *watchedFleet
	asJSON bool
}

// showChosen says what --yes would acknowledge.
func (t fleetAckText) showChosen(found fleetFinding, chosen []fleet.Account, given license.Ack) error {
	would := []ackJSON{}
	for i := range chosen {
		would = append(would, accountAck{&chosen[i], given}.asJSON())
	}
	const hint = "nothing was acknowledged: write --yes behind it to do so"
	if t.asJSON {
		if err := t.printJSON(map[string]any{"acknowledged": []ackJSON{}, "would_acknowledge": would}); err != nil {
			return err
		}
		return &exitError{text: hint}
	}
	t.print("This would silence, until %s, in %s:\n", inZone(given.Until, t.fleet.settings.Zone),
		countOf(len(chosen), "account"))
	for i := range chosen {
		if i == accountRows {
			t.print("  and %s more; --output json lists them\n", countOf(len(chosen)-i, "account"))
			break
		}
		ledger, err := t.fleet.open(chosen[i].Uin)
		if err != nil {
			t.print("  %s: its memory cannot be read, it would be left out\n", found.key(&chosen[i]))
			continue
		}
		fires := 0
		for _, k := range ledger.Known() {
			if given.Covers(k.Rule, k.Subject) {
				if fires++; fires <= findingsShown {
					t.print("  %-8s  %s: %s\n", k.Severity, chosen[i].Name+"/"+
						license.Finding{Rule: k.Rule, Subject: k.Subject}.Key(), k.Title.In(t.fleet.settings.Language))
				}
			}
		}
		if fires > findingsShown {
			t.print("            and %d more there\n", fires-findingsShown)
		}
	}
	return &exitError{text: hint}
}

// findingsShown is how many findings of an account are listed.
const findingsShown = 5

func (a accountAck) asJSON() ackJSON {
	j := newAckJSON(a.ack)
	j.Account, j.Uin = a.account.Name, a.account.Uin
	return j
}

// printGiven says what was acknowledged.
func (t fleetAckText) printGiven(found fleetFinding, done []accountAck, unread []string) error {
	switch {
	case t.asJSON:
		list := []ackJSON{}
		for _, each := range done {
			list = append(list, each.asJSON())
		}
		if err := t.printJSON(map[string]any{"acknowledged": list,
			"left_out": append([]string{}, unread...)}); err != nil {
			return err
		}
	case len(done) == 1:
		t.print("No reminders of %s until %s, unless it gets worse.\n", found.key(done[0].account),
			inZone(done[0].ack.Until, t.fleet.settings.Zone))
	case len(done) > 1:
		var names []string
		for _, each := range done {
			names = append(names, each.account.Name)
		}
		t.print("No reminders of %s in %s until %s, unless it gets worse there: %s.\n",
			license.Finding{Rule: found.rule.ID, Subject: found.subject}.Key(),
			countOf(len(done), "account"), inZone(done[0].ack.Until, t.fleet.settings.Zone),
			namesOf(names, accountRows))
	}
	if len(unread) > 0 {
		return &exitError{text: "not acknowledged, since their memory cannot be read whole: " +
			strings.Join(unread, ", ") +
			"; the next run begins it anew"}
	}
	return nil
}
