package deployment

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
	"licensewatch/notify"
	"licensewatch/setup"
)

// maxVariables is how many bytes all names and values may have together.
const maxVariables = 4096

// variableName is what the platform takes as a name.
var variableName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// readEnvironment reads the function's variables, and sees that there is somebody to
// tell.
func (d *document) readEnvironment(parent *yaml.Node, in map[string]entry) {
	at := parent
	if e, ok := in["environment"]; ok && !isEmpty(e.value) {
		at = e.key
		d.readVariables(e)
	}
	kinds := notify.ChannelKinds()
	_, hasAccounts := d.result.findVariable(setup.AccountsSetting) // with channels of its own
	isMissed := !hasAccounts && !slices.ContainsFunc(kinds, func(kind *notify.ChannelKind) bool {
		_, isSet := d.result.findVariable(kind.WebhookSetting)
		return isSet
	})
	isNamed := d.withoutPrefix(isMissed)
	if first := kinds[0].WebhookSetting; isMissed && !isNamed {
		d.failSetting(at, first, "is not among the function's variables, nor is another webhook: nobody would be told; set one of %s, as %s: ${env:%s}", notify.AnyWebhookSetting(), first, first)
	}
}

// withoutPrefix names the variables that are meant to be settings and are none. It
// says whether a webhook is among them; when it is missed, that is a mistake.
func (d *document) withoutPrefix(isMissed bool) (isNamed bool) {
	const remedy = "is written without its prefix, as %s, which nobody reads: write %s"
	for _, v := range d.result.Variables {
		meant := config.MeantWebhook(v.Name, v.Value.Reveal())
		if meant != "" && isMissed {
			isNamed = true
			d.failSetting(v.key, meant, remedy, config.Shown(v.Name), meant)
			continue
		}
		if meant == "" {
			meant = settingBehind(v.Name)
		}
		if _, isThere := d.result.findVariable(meant); meant != "" && !isThere {
			d.warnSetting(v.key, meant, remedy, config.Shown(v.Name), meant)
		}
	}
	return isNamed
}

// settingBehind is the setting that a name is without its prefix; empty when it is
// none.
func settingBehind(name string) string {
	for _, setting := range config.Settings() {
		if strings.TrimPrefix(setting.Name, "LICENSEWATCH_") == strings.ToUpper(name) {
			return setting.Name
		}
	}
	return ""
}

// readVariables reads what environment holds.
func (d *document) readVariables(e entry) {
	inner := d.readMapping(e.value, "environment", []string{"variables"})
	variables, ok := inner["variables"]
	if !ok {
		if inner != nil {
			d.fail(e.key, "environment has no variables: write variables: below it, and the names below that")
		}
		return
	}
	if variables.value.Kind != yaml.MappingNode {
		d.fail(variables.key, "variables is empty: write NAME: value below it, or remove environment")
		return
	}
	size := 0
	for i := 0; i+1 < len(variables.value.Content); i += 2 {
		v := d.environmentVariable(entry{variables.value.Content[i], variables.value.Content[i+1]})
		d.result.Variables = append(d.result.Variables, v)
		size += len(v.Name) + len(v.Value.Reveal())
	}
	if size > maxVariables {
		d.fail(variables.key, "the names and values have %d bytes together, the platform takes %d: remove settings that have their default", size, maxVariables)
	}
}

// environmentVariable reads one variable, and reports what is wrong with it
// whatever it means.
func (d *document) environmentVariable(e entry) Variable {
	name := e.key.Value
	v := Variable{Place: d.placeOf(e.value), Name: name, key: e.key}
	d.variableName(e.key, v)
	switch {
	case e.value.Kind != yaml.ScalarNode:
		d.failSetting(e.value, name, "is no text: write it in one line, several values with commas between them")
	case isEmpty(e.value):
		v.Place = d.placeOf(e.key)
		d.failSetting(e.key, name, "is empty, which the platform refuses: give it a value, or put a # before its line")
	default:
		d.readValue(e, &v)
	}
	return v
}

func (d *document) variableName(key *yaml.Node, v Variable) {
	if twin, ok := d.result.findVariable(v.Name); ok {
		d.failSetting(key, v.Name, "stands here twice, first in line %d: remove one of them", twin.Line)
	}
	for _, reserved := range []string{"SCF_", "QCLOUD_", "TENCENTCLOUD_"} {
		if strings.HasPrefix(strings.ToUpper(v.Name), reserved) {
			d.failSetting(key, v.Name, "begins with %s, which belongs to the platform: remove it; keys come from the role", reserved)
			return
		}
	}
	if !variableName.MatchString(v.Name) {
		d.failSetting(key, v.Name, "is no name that the platform takes: write letters, digits and _, with a letter first")
	}
}

// readValue reads the value, and where it comes from.
func (d *document) readValue(e entry, v *Variable) {
	text, unset := d.expandPlaceholders(e.value.Value)
	v.Value = config.NewSecret(text)
	for _, name := range unset {
		d.failSetting(e.value, v.Name, "%s; or put a # before this line", d.notSet(name))
	}
	v.From = fromWhere(e.value)
	switch {
	case v.From != "":
	case !placeholder.MatchString(e.value.Value) && strings.Contains(v.Name, "_URL") &&
		strings.HasPrefix(text, "https://"):
		d.warnSetting(e.value, v.Name, "is written here: this URL is a secret; write ${env:%s} here and the URL into %s", config.Shown(v.Name), d.env.File)
	}
}
