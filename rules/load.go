package rules

import (
	_ "embed" // the built-in files are part of the program
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// builtinFile is one of the files of built-in rules.
type builtinFile struct{ name, text string }

//go:embed default.yaml
var defaultText string

//go:embed changes.yaml
var changesText string

// The built-in rules. Those about changes have a file of their own, because a
// run without a previous reading has no use for them and should not wait.
var (
	stateFile  = builtinFile{"default.yaml", defaultText}
	changeFile = builtinFile{"changes.yaml", changesText}
)

// Set is a set of rules. It does not change and may be used by several
// goroutines at once.
type Set struct {
	rules []*rule
	// changes gives further rules, about changes; they are got when there is a
	// previous reading to compare with. nil: there are none.
	changes func() []*rule
	owner   lazyExpression // who looks after an order; nil: that is not said
	// warnings are what looks wrong in the file and is no mistake.
	warnings []yamlnode.Problem

	file       *SourceSum // that was loaded; nil: none was
	hasBuiltin bool       // the built-in files are part of it
}

// Warnings are what looks wrong in the file that was loaded and may be meant all
// the same, in the order of the file.
func (s *Set) Warnings() []yamlnode.Problem { return s.warnings }

// Default returns the built-in rules. They are part of the program and never
// change, so they are loaded once.
func Default() *Set { return builtinSet() }

var builtinSet = sync.OnceValue(loadDefault)

// loadDefault loads the built-in rules, which takes milliseconds.
func loadDefault() *Set {
	set := stateFile.loadFile()
	set.hasBuiltin = true
	set.changes = sync.OnceValue(func() []*rule { return changeFile.loadFile().rules })
	return set
}

func (f builtinFile) loadFile() *Set {
	l := &loader{}
	set := l.compileSet(l.builtinEntries(f))
	if err := asError(l.problems, f.text); err != nil {
		panic(fmt.Sprintf("the built-in rules do not load: %v", err)) // a test loads them
	}
	return set
}

// allRules are the rules that are switched on, those about changes included.
func (s *Set) allRules() []*rule {
	if s.changes == nil {
		return s.rules
	}
	return slices.Concat(s.rules, s.changes())
}

// PrepareChanges loads the rules about changes, which Evaluate otherwise does when
// it is first given a previous reading. It takes a millisecond, once.
func (s *Set) PrepareChanges() { s.allRules() }

// rulesFor are the rules that have something to say about the snapshot.
func (s *Set) rulesFor(snap license.Snapshot) []*rule {
	if snap.Previous == nil {
		return s.rules
	}
	return s.allRules()
}

// Load reads a rules file. The name is used in errors only. The error is an
// *Errors with every mistake of the file.
func Load(name string, data []byte) (*Set, error) {
	l := &loader{}
	entries := l.readEntries(l.newRuleFile(name, string(data)))
	set := l.compileSet(entries)
	if len(l.problems) == 0 && len(set.rules) == 0 {
		l.problems = append(l.problems, yamlnode.Problem{File: name, Line: 1, Column: 1,
			Text: "no rule is left: nothing would be watched"})
	}
	if err := asError(l.problems, string(data)); err != nil {
		return nil, err
	}
	sortProblems(l.warnings)
	set.warnings = l.warnings
	sum := sumOf(name, data)
	set.file, set.hasBuiltin = &sum, l.extends
	return set, nil
}

// Len is how many rules are switched on.
func (s *Set) Len() int { return len(s.allRules()) }

// IDs are the ids of the rules that are switched on, in the order of the file.
func (s *Set) IDs() []string {
	var ids []string
	for _, r := range s.allRules() {
		ids = append(ids, r.id)
	}
	return ids
}

// Sources are the sources that the rule with the id reads: it is judged where all of
// them are asked for.
func (s *Set) Sources(id string) []license.Source {
	for _, r := range s.allRules() {
		if r.id == id {
			return r.sourcesRead()
		}
	}
	return nil
}

// NeedsAccounts says what of an accounts file the rule with the id judges: "fleet" of one with
// each: fleet, or the field of account that it reads and nothing else tells; empty for nothing.
func (s *Set) NeedsAccounts(id string) string {
	for _, r := range s.allRules() {
		switch {
		case r.id != id:
		case r.fleet:
			return originFleet.name
		default:
			for _, f := range r.when.reads {
				if f.name == "account.Name" || f.name == "account.Labels" {
					return f.name
				}
			}
		}
	}
	return ""
}

// loader gathers what one file gives.
type loader struct {
	problems []yamlnode.Problem
	warnings []yamlnode.Problem
	compiler compiler
	owner    lazyExpression
	extends  bool // the file puts its rules over the built-in ones
}

func (l *loader) newRuleFile(name, text string) *ruleFile {
	text = strings.TrimPrefix(text, "\ufeff")
	return &ruleFile{name: name, text: text, problems: &l.problems, warnings: &l.warnings,
		refused: map[*yaml.Node]bool{}}
}

// compileSet compiles the entries. Rules that are switched off are checked, and left
// out.
func (l *loader) compileSet(entries []*ruleEntry) *Set {
	set := &Set{owner: l.owner}
	for _, e := range entries {
		if r, enabled := l.compileRule(e); enabled {
			set.rules = append(set.rules, r)
		}
	}
	checkCovers(entries)
	return set
}

// builtinEntries gives the entries of a built-in file.
func (l *loader) builtinEntries(f builtinFile) []*ruleEntry {
	d := l.newRuleFile(f.name, f.text)
	d.builtin = true
	return l.readEntries(d)
}

// readEntries gives the entries of a file, put over the built-in ones when it
// extends them.
func (l *loader) readEntries(d *ruleFile) []*ruleEntry {
	root := d.readRoot()
	if root == nil {
		return nil
	}
	top := d.readMapping(root, "a rules file", []string{"version", "extends", "owner", "rules"})
	if top == nil {
		return nil
	}
	d.checkVersion(root, top["version"])
	own := d.readRules(root, top)
	if top["extends"] == nil {
		for _, e := range own {
			e.requireKeys("when", "severity", "title")
		}
		l.setOwner(d, top["owner"])
		return own
	}
	if _, ok := d.readWord(top["extends"], "extends", "default"); !ok {
		return own
	}
	l.extends = true
	merged := extendRules(append(l.builtinEntries(stateFile), l.builtinEntries(changeFile)...), own)
	l.setOwner(d, top["owner"])
	return merged
}

// setOwner compiles a file's own expression for who looks after an order. A file
// that extends another one and has none keeps that one's.
func (l *loader) setOwner(d *ruleFile, n *yaml.Node) {
	if n != nil {
		l.owner = l.compileLaterValue(locatedValue{d, n}, "owner", exprScope{orders: true, state: true},
			(*compiler).compileText)
	}
}
