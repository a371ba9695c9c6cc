package diagnosis

import (
	"slices"
	"strings"

	"licensewatch/license"
)

// settle puts the clock behind the hosts, and lets what fails for the reason of
// another check point there: ten lines about one missing route help nobody.
func settle(outcomes []outcome) []outcome {
	clockRefused := slices.ContainsFunc(outcomes, func(o outcome) bool { return o.kind == license.FailureClock })
	clock := checkClock(outcomes, clockRefused)
	keysRefused := slices.ContainsFunc(outcomes, func(o outcome) bool { return o.Name == "identity" && o.kind == license.FailureCredentials })
	proxyFailed := slices.ContainsFunc(outcomes, func(o outcome) bool { return o.Name == proxyName && o.Status == Failed })
	var first, settled []outcome
	for _, o := range outcomes {
		isFirst := o.Name == proxyName || strings.HasPrefix(o.Name, "site")
		switch {
		case o.kind == license.FailureProxy && proxyFailed && o.Name != proxyName:
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: the proxy must let requests through first"}
		case o.kind == license.FailureClock:
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: the clock must be right first"}
		case o.kind == license.FailureCredentials && keysRefused && o.Name != "identity":
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: the keys must be accepted first"}
		case !isFirst && isNetwork(o.kind) && slices.ContainsFunc(outcomes, func(site outcome) bool { return isSiteOf(site, o) }):
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: the site must be reached first"}
		}
		if isFirst {
			first = append(first, o)
		} else {
			settled = append(settled, o)
		}
	}
	return slices.Concat(first, []outcome{clock}, settled)
}

func isNetwork(kind license.FailureKind) bool {
	return kind == license.FailureProxy || kind == license.FailureNetwork || kind == license.FailureTimeout || kind == license.FailureTLS
}

// isSiteOf says whether the first is a host that is not reached, of the other's
// service or of any. A host that fails as every other does stands for sts too.
func isSiteOf(site, o outcome) bool {
	return strings.HasPrefix(site.Name, "site") && isNetwork(site.kind) &&
		(site.service == "" || site.service == o.service || o.service == "sts")
}
