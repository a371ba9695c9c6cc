package main_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/proof"
	"licensewatch/license"
)

// TestFunctionInLittleMemory: a function of 128 MB lives with 10,000 orders, whether they
// fire or not, with and without a memory, and with a hundred pages of nearly 1 MiB.
func TestFunctionInLittleMemory(t *testing.T) {
	const megabytes = 128
	for name, test := range map[string]struct {
		days   int // until the orders end
		alias  int // bytes of free text in each
		store  bool
		events []string
	}{
		"10,000 orders":                    {days: 300, events: []string{timerEvent, timerEvent}},
		"10,000 orders that end soon":      {days: 10, events: []string{timerEvent, timerEvent}},
		"10,000 orders, remembered":        {days: 300, store: true, events: []string{alertEvent, timerEvent}},
		"10,000 that end soon, remembered": {days: 10, store: true, events: []string{alertEvent, timerEvent}},
		"100 pages of 1 MiB":               {days: 300, alias: 10_000, events: []string{timerEvent}},
	} {
		t.Run(name, func(t *testing.T) {
			sim := startSimulator(t, "healthy")
			sim.Override("DescribeLicenseList", many{days: test.days, alias: test.alias, status: 1}.orders())
			settings := map[string]string{}
			if test.store {
				settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
			}
			pid := filepath.Join(t.TempDir(), "pid")
			f := start(t, "sh", "-c", `echo $$ >"$0"; exec "$@"`, pid)
			for _, event := range test.events {
				began := time.Now()
				request := messages.InvokeRequest{Payload: []byte(event), Environment: environment(t, sim, settings), MemoryLimitInMb: int32(megabytes)}
				request.Deadline.Seconds = time.Now().Add(120 * time.Second).Unix()
				response := f.invoke(request)
				if response.Error != nil || !strings.Contains(string(response.Payload), `"cwp.orders":"ok"`) {
					t.Errorf("%+v %s", response.Error, response.Payload)
				}
				t.Logf("%v, peak %d KB %.300s", time.Since(began), peak(t, pid), response.Payload)
			}
			if peak := peak(t, pid); peak > megabytes<<10 {
				t.Errorf("it took %d KB", peak)
			}
		})
	}
}

// isQuick: of the cases that read 10,000 orders several times, at the pace of the API, only
// some are run. PROVE=1 runs all.
var isQuick = proof.Trials(0, 1) == 0

// TestFunctionIn64MB: under a real limit, 10,000 orders that begin to fire are told to one
// chat and to ten, by a digest and by an alert, with a memory and without, and so are those
// whose status nobody knows; the next runs of the same process live as well. Long names and
// tags take up to a quarter more.
func TestFunctionIn64MB(t *testing.T) {
	ending, odd, named := many{days: 10, status: 1}, many{days: 10, status: 9}, many{days: 10, status: 1, alias: 250, tags: 5}
	for _, test := range []struct {
		orders many
		event  string
		store  bool
		chats  int
	}{
		{ending, timerEvent, false, 1}, {ending, timerEvent, false, 10}, {ending, alertEvent, false, 1}, {ending, alertEvent, false, 10},
		{ending, timerEvent, true, 1}, {ending, timerEvent, true, 10}, {ending, alertEvent, true, 1}, {ending, alertEvent, true, 10},
		{odd, timerEvent, false, 10}, {odd, timerEvent, true, 10}, {named, timerEvent, true, 10}, {named, alertEvent, true, 10},
	} {
		mode, told := "digest", `"warning":10000`
		if test.event == alertEvent {
			mode = "alert"
		}
		if test.orders == odd {
			told = `"unknown":30000`
		}
		t.Run(fmt.Sprintf("%s, status %d, %d tags, %d chats, remembered: %v", mode, test.orders.status, test.orders.tags, test.chats, test.store), func(t *testing.T) {
			if isQuick && test.store != (test.chats == 10) {
				t.Skip("takes seconds: PROVE=1 runs it")
			}
			megabytes := 64
			events, want := []string{test.event, alertEvent}, test.chats
			if !test.store && test.orders != odd { // which an alert without a memory does not tell
				want *= 2
			}
			if test.orders == named {
				megabytes = 80
				events = append(events, timerEvent)
				if test.event != timerEvent { // else it is a rerun of that
					want *= 2
				}
			}
			group := limited(t, megabytes<<20)
			sim := startSimulator(t, "healthy")
			sim.Override("DescribeLicenseList", test.orders.orders())
			chats := manyChats(t, test.chats)
			if test.store {
				chats.settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
			}
			f := start(t, within(group)...)
			for _, event := range events {
				request := messages.InvokeRequest{Payload: []byte(event), Environment: environment(t, sim, chats.settings), MemoryLimitInMb: int32(megabytes)}
				request.Deadline.Seconds = time.Now().Add(5 * time.Minute).Unix()
				response := f.invoke(request)
				if response.Error != nil || !strings.Contains(string(response.Payload), told) {
					t.Errorf("%+v %s", response.Error, response.Payload)
				}
			}
			if got := int(chats.posts.Load()); got != want {
				t.Errorf("%d posts, want %d", got, want)
			}
		})
	}
}

