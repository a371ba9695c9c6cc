package rules

import (
	"slices"
	"sort"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"
)

const (
	// maxReminders bounds the thresholds of a rule.
	maxReminders = 20
	// maxReminder is the greatest number of days left, about ten years.
	maxReminder = 3650
	// maxInterval bounds remind_every.
	maxInterval = 365 * 24 * time.Hour
)

// compileReminders compiles when a rule that still fires speaks again.
func (r *rule) compileReminders(e *ruleEntry) {
	at, hasThresholds := e.values["remind_at"]
	every, hasInterval := e.values["remind_every"]
	if hasThresholds {
		r.remindAt = at.readRemindAt()
	}
	if hasInterval {
		r.remindEvery, r.remindLater = every.readRemindEvery()
	}
	switch {
	case r.change && hasThresholds:
		e.failChange(at, "remind_at", "a reminder belongs")
	case len(r.remindAt) > 0 && r.when != nil && !r.isDated():
		at.doc.failAtNode(at.node, "remind_at counts days left, which this rule does not have; it needs `each: order`, or a condition that reads tcss.DaysLeft; remind_every works without")
	}
	if r.change && hasInterval {
		e.failChange(every, "remind_every", "a reminder belongs")
	}
}

// readRemindAt gives the days left at which a rule speaks again, greatest first
// in whatever order they are written.
func (v locatedValue) readRemindAt() []int64 {
	elements, ok := v.doc.readList(v.node, "remind_at")
	if !ok {
		return nil
	}
	if len(elements) > maxReminders {
		v.doc.failAtNode(v.node, "remind_at has more than %d entries", maxReminders)
		return nil
	}
	var days []int64
	for _, element := range elements {
		number, ok := v.doc.readInteger(element, "an entry of remind_at")
		switch {
		case !ok:
		case number < 0 || number > maxReminder:
			v.doc.failAtNode(element, "an entry of remind_at must be between 0 and %d days, not %d", maxReminder,
				number)
		case slices.Contains(days, number):
			v.doc.failAtNode(element, "remind_at has %d twice", number)
		default:
			days = append(days, number)
		}
	}
	sort.Slice(days, func(i, j int) bool { return days[i] > days[j] })
	return days
}

// readRemindEvery gives the time after which a rule speaks again, and the one that
// takes its place after a week where there are two.
func (v locatedValue) readRemindEvery() (first, then time.Duration) {
	if v.node.Kind != yaml.SequenceNode || v.doc.refused[v.node] {
		return v.readInterval(), 0
	}
	elements := v.node.Content
	if len(elements) < 1 || len(elements) > 2 {
		v.doc.failAtNode(v.node, "remind_every is a time like 7d, or two, like [1d, 7d]: the first one for a week, then the second")
		return 0, 0
	}
	first = locatedValue{v.doc, elements[0]}.readInterval()
	if len(elements) == 2 {
		then = locatedValue{v.doc, elements[1]}.readInterval()
	}
	return first, then
}

// readInterval gives a time after which a rule speaks again.
func (v locatedValue) readInterval() time.Duration {
	value, ok := v.doc.readScalar(v.node, "remind_every")
	if !ok {
		return 0
	}
	units := map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour}
	unit, last := units[value[len(value)-1]], len(value)-1
	count, err := strconv.ParseUint(value[:last], 10, 16)
	every := time.Duration(count) * unit
	if err != nil || every < time.Hour || every > maxInterval {
		v.doc.failAtNode(v.node, "remind_every must be whole hours or days from 1h to 365d, like 12h or 7d, not %q",
			value)
		return 0
	}
	return every
}
