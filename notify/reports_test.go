package notify_test

import (
	"fmt"
	"time"

	"licensewatch/license"
)

// now is the time all tests take place at.
var now = time.Date(2026, 11, 22, 9, 7, 0, 0, time.FixedZone("CST", 8*60*60))

func ptr[T any](v T) *T { return &v }

// link is as long as the links of the object storage are.
const link = "https://cwp-export-1250000000.cos.ap-guangzhou.myqcloud.com/export/license-detail-20261122090702.zip" +
	"?q-sign-algorithm=sha1&q-ak=EXAMPLEACCESSKEYID0000&q-sign-time=1795309622;1795313222&q-key-time=1795309622;1795313222" +
	"&q-header-list=host&q-url-param-list=&q-signature=0123456789abcdef0123456789abcdef01234567"

// console pages, as the rules link them.
const (
	cwpConsole  = "https://console.cloud.tencent.com/cwp"
	tcssConsole = "https://console.cloud.tencent.com/tcss"
)

var bothProducts = []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState}

// order is a normal prepaid order; deadline is a day.
func order(id string, kind, seats, used int64, deadline string, renewal int64) license.Order {
	return license.Order{
		ResourceId:     ptr(id),
		LicenseType:    ptr(kind),
		LicenseCnt:     ptr(seats),
		UsedLicenseCnt: ptr(used),
		OrderStatus:    ptr(int64(license.OrderNormal)),
		Deadline:       ptr(deadline + " 00:00:00"),
		AutoRenewFlag:  ptr(renewal),
	}
}

// allWell is a digest of an account that lacks nothing.
func allWell(language license.Language) license.Report {
	return license.Report{
		ID:       "a1b2c3",
		Mode:     license.ModeDigest,
		Language: language,
		At:       now,
		Snapshot: license.Snapshot{
			Account: "100000000001",
			Site:    license.SiteCN,
			ReadAt:  now,
			Overview: &license.Overview{
				UsedLicenseCnt: ptr(int64(100)), NotExpiredLicenseCnt: ptr(int64(317)),
				NearExpiryLicenseCnt: ptr(int64(0)), ExpireLicenseCnt: ptr(int64(0)),
			},
			Orders: &license.Orders{TotalCount: 3, List: []license.Order{
				order("cwp-cccc", license.LicenseTypePro, 277, 67, "2027-06-30", license.RenewalOn),
				order("cwp-bbbb", license.LicenseTypeUltimate, 40, 33, "2027-03-01", license.RenewalOn),
				{ResourceId: ptr("cwp-dddd"), LicenseType: ptr(int64(license.LicenseTypeProPostpay)), OrderStatus: ptr(int64(license.OrderNormal)), Deadline: ptr("")},
			}},
			PurchaseState: &license.PurchaseState{
				State: ptr(int64(license.StatePro)), SubState: ptr(license.SubStateNormal),
				CoresCnt: ptr(int64(68)), UndefendCoresCnt: ptr(int64(0)),
				ExpirationTime: ptr("2027-09-18 00:00:00"), AutomaticRenewal: ptr(int64(license.RenewalOn)),
			},
			Wanted: bothProducts,
		},
		Export: license.Export{Status: license.ExportFinished, TaskID: 24563, Link: license.NewSignedURL(link)},
	}
}

// editions are the kinds of licenses the orders below are for.
var editions = map[int64]license.Text{
	license.LicenseTypeUltimate:    {En: "Ultimate", Zh: "旗舰版"},
	license.LicenseTypeLightweight: {En: "Lightweight", Zh: "普惠版"},
}

// expiring is the finding about an order that ends, as the default rules word
// it.
func expiring(o license.Order) license.Finding {
	deadline, _ := o.DeadlineTime()
	days := license.DaysLeft(deadline, now)
	f := license.Finding{
		Rule: "cwp-order-expiring", Subject: *o.ResourceId, State: license.Firing, Severity: license.Warning,
		Deadline: deadline, DaysLeft: ptr(int64(days)), Runbook: cwpConsole,
	}
	if days <= 3 {
		f.Severity = license.Critical
	}
	renewal := license.Text{En: "off", Zh: "已关闭"}
	if *o.AutoRenewFlag == license.RenewalNotSet {
		renewal = license.Text{En: "not set", Zh: "未设置"}
	}
	f.Title = license.Text{
		En: fmt.Sprintf("Order %s ends in %d days", f.Subject, days),
		Zh: fmt.Sprintf("订单 %s %d 天后到期", f.Subject, days),
	}
	edition := editions[*o.LicenseType]
	f.Detail = license.Text{
		En: fmt.Sprintf("%d %s seats, %d in use; ends %s; auto-renewal is %s. Renew it, or up to %d machines lose protection.",
			*o.LicenseCnt, edition.En, *o.UsedLicenseCnt, deadline.Format("Jan 2"), renewal.En, *o.UsedLicenseCnt),
		Zh: fmt.Sprintf("%d 个%s授权，已用 %d；%s到期，自动续费%s。请续费，否则最多 %d 台主机将失去防护。",
			*o.LicenseCnt, edition.Zh, *o.UsedLicenseCnt, deadline.Format("1月2日"), renewal.Zh, *o.UsedLicenseCnt),
	}
	return f
}

