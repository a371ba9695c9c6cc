package handler

import (
	"cmp"
	"slices"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// clockSkew is how far the clock is ahead where the cloud has refused the time of a
// request. When the answer did not tell the time, it is that of the last run.
func clockSkew(s *license.Snapshot, memory *session.Session, now time.Time) time.Duration {
	var skew time.Duration
	isRefused := false
	for _, f := range s.Failures {
		if f.Kind == license.FailureClock {
			isRefused = true
			skew = cmp.Or(skew, f.ClockSkew)
		}
	}
	if isRefused && skew == 0 && isBlind(*s) && memory.Works() {
		if last := memory.Ledger.Runs().Last().At; !last.IsZero() {
			return now.Sub(last)
		}
	}
	return skew
}

// readingToJudge gives what a run has read at a time as its rules judge it: by a clock that is put
// right, without the sources that are set aside, and behind the reading that the ledger has.
func readingToJudge(ledger *life.Ledger, s license.Snapshot, now time.Time, skew time.Duration) license.Snapshot {
	s.ReadAt = s.ReadAt.Add(-skew)
	var previous *license.Snapshot
	if ledger != nil {
		previous = ledger.PreviousReading()
	}
	s.SetRefusedAside(previous)
	if previous != nil {
		s.Orders.Share(previous.Orders)
	}
	return readAfter(previous, ledger, s, now.Add(-skew))
}

// ReadAfter gives a reading as a run judges it: behind the one before, and with when licenses run
// out, both as the ledger has them; nil is the ledger of a run without memory.
func ReadAfter(ledger *life.Ledger, s license.Snapshot, now time.Time) license.Snapshot {
	if ledger == nil {
		return s.After(nil, now)
	}
	return readAfter(ledger.PreviousReading(), ledger, s, now)
}

func readAfter(previous *license.Snapshot, ledger *life.Ledger, s license.Snapshot, now time.Time) license.Snapshot {
	s = s.After(previous, now)
	if o := RunOut(ForecastUse(ledger, &s, now)); o != nil { // else that of a snapshot file
		s.RunOut = o
	}
	SetRunOut(&s, s.RunOut)
	return s
}

// Codes of ours for sources.
const (
	codeOK         = "ok"
	codeIncomplete = "Incomplete" // the pages of the list did not add up
)

// sourceCode is how reading a source went.
func sourceCode(s license.Snapshot, source license.Source) string {
	switch failure := s.Failures[source]; {
	case failure != nil:
		return failure.Code
	case s.IsPartly(source):
		return codeIncomplete
	default:
		return codeOK
	}
}

func sourceCodes(s license.Snapshot) map[string]string {
	codes := make(map[string]string, len(s.Wanted))
	for _, source := range append(s.Aside(), s.Wanted...) {
		codes[string(source)] = sourceCode(s, source)
	}
	return codes
}

// failedSources names the sources that were not read, or not whole.
func failedSources(s license.Snapshot) []string {
	var names []string
	for _, source := range s.Wanted {
		if code := sourceCode(s, source); code != codeOK {
			names = append(names, string(source)+" ("+code+")")
		}
	}
	return names
}

// isBlind says whether nothing at all could be read. Of the fleet as a whole the accounts say so.
func isBlind(s license.Snapshot) bool { return s.Fleet == nil && !slices.ContainsFunc(s.Wanted, s.Has) }
