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
	var settled []outcome
	sites := 0
	for i, o := range outcomes {
		if strings.HasPrefix(o.Name, "site") {
			sites = i + 1
			continue
		}
		switch {
		case o.kind == license.FailureClock:
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: the clock must be right first"}
		case o.kind == license.FailureCredentials && keysRefused && o.Name != "identity":
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: the keys must be accepted first"}
		case isNetwork(o.kind) && slices.ContainsFunc(outcomes, func(site outcome) bool { return isSiteOf(site, o) }):
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: the site must be reached first"}
		}
		settled = append(settled, o)
	}
	return slices.Concat(outcomes[:sites], []outcome{clock}, settled)
}

func isNetwork(kind license.FailureKind) bool {
	return kind == license.FailureNetwork || kind == license.FailureTimeout || kind == license.FailureTLS
}

// isSiteOf says whether the first is a host that is not reached, of the other's
// service or of any. A host that fails as every other does stands for sts too.
func isSiteOf(site, o outcome) bool {
	return strings.HasPrefix(site.Name, "site") && isNetwork(site.kind) &&
		(site.service == "" || site.service == o.service || o.service == "sts")
}
