package main_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/simulator"
)

// noise is so many bytes that nobody can compress, the same for a seed.
func noise(bytes int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{1}), bytes)
}

// TestFileOf20MBInLittleMemory: the largest file that a robot takes arrives there as it was
// exported, and the function never holds it: the memory stays below 40 MB. So does one of 64
// MB, which only an archive takes.
func TestFileOf20MBInLittleMemory(t *testing.T) {
	const most = 40 << 10 // KB
	for name, test := range map[string]struct {
		bytes    int64
		settings map[string]string
		uploads  int
	}{
		"20 MB, shared": {20 << 20, map[string]string{"LICENSEWATCH_EXPORT_SHARE": "file", "LICENSEWATCH_EXPORT_HISTORY": "monthly"}, 1},
		"64 MB, shared": {64 << 20, map[string]string{"LICENSEWATCH_EXPORT_SHARE": "file"}, 0},
		"64 MB, sealed": {64 << 20, map[string]string{"LICENSEWATCH_ARCHIVE_URL": "file://" + t.TempDir()}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			sim := simulator.New(simulator.Options{Scenario: "near-expiry", LocalExport: true})
			if err := sim.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(sim.Close)
			sim.OverrideExport(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", strconv.FormatInt(test.bytes, 10))
				_, _ = io.Copy(w, noise(test.bytes))
			})
			sum := sha256.New()
			_, _ = io.Copy(sum, noise(test.bytes))
			want := hex.EncodeToString(sum.Sum(nil))
			pid := filepath.Join(t.TempDir(), "pid")
			f := start(t, "sh", "-c", `echo $$ >"$0"; exec "$@"`, pid)
			request := messages.InvokeRequest{Payload: []byte(timerEvent), Environment: environment(t, sim, test.settings), MemoryLimitInMb: 128}
			request.Deadline.Seconds = time.Now().Add(60 * time.Second).Unix()
			response := f.invoke(request)
			if response.Error != nil || !strings.Contains(string(response.Payload), want) {
				t.Errorf("%+v %s, want a file with %s", response.Error, response.Payload, want)
			}
			if test.settings["LICENSEWATCH_ARCHIVE_URL"] != "" && !strings.Contains(string(response.Payload), `"archive":{"status":"sealed"`) {
				t.Errorf("it is not sealed: %s", response.Payload)
			}
			uploads := sim.Uploads()
			if len(uploads) != test.uploads || len(uploads) > 0 && (uploads[0].SHA256 != want || uploads[0].Bytes != test.bytes || uploads[0].MediaID == "") {
				t.Errorf("%+v arrived", uploads)
			}
			got := peak(t, pid)
			t.Logf("peak %d KB", got)
			if got > most {
				t.Errorf("it took %d KB", got)
			}
		})
	}
}
