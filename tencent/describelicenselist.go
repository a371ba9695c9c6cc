package tencent

import (
	"context"
	"log/slog"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

var describeLicenseList = readingOf(license.SourceOrders, holdsOrders)

// Bounds of the paging.
const (
	ordersPerPage = 100
	maxPages      = 100
)

// DescribeLicenseList reads all orders, destroyed ones too. A list that does not
// add up (its announced total moves, pages repeat or are missing) is read once
// more; when that does not help, what was read is returned as Incomplete. So it
// is when a page after the first cannot be read, or an order makes no sense at
// all. The error is an *APIError.
func (c *Client) DescribeLicenseList(ctx context.Context) (*license.Orders, error) {
	pace := newPace(listsPerSecond)
	list, err := c.readOrders(ctx, pace)
	if err != nil {
		return nil, err
	}
	if list.worthAnotherReading() {
		if again, err := c.readOrders(ctx, pace); err == nil && again.betterThan(list) {
			list = again
		}
	}
	if problem := list.missingReason(); problem != "" {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "order list incomplete",
			slog.String("action", describeLicenseList.camAction()), slog.String("reason", problem),
			slog.Int("read", len(list.orders)), slog.Int64("announced", list.total), slog.Int("pages", list.pages))
	}
	return list.toOrders(), nil
}

// readOrders reads page after page. It fails only when the first one does.
func (c *Client) readOrders(ctx context.Context, pace *pace) (*orderList, error) {
	list := newOrderList()
	for list.pages < maxPages {
		if err := pace.wait(ctx, c.sleep); err != nil && list.pages > 0 {
			list.cut = true
			return list, nil
		}
		answer, err := c.callOperation(ctx, describeLicenseList,
			parameters{"Limit": ordersPerPage, "Offset": list.offset})
		switch {
		case err != nil && list.pages == 0:
			return nil, err
		case err != nil: // the call has logged it; what was read is worth having
			list.cut = true
			return list, nil //nolint:nilerr // the list says that it is incomplete
		}
		unparsed, more := list.addPage(answer.Fields)
		if len(unparsed) > 0 {
			c.logFields(ctx, slog.LevelWarn, "api fields make no sense", describeLicenseList, answer.RequestID,
				unparsed)
		}
		if !more {
			return list, nil
		}
	}
	return list, nil
}

// holdsOrders says whether a page tells anything about orders: a list, or that
// there are none. An account must not look empty because nothing was said.
func holdsOrders(fields decode.Fields) bool {
	total := decode.Count(fields["TotalCount"])
	return decode.List(fields["List"]) != nil || total != nil && *total == 0
}
