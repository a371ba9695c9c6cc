package simulator

// QuarterDays is how many days before the last one the scenario "quarter" tells of.
const QuarterDays = 90

// What happens in the scenario "quarter", in days before its last one.
const (
	proRenewed   = 64 // an order renews itself
	boughtMore   = 45 // a purchase
	cloudRefused = 31 // container security may not be read, for three days
	notPaid      = 20 // an order ends, and its machines fall back to the Basic edition
)

// QuarterGaps are the days on which the scenario's timer did not run.
var QuarterGaps = []int{56, 55}

func quarterScenario() Scenario { return quarterBefore(0) }

// quarterBefore is a quarter of an account as it was so many days before its last one: its use
// grows from week to week, with fewer machines at each weekend.
func quarterBefore(daysAgo int) Scenario {
	used := 262 - daysAgo*6/7
	if rest := daysAgo % 7; rest == 2 || rest == 3 {
		used -= 6
	}
	ends := func(now days) days { return now + days(daysAgo) }
	s := Scenario{
		Name:     "quarter",
		About:    "90 days of an account: its use grows until its licenses run out (with --archive)",
		purchase: proEdition(ends(200), renews),
		orders: []orderTemplate{
			{id: "cwp-aaaa", licenseType: ultimate, seats: 40, used: 33, idle: 9, ends: ends(12), renewal: renewalOff,
				owner: "web-team"},
			{id: "cwp-bbbb", licenseType: ultimate, seats: 200, used: min(200, used-33), ends: ends(140),
				renewal: renews},
			{id: "cwp-cccc", licenseType: pro, seats: 20, used: 14, ends: ends(365 - proRenewed), renewal: renews},
			{id: "cwp-dddd", licenseType: pro, seats: 25, used: 25, ends: ends(-notPaid), renewal: renewalOff,
				owner: "data-team"},
		},
		past: quarterBefore,
	}
	if daysAgo >= proRenewed {
		s.orders[2].ends = days(daysAgo - proRenewed)
	}
	if daysAgo < notPaid {
		s.orders[3].status, s.orders[3].used = isolated, 0
	}
	if daysAgo <= boughtMore {
		s.orders = append(s.orders, orderTemplate{id: "cwp-eeee", licenseType: ultimate, seats: 45,
			used: max(0, used-233), ends: ends(365 - boughtMore), renewal: renews})
	}
	s.overview = overviewOf(s.orders)
	if daysAgo <= cloudRefused && daysAgo > cloudRefused-3 {
		s.refusals = sourceDown().refusals
	}
	return s
}

// overviewOf is what the overview says of orders.
func overviewOf(orders []orderTemplate) jsonObject {
	var all, valid, used, near int
	var seats, free [ultimate + 1]int // by LicenseType
	for _, o := range orders {
		all += o.seats
		used += o.used
		if o.status == isolated {
			continue
		}
		valid += o.seats
		seats[o.licenseType] += o.seats
		free[o.licenseType] += o.seats - o.used
		if o.ends <= nearDeadline {
			near += o.seats
		}
	}
	return jsonObject{
		"LicenseCnt": all, "NotExpiredLicenseCnt": valid, "UsedLicenseCnt": used,
		"AvailableLicenseCnt":       free[ultimate] + free[pro],
		"FlagshipVersionLicenseCnt": seats[ultimate], "AvailableFlagshipVersionLicenseCnt": free[ultimate],
		"ProVersionLicenseCnt": seats[pro], "AvailableProVersionLicenseCnt": free[pro],
		"NearExpiryLicenseCnt": near, "ExpireLicenseCnt": all - valid, "DestroyOrderNum": 0,
	}
}
