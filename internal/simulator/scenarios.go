package simulator

import (
	"fmt"

	"licensewatch/license"
)

func healthyScenario() Scenario {
	return Scenario{
		Name:  "healthy",
		About: "all is well: everything renews itself",
		overview: jsonObject{
			"LicenseCnt": 317, "NotExpiredLicenseCnt": 317, "UsedLicenseCnt": 100, "AvailableLicenseCnt": 217,
			"FlagshipVersionLicenseCnt": 200, "AvailableFlagshipVersionLicenseCnt": 130,
			"ProVersionLicenseCnt": 117, "AvailableProVersionLicenseCnt": 87,
			"NearExpiryLicenseCnt": 0, "ExpireLicenseCnt": 0, "DestroyOrderNum": 0,
		},
		purchase: proEdition(days(300), renews),
		orders: []orderTemplate{
			{id: "cwp-bbbb", licenseType: ultimate, seats: 200, used: 70, ends: 99, renewal: renews},
			{id: "cwp-cccc", licenseType: pro, seats: 100, used: 25, ends: 171, renewal: renews},
			{id: "cwp-dddd", licenseType: proPostpay, seats: 17, used: 5},
		},
	}
}

// proEdition is a running Pro edition of container security with every core
// covered.
func proEdition(ends days, renewal int) jsonObject {
	return jsonObject{
		"State": 3, "SubState": "NORMAL", "BeginTime": ends - 365, "ExpirationTime": ends, "AutomaticRenewal": renewal,
		"AllCoresCnt": 64, "CoresCnt": 64, "UndefendCoresCnt": 0, "AuthorizedCoresCnt": 64,
		"ImageCnt": 120, "AuthorizedImageCnt": 120, "PurchasedAuthorizedCnt": 200, "GivenAuthorizedCnt": 0,
	}
}

func nearExpiry() Scenario {
	s := healthyScenario()
	s.Name = "near-expiry"
	s.About = "an order ends in 12 days and does not renew itself; the container trial ends in 6 days"
	s.overview = jsonObject{
		"LicenseCnt": 317, "NotExpiredLicenseCnt": 317, "UsedLicenseCnt": 100, "AvailableLicenseCnt": 217,
		"FlagshipVersionLicenseCnt": 280, "AvailableFlagshipVersionLicenseCnt": 185,
		"ProVersionLicenseCnt": 37, "AvailableProVersionLicenseCnt": 32,
		"NearExpiryLicenseCnt": 40, "ExpireLicenseCnt": 0, "DestroyOrderNum": 0,
	}
	s.purchase = jsonObject{
		"State": 2, "SubState": nil, "BeginTime": days(-24), "ExpirationTime": days(6),
		"AutomaticRenewal": renewalNotSet,
		"AllCoresCnt":      64, "CoresCnt": 48, "UndefendCoresCnt": 16, "AuthorizedCoresCnt": 0,
		"GivenAuthorizedCoresCnt": 48,
		"ImageCnt":                120, "AuthorizedImageCnt": 100, "PurchasedAuthorizedCnt": 0,
		"GivenAuthorizedCnt": 500,
	}
	s.orders = []orderTemplate{
		{id: "cwp-aaaa", licenseType: ultimate, seats: 40, used: 33, ends: 12, renewal: renewalOff},
		{id: "cwp-bbbb", licenseType: ultimate, seats: 240, used: 62, ends: 99, renewal: renews},
		{id: "cwp-cccc", licenseType: pro, seats: 20, ends: 39, renewal: renews},
		{id: "cwp-dddd", licenseType: proPostpay, seats: 17, used: 5},
	}
	return s
}

func trialExpired() Scenario {
	s := healthyScenario()
	s.Name = "trial-expired"
	s.About = "the container trial ended 4 days ago; clusters and images are unprotected"
	s.purchase = jsonObject{
		"State": 1, "SubState": nil, "BeginTime": days(-34), "ExpirationTime": days(-4),
		"AutomaticRenewal": renewalNotSet,
		"AllCoresCnt":      64, "CoresCnt": 0, "UndefendCoresCnt": 64, "AuthorizedCoresCnt": 0,
		"ImageCnt": 120, "AuthorizedImageCnt": 0, "PurchasedAuthorizedCnt": 0, "GivenAuthorizedCnt": 0,
	}
	return s
}

func renewalIsOff() Scenario {
	s := healthyScenario()
	s.Name = "renewal-off"
	s.About = "nothing renews itself: container security, an order, and what the automatic top-up buys"
	s.overview["AutoRepurchaseSwitch"] = true
	s.overview["AutoRepurchaseRenewSwitch"] = false
	s.overview["RepurchaseRenewSwitch"] = false
	s.purchase = proEdition(days(20), renewalOff)
	s.orders[0].ends, s.orders[0].renewal = 26, renewalOff
	return s
}

