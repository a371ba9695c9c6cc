package message

import (
	"cmp"

	"licensewatch/license"
)

// exportSection tells what became of the license details.
type exportSection struct {
	*phrases

	export license.Export
}

// exportLines are nothing when none were to be exported.
func (s exportSection) exportLines() []line {
	e, w := s.export, s.words.export
	v := values{"task": taskValue(w, e)}
	switch e.Status {
	case license.ExportFinished:
		return []line{s.finishedExport(v)}
	case license.ExportPending:
		return []line{fill(w.pending, v)}
	case license.ExportSkipped:
		return []line{say(w.skipped)}
	case license.ExportFailed:
		return s.exportFailed(v)
	default:
		return nil
	}
}

// finishedExport gives the link where it may be shown, else the task and why.
func (s exportSection) finishedExport(v values) line {
	e, w := s.export, s.words.export
	if !e.Link.IsZero() {
		url, ok := safeLink(e.Link.Reveal())
		if !ok {
			return fill(w.unsafe, v)
		}
		return fill(w.link, values{"link": line{{text: w.label, url: url}}})
	}
	if host := ident(e.Withheld, s.bounds.name); len(host) > 0 {
		v["host"] = host
		return fill(w.withheld, v)
	}
	return fill(w.done, v)
}

// exportFailed says why there is no export and, for an API's refusal, what to
// do about it.
func (s exportSection) exportFailed(v values) []line {
	e, w := s.export, s.words.export
	failure := e.Failure
	if failure == nil {
		failure = &license.Failure{Kind: license.FailureInternal, Code: string(e.Problem)}
	}
	v["facts"] = s.failureFacts(failure)
	template := cmp.Or(w.problems[e.Problem], w.problems[license.ExportRefused])
	lines := []line{fill(template, v)}
	if e.Failure != nil && e.Problem != license.ExportNothing {
		if hint := s.failureHint(e.Failure); len(hint) > 0 {
			lines = append(lines, fill(s.words.unread.hint, values{"hint": hint}))
		}
	}
	return lines
}
