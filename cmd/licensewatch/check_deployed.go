package main

import (
	"path/filepath"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/config"
)

// deployed says what the description amounts to: when the function runs, and
// what is in its package.
func (c *checker) deployed(settings config.Config) {
	if c.deployment == nil {
		return
	}
	for _, t := range c.deployment.Timers {
		c.timer(t, settings)
	}
	c.packaged(settings)
}

func (c *checker) timer(t deployment.Timer, settings config.Config) {
	mode := t.Argument
	if mode == "" {
		mode = string(settings.Mode) + " (LICENSEWATCH_MODE)"
	}
	if !t.Enabled {
		c.fact("timer "+t.Name, "off, %s", mode)
		return
	}
	next := t.Schedule.Next(c.console.now())
	if next.IsZero() {
		c.warn("timer %s: it never fires again", t.Name)
		return
	}
	c.fact("timer "+t.Name, "on, %s, next on %s", mode, next.Format("Mon 2006-01-02 at 15:04 MST"))
}

// packaged looks into the directory that is zipped, as it is now.
func (c *checker) packaged(settings config.Config) {
	source := c.deployment.Source
	if source.Directory == "" {
		return
	}
	directory := filepath.Join(filepath.Dir(c.file), source.Directory)
	doubt := func(text string) {
		c.warnings = append(c.warnings, deployment.Finding{Place: source.Place, Text: text})
	}
	if !exists(filepath.Join(directory, "main")) {
		doubt("src: " + source.Directory + " does not hold the program main: run make build before the deployment")
		return
	}
	if name := settings.RulesFile; name != "" && !filepath.IsAbs(name) && !exists(filepath.Join(directory, name)) {
		doubt("src: " + source.Directory + " does not hold the rules file of LICENSEWATCH_RULES_FILE: run make build RULES=…, or copy it there")
	}
}
