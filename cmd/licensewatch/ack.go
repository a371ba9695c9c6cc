package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/session"
	"licensewatch/setup"
)

// ack is what the command line says about an acknowledgement.
type ack struct {
	until  string
	reason string
	by     string
	list   bool
	remove bool
	force  bool
	yes    bool
	only   accountFlag
	output output
}

func newAck(c console) *cobra.Command {
	a := &ack{}
	command := &cobra.Command{
		Use:   "ack [ACCOUNT/]RULE[/SUBJECT]",
		Short: "Silence the reminders about a finding for a while",
		Long: `ack remembers, in the store of LICENSEWATCH_STATE_URL, that somebody takes care of a
finding. Alerts no longer remind of it until the time given, or until it gets worse,
whichever comes first; when the time is over, they say so. Every digest lists the
acknowledgements that hold. What could not be read is never silenced.

RULE alone stands for all of the rule's orders that fire now; one that begins to fire
later is told once. The rules are those of LICENSEWATCH_RULES_FILE.

With an accounts file the finding begins with its account, by name or uin. A pattern
(*/RULE) stands for the accounts where it fires and nobody has acknowledged it: it is
shown which those are, and done with --yes.

--until takes a time from now (12h, 3d, 2w) or a date, which means to the end of that
day in LICENSEWATCH_TIMEZONE.`,
		Example: `  licensewatch ack cwp-order-expiring/cwp-aaaa --until 2w --reason "renewal ordered"
  licensewatch ack cwp-order-expiring/cwp-aaaa --until 2026-12-15 --reason "renewal ordered"
  licensewatch ack '*/cwp-near-expiry' --until 12h --reason "told purchasing" --yes
  licensewatch ack --list
  licensewatch ack cwp-order-expiring/cwp-aaaa --remove`,
		Args:              oneFinding,
		ValidArgsFunction: completeFindings,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), c, args) },
	}
	flags := command.Flags()
	flags.StringVar(&a.until, "until", "", "how long it holds: 12h, 3d, 2w, or a `DATE`, its last day")
	flags.StringVar(&a.reason, "reason", "", "a `TEXT` that says why nobody needs to be reminded")
	flags.StringVar(&a.by, "by", "", "the `NAME` of who says so (default: the user of this machine)")
	flags.BoolVar(&a.list, "list", false, "list the acknowledgements that hold")
	flags.BoolVar(&a.remove, "remove", false, "take the acknowledgement back")
	flags.BoolVar(&a.force, "force", false, "take an order that nobody knows, or a store without any memory, too")
	flags.BoolVar(&a.yes, "yes", false, "of several accounts: do it, and do not only show it")
	a.only.addTo(command)
	a.output.addTo(command)
	return command
}

// oneFinding refuses a second argument, which is most likely the order: to leave it
// out would silence the whole rule.
func oneFinding(_ *cobra.Command, args []string) error {
	if len(args) < 2 {
		return nil
	}
	if usesAccounts() {
		return fmt.Errorf("ack takes one finding, ACCOUNT/RULE or ACCOUNT/RULE/SUBJECT: write %s",
			strings.Join(args, "/"))
	}
	known, err := setup.DescribeRules(os.Getenv("LICENSEWATCH_RULES_FILE"))
	isRule := func(name string) bool {
		return err == nil && slices.ContainsFunc(known, func(d rules.Description) bool { return d.ID == name })
	}
	if len(args) > 2 || strings.Contains(args[0], "/") || isRule(args[1]) {
		return fmt.Errorf("ack takes one finding at a time, RULE or RULE/SUBJECT: %q is one too many", args[1])
	}
	return fmt.Errorf("ack takes one finding: write %s/%s", args[0], args[1])
}

func (a *ack) run(ctx context.Context, c console, args []string) error {
	if err := a.checkFlags(args); err != nil {
		return err
	}
	switch {
	case usesAccounts():
		return a.runFleet(ctx, c, args)
	case a.yes:
		return errors.New("--yes is about several accounts: it needs an accounts file (" + setup.AccountsSetting + ")")
	case a.list:
		return a.listAcks(ctx, c)
	case a.remove:
		return a.removeAck(ctx, c, args[0])
	default:
		return a.giveAck(ctx, c, args[0])
	}
}

// checkFlags says what does not go together, or is missing.
func (a *ack) checkFlags(args []string) error {
	about := a.until + a.reason + a.by
	switch {
	case a.list:
		if len(args) > 0 || a.remove || a.yes || a.force || about != "" {
			return errors.New("--list stands alone")
		}
	case len(args) == 0:
		return errors.New("which finding? Write RULE or RULE/SUBJECT, as it stands in the alert, or --list")
	case a.remove:
		if a.force {
			return errors.New("--force is about a new acknowledgement")
		}
		if about != "" {
			return errors.New("--remove takes the finding only")
		}
	case a.until == "" || a.reason == "":
		return errors.New("--until and --reason are needed: until when, and why")
	}
	return nil
}

