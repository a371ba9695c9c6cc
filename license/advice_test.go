package license_test

import (
	"strings"
	"testing"

	"licensewatch/license"
)

// Every kind of failure has advice for all who read of it.
func TestAdvice(t *testing.T) {
	t.Parallel()
	kinds := []license.FailureKind{
		license.FailureDenied, license.FailureCredentials, license.FailureClock, license.FailureRole,
		license.FailureThrottled, license.FailureServer, license.FailureNetwork, license.FailureProxy,
		license.FailureTimeout, license.FailureTLS, license.FailureRedirect, license.FailureAnswer,
		license.FailureRequest, license.FailureInternal,
	}
	for _, kind := range kinds {
		for _, service := range []string{"cwp", "sts"} {
			f := license.Failure{Kind: kind, Service: service, Action: "DescribeLicenseList"}
			advice := f.Advice()
			if license.AdviceAtPrompt(&f).Fix == "" || advice.En == "" || advice.Zh == "" {
				t.Errorf("%s of %s: advice is missing: %+v", kind, service, advice)
			}
			if said := license.AdviceAtPrompt(&f).String(); strings.Contains(said, "{") {
				t.Errorf("%s of %s: %q", kind, service, said)
			}
		}
	}
	denied := license.Failure{Kind: license.FailureDenied, Service: "cwp", Action: "DescribeLicenseList"}
	if got, want := license.AdviceAtPrompt(&denied).String(),
		"allow cwp:DescribeLicenseList to the owner of these keys"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
