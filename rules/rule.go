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
	critical      *expression // nil: never critical by itself
	title, detail texts
	runbook       string        // empty: the product's console
	remindAt      []int64       // greatest first
	remindEvery   time.Duration // 0: not at intervals
	change        bool          // its condition reads the previous reading
	follows       bool          // its condition reads the same order in it
}

// texts is a title or detail. A language may be missing.
type texts struct{ english, chinese text }

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
	r.when = l.condition(e, "when", place{orders: r.each})
	r.change, r.follows = r.when.readsPrevious(), r.when.readsPrevious(originOrder)
	r.critical = l.condition(e, "critical_when", place{orders: r.each, state: r.when != nil && !r.change})
	r.title = l.texts(e, "title", r.each)
	r.detail = l.texts(e, "detail", r.each)
	if v, ok := e.values["runbook"]; ok {
		r.runbook = v.link("runbook")
	}
	r.remind(e)
	enabled := true
	if v, ok := e.values["enabled"]; ok {
		word, _ := v.doc.word(v.node, "enabled", "true", "false")
		enabled = word != "false"
	}
	return r, enabled
}

// isDated says whether the rule's findings have a deadline.
func (r *rule) isDated() bool { return r.each || r.readsTcssDate() }

// readsTcssDate says whether the rule is about the end of container security.
func (r *rule) readsTcssDate() bool {
	return r.when.readsAny("tcss.DaysLeft", "tcss.ExpirationTime") || r.critical.readsAny("tcss.DaysLeft", "tcss.ExpirationTime")
}

// condition compiles the expression of a key, nil when there is none.
func (l *loader) condition(e *entry, key string, at place) *expression {
	v, ok := e.values[key]
	if !ok {
		return nil
	}
	source, ok := v.doc.scalar(v.node, key)
	if !ok {
		return nil
	}
	return l.compiler.condition(source, at, v.doc.inside(v.node))
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
	languages := v.doc.mapping(v.node, key, []string{"en", "zh"})
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
			return new(compiler).template(v.node.Value, at, func(int, string) {})
		})
	}
	t := l.compiler.template(v.node.Value, at, v.doc.inside(v.node))
	return func() *template { return t }
}

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
