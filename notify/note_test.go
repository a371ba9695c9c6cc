package notify_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/notify"
)

// notes are the short messages, by the name of their golden file.
var notes = map[string]func(license.Language) license.Note{
	"note-dead-channel": func(l license.Language) license.Note {
		return notify.DeadChannelNote(l, []*notify.Error{{Channel: "wecom", HTTPStatus: 200, Code: "93000", Message: "invalid webhook url"}}, "a1b2c3")
	},
	"note-dead-channels": func(l license.Language) license.Note {
		return notify.DeadChannelNote(l, []*notify.Error{
			{Channel: "slack[0]", HTTPStatus: 404, Code: "no_service"},
			{Channel: "slack[1]", HTTPStatus: 503, Retryable: true},
			{Channel: "wecom", Code: "Timeout", Retryable: true, Ambiguous: true},
		}, "a1b2c3")
	},
	"note-doubtful": func(l license.Language) license.Note {
		return notify.DeadChannelNote(l, []*notify.Error{{Channel: "slack", Code: "Timeout", Retryable: true, Ambiguous: true}}, "a1b2c3")
	},
	"note-failing": func(l license.Language) license.Note {
		return notify.FailingNote(l, &notify.Error{Channel: "wecom", HTTPStatus: 503, Retryable: true}, now.Add(-26*time.Hour), "a1b2c3")
	},
	"note-uncalled": func(l license.Language) license.Note {
		return notify.UncalledNote(l, &notify.Error{Channel: "wecom[1]", HTTPStatus: 200, Code: "40008", Message: "invalid message type", Call: true}, "a1b2c3")
	},
	"note-unheard": func(l license.Language) license.Note {
		return notify.UnheardNote(l, license.Unheard{Channel: "slack[1]", ID: "c43672", At: now.Add(-2 * time.Hour)}, "a1b2c3")
	},
	"note-unaccepted": func(l license.Language) license.Note {
		return notify.UnacceptedNote(l, license.Unheard{Channel: "slack", ID: "c43672", At: now.Add(-2 * time.Hour)}, "a1b2c3")
	},
	"note-mistakes": func(l license.Language) license.Note {
		return notify.MistakesNote(l, []string{
			`LICENSEWATCH_SITE: "china" is no site: write cn or intl`,
			"rules.yaml:12:11: cwp has no field NearExpiryLicenseCount; did you mean NearExpiryLicenseCnt?",
		}, "a1b2c3")
	},
	"note-many-mistakes": func(l license.Language) license.Note {
		var mistakes []string
		for i := range 40 {
			mistakes = append(mistakes, fmt.Sprintf("rules.yaml:%d:5: unknown key <severty> & `sevrity`; did you mean severity?", i+3))
		}
		return notify.MistakesNote(l, mistakes, "a1b2c3")
	},
	"note-export-ready": func(l license.Language) license.Note {
		return notify.ExportNote(l, license.Export{Status: license.ExportFinished, TaskID: 24563, Link: license.NewSignedURL(link)}, "a1b2c3")
	},
	"note-export-given-up": func(l license.Language) license.Note {
		return notify.ExportNote(l, license.Export{Status: license.ExportPending, TaskID: 24563}, "a1b2c3")
	},
	"note-export-failed": func(l license.Language) license.Note {
		return notify.ExportNote(l, license.Export{Status: license.ExportFailed, TaskID: 24563, Problem: license.ExportError}, "a1b2c3")
	},
}

func TestGoldenNotes(t *testing.T) {
	t.Parallel()
	for name, note := range notes {
		for _, language := range languages {
			t.Run(name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				slack, wecom := postNote(t, note(language))
				golden(t, fmt.Sprintf("%s.%s.slack.json", name, language), indent(t, slack))
				golden(t, fmt.Sprintf("%s.%s.wecom.md", name, language), wecomContent(t, wecom)+"\n")
			})
		}
	}
}

// postNote sends a note to both chats and gives what they got, which keeps
// their limits.
func postNote(t *testing.T, note license.Note) (slack, wecom []byte) {
	t.Helper()
	var posts [2][]byte
	for i, kind := range []string{"slack", "wecom"} {
		r := newRig(t, kind, 0, ok[kind])
		if err := r.channel.Note(t.Context(), note); err != nil || len(r.chat.posts()) != 1 {
			t.Fatalf("%v after %d posts", err, len(r.chat.posts()))
		}
		posts[i] = r.chat.posts()[0]
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
		_, wecom := postNote(t, note)
		if content := wecomContent(t, wecom); !strings.Contains(content, "… +91") {
			t.Errorf("the lines left out are not counted in %q", content)
		}
		note.Link, note.LinkLabel = license.NewSignedURL("https://a.example/"+strings.Repeat("x", 2030)), long
		slack, wecom := postNote(t, note)
		for _, payload := range [][]byte{slack, wecom} {
			if !strings.Contains(string(payload), note.Link.Reveal()) || !strings.Contains(string(payload), "… +98") {
				t.Errorf("the link or the number of lines left out is missing in %s", payload)
			}
		}
	}
	postNote(t, license.Note{Title: "short"})
}

