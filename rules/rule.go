package rules

import (
	"slices"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/license"
)

// rule is one compiled rule.
type rule struct {
	id            string
	each          bool // judged once for every order
	fleet         bool // about all accounts together, and judged once a run
	severity      license.Severity
	when          *expression
	info          lazyExpression // makes it info; nil: nothing does
	critical      lazyExpression // makes it critical; nil: nothing does
	clear         lazyExpression // what ends it once it has fired; nil: when is false
	coveredBy     []string
	coveredWhen   lazyExpression // when coveredBy counts; nil: always
	measure       lazyExpression
	worseBy       float64
	worseAt       []float64      // smallest first
	machines      lazyExpression // nil: those of the order
	title, detail localizedText
	over          localizedText
	group         license.Text
	page          string        // of the console; empty: the product's
	runbook       string        // empty: the console's page
	remindAt      []int64       // greatest first
	remindEvery   time.Duration // 0: not at intervals
	remindLater   time.Duration // in place of remindEvery after a week; 0: nothing
	change        bool          // its condition reads the previous reading
	follows       bool          // its condition reads the same order in it
}

// lazyExpression gives an expression when it is needed.
type lazyExpression func() *expression

// eval gives the expression's answer; unknown when there is none, as that of a
// built-in rule about a change whose own condition is about a state now.
func (l lazyExpression) eval(f *frame) evalResult {
	x := l.expressionOrNil()
	if x == nil {
		return evalResult{}
	}
	return x.root.eval(f)
}

// expressionOrNil is the expression, nil when there is none.
func (l lazyExpression) expressionOrNil() *expression {
	if l == nil {
		return nil
	}
	return l()
}

// localizedText is a title or detail. A language may be missing.
type localizedText struct{ english, chinese lazyTemplate }

func (t localizedText) isEmpty() bool { return t.english == nil && t.chinese == nil }

// lazyTemplate gives a template when it is needed.
type lazyTemplate func() *template

// What a rule's each may be.
const (
	eachOrder = "order"
	eachFleet = "fleet"
)

// scope is what the rule's expressions may use.
func (r *rule) scope() exprScope { return exprScope{orders: r.each, fleet: r.fleet} }

// compileRule compiles an entry, and says whether it is switched on.
func (l *loader) compileRule(e *ruleEntry) (*rule, bool) {
	r := &rule{id: e.id}
	if v, ok := e.values["each"]; ok {
		word, _ := v.doc.readWord(v.node, "each", eachOrder, eachFleet)
		r.fleet = word == eachFleet
		r.each = !r.fleet
	}
	if v, ok := e.values["severity"]; ok {
		word, _ := v.doc.readWord(v.node, "severity", string(license.Info), string(license.Warning),
			string(license.Critical))
		r.severity = license.Severity(word)
	}
	r.when = l.compileKey(e, "when", r.scope(), (*compiler).compileCondition)
	r.change, r.follows = r.when.readsPrevious(), r.when.readsPrevious(originOrder)
	at := r.scope()
	at.state = r.when != nil && !r.change
	r.info = l.compileLater(e, "info_when", at, (*compiler).compileCondition)
	r.critical = l.compileLater(e, "critical_when", at, (*compiler).compileCondition)
	r.machines = l.compileLater(e, "machines", at, (*compiler).compileNumber)
	r.title = l.compileTexts(e, "title", r.scope())
	r.detail = l.compileTexts(e, "detail", r.scope())
	if v, ok := e.values["group"]; ok {
		r.group = v.readGroup(r.each)
	}
	if v, ok := e.values["runbook"]; ok {
		r.runbook = v.readLink("runbook")
	}
	if v, ok := e.values["console"]; ok {
		r.page = v.readConsolePath("console")
	}
	l.compileCourse(r, e, at)
	l.compileCover(r, e, at)
	r.compileReminders(e)
	e.warnTexts()
	enabled := true
	if v, ok := e.values["enabled"]; ok {
		word, _ := v.doc.readWord(v.node, "enabled", "true", "false")
		enabled = word != "false"
	}
	return r, enabled
}

// isDated says whether the rule's findings have a deadline.
func (r *rule) isDated() bool { return r.each || r.readsTcssDate() }

// tcssDates are the fields about the end of container security.
var tcssDates = []string{"tcss.DaysLeft", "tcss.ExpirationTime", "tcss.Ended"}

