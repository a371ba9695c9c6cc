package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/cmd/licensewatch/internal/region"
	"licensewatch/config"
	"licensewatch/license"
)

// checkDeployment says what the description amounts to: when the function runs, and
// what is in its package.
func (c *checker) checkDeployment(settings config.Config) {
	if c.deployment == nil {
		return
	}
	for _, t := range c.deployment.Timers {
		c.addTimer(t, settings)
	}
	c.checkHours(settings)
	c.checkPackage(settings)
}

// checkRegion looks at the region of the settings where no description does.
func (c *checker) checkRegion() {
	const setting = "DEPLOY_REGION"
	name, ok := c.environment[setting]
	if _, isOurs := c.places[setting]; !ok || !isOurs || c.deployment != nil {
		return
	}
	if wrong, odd := region.Check(name); wrong != "" {
		c.failSetting(setting, "the region "+wrong)
	} else if odd != "" {
		c.warnings = append(c.warnings, c.settingFinding(setting, "the region "+odd))
	}
}

// checkHours compares the alert timers with the hours at which people act.
func (c *checker) checkHours(settings config.Config) {
	const setting = "LICENSEWATCH_HOURS"
	var alerts []deployment.Timer
	for _, t := range c.deployment.Timers {
		if t.Enabled && license.Mode(cmp.Or(t.Argument, string(settings.Mode))) == license.ModeAlert {
			alerts = append(alerts, t)
		}
	}
	if len(alerts) == 0 {
		if _, isSet := c.environment[setting]; isSet && c.deployment.IsRead {
			c.warnings = append(c.warnings, c.settingFinding(setting,
				"has no effect while no alert timer is on: a digest is told when its timer fires"))
		}
		return
	}
	now := c.console.now().In(settings.Zone)
	text := "%s (%s) no alert timer fires, though LICENSEWATCH_HOURS has these hours: what is due then is said later; let one fire every hour"
	silent := deployment.Silences(alerts, settings.Hours, now)
	if len(silent) == 0 {
		text = "%s (%s) no alert timer fires: what is critical then is said later; let one fire every hour: outside LICENSEWATCH_HOURS it says only what cannot wait"
		silent = deployment.Silences(alerts, license.Hours{}, now)
	}
	if len(silent) > 0 {
		c.warnings = append(c.warnings, deployment.Finding{Place: alerts[0].Place,
			Text: fmt.Sprintf(text, firstOf(silent), settings.Zone)})
	}
}

// firstOf names the first few silences.
func firstOf(silences []deployment.Silence) string {
	const most = 3
	var parts []string
	for _, s := range silences[:min(len(silences), most)] {
		parts = append(parts, s.String())
	}
	text := strings.Join(parts, ", ")
	if n := len(silences) - most; n > 0 {
		text += fmt.Sprintf(" and %d times more", n)
	}
	return text
}

func (c *checker) addTimer(t deployment.Timer, settings config.Config) {
	mode := t.Argument
	if mode == "" {
		mode = string(settings.Mode) + " (LICENSEWATCH_MODE)"
	}
	if !t.Enabled {
		c.addFact("timer "+t.Name, "off, %s", mode)
		return
	}
	next := t.Schedule.Next(c.console.now())
	if next.IsZero() {
		c.addWarning("timer %s: it never fires again", t.Name)
		return
	}
	c.addFact("timer "+t.Name, "on, %s, next on %s", mode, next.Format("Mon 2006-01-02 at 15:04 MST"))
}

// checkPackage looks into the directory that is zipped, as it is now.
func (c *checker) checkPackage(settings config.Config) {
	source := c.deployment.Source
	if source.Directory == "" {
		return
	}
	directory := filepath.Join(filepath.Dir(c.file), source.Directory)
	doubt := func(text string) {
		c.warnings = append(c.warnings, deployment.Finding{Place: source.Place, Text: text})
	}
	if !fileExists(filepath.Join(directory, "main")) {
		doubt("src: " + source.Directory + " does not hold the program main: run make build before the deployment")
		return
	}
	if name := settings.RulesFile; name != "" && !filepath.IsAbs(name) && !fileExists(filepath.Join(directory, name)) {
		doubt("src: " + source.Directory + " does not hold the rules file of LICENSEWATCH_RULES_FILE: run make build RULES=…, or copy it there")
	}
	c.checkAccountsPackage(directory, doubt)
}
