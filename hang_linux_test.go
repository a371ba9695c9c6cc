package main_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/simulator"
)

// A file system that hangs, under the function as it is deployed: a call of the system
// that never returns, as on a share whose server has gone. That the handler is done in
// time whatever hangs shows TestProveHanging with a clock of its own; here the
// process has the platform's clock, so that these tests have to wait.

// diskChanges is more calls of the system than a run makes that change the directory.
const diskChanges = 30

// hangsBesides are what hangs at the same time.
var hangsBesides = []string{"nothing", "the heartbeat", "WeCom", "the API"}

const (
	// hangsAtOnce is how many runs wait side by side: more would be late because of
	// each other.
	hangsAtOnce = 10
	// hangTries is how often a run may be late by some milliseconds, which on a busy
	// machine anything is; one that waits for what hangs is late each time.
	hangTries = 3
)

// diskHang is a file system that hangs.
type diskHang struct {
	change  int    // at which of the calls that change the directory, counted from 1; 0: at none
	file    string // whoever opens this one waits; empty: nobody does
	besides string
	limit   time.Duration
}

func diskHangs() (all []diskHang) {
	limits := []time.Duration{3 * time.Second, 5 * time.Second}
	for n := range diskChanges {
		all = append(all, diskHang{n + 1, "", hangsBesides[n%2], limits[0]})
	}
	for n, besides := range hangsBesides {
		all = append(all, diskHang{0, "claim.json", besides, limits[n%2]}, diskHang{0, "ledger.json", besides, limits[1-n%2]}, diskHang{3 + n, "", besides, limits[1]})
	}
	return all
}

// TestFunctionOnHangingDisk: whichever call of a file system never returns, the function
// has said its last word a tenth of its time before the platform would end it, and
// 200 ms at least; so it does at the next event, in the same process, and each chat
// that lives is told.
func TestFunctionOnHangingDisk(t *testing.T) {
	t.Parallel()
	if reason := cannotHang(t); reason != "" {
		t.Skip(reason)
	}
	var all sync.WaitGroup
	defer all.Wait()
	places := make(chan struct{}, hangsAtOnce)
	for _, h := range diskHangs() {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			t.Run(fmt.Sprintf("change %d, file %q, besides %s, %v", h.change, h.file, h.besides, h.limit), func(t *testing.T) {
				for try := 1; !hangOnDisk(t, h, try == hangTries); try++ {
					t.Log("late; once more")
				}
			})
		})
	}
}

// hangOnDisk is one try. It says whether both runs were done in time; where that was the
// last try, the test has failed.
func hangOnDisk(t *testing.T, h diskHang, isLast bool) (inTime bool) {
	t.Helper()
	sim := startSimulator(t, "near-expiry")
	dir := t.TempDir()
	settings := map[string]string{"LICENSEWATCH_STATE_URL": "file://" + dir, "LICENSEWATCH_LANGUAGE": "en", "LICENSEWATCH_HEARTBEAT_URL": sim.HeartbeatURL()}
	f := startOnHangingDisk(t, sim, h, dir)
	switch h.besides {
	case "the API":
		sim.Override("DescribeLicenseGeneral", hangUntilGone)
	case "WeCom":
		sim.OverrideChat("wecom", hangUntilGone)
	case "the heartbeat":
		server := httptest.NewServer(http.HandlerFunc(hangUntilGone))
		t.Cleanup(server.Close)
		settings["LICENSEWATCH_HEARTBEAT_URL"] = server.URL
	}
	for run, event := range []string{timerEvent, alertEvent} {
		if run > 0 && h.file == "" && !f.hasLogged(hangsNow) {
			return true // it makes fewer calls
		}
		before := len(sim.Posts())
		end := time.Now().Add(h.limit)
		request := messages.InvokeRequest{Payload: []byte(event), Environment: environment(t, sim, settings)}
		request.Deadline.Seconds, request.Deadline.Nanos = end.Unix(), int64(end.Nanosecond())
		response, left := invokeUntil(t, f, &request, end)
		if least := max(h.limit/10, 200*time.Millisecond); left < least && !isLast {
			return false
		} else if left < least {
			t.Errorf("run %d: %v left, want %v", run+1, left, least)
		}
		for _, chat := range []string{"slack", "wecom"} {
			if !strings.EqualFold(chat, h.besides) && !isTold(sim.Posts()[before:], chat, run > 0) {
				t.Errorf("run %d: %s was not told: %+v %s", run+1, chat, response.Error, response.Payload)
			}
		}
	}
	return true
}

