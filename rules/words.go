package rules

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"licensewatch/license"
)

// words is how one language writes the values that texts are made of.
type words struct {
	unknown  string
	yes, no  string
	editions map[int64]string // by LicenseType
	renewals map[int64]string // by AutoRenewFlag
	states   map[int64]string // by the State of container security
	edition9 string           // format of an edition that has no name
	renewal9 string           // format of a renewal flag that has no name
	state9   string           // format of a state that has no name

	today, tomorrow, yesterday string
	ahead, ago                 string // formats of a number of days
	monthDay, yearMonthDay     string // layouts of time.Format
}

var english = &words{
	unknown: "unknown", yes: "yes", no: "no",
	editions: map[int64]string{
		license.LicenseTypeProPostpay:        "pay-as-you-go Pro",
		license.LicenseTypePro:               "Pro",
		license.LicenseTypeUltimate:          "Ultimate",
		license.LicenseTypeLightweight:       "Lightweight",
		license.LicenseTypeProSecCenter:      "Pro (Security Center)",
		license.LicenseTypeUltimateSecCenter: "Ultimate (Security Center)",
	},
	renewals: map[int64]string{license.RenewalNotSet: "not set", license.RenewalOn: "on", license.RenewalOff: "off"},
	states: map[int64]string{
		license.StateNeverBought: "never bought",
		license.StateTrialOver:   "trial over",
		license.StateTrial:       "trial",
		license.StatePro:         "Pro edition",
		license.StateExpired:     "expired",
	},
	edition9: "type %d", renewal9: "unknown (%d)", state9: "state %d",
	today: "today", tomorrow: "tomorrow", yesterday: "yesterday", ahead: "in %d days", ago: "%d days ago",
	monthDay: "Jan 2", yearMonthDay: "Jan 2, 2006",
}

var chinese = &words{
	unknown: "未知", yes: "是", no: "否",
	editions: map[int64]string{
		license.LicenseTypeProPostpay:        "按量计费专业版",
		license.LicenseTypePro:               "专业版",
		license.LicenseTypeUltimate:          "旗舰版",
		license.LicenseTypeLightweight:       "普惠版",
		license.LicenseTypeProSecCenter:      "专业版（云安全中心）",
		license.LicenseTypeUltimateSecCenter: "旗舰版（云安全中心）",
	},
	renewals: map[int64]string{license.RenewalNotSet: "未设置", license.RenewalOn: "已开启", license.RenewalOff: "已关闭"},
	states: map[int64]string{
		license.StateNeverBought: "未购买",
		license.StateTrialOver:   "试用已结束",
		license.StateTrial:       "试用中",
		license.StatePro:         "专业版",
		license.StateExpired:     "已到期",
	},
	edition9: "类型 %d", renewal9: "未知（%d）", state9: "状态 %d",
	today: "今天", tomorrow: "明天", yesterday: "昨天", ahead: "%d 天后", ago: "%d 天前",
	monthDay: "1月2日", yearMonthDay: "2006年1月2日",
}

func wordsOf(language license.Language) *words {
	if language == license.Chinese {
		return chinese
	}
	return english
}

func (w *words) edition(licenseType int64) string {
	return named(w.editions, licenseType, w.edition9)
}

func (w *words) renewal(flag int64) string { return named(w.renewals, flag, w.renewal9) }

func (w *words) state(number int64) string { return named(w.states, number, w.state9) }

func named(names map[int64]string, number int64, other string) string {
	if name, ok := names[number]; ok {
		return name
	}
	return fmt.Sprintf(other, number)
}

// days is a distance from today.
func (w *words) days(n int64) string {
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

// date is the day of a time of the API in now's zone, with the year when it is
// not now's; a text that is no time stays as it is.
func (w *words) date(text string, now time.Time) string {
	t, ok := license.ParseTime(text)
	switch {
	case text == "":
		return w.unknown
	case !ok:
		return text
	}
	t = t.In(now.Location())
	if t.Year() == now.Year() {
		return t.Format(w.monthDay)
	}
	return t.Format(w.yearMonthDay)
}

// percentText is a percentage without decimals, and never 100% of what is not
// all.
func percentText(percent float64) string {
	rounded := math.Round(percent)
	if rounded == 100 && percent < 100 {
		rounded = 99
	}
	return strconv.FormatFloat(rounded, 'f', 0, 64) + "%"
}

// print is a value in a text: numbers without separators, at most one decimal.
func (w *words) print(value any) string {
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
		return jsonText(value)
	}
}
