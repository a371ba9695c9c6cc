package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

func TestExport(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		scenario string
		want     []string
	}{
		"ready at once": {"healthy", []string{"FINISHED", "FINISHED"}},
		"slow":          {"slow-export", []string{"PENDING", "FINISHED", "FINISHED"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{Scenario: test.scenario})
			if id := ask(t, s, "ExportLicenseDetail", "{}")["TaskId"]; id != json.Number("1") {
				t.Fatalf("task id %v, want the number 1", id)
			}
			for poll, want := range test.want {
				a := ask(t, s, "ExportTasks", `{"TaskId":"1"}`)
				if a["Status"] != want {
					t.Errorf("poll %d: %v, want %s", poll+1, a["Status"], want)
				}
				link := ""
				if want == "FINISHED" {
					link = s.DownloadURL()
				}
				if a["DownloadUrl"] != link {
					t.Errorf("poll %d: link %v, want %q", poll+1, a["DownloadUrl"], link)
				}
			}
		})
	}
}

func TestExportTaskIDs(t *testing.T) {
	t.Parallel()
	const large = 9007199254740993 // a float64 cannot hold it
	s := start(t, simulator.Options{FirstTaskID: large})
	for _, want := range []string{"9007199254740993", "9007199254740994"} {
		if id := ask(t, s, "ExportLicenseDetail", "{}")["TaskId"]; fmt.Sprint(id) != want {
			t.Errorf("task id %v, want %s", id, want)
		}
	}
	for id, want := range map[string]string{
		"9007199254740994": "", "9007199254740992": "ResourceNotFound", "": "ResourceNotFound", "licenses": "ResourceNotFound",
	} {
		if code := newCall(s, "ExportTasks", `{"TaskId":"`+id+`"}`).send(t, s).code(); code != want {
			t.Errorf("task %q was refused with %q, want %q", id, code, want)
		}
	}
}

func TestDownloadURLLooksPresigned(t *testing.T) {
	t.Parallel()
	link := start(t, simulator.Options{}).DownloadURL()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "https" || !strings.HasSuffix(u.Host, ".myqcloud.com") || len(link) > 2048 {
		t.Errorf("%s is not a link that may be shared", link)
	}
	if u.Query().Get("q-signature") == "" {
		t.Errorf("%s carries no signature", link)
	}
}

// TestExportFile: who has the link gets the file, and nobody who brings keys, has another
// link or comes late.
func TestExportFile(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)
	s := start(t, simulator.Options{LocalExport: true, Now: func() time.Time { return at }})
	for body, want := range map[string]string{
		`{"ExportMonth":"2026-10"}`: "InvalidParameter", `{"IsHistory":true,"ExportMonth":"2026-13"}`: "InvalidParameterValue", `{"IsHistory":true,"ExportMonth":"2026-10"}`: "",
	} {
		if code := newCall(s, "ExportLicenseDetail", body).send(t, s).code(); code != want {
			t.Errorf("%s: %q, want %q", body, code, want)
		}
	}
	history, _ := ask(t, s, "ExportTasks", `{"TaskId":"1"}`)["DownloadUrl"].(string)
	if !strings.Contains(history, "/history2026-10.csv?") {
		t.Errorf("the link of a history is %s", history)
	}
	link := s.DownloadURL()
	for name, test := range map[string]struct {
		link, header string
		want         int
	}{
		"the file": {link, "", 200}, "a history": {history, "", 200}, "another signature": {link + "x", "", 403},
		"with keys": {link, "Authorization", 400}, "with a token": {link, "X-TC-Token", 400}, "with a cookie": {link, "Cookie", 400},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, test.link, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if test.header != "" {
			request.Header.Set(test.header, "a=b")
		}
		if got := do(t, newClient(t), request); got.status != test.want || test.want == 200 && !strings.Contains(got.body, "Resource ID,") {
			t.Errorf("%s: HTTP %d %q, want %d", name, got.status, got.body, test.want)
		}
	}
	at = at.Add(11 * time.Minute)
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
	if got := do(t, newClient(t), request); got.status != http.StatusForbidden || s.Downloads() != 7 {
		t.Errorf("late: HTTP %d, asked %d times", got.status, s.Downloads())
	}
}
