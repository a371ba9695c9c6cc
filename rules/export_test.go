package rules

// LoadDefault loads the built-in rules each time it is called.
func LoadDefault() *Set { return loadDefault() }

// WithPanic makes a rule of the set panic when it is judged.
func WithPanic(s *Set, id string) *Set {
	for _, r := range s.rules {
		if r.id == id {
			r.when = &expression{root: panicking{}, reads: r.when.reads}
		}
	}
	return s
}

type panicking struct{}

func (panicking) eval(*frame) answer { panic("on purpose") }
