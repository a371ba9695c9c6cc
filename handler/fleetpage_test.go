package handler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
)

// TestFleetPage makes one page of all accounts, in the language of each chat, which the archive
// of the fleet has; an account that could not be read is in it as such.
func TestFleetPage(t *testing.T) {
	w := newFleetArchive(t, smallFleet, map[string]map[string]http.HandlerFunc{})
	_ = w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.clock = w.clock.Add(23 * time.Hour)
	s := w.wantTick("report", handler.OutcomeSent, 2, 1)
	if s.Report == nil || !strings.HasPrefix(s.Report.Record, "fleet/") || s.Report.Records != 5 || s.Report.Broken != 0 {
		t.Fatalf("%+v", s.Report)
	}
	w.verify(map[string]int{"100000000101": 2, "100000000104": 2, "fleet": 3})
	page := w.file("fleet", strings.TrimPrefix(s.Report.Record, "fleet/"), s.Report.Files[0].Name)
	w.wantContains("the page", page, "pay-prod", "run "+s.RunID, "4 accounts", "2026/11/22/")
	w.wantContains("the last message", w.last("slack"), s.RunID, "Aug 26 to Nov 23", "5 records")
	again := w.wantTickAgain("report", handler.OutcomeQuiet, 2, 1)
	if again.Report != nil {
		t.Errorf("a rerun made another: %+v", again.Report)
	}
}

// wantTickAgain runs the last event again.
func (w *fleetArchive) wantTickAgain(mode string, outcome handler.Outcome, slack, wecom int) handler.Summary {
	w.t.Helper()
	w.clock = w.clock.Add(-time.Hour)
	return w.wantTick(mode, outcome, slack, wecom)
}

// TestFleetPageInEachLanguage: a channel gets the page in its own language, and who takes files
// the file.
func TestFleetPageInEachLanguage(t *testing.T) {
	w := newFleetArchive(t, smallFleet, nil)
	w.changeFile("{labels: {team: pay}, to: [pay-oncall]}", "{severity: critical, to: [pay-oncall], continue: true}")
	s := w.wantTick("report", handler.OutcomeSent, 1, 2)
	if s.Report == nil || len(s.Report.Files) != 4 || len(w.Uploads()) != 1 {
		t.Fatalf("%+v, %+v", s.Report, w.Uploads())
	}
	for _, file := range s.Report.Files {
		want := map[string]string{"report/licensewatch-report.html": "授权报告", "report/licensewatch-report-en.html": "License report"}[file.Name]
		if data := w.file("fleet", strings.TrimPrefix(s.Report.Record, "fleet/"), file.Name); !strings.Contains(data, want) {
			t.Errorf("%s is not in its language: %.300s", file.Name, data)
		}
	}
	if w.Uploads()[0].Name != "licensewatch-report.html" {
		t.Errorf("%+v", w.Uploads())
	}
	w.wantContains("WeCom", w.posted("wecom")[0], "授权报告：", "licensewatch-report.html")
	w.wantContains("Slack", w.posted("slack")[0], "License report: ", "report/licensewatch-report-en.html")
}
