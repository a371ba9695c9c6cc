package yamlnode

import "time"

// Time reads a time as people write it into a file: 2026-11-22 09:07, with seconds
// or without a time of day, in the zone; or with an offset of its own.
func Time(text string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05",
		"2006-01-02T15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
