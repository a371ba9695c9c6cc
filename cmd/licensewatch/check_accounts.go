package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
	"licensewatch/rules"
	"licensewatch/setup"
	"licensewatch/state"
)

// onlyAccounts checks an accounts file without anything around it: no variable that it
// names need be set.
func (o check) onlyAccounts(ctx context.Context, c console) error {
	if o.env != "" || o.serverless != "" || o.noServerless || o.rules != "" {
		return errors.New("--accounts checks an accounts file and nothing else: leave --env, --serverless, --no-serverless and --rules out")
	}
	settings, set, _, err := loadAll()
	if err != nil {
		return err
	}
	if err := accountsFileExists(o.accounts); err != nil {
		return err
	}
	k := newCheckReport(c)
	loaded, err := setup.LoadAccounts(ctx, o.accounts, fleet.OptionsOf(settings, nil),
		state.Options{Credentials: settings.Keys})
	k.addMistakes(err)
	k.addLoadedAccounts(loaded, o.accounts, set)
	if err == nil {
		k.addChannelsFact(loaded)
	}
	return k.report(o.isJSON())
}

// accountsFile is the accounts file of the settings; empty: there is none.
func (c *checker) accountsFile() string {
	return strings.TrimSpace(c.environment[setup.AccountsSetting])
}

// checkAccounts checks the accounts file that the settings name. The variables that it
// names are known then, and the webhooks of the settings are not used.
func (c *checker) checkAccounts(ctx context.Context, settings *config.Config, offline bool) {
	file := c.accountsFile()
	if err := setup.CheckAccountsObject(file); err != nil {
		c.failSetting(setup.AccountsSetting, err.Error())
		return
	}
	var known []string
	if isOnline := strings.HasPrefix(file, "cos://"); isOnline && offline {
		c.addFact("accounts", "the form of the URL is right; not read (--offline), so that the variables it names are not known")
		settings.Unknown = slices.DeleteFunc(settings.Unknown, func(u config.UnknownName) bool { return u.Meant == "" })
	} else {
		defer c.console.startProgress("reading the accounts file").done()
		loaded, err := setup.LoadAccounts(ctx, file, fleet.OptionsOf(*settings, c.functionVariables()),
			state.Options{Credentials: settings.Keys})
		c.addMistakes(err)
		set, _ := setup.LoadRules(settings.RulesFile) // its mistakes are told by checkRules
		c.addLoadedAccounts(loaded, setup.AccountsName(file), set)
		if err == nil {
			c.addChannelsFact(loaded)
		}
		if loaded != nil {
			known = append(known, loaded.Variables...)
		}
	}
	*settings = settings.WithKnown(known...)
	settings.Unknown = slices.DeleteFunc(settings.Unknown, func(u config.UnknownName) bool {
		if u.Meant == "" {
			c.failSetting(u.Name, "a setting of this name does not exist, and the accounts file does not name it")
		}
		return u.Meant == ""
	})
	for _, name := range known {
		c.warnIfNotPassedOn(name)
	}
}

// functionVariables are the variables as the function will have them, those included that
// only serverless.yml sets.
func (c *checker) functionVariables() map[string]string {
	all := maps.Clone(c.environment)
	if c.deployment == nil {
		return all
	}
	for _, v := range c.deployment.Variables {
		if _, isSet := c.environment[v.From]; v.From == "" || isSet {
			all[v.Name] = v.Value.Reveal()
		}
	}
	return all
}

// addLoadedAccounts says what an accounts file amounts to, and what in it is wrong or looks
// so. It is nil when it could not be read.
func (c *checkReport) addLoadedAccounts(f *fleet.Fleet, from string, set *rules.Set) {
	if f == nil {
		return
	}
	if len(f.Accounts) > 0 || f.Organization != nil { // else nobody is watched, which the mistakes say
		c.addFact("accounts", "%s from %s", describeAccounts(f), from)
	}
	for _, a := range f.LeftOut {
		for _, p := range a.Problems {
			c.mistakes = append(c.mistakes, findingOf(p))
		}
	}
	warnings := f.Warnings
	if set != nil {
		warnings = append(slices.Clone(warnings), f.UnknownRules(set.IDs())...)
	}
	for _, p := range warnings {
		c.warnings = append(c.warnings, findingOf(p))
	}
}

// addChannelsFact says who is told.
func (c *checkReport) addChannelsFact(f *fleet.Fleet) {
	const most = 8
	var channels []string
	for _, channel := range f.Channels {
		channels = append(channels, channel.Name+" ("+channel.Kind.Title(license.English)+")")
	}
	c.addFact("channels", "%s; %s; what fits none goes to %s", namesOf(channels, most), countOf(len(f.Routes), "route"),
		suggest.List(f.Default, "and"))
}

func findingOf(p yamlnode.Problem) deployment.Finding {
	return deployment.Finding{Place: deployment.Place{File: p.File, Line: p.Line, Column: p.Column}, Text: p.Text}
}

// describeAccounts says how many there are, and how they are read.
func describeAccounts(f *fleet.Fleet) string {
	roles, keys, selves, exports := 0, 0, 0, 0
	for i := range f.Accounts {
		if f.Accounts[i].Export {
			exports++
		}
		switch a := &f.Accounts[i]; {
		case a.Self:
			selves++
		case a.Role != "":
			roles++
		default:
			keys++
		}
	}
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{{roles, "by a role"}, {keys, "by keys of their own"}, {selves, "the function's own"}, {exports, "with an export"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	text := countOf(len(f.Accounts), "account")
	if n := len(f.LeftOut); n > 0 {
		text = fmt.Sprintf("%d of %s", len(f.Accounts), countOf(len(f.Accounts)+n, "account"))
	}
	if len(parts) > 0 {
		text += " (" + strings.Join(parts, ", ") + ")"
	}
	if f.Organization != nil {
		text += " and the members of the organization"
	}
	return text
}

// checkAccountsPackage warns when the accounts file does not lie in the package.
func (c *checker) checkAccountsPackage(directory string, doubt func(text string)) {
	file := c.accountsFile()
	if file == "" || filepath.IsAbs(file) || strings.HasPrefix(file, "cos://") ||
		fileExists(filepath.Join(directory, file)) {
		return
	}
	doubt("src: " + c.deployment.Source.Directory + " does not hold the accounts file of " + setup.AccountsSetting +
		": copy it there")
}
