package main

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/terminal"
)

// console is the outside of a command line: where it writes, its clock and how it waits.
type console struct {
	out io.Writer // results
	err io.Writer // errors, progress and logs
	now func() time.Time
	// sleep waits between two tries; nil waits in real time.
	sleep func(context.Context, time.Duration) error
}

// print writes a result for a person.
func (c console) print(format string, args ...any) { writeStyled(c.out, format, args...) }

// printJSON writes a result for a program: one document, indented.
func (c console) printJSON(v any) error { return terminal.JSON(c.out, v) }

// printJSONText writes a JSON text that is there already.
func (c console) printJSONText(text []byte) error {
	_, err := c.out.Write(terminal.Escaped(text))
	return err
}

// writeStyled writes for a person. Its arguments may come from anywhere.
func writeStyled(w io.Writer, format string, args ...any) { terminal.Printf(w, format, args...) }

// output is the choice of --output.
type output struct{ format string }

// addTo gives a command the flag.
func (o *output) addTo(command *cobra.Command) {
	command.Flags().StringVarP(&o.format, "output", "o", "text", "text for people or json for programs")
	completeFlag(command, "output", "text", "json")
	before := command.PreRunE
	command.PreRunE = func(cmd *cobra.Command, args []string) error {
		if err := oneOf("--output", o.format, "text", "json"); err != nil {
			return err
		}
		if before != nil {
			return before(cmd, args)
		}
		return nil
	}
}

func (o *output) isJSON() bool { return o.format == "json" }
