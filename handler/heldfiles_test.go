package handler_test

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
)

// exportCloud is a cloud's exports, of which each file is another one. It is a transport for
// the links, and answers the two calls.
type exportCloud struct {
	next  http.RoundTripper
	tasks []*cloudTask // by id, from 1
	isOut bool         // the files cannot be had
	draw  func(month string) cloudTask
}

type cloudTask struct {
	month   string
	pending int // polls that say so
	content string
	begun   time.Time
}

// RoundTrip implements http.RoundTripper.
func (c *exportCloud) RoundTrip(r *http.Request) (*http.Response, error) {
	id, isLink := strings.CutSuffix(r.URL.Host, ".cos.ap-guangzhou.myqcloud.com")
	if !isLink {
		return c.next.RoundTrip(r)
	}
	answer := status(503, "")
	if n, _ := strconv.Atoi(strings.TrimPrefix(id, "task-")); !c.isOut {
		answer = fileOf(c.tasks[n-1].content)
	}
	return simulator.InProcess(answer).RoundTrip(r)
}

func (c *exportCloud) export(w http.ResponseWriter, r *http.Request) {
	var asked struct{ ExportMonth string }
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &asked)
	task := c.draw(asked.ExportMonth)
	c.tasks = append(c.tasks, &task)
	simulator.Answer(fmt.Sprintf(`{"Response":{"TaskId":%d,"DownloadUrl":"","RequestId":"r"}}`, len(c.tasks)))(w, r)
}

func (c *exportCloud) poll(w http.ResponseWriter, r *http.Request) {
	var asked struct{ TaskId string } //nolint:revive // the API's own name
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &asked)
	n, _ := strconv.Atoi(asked.TaskId)
	task := c.tasks[n-1]
	if task.pending--; task.pending >= 0 {
		simulator.Answer(pendingTask)(w, r)
		return
	}
	simulator.Answer(fmt.Sprintf(`{"Response":{"Status":"FINISHED","DownloadUrl":"https://task-%d.cos.ap-guangzhou.myqcloud.com/f?q-signature=s","RequestId":"r"}}`, n))(w, r)
}

// holding is a world with exports in which archive, files and chats come and go.
type holding struct {
	*archiving
	cloud  *exportCloud
	due    map[int]bool // the tasks whose files have to be sealed by now
	broken bool         // the archive
}

func newHolding(t *testing.T, chance *rand.Rand) *holding {
	t.Helper()
	share := []string{"link", "file", "none"}[chance.IntN(3)]
	w := newArchiving(t, "near-expiry", "LICENSEWATCH_EXPORT_SHARE", share, "LICENSEWATCH_EXPORT_HISTORY", "monthly", "LICENSEWATCH_HOURS", "always")
	connections := &http.Transport{}
	t.Cleanup(connections.CloseIdleConnections)
	h := &holding{archiving: w, due: map[int]bool{}}
	h.cloud = &exportCloud{next: connections, draw: func(month string) cloudTask {
		task := cloudTask{month: month, begun: w.clock, content: fmt.Sprintf("task,%d\n", chance.Uint64())}
		if chance.IntN(2) == 0 {
			task.content += strings.Repeat("\n", 1<<20) // more than waits with a record
		}
		if chance.IntN(3) == 0 {
			task.pending = 1 + chance.IntN(12)
		}
		return task
	}}
	w.transport = h.cloud
	w.Override("ExportLicenseDetail", h.cloud.export)
	w.Override("ExportTasks", h.cloud.poll)
	return h
}

// breakArchive puts a file in the archive's place, or the archive back.
func (h *holding) breakArchive(broken bool) {
	if broken == h.broken {
		return
	}
	h.broken = broken
	if broken {
		if err := os.Rename(h.archive, h.archive+".away"); err != nil && !os.IsNotExist(err) {
			h.t.Fatal(err)
		}
		must(h.t, os.WriteFile(h.archive, nil, 0o600))
		return
	}
	must(h.t, os.Remove(h.archive))
	if err := os.Rename(h.archive+".away", h.archive); err != nil && !os.IsNotExist(err) {
		h.t.Fatal(err)
	}
}

