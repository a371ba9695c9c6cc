package handler_test

import (
	"net/http"
	"strings"
	"testing"

	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// TestExport: how an export ends, what the message says, and what the Summary.
func TestExport(t *testing.T) {
	finished := func(link string) http.HandlerFunc {
		return simulator.Answer(`{"Response":{"Status":"FINISHED","DownloadUrl":"` + link + `","RequestId":"r"}}`)
	}
	pending := simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`)
	const good = "https://x-1250000000.cos.ap-guangzhou.myqcloud.com/a.csv?q-sign=1"
	tests := map[string]struct {
		start, poll http.HandlerFunc
		settings    []string
		event       string
		status      license.ExportStatus
		task        int64
		polls       int
		message     []string
		not         string
	}{
		"finished":                 {nil, finished(good), nil, digestEvent, license.ExportFinished, 1, 1, []string{good, "expires"}, ""},
		"the greatest task id":     {simulator.Answer(`{"Response":{"TaskId":9223372036854775807,"RequestId":"r"}}`), finished(good), nil, digestEvent, license.ExportFinished, 9223372036854775807, 1, []string{good}, ""},
		"at the last poll":         {nil, simulator.Sequence(pending, pending, pending, pending, finished(good)), nil, digestEvent, license.ExportFinished, 1, 5, []string{good}, ""},
		"pending for ever":         {nil, pending, nil, digestEvent, license.ExportPending, 1, 5, []string{"export 1"}, ""},
		"ended with an error":      {nil, simulator.Answer(`{"Response":{"Status":"ERROR","RequestId":"r"}}`), nil, digestEvent, license.ExportFailed, 1, 1, []string{"export 1"}, ""},
		"an unknown status":        {nil, simulator.Answer(`{"Response":{"Status":"DREAMING","RequestId":"r"}}`), nil, digestEvent, license.ExportFailed, 1, 5, []string{"export 1"}, ""},
		"without a link":           {nil, finished(""), nil, digestEvent, license.ExportFailed, 1, 5, []string{"export 1"}, ""},
		"a link to elsewhere":      {nil, finished("https://myqcloud.com.example.com/a?q-sign=1"), nil, digestEvent, license.ExportFinished, 1, 1, []string{"myqcloud.com.example.com"}, "q-sign"},
		"a link without TLS":       {nil, finished(strings.Replace(good, "https", "http", 1)), nil, digestEvent, license.ExportFinished, 1, 1, []string{"withheld"}, "q-sign"},
		"a link with a password":   {nil, finished(strings.Replace(good, "//", "//u:p@", 1)), nil, digestEvent, license.ExportFinished, 1, 1, []string{"withheld"}, "q-sign"},
		"a very long link":         {nil, finished(good + strings.Repeat("a", 2048)), nil, digestEvent, license.ExportFinished, 1, 1, []string{"withheld"}, "q-sign"},
		"the link is not shared":   {nil, finished(good), []string{"LICENSEWATCH_EXPORT_SHARE", "none"}, digestEvent, license.ExportFinished, 1, 1, []string{"export 1"}, "q-sign"},
		"nothing to export":        {simulator.APIError("ResourceNotFound", "x"), nil, nil, digestEvent, license.ExportFailed, 0, 0, []string{"othing to export"}, ""},
		"refused":                  {simulator.APIError("AuthFailure.UnauthorizedOperation", "x"), nil, nil, digestEvent, license.ExportFailed, 0, 0, []string{"cwp:ExportLicenseDetail"}, ""},
		"refused at the poll":      {nil, simulator.APIError("AuthFailure.UnauthorizedOperation", "x"), nil, digestEvent, license.ExportFailed, 1, 1, []string{"cwp:ExportTasks"}, ""},
		"no task id":               {simulator.Answer(`{"Response":{"RequestId":"r"}}`), nil, nil, digestEvent, license.ExportFailed, 0, 0, []string{"task id"}, ""},
		"nobody knows if it began": {simulator.Reset(), nil, nil, digestEvent, license.ExportFailed, 0, 0, []string{"unknown whether"}, ""},
		"switched off":             {nil, nil, []string{"LICENSEWATCH_EXPORT", "off"}, digestEvent, license.ExportOff, 0, 0, nil, "xport"},
		"not in an alert":          {nil, nil, nil, alertEvent, license.ExportOff, 0, 0, nil, "xport"},
		"in an alert, always":      {nil, finished(good), []string{"LICENSEWATCH_EXPORT", "always"}, alertEvent, license.ExportFinished, 1, 1, []string{good}, ""},
		"without cwp":              {nil, nil, []string{"LICENSEWATCH_SOURCES", "tcss"}, digestEvent, license.ExportOff, 0, 0, nil, "xport"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "near-expiry", test.settings...)
			w.Override("ExportLicenseDetail", test.start)
			w.Override("ExportTasks", test.poll)
			summary, err := w.run(test.event)
			if err != nil {
				t.Fatal(err)
			}
			if summary.Export.Status != test.status || summary.Export.TaskID != test.task {
				t.Errorf("export %+v, want %s of task %d", summary.Export, test.status, test.task)
			}
			polls := 0
			for _, call := range w.Calls() {
				if call.Action == "ExportTasks" {
					polls++
				}
			}
			if polls != test.polls {
				t.Errorf("%d polls, want %d", polls, test.polls)
			}
			for _, body := range append(w.posted("slack"), w.posted("wecom")...) {
				w.wantContains("message", body, test.message...)
				if test.not != "" && strings.Contains(body, test.not) {
					t.Errorf("the message holds %q: %s", test.not, body)
				}
			}
			for _, text := range []string{w.log.String(), asJSON(t, summary)} {
				if strings.Contains(text, "q-sign") {
					t.Error("the link is in the log or the Summary")
				}
			}
			w.wantPosts(1, 1)
		})
	}
}