// giveAck enters an acknowledgement.
func (a *ack) giveAck(ctx context.Context, c console, finding string) error {
	settings, _, known, err := loadAll()
	if err != nil {
		return err
	}
	rule, subject, err := findRule(known, finding)
	if err != nil {
		return a.explainUnknown(ctx, c, settings, finding, err)
	}
	if !rule.Enabled {
		return fmt.Errorf("rule %s is switched off in %s: there is nothing to silence", rule.ID, rule.Place)
	}
	now := c.now().In(settings.Zone)
	given, err := a.parseFlags(rule.ID, subject, now)
	if err != nil {
		return err
	}
	warning, err := a.enterAck(ctx, c, settings, rule, &given)
	refused, isRefused := errors.AsType[*life.AckError](err)
	switch {
	case isRefused && refused.Field != "":
		return fmt.Errorf("--%s: %s", refused.Field, refused.Reason)
	case err != nil:
		return storeError(err)
	}
	if warning != "" {
		writeStyled(c.err, "licensewatch: %s\n", warning)
	}
	if a.output.isJSON() {
		return c.printJSON(map[string]any{"acknowledged": newAckJSON(given)})
	}
	c.print("No reminders of %s until %s, unless it gets worse.\n", finding, inZone(given.Until, settings.Zone))
	return nil
}

const noMemoryAtAll = "the store holds no memory at all: look whether the function has the same LICENSEWATCH_STATE_URL"

// enterAck puts the acknowledgement into the ledger; given becomes what the ledger
// makes of it.
func (a *ack) enterAck(ctx context.Context, c console, settings config.Config, rule rules.Description,
	given *license.Ack) (warning string, err error) {
	if !a.force {
		// Looking leaves no trace; to edit would make a directory whose name is a slip.
		if ledger, err := readLedger(ctx, c, settings); err == nil && isBlank(ledger) {
			if err := ledger.Acknowledge(*given, given.At); err != nil { // a slip in the flags comes first
				return "", err
			}
			return "", &life.AckError{Reason: noMemoryAtAll + "; --force takes it all the same"}
		}
	}
	err = a.editLedger(ctx, c, settings, func(ledger *life.Ledger, now time.Time) error {
		if warning = otherOwner(ledger, settings); warning != "" {
			warning = "note: " + warning
		} else {
			warning = neverReported(ledger, rule, given.Subject)
		}
		if missing := noOrder(ledger, given.Subject); missing != "" && !a.force {
			return &life.AckError{Reason: missing + "; --force takes it all the same"}
		}
		given.At = now
		return acknowledge(ledger, given)
	})
	return warning, err
}

// parseFlags reads the flags.
func (a *ack) parseFlags(rule, subject string, now time.Time) (license.Ack, error) {
	until, ok := shiftTime(now, a.until, 1)
	if !ok {
		date, err := parseDay("--until", a.until, "2w, 3d or "+now.AddDate(0, 0, 14).Format(time.DateOnly),
			now.Location())
		if err != nil {
			return license.Ack{}, err
		}
		until = date.AddDate(0, 0, 1)
	}
	by := a.by
	if who, err := user.Current(); by == "" && err == nil {
		by = who.Username
	}
	return license.Ack{Rule: rule, Subject: subject, Until: until, Reason: a.reason, By: by, At: now}, nil
}

// removeAck removes an acknowledgement, also of a rule that is gone.
func (a *ack) removeAck(ctx context.Context, c console, finding string) error {
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	rule, subject, _ := strings.Cut(finding, "/")
	// Looking leaves no trace: see enter.
	if ledger, err := readLedger(ctx, c, settings); err == nil && isBlank(ledger) && len(ledger.Acks(c.now())) == 0 {
		return &exitError{text: fmt.Sprintf("there is no acknowledgement of %s, and %s", finding, noMemoryAtAll)}
	}
	found := false
	err = a.editLedger(ctx, c, settings, func(ledger *life.Ledger, _ time.Time) error {
		found = ledger.RemoveAck(rule, subject)
		return nil
	})
	switch {
	case err != nil:
		return storeError(err)
	case !found:
		return &exitError{text: fmt.Sprintf("there is no acknowledgement of %s; see --list", finding)}
	case a.output.isJSON():
		return c.printJSON(map[string]any{"removed": finding})
	}
	c.print("Alerts remind of %s again.\n", finding)
	return nil
}

// editLedger changes the ledger, which may have to wait for a run.
func (a *ack) editLedger(ctx context.Context, c console, settings config.Config,
	change func(*life.Ledger, time.Time) error) error {
	p := c.startProgress("waiting for the store")
	defer p.done()
	return session.Edit(ctx, session.OptionsOf(settings), func(ledger *life.Ledger) error {
		return change(ledger, c.now().In(settings.Zone))
	})
}

// storeError says what became of the store. The setting is named unless the
// error does, or is about something else.
func storeError(err error) *exitError {
	_, isRefused := errors.AsType[*life.AckError](err)
	unreadable, isUnreadable := errors.AsType[*life.FormatError](err)
	_, isOthers := errors.AsType[*session.OwnerError](err)
	switch {
	case errors.Is(err, session.ErrNoStore), errors.Is(err, session.ErrBusy), isRefused:
		return &exitError{text: err.Error()}
	case errors.Is(err, context.Canceled):
		return &exitError{text: "interrupted"}
	case isOthers:
		return &exitError{text: "LICENSEWATCH_STATE_URL " + err.Error()}
	case isUnreadable && unreadable.Other:
		return &exitError{text: "LICENSEWATCH_STATE_URL: " + err.Error() +
			"; take the licensewatch of the function's own version"}
	case isUnreadable && unreadable.Twice:
		return &exitError{text: "LICENSEWATCH_STATE_URL: " + err.Error() +
			"; the next run keeps one of both, then it can be changed"}
	case isUnreadable:
		return &exitError{text: "LICENSEWATCH_STATE_URL: " + err.Error() +
			"; the next run keeps it aside and begins anew"}
	default:
		return &exitError{text: "LICENSEWATCH_STATE_URL: " + err.Error()}
	}
}
