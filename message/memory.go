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
	license.NoticeOtherOwner, license.NoticeNoMemory, license.NoticeStateCorrupt, license.NoticeStateDisplaced,
	license.NoticeStateShed, license.NoticeDropped,
}

func isAboutMemory(n license.Notice) bool { return slices.Contains(memoryNotices, n.Code) }

// memoryLines tells what is wrong with what the run remembers, one line a kind, and
// how many lines there was no room for.
func (s noticeSection) memoryLines() (lines []line, left int) {
	for _, code := range memoryNotices {
		i := slices.IndexFunc(s.all, func(n license.Notice) bool { return n.Code == code })
		switch {
		case i < 0:
		case len(lines) == s.bounds.memory:
			left++
		default:
			lines = append(lines, s.memoryLine(s.all[i]))
		}
	}
	return lines, left
}

func (s noticeSection) memoryLine(n license.Notice) line {
	switch n.Code {
	case license.NoticeOtherOwner:
		return s.otherOwner(n)
	case license.NoticeNoMemory:
		return s.noMemory(n)
	case license.NoticeStateCorrupt:
		return s.stateCorrupt(n)
	case license.NoticeStateDisplaced:
		return fill(s.words.notices.stateDisplaced,
			values{"name": s.orUnknown(ident(strings.Join(n.Args, ", "), s.bounds.reason))})
	case license.NoticeStateShed:
		return say(s.words.notices.stateShed)
	default:
		return s.droppedMessages(n)
	}
}

func (s noticeSection) noMemory(n license.Notice) line {
	w, code := s.words.notices, noticeArg(n, 0)
	if code == "" {
		return say(w.noMemory)
	}
	return fill(w.noMemoryWhy, values{"why": s.storeCode(code, stateSetting)})
}

// stateSetting is the setting that the meanings of a store's codes speak of.
const stateSetting = "LICENSEWATCH_STATE_URL"

// storeCode is the code of a failure of the store that the setting names, and what it means.
func (s noticeSection) storeCode(code, setting string) line {
	why := s.orUnknown(ident(code, s.bounds.name))
	if meaning := s.words.notices.storeCodes[code]; meaning != "" && !s.bounds.brief {
		why = fill(s.words.notes.verdict, values{"code": why,
			"meaning": say(strings.ReplaceAll(meaning, stateSetting, setting))})
	}
	return why
}

// otherOwner says whose memory it is that the run found instead of its own.
func (s noticeSection) otherOwner(n license.Notice) line {
	w, owner := s.words.notices, s.accountLine(noticeArg(n, 0), license.Site(noticeArg(n, 1)), nil)
	if s.bounds.brief {
		return fill(w.noMemoryWhy, values{"why": owner})
	}
	return fill(w.otherOwner, values{"owner": owner})
}

func (s noticeSection) stateCorrupt(n license.Notice) line {
	w := s.words.notices
	name := ident(noticeArg(n, 0), s.bounds.reason)
	if len(name) == 0 {
		return say(w.stateCorrupt)
	}
	return append(say(w.stateCorrupt), fill(w.stateKept, values{"name": name})...)
}

func (s noticeSection) droppedMessages(n license.Notice) line {
	w, arg := s.words.notices.dropped, noticeArg(n, 0)
	if dropped, err := strconv.ParseInt(arg, 10, 64); err == nil {
		return fill(w.of(dropped), values{"n": number(dropped)})
	}
	return fill(w.many, values{"n": s.orUnknown(quote(arg, s.bounds.name))})
}