// invokeUntil gives the last word of a run, if there is one until the platform ends it, and
// the time that is left then.
func invokeUntil(t *testing.T, f *function, request *messages.InvokeRequest, end time.Time) (response messages.InvokeResponse, left time.Duration) {
	t.Helper()
	call := f.client.Go("Function.Invoke", request, &response, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
		if call.Error != nil {
			t.Fatal(call.Error)
		}
		return response, time.Until(end)
	case <-time.After(time.Until(end)):
		f.kill()
		<-call.Done // nobody writes the response any more
		return response, 0
	}
}

// isTold says whether a chat accepted a message about what fires, and about the memory
// where it has to be in it.
func isTold(posts []simulator.Post, chat string, ofMemory bool) bool {
	return slices.ContainsFunc(posts, func(p simulator.Post) bool {
		body := string(p.Body)
		return p.Channel == chat && p.Status == http.StatusOK && strings.Contains(body, "cwp-aaaa") &&
			(!ofMemory || strings.Contains(body, "Running without memory"))
	})
}

// hangUntilGone answers nothing.
func hangUntilGone(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // only then is it noticed that the other side has gone
	<-r.Context().Done()
}

// startOnHangingDisk starts a function under which the file system hangs at the point.
func startOnHangingDisk(t *testing.T, sim *simulator.Simulator, h diskHang, dir string) *function {
	t.Helper()
	if h.file == "" {
		return start(t, hangingAt(t, h.change)...)
	}
	if h.file == "claim.json" {
		if err := os.WriteFile(filepath.Join(dir, h.file), []byte(deadClaim), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if response := start(t).invoke(messages.InvokeRequest{Payload: []byte(strings.ReplaceAll(alertEvent, "01:37", "00:37")),
		Environment: environment(t, sim, map[string]string{"LICENSEWATCH_STATE_URL": "file://" + dir})}); response.Error != nil {
		t.Fatal(response.Error)
	}
	t.Cleanup(hangOpening(t, filepath.Join(dir, h.file)))
	return start(t)
}

// hangOpening makes whoever opens the file wait until release, or for the 45 s that Linux
// grants the holder of a lease on it.
func hangOpening(t *testing.T, path string) (release func()) {
	t.Helper()
	const setLease = 1024 // F_SETLEASE
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), setLease, syscall.F_WRLCK); errno != 0 {
		_ = file.Close()
		t.Skipf("no leases here: %v", errno)
	}
	return func() { _ = file.Close() }
}

// hangVariable holds a number: this program then runs the one that it is given, in which
// the call of that number that changes a directory never returns, nor does any after it.
const hangVariable = "LICENSEWATCH_TEST_HANGS_AT"

// hangsNow is what it says then.
const hangsNow = "the file system hangs"

// hangingAt is what stands before the command line of such a process.
func hangingAt(t *testing.T, change int) []string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"env", hangVariable + "=" + strconv.Itoa(change), program}
}

// cannotHang says why processes cannot be made to hang on this machine; empty when they
// can.
func cannotHang(t *testing.T) string {
	t.Helper()
	line := append(hangingAt(t, 2), "mkdir", filepath.Join(t.TempDir(), "a"))
	out, err := exec.CommandContext(t.Context(), line[0], line[1:]...).CombinedOutput() //nolint:gosec // the test itself
	if err != nil {
		return fmt.Sprintf("system calls cannot be held here: %v: %s", err, out)
	}
	return ""
}

