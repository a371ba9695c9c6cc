package fleet_test

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/fleet"
	"licensewatch/internal/proof"
	"licensewatch/license"
)

// TestRoutes: the routes of the design.
func TestRoutes(t *testing.T) {
	t.Parallel()
	f := load(t, design)
	pay, sea := &f.Accounts[0], &f.Accounts[1]
	for _, c := range []struct {
		account *fleet.Account
		finding fleet.Finding
		want    string
	}{
		{pay, fleet.Finding{Rule: "cwp-expired", Severity: license.Critical}, "security pay-oncall"},
		{pay, fleet.Finding{Rule: "cwp-expired", Severity: license.Warning}, "pay-oncall"},
		{sea, fleet.Finding{Rule: "cwp-expired", Severity: license.Critical}, "security"},
		{sea, fleet.Finding{Rule: "cwp-expired", Severity: license.Info}, "security"},
		{sea, fleet.Finding{Rule: "tcss-expired", Severity: license.Info, Tags: map[string]string{"owner": "sea"}}, "security"},
	} {
		if got := strings.Join(f.ChannelsFor(c.account, c.finding), " "); got != c.want {
			t.Errorf("%s %+v: %s, want %s", c.account.Name, c.finding, got, c.want)
		}
	}
	if got := f.RoutesOf(pay).All(); !slices.Equal(got, []string{"security", "pay-oncall"}) {
		t.Errorf("of pay hear %v", got)
	}
	if got := f.RoutesOf(sea).All(); !slices.Equal(got, []string{"security"}) {
		t.Errorf("of Singapore hear %v", got)
	}
}

// TestRouteForEveryRule: a route whose pattern fits every rule leaves nothing to default, which then
// hears of nothing of the account, not even that it is well.
func TestRouteForEveryRule(t *testing.T) {
	t.Parallel()
	for rules, want := range map[string]string{"": "c0", "*": "c0", "cwp-* *": "c0", "cwp-*": "c0 c9"} {
		f := &fleet.Fleet{Routes: []fleet.Route{{Rules: strings.Fields(rules), To: []string{"c0"}}}, Default: []string{"c9"}}
		if got := strings.Join(f.RoutesOf(&fleet.Account{Uin: "1", Name: "pay"}).All(), " "); got != want {
			t.Errorf("rules %q: of the account hear %s, want %s", rules, got, want)
		}
	}
}

// The words that random routings are made of: few, so that they meet.
var (
	randomNames    = []string{"pay", "pay-prod", "shop", "支付", "a.b"}
	randomPatterns = []string{"*", "pay", "pay*", "*prod", "?hop", "支?", "s*p", "a*b", "p*y*d", "none", "1000*", "*1"}
	randomRules    = []string{"cwp-expired", "cwp-order-expiring", "tcss-expired", "mine"}
	rulePatterns   = []string{"cwp-*", "tcss-*", "*-expired", "mine", "*", "cwp-expired", "?ine"}
	randomValues   = []string{"pay", "shop", "prod"}
	channels       = []string{"c0", "c1", "c2", "c3", "c4"}
)

