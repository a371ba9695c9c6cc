package message

import (
	"iter"

	"licensewatch/license"
)

// doubtIndex holds the doubts, and says where they are: there may be thousands, of as many
// orders, and none is looked for among all of them.
type doubtIndex struct {
	all     []doubt
	alike   map[doubtContent]int // by what those of one kind have in common
	ofOrder map[string][]int     // by the order's name
	others  []int                // that are about no order
}

// doubtContent is what doubts about several orders have in common.
type doubtContent struct {
	kind         doubtKind
	field, value string
}

// noteJudged notes the doubts because of which a rule could not be judged.
func (x *doubtIndex) noteJudged(unknown []license.Finding) {
	for i := range unknown {
		f := &unknown[i]
		for subject := range f.Subjects() {
			for _, field := range f.Missing {
				for d := range x.doubtsBehind(subject, field) {
					d.judged = true
				}
			}
		}
	}
}

// addDoubt adds a doubt that is about no order.
func (x *doubtIndex) addDoubt(d doubt) {
	x.others = append(x.others, len(x.all))
	x.all = append(x.all, d)
}

// addOrderDoubt adds a doubt about an order to those that are the same but for it.
func (x *doubtIndex) addOrderDoubt(d doubt, order string) {
	content := doubtContent{d.kind, d.field, d.value}
	i, isKnown := x.alike[content]
	if !isKnown {
		i = len(x.all)
		x.alike[content], x.all = i, append(x.all, d)
	}
	x.all[i].orders = append(x.all[i].orders, order)
	x.ofOrder[order] = append(x.ofOrder[order], i)
}

// doubtsBehind are the doubts because of which a rule lacked the field for a finding's
// subject: those about no order, and those about the order that it names, with something
// behind a "#" where others share its name. A rule about the account may lack it for any order.
func (x *doubtIndex) doubtsBehind(subject, field string) iter.Seq[*doubt] {
	return func(yield func(*doubt) bool) {
		goOn := true
		look := func(d *doubt) {
			goOn = goOn && (!d.explainsField(field) || yield(d))
		}
		if subject == "" {
			for i := range x.all {
				look(&x.all[i])
			}
			return
		}
		for _, i := range x.others {
			look(&x.all[i])
		}
		for end := range len(subject) + 1 {
			if end == len(subject) || end > 0 && subject[end] == '#' {
				for _, i := range x.ofOrder[subject[:end]] {
					look(&x.all[i])
				}
			}
		}
	}
}

// isDoubted says whether a doubt explains why a rule lacked the field for a subject.
func (x *doubtIndex) isDoubted(subject, field string) bool {
	for range x.doubtsBehind(subject, field) {
		return true
	}
	return false
}