// TestFunctionIn64MBWithoutAnswers: ten chats have accepted an alert about 10,000 orders, and
// answer the next digest with 503. That run lives, and so do those of a new process.
func TestFunctionIn64MBWithoutAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const megabytes = 64
	group := limited(t, megabytes<<20)
	sim := startSimulator(t, "healthy")
	sim.Override("DescribeLicenseList", many{days: 10, status: 1}.orders())
	chats := manyChats(t, 10)
	chats.settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
	f := start(t, within(group)...)
	for i, run := range []struct {
		event   string
		answer  int
		anew    bool // in a new process
		outcome string
	}{
		{alertEvent, http.StatusOK, false, "sent"},
		{timerEvent, http.StatusServiceUnavailable, false, "failed"},
		{alertEvent, http.StatusOK, true, "partial"}, // the digest may not have arrived
		{strings.Replace(timerEvent, "T01", "T02", 1), http.StatusOK, false, "sent"},
	} {
		if run.anew {
			f.kill()
			f = start(t, within(group)...)
		}
		chats.answer.Store(int64(run.answer))
		request := messages.InvokeRequest{Payload: []byte(run.event), Environment: environment(t, sim, chats.settings), MemoryLimitInMb: megabytes}
		request.Deadline.Seconds = time.Now().Add(5 * time.Minute).Unix()
		response := f.invoke(request)
		if response.Error != nil || !strings.Contains(string(response.Payload), `"outcome":"`+run.outcome+`"`) {
			t.Errorf("run %d: %+v %.500s", i, response.Error, response.Payload)
		}
	}
	if got := chats.posts.Load(); got != 30 {
		t.Errorf("%d posts, want 30", got)
	}
}

// TestFunctionIn64MBWhenAllChanges: ten chats know of 10,000 orders that end soon. All of them
// end, or are renewed, or both, from one run to the next: these live and tell it, and so does
// a new process after them.
func TestFunctionIn64MBWhenAllChanges(t *testing.T) {
	const megabytes = 64
	ending, over, renewed := many{days: 2, status: 1}, many{days: -1, status: 2}, many{days: 300, status: 1}
	for name, test := range map[string]struct {
		event  string
		course []many
	}{
		"over, by alerts":     {alertEvent, []many{ending, over}},
		"renewed, by alerts":  {alertEvent, []many{ending, renewed}},
		"over, by digests":    {timerEvent, []many{ending, over}},
		"renewed, by digests": {timerEvent, []many{ending, renewed}},
		"over, then renewed":  {timerEvent, []many{ending, over, renewed}},
	} {
		t.Run(name, func(t *testing.T) {
			if isQuick && test.event == timerEvent {
				t.Skip("takes seconds: PROVE=1 runs it")
			}
			group := limited(t, megabytes<<20)
			sim := startSimulator(t, "healthy")
			chats := manyChats(t, 10)
			chats.settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
			f := start(t, within(group)...)
			hour := 0
			tell := func(event string, posts int) {
				t.Helper()
				hour++
				before := chats.posts.Load()
				payload := strings.Replace(event, "T01", fmt.Sprintf("T%02d", hour), 1)
				request := messages.InvokeRequest{Payload: []byte(payload), Environment: environment(t, sim, chats.settings), MemoryLimitInMb: megabytes}
				request.Deadline.Seconds = time.Now().Add(5 * time.Minute).Unix()
				response := f.invoke(request)
				if got := int(chats.posts.Load() - before); response.Error != nil || got != posts {
					t.Errorf("%d posts, want %d: %+v %.500s", got, posts, response.Error, response.Payload)
				}
				t.Logf("%d posts, at most %d KB", posts, peak(t, filepath.Join(group, "cgroup.procs")))
			}
			for _, orders := range test.course {
				sim.Override("DescribeLicenseList", orders.orders())
				tell(test.event, 10)
			}
			f.kill()
			f = start(t, within(group)...)
			tell(alertEvent, 0)
			tell(timerEvent, 10)
		})
	}
}

// within is the command line that starts a program in a control group.
func within(group string) []string {
	return []string{"sh", "-c", `echo $$ >"$0" && exec "$@"`, filepath.Join(group, "cgroup.procs")}
}