func everythingWrong() Scenario {
	return Scenario{
		Name:  "everything-wrong",
		About: "something for nearly every rule: isolated, expired, ending, used up, not renewing, uncovered",
		overview: jsonObject{
			"LicenseCnt": 245, "NotExpiredLicenseCnt": 220, "UsedLicenseCnt": 209, "AvailableLicenseCnt": 11,
			"FlagshipVersionLicenseCnt": 140, "AvailableFlagshipVersionLicenseCnt": 9,
			"ProVersionLicenseCnt": 80, "AvailableProVersionLicenseCnt": 2,
			"NearExpiryLicenseCnt": 140, "ExpireLicenseCnt": 25, "DestroyOrderNum": 1,
			"AutoRepurchaseSwitch": true, "AutoRepurchaseRenewSwitch": false, "RepurchaseRenewSwitch": false,
		},
		purchase: jsonObject{
			"State": 4, "SubState": "ISOLATE", "BeginTime": days(-370), "ExpirationTime": days(-5),
			"AutomaticRenewal": renewalOff,
			"AllCoresCnt":      128, "CoresCnt": 80, "UndefendCoresCnt": 48, "AuthorizedCoresCnt": 80,
			"ImageCnt": 310, "AuthorizedImageCnt": 200, "PurchasedAuthorizedCnt": 200, "GivenAuthorizedCnt": 0,
		},
		orders: []orderTemplate{
			{id: "cwp-aaaa", licenseType: ultimate, seats: 40, used: 38, ends: 2, renewal: renewalOff},
			{id: "cwp-bbbb", licenseType: ultimate, seats: 100, used: 93, ends: 12, renewal: renewalNotSet},
			{id: "cwp-cccc", licenseType: pro, seats: 60, used: 60, ends: 25, renewal: renewalOff, idle: 9},
			{id: "cwp-dddd", licenseType: proPostpay, seats: 20, used: 18},
			{id: "cwp-eeee", licenseType: pro, seats: 25, ends: -3, renewal: renewalOff, status: isolated},
			{id: "cwp-ffff", licenseType: pro, seats: 10, ends: -40, renewal: renewalOff, status: destroyed},
		},
	}
}

func sourceDown() Scenario {
	s := healthyScenario()
	s.Name = "source-down"
	s.About = "container security may not be read; the rest is well"
	s.refusals = map[string]apiError{"DescribePurchaseStateInfo": {
		code:    "AuthFailure.UnauthorizedOperation",
		message: "you are not authorized to perform operation (tcss:DescribePurchaseStateInfo)\nresource (*) has no permission\n",
	}}
	return s
}

func notRenewed() Scenario {
	s := healthyScenario()
	s.Name = "not-renewed"
	s.About = "an order should have renewed itself yesterday; two others are not set to renew"
	s.overview = jsonObject{
		"LicenseCnt": 317, "NotExpiredLicenseCnt": 277, "UsedLicenseCnt": 100, "AvailableLicenseCnt": 210,
		"FlagshipVersionLicenseCnt": 160, "AvailableFlagshipVersionLicenseCnt": 123,
		"ProVersionLicenseCnt": 117, "AvailableProVersionLicenseCnt": 87,
		"NearExpiryLicenseCnt": 0, "ExpireLicenseCnt": 40, "DestroyOrderNum": 0,
	}
	s.orders = []orderTemplate{
		{id: "cwp-aaaa", licenseType: ultimate, seats: 40, used: 33, ends: -1, renewal: renews},
		{id: "cwp-bbbb", licenseType: ultimate, seats: 160, used: 37, ends: 99, renewal: renewalOff},
		{id: "cwp-cccc", licenseType: pro, seats: 100, used: 25, ends: 171, renewal: renewalNotSet},
		{id: "cwp-dddd", licenseType: proPostpay, seats: 17, used: 5},
	}
	return s
}

func undocumentedScenario() Scenario {
	s := healthyScenario()
	s.Name = "undocumented"
	s.About = "an order has a status that nobody has documented; the rest is well"
	s.orders[1].status = 9
	return s
}

func slowExport() Scenario {
	s := healthyScenario()
	s.Name = "slow-export"
	s.About = "all is well, but the export is not ready at once"
	s.pending = 1
	return s
}

func manyOrders() Scenario {
	const count, seats, used = 260, 10, 8
	s := healthyScenario()
	s.Name = "many-orders"
	s.About = "260 orders end within the month and do not renew themselves"
	s.overview = jsonObject{
		"LicenseCnt": count * seats, "NotExpiredLicenseCnt": count * seats,
		"UsedLicenseCnt": count * used, "AvailableLicenseCnt": count * (seats - used),
		"FlagshipVersionLicenseCnt": count * seats, "AvailableFlagshipVersionLicenseCnt": count * (seats - used),
		"ProVersionLicenseCnt": 0, "AvailableProVersionLicenseCnt": 0,
		"NearExpiryLicenseCnt": 0, "ExpireLicenseCnt": 0, "DestroyOrderNum": 0,
	}
	s.orders = nil
	for i := range count {
		s.orders = append(s.orders, orderTemplate{
			id: fmt.Sprintf("cwp-%04d", i+1), licenseType: ultimate, seats: seats, used: used,
			// Past the 15 days of NearExpiryLicenseCnt, within the month.
			ends: days(16 + i%14), renewal: renewalOff,
		})
	}
	return s
}

func firstDay() Scenario {
	return Scenario{
		Name:      "first-day",
		About:     "nothing was bought yet: the overview as published, no orders, hardly a field that is not null",
		published: license.SiteIntl,
		purchase: jsonObject{
			"State": 0, "SubState": nil, "BeginTime": nil, "ExpirationTime": nil, "AutomaticRenewal": nil,
			"CoresCnt": nil, "AuthorizedCoresCnt": nil, "ImageCnt": nil, "AuthorizedImageCnt": nil,
			"PurchasedAuthorizedCnt": nil, "GivenAuthorizedCnt": nil,
		},
	}
}
