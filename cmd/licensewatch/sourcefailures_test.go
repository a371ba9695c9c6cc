package main

import (
	"strings"
	"testing"
	"time"

	"licensewatch/license"
)

// TestClockRemedy: the answers to one run's requests give one remedy, though
// each tells the skew by the second.
func TestClockRemedy(t *testing.T) {
	for skew, want := range map[time.Duration]string{
		20*time.Minute + time.Second:  "this machine's clock is off by about 20 minutes: set it right",
		-20*time.Minute + time.Second: "this machine's clock is off by about 20 minutes: set it right",
		65 * time.Second:              "this machine's clock is off by about 1 minute: set it right",
		1814461 * time.Second:         "this machine's clock is off by about 21 days: set it right",
		40 * time.Second:              "this machine's clock is off by 40 s: set it right",
		0:                             "the time of the request was refused: set this machine's clock",
	} {
		if got := failureFix(&license.Failure{Kind: license.FailureClock, ClockSkew: skew}); got != want {
			t.Errorf("%s: %q, want %q", skew, got, want)
		}
	}
}

// TestRoleRemedy: a role that was not assumed has a remedy of its own, where the trouble is
// with the role.
func TestRoleRemedy(t *testing.T) {
	for kind, want := range map[license.FailureKind]string{
		license.FailureDenied:      "have the role trust their account, and compare the external id",
		license.FailureRole:        "that account has no such role",
		license.FailureThrottled:   "too many requests",
		license.FailureCredentials: "the keys are not accepted",
	} {
		if got := failureFix(&license.Failure{Kind: kind, Service: "sts", Action: "AssumeRole"}); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
	if got := failureFix(&license.Failure{Kind: license.FailureRole, Service: "tcss"}); !strings.Contains(got, "service role") {
		t.Errorf("of a source: %q", got)
	}
}
