package message

import "iter"

// doubtIndex says where doubts are: there may be thousands, of as many orders, and none is
// looked for among all of them.
type doubtIndex struct {
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
func (c *composer) noteJudged() {
	for i := range c.report.Unknown {
		f := &c.report.Unknown[i]
		for subject := range f.Subjects() {
			for _, field := range f.Missing {
				for d := range c.doubtsBehind(subject, field) {
					d.judged = true
				}
			}
		}
	}
}

// addDoubt adds a doubt that is about no order.
func (c *composer) addDoubt(d doubt) {
	c.doubtIndex.others = append(c.doubtIndex.others, len(c.doubts))
	c.doubts = append(c.doubts, d)
}

// addOrderDoubt adds a doubt about an order to those that are the same but for it.
func (c *composer) addOrderDoubt(d doubt, order string) {
	content := doubtContent{d.kind, d.field, d.value}
	i, isKnown := c.doubtIndex.alike[content]
	if !isKnown {
		i = len(c.doubts)
		c.doubtIndex.alike[content], c.doubts = i, append(c.doubts, d)
	}
	c.doubts[i].orders = append(c.doubts[i].orders, order)
	c.doubtIndex.ofOrder[order] = append(c.doubtIndex.ofOrder[order], i)
}

// doubtsBehind are the doubts because of which a rule lacked the field for a finding's
// subject: those about no order, and those about the order that it names, with something
// behind a "#" where others share its name. A rule about the account may lack it for any order.
func (c *composer) doubtsBehind(subject, field string) iter.Seq[*doubt] {
	return func(yield func(*doubt) bool) {
		goOn := true
		look := func(d *doubt) {
			goOn = goOn && (!d.explainsField(field) || yield(d))
		}
		if subject == "" {
			for i := range c.doubts {
				look(&c.doubts[i])
			}
			return
		}
		for _, i := range c.doubtIndex.others {
			look(&c.doubts[i])
		}
		for end := range len(subject) + 1 {
			if end == len(subject) || end > 0 && subject[end] == '#' {
				for _, i := range c.doubtIndex.ofOrder[subject[:end]] {
					look(&c.doubts[i])
				}
			}
		}
	}
}

// isDoubted says whether a doubt explains why a rule lacked the field for a subject.
func (c *composer) isDoubted(subject, field string) bool {
	for range c.doubtsBehind(subject, field) {
		return true
	}
	return false
}
