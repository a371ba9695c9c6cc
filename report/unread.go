package report

import (
	"cmp"
	"slices"
	"strings"

	"licensewatch/license"
)

// Unread is a source that could not be read, and why; nil: a part of it was read.
type Unread struct {
	Source license.Source
	Why    *license.Failure
}

// code says in a word why: the API's code, or the kind.
func (u *Unread) code() string {
	if u.Why == nil {
		return "incomplete"
	}
	return cmp.Or(u.Why.Code, string(u.Why.Kind))
}

// unreadCodes are the sources and codes as programs read them: "tcss: AuthFailure".
func unreadCodes(all []Unread) string {
	var codes []string
	for i := range all {
		codes = append(codes, string(all[i].Source)+": "+all[i].code())
	}
	return strings.Join(codes, ", ")
}

// unreadCause is why some sources of an account were not read.
type unreadCause struct {
	code, advice    string
	titles, actions []string
}

// unread says which sources were not read, why and what to do; once for all of the same cause.
func (w wording) unread(all []Unread) string {
	var causes []unreadCause
	for i := range all {
		code, advice, action := all[i].code(), "", ""
		if why := all[i].Why; why != nil {
			advice, action = why.AdviceOfAccount().In(w.language), why.Service+":"+why.Action
		} else {
			code = w.s("only a part was read", "仅读到一部分")
		}
		at := slices.IndexFunc(causes, func(c unreadCause) bool { return c.code == code && c.advice == advice })
		if at < 0 {
			at = len(causes)
			causes = append(causes, unreadCause{code: code, advice: advice})
		}
		c := &causes[at]
		c.titles = append(c.titles, all[i].Source.Info().Title.In(w.language))
		if !slices.Contains(c.actions, action) {
			c.actions = append(c.actions, action)
		}
	}
	comma := w.s(", ", "、")
	var said []string
	for _, c := range causes {
		words := c.code
		if c.advice != "" {
			words = strings.ReplaceAll(strings.TrimSuffix(c.advice, "."), "{action}", strings.Join(c.actions, comma)) +
				w.s(" (", "（") + c.code + w.s(")", "）")
		}
		said = append(said, strings.Join(c.titles, comma)+w.s(": ", "：")+words)
	}
	return strings.Join(said, w.s("; ", "；"))
}
