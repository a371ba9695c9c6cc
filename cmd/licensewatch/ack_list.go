package main

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/session"
)

// ackJSON is an acknowledgement for programs.
type ackJSON struct {
	Account  string           `json:"account,omitempty"` // by name; of one of many
	Uin      string           `json:"uin,omitempty"`
	Rule     string           `json:"rule"`
	Subject  string           `json:"subject"` // empty: all of the rule's
	Until    time.Time        `json:"until"`   // the instant at which it ends
	Reason   string           `json:"reason"`
	By       string           `json:"by"`
	At       time.Time        `json:"at"`
	Severity license.Severity `json:"severity,omitempty"` // that it covers; none until the rule first fires
}

func newAckJSON(a license.Ack) ackJSON {
	return ackJSON{Rule: a.Rule, Subject: a.Subject, Until: a.Until, Reason: a.Reason, By: a.By, At: a.At,
		Severity: a.Severity}
}

// listAcks lists the acknowledgements that hold. It only reads, and waits for no
// run.
func (a *ack) listAcks(ctx context.Context, c console) error {
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	p := c.startProgress("reading the ledger")
	ledger, err := session.Read(ctx, session.OptionsOf(settings))
	p.done()
	if err != nil {
		return storeError(err)
	}
	if other := otherOwner(ledger, settings); other != "" {
		writeStyled(c.err, "licensewatch: note: %s\n", other)
	}
	acks := ledger.Acks(c.now().In(settings.Zone))
	if a.output.isJSON() {
		list := []ackJSON{}
		for _, each := range acks {
			list = append(list, newAckJSON(each))
		}
		return c.printJSON(map[string]any{"acknowledgements": list})
	}
	if len(acks) == 0 {
		c.print("No acknowledgement holds.\n")
	}
	for _, each := range acks {
		finding := license.Finding{Rule: each.Rule, Subject: each.Subject}.Key()
		c.print("%s until %s, by %s: %s\n", finding, inZone(each.Until, settings.Zone), each.By, each.Reason)
	}
	return nil
}

// listFleet lists the acknowledgements that hold.
func (a *ack) listFleet(c console, f *watchedFleet, now time.Time) error {
	accounts, err := a.only.choose(append(f.all(), f.wholes()...), f.name)
	if err != nil {
		return err
	}
	f.noteSlices(c)
	list := []ackJSON{}
	for i := range accounts {
		ledger, err := f.open(accounts[i].Uin)
		if f.memoryOf(accounts[i].Uin).err != nil {
			continue // its slice is named
		}
		if err != nil {
			writeStyled(c.err, "licensewatch: the memory of %s cannot be read\n", accounts[i].Name)
			continue
		}
		for _, each := range ledger.Acks(now) {
			list = append(list, accountAck{&accounts[i], each}.asJSON())
		}
	}
	if a.output.isJSON() {
		return c.printJSON(map[string]any{"acknowledgements": list})
	}
	printAccountAcks(c, list, f.settings.Zone)
	return nil
}

// printAccountAcks lists acknowledgements; equal ones of several accounts together.
func printAccountAcks(c console, list []ackJSON, zone *time.Location) {
	if len(list) == 0 {
		c.print("No acknowledgement holds.\n")
	}
	type group struct {
		ackJSON
		accounts []string
	}
	var groups []*group
	for _, each := range list {
		at := slices.IndexFunc(groups, func(g *group) bool {
			return g.Rule == each.Rule && g.Subject == each.Subject && g.Until.Equal(each.Until) && g.By == each.By &&
				g.Reason == each.Reason
		})
		if at < 0 {
			at, groups = len(groups), append(groups, &group{ackJSON: each})
		}
		groups[at].accounts = append(groups[at].accounts, each.Account)
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Subject, b.Subject))
	})
	for _, g := range groups {
		finding := license.Finding{Rule: g.Rule, Subject: g.Subject}.Key()
		if len(g.accounts) == 1 {
			finding = g.accounts[0] + "/" + finding
		}
		c.print("%s until %s, by %s: %s\n", finding, inZone(g.Until, zone), g.By, g.Reason)
		if len(g.accounts) > 1 {
			c.print("  in %s: %s\n", countOf(len(g.accounts), "account"), namesOf(g.accounts, accountRows))
		}
	}
}
