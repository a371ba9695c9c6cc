package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/sendtest"
	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/setup"
	"licensewatch/tencent"
)

// runFleet posts to the channels of the accounts file.
func (s sendTest) runFleet(ctx context.Context, c console) error {
	f, mistakes := openMistakenFleet(ctx, config.ProcessEnvironment())
	wanted, err := chosenChannels(f, s.to)
	if err != nil && len(mistakes) == 0 {
		return err
	}
	report := sendTestReport{Channels: []sendtest.Verdict{}, Mistakes: append([]string{}, mistakes...),
		Warnings: []string{}}
	for _, p := range f.fleet.Warnings {
		report.Warnings = append(report.Warnings, p.String())
	}
	o := sendtest.Options{Settings: f.settings, Chats: chatNames(), Mention: s.mention, Now: c.now(), Sleep: c.sleep,
		Languages: map[string]license.Language{}, Variables: map[string]string{}}
	o.Settings.Channels = slices.DeleteFunc(slices.Clone(f.settings.Channels),
		func(channel config.Channel) bool { return !slices.Contains(wanted, channel.Name) })
	for _, channel := range f.fleet.Channels {
		o.Languages[channel.Name], o.Variables[channel.Name] = channel.Language, channel.Variable
		if s.mention && len(channel.Mention) == 0 && slices.Contains(wanted, channel.Name) {
			report.Warnings = append(report.Warnings, "--mention has no effect for "+channel.Name+
				": it has no mention: in the accounts file")
		}
	}
	progress := c.startProgress("posting the test message")
	transport := tencent.NewTransport()
	defer transport.CloseIdleConnections()
	o.Transport = transport
	report.Channels = append(report.Channels, sendtest.Send(ctx, o)...)
	progress.done()
	return s.finish(ctx, c, report)
}

// chosenChannels are the names that --to gives; all without it.
func chosenChannels(f *watchedFleet, to string) ([]string, error) {
	var all []string
	for _, channel := range f.fleet.Channels {
		all = append(all, channel.Name)
	}
	if to == "" {
		return all, nil
	}
	var wanted []string
	for name := range strings.SplitSeq(to, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(all, name) {
			hint := suggest.DidYouMean(name, all)
			if hint == "" {
				hint = "; there are " + namesOf(all, causeNames)
			}
			return nil, fmt.Errorf("--to %q is no channel of %s%s", name, setup.AccountsName(f.name), hint)
		}
		wanted = append(wanted, name)
	}
	return wanted, nil
}

// completeChannels completes the kinds of chats, or the channels of the accounts file.
func completeChannels(command *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	names := chatNames()
	if usesAccounts() {
		ctx, cancel := context.WithTimeout(command.Context(), completionTime)
		defer cancel()
		f, err := openFleet(ctx, nil)
		if err != nil {
			return nil, none
		}
		names, _ = chosenChannels(f, "")
	}
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, begun) }), none
}