func oneWarning(language license.Language) license.Report {
	r := allWell(language)
	aaaa := order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-12", license.RenewalOff)
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, aaaa)
	r.Firing = []license.Finding{expiring(aaaa)}
	return r
}

func everythingWrong(language license.Language) license.Report {
	r := allWell(language)
	r.Mention = true
	r.Snapshot.Site = license.SiteIntl
	r.Snapshot.Overview.NearExpiryLicenseCnt, r.Snapshot.Overview.ExpireLicenseCnt = ptr(int64(52)), ptr(int64(10))
	aaaa := order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-04", license.RenewalOff)
	hhhh := order("cwp-hhhh", license.LicenseTypeLightweight, 12, 12, "2026-11-24", license.RenewalNotSet)
	iiii := order("cwp-iiii", license.LicenseTypePro, 10, 10, "2026-11-18", license.RenewalOff)
	iiii.OrderStatus = ptr(int64(license.OrderIsolated))
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, aaaa, hhhh, iiii)
	r.Snapshot.PurchaseState = &license.PurchaseState{
		State: ptr(int64(license.StateTrialOver)), CoresCnt: ptr(int64(0)), ExpirationTime: ptr("2026-11-18 13:01:18"),
	}
	r.Firing = []license.Finding{isolated(iiii), expiring(hhhh), trialOver(), expired(), expiring(aaaa), nearExpiry(), topUpNotRenewing()}
	r.Export = license.Export{Status: license.ExportPending, TaskID: 24563}
	r.Notices = []license.Notice{{Code: license.NoticeUnknownSetting, Args: []string{"LICENSEWATCH_LANG", "LICENSEWATCH_LANGUAGE"}}}
	return r
}

func isolated(o license.Order) license.Finding {
	deadline, _ := o.DeadlineTime()
	return license.Finding{
		Rule: "cwp-order-isolated", Subject: *o.ResourceId, State: license.Firing, Severity: license.Critical, Runbook: cwpConsole,
		Title: license.Text{
			En: "Order " + *o.ResourceId + " is isolated: its machines are unprotected",
			Zh: "订单 " + *o.ResourceId + " 已隔离，相关主机已失去防护",
		},
		Detail: license.Text{
			En: "10 Pro seats, 10 in use; ended Nov 18 (4 days ago). Renew it before the order is destroyed.",
			Zh: "10 个专业版授权，已用 10；11月18日到期（4 天前）。请在订单被销毁前续费。",
		},
		Deadline: deadline, DaysLeft: ptr(int64(-4)),
	}
}

func trialOver() license.Finding {
	return license.Finding{
		Rule: "tcss-trial-over", State: license.Firing, Severity: license.Critical, Runbook: tcssConsole,
		Title: license.Text{En: "Container Security trial is over", Zh: "容器安全试用已结束"},
		Detail: license.Text{
			En: "Clusters and images are unprotected; it can only be bought now. The trial ended Nov 18, 4 days ago.",
			Zh: "集群与镜像已失去防护，只能购买，不能再试用。试用于 11月18日（4 天前）结束。",
		},
	}
}

func expired() license.Finding {
	return license.Finding{
		Rule: "cwp-expired", State: license.Firing, Severity: license.Critical, Runbook: cwpConsole,
		Title: license.Text{En: "10 host security licenses have expired", Zh: "主机安全有 10 个授权已过期"},
		Detail: license.Text{
			En: "Machines that relied on them are unprotected. Still valid: 317, in use 100. Renew, or bind the machines to valid licenses.",
			Zh: "依赖这些授权的主机已失去防护。仍有效 317 个，已用 100 个。请续费，或将主机改绑到有效授权。",
		},
	}
}

