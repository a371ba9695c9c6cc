package deployment

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
)

// placeholder is what the deployment tool takes from its environment.
var placeholder = regexp.MustCompile(`\$\{\s*env\s*:\s*([^}]*?)\s*\}`)

// expandPlaceholders puts values where ${env:…} stands, and names those that are not set.
func (d *document) expandPlaceholders(text string) (expanded string, unset []string) {
	expanded = placeholder.ReplaceAllStringFunc(text, func(whole string) string {
		name := placeholder.FindStringSubmatch(whole)[1]
		value, _ := d.env.Lookup(name)
		if value == "" {
			unset = append(unset, name)
			return whole
		}
		return value
	})
	return expanded, unset
}

// fromWhere is the name in ${env:…} that a whole scalar comes from; empty when it
// is written in the file.
func fromWhere(n *yaml.Node) string {
	if first := placeholder.FindStringSubmatch(n.Value); len(first) > 1 && first[0] == strings.TrimSpace(n.Value) {
		return first[1]
	}
	return ""
}

// reportUnset reports what is not set in all scalars below a node, but for one that
// has texts of its own.
func (d *document) reportUnset(n, except *yaml.Node) {
	if n == except {
		return
	}
	if n.Kind == yaml.ScalarNode {
		_, names := d.expandPlaceholders(n.Value)
		for _, name := range names {
			d.fail(n, "%s", d.notSet(name))
		}
	}
	for _, child := range n.Content {
		d.reportUnset(child, except)
	}
}

// notSet says what to do about a name; how to load a file it says once.
func (d *document) notSet(name string) string {
	file, name := d.env.File, config.Shown(name)
	text := "${env:" + name + "} is not set: write " + name + " into " + file
	if !d.env.Loaded && !d.hinted {
		d.hinted = true
		text += ", and load it (check --env " + file + ", or: set -a; . ./" + file + "; set +a)"
	}
	return text
}
