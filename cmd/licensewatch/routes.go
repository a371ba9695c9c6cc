package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/routing"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/setup"
)

// routes is what the command line asks about routes.
type routes struct {
	accounts string
	only     accountFlag
	test     string
	output   output
}

func newRoutes(c console) *cobra.Command {
	r := &routes{}
	command := &cobra.Command{
		Use:   "routes",
		Short: "Show who hears of what, for every account and rule",
		Long: `routes reads an accounts file (` + setup.AccountsSetting + `, or --accounts FILE) and the
rules, and shows which channels hear of what: for every account, rule and severity,
grouped where it is equal. No variable that the file names need be set, nothing is
called and nobody is told.

--test checks it: a file lists who has to hear of what, or must not,

  - {account: Singapore, rule: "tcss-*", severity: critical, want: [security]}
  - {account: "pay-*", tags: {owner: sea}, want: [pay-oncall], not: [security]}

and where somebody would not hear, it says who would instead, and by which route. It
exits with 1 when a test fails, or when the file has mistakes.`,
		Example: `  licensewatch routes --accounts accounts.yaml
  licensewatch routes --account 'pay-*'
  licensewatch routes --test routes.test.yaml`,
		Args: noArgsBut("accounts"),
		RunE: func(cmd *cobra.Command, _ []string) error { return r.run(cmd.Context(), c) },
	}
	flags := command.Flags()
	flags.StringVar(&r.accounts, "accounts", "", "read this accounts `FILE`, in the place of "+setup.AccountsSetting)
	r.only.addTo(command)
	flags.StringVar(&r.test, "test", "", "check what this `FILE` expects")
	_ = command.MarkFlagFilename("accounts", "yml", "yaml") // fails only for a flag that is not there
	_ = command.MarkFlagFilename("test", "yml", "yaml")
	r.output.addTo(command)
	return command
}

func (r *routes) run(ctx context.Context, c console) error {
	settings, set, descriptions, err := loadAll()
	if err != nil {
		return err
	}
	rules := routing.RulesOf(descriptions)
	file, accounts, err := r.load(ctx, settings)
	if err != nil {
		return err
	}
	if r.test != "" {
		return r.runTests(c, file, accounts, rules)
	}
	table := routing.NewTable(file.fleet, accounts, rules)
	if r.output.isJSON() {
		if err := c.printJSON(table); err != nil {
			return err
		}
	} else {
		routesPrinter{console: c, style: styleFor(c.out), all: len(accounts)}.printTable(table)
		for _, warning := range append(slices.Clone(file.fleet.Warnings), file.fleet.UnknownRules(set.IDs())...) {
			writeStyled(c.err, "! %s\n", warning)
		}
	}
	return leftOutError(file.fleet)
}

// load loads the accounts file, and those of its accounts that are asked about.
func (r *routes) load(ctx context.Context, settings config.Config) (accountsFile, []fleet.Account, error) {
	file, err := loadAccounts(ctx, settings, r.accounts, nil)
	if err != nil {
		return file, nil, err
	}
	accounts, err := r.only.choose(file.fleet.Accounts, file.name)
	return file, accounts, err
}

// routesReport is what --test prints as JSON.
type routesReport struct {
	Passed   int              `json:"passed"`
	Failed   int              `json:"failed"`
	Mistakes []checkFinding   `json:"mistakes"` // of the file of tests, of which then none is run
	Tests    []routing.Result `json:"tests"`
}

// runTests checks what a file expects.
func (r *routes) runTests(c console, file accountsFile, accounts []fleet.Account, rules []routing.Rule) error {
	data, err := readFile(r.test)
	if err != nil {
		return fmt.Errorf("--test: %w", err)
	}
	suite, mistakes := routing.LoadSuite(r.test, data, file.fleet, accounts, rules)
	report := routesReport{Mistakes: []checkFinding{}, Tests: []routing.Result{}}
	for _, m := range mistakes {
		report.Mistakes = append(report.Mistakes, checkFinding{m.File, m.Line, m.Column, "", m.Text})
	}
	if len(mistakes) == 0 {
		report.Tests = suite.Run(file.fleet, accounts, rules)
	}
	for _, test := range report.Tests {
		if test.Passed {
			report.Passed++
		} else {
			report.Failed++
		}
	}
	if r.output.isJSON() {
		if err := c.printJSON(report); err != nil {
			return err
		}
	} else {
		routesPrinter{console: c, style: styleFor(c.out), all: len(accounts)}.printTests(r.test, report)
	}
	switch {
	case len(mistakes) > 0:
		return &exitError{text: countOf(len(mistakes), "mistake") + " in " + r.test + ", of which no test was run"}
	case report.Failed > 0:
		return &exitError{text: fmt.Sprintf("%d of %s failed", report.Failed, countOf(len(report.Tests), "test"))}
	}
	return leftOutError(file.fleet)
}
