package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"licensewatch/cmd/licensewatch/internal/suggest"
)

// noArgs is cobra.NoArgs in words that fit a command: what was typed is no
// command of it.
func noArgs(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes nothing but flags: leave %q out", command.Name(), args[0])
}

// atMostOne allows one argument, which is called so.
func atMostOne(what string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("%s takes %s and nothing else: leave %q out", command.Name(), what, args[1])
		}
		return nil
	}
}

// noSuchCommand refuses what is typed behind a command that has others below
// it, and is none of them.
func noSuchCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, command := range root.Commands() {
		if command.IsAvailableCommand() {
			names = append(names, command.Name())
		}
	}
	if len(names) == 0 {
		return noArgs(root, args)
	}
	if meant := suggest.DidYouMean(args[0], names); meant != "" {
		return fmt.Errorf("unknown command %q%s", args[0], meant)
	}
	return fmt.Errorf("unknown command %q: write one of %s", args[0], strings.Join(names, ", "))
}

// newHelp is cobra's command help, which refuses what is no command.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := cmd.Root().Find(args)
			if err == nil && len(rest) > 0 {
				err = noSuchCommand(found, rest)
			}
			if err != nil {
				return err
			}
			return found.Help()
		},
	}
}

// noSuchFlag adds to the error of a flag that does not exist the one that was
// probably meant.
func noSuchFlag(command *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	command.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if meant := suggest.Nearest(unknown.GetSpecifiedName(), names); meant != "" {
		return fmt.Errorf("unknown flag --%s; did you mean --%s?", unknown.GetSpecifiedName(), meant)
	}
	return fmt.Errorf("unknown flag --%s", unknown.GetSpecifiedName())
}

// oneOf refuses the value of a flag that is none of its words.
func oneOf(flag, value string, words ...string) error {
	switch {
	case slices.Contains(words, value):
		return nil
	case len(words) == 2:
		return fmt.Errorf("%s %q is not known: write %s or %s", flag, value, words[0], words[1])
	default:
		return fmt.Errorf("%s %q is not known: write one of %s%s", flag, value, strings.Join(words, ", "), suggest.DidYouMean(value, words))
	}
}

// complete offers the words that a flag takes to the shell.
func complete(command *cobra.Command, flag string, words ...string) {
	_ = command.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
}
