package scene

import (
	"fmt"
	"time"

	"licensewatch/license"
)

// Now is the time all tests take place at.
var Now = time.Date(2026, 11, 22, 9, 7, 0, 0, time.FixedZone("CST", 8*60*60))

// Ptr is a pointer to a value.
func Ptr[T any](v T) *T { return &v }

// Link is as long as the links of the object storage are.
const Link = "https://cwp-export-1250000000.cos.ap-guangzhou.myqcloud.com/export/license-detail-20261122090702.zip" +
	"?q-sign-algorithm=sha1&q-ak=EXAMPLEACCESSKEYID0000&q-sign-time=1795309622;1795313222&q-key-time=1795309622;1795313222" +
	"&q-header-list=host&q-url-param-list=&q-signature=0123456789abcdef0123456789abcdef01234567"

// console pages, as the rules link them.
const (
	CwpConsole     = "https://console.cloud.tencent.com/cwp"
	TcssConsole    = "https://console.cloud.tencent.com/tcss"
	RenewalConsole = "https://console.cloud.tencent.com/account/renewal"
)

// BothProducts are the sources that most scenes have read.
var BothProducts = []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState}

// Order is a normal prepaid order; deadline is a day.
func Order(id string, kind, seats, used int64, deadline string, renewal int64) license.Order {
	return license.Order{
		ResourceId:     Ptr(id),
		LicenseType:    Ptr(kind),
		LicenseCnt:     Ptr(seats),
		UsedLicenseCnt: Ptr(used),
		OrderStatus:    Ptr(int64(license.OrderNormal)),
		Deadline:       Ptr(deadline + " 00:00:00"),
		AutoRenewFlag:  Ptr(renewal),
	}
}

// AllWell is a digest of an account that lacks nothing.
func AllWell(language license.Language) license.Report {
	return license.Report{
		ID:       "a1b2c3",
		Mode:     license.ModeDigest,
		Language: language,
		At:       Now,
		Snapshot: license.Snapshot{
			Account: "100000000001",
			Site:    license.SiteCN,
			ReadAt:  Now,
			Overview: &license.Overview{
				UsedLicenseCnt: Ptr(int64(100)), NotExpiredLicenseCnt: Ptr(int64(317)),
				NearExpiryLicenseCnt: Ptr(int64(0)), ExpireLicenseCnt: Ptr(int64(0)),
			},
			Orders: &license.Orders{TotalCount: 3, List: []license.Order{
				Order("cwp-cccc", license.LicenseTypePro, 277, 67, "2027-06-30", license.RenewalOn),
				Order("cwp-bbbb", license.LicenseTypeUltimate, 40, 33, "2027-03-01", license.RenewalOn),
				{ResourceId: Ptr("cwp-dddd"), LicenseType: Ptr(int64(license.LicenseTypeProPostpay)),
					OrderStatus: Ptr(int64(license.OrderNormal)), Deadline: Ptr("")},
			}},
			PurchaseState: &license.PurchaseState{
				State: Ptr(int64(license.StatePro)), SubState: Ptr(license.SubStateNormal),
				CoresCnt: Ptr(int64(68)), UndefendCoresCnt: Ptr(int64(0)),
				ExpirationTime: Ptr("2027-09-18 00:00:00"), AutomaticRenewal: Ptr(int64(license.RenewalOn)),
			},
			Wanted: BothProducts,
		},
		Export: license.Export{Status: license.ExportFinished, TaskID: 24563, Link: license.NewSignedURL(Link)},
	}
}

// editions are the kinds of licenses the orders below are for.
var editions = map[int64]license.Text{
	license.LicenseTypePro:         {En: "Pro", Zh: "专业版"},
	license.LicenseTypeUltimate:    {En: "Ultimate", Zh: "旗舰版"},
	license.LicenseTypeLightweight: {En: "Lightweight", Zh: "轻量版"},
}

// ofOrder is what every finding about an order has.
func ofOrder(o license.Order, rule string, severity license.Severity) license.Finding {
	deadline, _ := o.DeadlineTime()
	return license.Finding{
		Rule: rule, Subject: *o.ResourceId, State: license.Firing, Severity: severity, Source: license.SourceOrders,
		Runbook:  RenewalConsole,
		Deadline: deadline, DaysLeft: Ptr(int64(license.DaysLeft(deadline, Now))), Machines: o.UsedLicenseCnt,
		Licenses: o.LicenseCnt,
	}
}

// renewal is the state of an order's auto-renewal in words.
func renewal(o license.Order) license.Text {
	if *o.AutoRenewFlag == license.RenewalNotSet {
		return license.Text{En: "not set (some accounts renew all the same)", Zh: "未设置（部分账号仍会自动续费）"}
	}
	return license.Text{En: "off", Zh: "已关闭"}
}

