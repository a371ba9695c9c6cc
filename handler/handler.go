package handler

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/config"
	"licensewatch/internal/retry"
	"licensewatch/rules"
	"licensewatch/state"
	"licensewatch/tencent"
)

// Options are the outside of a Handler. The zero value is the function as it
// runs on SCF.
type Options struct {
	// Environment is where the settings and the keys are; nil is the environment of the
	// process.
	Environment config.Environment
	// Transport carries every request; nil is one tuned transport, shared by all
	// runs of the process.
	Transport http.RoundTripper
	// Disk does what a store in a directory asks of its file system, piece by piece;
	// nil does it at once.
	Disk func(work func())
	// Now is the clock that dates are judged and written by; nil is time.Now.
	// Time budgets always use the real clock, as the platform's deadline does.
	Now func() time.Time
	// Sleep waits between tries and polls; nil waits in real time.
	Sleep func(ctx context.Context, d time.Duration) error
	// Log is where the JSON log goes; nil is standard output, which the platform
	// collects line by line.
	Log io.Writer
	// DryRun, when set, makes what is told instead of the chats: of many accounts one for each
	// channel of their file, else one, whose name is empty. Nothing is exported or remembered
	// then, and no heartbeat is called.
	DryRun func(channel string) Channel
	// Accounts are patterns of names and uins: of many accounts a dry run reads those that fit
	// one. Empty: all.
	Accounts []string
}

// Handler runs licensewatch. It keeps nothing from one run to the next but its
// connections' transport, and what still waits for a file system that hangs.
type Handler struct {
	environment config.Environment
	transport   http.RoundTripper
	disk        *state.Disk
	archiveDisk *state.Disk // one of its own: an archive that hangs must not cost the memory
	now         func() time.Time
	sleep       func(ctx context.Context, d time.Duration) error
	log         io.Writer
	dryRun      func(channel string) Channel
	accounts    []string
}

// New makes a Handler. It reads nothing from the environment: on SCF the
// settings are only there once the first event is. What can be got ready without
// them is: the built-in rules load while the host waits for that event.
func New(o Options) *Handler {
	go rules.Default() // once in a process; ends by itself in milliseconds
	h := &Handler{
		environment: o.Environment, transport: o.Transport, disk: state.NewDisk(o.Disk),
		archiveDisk: state.NewDisk(o.Disk),
		now:         o.Now, sleep: o.Sleep, log: o.Log, dryRun: o.DryRun, accounts: o.Accounts,
	}
	if h.environment == nil {
		h.environment = config.ProcessEnvironment
	}
	if h.transport == nil {
		h.transport = tencent.NewTransport()
	}
	if h.now == nil {
		h.now = time.Now
	}
	if h.sleep == nil {
		h.sleep = retry.Sleep
	}
	if h.log == nil {
		h.log = os.Stdout
	}
	return h
}

// Invoke is the entry the SCF host calls: an event's bytes in, the Summary as
// JSON out, or one of the package's named errors.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	config.UseCertificateBundle() // the environment came with the event
	go loadCertificates()         // while settings and rules are read; ends by itself in milliseconds
	summary, err := h.Run(ctx, payload)
	if err != nil {
		return nil, err
	}
	return json.Marshal(summary)
}

// loadCertificates reads the system's certificates before the first connection asks for them, which
// says what is wrong with them.
var loadCertificates = sync.OnceFunc(func() { _, _ = x509.SystemCertPool() })

// Run is one whole run for one event. The Summary is complete also when there
// is an error; the platform sees only the error then.
func (h *Handler) Run(ctx context.Context, payload []byte) (summary Summary, err error) {
	started := time.Now()
	h.closeIdleConnections()

	host, _ := functioncontext.FromContext(ctx)
	if host == nil {
		host = &functioncontext.FunctionContext{}
	}
	limitMemory(host.MemoryLimitInMb)
	budget, ctx, cancel := newBudget(ctx, started, time.Duration(host.TimeLimitInMs)*time.Millisecond)
	defer cancel()

	r := &run{handler: h, host: host, budget: budget, event: parseEvent(payload)}
	r.id = shortID(host.TencentcloudUin, r.event, host.RequestID, h.now())
	r.logger = newLogger(h.log, slog.LevelInfo, host.RequestID)
	defer func() {
		if cause := recover(); cause != nil {
			err = r.reportPanic(ctx, cause)
		}
		r.files.remove()
		r.pageScratch.remove()
		r.fleet.removeFiles()
		summary = r.newSummary(time.Since(started))
		logEnd(ctx, r.logger, summary, err)
	}()
	return summary, r.doSteps(ctx)
}

// limitMemory tells the garbage collector how much memory the function has, so
// that it works harder instead of being killed. A fifth is left for what the
// collector does not see: the program itself and its stacks.
func limitMemory(megabytes int32) {
	if megabytes > 0 {
		debug.SetMemoryLimit(int64(megabytes) << 20 * 4 / 5)
		collectLate()
	}
}

// collectLate puts the process' first garbage collection off from 4 to 6 MB of heap: a run in a
// new process makes do with less, and the collection costs it a sixth of its processor time. After
// the first one the collector works as ever.
var collectLate = sync.OnceFunc(func() {
	before := debug.SetGCPercent(150)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, before)
})

// closeIdleConnections drops what an earlier run left open: after the instance
// was frozen, the other side has long hung up.
func (h *Handler) closeIdleConnections() {
	type closer interface{ CloseIdleConnections() }
	if t, ok := h.transport.(closer); ok {
		t.CloseIdleConnections()
	}
}

// newLogger writes JSON lines that each carry the request id.
func newLogger(w io.Writer, level slog.Level, requestID string) *slog.Logger {
	logger := slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	if requestID == "" {
		return logger
	}
	return logger.With("request_id", requestID)
}
