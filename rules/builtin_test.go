package rules_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"licensewatch/license"
	"licensewatch/rules"
)

// situations are accounts on which an enumerated field matters to one rule or
// another.
var situations = map[string]change{
	"healthy":            func(*license.Overview, *license.Order, *license.PurchaseState) {},
	"an order ends":      ending("2026-11-25 12:00:00"),
	"it ends later":      ending("2027-03-01 12:00:00"),
	"it renews itself":   selfRenewing("2026-11-25 12:00:00"),
	"it has ended":       ending("2026-11-18 12:00:00"),
	"it was not renewed": selfRenewing("2026-11-18 12:00:00"),
	"it is isolated":     status(license.OrderIsolated),
	"it is destroyed":    status(license.OrderDestroyed),
	"it ends today":      ending("2026-11-22 23:59:59"),
	"licenses have expired": func(o *license.Overview, order *license.Order, _ *license.PurchaseState) {
		o.ExpireLicenseCnt, order.Deadline = new(int64(40)), new("2026-11-18 12:00:00")
	},
	"licenses end": func(o *license.Overview, order *license.Order, _ *license.PurchaseState) {
		o.NearExpiryLicenseCnt, order.Deadline = new(int64(40)), new("2026-11-25 12:00:00")
	},
	"a trial ends":         tcss(license.StateTrial, license.RenewalNotSet, "2026-11-25 12:00:00"),
	"it is over":           tcss(license.StateTrialOver, license.RenewalNotSet, "2026-11-18 12:00:00"),
	"the plan ends":        tcss(license.StatePro, license.RenewalOff, "2026-11-25 12:00:00"),
	"it ends in a year":    tcss(license.StatePro, license.RenewalOff, "2027-11-25 12:00:00"),
	"the plan has ended":   tcss(license.StatePro, license.RenewalOff, "2026-11-18 12:00:00"),
	"the plan has expired": tcss(license.StateExpired, license.RenewalOff, "2026-11-18 12:00:00"),
	"cores are not covered": func(_ *license.Overview, _ *license.Order, p *license.PurchaseState) {
		p.UndefendCoresCnt, p.AllCoresCnt = new(int64(12)), new(int64(80))
	},
}

// enumeratedFields are the fields of the API that have a list of values, by
// origin and name, and where they are in an account.
func enumeratedFields() map[string]func(license.Snapshot) reflect.Value {
	fields := map[string]func(license.Snapshot) reflect.Value{}
	add := func(origin string, in func(license.Snapshot) reflect.Value) {
		for field := range in(healthy()).Type().Fields() {
			if _, ok := license.EnumerationOf(field); ok {
				fields[origin+field.Name] = func(s license.Snapshot) reflect.Value { return in(s).FieldByIndex(field.Index) }
			}
		}
	}
	add("cwp.", func(s license.Snapshot) reflect.Value { return reflect.ValueOf(s.Overview).Elem() })
	add("order.", func(s license.Snapshot) reflect.Value { return reflect.ValueOf(&s.Orders.List[0]).Elem() })
	add("tcss.", func(s license.Snapshot) reflect.Value { return reflect.ValueOf(s.PurchaseState).Elem() })
	return fields
}

// valuesOf are the values that the API documents for a field, and some that it
// does not.
func valuesOf(t *testing.T, name string) (documented, others []any) {
	t.Helper()
	owner := map[string]reflect.Type{
		"cwp": reflect.TypeFor[license.Overview](), "order": reflect.TypeFor[license.Order](), "tcss": reflect.TypeFor[license.PurchaseState](),
	}
	origin, field, _ := strings.Cut(name, ".")
	f, _ := owner[origin].FieldByName(field)
	words := strings.Fields(f.Tag.Get("documented"))
	if f.Type == reflect.TypeFor[*string]() {
		for _, word := range words {
			documented = append(documented, word)
		}
		return documented, []any{"GOLD", " " + words[0], strings.ToLower(words[0])}
	}
	for _, word := range words {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		documented = append(documented, n)
	}
	for _, n := range []int64{-1, 4, 5, 8, 9, 194, math.MaxInt64, math.MinInt64} {
		if !slices.Contains(documented, any(n)) {
			others = append(others, n)
		}
	}
	return documented, others
}

