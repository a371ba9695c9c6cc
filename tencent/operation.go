package tencent

import (
	"context"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

// operation is one API of a service.
type operation struct {
	service string
	version string
	action  string
	// starts says that the call begins something: it must not be repeated when
	// the first one may have arrived.
	starts bool
	// region says that the call must name one; which of the site's it is makes no difference.
	region bool
	// usable says whether an answer tells what was asked for; nil: any does.
	usable func(decode.Fields) bool
}

// camAction is the operation's name in CAM policies.
func (o operation) camAction() string { return o.service + ":" + o.action }

// readingOf is the operation that reads a source. usable says whether an answer
// tells what was asked for; nil: any does.
func readingOf(source license.Source, usable func(decode.Fields) bool) operation {
	info := source.Info()
	return operation{service: info.Service, version: info.Version, action: info.Action, usable: usable}
}

// Read asks for one source (the machines of orders are BindListReader's) and puts the answer into
// the snapshot, which it leaves as it is otherwise. The error is an *APIError.
func (c *Client) Read(ctx context.Context, source license.Source, into *license.Snapshot) (err error) {
	switch source {
	case license.SourceOverview:
		into.Overview, err = c.DescribeLicenseGeneral(ctx)
	case license.SourceOrders:
		into.Orders, err = c.DescribeLicenseList(ctx)
	case license.SourceMachines:
		into.Machines, err = c.DescribeMachineGeneral(ctx)
	case license.SourceBindings: // of no order: all that this says is whether it is allowed
		_, _, err = c.NewBindListReader().DescribeLicenseBindList(ctx, noOrder)
	case license.SourcePurchaseState:
		into.PurchaseState, err = c.DescribePurchaseStateInfo(ctx)
	}
	return err
}

// The actions of the export, as CAM names them. With those of the sources they are all that
// an account is watched with: a role that allows them is enough for its own account.
var (
	ActionExport      = exportLicenseDetail.camAction()
	ActionExportTasks = exportTasks.camAction()
)
