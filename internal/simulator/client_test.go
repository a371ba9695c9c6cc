package simulator_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

// apiCall is a request of the test's own API client, which signs by itself.
type apiCall struct {
	service, action, version, body string
	id, key, token                 string
	at                             time.Time
	contentType                    string
	edit                           func(*http.Request) // changes the request after it was signed
}

// newCall is a proper call of an action with the simulator's keys.
func newCall(s *simulator.Simulator, action, body string) apiCall {
	call := apiCall{
		service: "cwp", version: "2018-02-28", action: action, body: body,
		at: time.Now(), contentType: "application/json",
	}
	if action == "DescribePurchaseStateInfo" {
		call.service, call.version = "tcss", "2020-11-01"
	}
	if action == "DescribeOrganizationMembers" {
		call.service, call.version = "organization", "2021-03-31"
	}
	if action == "GetCallerIdentity" || action == "AssumeRole" {
		call.service, call.version = "sts", "2018-08-13"
		call.edit = func(r *http.Request) { r.Header.Set("X-TC-Region", "ap-guangzhou") }
	}
	call.id, call.key, call.token = s.Credentials()
	return call
}

// request builds and signs the request to a base URL.
func (c apiCall) request(t *testing.T, base string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base, bytes.NewReader([]byte(c.body)))
	if err != nil {
		t.Fatal(err)
	}
	header := request.Header
	header.Set("Content-Type", c.contentType)
	header.Set("X-TC-Action", c.action)
	header.Set("X-TC-Version", c.version)
	header.Set("X-TC-Timestamp", fmt.Sprint(c.at.Unix()))
	if c.token != "" {
		header.Set("X-TC-Token", c.token)
	}
	header.Set("Authorization", c.authorization(request.URL.Host))
	if c.edit != nil {
		c.edit(request)
	}
	return request
}

// authorization signs the call for a host, with the two headers that must be.
func (c apiCall) authorization(host string) string {
	mac := func(key, text string) string {
		h := hmac.New(sha256.New, []byte(key))
		h.Write([]byte(text))
		return string(h.Sum(nil))
	}
	date := c.at.UTC().Format("2006-01-02")
	canonical := "POST\n/\n\ncontent-type:" + c.contentType + "\nhost:" + host + "\n\ncontent-type;host\n" +
		fmt.Sprintf("%x", sha256.Sum256([]byte(c.body)))
	scope := date + "/" + c.service + "/tc3_request"
	text := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s\n%x", c.at.Unix(), scope, sha256.Sum256([]byte(canonical)))
	signature := mac(mac(mac(mac("TC3"+c.key, date), c.service), "tc3_request"), text)
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%x", c.id, scope, signature)
}

// answer is the Response object of an API answer.
type answer map[string]any

// code is the error's code; empty for a success.
func (a answer) code() string {
	refused, _ := a["Error"].(map[string]any)
	code, _ := refused["Code"].(string)
	return code
}

// send makes the call and reads the answer, which is HTTP 200 in any case.
func (c apiCall) send(t *testing.T, s *simulator.Simulator) answer {
	t.Helper()
	r := do(t, newClient(t), c.request(t, s.CloudURL()))
	if r.status != http.StatusOK {
		t.Fatalf("HTTP %d: %s", r.status, r.body)
	}
	decoder := json.NewDecoder(strings.NewReader(r.body))
	decoder.UseNumber()
	var envelope struct{ Response answer }
	if err := decoder.Decode(&envelope); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
	if id, _ := envelope.Response["RequestId"].(string); len(id) != 36 {
		t.Errorf("RequestId %q is not a UUID", id)
	}
	return envelope.Response
}

// ask makes a proper call and fails on a refusal.
func ask(t *testing.T, s *simulator.Simulator, action, body string) answer {
	t.Helper()
	a := newCall(s, action, body).send(t, s)
	if code := a.code(); code != "" {
		t.Fatalf("%s was refused with %s", action, code)
	}
	return a
}
