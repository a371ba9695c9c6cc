package message

import (
	"cmp"
	"strconv"
	"strings"

	"licensewatch/license"
)

// exportSection tells what became of the license details.
type exportSection struct {
	*phrases

	export license.Export
	of     line // the accounts, of exports that came to the same end; empty: one account
}

// exportLines are nothing when none were to be exported.
func (s exportSection) exportLines() []line {
	e, w := s.export, s.words.export
	v := values{"what": s.exportName(), "task": taskValue(w, e)}
	switch e.Status {
	case license.ExportFinished:
		return s.withFile(s.finishedExport(v))
	case license.ExportPending:
		return []line{fill(w.pending, v)}
	case license.ExportSkipped:
		return []line{fill(w.skipped, v)}
	case license.ExportFailed:
		return s.exportFailed(v)
	default:
		return nil
	}
}

// exportName is what was to be exported.
func (s exportSection) exportName() line {
	if len(s.of) > 0 {
		return fill(s.words.export.detailsOf, values{"accounts": s.of})
	}
	if s.export.Month == "" {
		return say(s.words.export.details)
	}
	return fill(s.words.export.history, values{"month": say(s.export.Month)})
}

// finishedExport gives the link where it may be shown, else the task and why.
func (s exportSection) finishedExport(v values) line {
	e, w := s.export, s.words.export
	if !e.Link.IsZero() {
		url, ok := escapeLink(e.Link.Reveal())
		if !ok {
			return fill(w.unsafe, v)
		}
		v["link"] = line{{text: w.label, url: url}}
		return fill(w.link, v)
	}
	if host := ident(e.Withheld, s.bounds.name); len(host) > 0 {
		v["host"] = host
		return fill(w.withheld, v)
	}
	return fill(w.done, v)
}

// withFile tells of the file itself what the reader would not expect, below the line about
// the export; the file takes its place where it follows.
func (s exportSection) withFile(finished line) []line {
	f := s.export.File
	if f != nil && f.Follows {
		return []line{fill(s.words.export.follows, values{"what": s.exportName(),
			"name": ident(f.Name, s.bounds.name), "size": say(sizeText(f.Size))})}
	}
	if notSent := s.fileNotSent(); len(notSent) > 0 {
		return []line{finished, notSent}
	}
	return []line{finished}
}

// fileNotSent says why the file itself is not there; nothing where nobody waits for it.
func (s exportSection) fileNotSent() line {
	f, w := s.export.File, s.words.export
	switch {
	case f == nil:
		return nil
	case f.Failure != nil:
		return fill(w.unfetched, values{"why": s.fileFailure(f.Failure)})
	case f.AtMost > 0:
		return fill(w.tooLarge, values{"size": say(sizeText(f.Size)), "limit": say(sizeText(f.AtMost))})
	case f.AtLeast > 0:
		return fill(w.tooSmall, values{"size": say(sizeText(f.Size)), "limit": say(sizeText(f.AtLeast))})
	case f.Refused != "":
		return fill(w.refused, values{"code": ident(f.Refused, s.bounds.name)})
	default:
		return nil
	}
}

// fileFailure says why a file could not be fetched.
func (s exportSection) fileFailure(f *license.FileFailure) line {
	return fill(s.words.export.fileProblems[f.Problem], values{
		"where": s.orUnknown(ident(f.Where, s.bounds.name)), "status": number(f.Status),
	})
}

// sizeText is a number of bytes for people, rounded up.
func sizeText(bytes int64) string {
	const kb, mb = 1 << 10, 1 << 20
	switch {
	case bytes < kb:
		return strconv.FormatInt(bytes, 10) + " B"
	case bytes < mb:
		return strconv.FormatInt((bytes+kb-1)/kb, 10) + " KB"
	default:
		tenths := (bytes*10 + mb - 1) / mb
		return strings.TrimSuffix(strconv.FormatInt(tenths/10, 10)+"."+strconv.FormatInt(tenths%10, 10), ".0") + " MB"
	}
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
