package scene

import "licensewatch/license"

// machines is an account with machines that have lost their edition, will, or never had
// one.
func machines(language license.Language) license.Report {
	r := AllWell(language)
	r.Snapshot.Wanted = []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines,
		license.SourcePurchaseState}
	r.Snapshot.Machines = &license.Machines{
		MachineCnt: Ptr(int64(1204)), FlagshipMachineCnt: Ptr(int64(980)), SpecialtyMachineCnt: Ptr(int64(168)),
		BaseMachineCnt: Ptr(int64(44)), NotProtectMachineCnt: Ptr(int64(12)), DeadlineMachineCnt: Ptr(int64(5)),
	}
	firing := license.Finding{State: license.Firing, Severity: license.Warning, Source: license.SourceMachines,
		Runbook: CwpConsole}
	newly, losing, unprotected := firing, firing, firing
	newly.Rule, newly.Event, newly.EventID, newly.Machines = "cwp-machines-newly-unprotected", true, "4>12",
		Ptr(int64(8))
	newly.Title = license.Text{En: "CWPP does not protect 8 more machines: 12, before 4",
		Zh: "主机安全未防护的主机增加 8 台：现有 12 台，之前 4 台"}
	newly.Detail = license.Text{
		En: "Of 1204 machines, 1148 have a licensed edition and 44 the free Basic one. New machines, agents that stopped, or licenses that ended or were unbound; if nobody meant it, bind licenses.",
		Zh: "共 1204 台主机：有授权 1148 台，免费的基础版 44 台。可能是新增主机、客户端停止运行，或授权到期、被解绑；若非有意为之，请绑定授权。",
	}
	losing.Rule, losing.Machines = "cwp-machines-losing", Ptr(int64(5))
	losing.Title = license.Text{En: "5 machines are about to lose their CWPP edition", Zh: "主机安全有 5 台主机的防护即将到期"}
	losing.Detail = license.Text{
		En: "No listed order explains them. What is not renewed falls back to the free Basic edition. See in the console which machines they are.",
		Zh: "订单列表中没有与之对应的订单。未续费的主机将回退到免费的基础版，请在控制台查看是哪些主机。",
	}
	unprotected.Rule, unprotected.Severity = "cwp-machines-unprotected", license.Info
	unprotected.Title = license.Text{En: "12 machines are not protected by CWPP", Zh: "主机安全有 12 台主机未防护"}
	unprotected.Detail = license.Text{
		En: "Basic edition: 44. Install the agent on them or bring it back online; if nobody meant it, bind a license.",
		Zh: "另有基础版 44 台。请在这些主机上安装客户端或使其恢复在线；若非有意为之，请绑定授权。",
	}
	r.Firing = []license.Finding{losing, newly, unprotected}
	r.Export = license.Export{Status: license.ExportOff}
	return r
}

// machinesNotAllowed is a digest of an account whose role may not ask for the machines.
func machinesNotAllowed(language license.Language) license.Report {
	r := AllWell(language)
	r.Export = license.Export{Status: license.ExportOff}
	r.Notices = []license.Notice{{Code: license.NoticeNotAllowed,
		Args: []string{"cwp.machines", "cwp:DescribeMachineGeneral"}}}
	return r
}
