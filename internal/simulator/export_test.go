package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

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
