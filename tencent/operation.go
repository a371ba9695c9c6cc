package tencent

import (
	"slices"

	"licensewatch/tencent/internal/decode"
)

// Versions of the two services' APIs.
const (
	cwpVersion  = "2018-02-28"
	tcssVersion = "2020-11-01"
)

// operation is one API of a service.
type operation struct {
	service string
	version string
	action  string
	// starts says that the call begins something: it must not be repeated when
	// the first one may have arrived.
	starts bool
	// usable says whether an answer tells what was asked for; nil: any does.
	usable func(decode.Fields) bool
}

// cam is the operation's name in CAM policies.
func (o operation) cam() string { return o.service + ":" + o.action }

// operations are all the client can call.
func operations() []operation {
	return []operation{
		describeLicenseGeneral,
		describeLicenseList,
		exportLicenseDetail,
		exportTasks,
		describePurchaseStateInfo,
	}
}

// Actions lists every CAM action the client can call, as "cwp:ExportTasks",
// sorted. A role that allows them is enough.
func Actions() []string {
	var actions []string
	for _, o := range operations() {
		actions = append(actions, o.cam())
	}
	slices.Sort(actions)
	return actions
}