// Expiring is the finding about an order that ends, as the default rules word
// it.
func Expiring(o license.Order) license.Finding {
	f := ofOrder(o, "cwp-order-expiring", license.Warning)
	if *f.DaysLeft <= 3 {
		f.Severity = license.Critical
	}
	f.Group = license.Text{En: "end within 30 days and are not set to renew", Zh: "30 天内到期且未设置自动续费"}
	f.Title = license.Text{
		En: fmt.Sprintf("Order %s ends in %d days", f.Subject, *f.DaysLeft),
		Zh: fmt.Sprintf("订单 %s 将于 %d 天后到期", f.Subject, *f.DaysLeft),
	}
	f.Over = license.Text{En: "Order " + f.Subject + " was renewed, or renews itself now", Zh: "订单 " + f.Subject +
		" 已续费，或已开启自动续费"}
	edition := editions[*o.LicenseType]
	f.Detail = license.Text{
		En: fmt.Sprintf("%d %s licenses, %d in use; ends %s 00:00; auto-renewal is %s. Renew it, or up to %d machines fall back to the free Basic edition.",
			*o.LicenseCnt, edition.En, *o.UsedLicenseCnt, f.Deadline.Format("Jan 2"), renewal(o).En, *o.UsedLicenseCnt),
		Zh: fmt.Sprintf("%d 个%s授权，已用 %d 个；到期时间 %s 00:00，自动续费%s。请续费，否则最多 %d 台主机将回退到免费的基础版。",
			*o.LicenseCnt, edition.Zh, *o.UsedLicenseCnt, f.Deadline.Format("1月2日"), renewal(o).Zh, *o.UsedLicenseCnt),
	}
	return f
}

// willNotRenew is the finding about an order that nothing renews, long before its
// end.
func willNotRenew(o license.Order) license.Finding {
	f := ofOrder(o, "cwp-order-will-not-renew", license.Info)
	f.Group = license.Text{En: "are not set to renew themselves", Zh: "未设置自动续费"}
	f.Title = license.Text{En: "Order " + f.Subject + " will not renew itself", Zh: "订单 " + f.Subject + " 不会自动续费"}
	f.Detail = license.Text{
		En: fmt.Sprintf("%d Pro licenses, %d in use; ends %s 00:00; auto-renewal is %s. Turn auto-renewal on, or plan the renewal.",
			*o.LicenseCnt, *o.UsedLicenseCnt, f.Deadline.Format("Jan 2, 2006"), renewal(o).En),
		Zh: fmt.Sprintf("%d 个专业版授权，已用 %d 个；到期时间 %s 00:00，自动续费%s。请开启自动续费，或提前安排续费。",
			*o.LicenseCnt, *o.UsedLicenseCnt, f.Deadline.Format("2006年1月2日"), renewal(o).Zh),
	}
	return f
}

// renewalFailed is the finding about an order that should have renewed itself.
func renewalFailed(o license.Order, when license.Text) license.Finding {
	f := ofOrder(o, "cwp-order-renewal-failed", license.Critical)
	f.Title = license.Text{
		En: "Order " + f.Subject + " should have renewed itself: it ended " + when.En,
		Zh: "订单 " + f.Subject + " 本应自动续费，却已于" + when.Zh + "到期",
	}
	f.Detail = license.Text{
		En: fmt.Sprintf("%d Ultimate licenses, %d in use; auto-renewal is on, the end is still %s 00:00. Look whether the account has enough balance, and renew it by hand; once it is isolated, its machines fall back to the free Basic edition.",
			*o.LicenseCnt, *o.UsedLicenseCnt, f.Deadline.Format("Jan 2")),
		Zh: fmt.Sprintf("%d 个旗舰版授权，已用 %d 个；自动续费已开启，但到期时间仍为 %s 00:00。请检查账户余额并手动续费；订单隔离后，对应主机将回退到免费的基础版。",
			*o.LicenseCnt, *o.UsedLicenseCnt, f.Deadline.Format("1月2日")),
	}
	return f
}

// OneWarning is a digest with one order that is about to end.
func OneWarning(language license.Language) license.Report {
	r := AllWell(language)
	aaaa := Order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-12", license.RenewalOff)
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, aaaa)
	r.Firing = []license.Finding{Expiring(aaaa)}
	return r
}

