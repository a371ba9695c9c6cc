// Command licensewatch is the operator's side of the function: see what it says
// without an account, check what it needs before a deployment, and ask it why it
// speaks or is silent.
package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/terminal"
)

// The exit codes.
const (
	exitFine  = 0
	exitFound = 1 // the command worked and found something wrong
	exitUsage = 2 // the command was used wrongly
)

// exitError ends a command that worked but found something wrong: text says what,
// or several do, a line each. Both are empty when the command has said everything
// already.
type exitError struct {
	text    string
	several severalLines
}

func (e *exitError) Error() string {
	if e.several != nil {
		return e.several.Error()
	}
	return e.text
}

// severalLines is an error with a line for each of the things that are wrong.
type severalLines []string

func (e severalLines) Error() string { return strings.Join(e, "\n") }

// styledError is an error for the terminal.
func styledError(err error) terminal.Styled {
	found, isExit := errors.AsType[*exitError](err)
	several, isSeveral := errors.AsType[severalLines](err)
	switch {
	case isExit && found.several != nil:
		return terminal.Lines(found.several)
	case isSeveral:
		return terminal.Lines(several)
	default:
		return terminal.Sprintf("%v", err)
	}
}

// interruptedError ends a command that Ctrl-C, or a terminal that closed, stopped: what could not be read by then
// says nothing about the account. It is nil when nothing stopped it.
func interruptedError(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &exitError{text: "interrupted"}
}

func main() {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	code := runCommandLine(ctx, os.Args[1:], console{out: os.Stdout, err: os.Stderr, now: time.Now})
	stop()
	os.Exit(code)
}

// runCommandLine runs one command line and gives its exit code.
func runCommandLine(ctx context.Context, args []string, c console) int {
	out := &resultWriter{Writer: c.out}
	c.out = out
	root := newRoot(c)
	root.SetArgs(args)
	root.SetOut(c.out)
	root.SetErr(c.err)
	refuseOtherShells(root)
	command, err := root.ExecuteContextC(ctx)
	if err != nil && command == root && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		err = noSuchCommand(root, args) // whatever else is wrong, for example that command's flags
	}
	_, isExit := errors.AsType[*exitError](err)
	switch {
	case out.describeFailure() != "":
		writeStyled(c.err, "licensewatch: %s\n", out.describeFailure())
		return exitUsage
	case err == nil:
		return exitFine
	case isExit:
		if text := styledError(err); text != "" {
			writeStyled(c.err, "licensewatch: %s\n", text)
		}
		return exitFound
	default:
		writeStyled(c.err, "licensewatch: %s\nSee '%s --help'.\n", styledError(err), command.CommandPath())
		return exitUsage
	}
}

func newRoot(c console) *cobra.Command {
	root := &cobra.Command{
		Use:   "licensewatch",
		Short: "Know before a Tencent Cloud security license runs out",
		Long: `licensewatch watches the security licenses of a Tencent Cloud account (CWP, host
security, and TCSS, container security) and tells your chats, or a webhook, before
one runs out. It runs as a serverless function; this command shows what it would
say, checks what it needs before it is deployed, and answers questions about it.`,
		Example: `  licensewatch demo                         see the messages, without an account
  licensewatch init watch                   files to start from
  licensewatch check                        settings, rules, serverless.yml, before a deployment
  licensewatch run --dry-run                read the real account, post nothing
  licensewatch explain                      why there was a message, or none`,
		Args:              noSuchCommand,
		PersistentPreRunE: refuseNothing,

		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	addCommands(root, c)
	return root
}

// addCommands puts the commands into groups by when they are wanted. What is in
// none comes last in the help.
func addCommands(root *cobra.Command, c console) {
	for _, group := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"See what it says:", []*cobra.Command{newDemo(c), newPreview(c), newSimulate(c)}},
		{"Before a deployment:", []*cobra.Command{newInit(c), newCheck(c), newPolicy(c), newDoctor(c), newSendTest(c)}},
		{"In operation:", []*cobra.Command{newRun(c), newStatus(c), newHistory(c), newExplain(c), newAck(c),
			newArchive(c),
			newReport(c), newCapture(c)}},
		{"Rules:", []*cobra.Command{newTest(c)}},
		{"Many accounts:", []*cobra.Command{newAccounts(c), newRoutes(c)}},
	} {
		root.AddGroup(&cobra.Group{ID: group.title, Title: group.title})
		for _, command := range group.commands {
			command.GroupID = group.title
		}
		root.AddCommand(group.commands...)
	}
	root.AddCommand(newVersion(c))
}
