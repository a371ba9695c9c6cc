package rules

import (
	"strconv"

	"licensewatch/license"
)

// nameless is the subject of an order that tells neither of its ids.
const nameless = "unnamed"

// subjects names the orders: by ResourceId, else by LicenseId. Names are unique
// and do not depend on the order in which the orders are listed, as far as the
// orders' own ids allow: orders that share a ResourceId all get "#" and their
// LicenseId, and what is still the same is counted.
func subjects(orders []license.Order) []string {
	names := make([]string, len(orders))
	shared := map[string]int{}
	for i, order := range orders {
		names[i] = resourceName(order)
		shared[names[i]]++
	}
	taken := map[string]int{}
	for i, order := range orders {
		if names[i] == "" {
			names[i] = licenseName(order)
		} else if shared[names[i]] > 1 && order.LicenseId != nil {
			names[i] += "#" + licenseName(order)
		}
		names[i] = counted(names[i], taken)
	}
	return names
}

func resourceName(order license.Order) string {
	if order.ResourceId == nil {
		return ""
	}
	return *order.ResourceId
}

func licenseName(order license.Order) string {
	if order.LicenseId == nil {
		return nameless
	}
	return strconv.FormatInt(*order.LicenseId, 10)
}

// counted gives a name that is not taken yet, and takes it.
func counted(name string, taken map[string]int) string {
	unique := name
	for taken[unique] > 0 {
		taken[name]++
		unique = name + "#" + strconv.Itoa(taken[name])
	}
	taken[unique]++
	return unique
}
