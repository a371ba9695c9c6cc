package deployment

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/cron"
	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// maxTimers is how many triggers of a kind a function may have.
const maxTimers = 10

// otherEvents are events of the component that say nothing to this function.
var otherEvents = []string{"cos", "ckafka", "cmq", "cls", "mps", "clb", "apigw"}

var timerName = regexp.MustCompile(`^[A-Za-z][\w-]{0,59}$`)

// timerReader reads the timers of a function.
type timerReader struct{ *document }

// readEvents reads the timers.
func (d *timerReader) readEvents(parent *yaml.Node, in map[string]entry) {
	e, ok := in["events"]
	if !ok || isEmpty(e.value) || e.value.Kind == yaml.SequenceNode && len(e.value.Content) == 0 {
		d.fail(parent, "events is missing: without a timer the function never runs; licensewatch init DIR writes one")
		return
	}
	if e.value.Kind != yaml.SequenceNode {
		d.fail(e.value, "events must be a list: write - timer: below it")
		return
	}
	mistakes := len(d.result.Mistakes)
	for _, element := range e.value.Content {
		d.readEvent(element)
	}
	if n := len(e.value.Content); n > maxTimers {
		d.fail(e.key, "events has %d timers, the platform takes %d", n, maxTimers)
	}
	on := slices.ContainsFunc(d.result.Timers, func(t Timer) bool { return t.Enabled })
	if !on && len(d.result.Mistakes) == mistakes {
		d.warn(e.key, "every timer is off: the function never runs; write enable: true")
	}
}

func (d *timerReader) readEvent(n *yaml.Node) {
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		d.fail(n, "an event must be a mapping with one key: write timer:, and name and parameters below it")
		return
	}
	key, value := n.Content[0], n.Content[1]
	switch {
	case key.Value == "timer":
		d.readTimer(key, value)
	case slices.Contains(otherEvents, key.Value):
		d.fail(key, "a %s event says nothing to this function, which only timers wake: remove it", key.Value)
	case suggest.Nearest(key.Value, []string{"timer"}) != "":
		d.fail(key, "%s is no event; did you mean timer?", key.Value)
	default:
		d.fail(key, "%s is no event of the component: write timer", key.Value)
	}
}

func (d *timerReader) readTimer(key, n *yaml.Node) {
	outer := d.readMapping(n, "timer", []string{"name", "parameters"})
	if outer == nil {
		return
	}
	parameters, ok := outer["parameters"]
	if !ok {
		d.fail(key, "the timer has no parameters: write parameters: below it, with cronExpression, enable and argument")
		return
	}
	p := d.readMapping(parameters.value, "parameters",
		[]string{"cronExpression", "enable", "argument", "qualifier", "name"})
	if p == nil {
		return
	}
	mistakes := len(d.result.Mistakes)
	t := Timer{Name: d.timerName(key, outer, p), Enabled: d.readEnabled(parameters.key, p), Argument: d.readArgument(p)}
	schedule, ok := d.readSchedule(parameters.key, p)
	if t.Schedule = schedule; p["cronExpression"].value != nil {
		t.Place = d.placeOf(p["cronExpression"].value)
	}
	if ok && len(d.result.Mistakes) == mistakes {
		d.result.Timers = append(d.result.Timers, t)
	}
	_, remembers := d.result.findVariable("LICENSEWATCH_STATE_URL")
	if t.Enabled && !remembers && d.timerMode(t) == string(license.ModeAlert) {
		d.warn(p["enable"].value, "the alert timer is on, but LICENSEWATCH_STATE_URL is not among the variables: "+
			"each alert says everything again; set it, or write enable: false")
	}
}

// timerMode is what a run of the timer does, as far as the file says.
func (d *timerReader) timerMode(t Timer) string {
	if t.Argument != "" {
		return t.Argument
	}
	v, _ := d.result.findVariable("LICENSEWATCH_MODE")
	return strings.ToLower(v.Value.Reveal())
}

// timerName is the name that counts: that of the parameters, else the timer's.
func (d *timerReader) timerName(key *yaml.Node, outer, p map[string]entry) string {
	e, ok := p["name"]
	if !ok {
		e, ok = outer["name"]
	}
	if !ok || isEmpty(e.value) {
		d.fail(key, "the timer has no name: write name: and one of its own, such as licensewatch-digest")
		return ""
	}
	name, ok := d.readText(e)
	if ok && !strings.Contains(name, "${") && !timerName.MatchString(name) {
		d.fail(e.value, "the timer's name is none that the platform takes: write up to 60 of a-z, A-Z, 0-9, - and _, with a letter first")
	}
	if line, taken := d.timers[name]; taken && ok {
		d.fail(e.value, "the timer in line %d is called %s already: each needs a name of its own", line,
			config.Shown(name))
	}
	d.timers[name] = e.value.Line
	return config.Shown(name)
}

// readEnabled says whether the timer is on.
func (d *timerReader) readEnabled(parent *yaml.Node, p map[string]entry) bool {
	e, ok := p["enable"]
	if !ok || isEmpty(e.value) {
		d.fail(parent, "enable is missing, which means off: write enable: true, or enable: false")
		return false
	}
	text, known := d.readText(e)
	quoted := e.value.Tag != "!!bool" && e.value.Value == text
	if known && (quoted || text != "true" && text != "false") {
		d.fail(e.value, "enable must be true or false, without quotes: the component takes every other word for true")
		return false
	}
	return text == "true"
}

// readArgument is the mode that the timer asks for.
func (d *timerReader) readArgument(p map[string]entry) string {
	e, ok := p["argument"]
	if !ok || isEmpty(e.value) {
		return ""
	}
	modes := []string{string(license.ModeDigest), string(license.ModeAlert), string(license.ModeReport)}
	text, ok := d.readText(e)
	if !ok && e.value.Kind == yaml.ScalarNode {
		return ""
	}
	word := strings.ToLower(strings.TrimSpace(text))
	if slices.Contains(modes, word) {
		return word
	}
	d.fail(e.value, "argument must be digest, alert or report, or be left out (then LICENSEWATCH_MODE counts)%s",
		suggest.DidYouMean(word, modes))
	return ""
}

func (d *timerReader) readSchedule(parent *yaml.Node, p map[string]entry) (cron.Schedule, bool) {
	e, ok := p["cronExpression"]
	if !ok || isEmpty(e.value) {
		d.fail(parent, "cronExpression is missing: write cronExpression: '%s' for every day at 09:07 (UTC+8)",
			cron.Example)
		return cron.Schedule{}, false
	}
	text, ok := d.readText(e)
	if !ok {
		return cron.Schedule{}, false
	}
	s, err := cron.Parse(text)
	if mistake, ok := errors.AsType[*cron.Error](err); ok {
		d.fail(d.nodeInside(e.value, mistake.Offset), "cronExpression: %s", mistake.Text)
		return cron.Schedule{}, false
	}
	for _, doubt := range s.Doubts() {
		d.warn(e.value, "cronExpression %s", doubt)
	}
	return s, true
}