// TestUndocumentedValues: where documented values of a field give different answers,
// an undocumented one gives none; where they all give the same, it gives no other.
// Nothing that might be bad is well.
func TestUndocumentedValues(t *testing.T) {
	t.Parallel()
	fields := enumeratedFields()
	for _, name := range []string{
		"cwp.ProtectType", "order.OrderStatus", "order.LicenseType", "order.LicenseStatus", "order.AutoRenewFlag", "order.SourceType", "tcss.State", "tcss.AutomaticRenewal",
	} {
		if fields[name] == nil {
			t.Errorf("%s is not among the enumerated fields", name)
		}
	}
	decided := map[string]bool{} // the fields that a rule depends on
	for name, field := range fields {
		documented, others := valuesOf(t, name)
		for situation, change := range situations {
			for _, memory := range []bool{false, true} {
				answers := func(value any) map[string]license.State {
					s := changed(change)
					if memory {
						before := healthy()
						before.ReadAt = now.Add(-24 * time.Hour)
						s.Previous = &before
					}
					pointer := reflect.New(field(s).Type().Elem())
					pointer.Elem().Set(reflect.ValueOf(value))
					field(s).Set(pointer)
					if !slices.Contains(documented, value) && !isNamed(s, name) {
						t.Errorf("%s, %s = %v: the value is not told", situation, name, value)
					}
					states := map[string]license.State{}
					for _, f := range rules.Default().Evaluate(s, now) {
						if f.State == license.Covered { // told by another rule
							f.State = license.Firing
						}
						states[f.Key()] = f.State
					}
					return states
				}
				known := map[string]map[license.State]bool{}
				for _, value := range documented {
					for key, state := range answers(value) {
						if known[key] == nil {
							known[key] = map[license.State]bool{}
						}
						known[key][state] = true
					}
				}
				for _, value := range others {
					for key, got := range answers(value) {
						depends := known[key][license.Firing] && known[key][license.OK]
						decided[name] = decided[name] || depends
						switch {
						// These speak for what the orders do not explain, and nobody knows
						// whether this one does.
						case depends && got == license.Firing && (key == "cwp-expired" || key == "cwp-near-expiry"):
						// An order that renews itself does so, whatever its type is.
						case name == "order.LicenseType" && key == "cwp-near-expiry":
						case depends && got != license.Unknown,
							!known[key][got] && got != license.Unknown:
							t.Errorf("%s, %s = %v, memory %v: %s is %s; with documented values it is %v",
								situation, name, value, memory, key, got, slices.Sorted(maps.Keys(known[key])))
						}
					}
				}
			}
		}
	}
	for _, name := range []string{"order.OrderStatus", "order.LicenseType", "order.AutoRenewFlag", "tcss.State", "tcss.AutomaticRenewal"} {
		if !decided[name] {
			t.Errorf("no answer depends on %s: the situations are too few", name)
		}
	}
}

// isNamed says whether the field is among the undocumented values of the account,
// or belongs to an order that is destroyed.
func isNamed(s license.Snapshot, field string) bool {
	if o := s.Orders.List[0]; strings.HasPrefix(field, "order.") && o.OrderStatus != nil && *o.OrderStatus == license.OrderDestroyed {
		return true
	}
	return slices.ContainsFunc(s.Undocumented(), func(v license.UndocumentedValue) bool { return v.Field == field })
}

