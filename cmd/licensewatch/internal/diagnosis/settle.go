package diagnosis

import (
	"slices"
	"strings"

	"licensewatch/license"
)

// settleOutcomes puts the clock behind the hosts, and lets what fails for the reason of
// another check point there: ten lines about one missing route help nobody.
func settleOutcomes(outcomes []outcome) []outcome {
	clockRefused := slices.ContainsFunc(outcomes, func(o outcome) bool { return o.kind == license.FailureClock })
	clock := checkClock(outcomes, clockRefused)
	var first, settled []outcome
	for _, o := range outcomes {
		if cause := causeOf(o, outcomes); cause != "" {
			o.Check = Check{Name: o.Name, Status: Skipped, Text: "not known: " + cause + " first"}
			if slices.ContainsFunc(settled, func(other outcome) bool { return isSameSkipped(o, other) }) {
				continue // many accounts fail in many ways for one reason
			}
		}
		if isFirst(o) {
			first = append(first, o)
		} else {
			settled = append(settled, o)
		}
	}
	return slices.Concat(first, []outcome{clock}, settled)
}

func isSameSkipped(a, b outcome) bool {
	return a.Name == b.Name && a.Status == b.Status && a.Text == b.Text
}

// isFirst says whether the check comes before that of the clock.
func isFirst(o outcome) bool { return o.Name == proxyName || strings.HasPrefix(o.Name, "site") }

// causeOf is what must be mended before the check can tell anything; empty when
// that is what it found itself.
func causeOf(o outcome, all []outcome) string {
	ends := func(name string, isSo func(outcome) bool) bool {
		return o.Name != name && slices.ContainsFunc(all, func(other outcome) bool {
			return other.Name == name && isSo(other)
		})
	}
	switch {
	case o.kind == license.FailureProxy && ends(proxyName, func(p outcome) bool { return p.Status == Failed }):
		return "the proxy must let requests through"
	case o.kind == license.FailureClock:
		return "the clock must be right"
	case o.kind == license.FailureCredentials && !o.otherKeys &&
		ends("identity", func(i outcome) bool { return i.kind == license.FailureCredentials }):
		return "the keys must be accepted"
	case !isFirst(o) && isNetwork(o.kind) && slices.ContainsFunc(all, func(site outcome) bool {
		return isSiteOf(site, o)
	}):
		return "the site must be reached"
	default:
		return ""
	}
}

func isNetwork(kind license.FailureKind) bool {
	return kind == license.FailureProxy || kind == license.FailureNetwork || kind == license.FailureTimeout ||
		kind == license.FailureTLS
}

// isSiteOf says whether the first is a host that is not reached, of the other's
// service or of any. A host that fails as every other does stands for sts too.
func isSiteOf(site, o outcome) bool {
	return strings.HasPrefix(site.Name, "site") && isNetwork(site.kind) &&
		(site.service == "" || site.service == o.service || o.service == "sts")
}
