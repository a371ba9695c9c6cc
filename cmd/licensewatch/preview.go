package main

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/notify"
	"licensewatch/rules"
)

// preview is what the command line says about a preview.
type preview struct {
	to       string
	site     string
	language string
	mode     string
	rules    string
	mention  []string
	at       string
	folder   folderFlags
}

func newPreview(c console) *cobra.Command {
	p := &preview{}
	command := &cobra.Command{
		Use:   "preview FILE|DIR",
		Short: "Show the message that a snapshot would give",
		Long: `preview judges a snapshot file by the rules and shows the message that a run
without memory would send about it: in the terminal, as the very JSON that would be
posted to a chat, or on a page of HTML that shows chats. Nothing is posted
and no account is needed. FILE is what capture writes, or an answer of the API as
the API Explorer or tccli prints it; - is standard input.

DIR is what capture --fleet writes: then each channel of the accounts file
(LICENSEWATCH_ACCOUNTS_FILE or --accounts) is shown the one message that it would get.

Language, time zone, sources, mode, rules and mentions are those of the
LICENSEWATCH_ settings where the flags do not say otherwise. The message's time is
the snapshot's read_at, or now where it has none.`,
		Example: `  licensewatch preview account.json
  licensewatch preview account.json --to slack --mention here
  licensewatch preview account.json --to html --language zh > preview.html
  licensewatch preview account.json --rules rules.yaml --at 2026-12-24T09:00:00+08:00
  licensewatch capture | licensewatch preview -
  licensewatch preview snapshots --accounts accounts.yaml --account "pay-*"`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("which snapshot? Name one FILE, or - for standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("--to", p.to, renderTargets()...); err != nil {
				return err
			}
			if isDirectory(args[0]) {
				return p.runFolder(cmd.Context(), c, args[0])
			}
			if err := p.folder.refuse(); err != nil {
				return err
			}
			return p.run(c, cmd.InOrStdin(), args[0])
		},
	}
	p.addFlags(command)
	return command
}

// renderTargets are the values of --to.
func renderTargets() []string {
	return slices.Concat([]string{"terminal"}, chatNames(), []string{"html"})
}

func (p *preview) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&p.to, "to", "terminal", suggest.List(renderTargets(), "or"))
	flags.StringVar(&p.site, "site", "", "cn or intl (default: the snapshot's)")
	flags.StringVar(&p.language, "language", "", "en or zh (default: LICENSEWATCH_LANGUAGE, else by the site)")
	flags.StringVar(&p.mode, "mode", "", "digest or alert (default: LICENSEWATCH_MODE)")
	flags.StringVar(&p.rules, "rules", "", "the rules `FILE` (default: LICENSEWATCH_RULES_FILE, else the built-in rules)")
	flags.StringSliceVar(&p.mention, "mention", nil,
		"who is called when it is critical, comma separated: as in LICENSEWATCH_SLACK_MENTION with --to slack")
	flags.StringVar(&p.at, "at", "", "the message's `TIME`, as 2026-12-24T09:00:00+08:00 (default: the snapshot's read_at)")
	p.folder.addTo(command)
	for flag, words := range map[string][]string{"to": renderTargets(), "site": {"cn", "intl"},
		"language": {"en", "zh"}, "mode": {"digest", "alert"}} {
		completeFlag(command, flag, words...)
	}
}

func (p *preview) run(c console, in io.Reader, name string) error {
	s, err := readSnapshot(in, name)
	if err != nil {
		return err
	}
	if kind := notify.KindOf(p.to); len(p.mention) > 0 && (kind == nil || kind.MentionSetting == "") {
		return errors.New("--mention goes with --to and a chat, such as slack: each calls people by names of its own")
	}
	settings, err := settingsFor(s.Site, p.settingFlags())
	if err != nil {
		return err
	}
	set, err := loadRules(settings)
	if err != nil {
		return err
	}
	s.Site = settings.Site
	now, err := p.messageTime(c, s)
	if err != nil {
		return err
	}
	report, why := decideWithoutMemory(s, set, settings, now.In(settings.Zone))
	if report == nil {
		writeStyled(c.err, "No message: %s.\n", why)
		return nil
	}
	return p.printReport(c, *report, settings)
}

// settingFlags are the flags by the settings they stand for.
func (p *preview) settingFlags() map[string]settingFlag {
	mention := strings.Join(p.mention, ",")
	flags := map[string]settingFlag{
		"LICENSEWATCH_SITE":       {"--site", p.site},
		"LICENSEWATCH_LANGUAGE":   {"--language", p.language},
		"LICENSEWATCH_MODE":       {"--mode", p.mode},
		"LICENSEWATCH_RULES_FILE": {"--rules", p.rules},
	}
	if kind := notify.KindOf(p.to); kind != nil && kind.MentionSetting != "" {
		flags[kind.MentionSetting] = settingFlag{"--mention", mention}
	}
	return flags
}

// messageTime is when the message is written.
func (p *preview) messageTime(c console, s license.Snapshot) (time.Time, error) {
	switch {
	case p.at != "":
		return parseTime("--at", p.at)
	case s.ReadAt.IsZero():
		return c.now(), nil
	default:
		return s.ReadAt, nil
	}
}

// decideWithoutMemory is what a run without memory says about a snapshot; no report, and the
// reason, where it says nothing.
func decideWithoutMemory(s license.Snapshot, set *rules.Set, settings config.Config,
	now time.Time) (*license.Report, string) {
	s = keepSources(s, settings.Sources)
	id, _ := handler.ScheduledRun("", "preview", now)
	decided := handler.Decision{
		ID:       id,
		Now:      now,
		Mode:     settings.Mode,
		Language: settings.Language,
		Machines: settings.Machines,
		Snapshot: s,
		Rules:    set,
		Findings: set.Evaluate(s, now, settings.Language),
		Export:   license.Export{Status: license.ExportOff},
	}.Decide(nil)
	if len(decided.Messages) == 0 {
		return nil, decided.Reason
	}
	return &decided.Messages[0].Report, decided.Reason
}
