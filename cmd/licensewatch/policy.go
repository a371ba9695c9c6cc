package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/campolicy"
	"licensewatch/config"
	"licensewatch/internal/smallfile"
	"licensewatch/internal/suggest"
)

// policy is what the command line says about policies.
type policy struct {
	trust     bool
	check     string
	fleet     bool
	accounts  string
	terraform bool
	scatter   string
	output    output
}

func newPolicy(c console) *cobra.Command {
	p := policy{}
	command := &cobra.Command{
		Use:   "policy",
		Short: "Print or check the CAM policy that the settings need",
		Long: `policy prints the least-privilege CAM policy for what the settings of the
environment switch on: the sources, the export, a store and an archive in COS. Paste
it into the CAM console (Policies, Create custom policy, Create by policy syntax) and attach it
to the function's execution role. --trust prints the role's trust policy instead.

--check compares a policy file (- for standard input) with what is needed: what is
missing, denied or allowed on the wrong resource is a mistake, what is allowed and
not needed a warning. It exits with 1 when it found a mistake. Nothing is called.

--fleet prints what the accounts of an accounts file need (LICENSEWATCH_ACCOUNTS_FILE, or
--accounts FILE): the function's policy with the very roles that it assumes, and the
role, its policy and its trust policy that each account needs; --terraform prints the
same as resources.`,
		Example: `  licensewatch policy > cam-policy.json
  licensewatch policy --trust > trust-policy.json
  licensewatch policy --check cam-policy.json
  licensewatch policy --fleet --accounts accounts.yaml`,
		Args: noArgsBut("check"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case p.fleet:
				return p.printFleet(cmd.Context(), c)
			case p.accounts != "" || p.terraform || p.scatter != "":
				return errors.New("--accounts, --terraform and --scatter go with --fleet: add it, or leave them out")
			case cmd.Flags().Changed("check"):
				return p.checkFile(c, cmd.InOrStdin())
			default:
				return p.print(c)
			}
		},
	}
	flags := command.Flags()
	flags.BoolVar(&p.trust, "trust", false, "the trust policy of the execution role")
	flags.StringVar(&p.check, "check", "", "compare this policy `FILE`, or - for standard input, with what is needed")
	flags.BoolVar(&p.fleet, "fleet", false, "what the accounts of an accounts file need")
	flags.StringVar(&p.accounts, "accounts", "",
		"read this accounts `FILE`, in the place of LICENSEWATCH_ACCOUNTS_FILE")
	flags.BoolVar(&p.terraform, "terraform", false, "with --fleet: as resources of Terraform")
	flags.StringVar(&p.scatter, "scatter", "", "with --fleet: the function scatters its runs; name it as `REGION/FUNCTION`, or REGION/NAMESPACE/FUNCTION")
	_ = command.MarkFlagFilename("accounts", "yml", "yaml") // fails only for a flag that is not there
	p.output.addTo(command)
	return command
}

// policyDocument is what --output json prints.
type policyDocument struct {
	Policy any              `json:"policy"`
	Needs  []campolicy.Need `json:"needs"` // what it is for; empty for a trust policy
}

func (p policy) print(c console) error {
	document := policyDocument{Policy: campolicy.Trust(), Needs: []campolicy.Need{}}
	if !p.trust {
		settings, needs, err := neededActions(c)
		if err != nil {
			return err
		}
		if p.output.isJSON() {
			document.Needs = needs
		} else {
			writeStyled(c.err, "For %s.\n", policyPurpose(settings))
		}
		document.Policy = campolicy.For(needs)
	}
	if p.output.isJSON() {
		return c.printJSON(document)
	}
	text, err := campolicy.Text(document.Policy)
	if err != nil {
		return err
	}
	return c.printJSONText([]byte(text))
}

