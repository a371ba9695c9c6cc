package main

import (
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
