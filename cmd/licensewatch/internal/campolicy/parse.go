package campolicy

import (
	"bytes"
	"slices"
	"strings"

	"licensewatch/internal/suggest"
)

// MaxFile is how many bytes a policy file may have. CAM takes a few kilobytes.
const MaxFile = 1 << 20

// statement is one statement of a policy file.
type statement struct {
	at         int
	effect     string
	actions    []placedText
	resources  []placedText
	principals []placedText
	conditions []string // their operators, for example ip_equal
}

// placedText is a text with its place.
type placedText struct {
	text string
	at   int
}

// The keys that a statement may have.
var (
	policyKeys = []string{"effect", "action", "resource", "condition"}
	trustKeys  = []string{"effect", "action", "principal", "condition"}
)

// otherKey is what only the other kind of policy has.
func otherKey(keys []string) string {
	if slices.Contains(keys, "principal") {
		return "resource"
	}
	return "principal"
}

func otherPolicy(keys []string) string {
	if slices.Contains(keys, "principal") {
		return "permission policy, and this is to be a trust policy: check it without --trust"
	}
	return "trust policy, and this is to be a permission policy: check it with --trust"
}

// parseStatements reads the file's statements. What is wrong with its form becomes
// mistakes; ok is false when there is nothing that could be compared.
func (c *checker) parseStatements(keys []string) (statements []statement, ok bool) {
	c.data = bytes.TrimPrefix(c.data, []byte("\ufeff"))
	if len(bytes.TrimSpace(c.data)) == 0 {
		c.mistake(nowhere, "is empty: licensewatch policy prints what belongs there")
		return nil, false
	}
	if len(c.data) > MaxFile {
		c.mistake(nowhere, "is larger than any CAM policy")
		return nil, false
	}
	root, at, err := readJSON(c.data)
	if err != nil {
		c.mistake(at, "is not JSON: %s", c.explainSyntax(at, err))
		return nil, false
	}
	if root.kind != object {
		c.mistake(root.at, `is no policy: it must be an object with "version" and "statement"`)
		return nil, false
	}
	c.checkKeys(root, []string{"version", "statement"})
	if v, there := lookupField(root, "version"); there && (v.kind != text || v.text != version) {
		c.mistake(v.at, `version must be the text "2.0"`)
	}
	nodes := c.statementNodes(root)
	for _, n := range nodes {
		if stranger, there := lookupField(n, otherKey(keys)); there {
			c.report = Report{}
			c.mistake(stranger.at, "%s belongs in a %s", otherKey(keys), otherPolicy(keys))
			return nil, false
		}
		statements = append(statements, c.parseStatement(n, keys))
	}
	return statements, len(nodes) > 0
}

// statementNodes are the statements of a policy; none when there is nothing that
// could be one.
func (c *checker) statementNodes(root node) []node {
	list, there := lookupField(root, "statement")
	switch {
	case !there: // a mistake already
		return nil
	case list.kind == object:
		c.warn(list.at, "statement is an object: CAM documents a list of them, write [ ] around it")
		return []node{list}
	case list.kind != array || len(list.items) == 0:
		c.mistake(list.at, "statement must be a list of objects")
	}
	return list.items
}

// explainSyntax puts an error of encoding/json into words for those who write JSON by
// hand.
func (c *checker) explainSyntax(at int, err error) string {
	rest := c.data[min(at, len(c.data)):]
	before := bytes.TrimRight(c.data[:min(at, len(c.data))], " \t\r\n")
	switch {
	case len(rest) == 0:
		return "it ends too early; a bracket or a quotation mark is missing"
	case rest[0] == '/', rest[0] == '#':
		return "comments are not allowed: remove it"
	case bytes.HasSuffix(before, []byte(",")) && (rest[0] == '}' || rest[0] == ']'):
		return "the comma before it must go"
	case rest[0] == '\'', bytes.HasPrefix(rest, []byte("“")), bytes.HasPrefix(rest, []byte("”")):
		return `only straight double quotation marks (") are allowed`
	default:
		return strings.TrimPrefix(err.Error(), "json: ")
	}
}

// checkKeys wants each of the keys once and no others; condition may be absent.
func (c *checker) checkKeys(n node, known []string) {
	seen := map[string]bool{}
	for _, f := range n.fields {
		small := strings.ToLower(f.name)
		switch {
		case seen[f.name]:
			c.mistake(f.at, "%q stands there twice: only one of them counts", f.name)
		case slices.Contains(known, f.name):
		case slices.Contains(known, small):
			c.mistake(f.at, "%q must be written in small letters: %q", f.name, small)
		default:
			c.mistake(f.at, "%q is no key of CAM here: there are %s", f.name, suggest.List(known, "and"))
		}
		seen[f.name], seen[small] = true, true
	}
	for _, name := range known {
		if !seen[name] && name != "condition" {
			c.mistake(n.at, "lacks %q", name)
		}
	}
}

func (c *checker) parseStatement(n node, keys []string) statement {
	s := statement{at: n.at}
	if n.kind != object {
		c.mistake(n.at, "a statement must be an object with %s", suggest.List(keys[:len(keys)-1], "and"))
		return s
	}
	c.checkKeys(n, keys)
	if effect, there := lookupField(n, "effect"); there {
		s.effect = effect.text
		if s.effect != allow && s.effect != deny {
			c.mistake(effect.at, `effect must be "allow" or "deny", in small letters`)
		}
	}
	s.actions = c.readTexts(n, "action")
	s.resources = c.readTexts(n, "resource")
	for _, r := range s.resources {
		if wrong := resourceForm(r.text); wrong != "" {
			c.mistake(r.at, "the resource %s: write \"*\", or for COS %s", wrong, exampleObjects)
		}
	}
	if who, there := lookupField(n, "principal"); there {
		s.principals = c.readPrincipals(who)
	}
	if when, there := lookupField(n, "condition"); there {
		for _, f := range when.fields {
			s.conditions = append(s.conditions, f.name)
		}
	}
	return s
}

// readTexts reads a text or a list of texts.
func (c *checker) readTexts(n node, name string) []placedText {
	value, there := lookupField(n, name)
	if !there {
		return nil
	}
	items := value.items
	if value.kind == text {
		items = []node{value}
	}
	var words []placedText
	for _, item := range items {
		if item.kind != text || item.text == "" {
			c.mistake(item.at, "%s must hold texts", name)
			continue
		}
		words = append(words, placedText{item.text, item.at})
	}
	if len(items) == 0 {
		c.mistake(value.at, "%s must be a text or a list of texts, and not empty", name)
	}
	return words
}

// readPrincipals reads an object of lists: services, accounts, federations.
func (c *checker) readPrincipals(n node) []placedText {
	if n.kind != object {
		c.mistake(n.at, `principal must be an object such as {"service": [%q]}`, platform)
		return nil
	}
	var words []placedText
	for _, f := range n.fields {
		words = append(words, c.readTexts(n, f.name)...)
	}
	return words
}

// lookupField finds a key, which CAM wants in small letters.
func lookupField(n node, name string) (node, bool) {
	for _, f := range n.fields {
		if strings.EqualFold(f.name, name) { // the letters are a mistake of their own
			return f.node, true
		}
	}
	return node{}, false
}
