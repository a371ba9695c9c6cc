package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/handler"
)

func newCheck(c console) *cobra.Command {
	var offline bool
	command := &cobra.Command{
		Use:   "check",
		Short: "Check the settings of the environment, the rules and the store",
		Long: `check reads the LICENSEWATCH_ variables of the environment and the rules file they
name, and lists every mistake with what to write instead. Where a store is set, it
writes, reads and removes a small object there, to see that a memory would work;
--offline leaves that out. Nothing is posted. It exits with 1 when it found a
mistake.`,
		Example: `  set -a; . ./.env; set +a; licensewatch check
  licensewatch check --offline`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return check(cmd.Context(), c.out, offline) },
	}
	command.Flags().BoolVar(&offline, "offline", false, "do not try the store")
	return command
}

func check(ctx context.Context, out io.Writer, offline bool) error {
	c := checker{out: out, style: styleFor(out)}
	settings, err := config.Load()
	c.mistakes(handler.Mistakes(err))
	set, err := handler.LoadRules(settings.RulesFile)
	c.mistakes(handler.Mistakes(err))
	c.mistakes(strayNames(settings))
	if c.wrong == 0 {
		c.good("settings: %s", describe(settings))
	}
	if set != nil {
		c.good("rules: %s", counted(set.Len(), "rule")+" from "+rulesName(settings))
	}
	for _, warning := range settings.Warnings {
		c.warn("%s", warning)
	}
	if keys, err := config.LoadCredentials(); err != nil {
		c.warn("keys: %v", err)
	} else {
		c.good("keys: from %s", keys.Source)
	}
	c.store(ctx, settings.StateURL, offline)
	if c.wrong > 0 {
		return &foundError{text: counted(c.wrong, "mistake") + " to correct"}
	}
	return nil
}

// checker prints what is found, a line each.
type checker struct {
	out   io.Writer
	style style
	wrong int
}

func (c *checker) good(format string, args ...any) {
	say(c.out, c.style.paint(ansiGreen, "✓")+" "+format+"\n", args...)
}

func (c *checker) warn(format string, args ...any) {
	say(c.out, c.style.paint(ansiYellow, "!")+" "+format+"\n", args...)
}

func (c *checker) mistakes(lines []string) {
	for _, line := range lines {
		c.wrong++
		say(c.out, "%s %s\n", c.style.paint(ansiRed, "✗"), line)
	}
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
