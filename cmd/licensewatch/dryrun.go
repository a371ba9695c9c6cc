package main

import (
	"bytes"
	"context"
	"io"

	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
)

// checkDryRun says which accounts --account should have named. Members of an organization are
// only known once the run lists them.
func checkDryRun(ctx context.Context, only accountFlag) error {
	if len(only.patterns) == 0 {
		return nil
	}
	f, mistakes := openMistakenFleet(ctx, nil)
	if len(mistakes) > 0 || f.fleet.Organization != nil { // which the run tells
		return nil
	}
	_, err := only.choose(f.accounts, f.name)
	return err
}

// dryRunChannels are the channels of a dry run. Those of an accounts file are told side by side,
// and printed in the file's order.
type dryRunChannels struct {
	out      io.Writer
	style    style
	channels []*dryRunChannel
}

// add makes the channel of a name; an empty one is the only one.
func (d *dryRunChannels) add(name string) handler.Channel {
	c := &dryRunChannel{name: name, color: d.style.on}
	d.channels = append(d.channels, c)
	return c
}

// print prints what the channels were told.
func (d *dryRunChannels) print() {
	for _, c := range d.channels {
		if c.name != "" {
			writeStyled(d.out, "%s\n\n", d.style.titleLine(c.name))
		}
		if c.text.Len() == 0 && c.name != "" {
			writeStyled(d.out, "Nothing is said here.\n")
		}
		_, _ = c.text.WriteTo(d.out) // what cannot be written is told at the end
		if c.name != "" {
			writeStyled(d.out, "\n")
		}
	}
}

// dryRunChannel is one of them.
type dryRunChannel struct {
	name  string
	text  bytes.Buffer
	color bool
}

func (c *dryRunChannel) Name() string {
	if c.name == "" {
		return "terminal"
	}
	return c.name
}

func (c *dryRunChannel) Send(ctx context.Context, r license.Report) (notify.Receipt, error) {
	if err := ctx.Err(); err != nil { // as a chat: what is said after Ctrl-C is no report
		return notify.Receipt{}, err
	}
	return notify.Receipt{}, message.Terminal(&c.text, r, c.color)
}

func (c *dryRunChannel) Note(_ context.Context, n license.Note) error {
	writeStyled(&c.text, "%s\n", n.Title)
	for _, line := range n.Lines {
		writeStyled(&c.text, "%s\n", line)
	}
	return nil
}

var _ handler.Channel = (*dryRunChannel)(nil)
