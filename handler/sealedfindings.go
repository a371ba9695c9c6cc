package handler

import (
	"cmp"
	"slices"
	"time"

	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/rules"
)

// sealedFindings is findings.json, in the order of the rules.
type sealedFindings struct {
	Version  int               `json:"version"`
	Rules    []rules.SourceSum `json:"rules"`
	Findings []sealedFinding   `json:"findings"`
	OK       *int              `json:"ok"` // how many are not listed, because nothing is wrong; nil with many orders
}

// sealedFinding is what a rule says of a subject.
type sealedFinding struct {
	Rule      string             `json:"rule"`
	Subject   string             `json:"subject,omitempty"` // empty: the account
	Others    []string           `json:"others,omitempty"`  // further subjects of the same
	State     license.State      `json:"state"`
	Severity  license.Severity   `json:"severity"`
	Title     string             `json:"title,omitempty"`
	Detail    string             `json:"detail,omitempty"`
	Deadline  time.Time          `json:"deadline,omitzero"`
	CoveredBy string             `json:"covered_by,omitempty"`
	Missing   []string           `json:"missing,omitempty"`
	Problem   string             `json:"problem,omitempty"`
	Evidence  []sealedConditions `json:"evidence"` // empty with many orders
}

// sealedConditions is a condition of a rule, with what it read.
type sealedConditions struct {
	Expression string            `json:"expression"`
	Value      license.State     `json:"value"`
	Fields     map[string]string `json:"fields"`
}

// sealFindings makes findings.json.
func (e *evidence) sealFindings(set *rules.Set, snapshot license.Snapshot, now time.Time,
	language license.Language) ([]byte, error) {
	findings := e.findings
	if findings == nil {
		snapshot.Previous = e.previous
		findings = set.Judge(snapshot, now, language)
	}
	file, ok := sealedFindings{Version: 1, Rules: set.SourceSums(), Findings: []sealedFinding{}}, 0
	for i := range findings {
		f := &findings[i]
		if f.State == license.OK {
			ok++
			continue
		}
		sealed := sealedFinding{Rule: f.Rule, Subject: f.Subject, Others: f.Others, State: f.State,
			Severity: f.Severity,
			Title:    f.Title.In(language), Detail: f.Detail.In(language), Deadline: f.Deadline, CoveredBy: f.CoveredBy,
			Missing: f.Missing, Problem: f.Problem, Evidence: []sealedConditions{}}
		for _, condition := range f.Evidence {
			fields := map[string]string{}
			for _, value := range condition.Values {
				fields[value.Field] = value.Text
			}
			sealed.Evidence = append(sealed.Evidence, sealedConditions{condition.Condition, condition.State, fields})
		}
		file.Findings = append(file.Findings, sealed)
	}
	if e.findings == nil {
		file.OK = &ok
	} else { // a run has the first only of a rule's that are ok, and has moved what it told to the front
		places := map[string]int{}
		for i, rule := range set.IDs() {
			places[rule] = i
		}
		slices.SortStableFunc(file.Findings, func(a, b sealedFinding) int {
			return cmp.Compare(places[a.Rule], places[b.Rule])
		})
	}
	return message.JSON(file)
}
