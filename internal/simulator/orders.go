package simulator

import (
	"encoding/json"
	"fmt"
	"time"
)

// The paging of DescribeLicenseList.
const (
	defaultLimit = 10
	maxLimit     = 100
)

// Values of an order's fields, as the API page numbers them.
const (
	proPostpay = 0 // LicenseType: pay as you go
	pro        = 1
	ultimate   = 2

	normal    = 1 // OrderStatus
	isolated  = 2
	destroyed = 3

	renewalNotSet = 0 // AutoRenewFlag, AutomaticRenewal
	renews        = 1
	renewalOff    = 2
)

// orderTemplate is one entry of a scenario's DescribeLicenseList.
type orderTemplate struct {
	id          string
	licenseType int
	seats, used int
	ends        days // not for proPostpay, which has no end
	renewal     int
	status      int    // 0 counts as normal
	idle        int    // of the machines that use it, those that are stopped or without agent
	owner       string // as its tag has it; empty: it has none
}

// orderTag is a tag as the API writes it.
type orderTag struct {
	TagKey, TagValue string
}

// licenseDetail is an order as the API writes it.
type licenseDetail struct {
	LicenseId      int //nolint:revive // the API's own name
	LicenseType    int
	LicenseStatus  int
	LicenseCnt     int
	UsedLicenseCnt int
	OrderStatus    int
	Deadline       string
	ResourceId     string //nolint:revive // the API's own name
	AutoRenewFlag  int
	ProjectId      int //nolint:revive // the API's own name
	TaskId         int //nolint:revive // the API's own name
	BuyTime        string
	SourceType     int
	Alias          string
	Tags           []orderTag // null for an order without tags
	FreezeNum      int
}

// licenseDetail writes the order; number is its place in the list.
func (o orderTemplate) licenseDetail(number int, now time.Time) licenseDetail {
	d := licenseDetail{
		LicenseId:      100000 + number,
		LicenseType:    o.licenseType,
		LicenseStatus:  o.licenseStatus(),
		LicenseCnt:     o.seats,
		UsedLicenseCnt: o.used,
		OrderStatus:    max(o.status, normal),
		ResourceId:     o.id,
		AutoRenewFlag:  o.renewal,
		BuyTime:        days(-200).from(now),
	}
	if o.owner != "" {
		d.Tags = []orderTag{{"owner", o.owner}}
	}
	if o.licenseType != proPostpay {
		d.Deadline = o.ends.from(now)
		d.BuyTime = (o.ends - 365).from(now)
	}
	return d
}

// licenseStatus is 0 unused, 1 partly used, 2 used up, 3 unavailable.
func (o orderTemplate) licenseStatus() int {
	switch {
	case o.status == isolated || o.status == destroyed:
		return 3
	case o.used == 0:
		return 0
	case o.used < o.seats:
		return 1
	default:
		return 2
	}
}

func describeLicenseList(s asked, params jsonObject) (jsonObject, *apiError) {
	for _, name := range []string{"Filters", "Tags", "Order", "By"} {
		if _, given := params[name]; given {
			return nil, &apiError{"UnsupportedOperation", fmt.Sprintf("`%s` is not simulated.", name)}
		}
	}
	limit, offset := integerParam(params, "Limit", defaultLimit), integerParam(params, "Offset", 0)
	if limit < 1 || limit > maxLimit {
		return nil, &apiError{"InvalidParameterValue", fmt.Sprintf("`Limit` must be from 1 to %d.", maxLimit)}
	}
	if offset < 0 {
		return nil, &apiError{"InvalidParameterValue", "`Offset` must not be negative."}
	}
	orders, now := s.scenario.orders, s.options.Now()
	total := int64(len(orders))
	list := []licenseDetail{}
	for i := offset; i < min(offset+limit, total); i++ {
		list = append(list, orders[i].licenseDetail(int(i)+1, now))
	}
	return jsonObject{"TotalCount": total, "List": list}, nil
}

// integerParam is an integer parameter, or what it is when it was not given.
func integerParam(params jsonObject, name string, otherwise int64) int64 {
	given, ok := params[name].(json.Number)
	if !ok {
		return otherwise
	}
	n, _ := given.Int64() // the parameter's kind was checked
	return n
}
