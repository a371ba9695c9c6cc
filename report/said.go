package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
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

// AddMessages takes what was said in a record. It comes after the record's findings.
func (g *Gatherer) AddMessages(record string, messages []Message) {
	var told *Told
	for _, m := range messages {
		g.countMessage(record, m)
		if m.Kind != "report" || m.Verdict != "accepted" {
			continue
		}
		if told == nil {
			told = &Told{At: m.At, Mode: m.Mode, Record: record}
		}
		if !slices.Contains(told.Channels, m.Channel) {
			told.Channels = append(told.Channels, m.Channel)
		}
	}
	if told == nil {
		return
	}
	if told.Mode == string(license.ModeDigest) {
		g.digest = told
	}
	if record != g.record {
		return
	}
	for i := range g.findings {
		if key := g.findings[i].Key(); g.findings[i].State == license.Firing && g.first[key] == nil {
			g.first[key] = told
		}
	}
}

// countMessage counts a message on its day.
func (g *Gatherer) countMessage(record string, m Message) {
	row := SaidDay{Day: utcDay(m.At), Account: g.account.Label(), Channel: m.Channel, Mode: m.Mode, Record: record}
	if m.Kind != "report" {
		row.Mode = m.Kind
	}
	s := g.saidOn(row)
	s.Record = record
	switch m.Verdict {
	case "accepted":
		s.Accepted++
	case "refused":
		s.Refused++
		s.Code = m.Code
	default:
		s.NoAnswer++
	}
}

// saidOn finds the row of a day, which is one of the last.
func (g *Gatherer) saidOn(row SaidDay) *SaidDay {
	const oneDay = 26 * time.Hour // and what is late
	for i := range slices.Backward(g.said) {
		s := &g.said[i]
		if s.Day.Equal(row.Day) && s.Channel == row.Channel && s.Mode == row.Mode {
			return s
		}
		if row.Day.Sub(s.Day) > oneDay {
			break
		}
	}
	g.said = append(g.said, row)
	return &g.said[len(g.said)-1]
}

// told is who was told of a finding last: the last digest has all that fires; before the
// first one after it began, the message of the record that it began in.
func (g *Gatherer) told(key string, since time.Time) *Told {
	if g.digest != nil && !g.digest.At.Before(since) {
		return g.digest
	}
	return g.first[key]
}
