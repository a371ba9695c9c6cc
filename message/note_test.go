package message_test

import (
	"fmt"
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

func TestGoldenNotes(t *testing.T) {
	t.Parallel()
	for name, note := range scene.Notes {
		for _, language := range scene.Languages {
			t.Run(name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				slack, wecom := renderNote(t, note(language))
				golden(t, fmt.Sprintf("%s.%s.slack.json", name, language), indent(t, slack))
				golden(t, fmt.Sprintf("%s.%s.wecom.md", name, language), wecomContent(t, wecom)+"\n")
			})
		}
	}
}

// renderNote gives a note in the form of both chats, which keeps their limits.
func renderNote(t *testing.T, note license.Note) (slack, wecom []byte) {
	t.Helper()
	var posts [2][]byte
	for i, kind := range []string{"slack", "wecom"} {
		payload, err := message.JSON(formats[kind].Note(note).Body)
		if err != nil {
			t.Fatal(err)
		}
		posts[i] = payload
	}
	if _, err := checkSlack(posts[0]); err != nil {
		t.Errorf("Slack: %v", err)
	}
	if _, err := checkWeCom(posts[1]); err != nil {
		t.Errorf("WeCom: %v", err)
	}
	return posts[0], posts[1]
}

// TestAnyNoteFits holds the limits for notes of any length.
func TestAnyNoteFits(t *testing.T) {
	t.Parallel()
	for _, piece := range append(injections, "x", "授权", "🔴", "\xff", "") {
		long := strings.Repeat(piece, 2000)
		note := license.Note{Severity: license.Critical, Title: "t" + long, ID: long}
		for range 50 {
			note.Lines = append(note.Lines, long, piece)
		}
		_, wecom := renderNote(t, note)
		if content := wecomContent(t, wecom); !strings.Contains(content, "… +91") {
			t.Errorf("the lines left out are not counted in %q", content)
		}
		note.Links = []license.NoteLink{{URL: license.NewSignedURL("https://a.example/" + strings.Repeat("x", 2030)), Label: long}}
		slack, wecom := renderNote(t, note)
		for _, payload := range [][]byte{slack, wecom} {
			if !strings.Contains(string(payload), note.Links[0].URL.Reveal()) || !strings.Contains(string(payload), "… +98") {
				t.Errorf("the link or the number of lines left out is missing in %s", payload)
			}
		}
	}
	renderNote(t, license.Note{Title: "short"})
}

// TestNoteCallsNobody: notes are for whoever reads anyway.
func TestNoteCallsNobody(t *testing.T) {
	t.Parallel()
	slack, wecom := renderNote(t, license.Note{Severity: license.Critical, Title: "short", Lines: []string{"<!here> <@oncall>"}})
	if strings.Contains(string(slack), "<!here>") || strings.Contains(string(wecom), "<@") {
		t.Errorf("a note calls somebody: %s %s", slack, wecom)
	}
}

func TestFailureText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		failure message.DeliveryFailure
		en, zh  string
	}{
		"robot removed": {message.DeliveryFailure{Code: "93000"}, "93000 (robot removed from the group, or wrong key)", "93000（机器人已被移出群，或 key 有误）"},
		"webhook gone":  {message.DeliveryFailure{HTTPStatus: 404, Code: "no_service"}, "no_service (the webhook was deleted or the app uninstalled)", "no_service（webhook 已删除，或应用已卸载）"},
		"server":        {message.DeliveryFailure{HTTPStatus: 503, Retryable: true}, "HTTP 503 (a fault on their side)", "HTTP 503（对方故障）"},
		"server's word": {message.DeliveryFailure{HTTPStatus: 500, Code: "fatal_error"}, "fatal_error (a fault on their side)", "fatal_error（对方故障）"},
		"unknown code":  {message.DeliveryFailure{HTTPStatus: 200, Code: "12345", Message: "new"}, "12345 (new)", "12345（new）"},
		"status alone":  {message.DeliveryFailure{HTTPStatus: 403}, "HTTP 403 (refused)", "HTTP 403（被拒绝）"},
		"nothing":       {message.DeliveryFailure{}, "no reason given", "未说明原因"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := message.FailureText(test.failure, license.English); got != test.en {
				t.Errorf("got %q, want %q", got, test.en)
			}
			if got := message.FailureText(test.failure, license.Chinese); got != test.zh {
				t.Errorf("got %q, want %q", got, test.zh)
			}
		})
	}
}

// TestExportNote: what became of an earlier run's export; the link is a link, or
// nowhere.
func TestExportNote(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		export license.Export
		want   string
	}{
		"ready":                 {license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL(scene.Link)}, "### License details of the earlier report are ready\n[download (the link expires soon)](" + scene.Link + ")\n"},
		"not shared":            {license.Export{Status: license.ExportFinished, TaskID: 7}, "### License details of the earlier report: exported, no link to share\nLicense details: export 7 finished\n"},
		"withheld":              {license.Export{Status: license.ExportFinished, TaskID: 7, Withheld: "evil.example"}, "link withheld (host evil.example)\n"},
		"unsafe":                {license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL("http://a.example/secret")}, "link withheld (not safe to post)\n"},
		"given up":              {license.Export{Status: license.ExportPending, TaskID: 7}, "### ⚠️ License details of the earlier report: not exported\nExport 7 did not finish within 24 h and was given up.\n"},
		"failed":                {license.Export{Status: license.ExportFailed, TaskID: 7, Problem: license.ExportError}, "not exported\nLicense details: export 7 failed, the API gives no reason\n"},
		"not allowed":           {license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: scene.Unreadable(license.FailureDenied, "cwp", "ExportTasks")}, "→ Allow cwp:ExportTasks for the execution role.\n"},
		"history":               {license.Export{Status: license.ExportFinished, TaskID: 7, Month: "2026-10", Link: license.NewSignedURL(scene.Link)}, "### The usage history of 2026-10 is ready\n[download (the link expires soon)](" + scene.Link + ")\n"},
		"history, failed":       {license.Export{Status: license.ExportFailed, TaskID: 7, Month: "2026-10", Problem: license.ExportNothing}, "### ⚠️ The usage history of 2026-10 is not exported\nUsage history of 2026-10: nothing to export\n"},
		"the chat took no file": {license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL(scene.Link), File: &license.ExportFile{Refused: "45001"}}, "This chat did not take the file (45001)"},
		"task unknown":          {license.Export{Status: license.ExportPending}, "Export did not finish within 24 h"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			note := message.ExportNote(license.English, test.export, "a1b2c3")
			_, wecom := renderNote(t, note)
			if got := wecomContent(t, wecom); !strings.Contains(got, test.want) || strings.Contains(got, "secret") {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := fmt.Sprintf("%+v", note); strings.Contains(text, "https://") {
				t.Errorf("the link prints: %s", text)
			}
		})
	}
}
