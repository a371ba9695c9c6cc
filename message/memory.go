package message

import (
	"slices"
	"strconv"
	"strings"

	"licensewatch/license"
)

// memoryNotices are the remarks on what the run remembers, the gravest first: they
// tell how far to trust the others.
var memoryNotices = []license.NoticeCode{
	license.NoticeOtherOwner, license.NoticeNoMemory, license.NoticeStateCorrupt, license.NoticeStateDisplaced, license.NoticeStateShed, license.NoticeDropped,
}

func isAboutMemory(n license.Notice) bool { return slices.Contains(memoryNotices, n.Code) }

// memoryLines tells what is wrong with what the run remembers, one line a kind, and
// how many lines there was no room for.
func (c *composer) memoryLines() (lines []line, left int) {
	for _, code := range memoryNotices {
		i := slices.IndexFunc(c.report.Notices, func(n license.Notice) bool { return n.Code == code })
		switch {
		case i < 0:
		case len(lines) == c.bounds.memory:
			left++
		default:
			lines = append(lines, c.memoryLine(c.report.Notices[i]))
		}
	}
	return lines, left
}

func (c *composer) memoryLine(n license.Notice) line {
	switch n.Code {
	case license.NoticeOtherOwner:
		return c.otherOwner(n)
	case license.NoticeNoMemory:
		return c.noMemory(n)
	case license.NoticeStateCorrupt:
		return c.stateCorrupt(n)
	case license.NoticeStateDisplaced:
		return fill(c.words.notices.stateDisplaced, values{"name": c.orUnknown(ident(strings.Join(n.Args, ", "), c.bounds.reason))})
	case license.NoticeStateShed:
		return say(c.words.notices.stateShed)
	default:
		return c.droppedMessages(n)
	}
}

func (c *composer) noMemory(n license.Notice) line {
	w := c.words.notices
	code := noticeArg(n, 0)
	why := ident(code, c.bounds.name)
	if len(why) == 0 {
		return say(w.noMemory)
	}
	if meaning := w.storeCodes[code]; meaning != "" && !c.bounds.brief {
		why = fill(c.words.notes.verdict, values{"code": why, "meaning": say(meaning)})
	}
	return fill(w.noMemoryWhy, values{"why": why})
}

// otherOwner says whose memory it is that the run found instead of its own.
func (c *composer) otherOwner(n license.Notice) line {
	w, owner := c.words.notices, c.accountLine(noticeArg(n, 0), license.Site(noticeArg(n, 1)), nil)
	if c.bounds.brief {
		return fill(w.noMemoryWhy, values{"why": owner})
	}
	return fill(w.otherOwner, values{"owner": owner})
}

func (c *composer) stateCorrupt(n license.Notice) line {
	w := c.words.notices
	name := ident(noticeArg(n, 0), c.bounds.reason)
	if len(name) == 0 {
		return say(w.stateCorrupt)
	}
	return append(say(w.stateCorrupt), fill(w.stateKept, values{"name": name})...)
}

func (c *composer) droppedMessages(n license.Notice) line {
	w, count := c.words.notices.dropped, c.orUnknown(quote(noticeArg(n, 0), c.bounds.name))
	if n, err := strconv.ParseInt(noticeArg(n, 0), 10, 64); err == nil {
		return fill(w.of(n), values{"n": number(n)})
	}
	return fill(w.many, values{"n": count})
}
