package life_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// newRemarkable is a world whose messages' remarks are told as well.
func newRemarkable(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.remarks = true
	return w
}

// TestGaps: a time without any run that is much longer than usual is told in the
// next digest, once.
func TestGaps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pauses []time.Duration // before each run; every run is a digest
		want   string          // the gaps that the digests name, by the number of the run
	}{
		"daily":                     {[]time.Duration{day, day, day, day}, ""},
		"a digest late":             {[]time.Duration{day, 35 * hour, day}, ""},
		"one digest missed":         {[]time.Duration{day, day, 2 * day, day}, "3: 11-24 09:07 to 11-26 09:07"},
		"four days":                 {[]time.Duration{day, 4 * day, day}, "2: 11-23 09:07 to 11-27 09:07"},
		"after the first run":       {[]time.Duration{4 * day}, "1: 11-22 09:07 to 11-26 09:07"},
		"weekly":                    {[]time.Duration{7 * day, 7 * day, 7 * day}, "1: 11-22 09:07 to 11-29 09:07"},
		"weekly, and one missed":    {[]time.Duration{7 * day, 7 * day, 14 * day, 7 * day}, "1: 11-22 09:07 to 11-29 09:07|3: 12-06 09:07 to 12-20 09:07"},
		"not at weekends":           {[]time.Duration{3 * day, day, day, day, day, 3 * day, day}, "1: 11-22 09:07 to 11-25 09:07"},
		"a longer weekend":          {[]time.Duration{3 * day, day, day, day, day, 3*day + 11*hour}, "1: 11-22 09:07 to 11-25 09:07"},
		"a weekend long forgotten":  {[]time.Duration{3 * day, day, day, day, day, day, day, day, day, day, day, day, day, day, day, day, 3 * day}, "1: 11-22 09:07 to 11-25 09:07|17: 12-10 09:07 to 12-13 09:07"},
		"a clock that was set back": {[]time.Duration{day, -4 * day, 4 * hour}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRemarkable(t)
			w.digest()
			var got []string
			for i, pause := range test.pauses {
				for _, line := range w.wait(pause).digest() {
					if gap, ok := strings.CutPrefix(line, "slack: gap "); ok {
						got = append(got, fmt.Sprintf("%d: %s", i+1, gap))
					}
				}
			}
			if joined := strings.Join(got, "|"); joined != test.want {
				t.Errorf("told %q, want %q", joined, test.want)
			}
		})
	}
}

// TestGapWaitsForTheDigest: an alert says nothing of it, and a channel that
// refuses hears of it in its next digest.
func TestGapWaitsForTheDigest(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	seats := firing("seats", license.Warning)
	w.want("before", w.alert())
	w.wait(4 * day)
	w.want("an alert", w.alert())
	w.want("another", w.wait(hour).alert(seats), both("new seats warning")...)
	w.answers["wecom"] = life.RefusedForGood
	const gap = "gap 11-22 09:07 to 11-26 09:07"
	w.want("a digest", w.wait(hour).digest(seats), "slack: ongoing seats warning", "slack: "+gap, "slack: digest")
	w.answers = nil
	w.want("the next", w.wait(day).digest(seats), "slack: ongoing seats warning", "slack: digest", "slack: unchanged since 11-26",
		"wecom: ongoing seats warning", "wecom: digest", "wecom: "+gap)
	w.want("and the next", w.wait(day).digest(seats), "slack: ongoing seats warning", "slack: digest", "slack: unchanged since 11-26",
		"wecom: ongoing seats warning", "wecom: digest", "wecom: unchanged since 11-27")
}

// TestRunsThatPlanNothing: a run that ends before it can judge is a run all the
// same, and how it ended is remembered.
func TestRunsThatPlanNothing(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.digest()
	for range 4 {
		w.wait(day)
		w.ledger.EnterRun(life.Run{At: w.now, Mode: license.ModeDigest, Outcome: "failed", Reason: strings.Repeat("é", 400)}, w.channels)
		w.save()
	}
	last := w.ledger.Runs().Last()
	if last.Outcome != "failed" || !last.At.Equal(w.now) || len(last.Reason) > 300 || !strings.HasSuffix(last.Reason, "é…") {
		t.Errorf("%+v", last)
	}
	w.want("then", w.wait(day).digest(), both("digest", "unchanged since 11-22")...)
	if last := w.ledger.Runs().Last(); last.Outcome != "" || last.Mode != license.ModeDigest || !last.At.Equal(w.now) {
		t.Errorf("of a run that has begun: %+v", last)
	}
}

// TestLastRuns: those of each timer, and when it is due again; the same event run
// again is no other run.
func TestLastRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if last, next := w.ledger.Runs().LastOf(license.ModeDigest); !last.At.IsZero() || !next.IsZero() || !w.ledger.Runs().Last().At.IsZero() {
		t.Errorf("of a new ledger: %+v, %s", last, next)
	}
	w.digest()
	w.wait(hour).alert()
	w.wait(hour).alert()
	if _, next := w.ledger.Runs().LastOf(license.ModeDigest); !next.IsZero() {
		t.Errorf("after the first digest: the next at %s", next)
	}
	w.wait(22 * hour).digest()
	w.wait(time.Minute).digest()
	last, next := w.ledger.Runs().LastOf(license.ModeDigest)
	if !last.At.Equal(start.Add(day+time.Minute)) || !next.Equal(start.Add(2*day+2*time.Minute)) {
		t.Errorf("%+v, and the next at %s", last, next)
	}
	if last, next := w.ledger.Runs().LastOf(license.ModeAlert); !last.At.Equal(start.Add(2*hour)) || !next.Equal(start.Add(3*hour)) {
		t.Errorf("%+v, and the next at %s", last, next)
	}
	if last := w.ledger.Runs().Last(); last.Mode != license.ModeDigest {
		t.Errorf("%+v", last)
	}
	for pause, want := range map[time.Duration]bool{hour: false, 36 * hour: false, 37 * hour: true} {
		if got := w.ledger.Runs().IsOverdue(w.now.Add(pause)); got != want {
			t.Errorf("after %s: overdue %t", pause, got)
		}
	}
}
