package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/sendtest"
	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/notify"
	"licensewatch/tencent"
)

// sendTest is what the command line says about a test message.
type sendTest struct {
	to      string
	mention bool
	output  output
}

func newSendTest(c console) *cobra.Command {
	s := sendTest{}
	command := &cobra.Command{
		Use:   "send-test",
		Short: "Send a test message to the chats",
		Long: `send-test posts one message to every webhook of the settings: "This is a test of
licensewatch; nothing is wrong.", in the configured language, by the same code and
with the same retries as the function. It says for each whether it was accepted, and
what to do where it was not. Nobody is called unless --mention asks for that. No
cloud account is needed. It exits with 1 when a webhook did not accept the message.

With an accounts file it posts to the channels of the file, each in its language; --to
names some of them.`,
		Example: `  export LICENSEWATCH_SLACK_WEBHOOK_URL='https://hooks.slack.com/services/…'
  licensewatch send-test
  licensewatch send-test --to wecom --mention
  licensewatch send-test --to pay-oncall`,
		Args: noArgsBut("to", chatNames()...),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if usesAccounts() {
				return s.runFleet(cmd.Context(), c)
			}
			chats, err := s.chosenChats()
			if err != nil {
				return err
			}
			return s.run(cmd.Context(), c, chats)
		},
	}
	flags := command.Flags()
	flags.StringVar(&s.to, "to", "", suggest.List(chatNames(), "or")+
		"; with an accounts file a channel's `NAME`, or several with commas (default: every one that is set)")
	flags.BoolVar(&s.mention, "mention", false, "also call those who are configured to be called")
	_ = command.RegisterFlagCompletionFunc("to", completeChannels) // fails only for a flag that is not there
	s.output.addTo(command)
	return command
}

func (s sendTest) chosenChats() ([]string, error) {
	if s.to == "" {
		return chatNames(), nil
	}
	return []string{s.to}, oneOf("--to", s.to, chatNames()...)
}

// sendTestReport is what --output json prints.
type sendTestReport struct {
	OK       bool               `json:"ok"`
	Channels []sendtest.Verdict `json:"channels"`
	Mistakes []string           `json:"mistakes"` // in the settings of the chats, or the accounts file
	Warnings []string           `json:"warnings"` // in other settings, and what has no effect
}

func (s sendTest) run(ctx context.Context, c console, chats []string) error {
	settings, err := config.LoadWithoutChannels(config.ProcessEnvironment)
	report := sendTestReport{Channels: []sendtest.Verdict{}, Mistakes: []string{}, Warnings: []string{}}
	report.sortMistakes(err, settings, chats)
	if s.mention {
		report.Warnings = append(report.Warnings, nobodyToCall(settings, chats)...)
	}
	isAsked := func(channel config.Channel) bool { return slices.Contains(chats, channel.Kind.Name) }
	if !slices.ContainsFunc(settings.Channels, isAsked) && len(report.Mistakes) == 0 {
		report.Mistakes = append(report.Mistakes, notSet(chats))
	}
	progress := c.startProgress("posting the test message")
	transport := tencent.NewTransport()
	defer transport.CloseIdleConnections()
	report.Channels = append(report.Channels, sendtest.Send(ctx, sendtest.Options{
		Settings: settings, Chats: chats, Mention: s.mention, Now: c.now(), Transport: transport, Sleep: c.sleep,
	})...)
	progress.done()
	return s.finish(ctx, c, report)
}

// finish prints the report, and says how it ended.
func (s sendTest) finish(ctx context.Context, c console, report sendTestReport) error {
	report.OK = report.count(sendtest.Accepted) == len(report.Channels) && len(report.Mistakes) == 0
	if !s.output.isJSON() {
		report.print(c)
	} else if err := c.printJSON(report); err != nil {
		return err
	}
	if err := interruptedError(ctx); err != nil {
		return err
	}
	return report.exitError()
}

// count counts the webhooks by what became of the message.
func (r *sendTestReport) count(status sendtest.Status) int {
	n := 0
	for _, v := range r.Channels {
		if v.Status == status {
			n++
		}
	}
	return n
}

