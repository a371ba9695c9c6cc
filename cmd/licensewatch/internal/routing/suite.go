package routing

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/fleet"
	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// MaxFile is how many bytes a file of tests may have.
const MaxFile = 1 << 20

// Suite is a file of tests.
type Suite struct{ expectations []expectation }

// expectation is one test: who has to hear of all that fits it, and who must not.
type expectation struct {
	line, column int
	account      string // a pattern; empty: every account
	rule         string // likewise
	severities   []license.Severity
	tags         map[string]string
	want, not    []string
}

// suiteLoader reads a file of tests.
type suiteLoader struct {
	*yamlnode.Problems

	fleet    *fleet.Fleet
	accounts []fleet.Account
	rules    []Rule
}

// LoadSuite reads a file of tests of the routes. Its mistakes are in the order of the file.
func LoadSuite(name string, data []byte, f *fleet.Fleet, accounts []fleet.Account,
	rules []Rule) (*Suite, []yamlnode.Problem) {
	l := &suiteLoader{Problems: yamlnode.In(name), fleet: f, accounts: accounts, rules: rules}
	suite := &Suite{}
	root := l.readRoot(string(data))
	if root != nil {
		elements, _ := l.List(root, "a file of tests of routes")
		for _, element := range elements {
			if e, ok := l.readExpectation(element); ok {
				suite.expectations = append(suite.expectations, e)
			}
		}
		if len(elements) == 0 && !l.Any() {
			l.Fail(root, "the file has no test")
		}
	}
	return suite, l.Sorted()
}

// suiteBegins says how a file of tests looks, for those that do not.
const suiteBegins = "write a list, as in `- {account: Singapore, rule: cwp-expired, severity: critical, want: [security]}`"

func (l *suiteLoader) readRoot(text string) *yaml.Node {
	if len(text) > MaxFile {
		l.FailAt(1, 1, "the file has more than %d bytes: it is another one", MaxFile)
		return nil
	}
	return l.Document(text, "put all tests into one list", suiteBegins, nil)
}

func (l *suiteLoader) readExpectation(n *yaml.Node) (expectation, bool) {
	values := l.Mapping(n, "a test", "account", "rule", "severity", "tags", "want", "not")
	if values == nil {
		return expectation{}, false
	}
	e := expectation{line: n.Line, column: n.Column, tags: l.readTags(values["tags"])}
	if at := values["account"]; at != nil {
		e.account = l.readAccount(at)
	}
	if at := values["rule"]; at != nil {
		e.rule = l.readRule(at)
	}
	if at := values["severity"]; at != nil {
		for _, word := range l.words(at, "severity") {
			if l.OneOf(at, "severity", word, "critical", "warning", "info") {
				e.severities = append(e.severities, license.Severity(word))
			}
		}
	}
	isAbout := func(rule Rule) bool { return len(e.severitiesOf(rule)) > 0 }
	if len(e.severities) > 0 && !l.Any() && !slices.ContainsFunc(l.rules, isAbout) {
		l.Fail(values["severity"], "no finding of rule %s is ever %s", e.rule, SeverityWords(e.severities))
	}
	e.want = l.readChannels(values["want"], "want")
	e.not = l.readChannels(values["not"], "not")
	if len(e.want)+len(e.not) == 0 && values["want"] == nil && values["not"] == nil {
		l.Fail(n, "the test wants nothing: write want: [channel, …] or not: [channel, …]")
	}
	return e, true
}

// words are the texts of a list, or one by itself.
func (l *suiteLoader) words(n *yaml.Node, what string) []string {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	var words []string
	for _, each := range nodes {
		if each.Kind != yaml.ScalarNode || strings.TrimSpace(each.Value) == "" || yamlnode.IsNull(each) {
			l.Fail(each, "%s must be a text, or a list of texts, not %s", what, yamlnode.Shape(each))
			continue
		}
		words = append(words, each.Value)
	}
	return words
}

// word is one text.
func (l *suiteLoader) word(n *yaml.Node, what string) string {
	if n.Kind == yaml.SequenceNode {
		l.Fail(n, "%s must be a single text, not a list", what)
		return ""
	}
	return strings.Join(l.words(n, what), "")
}

// readAccount reads a name, a uin or a pattern of accounts that there are.
func (l *suiteLoader) readAccount(n *yaml.Node) string {
	pattern := l.word(n, "account")
	if pattern == "" || len(fleet.Matching(l.accounts, []string{pattern})) > 0 || l.fleet.Organization != nil {
		return pattern
	}
	var names []string
	for _, a := range l.accounts {
		names = append(names, a.Name)
	}
	if strings.ContainsAny(pattern, "*?") {
		l.Fail(n, "account %s fits none of the accounts file: write the name of one, or a pattern that fits some",
			yamlnode.Quoted(pattern))
		return pattern
	}
	l.Fail(n, "account %s is none of the accounts file%s", yamlnode.Quoted(pattern), suggest.DidYouMean(pattern, names))
	return pattern
}

// readRule reads the id of a rule that there is, or a pattern.
func (l *suiteLoader) readRule(n *yaml.Node) string {
	pattern := l.word(n, "rule")
	var ids []string
	for _, rule := range l.rules {
		ids = append(ids, rule.ID)
	}
	if pattern != "" && len(fleet.RulesFitting([]string{pattern}, ids)) == 0 {
		l.Fail(n, "there is no rule %s%s", yamlnode.Quoted(pattern), suggest.DidYouMean(pattern, ids))
	}
	return pattern
}

// readTags reads the tags of an order.
func (l *suiteLoader) readTags(n *yaml.Node) map[string]string {
	if n == nil {
		return nil
	}
	tags := map[string]string{}
	members, _ := l.Members(n, "tags")
	for _, m := range members {
		tags[m.Key.Value] = l.word(m.Value, "a tag")
	}
	return tags
}

// readChannels reads names of channels that there are.
func (l *suiteLoader) readChannels(n *yaml.Node, what string) []string {
	if n == nil {
		return nil
	}
	var known []string
	for _, c := range l.fleet.Channels {
		known = append(known, c.Name)
	}
	names := l.words(n, what)
	for _, name := range names {
		if !slices.Contains(known, name) {
			l.Fail(n, "%s: there is no channel %s%s", what, yamlnode.Quoted(name), suggest.DidYouMean(name, known))
		}
	}
	return names
}
