package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/cmd/licensewatch/internal/scaffold"
	"licensewatch/config"
	"licensewatch/notify"
)

// defaultServerless is the description that is read where it exists.
const defaultServerless = "serverless.yml"

// readEnv lets the settings of a file stand for those of the environment.
func (c *checker) readEnv(name string) error {
	data, err := readFile(name)
	if err != nil {
		return fmt.Errorf("--env: %w", err)
	}
	maps.DeleteFunc(c.environment, func(name, _ string) bool { return looksLikeOurs(name) })
	file := deployment.ParseEnv(name, data)
	for _, entry := range file.Entries {
		c.environment[entry.Name] = entry.Value
		c.places[config.Shown(entry.Name)] = entry.Place
	}
	for _, entry := range file.Entries {
		if meant := config.MeantWebhook(entry.Name, entry.Value); meant != "" && c.places[meant].File == "" {
			c.places[meant] = entry.Place
			c.misnamed[meant] = entry
		}
	}
	c.addFileMistakes(file.Mistakes)
	if len(file.Entries) == 0 && len(file.Mistakes) > 0 {
		c.told[notify.ChannelKinds()[0].WebhookSetting] = true // it is not set because of them
	}
	c.envFile = name
	return nil
}

// readServerless reads the description and lets its variables stand for those of
// the environment. Without a name it may be missing.
func (c *checker) readServerless(name string) error {
	named := name != ""
	if !named {
		name = defaultServerless
	}
	data, err := readFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		c.addFact(defaultServerless, "not here, so that timers and what the function gets are not checked; --serverless FILE names it")
		return nil
	case err != nil:
		return fmt.Errorf("--serverless: %w", err)
	}
	c.file = name
	c.deployment = deployment.Parse(name, data, deployment.Environment{
		Lookup: c.lookup, File: c.settingsFile(), Loaded: c.envFile != "",
	})
	c.warnNotPassedOn()
	c.addFileMistakes(c.withEnvPlaces(c.deployment.Mistakes))
	c.warnings = append(c.warnings, c.withEnvPlaces(c.deployment.Warnings)...)
	for _, v := range c.deployment.Variables {
		c.setFromDeployment(v)
	}
	return nil
}

// lookup finds a variable as os.LookupEnv does.
func (c *checker) lookup(name string) (string, bool) {
	value, isSet := c.environment[name]
	return value, isSet
}

// withEnvPlaces lets findings about what the description takes from the file of settings
// point there.
func (c *checker) withEnvPlaces(findings []deployment.Finding) []deployment.Finding {
	for i, f := range findings {
		if place, ok := c.places[f.Setting]; ok && !looksLikeOurs(f.Setting) {
			findings[i].Place = place
		}
	}
	return findings
}

// addFileMistakes takes over the mistakes of a file. What it says about a setting is not
// said again.
func (c *checker) addFileMistakes(mistakes []deployment.Finding) {
	for _, mistake := range mistakes {
		if entry, ok := c.misnamed[mistake.Setting]; ok {
			mistake.Text += fmt.Sprintf("; %s in line %d lacks the prefix LICENSEWATCH_", config.Shown(entry.Name),
				entry.Line)
		}
		c.mistakes = append(c.mistakes, mistake)
		if mistake.Setting != "" {
			c.told[mistake.Setting] = true
		}
	}
}

// settingsFile is the file that settings belong into.
func (c *checker) settingsFile() string {
	switch {
	case c.envFile != "":
		return c.envFile
	case fileExists(".env") && !fileExists(scaffold.EnvFile): // scf deploy loads one of this name by itself
		return ".env"
	default:
		return scaffold.EnvFile
	}
}

// setFromDeployment lets a variable of the description be one of the environment.
func (c *checker) setFromDeployment(v deployment.Variable) {
	if !looksLikeOurs(v.Name) {
		return
	}
	c.environment[v.Name] = v.Value.Reveal()
	place, inFile := c.places[v.From]
	switch {
	case inFile:
		c.places[config.Shown(v.Name)] = place
	case v.From == "":
		c.places[config.Shown(v.Name)] = v.Place
	default: // it comes from the environment: its name says where to look
		delete(c.places, config.Shown(v.Name))
	}
}

// warnNotPassedOn warns of settings that the function will not get.
func (c *checker) warnNotPassedOn() {
	for _, name := range settingNames() {
		c.warnIfNotPassedOn(name)
	}
}

// warnIfNotPassedOn warns of a variable that is set and that the function will not get.
func (c *checker) warnIfNotPassedOn(name string) {
	if c.deployment == nil || !c.deployment.IsRead || c.environment[name] == "" {
		return
	}
	if !slices.ContainsFunc(c.deployment.Variables,
		func(v deployment.Variable) bool { return v.Name == name || v.From == name }) {
		c.warnings = append(c.warnings, c.settingFinding(name,
			"is set, but "+c.file+" does not pass it on, so the function does not get it: take the # from its line there"))
	}
}

// looksLikeOurs says whether a variable is a setting, or a misspelt one.
func looksLikeOurs(name string) bool {
	name = strings.ToUpper(name)
	return strings.HasPrefix(name, "LICENSE") || strings.HasPrefix(name, "LICENCE")
}
