package report

import (
	"cmp"
	"strings"
	"time"
)

// mostSaid is how many rows of what was said a report keeps.
const mostSaid = 100_000

// saidKey tells what was said apart by day.
type saidKey struct {
	day           time.Time
	channel, mode string
}

// saidSums are what was said, by day, channel and mode.
type saidSums map[saidKey]*SaidSum

// add adds what was said of an account, or of a fleet, to what was said on the day.
func (all saidSums) add(s *SaidDay, isFleet bool) {
	key := saidKey{s.Day, s.Channel, s.Mode}
	sum := all[key]
	switch {
	case sum == nil && len(all) == mostSaid:
		return
	case sum == nil:
		sum = &SaidSum{Day: s.Day, Channel: s.Channel, Mode: s.Mode, Record: s.Record, isFleet: isFleet}
		all[key] = sum
	case sum.isFleet && !isFleet: // counted already
	default:
		sum.Record = ""
	}
	if !isFleet {
		sum.Accounts++
	}
	if isFleet == sum.isFleet {
		sum.Accepted += s.Accepted
		sum.Refused += s.Refused
		sum.NoAnswer += s.NoAnswer
		sum.Code = cmp.Or(s.Code, sum.Code)
	}
}

// list has the newest day first.
func (all saidSums) list() []SaidSum {
	var list []SaidSum
	for _, sum := range all {
		list = append(list, *sum)
	}
	sortBy(list, func(i, j int) int {
		a, b := &list[i], &list[j]
		return cmp.Or(b.Day.Compare(a.Day), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Mode, b.Mode))
	})
	return list
}
