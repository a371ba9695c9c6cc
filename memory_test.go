package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"
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
			sim.Override("DescribeLicenseList", manyOrders(10_000, test.days, test.alias))
			settings := map[string]string{}
			if test.store {
				settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
			}
			pid := filepath.Join(t.TempDir(), "pid")
			f := start(t, "sh", "-c", `echo $$ >"$0"; exec "$@"`, pid)
			for _, event := range test.events {
				began := time.Now()
				request := messages.InvokeRequest{Payload: []byte(event), Environment: environment(t, sim, settings), MemoryLimitInMb: megabytes}
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

// manyOrders answers with so many orders that end in so many days, with a text in each.
func manyOrders(count, days, alias int) http.HandlerFunc {
	deadline := time.Now().AddDate(0, 0, days).Format(time.DateTime)
	text := strings.Repeat("a", alias)
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
			_, _ = fmt.Fprintf(w, `{"LicenseId":%d,"LicenseType":2,"LicenseStatus":1,"LicenseCnt":10,"UsedLicenseCnt":8,"OrderStatus":1,"Deadline":%q,`+
				`"ResourceId":"cwp-%08x","AutoRenewFlag":2,"ProjectId":0,"TaskId":0,"BuyTime":"2025-11-22 00:00:00","SourceType":0,"Alias":%q,"Tags":null,"FreezeNum":0}`,
				100000+i, deadline, i*2654435761, text)
		}
		_, _ = fmt.Fprint(w, `]}}`)
	}
}
