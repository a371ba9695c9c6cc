package tencent

import (
	"context"

	"licensewatch/license"
)

var describePurchaseStateInfo = readingOf(license.SourcePurchaseState, nil)

// DescribePurchaseStateInfo reads the purchase state of TCSS. Fields that are
// absent, null or make no sense are nil. The error is an *APIError.
func (c *Client) DescribePurchaseStateInfo(ctx context.Context) (*license.PurchaseState, error) {
	answer, err := c.callOperation(ctx, describePurchaseStateInfo, nil)
	if err != nil {
		return nil, err
	}
	var state license.PurchaseState
	state.Unparsed = c.fillFields(ctx, describePurchaseStateInfo, answer, &state)
	return &state, nil
}
