package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/config"
	"licensewatch/handler"
)

func newRun(c console) *cobra.Command {
	var mode string
	var dryRun, withLog bool
	var only accountFlag
	command := &cobra.Command{
		Use:   "run",
		Short: "Run the function once, with the real account and the settings of the environment",
		Long: `run does what the function does when its timer fires, with the settings and the
keys of the environment. The log goes to standard error, the Summary to standard
output. A store and an archive are used as the function uses them: what is said is
remembered, and sealed for good. With --dry-run the report is printed instead of
posted: no webhook is needed, nothing is exported, remembered, sealed or called,
and the log is left out unless --log asks for it.

With an accounts file --dry-run prints what each channel would be told, of all accounts
or of those of --account; the variables that the file names must be set.`,
		Example: `  set -a; . ./licensewatch.env; set +a; licensewatch run --dry-run
  licensewatch run --mode alert
  licensewatch run --dry-run --account 'pay-*'`,
		Args: noArgsBut("mode", "digest", "alert", "report"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if mode != "" {
				if err := oneOf("--mode", mode, "digest", "alert", "report"); err != nil {
					return err
				}
			}
			if len(only.patterns) > 0 && !dryRun {
				return errors.New("--account goes with --dry-run: a run is about all accounts")
			}
			noteUnloaded(c)
			return runOnce(cmd.Context(), mode, dryRun, withLog || !dryRun, only, c)
		},
	}
	command.Flags().StringVar(&mode, "mode", "", "digest, alert or report (default: LICENSEWATCH_MODE)")
	completeFlag(command, "mode", "digest", "alert", "report")
	command.Flags().BoolVar(&withLog, "log", false, "with --dry-run: the log as well, on standard error")
	command.Flags().BoolVar(&dryRun, "dry-run", false, "print the report instead of posting it")
	only.addTo(command)
	return command
}

func runOnce(ctx context.Context, mode string, dryRun, withLog bool, only accountFlag, c console) error {
	options := handler.Options{Log: io.Discard, Now: c.now, Sleep: c.sleep, Accounts: only.patterns}
	if withLog {
		options.Log = terminal.JSONLog(c.err)
	}
	tell := func() {}
	if dryRun {
		if err := checkDryRun(ctx, only); err != nil {
			return err
		}
		told := &dryRunChannels{out: c.out, style: styleFor(c.out)}
		options.DryRun, tell = told.add, told.print
		p := c.startProgress("reading the accounts")
		defer p.done()
	}
	event, err := json.Marshal(map[string]string{"Message": mode})
	if err != nil {
		return err
	}
	summary, runErr := handler.New(options).Run(ctx, event)
	tell()
	if err := interruptedError(ctx); err != nil && dryRun { // nothing was done that a Summary could tell of
		return err
	}
	line, err := json.Marshal(summary)
	if err != nil {
		return err
	}
	if err := c.printJSONText(append(line, '\n')); err != nil {
		return err
	}
	if err := interruptedError(ctx); err != nil {
		return err
	}
	switch {
	case runErr != nil:
		return runError(runErr)
	case summary.Outcome != handler.OutcomeSent && summary.Outcome != handler.OutcomeQuiet:
		return &exitError{text: string(summary.Outcome) + ": " + summary.Reason}
	case readNothing(summary):
		codes := slices.Collect(maps.Values(summary.Sources))
		for _, ofSource := range summary.AccountSources {
			codes = append(codes, slices.Collect(maps.Keys(ofSource))...)
		}
		return &exitError{text: nothingRead(codes...)}
	default:
		return nil
	}
}

// runError is what a run ended with: of mistakes all, which the error's own text has not.
func runError(err error) *exitError {
	if wrong, isWrong := errors.AsType[*handler.ConfigError](err); isWrong {
		return &exitError{several: slices.Concat(wrong.Mistakes,
			[]string{countOf(len(wrong.Mistakes), "mistake") + " to correct"})}
	}
	return &exitError{text: err.Error()}
}

func readNothing(s handler.Summary) bool {
	if s.Accounts != nil {
		return s.Accounts.Read == 0
	}
	for _, code := range s.Sources {
		if code == "ok" {
			return false
		}
	}
	return true
}

// nothingRead says why, as far as that is known here; codes are what the cloud
// answered, unless that is said already.
func nothingRead(codes ...string) string {
	if _, err := config.LoadCredentials(config.ProcessEnvironment); err != nil {
		return "nothing could be read: " + err.Error()
	}
	text := "nothing could be read"
	if len(codes) > 0 {
		slices.Sort(codes)
		text += ": " + strings.Join(slices.Compact(codes), ", ")
	}
	return text + "; licensewatch doctor says what to do about it"
}
