package rules

import "licensewatch/license"

// orderIdentity is what tells an order from the others of its list. There are many.
type orderIdentity struct {
	resource string // its ResourceId; may be empty
	license  int64  // its LicenseId
	twin     int32  // its number among those with the same ids
	by       identityPart
}

// identityPart says what of an identity counts beside the ResourceId.
type identityPart uint8

const (
	byResource identityPart = iota // nothing
	byTwin
	byLicense // and twin
)

// identitiesOf are an order's, the most exact one first; none when it tells
// neither of its ids.
func identitiesOf(o license.Order) []orderIdentity {
	var all []orderIdentity
	resource, twin := resourceIDOf(o), int32(o.Twin) //nolint:gosec // there are not so many
	switch {
	case o.LicenseId != nil:
		all = append(all, orderIdentity{resource, *o.LicenseId, twin, byLicense})
	case resource != "" && o.Twins > 0:
		all = append(all, orderIdentity{resource: resource, twin: twin, by: byTwin})
	}
	if resource != "" {
		all = append(all, orderIdentity{resource: resource})
	}
	return all
}

// sharedPlace stands for the place of an identity that several orders have.
const sharedPlace = -1

// placesByIdentity says where in the list the order with an identity is.
func placesByIdentity(orders []license.Order) map[orderIdentity]int {
	all := make(map[orderIdentity]int, 2*len(orders))
	for i, o := range orders {
		for _, id := range identitiesOf(o) {
			if _, taken := all[id]; taken {
				all[id] = sharedPlace
			} else {
				all[id] = i
			}
		}
	}
	return all
}

// earlierOrders gives for each order the same one of the previous reading; nil
// when it was not listed, or when it cannot be said which one it was. Listing
// them in another order changes nothing.
func earlierOrders(now, before []license.Order) []*license.Order {
	here, there := placesByIdentity(now), placesByIdentity(before)
	earlier := make([]*license.Order, len(now))
	for i, o := range now {
		for _, id := range identitiesOf(o) {
			if at, listed := there[id]; listed && at != sharedPlace && here[id] == i {
				earlier[i] = &before[at]
				break
			}
		}
	}
	return earlier
}

func resourceIDOf(order license.Order) string {
	if order.ResourceId == nil {
		return ""
	}
	return *order.ResourceId
}
