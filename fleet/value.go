package fleet

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/internal/text"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// longestText is how many characters a name, a label or a pattern may have.
const longestText = 128

// hiddenValue stands for a value that is not repeated.
const hiddenValue = "the value"

// quoted repeats a part of the file, unless it looks like a secret.
func quoted(value string) string {
	if config.Shown(value) != value {
		return hiddenValue
	}
	return yamlnode.Quoted(value)
}

// text gives the text of a single value that is not empty; numbers are texts.
func (l *loader) text(n *yaml.Node, what string) (string, bool) {
	value := strings.TrimSpace(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode:
		l.Fail(n, "%s must be a single value, not %s", what, yamlnode.Shape(n))
	case yamlnode.IsNull(n) || value == "":
		l.Fail(n, "%s is empty", what)
	case strings.ContainsFunc(value, text.IsHidden):
		l.Fail(n, "%s holds a character that nobody sees", what)
	case utf8.RuneCountInString(value) > longestText:
		l.Fail(n, "%s is longer than %d characters", what, longestText)
	default:
		return value, true
	}
	return "", false
}

// texts gives one text, or each of a list; a wrong one is left out.
func (l *loader) texts(n *yaml.Node, what string) []string {
	nodes := l.oneOrMore(n, what)
	var list []string
	for _, each := range nodes {
		value, ok := l.text(each, what)
		switch {
		case !ok:
		case slices.Contains(list, value):
			l.Fail(each, "%s has %s twice: write it once", what, quoted(value))
		default:
			list = append(list, value)
		}
	}
	return list
}

// oneOrMore gives the elements of a list that is not empty, or a single value as such a
// list.
func (l *loader) oneOrMore(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		return []*yaml.Node{n}
	}
	if len(n.Content) == 0 {
		l.Fail(n, "%s is an empty list: leave it out, or write what belongs there", what)
	}
	return n.Content
}

// word gives a value that must be one of a few; empty when it is none.
func (l *loader) word(n *yaml.Node, what string, words ...string) string {
	value, ok := l.text(n, what)
	if !ok || !l.OneOf(n, what, value, words...) {
		return ""
	}
	return value
}

// integer gives a whole number within bounds, or the one in its place.
func (l *loader) integer(n *yaml.Node, what string, least, most, otherwise int) int {
	number, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || number < least || number > most {
		l.Fail(n, "%s must be a whole number from %d to %d", what, least, most)
		return otherwise
	}
	return number
}

// flag gives true or false; false where there is nothing.
func (l *loader) flag(n *yaml.Node, what string, otherwise bool) bool {
	if n == nil {
		return otherwise
	}
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		l.Fail(n, "%s must be true or false", what)
		return false
	}
	return strings.EqualFold(n.Value, "true")
}

// isVariableName says whether it can be an environment variable's.
func isVariableName(name string) bool {
	isOther := func(r rune) bool { return (r < 'a' || r > 'z') && isNoCapital(r) }
	return name != "" && (name[0] < '0' || name[0] > '9') && !strings.ContainsFunc(name, isOther)
}

// isNoCapital is true for what is in no name of capitals, which no secret is.
func isNoCapital(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' }

// reservedNames are how names begin that only the platform sets.
var reservedNames = []string{"SCF_", "QCLOUD_", "TENCENTCLOUD_"}

// variable gives the name of an environment variable. What stands in its place may be the
// secret itself, so it is repeated nowhere.
func (l *loader) variable(n *yaml.Node, what string) (string, bool) {
	name, ok := l.text(n, what)
	if !ok {
		return "", false
	}
	isVariable := isVariableName(name)
	_, isSet := l.options.Environment[name]
	switch bare := strings.Trim(strings.TrimPrefix(name, "${env:"), "${}"); {
	case bare != name && isVariableName(bare):
		l.Fail(n, "%s must be the name of an environment variable alone: write it without $ and brackets", what)
	case !isVariable && config.Shown(name) != name, isVariable && !isSet && strings.ContainsFunc(name, isNoCapital) &&
		config.Shown(name) != name:
		l.Fail(n, "%s holds a secret itself, it seems, which must not stand in the file: put it into an environment variable, and write that variable's name here", what)
	case !isVariable:
		l.Fail(n, "%s must be the name of an environment variable, such as LICENSEWATCH_%s", what,
			strings.ToUpper(strings.ReplaceAll(what, " ", "_")))
	case slices.ContainsFunc(reservedNames, func(r string) bool { return strings.HasPrefix(name, r) }):
		l.Fail(n, "%s names a variable that only the platform sets: choose one that begins with LICENSEWATCH_", what)
	default:
		return name, true
	}
	return "", false
}

// secret gives what a variable holds; false when it is not set, which is reported as what.
// Where variables are not looked up it is zero.
func (l *loader) secret(n *yaml.Node, what, name string) (config.Secret, bool) {
	l.named[name] = true
	if l.options.Environment == nil {
		return config.Secret{}, true
	}
	value := strings.TrimSpace(l.options.Environment[name])
	if value != "" {
		return config.NewSecret(value), true
	}
	if _, isSet := l.options.Environment[name]; isSet {
		l.Fail(n, "%s: the environment variable %s is empty", what, name)
		return config.Secret{}, false
	}
	l.Fail(n, "%s: the environment variable %s is not set%s", what, name, l.variableHint(name))
	return config.Secret{}, false
}

// variableHint says which variable was meant by one that is not set: one of ours that is
// like it but for what all of them have.
func (l *loader) variableHint(name string) string {
	const prefix = "LICENSEWATCH_"
	suffix := ""
	for _, s := range []string{idSuffix, secretSuffix} {
		if strings.HasSuffix(name, s) {
			suffix = s
		}
	}
	middle := func(name string) string { return strings.TrimSuffix(strings.TrimPrefix(name, prefix), suffix) }
	var middles []string
	for other := range l.options.Environment {
		if strings.HasPrefix(other, prefix) && strings.HasSuffix(other, suffix) && config.Shown(other) == other {
			middles = append(middles, middle(other))
		}
	}
	slices.Sort(middles)
	if nearest := suggest.Nearest(middle(name), middles); nearest != "" {
		return "; did you mean " + prefix + nearest + suffix + "?"
	}
	return ""
}

// readSite reads a site; empty when it is none.
func (l *loader) readSite(n *yaml.Node) license.Site {
	return license.Site(l.word(n, "site", string(license.SiteCN), string(license.SiteIntl)))
}

// readLabels reads names and values.
func (l *loader) readLabels(n *yaml.Node) map[string]string {
	if n == nil {
		return nil
	}
	members, ok := l.Members(n, "labels")
	if !ok {
		return nil
	}
	if len(members) > maxLabels {
		l.Fail(n, "labels has %d labels; an account has at most %d", len(members), maxLabels)
		return nil
	}
	labels := make(map[string]string, len(members))
	for _, m := range members {
		name, ok := l.text(m.Key, "a label's name")
		if !ok {
			continue
		}
		if value, ok := l.text(m.Value, "a label"); ok {
			labels[name] = value
		}
	}
	return labels
}
