package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// sampleScenario is what is simulated without a file.
const sampleScenario = "near-expiry"

// maxDays bounds --days.
const maxDays = 5 * 366

// simulate is what the command line says about a simulation.
type simulate struct {
	days          int
	untilSilent   bool
	file          string
	from          string
	mode          string
	language      string
	rules         string
	renew         []string
	timersFile    string
	withoutMemory bool
	fresh         bool
	full          bool
	folder        folderFlags
	output        output
}

func newSimulate(c console) *cobra.Command {
	s := &simulate{}
	command := &cobra.Command{
		Use:   "simulate",
		Short: "Show every message of the next 90 days, if nobody does anything",
		Long: `simulate says which messages would be sent in the days after a snapshot was read,
by the real rules and the real bookkeeping: when, to whom, and why. It asks no
cloud and posts nothing. Without --snapshot it takes the built-in sample
"near-expiry". With one, it goes on from what the store of LICENSEWATCH_STATE_URL
remembers, acknowledgements included, and changes nothing there; --fresh begins as
if nothing had been said yet.

The settings of the environment count where there are any: rules, sources, zone,
language, webhooks (only how many there are). A digest comes every day at 09:07,
alerts every hour at minute 37, UTC+8, as in serverless.yml; --timers takes your own.

Where --snapshot is the folder that capture --fleet writes, it shows what falls due in
which account and which channels of the accounts file hear of it; the messages of one
account with --account. It begins with an empty store then.

Nobody does anything but what --renew names. What renews itself does so at its
end. Other CWPP orders are isolated at their deadline, their licenses unbound, and
destroyed 30 days later; Container Security works for 5 more days, then it is
isolated. The counts follow.`,
		Example: `  licensewatch simulate
  licensewatch simulate --snapshot account.json --until-silent
  licensewatch simulate --snapshot account.json --fresh
  licensewatch simulate --renew cwp-aaaa=2027-12-31@2026-12-01 --renew tcss=2027-12-31
  licensewatch simulate --snapshot snapshots --accounts accounts.yaml --days 30
  licensewatch capture | licensewatch simulate --snapshot - --mode alert --days 30 --full`,
		Args: noArgsBut("snapshot"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if s.untilSilent && cmd.Flags().Changed("days") {
				return errors.New("--days and --until-silent exclude each other: one ends after so many days, the other by itself")
			}
			return s.run(cmd.Context(), c, cmd.InOrStdin())
		},
	}
	s.addFlags(command)
	return command
}

func (s *simulate) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.IntVar(&s.days, "days", 90, "how many days to look ahead")
	flags.BoolVar(&s.untilSilent, "until-silent", false, "go on until alerts have nothing more to say, 5 years at most")
	flags.StringVar(&s.file, "snapshot", "", "the account as a `FILE`, as capture writes it, or the folder of capture --fleet; - is standard input (default: the built-in sample)")
	flags.StringVar(&s.from, "from", "", "the first `DAY`, for example 2026-12-01 (default: when the snapshot was read)")
	flags.StringVar(&s.mode, "mode", "both", "which timers are on: both, digest or alert")
	flags.StringVar(&s.language, "language", "",
		"en or zh (default: LICENSEWATCH_LANGUAGE, else by the site; for the sample en)")
	flags.StringVar(&s.rules, "rules", "", "the rules `FILE` (default: LICENSEWATCH_RULES_FILE, else the built-in rules)")
	flags.StringArrayVar(&s.renew, "renew", nil,
		"a renewal, `ID=NEWDEADLINE[@DAY]`; ID is an order's, or tcss; may be repeated")
	flags.StringVar(&s.timersFile, "timers", "",
		"the timers that are on in this serverless.yml, a `FILE` (default: both, as above)")
	flags.BoolVar(&s.withoutMemory, "without-memory", false,
		"as without LICENSEWATCH_STATE_URL: alerts repeat all that fires")
	flags.BoolVar(&s.fresh, "fresh", false, "begin with an empty store, whatever LICENSEWATCH_STATE_URL holds")
	flags.BoolVar(&s.full, "full", false, "print each message as it would be read")
	for flag, words := range map[string][]string{"mode": timerModes(), "language": {"en", "zh"}} {
		completeFlag(command, flag, words...)
	}
	s.folder.addTo(command)
	s.output.addTo(command)
}

func (s *simulate) run(ctx context.Context, c console, stdin io.Reader) error {
	if err := s.checkFlags(); err != nil {
		return err
	}
	if isDirectory(s.file) {
		return s.runFolder(ctx, c)
	}
	if err := s.folder.refuse(); err != nil {
		return err
	}
	progress := c.startProgress("reading the snapshot")
	defer progress.done()
	simulation, err := s.prepareSimulation(ctx, c, stdin)
	if err != nil {
		return err
	}
	progress.step("simulating from %s on", simulation.from.Format(dateForm))
	return s.tell(ctx, c, progress, simulation)
}

// tell simulates one account, and tells what comes of it.
func (s *simulate) tell(ctx context.Context, c console, progress *progress, simulation *simulation) (err error) {
	if s.untilSilent {
		err = simulation.untilSilent(ctx)
	} else {
		err = simulation.forDays(ctx, s.days)
	}
	progress.done()
	if err != nil {
		return &exitError{text: "interrupted"}
	}
	switch {
	case s.output.isJSON():
		return c.printJSON(simulation.jsonDocument())
	case s.full:
		return simulation.writeFull(c)
	default:
		simulation.printCalendar(c)
		return nil
	}
}

// timerModes are the values of --mode.
func timerModes() []string { return []string{"both", "digest", "alert"} }

// checkFlags finds what is wrong with the flags by themselves.
func (s *simulate) checkFlags() error {
	if err := oneOf("--mode", s.mode, timerModes()...); err != nil {
		return err
	}
	switch {
	case s.days < 1 || s.days > maxDays:
		return fmt.Errorf("--days %d: write a number from 1 to %d", s.days, maxDays)
	case s.untilSilent && s.mode == "digest":
		return errors.New("--until-silent is about alerts, and a digest comes every day: leave out --mode digest")
	case s.full && s.output.isJSON():
		return errors.New("--full is text: leave out --output json, which has all messages")
	default:
		return nil
	}
}
