package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// violation is the first thing found wrong in a decoded JSON value.
type violation struct {
	at        string // its place, for example "blocks[0].text.text"
	why       string
	unescaped bool // text that carries markup characters as they are
}

// schemaCheck judges a decoded JSON value; at is its place.
type schemaCheck func(at string, value any) *violation

func newViolation(at, format string, args ...any) *violation {
	return &violation{at: at, why: fmt.Sprintf(format, args...)}
}

// property is one member of an object.
type property struct {
	schemaCheck
	required bool
}

func requiredProperty(c schemaCheck) property { return property{c, true} }
func optionalProperty(c schemaCheck) property { return property{c, false} }

// objectOf wants these properties and no others.
func objectOf(known map[string]property) schemaCheck {
	return func(at string, value any) *violation {
		members, ok := value.(map[string]any)
		if !ok {
			return newViolation(at, "not an object")
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			p, ok := known[name]
			if !ok {
				return newViolation(pathOf(at, name), "unknown property")
			}
			if v := p.schemaCheck(pathOf(at, name), members[name]); v != nil {
				return v
			}
		}
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if _, given := members[name]; known[name].required && !given {
				return newViolation(pathOf(at, name), "missing")
			}
		}
		return nil
	}
}

func pathOf(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// taggedBy wants an object of one of these types, told apart by its "type".
func taggedBy(types map[string]schemaCheck) schemaCheck {
	return func(at string, value any) *violation {
		members, ok := value.(map[string]any)
		if !ok {
			return newViolation(at, "not an object")
		}
		name, _ := members["type"].(string)
		c, ok := types[name]
		if !ok {
			return newViolation(pathOf(at, "type"), "unknown type %q here; known are %s", name,
				strings.Join(slices.Sorted(maps.Keys(types)), ", "))
		}
		return c(at, value)
	}
}

// listOf wants so many elements, each as it should be.
func listOf(least, most int, each schemaCheck) schemaCheck {
	return func(at string, value any) *violation {
		elements, ok := value.([]any)
		if !ok {
			return newViolation(at, "not a list")
		}
		if len(elements) < least || len(elements) > most {
			return newViolation(at, "%d elements, allowed are %d to %d", len(elements), least, most)
		}
		for i, element := range elements {
			if v := each(fmt.Sprintf("%s[%d]", at, i), element); v != nil {
				return v
			}
		}
		return nil
	}
}

// stringUpTo wants a string of 1 to most characters (not bytes).
func stringUpTo(most int) schemaCheck {
	return func(at string, value any) *violation {
		text, ok := value.(string)
		if !ok {
			return newViolation(at, "not a string")
		}
		if n := utf8.RuneCountInString(text); n < 1 || n > most {
			return newViolation(at, "%d characters, allowed are 1 to %d", n, most)
		}
		return nil
	}
}

// oneOf wants one of these strings.
func oneOf(words ...string) schemaCheck {
	return func(at string, value any) *violation {
		if word, ok := value.(string); !ok || !slices.Contains(words, word) {
			return newViolation(at, "not one of %s", strings.Join(words, ", "))
		}
		return nil
	}
}

// anyBoolean wants true or false.
func anyBoolean(at string, value any) *violation {
	if _, ok := value.(bool); !ok {
		return newViolation(at, "not true or false")
	}
	return nil
}

// anything is content that is not looked at, but is not null.
func anything(at string, value any) *violation {
	if value == nil {
		return newViolation(at, "null")
	}
	return nil
}

// integerWithin wants an integer within bounds.
func integerWithin(least, most int) schemaCheck {
	return func(at string, value any) *violation {
		number, _ := value.(json.Number)
		n, err := strconv.Atoi(number.String())
		if err != nil || n < least || n > most {
			return newViolation(at, "not a whole number from %d to %d", least, most)
		}
		return nil
	}
}

// anyNumber wants a number of any kind.
func anyNumber(at string, value any) *violation {
	if _, ok := value.(json.Number); !ok {
		return newViolation(at, "not a number")
	}
	return nil
}

// webAddress wants an absolute http or https URL of at most 3000 characters.
func webAddress(at string, value any) *violation {
	if v := stringUpTo(3000)(at, value); v != nil {
		return v
	}
	u, err := url.Parse(value.(string))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return newViolation(at, "not a web address")
	}
	return nil
}

// allOf wants everything that all of its checks want.
func allOf(checks ...schemaCheck) schemaCheck {
	return func(at string, value any) *violation {
		for _, c := range checks {
			if v := c(at, value); v != nil {
				return v
			}
		}
		return nil
	}
}

// needsOneOf wants at least one of these members of an object.
func needsOneOf(names ...string) schemaCheck {
	return func(at string, value any) *violation {
		members, _ := value.(map[string]any)
		for _, name := range names {
			if _, given := members[name]; given {
				return nil
			}
		}
		return newViolation(at, "needs %s", strings.Join(names, " or "))
	}
}
