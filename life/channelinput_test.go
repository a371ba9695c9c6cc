package life_test

import (
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestHoursOfAChannel: what waits for the hours waits in each channel for its own.
func TestHoursOfAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.own = map[string]life.ChannelInput{"slack": {Hours: officeHours}} // wecom has all hours
	w.now = time.Date(2026, time.November, 22, 3, 0, 0, 0, shanghai)
	f := firing("cwp-seats", license.Warning)
	w.want("at night", w.alert(f), "wecom: new cwp-seats warning")
	w.want("in the morning", w.wait(6*hour).alert(f), "slack: new cwp-seats warning")
	w.want("over at night", w.wait(18*hour).alert(fine("cwp-seats")), "wecom: resolved cwp-seats")
	w.want("told in the morning", w.wait(6*hour).alert(fine("cwp-seats")), "slack: resolved cwp-seats")
}

// TestDigestsOfAChannel: digests that say nothing new are left out where a channel wants that.
func TestDigestsOfAChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.own = map[string]life.ChannelInput{"slack": {OnlyChanges: true}}
	w.want("first", w.digest(), both("digest")...)
	w.want("the same", w.wait(day).digest(), "wecom: digest")
}
