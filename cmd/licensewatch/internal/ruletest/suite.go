package ruletest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
	"licensewatch/rules"
)

// BuiltIn is what a Suite and a Result call the built-in rules.
const BuiltIn = "built-in"

// Suite is a test file that is ready to run.
type Suite struct {
	file  string
	rules string // the path of the rules file, or BuiltIn
	set   *rules.Set
	tests []test
}

// test is one test: what is judged, when, and what it should give.
type test struct {
	name     string
	line     int
	snapshot license.Snapshot
	at       time.Time
	only     []string // the rules to look at; empty: all
	others   string
	expect   []expectation
	place    *yaml.Node // of the expectations
}

// Load reads a test file and everything it names. The name tells where the file
// lies, and stands in mistakes. With any mistake there is no suite: the mistakes
// are all that can be found, in the order of the file.
func Load(ctx context.Context, name string, data []byte, files Files) (*Suite, []yamlnode.Problem) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	l := &loader{document: &document{yamlnode.In(name)}, suite: &Suite{file: name, rules: BuiltIn}}
	l.bases = baseReadings{doc: l.document, files: files, made: map[string]baseReading{}}
	if root := l.readRoot(text); root != nil {
		l.loadFile(ctx, root)
	}
	if l.Problems.Any() {
		return nil, l.Problems.Sorted()
	}
	return l.suite, nil
}

// loader reads one file.
type loader struct {
	*document
	bases baseReadings
	suite *Suite
}

// loadFile reads the top of the file.
func (l *loader) loadFile(ctx context.Context, root *yaml.Node) {
	top := l.Mapping(root, "a test file", slices.Concat([]string{"version", "rules", "tests"}, settingKeys)...)
	if top == nil {
		return
	}
	l.checkVersion(root, top["version"])
	l.loadRules(top["rules"])
	if top["tests"] == nil {
		l.Fail(root, "the file has no tests; list them as `tests: [{name: …, expect: …}]`")
		return
	}
	tests, ok := l.List(top["tests"], "tests")
	if ok && len(tests) == 0 {
		l.Fail(top["tests"], "the file has no tests: the list is empty")
	}
	for _, n := range tests {
		l.loadTest(ctx, n, top)
	}
}

// checkVersion reports a version that is not 1.
func (l *loader) checkVersion(root, n *yaml.Node) {
	if n == nil {
		l.Fail(root, "version is missing; %s", begins)
		return
	}
	if number, ok := l.readInteger(n, "version"); ok && number != 1 {
		l.Fail(n, "version %d is not known; this program reads version 1", number)
	}
}

// loadRules loads the rules that the file is about. The mistakes of a rules file are
// reported in its own name.
func (l *loader) loadRules(n *yaml.Node) {
	if n == nil {
		l.suite.set = rules.Default()
		return
	}
	if n.Kind == yaml.SequenceNode {
		l.Fail(n, "this looks like a rules file; a test file names one, as in `rules: rules.yaml`, and lists tests")
		return
	}
	name, ok := l.readScalar(n, "rules")
	if !ok {
		return
	}
	path := relativeTo(l.File(), name)
	l.suite.rules = path
	data, err := l.bases.files(path)
	if err != nil {
		l.Fail(n, "the rules file %s cannot be read: %v", path, err)
		return
	}
	set, err := rules.Load(path, data)
	if mistakes, ok := errors.AsType[*rules.Errors](err); ok {
		l.Add(mistakes.Problems...)
	}
	l.suite.set = set
}

// testKeys are the keys a test has besides its setting.
var testKeys = []string{"name", "snapshot", "previous", "only", "others", "expect"}

// loadTest reads one test.
func (l *loader) loadTest(ctx context.Context, n *yaml.Node, file map[string]*yaml.Node) {
	values := l.Mapping(n, "a test", slices.Concat(testKeys, settingKeys)...)
	if values == nil {
		return
	}
	t := test{name: l.testName(n, values["name"]), line: n.Line}
	l.makeReadings(ctx, n, &t, values, file)
	if values["only"] != nil {
		t.only = l.readOnly(values["only"])
	}
	t.others = othersSilent
	if values["others"] != nil {
		t.others = l.readWord(values["others"], "others", othersSilent, othersNotFiring, othersAny)
	}
	if t.place = values["expect"]; t.place == nil {
		l.Fail(n, "the test has no expect; for silence of all rules write `expect: []`")
	} else {
		t.expect = l.readExpectations(t.place, t.only)
	}
	l.suite.tests = append(l.suite.tests, t)
}

// testName is a name that no other test of the file has.
func (l *loader) testName(test, n *yaml.Node) string {
	if n == nil {
		l.Fail(test, "the test has no name")
		return ""
	}
	name, ok := l.readScalar(n, "name")
	for _, other := range l.suite.tests {
		if ok && other.name == name {
			l.Fail(n, "the test in line %d has this name already", other.line)
		}
	}
	return name
}

// ruleID gives the id of a rule that is switched on.
func (l *loader) ruleID(n *yaml.Node, what string) (string, bool) {
	id, ok := l.readScalar(n, what)
	if !ok || l.suite.set == nil { // the rules have mistakes of their own
		return id, ok
	}
	ids := l.suite.set.IDs()
	if slices.Contains(ids, id) {
		return id, true
	}
	where := "the built-in rules have"
	if l.suite.rules != BuiltIn {
		where = l.suite.rules + " has"
	}
	l.Fail(n, "%s no rule %s that is switched on%s", where, id, suggest.DidYouMean(id, ids))
	return "", false
}

// readOnly gives the rules that a test looks at.
func (l *loader) readOnly(n *yaml.Node) []string {
	elements, ok := l.List(n, "only")
	if ok && len(elements) == 0 {
		l.Fail(n, "only is empty: name the rules to look at, or leave it out to look at all")
	}
	var ids []string
	for _, element := range elements {
		if id, ok := l.ruleID(element, "a rule of only"); ok {
			ids = append(ids, id)
		}
	}
	return ids
}
