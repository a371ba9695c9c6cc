package tencent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/internal/simulator"
	"licensewatch/tencent"
)

// basePath is where the cloud of the tests is mounted: not at the root, so that
// an endpoint's path that gets lost is noticed.
const basePath = "/base"

// received is a request whose signature was right.
type received struct {
	Service, Version, Action string
	Body                     string
}

// cloud is a Tencent Cloud API that checks every request.
type cloud struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	requests []received
}

// newCloud starts a cloud that lets answer answer, after checking.
func newCloud(t *testing.T, answer http.HandlerFunc) *cloud {
	t.Helper()
	c := &cloud{t: t}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.check(r)
		answer(w, r)
	}))
	c.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(c.Close)
	return c
}

// services tells where each action belongs.
var services = map[string]received{
	"DescribeLicenseGeneral":    {Service: "cwp", Version: "2018-02-28"},
	"DescribeLicenseList":       {Service: "cwp", Version: "2018-02-28"},
	"DescribeMachineGeneral":    {Service: "cwp", Version: "2018-02-28"},
	"DescribeLicenseBindList":   {Service: "cwp", Version: "2018-02-28"},
	"ExportLicenseDetail":       {Service: "cwp", Version: "2018-02-28"},
	"ExportTasks":               {Service: "cwp", Version: "2018-02-28"},
	"DescribePurchaseStateInfo": {Service: "tcss", Version: "2020-11-01"},
	"AssumeRole":                {Service: "sts", Version: "2018-08-13"},

	"DescribeOrganizationMembers": {Service: "organization", Version: "2021-03-31"},
}

// regions are of the actions that must have one, on the China site.
var regions = map[string]string{"AssumeRole": "ap-guangzhou"}

func (c *cloud) check(r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Errorf("request body: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body)) // for the answer
	action := r.Header.Get("X-TC-Action")
	want, known := services[action]
	if !known {
		c.t.Errorf("unknown action %q", action)
	}
	if err := checkTC3(r, body, want.Service); err != nil {
		c.t.Errorf("%s: %v", action, err)
	}
	for name, want := range map[string]string{"X-TC-Version": want.Version, "X-TC-Region": regions[action], "Content-Type": "application/json", "User-Agent": "licensewatch"} {
		if got := r.Header.Get(name); got != want {
			c.t.Errorf("%s: header %s is %q, want %q", action, name, got, want)
		}
	}
	if r.Method != http.MethodPost || r.URL.Path != basePath {
		c.t.Errorf("%s: %s %s, want a POST to %s", action, r.Method, r.URL.Path, basePath)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, received{want.Service, want.Version, action, string(body)})
}

// seen returns the requests so far.
func (c *cloud) seen() []received {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]received(nil), c.requests...)
}

// pauses records what the client would have slept.
type pauses struct {
	mu   sync.Mutex
	list []time.Duration
}

func (p *pauses) sleep(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, d)
	return ctx.Err()
}

func (p *pauses) all() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Duration(nil), p.list...)
}

// options are those of a client at url that does not sleep.
func options(t *testing.T, url string) tencent.Options {
	t.Helper()
	transport := tencent.NewTransport()
	t.Cleanup(transport.CloseIdleConnections)
	return tencent.Options{
		Endpoint:    url + basePath,
		Credentials: keys,
		Transport:   transport,
		Sleep:       new(pauses).sleep,
	}
}

// simulated are those of a client of the simulator, without a connection, for tests in
// virtual time.
func simulated(cloud *simulator.Simulator) tencent.Options {
	return tencent.Options{Endpoint: cloud.CloudURL(), Transport: cloud.Transport(),
		Credentials: func() (id, key, token string, err error) {
			id, key, token = cloud.Credentials()
			return id, key, token, nil
		}}
}

func keys() (id, key, sessionToken string, err error) { return secretID, secretKey, token, nil }

// answerWith answers every call the same.
func answerWith(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

// refuseWith answers every call with an error of the API.
func refuseWith(code string) http.HandlerFunc {
	return answerWith(fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":"no"},"RequestId":"req-1"}}`, code))
}

// sample is one of the published sample answers.
func sample(t *testing.T, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "testdata", "api", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// response wraps fields into an answer.
func response(fields map[string]any) string {
	fields["RequestId"] = "req-1"
	body, err := json.Marshal(map[string]any{"Response": fields})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// inTurn answers the first call with the first handler, and so on; the last one
// answers all that follow.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mu.Unlock()
		h(w, r)
	}
}

// describe makes the call most tests use.
func describe(ctx context.Context, c *tencent.Client) error {
	_, err := c.DescribePurchaseStateInfo(ctx)
	return err
}

// host is the part of a URL behind the scheme.
func host(url string) string { return url[strings.Index(url, "://")+3:] }
