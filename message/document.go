package message

import (
	"strconv"
	"strings"
	"time"
)

// level is the colour of a document: how much somebody is needed.
type level uint8

// The levels, least urgent first. What could not be known may hide anything
// short of what is known to be critical.
const (
	levelWell level = iota
	levelInfo
	levelWarning
	levelUnknown
	levelCritical
)

// tone is an accent on a piece of text; channels that lack it leave it out.
type tone uint8

const (
	tonePlain   tone = iota
	toneMuted        // of little interest
	toneCaution      // worth a look
	toneAlarm        // wrong
)

// span is a piece of a line. Its text is clean and bounded but not escaped.
type span struct {
	text   string
	url    string // where a link leads; made by escapeLink
	code   bool   // an identifier
	strong bool
	tone   tone
}

// line is one line of a document.
type line []span

// row is a finding: what, and the evidence.
type row struct {
	numbered bool // the first line begins with a number
	lines    []line
}

// document is a message without markup.
type document struct {
	level    level
	sign     string // the emoji before the headline
	headline line
	context  line  // whose licenses, and when; empty where the footer says it
	rows     []row // as many findings as a message may show
	// omitted says how many findings, from the given number on, are not shown.
	omitted func(shown int) line
	// unnamed are the facts of a report that are not named when so many rows are
	// shown; nil for none.
	unnamed func(shown int) []string
	blocks  [][]line // paragraphs that always stay
	footer  line
}

// levelSigns are the emoji of the levels.
var levelSigns = map[level]string{
	levelWell:     "🟢",
	levelInfo:     "🔵",
	levelWarning:  "🟡",
	levelUnknown:  "🟠",
	levelCritical: "🔴",
}

// say is a line of our own words, or of outside text that was clipped already.
func say(text string) line {
	if text == "" {
		return nil
	}
	return line{{text: text}}
}

// quote is outside text of at most limit bytes.
func quote(text string, limit int) line { return say(clip(text, limit)) }

// ident is an outside identifier of at most limit bytes.
func ident(text string, limit int) line {
	text = clip(text, limit)
	if text == "" {
		return nil
	}
	return line{{text: text, code: true}}
}

func number[T int | int64](n T) line { return say(strconv.FormatInt(int64(n), 10)) }

// styled gives every span of a line the style's accents.
func styled(l line, style span) line {
	out := make(line, len(l))
	for i, s := range l {
		s.strong = s.strong || style.strong
		if style.tone != tonePlain {
			s.tone = style.tone
		}
		out[i] = s
	}
	return out
}

// join puts the lines that are not empty one after the other.
func join(separator string, lines ...line) line {
	spans := 0
	for _, l := range lines {
		spans += len(l)
	}
	if spans == 0 {
		return nil
	}
	out := make(line, 0, spans+len(lines)-1)
	for _, l := range lines {
		if len(l) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, span{text: separator})
		}
		out = append(out, l...)
	}
	return out
}

// values are what the placeholders of a template stand for.
type values map[string]line

// fill replaces each {name} of a template by its value.
func fill(template string, v values) line {
	out := make(line, 0, 1+2*strings.Count(template, "{")) // most values are one span
	for {
		before, rest, found := strings.Cut(template, "{")
		if before != "" {
			out = append(out, span{text: before})
		}
		if !found {
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		out = append(out, v[name]...)
		template = after
	}
}

// zoneOf writes the zone of a time as its offset from UTC.
func zoneOf(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	zone := "UTC" + sign + strconv.Itoa(seconds/3600)
	if minutes := seconds / 60 % 60; minutes != 0 {
		zone += ":" + strconv.Itoa(minutes/10) + strconv.Itoa(minutes%10)
	}
	return zone
}
