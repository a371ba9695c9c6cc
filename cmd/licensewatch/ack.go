package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
)

// ack is what the command line says about an acknowledgement.
type ack struct {
	until  string
	reason string
	by     string
	list   bool
	remove bool
}

func newAck(c console) *cobra.Command {
	a := ack{}
	command := &cobra.Command{
		Use:   "ack RULE[/SUBJECT]",
		Short: "Silence the reminders about a finding until a date",
		Long: `ack remembers, in the store of LICENSEWATCH_STATE_URL, that somebody takes care of a
finding. Alerts no longer remind of it until the end of the day given, or until it
gets worse, whichever comes first. Every digest lists the acknowledgements that
hold. What could not be read is never silenced.`,
		Example: `  licensewatch ack cwp-order-expiring/cwp-aaaa --until 2026-12-15 --reason "renewal ordered"
  licensewatch ack --list
  licensewatch ack cwp-order-expiring/cwp-aaaa --remove`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), c, args) },
	}
	flags := command.Flags()
	flags.StringVar(&a.until, "until", "", "the last day it holds, for example 2026-12-15")
	flags.StringVar(&a.reason, "reason", "", "why nobody needs to be reminded")
	flags.StringVar(&a.by, "by", "", "who says so (default: the user of this machine)")
	flags.BoolVar(&a.list, "list", false, "list the acknowledgements that hold")
	flags.BoolVar(&a.remove, "remove", false, "take the acknowledgement back")
	return command
}

func (a ack) run(ctx context.Context, c console, args []string) error {
	switch {
	case a.list && (len(args) > 0 || a.remove):
		return errors.New("--list stands alone")
	case !a.list && len(args) == 0:
		return errors.New("which finding? Write RULE or RULE/SUBJECT, as it stands in the alert, or --list")
	case !a.list && !a.remove && (a.until == "" || a.reason == ""):
		return errors.New("--until and --reason are needed: until when, and why")
	}
	settings, err := config.LoadWithoutChannels()
	if err != nil {
		return &foundError{text: strings.Join(handler.Mistakes(err), "\n")}
	}
	err = handler.EditLedger(ctx, handler.Options{Now: c.now}, settings, func(ledger *life.Ledger, now time.Time) error {
		if a.list {
			listAcks(c.out, ledger.Acks(now))
			return nil
		}
		return a.change(c.out, ledger, args[0], now)
	})
	if err != nil {
		return &foundError{text: err.Error()}
	}
	return nil
}

func (a ack) change(out io.Writer, ledger *life.Ledger, finding string, now time.Time) error {
	rule, subject, _ := strings.Cut(finding, "/")
	if a.remove {
		if !ledger.RemoveAck(rule, subject) {
			return fmt.Errorf("there is no acknowledgement of %s; see --list", finding)
		}
		say(out, "Alerts remind of %s again.\n", finding)
		return nil
	}
	until, err := time.ParseInLocation(time.DateOnly, a.until, now.Location())
	if err != nil {
		return fmt.Errorf("--until %s is no date: write it like 2026-12-15", a.until)
	}
	by := a.by
	if who, err := user.Current(); by == "" && err == nil {
		by = who.Username
	}
	given := license.Ack{Rule: rule, Subject: subject, Until: until, Reason: a.reason, By: by}
	if err := ledger.Acknowledge(given, now); err != nil {
		return fmt.Errorf("the acknowledgement is not accepted: %w", err)
	}
	say(out, "No reminders of %s until the end of %s, unless it gets worse.\n", finding, until.Format(time.DateOnly))
	return nil
}

func listAcks(out io.Writer, acks []license.Ack) {
	if len(acks) == 0 {
		say(out, "No acknowledgement holds.\n")
	}
	for _, a := range acks {
		finding := a.Rule
		if a.Subject != "" {
			finding += "/" + a.Subject
		}
		say(out, "%s until %s, by %s: %s\n", finding, a.Until.Format(time.DateOnly), a.By, a.Reason)
	}
}