func nearExpiry() license.Finding {
	return license.Finding{
		Rule: "cwp-near-expiry", State: license.Firing, Severity: license.Warning, Runbook: cwpConsole,
		Title: license.Text{En: "52 host security licenses end within 15 days", Zh: "主机安全 15 天内到期的授权：52 个"},
		Detail: license.Text{
			En: "100 of 317 valid licenses in use. What is not renewed in time leaves its machines unprotected.",
			Zh: "有效授权 317 个，已用 100 个。未及时续费的授权到期后，对应主机将失去防护。",
		},
	}
}

func topUpNotRenewing() license.Finding {
	return license.Finding{
		Rule: "cwp-topup-not-renewing", State: license.Firing, Severity: license.Warning, Runbook: cwpConsole,
		Title: license.Text{En: "Automatic top-up buys host security licenses that will not renew", Zh: "主机安全自动加购的授权不会自动续费"},
		Detail: license.Text{
			En: "Top-up is on, renewal of its orders is off. Each order ends with its term and leaves its machines unprotected; turn renewal on for topped-up orders.",
			Zh: "自动加购已开启，但加购订单未开启自动续费，到期后对应主机将失去防护。请为加购订单开启自动续费。",
		},
	}
}

func sourceDown(language license.Language) license.Report {
	r := allWell(language)
	r.Snapshot.PurchaseState = nil
	r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourcePurchaseState: {
		Kind: license.FailureDenied, Service: "tcss", Action: "DescribePurchaseStateInfo",
		Code: "AuthFailure.UnauthorizedOperation", RequestID: "6ef60bec-0242-43af-bb20-270359fb54a7", HTTPStatus: 200,
	}}
	for _, rule := range []string{"tcss-trial-over", "tcss-trial-ending", "tcss-expired", "tcss-expiring", "tcss-renewal-off", "tcss-renewal-not-set", "tcss-cores-uncovered"} {
		r.Unknown = append(r.Unknown, license.Finding{Rule: rule, State: license.Unknown, Missing: []string{"tcss"}})
	}
	return r
}

// manyOrders are 260 orders that end at once.
func manyOrders(language license.Language) license.Report {
	r := allWell(language)
	r.Snapshot.Orders = &license.Orders{TotalCount: 260}
	for i := range 260 {
		o := order(fmt.Sprintf("cwp-%04d", i+1), license.LicenseTypeUltimate, 40, 33, "2026-12-12", license.RenewalOff)
		r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
		r.Firing = append(r.Firing, expiring(o))
	}
	r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt = ptr(int64(8580)), ptr(int64(10400))
	return r
}

// alert is what an hourly run says about one order.
func alert(language license.Language) license.Report {
	r := allWell(language)
	r.Mode, r.Mention = license.ModeAlert, true
	r.Export = license.Export{Status: license.ExportOff}
	r.Firing = []license.Finding{expiring(order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-11-25", license.RenewalOff))}
	return r
}

// mixed is a warning beside a source that failed and a rule without data.
func mixed(language license.Language) license.Report {
	r := oneWarning(language)
	r.Snapshot.Overview = nil
	r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourceOverview: {
		Kind: license.FailureTimeout, Service: "cwp", Action: "DescribeLicenseGeneral", Code: "Timeout",
	}}
	r.Snapshot.PurchaseState = &license.PurchaseState{State: ptr(int64(9)), ExpirationTime: ptr("xx")}
	r.Snapshot.Orders.Incomplete, r.Snapshot.Orders.TotalCount = true, 9
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, order("cwp-eeee", 12, 5, 0, "0000-00-00", 194))
	r.Notices = []license.Notice{
		{Code: license.NoticeOrdersIncomplete, Args: []string{"5", "9"}},
		{Code: license.NoticeFieldsUnread, Args: []string{"tcss.CoresCnt"}},
	}
	r.Unknown = []license.Finding{
		{Rule: "cwp-expired", State: license.Unknown, Missing: []string{"cwp.ExpireLicenseCnt"}},
		{Rule: "cwp-order-expiring", Subject: "cwp-eeee", State: license.Unknown, Missing: []string{"order.DaysLeft"}},
		{Rule: "my-rule", State: license.Unknown, Problem: "index out of range"},
	}
	r.Export = license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: &license.Failure{
		Kind: license.FailureDenied, Service: "cwp", Action: "ExportLicenseDetail", Code: "UnauthorizedOperation", RequestID: "0f0e0d0c-0242-43af-bb20-270359fb54a7",
	}}
	return r
}
