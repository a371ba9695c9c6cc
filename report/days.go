package report

import "time"

// daySums are the metrics of all accounts by day.
type daySums struct {
	days map[time.Time]*Day
	// began says for each metric how many accounts tell it from a day on.
	began map[time.Time]*[metrics]int
}

// add adds an account's metric to a day; isFirst: it is the first day on which the
// account tells it.
func (s *daySums) add(d *dayValues, m Metric, n int64, isFirst bool) {
	of := s.days[d.day]
	if of == nil {
		of = &Day{Day: d.day, Record: d.record}
		s.days[d.day] = of
	} else if of.Record != d.record {
		of.Record = ""
	}
	of.Metrics[m].Known++
	of.Metrics[m].Sum += n
	if isFirst {
		if s.began[d.day] == nil {
			s.began[d.day] = &[metrics]int{}
		}
		s.began[d.day][m]++
	}
}

// list lines the days up, from the first that has something to the last.
func (s *daySums) list(from, to time.Time) []Day {
	if len(s.days) == 0 {
		return nil
	}
	var list []Day
	var of [metrics]int
	for d := from; !d.After(to); d = d.AddDate(0, 0, 1) {
		if began := s.began[d]; began != nil {
			for m := range metrics {
				of[m] += began[m]
			}
		}
		row := Day{Day: d}
		if known := s.days[d]; known != nil {
			row = *known
		}
		if len(list) == 0 && row.Metrics == ([metrics]Total{}) {
			continue
		}
		for m := range metrics {
			row.Metrics[m].Of = of[m]
		}
		list = append(list, row)
	}
	return list
}

// utcDay is the day of a time in UTC, as records have it.
func utcDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// dayIn is the day of a time in a zone, as the reader has it.
func dayIn(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}
