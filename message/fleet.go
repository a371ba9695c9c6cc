package message

import (
	"slices"

	"licensewatch/license"
)

// fleetSection is what is said of many accounts together. In a report about one it is that
// of no fleet, and says nothing.
type fleetSection struct {
	*phrases

	fleet   *license.Fleet
	isAlert bool
	isWhole bool // something that fires, and needs somebody, is about all accounts together
}

func newFleetSection(p *phrases, r *license.Report) fleetSection {
	isWhole := r.Fleet != nil && slices.ContainsFunc(r.Firing, func(f license.Finding) bool {
		return f.Account == "" && f.Severity.Rank() > license.Info.Rank() && !f.IsAcknowledged()
	})
	return fleetSection{p, r.Fleet, r.Mode == license.ModeAlert, isWhole}
}

// isIncomplete says whether something of an account is not known.
func (s fleetSection) isIncomplete() bool {
	return s.fleet != nil && (s.fleet.Unlisted != nil ||
		s.fleet.Failed+s.fleet.Partly+s.fleet.NotReached+len(s.fleet.Unread)+len(s.fleet.Doubtful)+
			len(s.fleet.LeftOut) > 0)
}

// accountsHeadline is the headline of a digest: how many accounts need somebody, how many
// are well, and of how many nobody knows.
func (s fleetSection) accountsHeadline() line {
	w, f := s.words.fleet, s.fleet
	switch n := int64(f.Failed + f.Partly); {
	case s.isAlert && n == 0 && len(f.Again) > 0:
		return s.againLine()
	case s.isAlert:
		return fill(w.onlyUnread.of(n), values{"n": count(n)})
	}
	all := fill(w.accounts.of(int64(f.Accounts)), values{"n": count(int64(f.Accounts))})
	if f.NeedAction == 0 && !s.isIncomplete() && !s.isWhole {
		return fill(w.allWell.of(int64(f.Accounts)), values{"n": count(int64(f.Accounts))})
	}
	first := fill(w.needAction.of(int64(f.NeedAction)),
		values{"n": count(int64(f.NeedAction)), "all": count(int64(f.Accounts))})
	switch {
	case f.NeedAction == 0 && s.isWhole:
		first = say(w.whole)
	case f.NeedAction == 0:
		first = fill(w.nothing, values{"all": all})
	}
	some := func(template string, n int) line {
		if n == 0 {
			return nil
		}
		return fill(template, values{"n": count(int64(n))})
	}
	return join(" · ", first, some(w.well, f.Well), some(w.unread.of(int64(f.Failed)), f.Failed),
		some(w.partly.of(int64(f.Partly)), f.Partly), some(w.notReached.of(int64(f.NotReached)), f.NotReached))
}

// sliceWords say which of all accounts a report is about.
func (s fleetSection) sliceWords() line {
	if s.fleet == nil || s.fleet.Slices == 0 {
		return nil
	}
	return fill(s.words.fleet.slice, values{"n": count(int64(s.fleet.Slice)), "of": count(int64(s.fleet.Slices))})
}

// againLine names the accounts that can be read again.
func (s fleetSection) againLine() line {
	n := int64(len(s.fleet.Again))
	return fill(s.words.fleet.again.of(n), values{"n": count(n),
		"accounts": s.accountNames(len(s.fleet.Again), func(i int) string { return s.fleet.Again[i] })})
}

// unreadCause is what accounts that could not be read have in common.
type unreadCause struct {
	kind    license.FailureKind
	code    string
	service string
	action  string
	missing license.Source // of accounts of which something else was read; empty: nothing was
}

// unreadBlocks tell which accounts could not be read, by cause, and once what to do.
func (s fleetSection) unreadBlocks() (blocks [][]line) {
	if s.fleet == nil {
		return nil
	}
	var causes []unreadCause
	of := map[unreadCause][]license.UnreadAccount{}
	for _, u := range s.fleet.Unread {
		f := u.FailureOrUnread()
		cause := unreadCause{kind: f.Kind, code: f.Code}
		if f.Action == assumeRole || f.Kind == license.FailureDenied { // what to do depends on it
			cause.service, cause.action = f.Service, f.Action
		}
		if u.Partly {
			cause.missing = u.Source
		}
		if of[cause] == nil {
			causes = append(causes, cause)
		}
		isSame := func(other license.UnreadAccount) bool { return other.Account == u.Account }
		if !slices.ContainsFunc(of[cause], isSame) {
			of[cause] = append(of[cause], u)
		}
	}
	slices.SortStableFunc(causes, func(a, b unreadCause) int { return len(of[b]) - len(of[a]) })
	told := min(maxCauses, len(causes))
	for _, cause := range causes[:told] {
		blocks = append(blocks, s.causeLines(cause, of[cause]))
	}
	if rest := causes[told:]; len(rest) > 0 {
		blocks = append(blocks, []line{s.otherCauses(rest, of)})
	}
	return blocks
}

// otherCauses counts the accounts that could not be read for other reasons, and has the codes.
func (s fleetSection) otherCauses(causes []unreadCause, of map[unreadCause][]license.UnreadAccount) line {
	w := s.words.fleet
	var codes []string
	counts, accounts := map[string]int{}, map[string]bool{}
	for _, cause := range causes {
		if !slices.Contains(codes, cause.code) {
			codes = append(codes, cause.code)
		}
		counts[cause.code] += len(of[cause])
		for _, u := range of[cause] {
			accounts[u.Account] = true
		}
	}
	list := s.words.listItems(len(codes), s.bounds.list, func(i int) line {
		return fill(w.otherCode, values{"code": s.orUnknown(ident(codes[i], s.bounds.name)),
			"n": count(int64(counts[codes[i]]))})
	})
	n := int64(len(accounts))
	return fill(w.otherCauses.of(n), values{"n": count(n), "codes": list})
}

