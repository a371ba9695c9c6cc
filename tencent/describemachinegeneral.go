package tencent

import (
	"context"

	"licensewatch/license"
)

var describeMachineGeneral = readingOf(license.SourceMachines, nil)

// DescribeMachineGeneral reads how many machines CWP knows and how they are
// protected. Fields that are absent, null or make no sense are nil. The error is an
// *APIError.
func (c *Client) DescribeMachineGeneral(ctx context.Context) (*license.Machines, error) {
	answer, err := c.callOperation(ctx, describeMachineGeneral, nil)
	if err != nil {
		return nil, err
	}
	var machines license.Machines
	machines.Unparsed = c.fillFields(ctx, describeMachineGeneral, answer, &machines)
	return &machines, nil
}
