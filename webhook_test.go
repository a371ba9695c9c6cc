package main_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"
)

const receiverSecret = "canary-7Zq9Lw2Xn6Rt1Yp8"

// receiver takes the reports of a webhook, and checks by itself who signed them.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	answers []int // the statuses of the answers, the last one for ever
	bodies  [][]byte
	wrong   []string
}

func newReceiver(t *testing.T, answers ...int) *receiver {
	t.Helper()
	r := &receiver{answers: answers}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// ServeHTTP answers with all that it was asked, as a page about an error might.
func (r *receiver) ServeHTTP(w http.ResponseWriter, asked *http.Request) {
	body, _ := io.ReadAll(asked.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	at := asked.Header.Get("X-Licensewatch-Timestamp")
	sum := hmac.New(sha256.New, []byte(receiverSecret))
	_, _ = fmt.Fprintf(sum, "%s.%s", at, body)
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > time.Minute || asked.Header.Get("X-Licensewatch-Signature") != "sha256="+hex.EncodeToString(sum.Sum(nil)) {
		r.wrong = append(r.wrong, fmt.Sprintf("%s %q", at, asked.Header))
	}
	r.bodies = append(r.bodies, body)
	status := r.answers[0]
	if len(r.answers) > 1 {
		r.answers = r.answers[1:]
	}
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "%s %s %v", asked.RequestURI, receiverSecret, asked.Header)
}

// TestFunctionPostsToAWebhook: a receiver that first breaks gets the report by the next
// run, signed anew. Neither its URL nor the secret, nor a signature, is anywhere but there.
func TestFunctionPostsToAWebhook(t *testing.T) {
	t.Parallel()
	sim, f, dir := startSimulator(t, "near-expiry"), start(t), t.TempDir()
	to := newReceiver(t, http.StatusInternalServerError, http.StatusInternalServerError, http.StatusInternalServerError, http.StatusAccepted)
	settings := environment(t, sim, map[string]string{
		"LICENSEWATCH_STATE_URL": "file://" + dir, "LICENSEWATCH_LOG_LEVEL": "debug",
		"LICENSEWATCH_WEBHOOK_URL": to.URL + "/canary-path-5Gh7Jm0Sa?key=canary-query-3Df8#" + receiverSecret,
	})
	var said []string
	for range 3 {
		response := f.invoke(messages.InvokeRequest{Payload: []byte(alertEvent), Environment: settings, TencentcloudUin: "100000000001"})
		said = append(said, string(response.Payload), fmt.Sprintf("%+v", response.Error))
	}
	if len(to.wrong) > 0 || len(to.bodies) != 4 {
		t.Errorf("%d posts; not signed as they should be: %v; %s", len(to.bodies), to.wrong, said)
	}
	for _, body := range to.bodies {
		var m struct {
			Version  int
			Findings []struct {
				Key string `json:"dedup_key"`
			}
		}
		if err := json.Unmarshal(body, &m); err != nil || m.Version != 1 || len(m.Findings) == 0 || m.Findings[0].Key != "100000000001/cwp-order-expiring/cwp-aaaa" {
			t.Errorf("%v in %s", err, body)
		}
	}
	for _, post := range sim.Posts() {
		said = append(said, string(post.Body))
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		kept, err := os.ReadFile(path)
		said = append(said, string(kept))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range append(said, f.logged()) {
		for _, secret := range []string{"canary", "7Zq9Lw2X", "sha256=", strings.TrimPrefix(to.URL, "http://")} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, text)
			}
		}
	}
}
