package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/config"
	"licensewatch/license"
)

// chooseTimers are those that start the runs.
func (s *simulate) chooseTimers(c console, settings config.Config) ([]calendar.Timer, error) {
	timers := calendar.Usual()
	if s.timersFile != "" {
		var err error
		if timers, err = timersOf(c, s.timersFile, settings.Mode); err != nil {
			return nil, err
		}
	}
	timers = slices.DeleteFunc(timers, func(t calendar.Timer) bool {
		return s.mode != "both" && s.mode != string(t.Mode)
	})
	isAlert := func(t calendar.Timer) bool { return t.Mode == license.ModeAlert }
	switch {
	case len(timers) == 0:
		return nil, fmt.Errorf("no timer of %s is on for --mode %s: write enable: true there", s.timersFile, s.mode)
	case s.untilSilent && !slices.ContainsFunc(timers, isAlert):
		return nil, errors.New("--until-silent is about alerts, and no timer asks for them: a digest comes every day")
	default:
		return timers, nil
	}
}

// filledIn stands for ${env:…}: what is not set matters to the deployment, not
// to its timers. A region's name fits everywhere.
func filledIn(name string) (string, bool) {
	if value := os.Getenv(name); value != "" {
		return value, true
	}
	return "ap-guangzhou", true
}

// timersOf are the timers that are on in a serverless.yml. Its other mistakes
// are for check to name.
func timersOf(c console, name string, mode license.Mode) ([]calendar.Timer, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, fmt.Errorf("--timers: %w", err)
	}
	deployed := deployment.Parse(name, data, deployment.Environment{Lookup: filledIn})
	n := len(deployed.Mistakes)
	if !deployed.IsRead && n > 0 {
		return nil, &exitError{text: deployed.Mistakes[0].String()}
	}
	if n > 0 {
		writeStyled(c.err, "%s has %s, and a timer with one is left out: licensewatch check --serverless %s says more.\n", name, countOf(n, "mistake"), name)
	}
	var timers []calendar.Timer
	for _, t := range deployed.Timers {
		if !t.Enabled || t.Argument == string(license.ModeReport) { // which tells of a page, and of no finding
			continue
		}
		timer := calendar.Timer{Name: t.Name, Mode: license.Mode(t.Argument), When: "by timer " + t.Name,
			Next: t.Schedule.Next}
		if t.Argument == "" {
			timer.Mode = mode
		}
		timers = append(timers, timer)
	}
	return timers, nil
}
