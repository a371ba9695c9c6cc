// Package instant has what is asked of two instants when the time of a run is divided.
package instant

import "time"

// Halfway is the middle between two instants.
func Halfway(a, b time.Time) time.Time { return a.Add(b.Sub(a) / 2) }

// Earlier is the earlier one of two instants.
func Earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