// runHanging runs the program of this one's arguments. The kernel asks here about each of
// its calls that change a directory, and the call waits for the answer.
func runHanging(at string) {
	hangs, err := strconv.Atoi(at)
	if err != nil {
		panic(err)
	}
	runtime.LockOSThread() // the filter is the thread's, and of what it starts
	listener := listenToCalls(syscall.SYS_MKDIRAT, syscall.SYS_FSYNC, syscall.SYS_LINKAT, syscall.SYS_UNLINKAT, syscall.SYS_RENAMEAT)
	command := exec.Command(os.Args[1], os.Args[2:]...) //nolint:gosec,noctx // the test's own; ends with this process
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, hangVariable) })
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		panic(err)
	}
	go func() {
		if err := command.Wait(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}()
	for n := 1; n < hangs; n++ {
		letPass(listener)
	}
	receiveCall(listener)
	fmt.Fprintln(os.Stderr, hangsNow)
	select {}
}

// listenToCalls sets up a filter that holds these calls of the system, and gives what
// they are received by.
func listenToCalls(calls ...uint32) (listener uintptr) {
	seccomp := map[string]uintptr{"amd64": 317, "arm64": 277}[runtime.GOARCH]
	if seccomp == 0 {
		panic("the number of seccomp is not known here")
	}
	const (
		noNewPrivileges = 38         // PR_SET_NO_NEW_PRIVS
		setFilter       = 1          // SECCOMP_SET_MODE_FILTER
		newListener     = 8          // SECCOMP_FILTER_FLAG_NEW_LISTENER
		allow           = 0x7fff0000 // SECCOMP_RET_ALLOW
		notify          = 0x7fc00000 // SECCOMP_RET_USER_NOTIF
	)
	filter := []syscall.SockFilter{{Code: syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS}} // the call's number
	for i, call := range calls {
		filter = append(filter, syscall.SockFilter{Code: syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K, Jt: uint8(len(calls) - i), K: call})
	}
	filter = append(filter, syscall.SockFilter{Code: syscall.BPF_RET, K: allow}, syscall.SockFilter{Code: syscall.BPF_RET, K: notify})
	program := syscall.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, noNewPrivileges, 1, 0, 0, 0, 0); errno != 0 {
		panic(errno)
	}
	listener, _, errno := syscall.RawSyscall(seccomp, setFilter, newListener, uintptr(unsafe.Pointer(&program))) //nolint:gosec // the kernel's interface
	if errno != 0 {
		panic(errno)
	}
	return listener
}

// receiveCall waits for the next call that is held, and gives its id.
func receiveCall(listener uintptr) (id uint64) {
	const receive = 0xc0502100 // SECCOMP_IOCTL_NOTIF_RECV
	for {
		var call [10]uint64                                                                                  // struct seccomp_notif, whose first field is the id
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, listener, receive, uintptr(unsafe.Pointer(&call))) //nolint:gosec // the kernel's interface
		if errno == 0 {
			return call[0]
		}
		if errno != syscall.EINTR && errno != syscall.ENOENT { // who called was interrupted, and calls again
			panic(errno)
		}
	}
}

// letPass lets the next call pass.
func letPass(listener uintptr) {
	const send = 0xc0182101 // SECCOMP_IOCTL_NOTIF_SEND
	answer := struct {      // seccomp_notif_resp
		id           uint64
		value        int64
		err          int32
		continueCall uint32
	}{id: receiveCall(listener), continueCall: 1}
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, listener, send, uintptr(unsafe.Pointer(&answer))); errno != 0 && errno != syscall.ENOENT { //nolint:gosec // the kernel's interface
		panic(errno)
	}
}
