package main

import (
	"context"
	"fmt"
	"io"
	"sync"
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

// progressDelay is how long something may take before it is said what it is.
const progressDelay = time.Second

// progress says on standard error what a command is doing, once that has taken
// longer than a moment.
type progress struct {
	out   io.Writer
	mutex sync.Mutex
	doing string
	began time.Time
	timer *time.Timer
}

// startProgress starts a step that may take its time: "reading the orders". Call done at
// the end.
func (c console) startProgress(format string, args ...any) *progress {
	p := &progress{out: c.err, doing: fmt.Sprintf(format, args...), began: time.Now()}
	p.timer = time.AfterFunc(progressDelay, p.showLater)
	return p
}

// step says what is done now.
func (p *progress) step(format string, args ...any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.doing = fmt.Sprintf(format, args...)
	p.timer.Reset(progressDelay)
}

// show is step that is said at once, where it has taken longer than a moment already.
func (p *progress) show(format string, args ...any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if time.Since(p.began) >= progressDelay && p.doing != "" {
		writeStyled(p.out, "… %s\n", fmt.Sprintf(format, args...))
	}
}

func (p *progress) showLater() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.doing != "" {
		writeStyled(p.out, "… %s\n", p.doing)
	}
}

// done ends it; nothing is written after it.
func (p *progress) done() {
	p.timer.Stop()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.doing = ""
}
