package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"licensewatch/internal/suggest"
)

// noArgs is cobra.NoArgs in words that fit a command: what was typed is no
// command of it.
func noArgs(command *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes nothing but flags: leave %q out", command.Name(), args[0])
}

// noArgsBut is noArgs of a command that takes such a word behind a flag: one of
// the words, or without any the name of a file.
func noArgsBut(flag string, words ...string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		err := noArgs(command, args)
		if err != nil && (slices.Contains(words, args[0]) || len(words) == 0 && fileExists(args[0])) {
			return fmt.Errorf("%w, or write --%s %s", err, flag, args[0])
		}
		return err
	}
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
	return fmt.Errorf("unknown command %q: write %s", args[0], suggest.List(names, "or"))
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

// refuseOtherShells lets cobra's command completion refuse a shell that it does
// not know, instead of showing its help as if all were well. That command writes
// to what root.SetOut was given before.
func refuseOtherShells(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, command := range root.Commands() {
		if command.Name() == "completion" {
			command.Args = noSuchCommand
			command.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}

// refuseNothing refuses a flag or an argument that is given as an empty text: the
// variable of a script was not set, and the command would do something else.
func refuseNothing(command *cobra.Command, args []string) error {
	if command.DisableFlagParsing { // the shell asks what an empty word may become
		return nil
	}
	var err error
	command.Flags().Visit(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && f.Value.String() == "" && err == nil {
			err = fmt.Errorf("--%s is given, but empty: write its value behind it, or leave it out", f.Name)
		}
	})
	if slices.Contains(args, "") {
		err = errors.New("an argument is empty: write what it should be, or leave it out")
	}
	return err
}

// flagError puts an error of the flags into the words of the other messages, and
// adds to one that does not exist the one that was probably meant.
func flagError(command *cobra.Command, err error) error {
	unknown, isUnknown := errors.AsType[*pflag.NotExistError](err)
	lacking, isLacking := errors.AsType[*pflag.ValueRequiredError](err)
	value, isInvalid := errors.AsType[*pflag.InvalidValueError](err)
	switch {
	case isUnknown:
		return noSuchFlag(command, unknown)
	case isLacking:
		return fmt.Errorf("--%s needs a value behind it", lacking.GetFlag().Name)
	case isInvalid && value.GetFlag().Value.Type() == "int":
		return fmt.Errorf("--%s %q is no whole number", value.GetFlag().Name, value.GetValue())
	case isInvalid && value.GetFlag().Value.Type() == "bool":
		return fmt.Errorf("--%s takes no value: leave %q out", value.GetFlag().Name, value.GetValue())
	default:
		return err
	}
}

// noSuchFlag names the flag, or the command, that was probably meant.
func noSuchFlag(command *cobra.Command, unknown *pflag.NotExistError) error {
	name, typed := unknown.GetSpecifiedName(), "--"+unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		name, typed = letters, "-"+letters
	}
	var names []string
	command.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if meant := suggest.Nearest(name, names); meant != "" {
		return fmt.Errorf("unknown flag %s; did you mean --%s?", typed, meant)
	}
	for _, below := range command.Commands() {
		if below.Name() == name {
			return fmt.Errorf("unknown flag %s; did you mean %s?", typed, below.CommandPath())
		}
	}
	return fmt.Errorf("unknown flag %s", typed)
}

// oneOf refuses the value of a flag that is none of its words.
func oneOf(flag, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	text := flag + " " + strconv.Quote(value) + " is not known: write " + suggest.List(words, "or")
	if len(words) > 2 {
		text += suggest.DidYouMean(value, words)
	}
	return errors.New(text)
}

// completeFlag offers the words that a flag takes to the shell.
func completeFlag(command *cobra.Command, flag string, words ...string) {
	// fails only for a flag that is not there
	_ = command.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}