// pick takes some of the words, none now and then.
func pick(r *rand.Rand, words []string, most int) []string {
	var list []string
	for range r.IntN(most + 1) {
		if word := words[r.IntN(len(words))]; !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

// pickPatterns asks for labels or tags, seldom.
func pickPatterns(r *rand.Rand) map[string][]string {
	if r.IntN(3) > 0 {
		return nil
	}
	all := map[string][]string{}
	for _, name := range pick(r, []string{"team", "env"}, 2) {
		all[name] = append(pick(r, randomPatterns[:8], 1), "pay")
	}
	return all
}

func pickValues(r *rand.Rand) map[string]string {
	all := map[string]string{}
	for _, name := range pick(r, []string{"team", "env", "other"}, 3) {
		all[name] = randomValues[r.IntN(len(randomValues))]
	}
	return all
}

var allSeverities = []license.Severity{license.Critical, license.Warning, license.Info}

func randomFleet(r *rand.Rand) *fleet.Fleet {
	f := &fleet.Fleet{Default: append(pick(r, channels, 2), "c9")}
	for range r.IntN(8) {
		route := fleet.Route{Continue: r.IntN(3) == 0, To: append(pick(r, channels, 2), channels[r.IntN(5)])}
		if r.IntN(2) == 0 {
			route.Accounts = pick(r, randomPatterns, 2)
		}
		if r.IntN(2) == 0 {
			route.Rules = pick(r, rulePatterns, 2)
		}
		if r.IntN(2) == 0 {
			for i := range r.IntN(3) {
				route.Severities = append(route.Severities, allSeverities[(i+r.IntN(2))%3])
			}
		}
		route.Labels, route.Tags = pickPatterns(r), pickPatterns(r)
		f.Routes = append(f.Routes, route)
	}
	return f
}

// oracle says who hears of a finding in another way: by the whole list of conditions of
// each route, and which of those that fit are asked at all.
func oracle(f *fleet.Fleet, a fleet.Account, x fleet.Finding) []string {
	var fitting []fleet.Route
	for _, route := range f.Routes {
		failed := 0
		ask := func(patterns []string, texts ...string) {
			hits := 0
			for _, pattern := range patterns {
				for _, text := range texts {
					if ok, err := path.Match(pattern, text); ok && err == nil { // the words have no / and no [
						hits++
					}
				}
			}
			if len(patterns) > 0 && hits == 0 {
				failed++
			}
		}
		ask(route.Accounts, a.Uin, a.Name)
		ask(route.Rules, x.Rule)
		var words []string
		for _, severity := range route.Severities {
			words = append(words, string(severity))
		}
		ask(words, string(x.Severity))
		for _, pair := range []struct {
			wanted map[string][]string
			has    map[string]string
		}{{route.Labels, a.Labels}, {route.Tags, x.Tags}} {
			for name, patterns := range pair.wanted {
				var values []string
				for key, value := range pair.has {
					if key == name {
						values = append(values, value)
					}
				}
				ask(patterns, values...)
			}
		}
		if failed == 0 {
			fitting = append(fitting, route)
		}
	}
	last := slices.IndexFunc(fitting, func(route fleet.Route) bool { return !route.Continue })
	if last >= 0 {
		fitting = fitting[:last+1]
	}
	told := f.Default
	if len(fitting) > 0 {
		told = nil
		for _, route := range fitting {
			told = append(told, route.To...)
		}
	}
	var names []string
	for i, name := range told {
		if slices.Index(told, name) == i {
			names = append(names, name)
		}
	}
	return names
}

// TestRandomRoutings: who hears is what an oracle says that works otherwise. Nobody is left
// out, nobody is told what is not theirs, and All has whoever may hear.
func TestRandomRoutings(t *testing.T) {
	t.Parallel()
	count := proof.Trials(20_000, 1_000_000)
	r := rand.New(rand.NewPCG(proof.Seed(12))) //nolint:gosec // the same routings every time
	byDefault, several := 0, 0
	var f *fleet.Fleet
	for i := range count {
		if i%10 == 0 {
			f = randomFleet(r)
		}
		a := fleet.Account{Uin: fmt.Sprint(10000 + r.IntN(20)), Name: randomNames[r.IntN(len(randomNames))], Labels: pickValues(r)}
		x := fleet.Finding{Rule: randomRules[r.IntN(len(randomRules))], Severity: allSeverities[r.IntN(3)], Tags: pickValues(r)}
		got, want := f.ChannelsFor(&a, x), oracle(f, a, x)
		if !slices.Equal(got, want) {
			t.Fatalf("routing %d: %v, want %v\n%+v\n%+v\n%+v", i, got, want, a, x, f.Routes)
		}
		all := f.RoutesOf(&a).All()
		for _, name := range got {
			if !slices.Contains(all, name) {
				t.Fatalf("routing %d: %s hears, and All %v lacks it\n%+v\n%+v", i, name, all, a, f.Routes)
			}
		}
		if slices.Contains(got, "c9") {
			byDefault++
		}
		if len(got) > 1 {
			several++
		}
	}
	if byDefault < count/10 || byDefault > count*9/10 || several < count/10 {
		t.Errorf("of %d routings %d went to default and %d to several: they show little", count, byDefault, several)
	}
	proof.Report(t, "%d random routings: nobody left out, nobody told what is not theirs", count)
}

// TestReachIsRight: a route that is said never to be reached is never the one that a
// finding goes by, whatever the finding; and Load refuses it.
func TestReachIsRight(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 12)) //nolint:gosec // the same files every time
	refused := 0
	for range proof.Trials(500, 20_000) {
		f := randomFleet(r)
		if len(f.Routes) == 0 {
			continue
		}
		text, marked := fileOf(f)
		whole, _, _ := said(text, options())
		isRefused := slices.ContainsFunc(whole, func(line string) bool { return strings.Contains(line, "can never be reached") })
		if !isRefused {
			continue
		}
		refused++
		for range 100 {
			a := fleet.Account{Uin: fmt.Sprint(10000 + r.IntN(20)), Name: randomNames[r.IntN(len(randomNames))], Labels: pickValues(r)}
			x := fleet.Finding{Rule: randomRules[r.IntN(len(randomRules))], Severity: allSeverities[r.IntN(3)], Tags: pickValues(r)}
			for _, name := range marked.ChannelsFor(&a, x) {
				for _, line := range whole {
					if strings.HasPrefix(line, "accounts.yaml:"+name+":") && strings.Contains(line, "never be reached") {
						t.Fatalf("line %s is reached by %+v %+v:\n%s", name, a, x, text)
					}
				}
			}
		}
	}
	if refused < 30 {
		t.Errorf("%d files were refused: that shows little", refused)
	}
}