// exitError is what the command ends with.
func (r *sendTestReport) exitError() error {
	const unconfirmed = " did not confirm the message, which may have arrived"
	refused, unknown, all := r.count(sendtest.Refused), r.count(sendtest.Unknown), len(r.Channels)
	switch {
	case all == 1 && refused > 0:
		return &exitError{text: "the webhook did not accept the message"}
	case all == 1 && unknown > 0:
		return &exitError{text: "the webhook" + unconfirmed}
	case refused > 0 && unknown > 0:
		return &exitError{text: fmt.Sprintf("%d of %s did not accept the message, %d did not confirm it", refused,
			countOf(all, "webhook"), unknown)}
	case refused > 0:
		return &exitError{text: fmt.Sprintf("%d of %s did not accept the message", refused, countOf(all, "webhook"))}
	case unknown > 0:
		return &exitError{text: fmt.Sprintf("%d of %s", unknown, countOf(all, "webhook")) + unconfirmed}
	case len(r.Mistakes) > 0:
		return &exitError{text: countOf(len(r.Mistakes), "mistake") + " to correct in the settings"}
	default:
		return nil
	}
}

// sortMistakes parts the mistakes in the settings of these chats from those that do not
// matter here.
func (r *sendTestReport) sortMistakes(err error, settings config.Config, chats []string) {
	if wrong, ok := errors.AsType[*config.Errors](err); ok {
		for _, mistake := range wrong.Mistakes {
			if kind := kindOfSetting(mistake.Setting); kind != nil && slices.Contains(chats, kind.Name) {
				r.Mistakes = append(r.Mistakes, mistake.String())
			} else {
				r.Warnings = append(r.Warnings, mistake.String())
			}
		}
	}
	r.Warnings = append(r.Warnings, unknownSettingLines(settings)...)
	for _, warning := range settings.Warnings {
		if !isAboutOther(warning, chats) {
			r.Warnings = append(r.Warnings, warning)
		}
	}
}

// isAboutOther says whether a line that begins with a setting is about a chat that
// is not asked for.
func isAboutOther(line string, chats []string) bool {
	setting, _, _ := strings.Cut(line, ":")
	kind := kindOfSetting(setting)
	return kind != nil && !slices.Contains(chats, kind.Name)
}

// kindOfSetting is the kind of chat that a setting is about; nil when it is about
// none.
func kindOfSetting(setting string) *notify.ChannelKind {
	for _, kind := range notify.ChannelKinds() {
		if setting == kind.WebhookSetting || setting == kind.MentionSetting {
			return kind
		}
	}
	return nil
}

// notSet says which settings make a channel.
func notSet(chats []string) string {
	var settings []string
	for _, chat := range chats {
		kind := notify.KindOf(chat)
		settings = append(settings, kind.WebhookSetting+" ("+kind.Example+")")
	}
	return "no webhook is set: set " + suggest.List(settings, "or")
}

// nobodyToCall says where --mention has no effect.
func nobodyToCall(settings config.Config, chats []string) []string {
	var lines []string
	for _, chat := range chats {
		kind := notify.KindOf(chat)
		if kind.MentionSetting != "" && len(settings.Mentions[chat]) == 0 && len(webhooksOf(settings, kind)) > 0 {
			lines = append(lines, "--mention has no effect for "+kind.Title(license.English)+": "+kind.MentionSetting+
				" is not set")
		}
	}
	return lines
}

func (r *sendTestReport) print(c console) {
	lines := newCheckList(c.out)
	for _, warning := range r.Warnings {
		lines.warn(warning)
	}
	for _, mistake := range r.Mistakes {
		lines.bad(mistake)
	}
	for _, v := range r.Channels {
		line := withFix(v.Channel+": "+v.Text, v.Fix)
		switch v.Status {
		case sendtest.Accepted:
			lines.good(line)
		case sendtest.Unknown:
			lines.warn(line)
		case sendtest.Refused:
			lines.bad(line)
		}
	}
}
