package message

import (
	"slices"
	"strconv"
	"time"

	"licensewatch/license"
)

// noticeSection is what there is to remark on the run itself.
type noticeSection struct {
	*phrases

	all []license.Notice
}

func newNoticeSection(p *phrases, r *license.Report) noticeSection {
	return noticeSection{p, allNotices(r)}
}

// noticeLines are one line a kind.
func (s noticeSection) noticeLines() []line {
	lines, left := s.memoryLines()
	most := len(lines) + s.bounds.notices
	var settings []license.Notice
	for _, n := range s.all {
		if isAboutMemory(n) {
			continue
		}
		if n.Code == license.NoticeUnknownSetting {
			settings = append(settings, n)
			continue
		}
		if len(lines) == most {
			left++
			continue
		}
		lines = append(lines, s.noticeLine(n))
	}
	if len(settings) > 0 {
		template := s.words.notices.unknownSettings.of(int64(len(settings)))
		lines = append(lines, fill(template, values{"settings": s.words.listItems(len(settings), s.bounds.list,
			func(i int) line { return s.unknownSetting(settings[i]) })}))
	}
	if left > 0 {
		lines = append(lines, fill(s.words.notices.more.of(int64(left)), values{"n": number(left)}))
	}
	return lines
}

// allNotices are the report's, and the one about orders that are missing even
// when the report lacks it: nobody may take a part for the whole.
func allNotices(r *license.Report) []license.Notice {
	orders := r.Snapshot.Orders
	if !r.Snapshot.Has(license.SourceOrders) || !orders.Incomplete ||
		hasNotice(r.Notices, license.NoticeOrdersIncomplete) {
		return r.Notices
	}
	notice := license.Notice{Code: license.NoticeOrdersIncomplete, Args: []string{
		strconv.Itoa(len(orders.List)), strconv.FormatInt(orders.TotalCount, 10),
	}}
	return append([]license.Notice{notice}, r.Notices...)
}

func (s noticeSection) noticeLine(n license.Notice) line {
	w, limit := s.words.notices, s.bounds.name
	switch n.Code {
	case license.NoticeOrdersIncomplete:
		read, total := noticeArg(n, 0), noticeArg(n, 1)
		v := values{"read": s.orUnknown(quote(read, limit)), "total": s.orUnknown(quote(total, limit))}
		if read == total { // no total was given, or it moved
			return fill(w.ordersDoubtful, v)
		}
		return fill(w.ordersIncomplete, v)
	case license.NoticeFieldsUnread:
		return fill(w.fieldsUnread, values{"fields": s.identList(n.Args, s.bounds.list)})
	case license.NoticeNotAllowed:
		return notAllowedLine(s.phrases, license.Source(noticeArg(n, 0)), noticeArg(n, 1))
	case license.NoticeEvidence:
		return fill(w.evidence, values{"date": s.noticeDate(n), "head": s.orUnknown(ident(noticeArg(n, 1), limit))})
	case license.NoticeNotArchived, license.NoticeAccountsNotArchived:
		text := w.notArchived
		if n.Code == license.NoticeAccountsNotArchived {
			text = w.accountsArchived
		}
		return fill(text, values{"date": s.noticeDate(n),
			"why": s.storeCode(noticeArg(n, 1), "LICENSEWATCH_ARCHIVE_URL")})
	default:
		return fill(w.other, values{"code": quote(string(n.Code), limit), "facts": s.identList(n.Args, s.bounds.list)})
	}
}

// noticeDate is the date that a notice begins with.
func (s noticeSection) noticeDate(n license.Notice) line {
	at, err := time.Parse(time.RFC3339, noticeArg(n, 0))
	if err != nil {
		return s.orUnknown(nil)
	}
	return s.dateLine(at.In(s.at.Location()))
}

func (s noticeSection) unknownSetting(n license.Notice) line {
	name := s.orUnknown(ident(noticeArg(n, 0), s.bounds.name))
	meant := ident(noticeArg(n, 1), s.bounds.name)
	if len(meant) == 0 {
		return name
	}
	return fill(s.words.notices.meant, values{"name": name, "meant": meant})
}

// hasNotice says whether one of the notices has the code.
func hasNotice(notices []license.Notice, code license.NoticeCode) bool {
	return slices.ContainsFunc(notices, func(n license.Notice) bool { return n.Code == code })
}

func noticeArg(n license.Notice, i int) string {
	if i < len(n.Args) {
		return n.Args[i]
	}
	return ""
}
