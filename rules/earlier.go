package rules

import "licensewatch/license"

// identity is what tells an order from the others of its list.
type identity struct {
	resource string // its ResourceId; may be empty
	license  int64  // its LicenseId
	whole    bool   // license counts
}

// identities are an order's, the most exact one first; none when it tells
// neither of its ids.
func identities(o license.Order) []identity {
	var all []identity
	if o.LicenseId != nil {
		all = append(all, identity{resourceName(o), *o.LicenseId, true})
	}
	if resourceName(o) != "" {
		all = append(all, identity{resource: resourceName(o)})
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