// EverythingWrong is a digest with findings of every severity.
func EverythingWrong(language license.Language) license.Report {
	r := AllWell(language)
	r.Mention = true
	r.Snapshot.Site = license.SiteIntl
	r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt = Ptr(int64(145)), Ptr(int64(369))
	r.Snapshot.Overview.NearExpiryLicenseCnt, r.Snapshot.Overview.ExpireLicenseCnt = Ptr(int64(52)), Ptr(int64(20))
	aaaa := Order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-04", license.RenewalOff)
	hhhh := Order("cwp-hhhh", license.LicenseTypeLightweight, 12, 12, "2026-11-24", license.RenewalNotSet)
	iiii := Order("cwp-iiii", license.LicenseTypePro, 10, 0, "2026-11-18", license.RenewalOff)
	iiii.OrderStatus = Ptr(int64(license.OrderIsolated))
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, aaaa, hhhh, iiii)
	r.Snapshot.PurchaseState = &license.PurchaseState{
		State: Ptr(int64(license.StateTrialOver)), CoresCnt: Ptr(int64(0)), ExpirationTime: Ptr("2026-11-18 13:01:18"),
	}
	r.Firing = []license.Finding{Expiring(hhhh), isolated(iiii), trialOver(), Expired(), Expiring(aaaa),
		topUpNotRenewing()}
	r.Export = license.Export{Status: license.ExportPending, TaskID: 24563}
	r.Notices = []license.Notice{{Code: license.NoticeUnknownSetting,
		Args: []string{"LICENSEWATCH_LANG", "LICENSEWATCH_LANGUAGE"}}}
	return r
}

// isolated is the finding about an order that has lapsed. Its licenses were unbound:
// how many were in use is known from before.
func isolated(o license.Order) license.Finding {
	f := ofOrder(o, "cwp-order-isolated", license.Critical)
	f.Machines = Ptr(int64(10))
	f.Group = license.Text{En: "are isolated", Zh: "已隔离"}
	f.Title = license.Text{
		En: "Order " + *o.ResourceId + " is isolated: 10 machines fall back to the Basic edition",
		Zh: "订单 " + *o.ResourceId + " 已隔离，10 台主机回退到基础版",
	}
	f.Detail = license.Text{
		En: "10 Pro licenses, 10 in use before; ended Nov 18 00:00. Renew it before it is destroyed, 30 days after its end, or bind its machines to other licenses.",
		Zh: "10 个专业版授权，此前已用 10 个；到期时间 11月18日 00:00。请在订单被销毁（到期 30 天后）前续费，或将其主机改绑到其他授权。",
	}
	f.Over = license.Text{En: "Order " + *o.ResourceId + " is no longer isolated", Zh: "订单 " + *o.ResourceId + " 已解除隔离"}
	return f
}

func trialOver() license.Finding {
	return license.Finding{
		Rule: "tcss-trial-over", State: license.Firing, Severity: license.Critical, Source: license.SourcePurchaseState,
		Runbook: TcssConsole,
		Title:   license.Text{En: "Container Security: the trial is over, or was refused", Zh: "容器安全试用已结束，或试用申请未通过"},
		Detail: license.Text{
			En: "The trial ended Nov 18, 4 days ago. Clusters and images are unprotected; it can only be bought now.",
			Zh: "试用结束时间 11月18日（4 天前）。集群与镜像未受防护，只能购买。",
		},
		Over: license.Text{En: "Container Security protects again", Zh: "容器安全已恢复防护"},
	}
}

// Expired are licenses that have lapsed.
func Expired() license.Finding {
	return license.Finding{
		Rule: "cwp-expired", State: license.Firing, Severity: license.Critical, Source: license.SourceOverview,
		Runbook: CwpConsole,
		Title:   license.Text{En: "10 CWPP licenses have expired", Zh: "主机安全有 10 个授权已过期"},
		Detail: license.Text{
			En: "No listed order explains them. Machines that relied on them have fallen back to the free Basic edition. Still valid: 369, in use 145. Renew them, or bind the machines to valid licenses.",
			Zh: "订单列表中没有与之对应的订单。依赖这些授权的主机已回退到免费的基础版。仍有效 369 个，已用 145 个。请续费，或将主机改绑到有效授权。",
		},
	}
}

func nearExpiry() license.Finding {
	return license.Finding{
		Rule: "cwp-near-expiry", State: license.Firing, Severity: license.Warning, Source: license.SourceOverview,
		Runbook: RenewalConsole,
		Title:   license.Text{En: "52 CWPP licenses end within 15 days", Zh: "主机安全有 52 个授权将在 15 天内到期"},
		Detail: license.Text{
			En: "No listed order explains them. 100 of 317 valid licenses are in use. Machines whose license is not renewed in time fall back to the free Basic edition.",
			Zh: "订单列表中没有与之对应的订单。有效授权 317 个，已用 100 个。未及时续费的授权到期后，对应主机将回退到免费的基础版。",
		},
	}
}