// assumeRole is the action by which accounts are entered.
const assumeRole = "AssumeRole"

// maxCauses is how many causes a message tells.
const maxCauses = 5

func (s fleetSection) causeLines(cause unreadCause, accounts []license.UnreadAccount) []line {
	w, n := s.words.fleet, int64(len(accounts))
	failure := accounts[0].FailureOrUnread()
	shared := failure
	shared.RequestID = "" // that of one of them
	if cause.action == "" {
		shared.Action = ""
	}
	template, missing := w.cause, line(nil)
	if cause.missing != "" {
		template, missing = w.partCause, s.sourceName(cause.missing)
	}
	said := fill(template.of(n), values{"n": count(n), "facts": s.failureFacts(&shared), "source": missing,
		"accounts": s.accountNames(len(accounts), func(i int) string { return accounts[i].Account })})
	since := accounts[0].Lasting.Since
	isSince := !slices.ContainsFunc(accounts, func(u license.UnreadAccount) bool {
		return u.Lasting.Runs < 2 || !u.Lasting.Since.Equal(since)
	})
	if isSince && !s.bounds.brief {
		said = append(said, fill(w.causeSince, values{"since": s.momentLine(since)})...)
	}
	lines := []line{said}
	if hint := s.failureHint(&failure); len(hint) > 0 && !s.bounds.brief {
		lines = append(lines, fill(s.words.unread.hint, values{"hint": hint}))
	}
	return lines
}

// accountNames names accounts, as far as there is room.
func (s fleetSection) accountNames(n int, name func(i int) string) line {
	return s.words.listItems(n, s.bounds.list, func(i int) line { return s.orUnknown(quote(name(i), s.bounds.name)) })
}

// doubtBlock tells which accounts were not reached, and which could not be judged.
func (s fleetSection) doubtBlock() (lines []line) {
	if s.fleet == nil {
		return nil
	}
	w := s.words.fleet
	for _, part := range []struct {
		template counted
		names    []string
	}{{w.late, s.fleet.Late}, {w.doubtful, s.fleet.Doubtful}, {w.come, s.fleet.New}, {w.left, s.fleet.Gone}} {
		if n := int64(len(part.names)); n > 0 {
			lines = append(lines, fill(part.template.of(n), values{"n": count(n),
				"accounts": s.accountNames(len(part.names), func(i int) string { return part.names[i] })}))
		}
	}
	if f := s.fleet.Unlisted; f != nil {
		lines = append(lines, fill(w.unlisted, values{"facts": s.failureFacts(f)}))
	}
	lines = append(lines, s.notAllowedLines()...)
	if len(s.fleet.Again) > 0 && !(s.isAlert && s.fleet.Failed+s.fleet.Partly == 0) {
		lines = append(lines, s.againLine())
	}
	if n := int64(len(s.fleet.LeftOut)); n > 0 {
		lines = append(lines, fill(w.leftOut.of(n), values{"n": count(n)}))
		for _, text := range s.fleet.LeftOut[:min(len(s.fleet.LeftOut), s.bounds.notices)] {
			lines = append(lines, quote(text, s.bounds.detail))
		}
	}
	return lines
}

// notAllowedLines tell which actions the roles of accounts lack for sources that were added
// after they were made.
func (s fleetSection) notAllowedLines() (lines []line) {
	var sources []license.Source
	of := map[license.Source][]string{}
	for _, u := range s.fleet.NotAllowed {
		if of[u.Source] == nil {
			sources = append(sources, u.Source)
		}
		of[u.Source] = append(of[u.Source], u.Account)
	}
	for _, source := range sources {
		names := of[source]
		n := int64(len(names))
		lines = append(lines, fill(s.words.fleet.notAllowed.of(n), values{"n": count(n),
			"action":   ident(source.Info().CAM(), s.bounds.name),
			"accounts": s.accountNames(len(names), func(i int) string { return names[i] })}))
	}
	return lines
}

// totalsLine sums up the licenses of the accounts that were read.
func (s fleetSection) totalsLine() []line {
	if s.fleet == nil || s.isAlert || s.fleet.UsedLicenseCnt == nil || s.fleet.NotExpiredLicenseCnt == nil {
		return nil
	}
	w, n := s.words.fleet, int64(s.fleet.Licensed)
	totals := fill(w.inUse.of(n), values{"n": count(n), "used": count(*s.fleet.UsedLicenseCnt),
		"total": count(*s.fleet.NotExpiredLicenseCnt)})
	sum := license.Overview{UsedLicenseCnt: s.fleet.UsedLicenseCnt, NotExpiredLicenseCnt: s.fleet.NotExpiredLicenseCnt}
	if percent := sum.UsedPercent(); percent != nil {
		totals = append(totals, fill(w.inUseShare, values{"percent": number(license.WholePercent(*percent))})...)
	}
	return []line{totals}
}

// contextLine tells whose licenses these are, and when.
func (s fleetSection) contextLine(moment line) line {
	n := int64(s.fleet.Accounts)
	var sites []line
	for _, site := range s.fleet.Sites {
		sites = append(sites, say(s.words.sites[site]))
	}
	return join(" · ", fill(s.words.fleet.accounts.of(n), values{"n": count(n)}), join(s.words.listComma, sites...),
		moment)
}

// ofAccount says something of an account, where a report is about many.
func (p *phrases) ofAccount(account string, what line) line {
	if account == "" {
		return what
	}
	return fill(p.words.fleet.of, values{"account": quote(account, p.bounds.name), "what": what})
}

// IsDoubtful says whether a report about one account says that something is not known.
func IsDoubtful(r license.Report) bool { return newComposer(r, roomyBounds).unknown.isIncomplete() }
