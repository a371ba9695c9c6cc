package rules

import (
	"reflect"

	"licensewatch/license"
)

// What rules read that no API answers: whose account it is, and the totals of all accounts.

// originAccount is the account that is judged. Of one that no accounts file names, nobody
// knows name and labels.
var originAccount = &origin{
	name: "account", info: license.SourceInfo{Prefix: "account", Example: "account.Name"},
	shape: reflect.TypeFor[struct{}](),
	derived: []derivedField{
		{"Name", kindText, func(r *readings) any { return textOrNil(r.snapshot.Name) }},
		{"Uin", kindText, func(r *readings) any { return textOrNil(r.snapshot.Account) }},
		{"Site", kindText, func(r *readings) any { return textOrNil(string(r.snapshot.Site)) }},
		{"Labels", kindTags, func(r *readings) any {
			if r.snapshot.Labels == nil {
				return nil
			}
			return r.snapshot.Labels
		}},
	},
}

// originFleet is all accounts together, in a rule with `each: fleet`.
var originFleet = &origin{
	name: "fleet", info: license.SourceInfo{Prefix: "fleet", Example: "fleet.Failed"},
	shape: reflect.TypeFor[license.FleetTotals](),
	derived: []derivedField{
		{"UsedPercent", kindInt, func(r *readings) any { return valueOrNil(r.snapshot.Fleet.UsedPercent()) }},
	},
}

// isOfSource says whether the origin is what a source answers: only that may be unread, and
// have been something else in the previous reading.
func (o *origin) isOfSource() bool { return o.source != "" }

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