// step is one run, after which what could be sealed has to be.
func (h *holding) step(mode string) handler.Summary {
	h.t.Helper()
	at := h.clock
	summary, _ := h.tick(mode)
	h.clock = at
	for i, task := range h.cloud.tasks {
		if !h.broken && !h.cloud.isOut && task.pending <= 0 && at.Sub(task.begun) < 24*time.Hour && task.month == "" {
			h.due[i] = true
		}
	}
	return summary
}

// sealed gives for each task the records that hold its file, and all manifests' texts.
func (h *holding) sealed() (records map[int][]string, manifests string) {
	h.t.Helper()
	records = map[int][]string{}
	must(h.t, filepath.WalkDir(h.archive, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		switch {
		case err != nil:
			return err
		case entry.Name() == "manifest.json":
			manifests += string(data)
		case strings.Contains(path, "/export/"):
			i := slices.IndexFunc(h.cloud.tasks, func(task *cloudTask) bool { return task.content == string(data) })
			records[i] = append(records[i], path)
		}
		return nil
	}))
	return records, manifests
}

// TestHeldFiles: whatever comes between an export and its record, and however many exports wait
// for theirs, each file that could be had and sealed within a day is sealed, none is sealed
// twice, and in the end nothing waits in the store any more.
func TestHeldFiles(t *testing.T) {
	for i := range proof.Trials(12, 1000) {
		t.Run(strconv.Itoa(i), func(t *testing.T) { heldFiles(t, rand.New(rand.NewPCG(proof.Seed(i)))) })
	}
}

func heldFiles(t *testing.T, chance *rand.Rand) {
	h := newHolding(t, chance)
	for range 10 + chance.IntN(20) {
		if chance.IntN(4) == 0 {
			h.breakArchive(!h.broken)
		}
		if chance.IntN(4) == 0 {
			h.cloud.isOut = !h.cloud.isOut
		}
		if chance.IntN(5) == 0 {
			answer := http.HandlerFunc(nil)
			if chance.IntN(2) == 0 {
				answer = status(200, `{"errcode":45009,"errmsg":"api freq out of limit"}`)
			}
			h.OverrideChat("wecom", answer)
		}
		h.step([]string{"digest", "alert", "alert"}[chance.IntN(3)])
		h.clock = h.clock.Add(time.Duration(1+chance.IntN(12*60)) * time.Minute)
	}
	h.breakArchive(false)
	h.cloud.isOut = false
	h.OverrideChat("wecom", nil)
	for range 8 {
		h.step("alert")
		h.clock = h.clock.Add(7 * time.Hour)
	}
	h.step("digest")
	h.clock = h.clock.Add(time.Hour)
	for range 8 {
		h.step("alert")
		h.clock = h.clock.Add(7 * time.Hour)
	}
	records, manifests := h.sealed()
	for i, task := range h.cloud.tasks {
		switch n := len(records[i]); {
		case n > 1:
			t.Errorf("the file of task %d is sealed %d times: %q", i+1, n, records[i])
		case n == 0 && h.due[i]:
			t.Errorf("the file of task %d (%d bytes) is lost", i+1, len(task.content))
		case n == 0 && !strings.Contains(manifests, `"name":"export`):
			t.Errorf("no record misses the file of task %d", i+1)
		}
	}
	h.wantNothingWaits()
}

// wantNothingWaits checks that no file and no record waits.
func (h *holding) wantNothingWaits() {
	h.t.Helper()
	store := strings.TrimPrefix(h.settings["LICENSEWATCH_STATE_URL"], "file://")
	if _, err := os.Stat(filepath.Join(store, "unsealed-records.gz")); err == nil {
		h.t.Error("records wait")
	}
	ledger := h.ledger()
	for what, exports := range map[string]any{"details": ledger.Exports(), "history": &ledger.History().Exports} {
		if text, _ := json.Marshal(exports); string(text) != "{}" {
			h.t.Errorf("exports of %s wait: %s", what, text)
		}
	}
	if e := ledger.LastEvidence(); len(e.Exports)+len(e.Begun) > 0 || e.Waiting || !e.Since.IsZero() {
		h.t.Errorf("the ledger has %+v", e)
	}
}
