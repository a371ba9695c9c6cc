package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/session"
)

// neverReported warns of an acknowledgement of what nobody has heard of: perhaps its
// name is wrong.
func neverReported(ledger *life.Ledger, rule rules.Description, subject string) string {
	isKnown := func(k life.Known) bool { return k.Rule == rule.ID && (subject == "" || k.Subject == subject) }
	if slices.ContainsFunc(ledger.Known(), isKnown) {
		return ""
	}
	previous := ledger.Previous()
	if previous.OverviewAt.IsZero() && previous.OrdersAt.IsZero() && previous.PurchaseStateAt.IsZero() {
		return "note: the store holds no reading yet: look whether the function has the same LICENSEWATCH_STATE_URL"
	}
	return "note: it did not fire in the last run; the acknowledgement covers it when it does"
}

// isBlank says that no run has left anything in the ledger.
func isBlank(ledger *life.Ledger) bool {
	return ledger.Runs().Last().At.IsZero() && len(ledger.Known()) == 0 &&
		len(ledger.NotificationLog().Heads(time.UTC)) == 0 && ledger.Owner() == (life.Owner{})
}

// noOrder says that there is no such order, as far as the store knows the orders;
// empty when there is, or when that is not known.
func noOrder(ledger *life.Ledger, subject string) string {
	orders := ledger.Previous().Orders
	isKnown := func(k life.Known) bool { return k.Subject == subject }
	if subject == "" || orders == nil || slices.ContainsFunc(ledger.Known(), isKnown) {
		return ""
	}
	listed := license.Subjects(orders.List)
	switch {
	case slices.Contains(listed, subject):
		return ""
	case len(listed) == 0:
		return fmt.Sprintf("the last run saw no order %s, and no other one", subject)
	}
	if meant := suggest.DidYouMean(subject, listed); meant != "" {
		return fmt.Sprintf("the last run saw no order %s%s", subject, strings.TrimSuffix(meant, "?"))
	}
	const most = 10
	text := fmt.Sprintf("the last run saw no order %s; there are %s", subject,
		strings.Join(listed[:min(most, len(listed))], ", "))
	if left := len(listed) - most; left > 0 {
		text += fmt.Sprintf(" and %d more", left)
	}
	return text
}

// explainUnknown says what was meant by something that is no rule, where the store knows:
// an order, or the id at the foot of a message.
func (a *ack) explainUnknown(ctx context.Context, c console, settings config.Config, word string, wrong error) error {
	p := c.startProgress("reading the store")
	ledger, err := session.Read(ctx, session.OptionsOf(settings))
	p.done()
	if err != nil || strings.Contains(word, "/") {
		return wrong
	}
	if keys := keysOf(ledger, word); len(keys) > 0 {
		return fmt.Errorf("%s is an order, and ack takes a finding: write %s", word, strings.Join(keys, " or "))
	}
	for _, head := range ledger.NotificationLog().Heads(settings.Zone) {
		if head.ID == word {
			return fmt.Errorf("%s is the id of a message, and ack takes a finding: write RULE or RULE/SUBJECT as the message names it (%q); 'licensewatch status' lists what fires",
				word, head.Headline)
		}
	}
	return wrong
}

// keysOf are the findings that fire about an order; for one about which nothing
// fires, how one would be written.
func keysOf(ledger *life.Ledger, subject string) []string {
	var keys []string
	for _, k := range ledger.Known() {
		if k.Subject == subject {
			keys = append(keys, k.Rule+"/"+k.Subject)
		}
	}
	orders := ledger.Previous().Orders
	if len(keys) == 0 && orders != nil && slices.Contains(license.Subjects(orders.List), subject) {
		keys = append(keys, "RULE/"+subject)
	}
	return keys
}
