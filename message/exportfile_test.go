package message_test

import (
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// TestExportFileLines: what a report says of the exported file itself, in both languages.
func TestExportFileLines(t *testing.T) {
	t.Parallel()
	const name, mb = "license-detail.xlsx", 1 << 20
	failed := func(f license.FileFailure) license.ExportFile { return license.ExportFile{Failure: &f} }
	for title, test := range map[string]struct {
		file   license.ExportFile
		link   bool
		en, zh string
	}{
		"there":       {license.ExportFile{Name: name, Size: 1}, true, "", ""},
		"follows":     {license.ExportFile{Name: name, Size: 1234, Follows: true}, false, "License details: the file follows (license-detail.xlsx, 2 KB)", "授权明细已导出，文件随后发送（license-detail.xlsx，2 KB）"},
		"too large":   {license.ExportFile{Name: name, Size: 20*mb + 1, AtMost: 20 * mb}, true, "Not sent as a file: it has 20.1 MB, and this chat takes 20 MB at most", "未以文件发送：文件有 20.1 MB，此群最多接收 20 MB"},
		"too small":   {license.ExportFile{Name: name, Size: 5, AtLeast: 6}, true, "Not sent as a file: it has 5 B, and this chat takes 6 B at least", "未以文件发送：文件只有 5 B，此群至少要 6 B"},
		"not in time": {failed(license.FileFailure{Problem: license.FileTimeout}), true, "The export could not be fetched: it did not arrive in time", "未能取回导出的文件：未在时限内收到"},
		"elsewhere":   {failed(license.FileFailure{Problem: license.FileHost, Where: "host a.example"}), true, "its link leads to host a.example, from which nothing is fetched", "链接指向 host a.example，不从那里下载"},
		"refused":     {failed(license.FileFailure{Problem: license.FileStatus, Status: 403}), true, "the answer was HTTP 403", "应答为 HTTP 403"},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				report := scene.AllWell(language)
				report.Export = license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL(scene.Link), File: &test.file}
				var b strings.Builder
				if err := message.Terminal(&b, report, false); err != nil {
					t.Fatal(err)
				}
				text := b.String()
				if !strings.Contains(text, want) || strings.Contains(text, scene.Link) != test.link {
					t.Errorf("%s: the link %t and %q are wanted in\n%s", language, test.link, want, text)
				}
				if want == "" && (strings.Contains(text, "20.1") || strings.Contains(text, name)) {
					t.Errorf("%s: more is said than there is:\n%s", language, text)
				}
			}
		})
	}
}