// policyPurpose says what a policy is for.
func policyPurpose(settings config.Config) string {
	var sources []string
	for _, source := range settings.Sources {
		sources = append(sources, string(source))
	}
	inCOS := func(url, what string) string {
		if strings.HasPrefix(url, "cos://") {
			return what + " in COS"
		}
		return "no " + strings.TrimPrefix(strings.TrimPrefix(what, "an "), "a ") + " in COS"
	}
	rest := []string{"the export " + string(settings.Export), inCOS(settings.StateURL, "a store")}
	if settings.ArchiveURL != "" {
		rest = append(rest, inCOS(settings.ArchiveURL, "an archive"))
	}
	return "the sources " + strings.Join(sources, ", ") + "; " + suggest.List(rest, "and") +
		", as the settings of the environment have it"
}

// neededActions is what the settings switch on. Only the settings that decide about it
// need be right; a misspelt name may be one of them.
func neededActions(c console) (config.Config, []campolicy.Need, error) {
	settings, err := config.LoadWithoutChannels(config.ProcessEnvironment)
	for _, line := range unknownSettingLines(settings) {
		writeStyled(c.err, "! %s\n", line)
	}
	if wrong, ok := errors.AsType[*config.Errors](err); ok {
		for _, mistake := range wrong.Mistakes {
			if slices.Contains([]string{"LICENSEWATCH_SOURCES", "LICENSEWATCH_EXPORT", "LICENSEWATCH_MACHINES",
				"LICENSEWATCH_STATE_URL", "LICENSEWATCH_ARCHIVE_URL"}, mistake.Setting) {
				return settings, nil, &exitError{text: mistake.String()}
			}
		}
	}
	needs, err := campolicy.Needs(settings)
	if err != nil {
		return settings, nil, &exitError{text: err.Error()}
	}
	return settings, needs, nil
}

// policyReport is what --check prints as JSON.
type policyReport struct {
	OK       bool                `json:"ok"`
	Findings []campolicy.Finding `json:"findings"`
	Missing  []string            `json:"missing"` // actions
	Excess   []string            `json:"excess"`  // actions and resources, as written
}

func (p policy) checkFile(c console, stdin io.Reader) error {
	data, err := readPolicy(p.check, stdin)
	if err != nil {
		return err
	}
	var needs []campolicy.Need
	var report campolicy.Report
	if p.trust {
		report = campolicy.CheckTrust(data)
	} else {
		var settings config.Config
		if settings, needs, err = neededActions(c); err != nil {
			return err
		}
		report = campolicy.Check(data, needs, campolicy.Off(settings))
	}
	if err := p.printReport(c, report, len(needs)); err != nil {
		return err
	}
	if n := report.Mistakes(); n > 0 {
		return &exitError{text: countOf(n, "mistake") + " to correct; licensewatch policy" + p.trustFlag() +
			" prints what is needed"}
	}
	return nil
}

func (p policy) trustFlag() string {
	if p.trust {
		return " --trust"
	}
	return ""
}

// readPolicy reads a file, or as much of it as shows that it is no policy.
func readPolicy(name string, stdin io.Reader) ([]byte, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = smallfile.ReadFrom(stdin, campolicy.MaxFile)
	} else {
		data, err = smallfile.Read(name, campolicy.MaxFile)
	}
	if err != nil {
		return nil, fmt.Errorf("--check: %w", unreadableFile(name, err))
	}
	return data, nil
}

func (p policy) printReport(c console, report campolicy.Report, needs int) error {
	if p.output.isJSON() {
		return c.printJSON(policyReport{
			OK:       report.Mistakes() == 0,
			Findings: append([]campolicy.Finding{}, report.Findings...),
			Missing:  append([]string{}, report.Missing...),
			Excess:   append([]string{}, report.Excess...),
		})
	}
	name := shownFile(p.check)
	lines := newCheckList(c.out)
	for _, f := range report.Findings {
		line := name + ":" + f.String()
		if f.Level == campolicy.Mistake {
			lines.bad(line)
		} else {
			lines.warn(line)
		}
	}
	switch {
	case lines.wrong > 0:
	case p.trust:
		lines.good(name + ": lets the platform run the function with this role")
	default:
		lines.good(name + ": allows everything that is needed (" + countOf(needs, "action") + ")")
	}
	return nil
}
