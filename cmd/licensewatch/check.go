package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/notify"
	"licensewatch/setup"
)

// check is what the command line says about a check.
type check struct {
	output
	rules        string
	accounts     string
	offline      bool
	env          string
	serverless   string
	noServerless bool
}

func newCheck(c console) *cobra.Command {
	o := check{}
	command := &cobra.Command{
		Use:   "check",
		Short: "Check settings, rules, serverless.yml and the store, before a deployment",
		Long: `check reads the LICENSEWATCH_ variables of the environment, the rules file they name
and ./serverless.yml where there is one, and lists every mistake with its place and
what to write instead. Where a store is set, it writes, reads and removes a small
object there, to see that a memory would work; --offline leaves that out. Nothing is
posted.

With --env the settings are read from a file of NAME='value' lines, and those of the
environment do not count. Values that serverless.yml takes from ${env:…} come from
there too.

With --rules it looks at a file of rules and at nothing else: no settings, no webhook
and no deployment are needed, so that it suits a CI. So does --accounts with an
accounts file; what the variables hold that it names is not looked at then.

It exits with 0 when the deployment may go ahead, warnings or not, and with 1 when it
found a mistake.`,
		Example: `  licensewatch check --env licensewatch.env
  licensewatch check --env licensewatch.env --offline --output json
  licensewatch check --rules rules.yaml
  licensewatch check --accounts accounts.yaml
  set -a; . ./licensewatch.env; set +a; licensewatch check --no-serverless`,
		Args: checkArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case cmd.Flags().Changed("accounts"):
				return o.onlyAccounts(cmd.Context(), c)
			case cmd.Flags().Changed("rules"):
				return o.onlyRules(c)
			}
			return o.run(cmd.Context(), c)
		},
	}
	flags := command.Flags()
	flags.BoolVar(&o.offline, "offline", false, "do not try the store")
	flags.StringVar(&o.rules, "rules", "", "check this `FILE` of rules, and nothing else")
	flags.StringVar(&o.accounts, "accounts", "", "check this accounts `FILE`, and nothing else")
	flags.StringVar(&o.env, "env", "", "read the settings from this `FILE`, not from the environment")
	flags.StringVar(&o.serverless, "serverless", "",
		"the `FILE` that describes the deployment (default: ./serverless.yml where there is one)")
	flags.BoolVar(&o.noServerless, "no-serverless", false, "check no serverless.yml")
	_ = command.MarkFlagFilename("serverless", "yml", "yaml") // fails only for a flag that is not there
	_ = command.MarkFlagFilename("rules", "yml", "yaml")
	_ = command.MarkFlagFilename("accounts", "yml", "yaml")
	o.addTo(command)
	return command
}

// checkArgs says behind which flag a file belongs that is named without one.
func checkArgs(command *cobra.Command, args []string) error {
	flag := "env"
	if len(args) > 0 && slices.Contains([]string{".yml", ".yaml"}, filepath.Ext(args[0])) {
		flag = "rules"
		if strings.Contains(filepath.Base(args[0]), "serverless") {
			flag = "serverless"
		}
	}
	return noArgsBut(flag)(command, args)
}

func (o check) run(ctx context.Context, c console) error {
	if o.serverless != "" && o.noServerless {
		return errors.New("--serverless and --no-serverless exclude each other: leave one of them out")
	}
	k := &checker{checkReport: newCheckReport(c), misnamed: map[string]deployment.EnvEntry{}}
	if o.env != "" {
		if err := k.readEnv(o.env); err != nil {
			return err
		}
	}
	if !o.noServerless {
		if err := k.readServerless(o.serverless); err != nil {
			return err
		}
	}
	settings := k.checkSettings(ctx, o.offline)
	k.checkRules(settings)
	k.checkRegion()
	k.checkDeployment(settings)
	k.checkKeys(settings)
	k.checkArchive(ctx, settings, o.offline)
	k.checkStore(ctx, settings, o.offline)
	return k.report(o.isJSON())
}

// checker checks settings and the deployment that they are in.
type checker struct {
	*checkReport

	misnamed   map[string]deployment.EnvEntry // by setting, what the file of settings has without the prefix
	deployment *deployment.Deployment         // nil: no serverless.yml was read
	file       string                         // its name
	envFile    string                         // the file that the settings were read from; empty: none
}

// checkSettings checks what the environment says, and the accounts file that it names.
func (c *checker) checkSettings(ctx context.Context, offline bool) config.Config {
	before := len(c.mistakes)
	settings, err := c.loadSettings(ctx, offline)
	c.addMistakes(err)
	for _, mistake := range unknownSettings(settings) {
		c.failSetting(mistake.Setting, mistake.Text)
	}
	for _, warning := range settings.Warnings {
		name, text, _ := strings.Cut(warning, ": ")
		c.warnings = append(c.warnings, c.settingFinding(name, text))
	}
	if len(c.mistakes) == before && len(c.told) == 0 {
		c.addFact("settings", "%s", describeSettings(settings))
	}
	return settings
}

// loadSettings loads the settings, and checks the accounts file that they name.
func (c *checker) loadSettings(ctx context.Context, offline bool) (config.Config, error) {
	read := func() map[string]string { return c.environment }
	if c.accountsFile() == "" {
		return config.Load(read)
	}
	settings, unused, err := config.LoadForAccounts(read)
	c.checkAccounts(ctx, &settings, offline)
	for _, name := range unused {
		c.warnings = append(c.warnings, c.settingFinding(name,
			"has no effect with "+setup.AccountsSetting+": the channels of the accounts file are told; remove it"))
	}
	return settings, err
}

func (c *checker) checkKeys(settings config.Config) {
	found, err := settings.Credentials()
	if err != nil {
		c.addWarning("keys: %v", err)
		return
	}
	c.addFact("keys", "from %s", found.Source)
}

// describeSettings says in one line what the settings amount to, without their secrets.
func describeSettings(c config.Config) string {
	var parts []string
	for _, kind := range notify.ChannelKinds() {
		if n := len(webhooksOf(c, kind)); n > 0 {
			what := strings.TrimPrefix(kind.Title(license.English)+" webhook", "Webhook ") // of one's own
			parts = append(parts, countOf(n, what))
		}
	}
	parts = append(parts,
		"site "+string(c.Site),
		"language "+string(c.Language),
		"zone "+c.Zone.String(),
		"mode "+string(c.Mode),
		"export "+string(c.Export),
	)
	return strings.Join(parts, ", ")
}