// fileOf writes a fleet as a file, and gives the fleet with the line of each route as its
// only channel.
func fileOf(f *fleet.Fleet) (text string, marked *fleet.Fleet) {
	var b strings.Builder
	b.WriteString("version: 1\ndefaults: {role: r}\naccounts: [{uin: \"100000000001\"}]\nchannels:\n")
	names := append(slices.Clone(channels), "c9")
	for _, name := range names {
		fmt.Fprintf(&b, "  - {name: %s, kind: slack, url: LICENSEWATCH_SLACK_SECURITY}\n", name)
	}
	b.WriteString("default: [c9]\nroutes:\n")
	marked = &fleet.Fleet{Default: []string{"none"}}
	line := strings.Count(b.String(), "\n")
	for _, route := range f.Routes {
		line++
		fmt.Fprintf(&b, "  - {to: %s, continue: %t", route.To[0], route.Continue)
		for key, list := range map[string][]string{"account": route.Accounts, "rule": route.Rules} {
			if len(list) > 0 {
				fmt.Fprintf(&b, ", %s: [\"%s\"]", key, strings.Join(list, `", "`))
			}
		}
		if len(route.Severities) > 0 {
			fmt.Fprintf(&b, ", severity: %s", strings.ReplaceAll(fmt.Sprint(route.Severities), " ", ", "))
		}
		for key, patterns := range map[string]map[string][]string{"labels": route.Labels, "tags": route.Tags} {
			var parts []string
			for name, list := range patterns {
				list = slices.Compact(slices.Sorted(slices.Values(list)))
				parts = append(parts, name+`: ["`+strings.Join(list, `", "`)+`"]`)
			}
			if len(parts) > 0 {
				fmt.Fprintf(&b, ", %s: {%s}", key, strings.Join(parts, ", "))
			}
		}
		b.WriteString("}\n")
		route.To = []string{fmt.Sprint(line)}
		marked.Routes = append(marked.Routes, route)
	}
	return b.String(), marked
}

// TestFileOf: the files of the test are read as they were meant.
func TestFileOf(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // the same file every time
	text, _ := fileOf(randomFleet(r))
	whole, _, _ := said(text, options())
	whole = slices.DeleteFunc(whole, func(line string) bool { return strings.Contains(line, "never be reached") })
	if diff := cmp.Diff([]string(nil), whole, cmp.FilterValues(func(a, b []string) bool { return len(a)+len(b) == 0 }, cmp.Ignore())); diff != "" {
		t.Errorf("%s\n%s", text, diff)
	}
}
