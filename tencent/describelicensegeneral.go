package tencent

import (
	"context"

	"licensewatch/license"
)

var describeLicenseGeneral = readingOf(license.SourceOverview, nil)

// DescribeLicenseGeneral reads the license overview of CWP. Fields that are
// absent, null or make no sense are nil. The error is an *APIError.
func (c *Client) DescribeLicenseGeneral(ctx context.Context) (*license.Overview, error) {
	answer, err := c.callOperation(ctx, describeLicenseGeneral, nil)
	if err != nil {
		return nil, err
	}
	var overview license.Overview
	overview.Unparsed = c.fillFields(ctx, describeLicenseGeneral, answer, &overview)
	return &overview, nil
}
