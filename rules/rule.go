package rules

import (
	"net/url"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/license"
)

// rule is one compiled rule.
type rule struct {
	id            string
	each          bool // judged once for every order
	severity      license.Severity
	when          *expression
	info          later // makes it info; nil: nothing does
	critical      later // makes it critical; nil: nothing does
	clear         later // what ends it once it has fired; nil: when is false
	coveredBy     []string
	coveredWhen   later // when coveredBy counts; nil: always
	measure       later
	worseBy       float64
	worseAt       []float64 // smallest first
	machines      later     // nil: those of the order
	title, detail texts
	over          texts
	group         license.Text
	page          string        // of the console; empty: the product's
	runbook       string        // empty: the console's page
	remindAt      []int64       // greatest first
	remindEvery   time.Duration // 0: not at intervals
	remindLater   time.Duration // in place of remindEvery after a week; 0: nothing
	change        bool          // its condition reads the previous reading
	follows       bool          // its condition reads the same order in it
}

// later gives an expression when it is needed.
type later func() *expression

// eval gives the expression's answer; unknown when there is none, as that of a
// built-in rule about a change whose own condition is about a state now.
func (l later) eval(f *frame) answer {
	x := l.expression()
	if x == nil {
		return answer{}
	}
	return x.root.eval(f)
}

// expression is the expression, nil when there is none.
func (l later) expression() *expression {
	if l == nil {
		return nil
	}
	return l()
}

// texts is a title or detail. A language may be missing.
type texts struct{ english, chinese text }

func (t texts) isEmpty() bool { return t.english == nil && t.chinese == nil }

// text gives a template when it is needed.
type text func() *template

// maxRunbook bounds a link in bytes.
const maxRunbook = 500

// rule compiles an entry, and says whether it is switched on.
func (l *loader) rule(e *entry) (*rule, bool) {
	r := &rule{id: e.id}
	if v, ok := e.values["each"]; ok {
		r.each = true
		v.doc.word(v.node, "each", "order")
	}
	if v, ok := e.values["severity"]; ok {
		word, _ := v.doc.word(v.node, "severity", string(license.Info), string(license.Warning), string(license.Critical))
		r.severity = license.Severity(word)
	}
	r.when = l.now(e, "when", place{orders: r.each}, (*compiler).condition)
	r.change, r.follows = r.when.readsPrevious(), r.when.readsPrevious(originOrder)
	at := place{orders: r.each, state: r.when != nil && !r.change}
	r.info = l.later(e, "info_when", at, (*compiler).condition)
	r.critical = l.later(e, "critical_when", at, (*compiler).condition)
	r.machines = l.later(e, "machines", at, (*compiler).number)
	r.title = l.texts(e, "title", r.each)
	r.detail = l.texts(e, "detail", r.each)
	r.group = e.group(r.each)
	if v, ok := e.values["runbook"]; ok {
		r.runbook = v.link("runbook")
	}
	if v, ok := e.values["console"]; ok {
		r.page = v.page("console")
	}
	l.course(r, e, at)
	l.cover(r, e, at)
	r.remind(e)
	e.warn()
	enabled := true
	if v, ok := e.values["enabled"]; ok {
		word, _ := v.doc.word(v.node, "enabled", "true", "false")
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
	return r.when.readsAny(tcssDates...) || r.critical.expression().readsAny(tcssDates...)
}

// compile is how a compiler reads one sort of expression.
type compile func(c *compiler, text string, at place, to report) *expression

// now compiles the expression of a key, nil when there is none.
func (l *loader) now(e *entry, key string, at place, how compile) *expression {
	v, ok := e.values[key]
	if !ok {
		return nil
	}
	return l.compileAt(v, key, at, how)
}

func (l *loader) compileAt(v located, key string, at place, how compile) *expression {
	source, ok := v.doc.scalar(v.node, key)
	if !ok {
		return nil
	}
	return how(&l.compiler, source, at, v.doc.inside(v.node))
}

// later compiles the expression of a key, nil when there is none. Those of the
// built-in files wait until they are needed.
func (l *loader) later(e *entry, key string, at place, how compile) later {
	v, ok := e.values[key]
	if !ok {
		return nil
	}
	return l.laterAt(v, key, at, how)
}

func (l *loader) laterAt(v located, key string, at place, how compile) later {
	if v.doc.builtin {
		return sync.OnceValue(func() *expression {
			return how(new(compiler), v.node.Value, at, unheard)
		})
	}
	x := l.compileAt(v, key, at, how)
	return func() *expression { return x }
}

// texts compiles a title or detail: one text for both languages, or one each.
func (l *loader) texts(e *entry, key string, orders bool) texts {
	v, ok := e.values[key]
	if !ok {
		return texts{}
	}
	if v.node.Kind != yaml.MappingNode || unquoted(v.node) != "" {
		if _, ok := v.doc.scalar(v.node, key); !ok {
			return texts{}
		}
		before := len(l.problems)
		t := texts{english: l.text(v, license.English, orders)}
		if len(l.problems) == before { // its mistakes are the same in every language
			t.chinese = l.text(v, license.Chinese, orders)
		}
		return t
	}
	var t texts
	languages := v.doc.mapping(v.node, key, languageKeys)
	for language, target := range map[license.Language]*text{license.English: &t.english, license.Chinese: &t.chinese} {
		n := languages[string(language)]
		if n == nil {
			continue
		}
		if _, ok := v.doc.scalar(n, key+"."+string(language)); ok {
			*target = l.text(located{v.doc, n}, language, orders)
		}
	}
	if len(v.node.Content) == 0 {
		v.doc.fail(v.node, "%s needs en, zh, or both", key)
	}
	return t
}

// text compiles one text. Those of default.yaml wait until they are needed: few
// are, and a start should be quick.
func (l *loader) text(v located, language license.Language, orders bool) text {
	at := place{orders: orders, language: language}
	if v.doc.builtin {
		return sync.OnceValue(func() *template {
			return new(compiler).template(v.node.Value, at, unheard)
		})
	}
	t := l.compiler.template(v.node.Value, at, v.doc.inside(v.node))
	return func() *template { return t }
}

// page gives a path of the console's, the same on both sites.
func (v located) page(what string) string {
	value, ok := v.doc.scalar(v.node, what)
	if ok && (strings.Trim(value, pageLetters) != "" || strings.HasPrefix(value, "/") || len(value) > maxRunbook) {
		v.doc.fail(v.node, "%s must be a path of the console, like account/renewal; for another address there is runbook", what)
		return ""
	}
	return value
}

// pageLetters are what a path of the console is made of.
const pageLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/"

// link gives an https link.
func (v located) link(what string) string {
	value, ok := v.doc.scalar(v.node, what)
	if !ok {
		return ""
	}
	address, err := url.Parse(value)
	isPlain := !strings.ContainsAny(value, " \t\r\n<>|\"'`\\") && len(value) <= maxRunbook
	if err != nil || address.Scheme != "https" || address.Host == "" || address.User != nil || !isPlain {
		v.doc.fail(v.node, "%s must be an https link, like https://wiki.example.com/licenses", what)
		return ""
	}
	return value
}

// languageKeys are the keys of a text that is written in each language.
var languageKeys = []string{"en", "zh"}
