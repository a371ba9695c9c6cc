package routing

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"licensewatch/fleet"
	"licensewatch/license"
)

// Result is what became of one test.
type Result struct {
	Line     int       `json:"line"`
	Column   int       `json:"column"`
	Passed   bool      `json:"passed"`
	About    string    `json:"about"`   // what it tests, in words
	Checked  int       `json:"checked"` // combinations of account, rule and severity
	Failures []Failure `json:"failures,omitempty"`
}

// Failure is what somebody would not hear, or somebody who must not. What fails alike is
// one.
type Failure struct {
	Accounts   []Account          `json:"accounts"`
	Rules      []string           `json:"rules"`
	Severities []license.Severity `json:"severities"`
	Missing    []string           `json:"missing,omitempty"` // would not hear
	Wrong      []string           `json:"wrong,omitempty"`   // would hear and must not
	Got        []string           `json:"got"`               // who would hear
	Routes     []int              `json:"routes"`            // lines of the routes by which it goes; none: default

	RulesCalled string `json:"-"` // what a person reads
}

// Run runs the tests.
func (s *Suite) Run(f *fleet.Fleet, accounts []fleet.Account, rules []Rule) []Result {
	results := []Result{}
	for _, e := range s.expectations {
		results = append(results, e.run(f, accounts, rules))
	}
	return results
}

// run asks the routes about all that fits a test.
func (e expectation) run(f *fleet.Fleet, accounts []fleet.Account, rules []Rule) Result {
	result := Result{Line: e.line, Column: e.column, About: e.about()}
	asked := e.accountsOf(f, accounts)
	if e.account == "" || e.account == "*" { // as routes see it
		asked = append(slices.Clone(asked), fleet.Account{})
	}
	for _, a := range asked {
		routes := f.RoutesOf(&a)
		of, named := ofAccounts(rules), Account{a.Uin, a.Name}
		if a.Uin == "" && a.Name == "" {
			of, named.Name = ofFleet(rules), "the fleet"
		}
		var failures []Failure
		asked := map[string]bool{}
		for _, rule := range of {
			for _, severity := range e.severitiesOf(rule) {
				result.Checked++
				asked[rule.ID] = true
				finding := fleet.Finding{Rule: rule.ID, Severity: severity, Tags: e.tags}
				if failure, failed := e.check(routes, finding); failed {
					failures = addFailure(failures, failure)
				}
			}
		}
		for _, failure := range failures {
			failure.Accounts = []Account{named}
			failure.RulesCalled = callSome(failure.Rules)
			if len(failure.Rules) == len(asked) {
				failure.RulesCalled = cmp.Or(e.rule, "every rule")
			}
			result.Failures = addAccount(result.Failures, failure)
		}
	}
	result.Passed = len(result.Failures) == 0
	return result
}

// severitiesOf are those of a rule's findings that a test is about; none when it is about
// other rules.
func (e expectation) severitiesOf(rule Rule) []license.Severity {
	if e.rule != "" && len(fleet.RulesFitting([]string{e.rule}, []string{rule.ID})) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(rule.Severities), func(s license.Severity) bool {
		return len(e.severities) > 0 && !slices.Contains(e.severities, s)
	})
}

// about says in words what a test is about.
func (e expectation) about() string {
	parts := []string{cmp.Or(e.account, "every account"), cmp.Or(e.rule, "every rule")}
	if len(e.severities) > 0 {
		parts = append(parts, SeverityWords(e.severities))
	}
	for _, name := range slices.Sorted(maps.Keys(e.tags)) {
		parts = append(parts, name+"="+e.tags[name])
	}
	text := strings.Join(parts, " · ")
	told := slices.Clone(e.want)
	for _, name := range e.not {
		told = append(told, "not "+name)
	}
	return text + " → " + strings.Join(told, ", ")
}

// accountsOf are the accounts that a test is about. One that the file does not list may be
// a member of the organization.
func (e expectation) accountsOf(f *fleet.Fleet, accounts []fleet.Account) []fleet.Account {
	if e.account == "" {
		return accounts
	}
	found := fleet.Matching(accounts, []string{e.account})
	if len(found) == 0 && f.Organization != nil {
		found = []fleet.Account{{Uin: e.account, Name: e.account, Labels: f.Organization.Labels}}
	}
	return found
}

// check compares who would hear with who has to.
func (e expectation) check(routes fleet.AccountRoutes, finding fleet.Finding) (Failure, bool) {
	f := Failure{Rules: []string{finding.Rule}, Severities: []license.Severity{finding.Severity},
		Got: routes.Channels(finding), Routes: []int{}}
	for _, route := range routes.Fitting(finding) {
		f.Routes = append(f.Routes, route.Line)
	}
	for _, name := range e.want {
		if !slices.Contains(f.Got, name) {
			f.Missing = append(f.Missing, name)
		}
	}
	for _, name := range e.not {
		if slices.Contains(f.Got, name) {
			f.Wrong = append(f.Wrong, name)
		}
	}
	return f, len(f.Missing)+len(f.Wrong) > 0
}

// addFailure adds a failure of an account to those that are alike.
func addFailure(failures []Failure, f Failure) []Failure {
	i := slices.IndexFunc(failures, func(other Failure) bool { return other.isLike(f) })
	if i < 0 {
		return append(failures, f)
	}
	same := &failures[i]
	if !slices.Contains(same.Rules, f.Rules[0]) {
		same.Rules = append(same.Rules, f.Rules[0])
	}
	if !slices.Contains(same.Severities, f.Severities[0]) {
		same.Severities = append(same.Severities, f.Severities[0])
		sortWorstFirst(same.Severities)
	}
	return failures
}

// addAccount adds a failure of a further account to those that are alike.
func addAccount(failures []Failure, f Failure) []Failure {
	i := slices.IndexFunc(failures, func(other Failure) bool {
		return other.isLike(f) && slices.Equal(other.Rules, f.Rules) && slices.Equal(other.Severities, f.Severities)
	})
	if i < 0 {
		return append(failures, f)
	}
	failures[i].Accounts = append(failures[i].Accounts, f.Accounts...)
	return failures
}

// isLike says whether the same goes the same wrong way.
func (f Failure) isLike(other Failure) bool {
	return slices.Equal(other.Missing, f.Missing) && slices.Equal(other.Wrong, f.Wrong) &&
		slices.Equal(other.Got, f.Got) &&
		slices.Equal(other.Routes, f.Routes)
}