// readsTcssDate says whether the rule is about the end of container security.
func (r *rule) readsTcssDate() bool {
	return r.when.readsAny(tcssDates...) || r.critical.expressionOrNil().readsAny(tcssDates...)
}

// sourcesRead are the sources that the rule reads.
func (r *rule) sourcesRead() []license.Source {
	var sources []license.Source
	if r.each {
		sources = append(sources, originOrder.source)
	}
	for _, f := range r.when.reads {
		if f.origin.isOfSource() && !slices.Contains(sources, f.origin.source) {
			sources = append(sources, f.origin.source)
		}
	}
	return sources
}

// isWanted says whether the snapshot is of what the rule judges, an account or the fleet, and
// everything the rule reads was asked for.
func (r *rule) isWanted(s *license.Snapshot) bool {
	return r.fleet == (s.Fleet != nil) && (!r.each || s.Wants(originOrder.source)) &&
		!slices.ContainsFunc(r.when.reads, func(f *field) bool {
			return f.origin.isOfSource() && !s.Wants(f.origin.source)
		})
}

// isQuiet says whether the rule has nothing to say.
func (r *rule) isQuiet(f *frame) bool {
	return r.when.root.eval(f).isFalse() && (r.clear == nil || r.clear.eval(f).isTrue())
}

// compileFunc is how a compiler reads one sort of expression.
type compileFunc func(c *compiler, text string, at exprScope, to problemReporter) *expression

// compileKey compiles the expression of a key, nil when there is none.
func (l *loader) compileKey(e *ruleEntry, key string, at exprScope, how compileFunc) *expression {
	v, ok := e.values[key]
	if !ok {
		return nil
	}
	return l.compileValue(v, key, at, how)
}

func (l *loader) compileValue(v locatedValue, key string, at exprScope, how compileFunc) *expression {
	source, ok := v.doc.readScalar(v.node, key)
	if !ok {
		return nil
	}
	return how(&l.compiler, source, at, v.doc.scalarReporter(v.node))
}

// compileLater compiles the expression of a key, nil when there is none. Those of the
// built-in files wait until they are needed.
func (l *loader) compileLater(e *ruleEntry, key string, at exprScope, how compileFunc) lazyExpression {
	v, ok := e.values[key]
	if !ok {
		return nil
	}
	return l.compileLaterValue(v, key, at, how)
}

func (l *loader) compileLaterValue(v locatedValue, key string, at exprScope, how compileFunc) lazyExpression {
	if v.doc.builtin {
		return sync.OnceValue(func() *expression {
			return how(new(compiler), v.node.Value, at, discardReporter)
		})
	}
	x := l.compileValue(v, key, at, how)
	return func() *expression { return x }
}

// compileTexts compiles a title or detail: one text for both languages, or one each.
func (l *loader) compileTexts(e *ruleEntry, key string, at exprScope) localizedText {
	v, ok := e.values[key]
	if !ok {
		return localizedText{}
	}
	if v.node.Kind != yaml.MappingNode || unquotedHint(v.node) != "" {
		if _, ok := v.doc.readScalar(v.node, key); !ok {
			return localizedText{}
		}
		before := len(l.problems)
		t := localizedText{english: l.compileText(v, license.English, at)}
		if len(l.problems) == before { // its mistakes are the same in every language
			t.chinese = l.compileText(v, license.Chinese, at)
		}
		return t
	}
	var t localizedText
	languages := v.doc.readMapping(v.node, key, languageKeys)
	for language, target := range map[license.Language]*lazyTemplate{license.English: &t.english,
		license.Chinese: &t.chinese} {
		n := languages[string(language)]
		if n == nil {
			continue
		}
		if _, ok := v.doc.readScalar(n, key+"."+string(language)); ok {
			*target = l.compileText(locatedValue{v.doc, n}, language, at)
		}
	}
	if len(v.node.Content) == 0 {
		v.doc.failAtNode(v.node, "%s needs en, zh, or both", key)
	}
	return t
}

// compileText compiles one text. Those of default.yaml wait until they are needed: few
// are, and a start should be quick.
func (l *loader) compileText(v locatedValue, language license.Language, at exprScope) lazyTemplate {
	at.language = language
	if v.doc.builtin {
		return sync.OnceValue(func() *template {
			return new(compiler).compileTemplate(v.node.Value, at, discardReporter)
		})
	}
	t := l.compiler.compileTemplate(v.node.Value, at, v.doc.scalarReporter(v.node))
	return func() *template { return t }
}
