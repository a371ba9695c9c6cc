package message_test

import (
	"fmt"
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// exported are the exports of so many accounts, whose links are as long as the cloud's are.
func exported(n int) (exports []license.AccountExport) {
	for i := range n {
		link := fmt.Sprintf("%s&x-cos-security-token=%s%02d", scene.Link, strings.Repeat("t", 400), i)
		exports = append(exports, license.AccountExport{Account: fmt.Sprintf("account-%02d", i),
			Export: license.Export{Status: license.ExportFinished, TaskID: int64(i), Link: license.NewSignedURL(link)}})
	}
	return exports
}

// TestAccountExports: what a report says of the exports of many accounts fits every chat. Links
// that have no room are counted, causes are told once.
func TestAccountExports(t *testing.T) {
	t.Parallel()
	denied := &license.Failure{Kind: license.FailureDenied, Code: "UnauthorizedOperation", Service: "cwp", Action: "ExportLicenseDetail", RequestID: "r-1"}
	other := *denied
	other.RequestID = "r-2"
	exports := append(exported(40), license.AccountExport{Account: "one", Export: license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: denied}},
		license.AccountExport{Account: "two", Export: license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: &other}},
		license.AccountExport{Account: "three", Export: license.Export{Status: license.ExportPending, TaskID: 7}},
		license.AccountExport{Account: "four", Export: license.Export{Status: license.ExportFinished, Withheld: "evil.example"}})
	for language, want := range map[license.Language][]string{
		license.English: {"License details of one, two: export failed, ", "License details of three: export still running", "License details of four: export finished, link withheld (host ", "has no room for the links"},
		license.Chinese: {"授权明细（one、two）：导出失败，", "授权明细（three）：导出任务仍在进行", "授权明细（four）：导出任务已完成，链接未展示（主机 ", "本消息放不下链接"},
	} {
		report := scene.AllWell(language)
		report.Snapshot, report.Fleet = license.Snapshot{}, &license.Fleet{Exports: exports}
		for name, format := range map[string]message.Format{"slack": message.Slack, "wecom": message.WeCom, "feishu": message.Feishu, "dingtalk": message.DingTalk} {
			payload, err := message.JSON(format.Report(report, nil).Body)
			if err != nil {
				t.Fatal(err)
			}
			if used, limit := format.Size(payload); used > limit {
				t.Errorf("%s %s: %d of %d", name, language, used, limit)
			}
			links := strings.Count(string(payload), "x-cos-security-token")
			if most := 2; name == "wecom" && (links == 0 || links > most) || name != "wecom" && links < 8 {
				t.Errorf("%s %s: %d links", name, language, links)
			}
			for _, part := range want {
				if !strings.Contains(string(payload), part) {
					t.Errorf("%s %s lacks %q:\n%s", name, language, part, payload)
				}
			}
			if strings.Contains(string(payload), "r-1") {
				t.Errorf("%s names a request of one of them", name)
			}
		}
		note := message.AccountExportsNote(language, exports, "4f13b5")
		if len(note.Links) != 2 || !strings.Contains(strings.Join(note.Lines, "\n"), want[0]) || !strings.Contains(strings.Join(note.Lines, "\n"), want[3]) {
			t.Errorf("the note is %+v", note)
		}
		renderNote(t, note)
	}
}
