package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/handler"
)

func newCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check the settings of the environment and the rules, without the network",
		Long: `check reads the LICENSEWATCH_ variables of the environment and the rules file they
name, and lists every mistake with what to write instead. It calls nobody. It exits
with 1 when it found a mistake.`,
		Example: `  set -a; . ./.env; set +a; licensewatch check`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return check(cmd.OutOrStdout()) },
	}
}

func check(out io.Writer) error {
	s := styleFor(out)
	settings, err := config.Load()
	mistakes := handler.Mistakes(err)
	set, err := handler.LoadRules(settings.RulesFile)
	mistakes = append(mistakes, handler.Mistakes(err)...)
	mistakes = append(mistakes, strayNames(settings)...)
	if len(mistakes) > 0 {
		for _, mistake := range mistakes {
			say(out, "%s %s\n", s.paint(ansiRed, "✗"), mistake)
		}
		return &foundError{text: counted(len(mistakes), "mistake") + " to correct"}
	}
	say(out, "%s settings: %s\n", s.paint(ansiGreen, "✓"), describe(settings))
	say(out, "%s rules: %s\n", s.paint(ansiGreen, "✓"), counted(set.Len(), "rule")+" from "+rulesName(settings))
	for _, warning := range settings.Warnings {
		say(out, "%s %s\n", s.paint(ansiYellow, "!"), warning)
	}
	if keys, err := config.LoadCredentials(); err != nil {
		say(out, "%s keys: %v\n", s.paint(ansiYellow, "!"), err)
	} else {
		say(out, "%s keys: from %s\n", s.paint(ansiGreen, "✓"), keys.Source)
	}
	return nil
}

// strayNames are mistakes that a run only warns about.
func strayNames(settings config.Config) []string {
	var lines []string
	for _, unknown := range settings.Unknown {
		line := unknown.Name + ": a setting of this name does not exist"
		if unknown.Meant != "" {
			line += "; did you mean " + unknown.Meant + "?"
		}
		lines = append(lines, line)
	}
	for _, name := range settings.Empty {
		lines = append(lines, name+": is set to nothing, which the platform refuses; give it a value or remove it")
	}
	return lines
}

// describe says in one line what the settings amount to, without their secrets.
func describe(c config.Config) string {
	parts := []string{
		counted(len(c.SlackWebhookURLs), "Slack webhook"),
		counted(len(c.WeComWebhookURLs), "WeCom robot"),
		"site " + string(c.Site),
		"language " + string(c.Language),
		"zone " + c.Zone.String(),
		"mode " + string(c.Mode),
		"export " + string(c.Export),
	}
	return strings.Join(parts, ", ")
}

func rulesName(c config.Config) string {
	if c.RulesFile == "" {
		return "the built-in set"
	}
	return c.RulesFile
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