func topUpNotRenewing() license.Finding {
	return license.Finding{
		Rule: "cwp-topup-not-renewing", State: license.Firing, Severity: license.Warning,
		Source: license.SourceOverview, Runbook: CwpConsole,
		Title: license.Text{En: "Automatic top-up of CWPP buys licenses that will not renew", Zh: "主机安全自动加购的授权不会自动续费"},
		Detail: license.Text{
			En: "Top-up is on, renewal of its orders is off: each order ends with its term, and its machines fall back to the free Basic edition. Turn renewal on for topped-up orders.",
			Zh: "自动加购已开启，但加购订单未开启自动续费，到期后对应主机将回退到免费的基础版。请为加购订单开启自动续费。",
		},
	}
}

// SourceDown is a digest that could not read a source.
func SourceDown(language license.Language) license.Report {
	r := AllWell(language)
	r.Snapshot.PurchaseState = nil
	r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourcePurchaseState: {
		Kind: license.FailureDenied, Service: "tcss", Action: "DescribePurchaseStateInfo",
		Code: "AuthFailure.UnauthorizedOperation", RequestID: "6ef60bec-0242-43af-bb20-270359fb54a7", HTTPStatus: 200,
	}}
	for _, rule := range []string{"tcss-trial-over", "tcss-trial-ending", "tcss-expired", "tcss-expiring",
		"tcss-renewal-off", "tcss-renewal-not-set", "tcss-cores-uncovered"} {
		r.Unknown = append(r.Unknown, license.Finding{Rule: rule, State: license.Unknown, Missing: []string{"tcss"}})
	}
	return r
}

// ManyOrders are 260 orders that end within a month.
func ManyOrders(language license.Language) license.Report {
	r := AllWell(language)
	r.Snapshot.Orders = &license.Orders{TotalCount: 260}
	for i := range 260 {
		day := Now.AddDate(0, 0, 4+i/10).Format(time.DateOnly)
		o := Order(fmt.Sprintf("cwp-%04d", i+1), license.LicenseTypeUltimate, 40, int64(40-i/20), day,
			license.RenewalOff)
		r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
		r.Firing = append(r.Firing, Expiring(o))
	}
	license.SortFindings(r.Firing)
	r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt = Ptr(int64(8840)), Ptr(int64(10400))
	r.Snapshot.Overview.NearExpiryLicenseCnt = Ptr(int64(4800))
	return r
}

// Alert is what an hourly run says about one order.
func Alert(language license.Language) license.Report {
	r := AllWell(language)
	r.Mode, r.Mention = license.ModeAlert, true
	r.Export = license.Export{Status: license.ExportOff}
	r.Firing = []license.Finding{Expiring(Order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-11-25",
		license.RenewalOff))}
	return r
}

// Mixed is a warning beside a source that failed and a rule without data.
func Mixed(language license.Language) license.Report {
	r := OneWarning(language)
	r.Snapshot.Overview = nil
	r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourceOverview: {
		Kind: license.FailureTimeout, Service: "cwp", Action: "DescribeLicenseGeneral", Code: "Timeout",
	}}
	r.Snapshot.PurchaseState = &license.PurchaseState{State: Ptr(int64(9)), ExpirationTime: Ptr("xx")}
	r.Snapshot.Orders.Incomplete, r.Snapshot.Orders.TotalCount = true, 9
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, Order("cwp-eeee", 12, 5, 0, "0000-00-00", 194))
	r.Notices = []license.Notice{
		{Code: license.NoticeOrdersIncomplete, Args: []string{"5", "9"}},
		{Code: license.NoticeFieldsUnread, Args: []string{"tcss.CoresCnt"}},
	}
	r.Unknown = []license.Finding{
		{Rule: "cwp-expired", State: license.Unknown, Missing: []string{"cwp.ExpireLicenseCnt"}},
		{Rule: "cwp-order-expiring", Subject: "cwp-eeee", State: license.Unknown,
			Missing: []string{"order.AutoRenewFlag", "order.DaysLeft"}},
		{Rule: "my-rule", State: license.Unknown, Problem: "index out of range"},
	}
	r.Export = license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: &license.Failure{
		Kind: license.FailureDenied, Service: "cwp", Action: "ExportLicenseDetail", Code: "UnauthorizedOperation",
		RequestID: "0f0e0d0c-0242-43af-bb20-270359fb54a7",
	}}
	return r
}

// Unreadable is why a source was not read.
func Unreadable(kind license.FailureKind, service, action string) *license.Failure {
	return &license.Failure{Kind: kind, Service: service, Action: action, Code: "Code." + string(kind)}
}