// A SubState that says the opposite of State makes it unknown; one spelling of
// "destroyed" is as good as another.
func TestContradictingSubState(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{license.SubStateIsolated, "DESTROED", "DESTROYED", "TERMINATED"} {
		for state := range int64(5) {
			s := healthy()
			s.PurchaseState.State, s.PurchaseState.SubState = &state, &spelling
			s.PurchaseState.AutomaticRenewal = new(int64(license.RenewalOff))
			got := byRule(rules.Default().Evaluate(s, now), "tcss-expired")[0]
			want := license.Unknown
			if state == license.StateExpired {
				want = license.Firing
			}
			if state <= license.StateTrialOver && got.State == license.OK { // nothing to contradict
				continue
			}
			if got.State != want {
				t.Errorf("State %d, SubState %s: %s, want %s", state, spelling, got.State, want)
			}
		}
	}
}

// The published samples of the API leave no rule without an answer, with and without
// a reading before.
func TestPublishedSamples(t *testing.T) {
	t.Parallel()
	read := func(name string, into any) {
		data, err := os.ReadFile("../testdata/api/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(name, err)
		}
	}
	var tcss struct{ Response license.PurchaseState }
	read("tcss-DescribePurchaseStateInfo.json", &tcss)
	var machines struct{ Response license.Machines }
	read("cwp-DescribeMachineGeneral.json", &machines)
	for name, want := range map[string][]string{
		"cwp-DescribeLicenseGeneral-cn.json":   {"cwp-machines-unprotected firing info", "cwp-machines-losing firing warning", "tcss-expired firing critical"},
		"cwp-DescribeLicenseGeneral-intl.json": {"cwp-expired firing info", "cwp-machines-unprotected firing info", "cwp-machines-losing firing warning", "tcss-expired firing critical"},
	} {
		var cwp struct{ Response license.Overview }
		read(name, &cwp)
		s := license.Snapshot{Wanted: everything(), Overview: &cwp.Response, Orders: &license.Orders{}, Machines: &machines.Response, PurchaseState: &tcss.Response}
		for _, s := range []license.Snapshot{s, compared(s)} {
			var got []string
			for _, f := range rules.Default().Evaluate(s, now) {
				if f.State != license.OK {
					got = append(got, summary(f))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// How much of it there is, and what makes it worse.
func TestDefaultMeasures(t *testing.T) {
	t.Parallel()
	overview := func(f func(*license.Overview)) change {
		return func(o *license.Overview, _ *license.Order, _ *license.PurchaseState) { f(o) }
	}
	tests := map[string]struct {
		rule    string
		do      change
		measure float64
		by      float64
		at      []float64
	}{
		"expired":           {"cwp-expired", overview(func(o *license.Overview) { o.ExpireLicenseCnt = new(int64(100)) }), 100, 1, nil},
		"a part is told":    {"cwp-expired", lapsing(100), 60, 1, nil},
		"near expiry":       {"cwp-near-expiry", overview(func(o *license.Overview) { o.NearExpiryLicenseCnt = new(int64(250)) }), 250, 1, nil},
		"90 percent":        {"cwp-seats-nearly-used", overview(func(o *license.Overview) { o.UsedLicenseCnt = new(int64(90)); o.NotExpiredLicenseCnt = new(int64(100)) }), 90, 0, []float64{95, 100}},
		"all of it":         {"cwp-seats-nearly-used", overview(func(o *license.Overview) { o.UsedLicenseCnt = new(int64(317)) }), 100, 0, []float64{95, 100}},
		"of none":           {"cwp-seats-nearly-used", overview(func(o *license.Overview) { o.UsedLicenseCnt = new(int64(50)); o.NotExpiredLicenseCnt = new(int64(0)) }), 100, 0, []float64{95, 100}},
		"the worse edition": {"cwp-seats-nearly-used", fullEdition, 95, 0, []float64{95, 100}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := byRule(rules.Default().Evaluate(changed(test.do), now), test.rule)[0]
			if f.Measure == nil || math.Abs(*f.Measure-test.measure) > 1e-9 || f.WorseBy != test.by || !slices.Equal(f.WorseAt, test.at) {
				got, _ := json.Marshal(f.Measure)
				t.Errorf("measure %s, worse by %v and at %v; want %v, %v, %v", got, f.WorseBy, f.WorseAt, test.measure, test.by, test.at)
			}
		})
	}
}

// lapsing isolates the order of 40 licenses while so many have expired.
func lapsing(expired int64) change {
	return func(o *license.Overview, order *license.Order, _ *license.PurchaseState) {
		o.ExpireLicenseCnt, order.OrderStatus = &expired, new(int64(license.OrderIsolated))
	}
}

// fullEdition has 38 of 40 licenses of an edition in use.
func fullEdition(o *license.Overview, order *license.Order, _ *license.PurchaseState) {
	order.UsedLicenseCnt = new(int64(38))
	o.FlagshipVersionLicenseCnt, o.AvailableFlagshipVersionLicenseCnt = new(int64(40)), new(int64(2))
}

// builtinRule is a rule of the built-in files as it is written there.
type builtinRule struct {
	ID, Each, Severity string
	When               string
	CoveredBy          []string `yaml:"covered_by"`
	Console            string
	Title, Detail      map[string]string
	Group, Over        map[string]string
}

func builtinRules(t *testing.T) (all []builtinRule) {
	t.Helper()
	for _, name := range []string{"default.yaml", "changes.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct{ Rules []builtinRule }
		if err := yaml.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		all = append(all, file.Rules...)
	}
	return all
}

// Every rule says what to do and where, what is true once it is over, and how many
// there are; what is told later holds no number of days that would be wrong by then.
func TestDefaultRulesAreComplete(t *testing.T) {
	t.Parallel()
	relative := regexp.MustCompile(`\b(when|days)\(|DaysLeft\b[^=!]*[})]`)
	for _, r := range builtinRules(t) {
		isEvent := strings.Contains(r.When, "previous.")
		texts := []map[string]string{r.Title, r.Detail}
		if r.Each == "order" {
			texts = append(texts, r.Group)
		}
		if isEvent {
			if len(r.Over) > 0 {
				t.Errorf("%s: an event is never over", r.ID)
			}
			for _, text := range []string{r.Title["en"], r.Title["zh"], r.Detail["en"], r.Detail["zh"]} {
				if relative.MatchString(text) {
					t.Errorf("%s: an event is told later as well: %s", r.ID, text)
				}
			}
		} else {
			texts = append(texts, r.Over)
		}
		for i, text := range texts {
			if text["en"] == "" || text["zh"] == "" {
				t.Errorf("%s: text %d is not there in both languages", r.ID, i)
			}
		}
		for _, text := range []string{r.Over["en"], r.Over["zh"]} {
			if strings.Contains(text, "DaysLeft") || relative.MatchString(text) {
				t.Errorf("%s: what is over is told later: %s", r.ID, text)
			}
		}
		for _, text := range []string{r.Group["en"], r.Group["zh"]} {
			if strings.Contains(text, "{{") {
				t.Errorf("%s: group is plain text: %s", r.ID, text)
			}
		}
		if r.Console == "" && r.Each != "fleet" {
			t.Errorf("%s does not say where it is done", r.ID)
		}
	}
	for _, f := range rules.Default().Evaluate(compared(healthy()), now) {
		if !strings.HasPrefix(f.Runbook, "https://console.cloud.tencent.com/") {
			t.Errorf("%s: what to do is %q", f.Rule, f.Runbook)
		}
	}
}

// What the built-in rules say, in every case of their tests: one name a thing, and
// no stray blank.
func TestDefaultWording(t *testing.T) {
	t.Parallel()
	var texts []license.Text
	collect := func(findings []license.Finding) {
		for _, f := range findings {
			texts = append(texts, f.Title, f.Detail, f.Over, f.Group)
		}
	}
	for _, c := range defaultCases {
		collect(rules.Default().Evaluate(changed(c.do), now))
	}
	for _, c := range changeCases {
		collect(rules.Default().Evaluate(readings(c.before, c.now), now))
	}
	for _, change := range situations {
		collect(rules.Default().Evaluate(readings(nil, change), now))
	}
	english := map[string]*regexp.Regexp{
		"licenses":                regexp.MustCompile(`(?i)\bseats?\b`),
		"CWPP":                    regexp.MustCompile(`(?i)host security|workload protection`),
		"Container Security":      regexp.MustCompile(`\bTCSS\b`),
		"a blank too many":        regexp.MustCompile(` {2}| [,.;:)]|\( |^ | $`),
		"a full stop too many":    regexp.MustCompile(`\.\.|\. ?\.|, \.`),
		"one of it, not several":  regexp.MustCompile(`\b1 (licenses|machines|cores|records)\b`),
		"nothing that is unknown": regexp.MustCompile(`unknown|<nil>`),
	}
	chinese := map[string]*regexp.Regexp{
		"授权":                  regexp.MustCompile(`座席|席位|许可`),
		"产品名":                 regexp.MustCompile(`CWPP|TCSS`),
		"a stray blank":       regexp.MustCompile(` {2}|\p{Han} \p{Han}|[，。；：（、] | [，。；：）、]|^ | $`),
		"a half-width sign":   regexp.MustCompile(`\p{Han}[,;:()]|[,;()]\p{Han}`),
		"a full stop twice":   regexp.MustCompile(`。。|；。|，。`),
		"a blank at a number": regexp.MustCompile(`[0-9A-Za-z](个|台|核|条)|(有|共|已用|此前已用|减少|现有|之前)[0-9]`),
		"未知":                  regexp.MustCompile(`未知（`),
	}
	told := map[string]bool{}
	check := func(text string, wrong map[string]*regexp.Regexp) {
		for what, pattern := range wrong {
			if pattern.MatchString(text) && !told[what+text] {
				told[what+text] = true
				t.Errorf("%s: %s", what, text)
			}
		}
	}
	for _, text := range texts {
		check(text.En, english)
		check(text.Zh, chinese)
		if strings.Contains(text.En, "CWPP") != strings.Contains(text.Zh, "主机安全") && !told[text.En] {
			told[text.En] = true
			t.Errorf("the languages name different products: %s, %s", text.En, text.Zh)
		}
		if strings.Contains(text.En, "unprotected") && !strings.Contains(text.En, "Clusters and images") {
			t.Errorf("a machine without a license has the Basic edition: %s", text.En)
		}
	}
}

// One event is told once by rules with a threshold of a user's own, too: an order
// that ends in 45 days is not also one that will not renew itself, and one that has
// ended does not also end.
func TestOtherThresholds(t *testing.T) {
	t.Parallel()
	set := load(t, `
version: 1
extends: default
rules:
  - id: cwp-order-expiring
    when: order.OrderStatus == 1 && order.LicenseType != 0 && order.AutoRenewFlag != 1 && order.DaysLeft <= 60
  - id: tcss-expiring
    when: tcss.State == 3 && tcss.AutomaticRenewal != 1 && tcss.DaysLeft <= 60
`)
	tests := map[string]struct {
		do   change
		want []string
	}{
		"ends in 45 days":    {ending("2027-01-06 12:00:00"), []string{"cwp-order-expiring firing warning"}},
		"has ended":          {ending("2026-11-18 12:00:00"), []string{"cwp-order-ended firing critical"}},
		"the plan has ended": {tcss(license.StatePro, license.RenewalOff, "2026-11-18 12:00:00"), []string{"tcss-ended firing critical"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range set.Evaluate(changed(test.do), now) {
				if f.State == license.Firing {
					f.Subject = ""
					got = append(got, summary(f))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("fires (-want +got):\n%s", diff)
			}
		})
	}
}
