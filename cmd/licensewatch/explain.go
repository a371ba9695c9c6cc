package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"licensewatch/account"
	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// explain is what the command line asks.
type explain struct {
	snapshot string
	noMemory bool
	firing   bool
	language string
	only     accountFlag
	output   output
}

func newExplain(c console) *cobra.Command {
	e := &explain{}
	command := &cobra.Command{
		Use:   "explain [ACCOUNT/][RULE[/SUBJECT]]",
		Short: "Say why there was a message, or none",
		Long: `explain answers why a rule fires, is quiet or is unknown: its condition with the
value of every field, since when it fires, what each channel was told and when,
what it is still owed, who acknowledged it, and when an alert speaks of it next.
Without RULE it lists all rules and orders, what fires first; those of one rule with
the same answer share a line. --firing leaves out what does not fire.

With an accounts file the question begins with an account, by name or uin, which is
read by its own keys: ACCOUNT, ACCOUNT/RULE or ACCOUNT/RULE/SUBJECT.

It reads the account as a run does, or a snapshot file, and the memory of
LICENSEWATCH_STATE_URL. It changes nothing and posts nothing. Give it the settings
of the function: its rules file, store and webhooks.`,
		Example: `  set -a; . ./licensewatch.env; set +a; licensewatch explain
  licensewatch explain --firing
  licensewatch explain cwp-order-expiring/cwp-aaaa
  licensewatch explain pay-prod/cwp-order-expiring/cwp-aaaa
  licensewatch explain tcss-trial-over --snapshot account.json --no-memory
  licensewatch explain --output json | jq '.rules[].findings[] | select(.state == "unknown")'`,
		Args:              atMostOne("one finding"),
		ValidArgsFunction: completeFindings,
		RunE: func(cmd *cobra.Command, args []string) error {
			return e.run(cmd.Context(), c, cmd.InOrStdin(), args)
		},
	}
	flags := command.Flags()
	flags.StringVar(&e.snapshot, "snapshot", "",
		"judge this snapshot `FILE`, as of when it was read, instead of the account; - is standard input")
	flags.BoolVar(&e.noMemory, "no-memory", false, "do not look at the store")
	flags.BoolVar(&e.firing, "firing", false, "only what fires")
	flags.StringVar(&e.language, "language", "",
		"en or zh, for the findings' texts (default: LICENSEWATCH_LANGUAGE, else by the site)")
	completeFlag(command, "language", "en", "zh")
	e.only.addTo(command)
	e.output.addTo(command)
	return command
}

func (e *explain) run(ctx context.Context, c console, stdin io.Reader, args []string) error {
	if e.language != "" {
		if err := oneOf("--language", e.language, "en", "zh"); err != nil {
			return err
		}
	}
	if usesAccounts() {
		return e.runFleet(ctx, c, stdin, args)
	}
	settings, set, known, err := loadAll()
	if err != nil {
		return err
	}
	in := explanation.Input{Set: set, Rules: known, Fix: failureFix, Hours: settings.Hours}
	if len(args) > 0 {
		rule, subject, err := findRule(in.Rules, args[0])
		if err != nil {
			return err
		}
		in.Rule, in.Subject = rule.ID, subject
	}
	if e.language != "" {
		settings.Language = license.Language(e.language)
	}
	p := c.startProgress("reading the account")
	defer p.done()
	in.Language, in.Channels = settings.Language, handler.ChannelNames(settings)
	if err := e.readInput(ctx, c, stdin, settings, &in); err != nil {
		return err
	}
	if err := e.readLedger(ctx, p, settings, &in); err != nil {
		return err
	}
	return e.answer(ctx, c, p, settings, in)
}

// answer explains and prints what was read.
func (e *explain) answer(ctx context.Context, c console, p *progress, settings config.Config,
	in explanation.Input) error {
	if err := interruptedError(ctx); err != nil {
		return err
	}
	p.step("looking a year ahead")
	answer, err := explanation.Explain(in)
	p.done()
	if err != nil {
		return &exitError{text: err.Error()}
	}
	if e.firing {
		answer.OnlyFiring()
	}
	answer.Notes = append(answer.Notes, unknownSettingLines(settings)...)
	return e.printExplanation(c, answer)
}

// readInput takes the snapshot from the file or from the account.
func (e *explain) readInput(ctx context.Context, c console, stdin io.Reader, settings config.Config,
	in *explanation.Input) error {
	in.Now = c.now().In(settings.Zone)
	if e.snapshot == "" {
		in.Snapshot = account.Read(ctx, account.Options{Settings: settings, Now: c.now, Sleep: c.sleep})
		return nil
	}
	return e.readFile(stdin, settings, in)
}

// readFile takes the snapshot from the file.
func (e *explain) readFile(stdin io.Reader, settings config.Config, in *explanation.Input) error {
	var err error
	if in.Snapshot, err = readSnapshot(stdin, e.snapshot); err != nil {
		return err
	}
	in.Snapshot = keepSources(in.Snapshot, settings.Sources)
	if !in.Snapshot.ReadAt.IsZero() {
		in.Now = in.Snapshot.ReadAt.In(settings.Zone)
	}
	return nil
}

// readLedger reads the ledger.
func (e *explain) readLedger(ctx context.Context, p *progress, settings config.Config, in *explanation.Input) error {
	if e.noMemory {
		in.Memory = explanation.MemoryIgnored
		return nil
	}
	p.step("reading the ledger")
	ledger, err := session.Read(ctx, session.OptionsOf(settings))
	switch {
	case errors.Is(err, session.ErrNoStore):
		in.Memory = explanation.MemoryNone
		return nil
	case err != nil:
		return &exitError{several: severalLines{storeError(err).text, "--no-memory explains the rules without it"}}
	}
	if other := session.CheckOwner(ledger, life.Owner{Site: settings.Site,
		Account: in.Snapshot.Account}); other != nil {
		in.Memory, in.Doubt = explanation.MemoryOthers, "LICENSEWATCH_STATE_URL "+other.Error()
		return nil //nolint:nilerr // the rules are explained without it
	}
	handler.BindChannels(ledger, settings, in.Now)
	in.Memory, in.Ledger = explanation.MemoryStore, ledger
	return nil
}

// printExplanation writes the answer. One that could read nothing explains nothing.
func (e *explain) printExplanation(c console, answer explanation.Explanation) error {
	switch {
	case e.output.isJSON():
		if err := c.printJSON(answer); err != nil {
			return err
		}
	case e.firing && len(answer.Rules) == 0:
		c.print("Nothing fires.\n")
	case len(answer.Rules) > 1 || e.firing:
		answer.Table(c.out, tonePainter(styleFor(c.out)), widthOf(c.out))
	default:
		answer.Pages(c.out, tonePainter(styleFor(c.out)))
	}
	read := slices.ContainsFunc(answer.Sources, func(s explanation.Source) bool {
		return s.Status == explanation.SourceRead || s.Status == explanation.SourceIncomplete
	})
	if !read && e.snapshot == "" {
		return &exitError{text: nothingRead()}
	}
	return nil
}

func tonePainter(s style) explanation.Paint {
	codes := map[explanation.Tone]string{
		explanation.Heading: ansiBold, explanation.Good: ansiGreen, explanation.Warning: ansiYellow,
		explanation.Bad: ansiRed, explanation.Faint: ansiDim,
	}
	return func(tone explanation.Tone, text string) terminal.Styled { return s.paint(codes[tone], text) }
}
