package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/license"
)

// fleetSummary is what the Summary says of many accounts.
type fleetSummary struct {
	Accounts struct {
		Read, Partly, Failed int
		NotReached           int `json:"not_reached"`
	}
	Archive struct {
		Status   string
		Accounts struct{ Sealed int }
	}
	Sources map[string]map[string]int
	Memory  string
	Elapsed int `json:"elapsed_ms"`
}

// TestFunctionOfManyAccounts: in 64 MB the function reads every healthy account of a cloud in
// which one of twenty is refused, one of fifty hangs and one of a hundred answers garbage,
// and counts each of the others by its cause. The next run of the process lives as well.
func TestFunctionOfManyAccounts(t *testing.T) {
	for _, archived := range []bool{false, true} {
		t.Run(map[bool]string{false: "alone", true: "with an archive"}[archived], func(t *testing.T) {
			runManyAccounts(t, archived)
		})
	}
}

// manyAccounts makes a cloud of so many accounts, some of them sick, and the file that lists them.
func manyAccounts(t *testing.T, count int) (sim *simulator.Simulator, file string) {
	t.Helper()
	denied, hang, garbage := simulator.APIError("UnauthorizedOperation", ""), simulator.Hang(), simulator.Answer("<html>log in</html>")
	o := simulator.Options{Latency: 30 * time.Millisecond, CountOnly: true}
	var text strings.Builder
	text.WriteString("version: 1\nconcurrency: 128\ndefaults: {role: licensewatch-reader}\nsites: {intl: {keys: LICENSEWATCH_INTL}}\naccounts:\n")
	for i := range count {
		a := simulator.Account{UIN: fmt.Sprint(100000001000 + i), Site: license.SiteCN, Role: "licensewatch-reader", Scenario: []string{"healthy", "near-expiry"}[min(1, i%10/9)]}
		if i%3 == 0 {
			a.Site = license.SiteIntl
		}
		switch {
		case i%20 == 3:
			a.Override = map[string]http.HandlerFunc{"AssumeRole": denied}
		case i%50 == 7:
			a.Override = map[string]http.HandlerFunc{"*": hang}
		case i%100 == 11:
			a.Override = map[string]http.HandlerFunc{"*": garbage}
		}
		o.Accounts = append(o.Accounts, a)
		_, _ = fmt.Fprintf(&text, "  - {uin: %q, site: %s, labels: {team: t%d}}\n", a.UIN, a.Site, i%7)
	}
	o.Accounts = append(o.Accounts, simulator.Account{UIN: "200000000000", Site: license.SiteIntl, SecretID: "AKIDintl", SecretKey: "intl-key"})
	text.WriteString("channels: [{name: all, kind: slack, url: LICENSEWATCH_SLACK_ALL}]\ndefault: [all]\n")
	file = filepath.Join(t.TempDir(), "accounts.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	sim = simulator.New(o)
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim, file
}

// runManyAccounts has the function watch them, twice.
func runManyAccounts(t *testing.T, archived bool) {
	t.Helper()
	count := proof.Trials(200, 2000)
	sim, path := manyAccounts(t, count)
	archiveURL, stateDir := "", t.TempDir()
	if archived {
		id, key, token := sim.Credentials()
		archiveURL = "cos://evidence-1250000000/lw?region=ap-guangzhou&endpoint=" +
			serveSlowly(t, cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token, WriteOnce: true}))
	}
	pid := filepath.Join(t.TempDir(), "pid")
	f := start(t, "sh", "-c", `echo $$ >"$0" && exec "$@"`, pid)
	most := countFiles(t, pid)
	events := []string{timerEvent, alertEvent}
	if archived {
		events[1] = strings.Replace(timerEvent, "11-22", "11-23", 1)
	}
	for _, event := range events {
		request := messages.InvokeRequest{Payload: []byte(event), MemoryLimitInMb: 64, Environment: environment(t, sim, map[string]string{
			"LICENSEWATCH_ACCOUNTS_FILE": path, "LICENSEWATCH_SLACK_ALL": sim.WebhookURL("slack"), "LICENSEWATCH_STATE_URL": "file://" + stateDir,
			"LICENSEWATCH_ARCHIVE_URL":    archiveURL,
			"LICENSEWATCH_INTL_SECRET_ID": "AKIDintl", "LICENSEWATCH_INTL_SECRET_KEY": "intl-key",
			"LICENSEWATCH_SLACK_WEBHOOK_URL": "", "LICENSEWATCH_WECOM_WEBHOOK_URL": "",
		})}
		request.Deadline.Seconds = time.Now().Add(time.Minute).Unix()
		response := f.invoke(request)
		if response.Error != nil {
			t.Fatalf("%+v", response.Error)
		}
		var s fleetSummary
		if err := json.Unmarshal(response.Payload, &s); err != nil {
			t.Fatal(err)
		}
		hanging, refused, wrong := count/50, count/20, count/100
		sick := hanging + refused + wrong
		orders := s.Sources["cwp.orders"]
		if s.Accounts.Read != count-sick || s.Accounts.Failed != sick || s.Memory != "ok" ||
			orders["UnauthorizedOperation"] != refused || orders["Timeout"] != hanging || orders["UnexpectedAnswer"] != wrong {
			t.Errorf("%s", response.Payload)
		}
		if want := count - s.Accounts.NotReached; archived && (s.Archive.Status != "sealed" || s.Archive.Accounts.Sealed != want) {
			t.Errorf("%s", response.Payload)
		}
		files := most()
		proof.Report(t, "%d accounts, %d of them sick, 30 ms a call, 128 at once, archived %t: %.1f s, peak %.1f MB, %d files open", count, sick, archived, float64(s.Elapsed)/1000, float64(peak(t, pid))/1024, files)
		if most := 64 << 10; peak(t, pid) > most {
			t.Errorf("peak %d KB, at most %d", peak(t, pid), most)
		}
		if files >= 1024 {
			t.Errorf("%d files are open at once", files)
		}
	}
}

