package message

import "licensewatch/license"

// noticeLines are remarks on the run itself, one line a kind.
func (c *composer) noticeLines() []line {
	lines, left := c.memoryLines()
	most := len(lines) + c.bounds.notices
	var settings []license.Notice
	for _, n := range c.allNotices() {
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
		lines = append(lines, c.noticeLine(n))
	}
	if len(settings) > 0 {
		template := c.words.notices.unknownSettings.of(int64(len(settings)))
		lines = append(lines, fill(template, values{"settings": c.words.listItems(len(settings), c.bounds.list, func(i int) line { return c.unknownSetting(settings[i]) })}))
	}
	if left > 0 {
		lines = append(lines, fill(c.words.notices.more.of(int64(left)), values{"n": number(left)}))
	}
	return lines
}

// allNotices are the report's, and the one about orders that are missing even
// when the report lacks it: nobody may take a part for the whole.
func (c *composer) allNotices() []license.Notice {
	if !c.hasRead(license.SourceOrders) || !c.report.Snapshot.Orders.Incomplete {
		return c.report.Notices
	}
	orders := c.report.Snapshot.Orders
	for _, n := range c.report.Notices {
		if n.Code == license.NoticeOrdersIncomplete {
			return c.report.Notices
		}
	}
	notice := license.Notice{Code: license.NoticeOrdersIncomplete, Args: []string{
		number(len(orders.List))[0].text, number(orders.TotalCount)[0].text,
	}}
	return append([]license.Notice{notice}, c.report.Notices...)
}

func (c *composer) noticeLine(n license.Notice) line {
	w, limit := c.words.notices, c.bounds.name
	switch n.Code {
	case license.NoticeOrdersIncomplete:
		if read, total := noticeArg(n, 0), noticeArg(n, 1); read == total { // no total was given, or it moved
			return fill(w.ordersDoubtful, values{"read": c.orUnknown(quote(read, limit))})
		}
		return fill(w.ordersIncomplete, values{"read": c.orUnknown(quote(noticeArg(n, 0), limit)), "total": c.orUnknown(quote(noticeArg(n, 1), limit))})
	case license.NoticeFieldsUnread:
		return fill(w.fieldsUnread, values{"fields": c.identList(n.Args, c.bounds.list)})
	case license.NoticeNotAllowed:
		return c.notAllowed(license.Source(noticeArg(n, 0)), noticeArg(n, 1))
	default:
		return fill(w.other, values{"code": quote(string(n.Code), limit), "facts": c.identList(n.Args, c.bounds.list)})
	}
}

func (c *composer) unknownSetting(n license.Notice) line {
	name := c.orUnknown(ident(noticeArg(n, 0), c.bounds.name))
	meant := ident(noticeArg(n, 1), c.bounds.name)
	if len(meant) == 0 {
		return name
	}
	return fill(c.words.notices.meant, values{"name": name, "meant": meant})
}

func noticeArg(n license.Notice, i int) string {
	if i < len(n.Args) {
		return n.Args[i]
	}
	return ""
}
