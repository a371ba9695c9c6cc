package main

import (
	"io"

	"licensewatch/config"
	"licensewatch/internal/suggest"
)

// checkList prints what is in order, what is doubtful and what is wrong, a line
// each.
type checkList struct {
	out   io.Writer
	style style
	wrong int
}

func newCheckList(out io.Writer) *checkList { return &checkList{out: out, style: styleFor(out)} }

func (v *checkList) good(line string) {
	writeStyled(v.out, "%s %s\n", v.style.paint(ansiGreen, "✓"), line)
}

func (v *checkList) warn(line string) {
	writeStyled(v.out, "%s %s\n", v.style.paint(ansiYellow, "!"), line)
}

func (v *checkList) bad(line string) {
	v.wrong++
	writeStyled(v.out, "%s %s\n", v.style.paint(ansiRed, "✗"), line)
}

// withFix is a line with what to do about it, where that is known.
func withFix(line, fix string) string {
	if fix == "" {
		return line
	}
	return line + " → " + fix
}

// unknownSettings are mistakes in the settings that a run only warns about: names that do
// not exist, and values that are empty.
func unknownSettings(settings config.Config) []config.Mistake {
	var all []config.Mistake
	for _, unknown := range settings.Unknown {
		text := "a setting of this name does not exist"
		if unknown.Meant != "" {
			text += "; did you mean " + unknown.Meant + "?"
		} else {
			text += "; there are " + suggest.List(settingNames(), "and")
		}
		all = append(all, config.Mistake{Setting: unknown.Name, Text: text})
	}
	for _, name := range settings.Empty {
		all = append(all, config.Mistake{Setting: name,
			Text: "is set to nothing, which the platform refuses; give it a value or remove it"})
	}
	return all
}

// unknownSettingLines are the strays in a line each.
func unknownSettingLines(settings config.Config) []string {
	var lines []string
	for _, mistake := range unknownSettings(settings) {
		lines = append(lines, mistake.String())
	}
	return lines
}
