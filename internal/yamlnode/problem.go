package yamlnode

import (
	"cmp"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Problem is one mistake in a file.
type Problem struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // from 1
	Column int    `json:"column"` // from 1, in characters
	Text   string `json:"text"`
}

// String is "file:line:column: text".
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// Problems gathers the mistakes of a file, and of files that it names.
type Problems struct {
	// Quote puts a part of the file into a message, where it may hold what must not be
	// repeated; nil: as Quoted does.
	Quote func(text string) string

	file string
	list []Problem
	has  map[Problem]bool // what is read more than once is reported once
}

// In gathers the mistakes of the file of this name.
func In(file string) *Problems { return &Problems{file: file} }

// File is the name of the file.
func (p *Problems) File() string { return p.file }

func (p *Problems) quoted(text string) string {
	if p.Quote != nil {
		return p.Quote(text)
	}
	return Quoted(text)
}

// Fail reports a mistake at a node.
func (p *Problems) Fail(n *yaml.Node, format string, args ...any) {
	p.FailAt(n.Line, n.Column, format, args...)
}

// FailAt reports a mistake at a place, or at the beginning of the file where the
// place is not known.
func (p *Problems) FailAt(line, column int, format string, args ...any) {
	p.Add(Problem{File: p.file, Line: max(line, 1), Column: max(column, 1), Text: fmt.Sprintf(format, args...)})
}

// Add takes over mistakes that were found elsewhere.
func (p *Problems) Add(problems ...Problem) {
	if p.has == nil {
		p.has = map[Problem]bool{}
	}
	for _, problem := range problems {
		if !p.has[problem] {
			p.has[problem] = true
			p.list = append(p.list, problem)
		}
	}
}

// Any says whether there is a mistake.
func (p *Problems) Any() bool { return len(p.list) > 0 }

// Sorted gives the mistakes in the order of the file; those of other files come
// behind its own.
func (p *Problems) Sorted() []Problem {
	rank := map[string]int{p.file: 0}
	for _, problem := range p.list {
		if _, ok := rank[problem.File]; !ok {
			rank[problem.File] = len(rank)
		}
	}
	slices.SortStableFunc(p.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(rank[a.File], rank[b.File]), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column))
	})
	return p.list
}
