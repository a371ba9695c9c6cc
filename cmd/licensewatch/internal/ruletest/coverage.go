package ruletest

// Coverage notes which rules fired as a test expected. The zero value is ready.
type Coverage struct{ sets []*coveredSet }

// coveredSet is one rules file, which several test files may be about.
type coveredSet struct {
	rules string
	ids   []string
	fired map[string]bool
}

// firedOf gives the rules that fired among those of a suite.
func (c *Coverage) firedOf(s *Suite) map[string]bool {
	for _, set := range c.sets {
		if set.rules == s.rules {
			return set.fired
		}
	}
	set := &coveredSet{rules: s.rules, ids: s.set.IDs(), fired: map[string]bool{}}
	c.sets = append(c.sets, set)
	return set.fired
}

// Covered says how much of a rules file its tests cover.
type Covered struct {
	Rules     string   `json:"rules"`      // the path of the rules file, or BuiltIn
	Count     int      `json:"count"`      // of the rules that are switched on
	NotTested []string `json:"not_tested"` // those that fired in no test as expected
}

// Report gives the coverage of each rules file, in the order of the test files.
func (c *Coverage) Report() []Covered {
	all := []Covered{}
	for _, set := range c.sets {
		covered := Covered{Rules: set.rules, Count: len(set.ids), NotTested: []string{}}
		for _, id := range set.ids {
			if !set.fired[id] {
				covered.NotTested = append(covered.NotTested, id)
			}
		}
		all = append(all, covered)
	}
	return all
}
