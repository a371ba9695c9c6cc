package message

import (
	"strings"

	"licensewatch/license"
)

// leastReadings is from how many days with a reading on their course is shown.
const leastReadings = 7

// usageBars are the blocks of a course, the lowest first; usageGap is a day without a
// reading.
var usageBars = []rune("▁▂▃▄▅▆▇█")

const usageGap = '·'

// usageLine is the licenses in use over the last days: a block for each, and the change in
// words. It is empty where there are too few readings.
func (s overviewSection) usageLine() line {
	var first, last *license.DailyUsage
	var lowest, highest int64
	readings := 0
	for i := range s.usage {
		day := &s.usage[i]
		if day.Used == nil {
			continue
		}
		if readings++; first == nil {
			first, lowest, highest = day, *day.Used, *day.Used
		}
		last, lowest, highest = day, min(lowest, *day.Used), max(highest, *day.Used)
	}
	if readings < leastReadings || s.bounds.brief {
		return nil
	}
	var bars strings.Builder
	for _, day := range s.usage {
		bars.WriteRune(usageBar(day.Used, lowest, highest))
	}
	w, change := s.words.overview, *last.Used-*first.Used
	words := w.usageSame
	switch {
	case change > 0:
		words = w.usageMore
	case change < 0:
		words = w.usageLess
	}
	return fill(w.usage, values{"days": number(len(s.usage)), "bars": say(bars.String()),
		"change": fill(words, values{"n": count(max(change, -change)), "date": s.dateLine(first.Day)})})
}

// runOutLine says by when licenses run out at the pace of the past, where that is near. Where all
// are in use, nobody asks when they will be.
func (s overviewSection) runOutLine() line {
	o := s.snapshot.RunOut
	if o == nil || !o.IsNear(s.at, license.RunOutNear) || o.Used >= o.Valid || s.bounds.brief {
		return nil
	}
	w := s.words.overview
	v := values{"licenses": say(w.allLicenses), "date": s.dateLine(o.Day), "used": count(o.Used),
		"total": count(o.Valid)}
	if o.LicenseType != nil {
		v["licenses"] = fill(w.editionLicenses, values{"edition": s.editionName(o.LicenseType)})
	}
	if license.DaysLeft(o.Day, s.at) == 0 {
		return fill(w.runsOutToday, v)
	}
	return fill(w.runsOut, v)
}

// usageBar is the block of a day, between the lowest and the highest.
func usageBar(used *int64, lowest, highest int64) rune {
	switch {
	case used == nil:
		return usageGap
	case highest == lowest:
		return usageBars[len(usageBars)/2-1]
	default: // as floats: the API may give any number
		share := (float64(*used) - float64(lowest)) / (float64(highest) - float64(lowest))
		return usageBars[int(share*float64(len(usageBars)-1)+0.5)]
	}
}