// serveSlowly serves a bucket that takes 20 ms a call.
func serveSlowly(t *testing.T, bucket http.Handler) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond) // as a network does
		bucket.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// countFiles looks again and again how many files the process of the file has open, until the
// test ends; most is the largest number so far, 0 where the machine does not tell.
func countFiles(t *testing.T, file string) (most func() int) {
	t.Helper()
	pid, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var largest atomic.Int64
	ctx, cancel := context.WithCancel(context.Background())
	var counting sync.WaitGroup
	counting.Go(func() {
		for ctx.Err() == nil {
			open, _ := os.ReadDir("/proc/" + strings.TrimSpace(string(pid)) + "/fd")
			largest.Store(max(largest.Load(), int64(len(open))))
			time.Sleep(20 * time.Millisecond) // the other side is a process: there is nothing to wait on
		}
	})
	t.Cleanup(func() {
		cancel()
		counting.Wait()
	})
	return func() int { return int(largest.Load()) }
}

// TestScale measures, with PROVE=1, what docs/scale.md says: how many accounts a second the
// function reads, and what memory an account takes, with 128 at once and 30 ms a call. The simulated
// cloud works on the same processors, so that the function's own work is told apart. Of one site alone
// no more than 600 a second can be read, because no more roles are assumed by the same keys.
func TestScale(t *testing.T) {
	if proof.Trials(0, 1) == 0 {
		t.Skip("takes minutes: PROVE=1")
	}
	both, one := []license.Site{license.SiteCN, license.SiteIntl}, []license.Site{license.SiteCN}
	few := measureFleet(t, 1000, 128, both)
	many := measureFleet(t, 10_000, 128, both)
	measureFleet(t, 10_000, 512, both)
	measureFleet(t, 10_000, 128, one)
	if each := float64(many-few) / 9000; each > 15 {
		t.Errorf("an account takes %.1f KB, at most 15", each)
	}
}

