package rules

import "licensewatch/license"

// identity is what tells an order from the others of its list. There are many.
type identity struct {
	resource string // its ResourceId; may be empty
	license  int64  // its LicenseId
	twin     int32  // its number among those with the same ids
	by       likeness
}

// likeness says what of an identity counts beside the ResourceId.
type likeness uint8

const (
	byResource likeness = iota // nothing
	byTwin
	byLicense // and twin
)

// identities are an order's, the most exact one first; none when it tells
// neither of its ids.
func identities(o license.Order) []identity {
	var all []identity
	resource, twin := resourceName(o), int32(o.Twin) //nolint:gosec // there are not so many
	switch {
	case o.LicenseId != nil:
		all = append(all, identity{resource, *o.LicenseId, twin, byLicense})
	case resource != "" && o.Twins > 0:
		all = append(all, identity{resource: resource, twin: twin, by: byTwin})
	}
	if resource != "" {
		all = append(all, identity{resource: resource})
	}
	return all
}

// shared stands for the place of an identity that several orders have.
const shared = -1

// places says where in the list the order with an identity is.
func places(orders []license.Order) map[identity]int {
	all := make(map[identity]int, 2*len(orders))
	for i, o := range orders {
		for _, id := range identities(o) {
			if _, taken := all[id]; taken {
				all[id] = shared
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
	here, there := places(now), places(before)
	earlier := make([]*license.Order, len(now))
	for i, o := range now {
		for _, id := range identities(o) {
			if at, listed := there[id]; listed && at != shared && here[id] == i {
				earlier[i] = &before[at]
				break
			}
		}
	}
	return earlier
}

func resourceName(order license.Order) string {
	if order.ResourceId == nil {
		return ""
	}
	return *order.ResourceId
}
