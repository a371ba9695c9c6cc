package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// lateAfter is the age at which a message says that it was written earlier.
const lateAfter = 6 * time.Hour

// reportSentAt is a report that was written earlier, as it is sent now: it says when it
// was written, if that was hours ago, and promises nothing for a time that is
// past.
func reportSentAt(r license.Report, now time.Time) license.Report {
	if age(now, r.At) >= lateAfter {
		r.Sent = now
	}
	r.Firing = slices.Clone(r.Firing)
	for i, f := range r.Firing {
		if f.Story != nil && !f.Story.NextAt.IsZero() && !f.Story.NextAt.After(now) {
			story := *f.Story
			story.NextAt = time.Time{}
			r.Firing[i].Story = &story
		}
	}
	return r
}
