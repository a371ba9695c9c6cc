package rules

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"licensewatch/license"
)

// valueWords is how one language writes the values that texts are made of.
type valueWords struct {
	language license.Language

	unknown      string
	yes, no      string
	renewals     map[int64]string // by AutoRenewFlag
	states       map[int64]string // by the State of container security
	sources      map[int64]string // by SourceType
	otherEdition string           // format of an edition that has no name
	otherRenewal string           // format of a renewal flag that has no name
	otherState   string           // format of a state that has no name
	otherSource  string           // format of a source that has no name

	today, tomorrow, yesterday string
	ahead, ago                 string // formats of a number of days
	atHour                     string // format of a day and an hour of it
	alias                      string // format of what the customer calls an order, behind its name
	monthDay, yearMonthDay     string // layouts of time.Format
}

var englishWords = &valueWords{
	language: license.English,
	unknown:  "unknown", yes: "yes", no: "no",
	renewals: map[int64]string{license.RenewalNotSet: "not set", license.RenewalOn: "on", license.RenewalOff: "off"},
	states: map[int64]string{
		license.StateNeverBought: "never bought",
		license.StateTrialOver:   "trial over",
		license.StateTrial:       "trial",
		license.StatePro:         "Pro edition",
		license.StateExpired:     "expired",
	},
	sources: map[int64]string{
		license.SourceTypePaid:    "paid",
		license.SourceTypeTrial:   "trial",
		license.SourceTypeGift:    "gift",
		license.SourceTypeTryout:  "tryout",
		license.SourceTypeGiftSSL: "gift with an SSL certificate",
		license.SourceTypeGiftCVM: "gift with a CVM",
	},
	otherEdition: "type %d", otherRenewal: "unknown (%d)", otherState: "state %d", otherSource: "source %d",
	atHour: "%s at %s", alias: " (%s)",
	today: "today", tomorrow: "tomorrow", yesterday: "yesterday", ahead: "in %d days", ago: "%d days ago",
	monthDay: "Jan 2", yearMonthDay: "Jan 2, 2006",
}

var chineseWords = &valueWords{
	language: license.Chinese,
	unknown:  "未知", yes: "是", no: "否",
	renewals: map[int64]string{license.RenewalNotSet: "未设置", license.RenewalOn: "已开启", license.RenewalOff: "已关闭"},
	states: map[int64]string{
		license.StateNeverBought: "未购买",
		license.StateTrialOver:   "试用已结束",
		license.StateTrial:       "试用中",
		license.StatePro:         "专业版",
		license.StateExpired:     "已到期",
	},
	sources: map[int64]string{
		license.SourceTypePaid:    "付费",
		license.SourceTypeTrial:   "试用",
		license.SourceTypeGift:    "赠送",
		license.SourceTypeTryout:  "体验",
		license.SourceTypeGiftSSL: "购买 SSL 证书赠送",
		license.SourceTypeGiftCVM: "购买 CVM 赠送",
	},
	otherEdition: "类型 %d", otherRenewal: "未知（%d）", otherState: "状态 %d", otherSource: "来源 %d",
	atHour: "%s %s", alias: "（%s）",
	today: "今天", tomorrow: "明天", yesterday: "昨天", ahead: "%d 天后", ago: "%d 天前",
	monthDay: "1月2日", yearMonthDay: "2006年1月2日",
}

func wordsOf(language license.Language) *valueWords {
	if language == license.Chinese {
		return chineseWords
	}
	return englishWords
}

func (w *valueWords) editionName(licenseType int64) string {
	if name := license.EditionTitle(licenseType).In(w.language); name != "" {
		return name
	}
	return fmt.Sprintf(w.otherEdition, licenseType)
}

func (w *valueWords) renewalName(flag int64) string {
	return nameOrNumber(w.renewals, flag, w.otherRenewal)
}

func (w *valueWords) stateName(number int64) string {
	return nameOrNumber(w.states, number, w.otherState)
}

func (w *valueWords) sourceName(number int64) string {
	return nameOrNumber(w.sources, number, w.otherSource)
}

func nameOrNumber(names map[int64]string, number int64, other string) string {
	if name, ok := names[number]; ok {
		return name
	}
	return fmt.Sprintf(other, number)
}

// daysText is a distance from today.
func (w *valueWords) daysText(n int64) string {
	switch {
	case n == 0:
		return w.today
	case n == 1:
		return w.tomorrow
	case n == -1:
		return w.yesterday
	case n > 0:
		return fmt.Sprintf(w.ahead, n)
	default:
		return fmt.Sprintf(w.ago, -n)
	}
}

// dateText is the day of a time of the API in now's zone, with the year when it is
// not now's. It has the hour where the day alone would mislead: today, and at
// midnight, when the day before is the last. A text that is no time stays as it is.
func (w *valueWords) dateText(text string, now time.Time) string {
	t, ok := license.ParseTime(text)
	switch {
	case text == "":
		return w.unknown
	case !ok:
		return text
	}
	t = t.In(now.Location())
	layout := w.yearMonthDay
	if t.Year() == now.Year() {
		layout = w.monthDay
	}
	if isMidnight(t) || license.DaysLeft(t, now) == 0 {
		layout += " 15:04"
	}
	return t.Format(layout)
}

// whenText is how far away a time of the API is: in days, and with the hour where it
// is today. A text that is no time stays as it is.
func (w *valueWords) whenText(text string, now time.Time) string {
	t, ok := license.ParseTime(text)
	switch {
	case text == "":
		return w.unknown
	case !ok:
		return text
	}
	t = t.In(now.Location())
	days := license.DaysLeft(t, now)
	if days == 0 || days == 1 && isMidnight(t) {
		return fmt.Sprintf(w.atHour, w.daysText(int64(days)), t.Format("15:04"))
	}
	return w.daysText(int64(days))
}

// isMidnight says whether a day begins at the time.
func isMidnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }

// percentText is a percentage without decimals.
func percentText(percent float64) string {
	return strconv.FormatInt(license.WholePercent(percent), 10) + "%"
}

// printValue is a value in a text: numbers without separators, at most one decimal.
func (w *valueWords) printValue(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case int64:
		return strconv.FormatInt(value, 10)
	case float64:
		return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64)
	case bool:
		if value {
			return w.yes
		}
		return w.no
	case nil:
		return w.unknown
	default:
		return license.ValueText(value)
	}
}
