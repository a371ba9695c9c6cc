package message

import "licensewatch/license"

const (
	// boundNamedAll is up to how many machines are all named; of more, boundNamed are.
	boundNamedAll = 5
	boundNamed    = 3
)

// boundLine says which machines lose their edition with the order, or have lost it, where
// nobody has said so yet: of a group its members' numbers are enough, and what is only good
// to know takes nothing away.
func (s findingSection) boundLine(f license.Finding) line {
	b := f.Bound
	if b == nil || b.Count <= 0 || f.Severity == license.Info || s.bound[f.Subject] {
		return nil
	}
	names := s.boundNames(b)
	if len(names) == 0 && hasNumber(f.Title.In(s.language), b.Count) {
		return nil
	}
	s.bound[f.Subject] = true
	w := boundWordsIn(s.language)
	template := w.lose
	if b.IsLost {
		template = w.lost
	}
	text := fill(template.of(b.Count), values{"n": count(b.Count), "edition": s.boundEdition(b)})
	if !b.At.IsZero() {
		text = append(text, fill(w.asOf, values{"date": s.dateLine(b.At.In(s.at.Location()))})...)
	}
	if len(names) == 0 {
		return text
	}
	return fill(w.named, values{"text": text, "names": names})
}

// boundEdition is what the machines lose; the protection where nobody knows the edition.
func (s findingSection) boundEdition(b *license.LosingMachines) line {
	if b.LicenseType != nil {
		if edition := license.EditionTitle(*b.LicenseType).In(s.language); edition != "" {
			return say(edition)
		}
	}
	return say(boundWordsIn(s.language).protection)
}

// boundNames are some names, and how many more machines there are; nothing where they are not
// to be named.
func (s findingSection) boundNames(b *license.LosingMachines) line {
	names := b.Names
	if !s.namesMachines || len(names) == 0 {
		return nil
	}
	if b.Count > boundNamedAll {
		names = names[:min(boundNamed, len(names))]
	}
	var all []line
	for _, name := range names[:min(len(names), boundNamedAll)] {
		if named := ident(name, s.bounds.name); len(named) > 0 {
			all = append(all, named)
		}
	}
	rest := b.Count - int64(len(all))
	if len(all) == 0 {
		return nil
	}
	named := join(s.words.listComma, all...)
	if rest > 0 {
		named = append(s.words.beforeMore(named), fill(boundWordsIn(s.language).more.of(rest),
			values{"n": count(rest)})...)
	}
	return named
}

// boundWords are the words of that line.
type boundWords struct {
	lose, lost counted // {n}, {edition}
	asOf       string  // {date}: when they were seen, where that was before
	named      string  // {text}, {names}
	more       counted // {n}: behind the names
	protection string  // in the place of an edition
}

var (
	englishBound = boundWords{
		lose: counted{"{n} machine loses {edition}", "{n} machines lose {edition}"},
		lost: counted{"{n} machine lost {edition}", "{n} machines lost {edition}"},
		asOf: " (as of {date})", named: "{text}: {names}", more: counted{many: " and {n} more"},
		protection: "the edition of the order",
	}
	chineseBound = boundWords{
		lose: counted{many: "{n} 台主机将失去{edition}防护"},
		lost: counted{many: "{n} 台主机已失去{edition}防护"},
		asOf: "（{date}的绑定情况）", named: "{text}：{names}", more: counted{many: "等，另有 {n} 台"}, protection: "",
	}
)

func boundWordsIn(language license.Language) boundWords {
	if language == license.Chinese {
		return chineseBound
	}
	return englishBound
}
