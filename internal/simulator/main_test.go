package simulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"licensewatch/internal/simulator"
)

// now is the scenarios' clock in every test: 2026-11-22 09:07 in Shanghai.
var now = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that only moves when it is told to.
type clock struct{ nanoseconds atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanoseconds.Store(now.UnixNano())
	return c
}

func (c *clock) now() time.Time      { return time.Unix(0, c.nanoseconds.Load()) }
func (c *clock) add(d time.Duration) { c.nanoseconds.Add(int64(d)) }

// start runs a simulator until the test ends.
func start(t *testing.T, options simulator.Options) *simulator.Simulator {
	t.Helper()
	if options.Now == nil {
		options.Now = func() time.Time { return now }
	}
	s := simulator.New(options)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// newClient is an HTTP client that leaves nothing behind.
func newClient(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// reply is an HTTP answer, read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, client *http.Client, request *http.Request) reply {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, string(body)}
}

// post posts a JSON body to a chat.
func post(t *testing.T, url, body string) reply {
	t.Helper()
	return do(t, newClient(t), newPost(t, url, body))
}

func newPost(t *testing.T, url, body string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return request
}

// toJSON writes a value as JSON without escaping what need not be.
func toJSON(t testing.TB, value any) string {
	t.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
