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

// check judges a decoded JSON value; at is its place.
type check func(at string, value any) *violation

func wrong(at, format string, args ...any) *violation {
	return &violation{at: at, why: fmt.Sprintf(format, args...)}
}

// property is one member of an object.
type property struct {
	check
	required bool
}

func must(c check) property { return property{c, true} }
func may(c check) property  { return property{c, false} }

// object wants these properties and no others.
func object(known map[string]property) check {
	return func(at string, value any) *violation {
		members, ok := value.(map[string]any)
		if !ok {
			return wrong(at, "not an object")
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			p, ok := known[name]
			if !ok {
				return wrong(within(at, name), "unknown property")
			}
			if v := p.check(within(at, name), members[name]); v != nil {
				return v
			}
		}
		for _, name := range slices.Sorted(maps.Keys(known)) {
			if _, given := members[name]; known[name].required && !given {
				return wrong(within(at, name), "missing")
			}
		}
		return nil
	}
}

func within(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// tagged wants an object of one of these types, told apart by its "type".
func tagged(types map[string]check) check {
	return func(at string, value any) *violation {
		members, ok := value.(map[string]any)
		if !ok {
			return wrong(at, "not an object")
		}
		name, _ := members["type"].(string)
		c, ok := types[name]
		if !ok {
			return wrong(within(at, "type"), "unknown type %q here; known are %s", name,
				strings.Join(slices.Sorted(maps.Keys(types)), ", "))
		}
		return c(at, value)
	}
}

// list wants so many elements, each as it should be.
func list(least, most int, each check) check {
	return func(at string, value any) *violation {
		elements, ok := value.([]any)
		if !ok {
			return wrong(at, "not a list")
		}
		if len(elements) < least || len(elements) > most {
			return wrong(at, "%d elements, allowed are %d to %d", len(elements), least, most)
		}
		for i, element := range elements {
			if v := each(fmt.Sprintf("%s[%d]", at, i), element); v != nil {
				return v
			}
		}
		return nil
	}
}

// characters wants a string of 1 to most characters (not bytes).
func characters(most int) check {
	return func(at string, value any) *violation {
		text, ok := value.(string)
		if !ok {
			return wrong(at, "not a string")
		}
		if n := utf8.RuneCountInString(text); n < 1 || n > most {
			return wrong(at, "%d characters, allowed are 1 to %d", n, most)
		}
		return nil
	}
}

// one wants one of these strings.
func one(words ...string) check {
	return func(at string, value any) *violation {
		if word, ok := value.(string); !ok || !slices.Contains(words, word) {
			return wrong(at, "not one of %s", strings.Join(words, ", "))
		}
		return nil
	}
}

// flag wants true or false.
func flag(at string, value any) *violation {
	if _, ok := value.(bool); !ok {
		return wrong(at, "not true or false")
	}
	return nil
}

// anything is content that is not looked at, but is not null.
func anything(at string, value any) *violation {
	if value == nil {
		return wrong(at, "null")
	}
	return nil
}

// whole wants an integer within bounds.
func whole(least, most int) check {
	return func(at string, value any) *violation {
		number, _ := value.(json.Number)
		n, err := strconv.Atoi(number.String())
		if err != nil || n < least || n > most {
			return wrong(at, "not a whole number from %d to %d", least, most)
		}
		return nil
	}
}

// numeric wants a number of any kind.
func numeric(at string, value any) *violation {
	if _, ok := value.(json.Number); !ok {
		return wrong(at, "not a number")
	}
	return nil
}

// webAddress wants an absolute http or https URL of at most 3000 characters.
func webAddress(at string, value any) *violation {
	if v := characters(3000)(at, value); v != nil {
		return v
	}
	u, err := url.Parse(value.(string))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return wrong(at, "not a web address")
	}
	return nil
}

// both wants everything that all of its checks want.
func both(checks ...check) check {
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
func needsOneOf(names ...string) check {
	return func(at string, value any) *violation {
		members, _ := value.(map[string]any)
		for _, name := range names {
			if _, given := members[name]; given {
				return nil
			}
		}
		return wrong(at, "needs %s", strings.Join(names, " or "))
	}
}
