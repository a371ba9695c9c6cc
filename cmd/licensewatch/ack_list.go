package main

import (
	"context"
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
	return ackJSON{Rule: a.Rule, Subject: a.Subject, Until: a.Until, Reason: a.Reason, By: a.By, At: a.At, Severity: a.Severity}
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
