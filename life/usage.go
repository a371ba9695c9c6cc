package life

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

const (
	// maxUsage is of how many days the use of licenses is remembered, and maxUsageOfMany of how
	// many where the ledger is one of thousands.
	maxUsage, maxUsageOfMany = 90, 60
	// shownUsage is how many days of it a report has.
	shownUsage = 30
)

// dailyUsage is how many licenses were in use on a day, as it was read last.
type dailyUsage struct {
	Day  string `json:"day"` // 2026-11-22, in the zone of the run
	Used int64  `json:"used"`
	// by edition, where the account has more than one
	Pro         *int64 `json:"pro,omitempty"`
	Ultimate    *int64 `json:"ultimate,omitempty"`
	Lightweight *int64 `json:"lightweight,omitempty"`
}

// usageByDay is how many licenses were in use, by day; oldest first.
type usageByDay []dailyUsage

// with has how many licenses are in use now, where that was read.
func (all usageByDay) with(now time.Time, s *license.Snapshot) usageByDay {
	if !s.Has(license.SourceOverview) || s.Overview.UsedLicenseCnt == nil {
		return all
	}
	today := now.Format(time.DateOnly)
	i := len(all)
	for i > 0 && all[i-1].Day >= today { // a clock may have gone back
		i--
	}
	if i == len(all) || all[i].Day != today {
		all = slices.Insert(all, i, dailyUsage{Day: today})
	}
	all[i].Used = *s.Overview.UsedLicenseCnt
	if editions := s.EditionUse(); len(editions) > 1 {
		for _, e := range editions {
			*all[i].edition(e.LicenseType) = new(e.Used)
		}
	}
	return all[max(0, len(all)-maxUsage):]
}

// editions are those that the use is remembered of.
var editions = []int64{license.LicenseTypePro, license.LicenseTypeUltimate, license.LicenseTypeLightweight}

func (u *dailyUsage) edition(licenseType int64) **int64 {
	switch licenseType {
	case license.LicenseTypePro:
		return &u.Pro
	case license.LicenseTypeUltimate:
		return &u.Ultimate
	default:
		return &u.Lightweight
	}
}

// shownAt is Ledger.Usage.
func (all usageByDay) shownAt(now time.Time) []license.DailyUsage {
	byDay := make(map[string]int64, len(all))
	for _, u := range all {
		byDay[u.Day] = u.Used
	}
	year, month, date := now.Date()
	var days []license.DailyUsage
	for i := shownUsage - 1; i >= 0; i-- {
		day := license.DailyUsage{Day: time.Date(year, month, date-i, 12, 0, 0, 0, now.Location())}
		if used, ok := byDay[day.Day.Format(time.DateOnly)]; ok {
			day.Used = &used
		}
		if day.Used != nil || len(days) > 0 {
			days = append(days, day)
		}
	}
	return days
}

// byDay is how many licenses were in use on each day. Days that are yet to come are left out:
// some clock was ahead.
func (all usageByDay) byDay(now time.Time) []license.UsedLicenses {
	today := now.Format(time.DateOnly)
	days := make([]license.UsedLicenses, 0, len(all))
	for i := range all {
		day, err := time.ParseInLocation(time.DateOnly, all[i].Day, now.Location())
		if err != nil || all[i].Day > today {
			continue
		}
		u := license.UsedLicenses{Day: day.Add(12 * time.Hour), All: all[i].Used, ByEdition: map[int64]int64{}}
		for _, e := range editions {
			if used := *all[i].edition(e); used != nil {
				u.ByEdition[e] = *used
			}
		}
		days = append(days, u)
	}
	return days
}

// sound is what can be counted with, in its order.
func (all usageByDay) sound() (sound usageByDay) {
	last := ""
	for _, u := range all[max(0, len(all)-maxUsage):] {
		if len(u.Day) == len(time.DateOnly) && u.Day > last {
			sound, last = append(sound, u), u.Day
		}
	}
	return sound
}

// shortUsage is the same in a few bytes, for ledgers of which thousands lie in one object: of
// each day from the first on, and for all licenses and for each edition, by how much it differs
// from the day before that has a value.
type shortUsage struct {
	From        string `json:"from"`
	All         string `json:"all"` // "+40==-2.+1": 40, 40, 40, 38, none, 39
	Pro         string `json:"pro,omitempty"`
	Ultimate    string `json:"ultimate,omitempty"`
	Lightweight string `json:"lightweight,omitempty"`
}

// short is the newest days in short; nil where there are none.
func (all usageByDay) short() *shortUsage {
	all = all[max(0, len(all)-maxUsageOfMany):]
	if len(all) == 0 {
		return nil
	}
	from, err := time.Parse(time.DateOnly, all[0].Day)
	if err != nil {
		return nil
	}
	return &shortUsage{all[0].Day,
		all.differences(from, func(u *dailyUsage) *int64 { return &u.Used }),
		all.differences(from, func(u *dailyUsage) *int64 { return u.Pro }),
		all.differences(from, func(u *dailyUsage) *int64 { return u.Ultimate }),
		all.differences(from, func(u *dailyUsage) *int64 { return u.Lightweight }),
	}
}

// differences are a value's, empty where no day has it.
func (all usageByDay) differences(from time.Time, value func(*dailyUsage) *int64) string {
	var b strings.Builder
	var last int64
	day, isKnown := from, false
	for i := range all {
		for days := 0; days < maxUsage && day.Format(time.DateOnly) < all[i].Day; days++ {
			b.WriteByte('.')
			day = day.AddDate(0, 0, 1)
		}
		v := value(&all[i])
		switch {
		case v == nil:
			b.WriteByte('.')
		case isKnown && *v == last:
			b.WriteByte('=')
		default:
			b.WriteString(signed(*v - last))
			last, isKnown = *v, true
		}
		day = day.AddDate(0, 0, 1)
	}
	if !isKnown {
		return ""
	}
	return b.String()
}

func signed(n int64) string {
	if n < 0 {
		return strconv.FormatInt(n, 10)
	}
	return "+" + strconv.FormatInt(n, 10)
}

// long is the usage that was written in short; what makes no sense in it is left out.
func (s *shortUsage) long() usageByDay {
	if s == nil {
		return nil
	}
	day, err := time.Parse(time.DateOnly, s.From)
	if err != nil {
		return nil
	}
	values := readDifferences(s.All)
	all := make(usageByDay, 0, len(values))
	byEdition := map[int64][]*int64{license.LicenseTypePro: readDifferences(s.Pro),
		license.LicenseTypeUltimate:    readDifferences(s.Ultimate),
		license.LicenseTypeLightweight: readDifferences(s.Lightweight)}
	for i, used := range values {
		if used == nil {
			continue
		}
		u := dailyUsage{Day: day.AddDate(0, 0, i).Format(time.DateOnly), Used: *used}
		for _, e := range editions {
			if i < len(byEdition[e]) {
				*u.edition(e) = byEdition[e][i]
			}
		}
		all = append(all, u)
	}
	return all
}

// readDifferences gives the values day by day, nil for a day without one.
func readDifferences(text string) (values []*int64) {
	const most = 4 * maxUsage // days
	var last int64
	for text != "" && len(values) < most {
		sign := text[0]
		text = text[1:]
		switch sign {
		case '.':
			values = append(values, nil)
			continue
		case '=':
			values = append(values, new(last))
			continue
		}
		digits := text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || sign != '+' && sign != '-' {
			return values
		}
		text = text[len(digits):]
		if sign == '-' {
			n = -n
		}
		last += n
		values = append(values, new(last))
	}
	return values
}
