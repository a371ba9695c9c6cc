package main

import (
	"io"

	"licensewatch/config"
	"licensewatch/internal/suggest"
)

// verdicts prints what is in order, what is doubtful and what is wrong, a line
// each.
type verdicts struct {
	out   io.Writer
	style style
	wrong int
}

func verdictsOn(out io.Writer) *verdicts { return &verdicts{out: out, style: styleFor(out)} }

func (v *verdicts) good(line string) {
	say(v.out, "%s %s\n", v.style.paint(ansiGreen, "✓"), line)
}

func (v *verdicts) warn(line string) {
	say(v.out, "%s %s\n", v.style.paint(ansiYellow, "!"), line)
}

func (v *verdicts) bad(line string) {
	v.wrong++
	say(v.out, "%s %s\n", v.style.paint(ansiRed, "✗"), line)
}

// withFix is a line with what to do about it, where that is known.
func withFix(line, fix string) string {
	if fix == "" {
		return line
	}
	return line + " → " + fix
}

// strays are mistakes in the settings that a run only warns about: names that do
// not exist, and values that are empty.
func strays(settings config.Config) []config.Problem {
	var all []config.Problem
	for _, unknown := range settings.Unknown {
		text := "a setting of this name does not exist"
		if unknown.Meant != "" {
			text += "; did you mean " + unknown.Meant + "?"
		} else {
			text += "; there are " + suggest.List(settingNames(), "and")
		}
		all = append(all, config.Problem{Setting: unknown.Name, Text: text})
	}
	for _, name := range settings.Empty {
		all = append(all, config.Problem{Setting: name, Text: "is set to nothing, which the platform refuses; give it a value or remove it"})
	}
	return all
}

// strayNames are the strays in a line each.
func strayNames(settings config.Config) []string {
	var lines []string
	for _, problem := range strays(settings) {
		lines = append(lines, problem.String())
	}
	return lines
}