// TestNoteCallsNobody: notes are for whoever reads anyway.
func TestNoteCallsNobody(t *testing.T) {
	t.Parallel()
	slack, wecom := postNote(t, license.Note{Severity: license.Critical, Title: "short", Lines: []string{"<!here> <@oncall>"}})
	if strings.Contains(string(slack), "<!here>") || strings.Contains(string(wecom), "<@") {
		t.Errorf("a note calls somebody: %s %s", slack, wecom)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err    notify.Error
		en, zh string
	}{
		"robot removed": {notify.Error{Code: "93000"}, "93000 (robot removed from the group, or wrong key)", "93000（机器人已被移出群，或 key 有误）"},
		"webhook gone":  {notify.Error{HTTPStatus: 404, Code: "no_service"}, "no_service (the webhook was deleted or the app uninstalled)", "no_service（webhook 已删除，或应用已卸载）"},
		"server":        {notify.Error{HTTPStatus: 503, Retryable: true}, "HTTP 503 (a fault on their side)", "HTTP 503（对方故障）"},
		"server's word": {notify.Error{HTTPStatus: 500, Code: "fatal_error"}, "fatal_error (a fault on their side)", "fatal_error（对方故障）"},
		"unknown code":  {notify.Error{HTTPStatus: 200, Code: "12345", Message: "new"}, "12345 (new)", "12345（new）"},
		"status alone":  {notify.Error{HTTPStatus: 403}, "HTTP 403 (refused)", "HTTP 403（被拒绝）"},
		"nothing":       {notify.Error{}, "no reason given", "未说明原因"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := notify.ErrorText(&test.err, license.English); got != test.en {
				t.Errorf("got %q, want %q", got, test.en)
			}
			if got := notify.ErrorText(&test.err, license.Chinese); got != test.zh {
				t.Errorf("got %q, want %q", got, test.zh)
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := map[string]*notify.Error{
		"slack: no_service (HTTP 404)":                                     {Channel: "slack", HTTPStatus: 404, Code: "no_service"},
		"slack[1]: (HTTP 503): <h1>Oops</h1>":                              {Channel: "slack[1]", HTTPStatus: 503, Message: "<h1>Oops</h1>"},
		"wecom: 93000: invalid webhook url":                                {Channel: "wecom", HTTPStatus: 200, Code: "93000", Message: "invalid webhook url"},
		"wecom: Timeout: no answer in time (the message may have arrived)": {Channel: "wecom", Code: "Timeout", Message: "no answer in time", Ambiguous: true},
	}
	for want, err := range tests {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if data, err := json.Marshal(tests["slack: no_service (HTTP 404)"]); err != nil || strings.Contains(string(data), "http") {
		t.Errorf("got %s, %v", data, err)
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
		"ready":        {license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL(link)}, "### License details of the earlier report are ready\n[download (the link expires soon)](" + link + ")\n"},
		"not shared":   {license.Export{Status: license.ExportFinished, TaskID: 7}, "### License details of the earlier report: exported, no link to share\nLicense details: export 7 finished\n"},
		"withheld":     {license.Export{Status: license.ExportFinished, TaskID: 7, Withheld: "evil.example"}, "link withheld (host evil.example)\n"},
		"unsafe":       {license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL("http://a.example/secret")}, "link withheld (not safe to post)\n"},
		"given up":     {license.Export{Status: license.ExportPending, TaskID: 7}, "### ⚠️ License details of the earlier report: not exported\nExport 7 did not finish within 24 h and was given up.\n"},
		"failed":       {license.Export{Status: license.ExportFailed, TaskID: 7, Problem: license.ExportError}, "not exported\nLicense details: export 7 failed\n"},
		"not allowed":  {license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: unreadable(license.FailureDenied, "cwp", "ExportTasks")}, "→ Allow cwp:ExportTasks for the execution role.\n"},
		"task unknown": {license.Export{Status: license.ExportPending}, "Export did not finish within 24 h"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			note := notify.ExportNote(license.English, test.export, "a1b2c3")
			_, wecom := postNote(t, note)
			if got := wecomContent(t, wecom); !strings.Contains(got, test.want) || strings.Contains(got, "secret") {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if text := fmt.Sprintf("%+v", note); strings.Contains(text, "https://") {
				t.Errorf("the link prints: %s", text)
			}
		})
	}
}
