package life

import (
	"maps"
	"reflect"
	"slices"
)

// What channels are told alike is one message, and is held once: there may be 10,000
// findings and ten channels.

// isSameContent says whether both say the same. The findings are compared one by one: all at
// once would take as much memory again.
func isSameContent(c, other messageContent) bool {
	isSame := func(a, b toldFinding) bool { return a.finding == b.finding && isSameValue(a.story, b.story) }
	if !slices.EqualFunc(c.firing, other.firing, isSame) ||
		!maps.EqualFunc(c.findings, other.findings, isSameValue[notification]) {
		return false
	}
	c.firing, c.findings, other.firing, other.findings = nil, nil, nil, nil
	return reflect.DeepEqual(c, other)
}

// isSameValue is reflect.DeepEqual, which is slow, for values that are mostly the same to the
// pointers in them.
func isSameValue[T comparable](a, b *T) bool { return a == b || *a == *b || reflect.DeepEqual(a, b) }

// sharedValue is the other value, which may be nil, where both are the same.
func sharedValue[T comparable](mine, other *T) *T {
	if other != nil && isSameValue(mine, other) {
		return other
	}
	return mine
}
