package main

import (
	"fmt"
	"time"
)

// instant reads the time that a flag gives.
func instant(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("%s %q is no time with its zone: write it as 2026-11-22T09:07:00+08:00", flag, text)
	}
	return t, nil
}

// day reads the day that a flag gives, which begins in the zone.
func day(flag, text, example string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return t, fmt.Errorf("%s %q is no date: write it like %s", flag, text, example)
	}
	return t, nil
}