// measureFleet measures a digest and an alert about so many accounts, by turns on these sites, with so
// much memory; peak is the most that the function had, in KB.
func measureFleet(t *testing.T, count int, megabytes int32, sites []license.Site) (peakMemory int) {
	t.Helper()
	const least = 600 // accounts a second
	o := simulator.Options{Latency: 30 * time.Millisecond, CountOnly: true}
	var file strings.Builder
	file.WriteString("version: 1\nconcurrency: 128\ndefaults: {role: licensewatch-reader}\nsites: {intl: {keys: LICENSEWATCH_INTL}}\naccounts:\n")
	for i := range count {
		a := simulator.Account{UIN: fmt.Sprint(100000001000 + i), Site: sites[i%len(sites)], Role: "licensewatch-reader", Scenario: []string{"healthy", "near-expiry"}[min(1, i%10/9)]}
		o.Accounts = append(o.Accounts, a)
		_, _ = fmt.Fprintf(&file, "  - {uin: %q, site: %s, labels: {team: t%d}}\n", a.UIN, a.Site, i%7)
	}
	o.Accounts = append(o.Accounts, simulator.Account{UIN: "200000000000", Site: license.SiteIntl, SecretID: "AKIDintl", SecretKey: "intl-key"})
	file.WriteString("channels: [{name: all, kind: slack, url: LICENSEWATCH_SLACK_ALL}]\ndefault: [all]\n")
	path := filepath.Join(t.TempDir(), "accounts.yaml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(o)
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	defer sim.Close()
	pid := filepath.Join(t.TempDir(), "pid")
	f := start(t, "sh", "-c", `echo $$ >"$0" && exec "$@"`, pid)
	settings := environment(t, sim, map[string]string{
		"LICENSEWATCH_ACCOUNTS_FILE": path, "LICENSEWATCH_SLACK_ALL": sim.WebhookURL("slack"), "LICENSEWATCH_STATE_URL": "file://" + t.TempDir(),
		"LICENSEWATCH_INTL_SECRET_ID": "AKIDintl", "LICENSEWATCH_INTL_SECRET_KEY": "intl-key",
		"LICENSEWATCH_SLACK_WEBHOOK_URL": "", "LICENSEWATCH_WECOM_WEBHOOK_URL": "",
	})
	var before time.Duration
	for _, run := range []struct{ name, event string }{{"digest", timerEvent}, {"alert", alertEvent}} {
		request := messages.InvokeRequest{Payload: []byte(run.event), MemoryLimitInMb: megabytes, Environment: settings}
		request.Deadline.Seconds = time.Now().Add(5 * time.Minute).Unix()
		response := f.invoke(request)
		if response.Error != nil {
			t.Fatalf("%+v", response.Error)
		}
		var s fleetSummary
		if err := json.Unmarshal(response.Payload, &s); err != nil {
			t.Fatal(err)
		}
		if s.Accounts.Read != count || s.Memory != "ok" {
			t.Errorf("%s", response.Payload)
		}
		each := (work(t, pid) - before) / time.Duration(count)
		before, peakMemory = work(t, pid), peak(t, pid)
		speed := float64(count) * 1000 / float64(s.Elapsed)
		t.Logf("proof: %d accounts on %d sites, %d MB, %s: %.1f s, %.0f a second, %.2f ms of a processor an account, peak %.1f MB",
			count, len(sites), megabytes, run.name, float64(s.Elapsed)/1000, speed, each.Seconds()*1000, float64(peakMemory)/1024)
		if each > 2*time.Second/least {
			t.Errorf("an account takes %v of a processor: two of them do fewer than %d a second", each, least)
		}
		if len(sites) > 1 && speed < least {
			t.Errorf("%.0f a second, at least %d", speed, least)
		}
	}
	return peakMemory
}

// work is how much of the processors the process of the file has used.
func work(t *testing.T, file string) time.Duration {
	t.Helper()
	pid, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
	if err != nil {
		return 0 // the machine does not tell
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	var user, system int64
	_, _ = fmt.Sscan(fields[11], &user)
	_, _ = fmt.Sscan(fields[12], &system)
	return time.Duration(user+system) * 10 * time.Millisecond
}
