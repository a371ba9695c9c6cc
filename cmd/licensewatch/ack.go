package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// ack is what the command line says about an acknowledgement.
type ack struct {
	until  string
	reason string
	by     string
	list   bool
	remove bool
	output output
}

func newAck(c console) *cobra.Command {
	a := &ack{}
	command := &cobra.Command{
		Use:   "ack RULE[/SUBJECT]",
		Short: "Silence the reminders about a finding until a date",
		Long: `ack remembers, in the store of LICENSEWATCH_STATE_URL, that somebody takes care of a
finding. Alerts no longer remind of it until the end of the day given, or until it
gets worse, whichever comes first. Every digest lists the acknowledgements that
hold. What could not be read is never silenced.

RULE alone stands for all of the rule's orders. The rules are those of
LICENSEWATCH_RULES_FILE.`,
		Example: `  licensewatch ack cwp-order-expiring/cwp-aaaa --until 2026-12-15 --reason "renewal ordered"
  licensewatch ack --list
  licensewatch ack cwp-order-expiring/cwp-aaaa --remove`,
		Args:              atMostOne("one finding"),
		ValidArgsFunction: completeRules,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), c, args) },
	}
	flags := command.Flags()
	flags.StringVar(&a.until, "until", "", "the last `DATE` it holds, for example 2026-12-15")
	flags.StringVar(&a.reason, "reason", "", "a `TEXT` that says why nobody needs to be reminded")
	flags.StringVar(&a.by, "by", "", "the `NAME` of who says so (default: the user of this machine)")
	flags.BoolVar(&a.list, "list", false, "list the acknowledgements that hold")
	flags.BoolVar(&a.remove, "remove", false, "take the acknowledgement back")
	a.output.addTo(command)
	return command
}

func (a *ack) run(ctx context.Context, c console, args []string) error {
	switch {
	case a.list && (len(args) > 0 || a.remove || a.until+a.reason+a.by != ""):
		return errors.New("--list stands alone")
	case a.remove && a.until+a.reason+a.by != "":
		return errors.New("--remove takes the finding only")
	case !a.list && len(args) == 0:
		return errors.New("which finding? Write RULE or RULE/SUBJECT, as it stands in the alert, or --list")
	case a.list:
		return a.showAll(ctx, c)
	case a.remove:
		return a.takeBack(ctx, c, args[0])
	case a.until == "" || a.reason == "":
		return errors.New("--until and --reason are needed: until when, and why")
	default:
		return a.give(ctx, c, args[0])
	}
}

// give enters an acknowledgement.
func (a *ack) give(ctx context.Context, c console, finding string) error {
	settings, _, known, err := loadAll()
	if err != nil {
		return err
	}
	rule, subject, err := lookUp(known, finding)
	if err != nil {
		return err
	}
	if !rule.Enabled {
		return fmt.Errorf("rule %s is switched off in %s: there is nothing to silence", rule.ID, rule.Place)
	}
	now := c.now().In(settings.Zone)
	given, err := a.form(rule.ID, subject, now)
	if err != nil {
		return err
	}
	warning, err := a.enter(ctx, c, settings, rule, &given)
	var refused *life.AckError
	switch {
	case errors.As(err, &refused) && refused.Field != "":
		return fmt.Errorf("--%s: %s", refused.Field, refused.Reason)
	case err != nil:
		return storeError(err)
	}
	if warning != "" {
		say(c.err, "licensewatch: %s\n", warning)
	}
	if a.output.isJSON() {
		return c.json(map[string]any{"acknowledged": asJSON(given)})
	}
	c.print("No reminders of %s until the end of %s, unless it gets worse.\n", finding, given.Until.Add(-time.Second).Format(time.DateOnly))
	return nil
}

// enter puts the acknowledgement into the ledger; given becomes what the ledger
// makes of it.
func (a *ack) enter(ctx context.Context, c console, settings config.Config, rule rules.Description, given *license.Ack) (warning string, err error) {
	err = a.edit(ctx, c, settings, func(ledger *life.Ledger, now time.Time) error {
		warning = unheard(ledger, rule, given.Subject)
		if err := ledger.Acknowledge(*given, now); err != nil {
			return err
		}
		acks := ledger.Acks(now)
		*given = acks[slices.IndexFunc(acks, func(kept license.Ack) bool { return kept.Rule == rule.ID && kept.Subject == given.Subject })]
		return nil
	})
	return warning, err
}

// form reads the flags.
func (a *ack) form(rule, subject string, now time.Time) (license.Ack, error) {
	until, err := day("--until", a.until, now.AddDate(0, 0, 14).Format(time.DateOnly), now.Location())
	if err != nil {
		return license.Ack{}, err
	}
	by := a.by
	if who, err := user.Current(); by == "" && err == nil {
		by = who.Username
	}
	return license.Ack{Rule: rule, Subject: subject, Until: until.AddDate(0, 0, 1), Reason: a.reason, By: by, At: now}, nil
}

// unheard warns of an acknowledgement of what nobody has heard of: perhaps its
// name is wrong.
func unheard(ledger *life.Ledger, rule rules.Description, subject string) string {
	isKnown := func(k life.Known) bool { return k.Rule == rule.ID && (subject == "" || k.Subject == subject) }
	if slices.ContainsFunc(ledger.Known(), isKnown) {
		return ""
	}
	previous := ledger.Previous()
	if previous.OverviewAt.IsZero() && previous.OrdersAt.IsZero() && previous.PurchaseStateAt.IsZero() {
		return "note: the store holds no reading yet: look whether the function has the same LICENSEWATCH_STATE_URL"
	}
	if orders := previous.Orders; subject != "" && orders != nil {
		listed := rules.Subjects(orders.List)
		if !slices.Contains(listed, subject) {
			return fmt.Sprintf("note: the last run saw no order %s%s", subject, suggest.DidYouMean(subject, listed))
		}
	}
	return "note: it did not fire in the last run; the acknowledgement covers it when it does"
}

// takeBack removes an acknowledgement, also of a rule that is gone.
func (a *ack) takeBack(ctx context.Context, c console, finding string) error {
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	rule, subject, _ := strings.Cut(finding, "/")
	found := false
	err = a.edit(ctx, c, settings, func(ledger *life.Ledger, _ time.Time) error {
		found = ledger.RemoveAck(rule, subject)
		return nil
	})
	switch {
	case err != nil:
		return storeError(err)
	case !found:
		return &foundError{text: fmt.Sprintf("there is no acknowledgement of %s; see --list", finding)}
	case a.output.isJSON():
		return c.json(map[string]any{"removed": finding})
	}
	c.print("Alerts remind of %s again.\n", finding)
	return nil
}

// edit changes the ledger, which may have to wait for a run.
func (a *ack) edit(ctx context.Context, c console, settings config.Config, change func(*life.Ledger, time.Time) error) error {
	p := c.begin("waiting for the store")
	defer p.done()
	return handler.EditLedger(ctx, handler.Options{Now: c.now}, settings, change)
}

// storeError says what became of the store. The setting is named unless the
// error does, or is about something else.
func storeError(err error) *foundError {
	var refused *life.AckError
	var unreadable *life.FormatError
	switch {
	case errors.Is(err, handler.ErrNoStore), errors.Is(err, handler.ErrBusy), errors.As(err, &refused):
		return &foundError{text: err.Error()}
	case errors.As(err, &unreadable):
		return &foundError{text: "LICENSEWATCH_STATE_URL: " + err.Error() + "; the next run keeps it aside and begins anew"}
	default:
		return &foundError{text: "LICENSEWATCH_STATE_URL: " + err.Error()}
	}
}
