package message

import (
	"slices"

	"licensewatch/license"
)

// unjudgedRule is a rule that could not be judged, for every subject it was asked
// about, with what neither an unread source nor a value that is told of explains.
type unjudgedRule struct {
	rule     string
	subjects []string
	missing  []string
	problem  string
}

// unknownRules counts the rules that could not be judged, and explains those
// that no unread source explains.
func (s unknownSection) unknownRules() []line {
	rules := s.unjudgedRules()
	if len(rules) == 0 {
		return nil
	}
	w := s.words.unread
	n := int64(len(rules))
	unexplained := slices.DeleteFunc(slices.Clone(rules), func(u *unjudgedRule) bool {
		return u.problem == "" && len(u.missing) == 0
	})
	if len(unexplained) == 0 {
		return []line{fill(w.rules.of(n), values{"n": number(n)})}
	}
	return []line{fill(w.details.of(n), values{"n": number(n),
		"rules": s.words.listItems(len(unexplained), s.bounds.rules, func(i int) line {
			u := unexplained[i]
			return fill(w.rule, values{"rule": s.orUnknown(ident(u.rule, s.bounds.name)),
				"reason": s.unjudgedReason(u)})
		})})}
}

// unjudgedRules gathers the unknown findings by rule, in their order.
func (s unknownSection) unjudgedRules() []*unjudgedRule {
	var list []*unjudgedRule
	byRule := map[string]*unjudgedRule{}
	for i := range s.rules {
		f := &s.rules[i]
		u := byRule[f.Rule]
		if u == nil {
			u = &unjudgedRule{rule: f.Rule}
			byRule[f.Rule] = u
			list = append(list, u)
		}
		for subject := range f.Subjects() {
			missing := s.missingFields(f, subject)
			if subject != "" && len(missing) > 0 {
				u.subjects = append(u.subjects, subject)
			}
			for _, field := range missing {
				if !slices.Contains(u.missing, field) {
					u.missing = append(u.missing, field)
				}
			}
		}
		if u.problem == "" {
			u.problem = f.Problem
		}
	}
	return list
}

// missingFields are the fields a finding lacked for one of its subjects that nothing explains
// which the message tells.
func (s unknownSection) missingFields(f *license.Finding, subject string) []string {
	return slices.DeleteFunc(slices.Clone(f.Missing), func(field string) bool {
		return s.doubts.isDoubted(subject, field) ||
			slices.ContainsFunc(s.unread, func(source license.Source) bool { return isFromSource(field, source) })
	})
}

// unjudgedReason says why a rule could not be judged, and for how many orders.
func (s unknownSection) unjudgedReason(u *unjudgedRule) line {
	if u.problem != "" {
		return s.orUnknown(quote(u.problem, s.bounds.name))
	}
	reason := fill(s.words.unread.missing, values{"fields": s.identList(u.missing, s.bounds.name)})
	switch n := int64(len(u.subjects)); n {
	case 0:
		return reason
	case 1:
		return join(s.words.comma, ident(u.subjects[0], s.bounds.name), reason)
	default:
		return join(s.words.comma, fill(s.words.unread.subject.of(n), values{"n": number(n)}), reason)
	}
}

// isFromSource says whether something a rule missed comes from the source: the source
// itself, or one of its fields as the rules name them.
func isFromSource(field string, source license.Source) bool {
	return field == string(source) || license.SourceOf(field) == source
}
