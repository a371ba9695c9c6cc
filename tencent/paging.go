package tencent

import (
	"context"
	"log/slog"

	"licensewatch/tencent/internal/decode"
)

// paging is how far a list is read, page after page.
type paging struct {
	pages     int   // received
	total     int64 // what the last page announced; -1 when it did not
	moved     bool  // the announced total changed from page to page
	lost      int   // elements that are none of the list's
	cut       bool  // a page could not be read
	isTooLong bool  // there is more than is read
}

func (p *paging) progress() *paging { return p }

// beginPage takes a page's announced total; nil: it announces none.
func (p *paging) beginPage(announced *int64) {
	total := int64(-1)
	if announced != nil {
		total = *announced
	}
	p.moved = p.moved || p.pages > 0 && total != p.total
	p.total = total
	p.pages++
}

// isContradictory says whether the pages contradict each other, or how many elements were told
// apart; a list that was not read to its end does not.
func (p *paging) isContradictory(elements int) bool {
	return !p.cut && !p.isTooLong && (p.moved || int64(elements) != p.total)
}

// unreadReason is why a list was not read to its end, or why nobody knows; empty where it was.
func (p *paging) unreadReason(elements string) string {
	switch {
	case p.isTooLong:
		return "there are more " + elements + " than are read"
	case p.cut:
		return "a page could not be read"
	case p.moved:
		return "the total moved"
	case p.total < 0:
		return "no total was announced"
	default:
		return ""
	}
}

// pagedList puts the pages of a list together.
type pagedList interface {
	progress() *paging
	nextPage() parameters // what asks for it
	// addPage takes a page. It returns the fields in it that made no sense and are to be
	// logged, and whether there should be another page.
	addPage(page decode.Fields) (unparsed []string, more bool)
	count() int // of what was read
	// worthAnotherReading says whether the pages contradict each other, as they do when the
	// list changes while it is read.
	worthAnotherReading() bool
	missingReason() string // why something may be missing; empty when nothing is
}

// readList reads a list, and once more where it does not add up. Of two readings the one that
// adds up is taken, then the longer one, then the newer. name is the list's in the log.
func readList[L pagedList](ctx context.Context, c *Client, o operation, pace *pace, name string,
	newList func() L) (L, error) {
	list := newList()
	if err := c.readPages(ctx, o, pace, list); err != nil {
		return list, err
	}
	if list.worthAnotherReading() {
		again := newList()
		err := c.readPages(ctx, o, pace, again)
		if err == nil && (again.missingReason() == "" || again.count() >= list.count()) {
			list = again
		}
	}
	if problem := list.missingReason(); problem != "" {
		p := list.progress()
		c.logger.LogAttrs(ctx, slog.LevelWarn, name+" incomplete",
			slog.String("action", o.camAction()), slog.String("reason", problem),
			slog.Int("read", list.count()), slog.Int64("announced", p.total), slog.Int("pages", p.pages))
	}
	return list, nil
}

// readPages reads page after page. It fails only when the first one does.
func (c *Client) readPages(ctx context.Context, o operation, pace *pace, list pagedList) error {
	p := list.progress()
	for {
		if err := pace.wait(ctx, c.sleep); err != nil && p.pages > 0 {
			p.cut = true
			return nil
		}
		answer, err := c.callOperation(ctx, o, list.nextPage())
		switch {
		case err != nil && p.pages == 0:
			return err
		case err != nil: // the call has logged it; what was read is worth having
			p.cut = true
			return nil //nolint:nilerr // the list says that it is incomplete
		}
		unparsed, more := list.addPage(answer.Fields)
		if len(unparsed) > 0 {
			c.logFields(ctx, slog.LevelWarn, "api fields make no sense", o, answer.RequestID, unparsed)
		}
		if !more {
			return nil
		}
	}
}
