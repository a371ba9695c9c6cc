package notify_test

import (
	"strings"
	"testing"

	"licensewatch/license"
	"licensewatch/notify"
)

// machines is an account with machines that have lost their edition, will, or never had
// one.
func machines(language license.Language) license.Report {
	r := allWell(language)
	r.Snapshot.Wanted = license.Sources()
	r.Snapshot.Machines = &license.Machines{
		MachineCnt: ptr(int64(1204)), FlagshipMachineCnt: ptr(int64(980)), SpecialtyMachineCnt: ptr(int64(168)),
		BaseMachineCnt: ptr(int64(44)), NotProtectMachineCnt: ptr(int64(12)), DeadlineMachineCnt: ptr(int64(5)),
	}
	firing := license.Finding{State: license.Firing, Severity: license.Warning, Source: license.SourceMachines, Runbook: cwpConsole}
	newly, losing, unprotected := firing, firing, firing
	newly.Rule, newly.Event, newly.EventID, newly.Machines = "cwp-machines-newly-unprotected", true, "4>12", ptr(int64(8))
	newly.Title = license.Text{En: "CWPP does not protect 8 more machines: 12, before 4", Zh: "主机安全未防护的主机增加 8 台：现有 12 台，之前 4 台"}
	newly.Detail = license.Text{
		En: "Of 1204 machines, 1148 have a licensed edition and 44 the free Basic one. New machines, agents that stopped, or licenses that ended or were unbound; if nobody meant it, bind licenses.",
		Zh: "共 1204 台主机：有授权 1148 台，免费的基础版 44 台。可能是新增主机、客户端停止运行，或授权到期、被解绑；若非有意为之，请绑定授权。",
	}
	losing.Rule, losing.Machines = "cwp-machines-losing", ptr(int64(5))
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
	r := allWell(language)
	r.Export = license.Export{Status: license.ExportOff}
	r.Notices = []license.Notice{{Code: license.NoticeNotAllowed, Args: []string{"cwp.machines", "cwp:DescribeMachineGeneral"}}}
	return r
}

// TestMachines: the line about the machines, and a role that may not ask for them yet.
func TestMachines(t *testing.T) {
	t.Parallel()
	n := func(n int64) *int64 { return &n }
	all := &license.Machines{
		MachineCnt: n(1204), FlagshipMachineCnt: n(980), SpecialtyMachineCnt: n(180), BaseMachineCnt: n(44), NotProtectMachineCnt: n(12), DeadlineMachineCnt: n(0),
	}
	tests := map[string]struct {
		machines *license.Machines
		language license.Language
		want     string
	}{
		"English":      {all, license.English, "1,204 machines: 980 Ultimate, 180 Pro, 44 Basic, 12 not protected"},
		"Chinese":      {all, license.Chinese, "主机 1,204 台：旗舰版 980 台，专业版 180 台，基础版 44 台，未防护 12 台"},
		"one":          {&license.Machines{MachineCnt: n(1), LHGeneralDiscountCnt: n(1)}, license.English, "1 machine: 1 Lightweight"},
		"some unknown": {&license.Machines{FlagshipMachineCnt: n(3), DeadlineMachineCnt: n(2)}, license.English, "Machines: 3 Ultimate, 2 about to lose their edition"},
		"no edition": {
			&license.Machines{MachineCnt: n(9), FlagshipMachineCnt: n(4), SpecialtyMachineCnt: n(0), BaseMachineCnt: n(0), NotProtectMachineCnt: n(2)},
			license.English, "9 machines: 4 Ultimate, 2 not protected, 3 of no known edition",
		},
		"only their sum":  {&license.Machines{MachineCnt: n(7)}, license.English, "7 machines"},
		"none":            {&license.Machines{MachineCnt: n(0), NotProtectMachineCnt: n(0)}, license.English, ""},
		"nothing is told": {&license.Machines{}, license.English, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := allWell(test.language)
			r.Snapshot.Wanted, r.Snapshot.Machines = license.Sources(), test.machines
			text := terminalText(t, r)
			lines := strings.Split(text, "\n")
			found := false
			for _, line := range lines {
				if strings.Contains(line, "achine") || strings.Contains(line, "主机 ") {
					found = true
					if strings.TrimSpace(line) != test.want {
						t.Errorf("says %q, want %q", line, test.want)
					}
				}
			}
			if found != (test.want != "") {
				t.Errorf("found: %v, want %q in:\n%s", found, test.want, text)
			}
		})
	}
}

func TestNotAllowedYet(t *testing.T) {
	t.Parallel()
	for language, want := range map[license.Language]string{
		license.English: "CWPP (machines) left out, because the role may not call it: allow cwp:DescribeMachineGeneral.",
		license.Chinese: "角色无权调用，未读取主机安全主机数：请授权 cwp:DescribeMachineGeneral",
	} {
		r := allWell(language)
		green, _, _ := strings.Cut(terminalText(t, r), "\n")
		r.Notices = []license.Notice{{Code: license.NoticeNotAllowed, Args: []string{"cwp.machines", "cwp:DescribeMachineGeneral"}}}
		text := terminalText(t, r)
		if !strings.Contains(text, want) || !strings.HasPrefix(text, green+"\n") {
			t.Errorf("want %q below %q:\n%s", want, green, text)
		}
	}
}

func terminalText(t *testing.T, r license.Report) string {
	t.Helper()
	var b strings.Builder
	if err := notify.Terminal(&b, r, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