// limited makes a control group that may have so many bytes, of either version.
func limited(t *testing.T, bytes int) string {
	t.Helper()
	var failed error
	for _, version := range []struct{ root, limit string }{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
		{"/sys/fs/cgroup", "memory.max"},
	} {
		group, err := os.MkdirTemp(version.root, "licensewatch-") //nolint:usetesting // a group of the kernel is a directory there
		if err == nil {
			t.Cleanup(func() { _ = os.Remove(group) })
			// A group without the controller has no such file, and none can be made there.
			err = os.WriteFile(filepath.Join(group, version.limit), []byte(strconv.Itoa(bytes)), 0o600)
		}
		if err == nil {
			return group
		}
		failed = errors.Join(failed, err)
	}
	t.Skipf("NOT TESTED: no control group can be made here, so nothing is known about %d MB: %v", bytes>>20, failed)
	return ""
}

// crowd are chats that accept everything, as settings.
type crowd struct {
	settings map[string]string
	posts    atomic.Int64 // how often they were told
	answer   atomic.Int64 // the status that they answer with instead; 0 and 200 for none
}

// manyChats are so many chats, half of them of each kind.
func manyChats(t *testing.T, count int) *crowd {
	t.Helper()
	c := &crowd{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		c.posts.Add(1)
		if status := c.answer.Load(); status > http.StatusOK {
			w.WriteHeader(int(status))
			return
		}
		if strings.HasPrefix(r.URL.Path, "/cgi-bin/") {
			_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
			return
		}
		_, _ = io.WriteString(w, "ok")
	}))
	t.Cleanup(server.Close)
	slack, wecom := []string{server.URL + "/services/T0/B0/0"}, []string(nil)
	for i := 1; i < count; i++ {
		if i%2 == 0 {
			slack = append(slack, fmt.Sprintf("%s/services/T0/B0/%d", server.URL, i))
		} else {
			wecom = append(wecom, fmt.Sprintf("%s/cgi-bin/webhook/send?key=%08d-0000-0000-0000-000000000000", server.URL, i))
		}
	}
	c.settings = map[string]string{
		"LICENSEWATCH_SLACK_WEBHOOK_URL": strings.Join(slack, ","),
		"LICENSEWATCH_WECOM_WEBHOOK_URL": strings.Join(wecom, ","),
		"LICENSEWATCH_HOURS":             "always",
	}
	return c
}

// peak is the most memory that the process of the file had, in KB.
func peak(t *testing.T, file string) int {
	t.Helper()
	pid, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/status")
	if err != nil {
		t.Skip("this machine does not tell")
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			peak, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
			return peak
		}
	}
	t.Fatal("no peak")
	return 0
}

// many are 10,000 orders, or so many.
type many struct {
	count  int // 0: 10,000
	days   int // until they end
	status int // OrderStatus
	alias  int // bytes of free text in each
	tags   int // of each, with values of its own
}

// orders answers with them.
func (m many) orders() http.HandlerFunc {
	count := cmp.Or(m.count, 10_000)
	deadline := time.Now().AddDate(0, 0, m.days).Format(time.DateTime)
	text := strings.Repeat("a", m.alias)
	return func(w http.ResponseWriter, r *http.Request) {
		var page struct{ Offset, Limit int }
		if err := json.NewDecoder(r.Body).Decode(&page); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, _ = fmt.Fprintf(w, `{"Response":{"RequestId":"r","TotalCount":%d,"List":[`, count)
		for i := page.Offset; i < min(page.Offset+page.Limit, count); i++ {
			if i > page.Offset {
				_, _ = fmt.Fprint(w, ",")
			}
			tags := make([]license.Tag, m.tags)
			for k := range tags {
				tags[k] = license.Tag{TagKey: fmt.Sprintf("key-%d-of-the-department", k), TagValue: fmt.Sprintf("value-%d-%d-of-the-department", k, i)}
			}
			tagged, _ := json.Marshal(tags)
			_, _ = fmt.Fprintf(w, `{"LicenseId":%d,"LicenseType":2,"LicenseStatus":1,"LicenseCnt":10,"UsedLicenseCnt":8,"OrderStatus":%d,"Deadline":%q,`+
				`"ResourceId":"cwp-%08x","AutoRenewFlag":2,"ProjectId":0,"TaskId":0,"BuyTime":"2025-11-22 00:00:00","SourceType":0,"Alias":%q,"Tags":%s,"FreezeNum":0}`,
				100000+i, m.status, deadline, i*2654435761, text, tagged)
		}
		_, _ = fmt.Fprint(w, `]}}`)
	}
}
