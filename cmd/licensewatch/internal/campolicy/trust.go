package campolicy

import "licensewatch/internal/suggest"

// TrustPolicy says who may take on the execution role.
type TrustPolicy struct {
	Version   string           `json:"version"`
	Statement []TrustStatement `json:"statement"`
}

// TrustStatement lets principals take on the role.
type TrustStatement struct {
	Effect    string    `json:"effect"`
	Action    string    `json:"action"`
	Principal Principal `json:"principal"`
}

// Principal is who.
type Principal struct {
	Service []string `json:"service"`
}

const (
	assumeRole = "name/sts:AssumeRole"
	platform   = "scf.qcloud.com" // the service that runs the function
)

// Trust is the trust policy of the execution role: the platform, and nobody
// else, takes it on.
func Trust() TrustPolicy {
	return TrustPolicy{Version: version, Statement: []TrustStatement{{
		Effect: allow, Action: assumeRole, Principal: Principal{Service: []string{platform}},
	}}}
}

// CheckTrust says what is wrong with a trust policy.
func CheckTrust(data []byte) Report {
	c := &checker{data: data}
	statements, ok := c.parseStatements(trustKeys)
	if !ok {
		return c.report
	}
	trusted := false
	for _, s := range statements {
		trusted = c.checkTrusting(s) || trusted
	}
	if !trusted {
		c.report.Missing = append(c.report.Missing, assumeRole)
		c.mistake(nowhere, "lets nobody run the function: allow %s to the principal service %s, as licensewatch policy --trust prints it", assumeRole, platform)
	}
	return c.sortedReport()
}

// checkTrusting says whether the statement lets the platform take on the role,
// and warns about whom else it lets.
func (c *checker) checkTrusting(s statement) (trusted bool) {
	assumes := false
	for _, action := range s.actions {
		assumes = assumes || matchesPattern(withoutPrefix(action.text), withoutPrefix(assumeRole))
	}
	if !assumes {
		return false
	}
	for _, who := range s.principals {
		switch {
		case who.text == platform && s.effect == deny:
			c.mistake(who.at, "denies the role to %s, which runs the function: a deny beats every allow, remove it",
				platform)
		case s.effect == deny:
		case who.text == platform:
			trusted = true
		default:
			c.warnExcess(who.at, who.text, "%s may take on the role too: remove it unless that is meant", who.text)
		}
	}
	if trusted && len(s.conditions) > 0 {
		c.warn(s.at, "trusts %s only under a condition (%s): whether it holds cannot be told from here", platform,
			suggest.List(s.conditions, "and"))
	}
	return trusted
}
