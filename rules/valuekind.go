package rules

import "math"

// valueKind is what sort of value an expression has.
type valueKind uint8

const (
	kindNone  valueKind = iota // not known: a mistake in the expression has been reported
	kindBool                   // bool
	kindInt                    // int64
	kindFloat                  // float64; its values may also be int64
	kindText                   // string
	kindTags                   // map[string]string
	kindMixed                  // text or number or bool, as the data will have it
)

// String is for the messages to people.
func (k valueKind) String() string {
	switch k {
	case kindBool:
		return "true or false"
	case kindInt, kindFloat:
		return "a number"
	case kindText:
		return "text"
	case kindTags:
		return "a set of tags"
	default:
		return "of no single type"
	}
}

func (k valueKind) isNumber() bool { return k == kindInt || k == kindFloat }

// comparesWith says whether values of both kinds can be compared.
func (k valueKind) comparesWith(other valueKind) bool {
	return k == other && k != kindMixed || k.isNumber() && other.isNumber()
}

// commonKind is the kind of a value that comes from one of two expressions.
func commonKind(a, b valueKind) valueKind {
	switch {
	case a == kindNone || b == kindNone:
		return kindNone
	case a == b:
		return a
	case a.isNumber() && b.isNumber():
		return kindFloat
	default:
		return kindMixed
	}
}

// toFloat is a number as float64; NaN for anything else.
func toFloat(value any) float64 {
	switch value := value.(type) {
	case int64:
		return float64(value)
	case float64:
		return value
	default:
		return math.NaN()
	}
}
