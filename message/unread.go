package message

import (
	"slices"

	"licensewatch/license"
)

// unreadBlocks tell, for each source that could not be read, why and what to
// do. Where the next one needs the same, that is said once, after both.
func (c *composer) unreadBlocks() [][]line {
	var blocks [][]line
	var block []line
	for i, source := range c.unread {
		block = append(block, c.unreadSource(source))
		hint := c.hintFor(source)
		if i+1 < len(c.unread) && slices.Equal(hint, c.hintFor(c.unread[i+1])) {
			continue
		}
		if len(hint) > 0 {
			block = append(block, fill(c.words.unread.hint, values{"hint": hint}))
		}
		blocks, block = append(blocks, block), nil
	}
	return blocks
}

// sourceFailure is why a source could not be read.
func (c *composer) sourceFailure(source license.Source) *license.Failure {
	if f := c.report.Snapshot.Failures[source]; f != nil {
		return f
	}
	return &license.Failure{Kind: license.FailureInternal, Code: "NotRead"}
}

func (c *composer) unreadSource(source license.Source) line {
	name, facts := styled(c.sourceName(source), span{strong: true}), c.failureFacts(c.sourceFailure(source))
	if c.isUnexplained(source) {
		facts = nil
	}
	if c.isLasting(source) || len(facts) == 0 {
		return join(c.words.story.sources.facts, c.unreadSince(name, c.outages[source]), facts)
	}
	return fill(c.words.unread.source, values{"source": name, "facts": facts})
}

// hintFor says what to do about a source that could not be read.
func (c *composer) hintFor(source license.Source) line {
	if c.isUnexplained(source) {
		return nil
	}
	return c.failureHint(c.sourceFailure(source))
}

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
func (c *composer) unknownRules() []line {
	rules := c.unjudgedRules()
	if len(rules) == 0 {
		return nil
	}
	w := c.words.unread
	n := int64(len(rules))
	unexplained := slices.DeleteFunc(slices.Clone(rules), func(u *unjudgedRule) bool { return u.problem == "" && len(u.missing) == 0 })
	if len(unexplained) == 0 {
		return []line{fill(w.rules.of(n), values{"n": number(n)})}
	}
	return []line{fill(w.details.of(n), values{"n": number(n), "rules": c.words.listItems(len(unexplained), c.bounds.rules, func(i int) line {
		u := unexplained[i]
		return fill(w.rule, values{"rule": c.orUnknown(ident(u.rule, c.bounds.name)), "reason": c.unjudgedReason(u)})
	})})}
}

// unjudgedRules gathers the unknown findings by rule, in their order.
func (c *composer) unjudgedRules() []*unjudgedRule {
	var list []*unjudgedRule
	byRule := map[string]*unjudgedRule{}
	for i := range c.report.Unknown {
		f := &c.report.Unknown[i]
		u := byRule[f.Rule]
		if u == nil {
			u = &unjudgedRule{rule: f.Rule}
			byRule[f.Rule] = u
			list = append(list, u)
		}
		for subject := range f.Subjects() {
			missing := c.missingFields(f, subject)
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
func (c *composer) missingFields(f *license.Finding, subject string) []string {
	return slices.DeleteFunc(slices.Clone(f.Missing), func(field string) bool {
		return c.doubts.isDoubted(subject, field) || slices.ContainsFunc(c.unread, func(s license.Source) bool { return isFromSource(field, s) })
	})
}

// unjudgedReason says why a rule could not be judged, and for how many orders.
func (c *composer) unjudgedReason(u *unjudgedRule) line {
	if u.problem != "" {
		return c.orUnknown(quote(u.problem, c.bounds.name))
	}
	reason := fill(c.words.unread.missing, values{"fields": c.identList(u.missing, c.bounds.name)})
	switch n := int64(len(u.subjects)); n {
	case 0:
		return reason
	case 1:
		return join(c.words.comma, ident(u.subjects[0], c.bounds.name), reason)
	default:
		return join(c.words.comma, fill(c.words.unread.subject.of(n), values{"n": number(n)}), reason)
	}
}

// isFromSource says whether something a rule missed comes from the source: the source
// itself, or one of its fields as the rules name them.
func isFromSource(field string, source license.Source) bool {
	return field == string(source) || license.SourceOf(field) == source
}
