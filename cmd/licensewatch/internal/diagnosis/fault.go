package diagnosis

import (
	"context"

	"licensewatch/internal/neterr"
	"licensewatch/license"
)

// explainUnreached says in safe words why a host was not reached, and what to do: an
// error of the network may hold addresses and URLs, and is not shown.
func explainUnreached(ctx context.Context, err error) (kind license.FailureKind, text, fix string) {
	const wayOut = "check this machine's way out to the internet: firewall, proxy (HTTPS_PROXY), and in the cloud VPC, NAT or public access"
	switch f := neterr.Of(ctx, err); f.Kind {
	case neterr.Proxy:
		return license.FailureProxy, f.Reason, f.Proxy.Fix()
	case neterr.Timeout:
		if ctx.Err() != nil {
			f.Reason = "no answer within " + Limit.String()
		}
		return license.FailureTimeout, f.Reason, wayOut
	case neterr.Lookup:
		return license.FailureNetwork, "its name could not be looked up (DNS)",
			"check the name and this machine's name servers"
	case neterr.TLS:
		return license.FailureTLS, "TLS: " + f.Reason,
			"look for a proxy that opens TLS connections, and at this machine's clock and root certificates"
	default:
		return license.FailureNetwork, f.Reason, wayOut
	}
}
