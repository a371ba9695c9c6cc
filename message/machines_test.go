package message_test

import (
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

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
			r := scene.AllWell(test.language)
			r.Snapshot.Wanted, r.Snapshot.Machines = []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourcePurchaseState}, test.machines
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
		r := scene.AllWell(language)
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
	if err := message.Terminal(&b, r, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWebhookDoubtsMachines: counts of machines that contradict each other are a doubt of a
// kind that the schema has.
func TestWebhookDoubtsMachines(t *testing.T) {
	t.Parallel()
	n := func(n int64) *int64 { return &n }
	r := scene.AllWell(license.English)
	r.Snapshot.Wanted, r.Snapshot.Machines = []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourcePurchaseState}, &license.Machines{MachineCnt: n(3), BaseMachineCnt: n(5)}
	payload := webhookPayload(t, r)
	if err := checkWebhook(webhookSchema(t), payload); err != nil {
		t.Error(err)
	}
	if kind := `"kind":"machine-counts","field":"machines.MachineCnt"`; !strings.Contains(string(payload), kind) {
		t.Errorf("the body lacks %s:\n%s", kind, payload)
	}
}
