package tencent

import (
	"context"

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
	list, err := readList(ctx, c, describeLicenseList, newPace(listsPerSecond), "order list", newOrderList)
	if err != nil {
		return nil, err
	}
	return list.toOrders(), nil
}

// holdsOrders says whether a page tells anything about orders: a list, or that
// there are none. An account must not look empty because nothing was said.
func holdsOrders(fields decode.Fields) bool {
	total := decode.Count(fields["TotalCount"])
	return decode.IsList(fields["List"]) || total != nil && *total == 0
}
