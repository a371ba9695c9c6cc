package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator"
)

// edited makes a call of which one thing was changed after it was signed.
func edited(change func(*http.Request)) func(*apiCall) {
	return func(c *apiCall) { c.edit = change }
}

func header(name, value string) func(*apiCall) {
	return edited(func(r *http.Request) { r.Header.Set(name, value) })
}

// changedCalls are calls of DescribeLicenseList with one thing changed, and the
// code they are refused with; empty: accepted.
var changedCalls = map[string]struct {
	change func(*apiCall)
	want   string
}{
	"a proper call is not":         {func(*apiCall) {}, ""},
	"nor one four minutes old":     {func(c *apiCall) { c.at = c.at.Add(-4 * time.Minute) }, ""},
	"six minutes old":              {func(c *apiCall) { c.at = c.at.Add(-6 * time.Minute) }, "AuthFailure.SignatureExpire"},
	"six minutes early":            {func(c *apiCall) { c.at = c.at.Add(6 * time.Minute) }, "AuthFailure.SignatureExpire"},
	"timestamp not signed":         {edited(func(r *http.Request) { r.Header.Set("X-TC-Timestamp", next(r.Header.Get("X-TC-Timestamp"))) }), "AuthFailure.SignatureFailure"},
	"timestamp no number":          {header("X-TC-Timestamp", "now"), "InvalidParameterValue"},
	"timestamp missing":            {edited(func(r *http.Request) { r.Header.Del("X-TC-Timestamp") }), "MissingParameter"},
	"scope of another day":         {edited(anotherDay), "AuthFailure.SignatureFailure"},
	"unknown secret id":            {func(c *apiCall) { c.id = "AKID-of-somebody" }, "AuthFailure.SecretIdNotFound"},
	"wrong key":                    {func(c *apiCall) { c.key = "guess" }, "AuthFailure.SignatureFailure"},
	"wrong token":                  {func(c *apiCall) { c.token = "guess" }, "AuthFailure.TokenFailure"},
	"no token":                     {func(c *apiCall) { c.token = "" }, "AuthFailure.TokenFailure"},
	"no authorization":             {edited(func(r *http.Request) { r.Header.Del("Authorization") }), "AuthFailure.InvalidAuthorization"},
	"another algorithm":            {edited(func(r *http.Request) { replace(r, "TC3-HMAC-SHA256", "TC3-HMAC-SHA1") }), "AuthFailure.InvalidAuthorization"},
	"host not signed":              {edited(func(r *http.Request) { replace(r, "content-type;host", "content-type") }), "AuthFailure.InvalidAuthorization"},
	"content type not signed":      {edited(func(r *http.Request) { replace(r, "content-type;host", "host") }), "AuthFailure.InvalidAuthorization"},
	"signed headers unsorted":      {edited(func(r *http.Request) { replace(r, "content-type;host", "host;content-type") }), "AuthFailure.InvalidAuthorization"},
	"short signature":              {edited(func(r *http.Request) { replace(r, "Signature=", "Signature=0") }), "AuthFailure.InvalidAuthorization"},
	"forged signature":             {edited(func(r *http.Request) { forge(r, forgedSignature) }), "AuthFailure.SignatureFailure"},
	"host changed on the way":      {edited(func(r *http.Request) { r.Host = "cwp.tencentcloudapi.com" }), "AuthFailure.SignatureFailure"},
	"query added on the way":       {edited(func(r *http.Request) { r.URL.RawQuery = "a=b" }), "AuthFailure.SignatureFailure"},
	"body changed on the way":      {edited(func(r *http.Request) { r.Body = http.NoBody; r.ContentLength = 0 }), "AuthFailure.SignatureFailure"},
	"GET":                          {edited(func(r *http.Request) { r.Method = http.MethodGet }), "UnsupportedProtocol"},
	"form instead of JSON":         {func(c *apiCall) { c.contentType = "application/x-www-form-urlencoded" }, "UnsupportedProtocol"},
	"JSON in another charset":      {func(c *apiCall) { c.contentType = "application/json; charset=gbk" }, "UnsupportedProtocol"},
	"no action":                    {edited(func(r *http.Request) { r.Header.Del("X-TC-Action") }), "MissingParameter"},
	"no version":                   {edited(func(r *http.Request) { r.Header.Del("X-TC-Version") }), "MissingParameter"},
	"unknown action":               {func(c *apiCall) { c.action = "DescribeLicence" }, "InvalidAction"},
	"action of another service":    {func(c *apiCall) { c.action = "DescribePurchaseStateInfo" }, "InvalidAction"},
	"unknown version":              {func(c *apiCall) { c.version = "2020-11-01" }, "NoSuchVersion"},
	"unknown service":              {func(c *apiCall) { c.service = "cvm" }, "NoSuchProduct"},
	"unknown parameter":            {func(c *apiCall) { c.body = `{"Limits":10}` }, "UnknownParameter"},
	"parameter in small letters":   {func(c *apiCall) { c.body = `{"limit":10}` }, "UnknownParameter"},
	"number as string":             {func(c *apiCall) { c.body = `{"Limit":"10"}` }, "InvalidParameter"},
	"fraction for integer":         {func(c *apiCall) { c.body = `{"Limit":10.5}` }, "InvalidParameter"},
	"null":                         {func(c *apiCall) { c.body = `{"Limit":null}` }, "InvalidParameter"},
	"body is a list":               {func(c *apiCall) { c.body = `[]` }, "InvalidParameter"},
	"body is null":                 {func(c *apiCall) { c.body = `null` }, "InvalidParameter"},
	"body is empty":                {func(c *apiCall) { c.body = `` }, "InvalidParameter"},
	"something behind the body":    {func(c *apiCall) { c.body = `{}{}` }, "InvalidParameter"},
	"body is not UTF-8":            {func(c *apiCall) { c.body = "{\"By\":\"\xff\"}" }, "InvalidParameter"},
	"task id as a number":          {func(c *apiCall) { c.action, c.body = "ExportTasks", `{"TaskId":1}` }, "InvalidParameter"},
	"task id missing":              {func(c *apiCall) { c.action, c.body = "ExportTasks", `{}` }, "MissingParameter"},
	"export month as a number":     {func(c *apiCall) { c.action, c.body = "ExportLicenseDetail", `{"ExportMonth":202611}` }, "InvalidParameter"},
	"history as a string":          {func(c *apiCall) { c.action, c.body = "ExportLicenseDetail", `{"IsHistory":"true"}` }, "InvalidParameter"},
	"overview takes no parameters": {func(c *apiCall) { c.action, c.body = "DescribeLicenseGeneral", `{"Limit":1}` }, "UnknownParameter"},
}

const forgedSignature = ", SignedHeaders=content-type;host, Signature=0000000000000000000000000000000000000000000000000000000000000000"

func TestCloudRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range changedCalls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{})
			call := newCall(s, "DescribeLicenseList", "{}")
			test.change(&call)
			if code := call.send(t, s).code(); code != test.want {
				t.Errorf("refused with %q, want %q", code, test.want)
			}
			want := test.want
			if want == "" {
				want = simulator.Accepted
			}
			if verdict := s.Calls()[0].Verdict; verdict != want {
				t.Errorf("recorded as %q, want %q", verdict, want)
			}
		})
	}
}

func next(timestamp string) string {
	last := timestamp[len(timestamp)-1]
	return timestamp[:len(timestamp)-1] + string('0'+(last-'0'+1)%10)
}

func replace(r *http.Request, before, after string) {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), before, after, 1))
}

func anotherDay(r *http.Request) {
	scope := strings.Split(r.Header.Get("Authorization"), "/")
	scope[1] = "2019-02-25"
	r.Header.Set("Authorization", strings.Join(scope, "/"))
}

func forge(r *http.Request, ending string) {
	before, _, _ := strings.Cut(r.Header.Get("Authorization"), ", ")
	r.Header.Set("Authorization", before+ending)
}

// TestPublishedSignature takes the signature that the API's own documentation
// computes for a request of another product: it must be found right.
func TestPublishedSignature(t *testing.T) {
	t.Parallel()
	const (
		signature = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
		body      = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	)
	tests := map[string]struct{ body, want string }{
		"as published":    {body, "NoSuchProduct"},
		"one byte longer": {body + " ", "AuthFailure.SignatureFailure"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := simulator.New(simulator.Options{SignatureClock: func() time.Time { return time.Unix(1551113065, 0) }})
			s.SetCredentials("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "")
			r := httptest.NewRequest(http.MethodPost, s.CloudURL(), strings.NewReader(test.body))
			r.Host = "cvm.tencentcloudapi.com"
			r.Header.Set("Content-Type", "application/json; charset=utf-8")
			r.Header.Set("X-TC-Action", "DescribeInstances")
			r.Header.Set("X-TC-Version", "2017-03-12")
			r.Header.Set("X-TC-Timestamp", "1551113065")
			r.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "+
				"SignedHeaders=content-type;host, Signature="+signature)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if verdict := s.Calls()[0].Verdict; verdict != test.want {
				t.Errorf("verdict %q, want %q", verdict, test.want)
			}
			if date := w.Header().Get("Date"); date != "Mon, 25 Feb 2019 16:44:25 GMT" {
				t.Errorf("Date %q does not show the signature clock", date)
			}
		})
	}
}

func TestCallsAreRecorded(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	ask(t, s, "DescribeLicenseList", `{"Limit":7}`)
	refused := newCall(s, "DescribePurchaseStateInfo", "{}")
	refused.token = ""
	refused.send(t, s)
	id, _, _ := s.Credentials()
	want := []simulator.Call{
		{Service: "cwp", Action: "DescribeLicenseList", SecretID: id, Account: "100000000001", Token: true, Body: []byte(`{"Limit":7}`), Verdict: simulator.Accepted},
		{Service: "tcss", Action: "DescribePurchaseStateInfo", SecretID: id, Body: []byte("{}"), Verdict: "AuthFailure.TokenFailure"},
	}
	if diff := cmp.Diff(want, s.Calls()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestChangedCredentials(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	before := newCall(s, "DescribeLicenseGeneral", "{}")
	s.SetCredentials("AKID-new", "new-key", "")
	if code := before.send(t, s).code(); code != "AuthFailure.SecretIdNotFound" {
		t.Errorf("the former keys got %q", code)
	}
	ask(t, s, "DescribeLicenseGeneral", "{}")
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	read := func() [2]any {
		s := start(t, simulator.Options{})
		return [2]any{
			ask(t, s, "DescribeLicenseGeneral", "{}")["RequestId"],
			ask(t, s, "DescribeLicenseGeneral", "{}")["RequestId"],
		}
	}
	first, second := read(), read()
	if first[0] == first[1] {
		t.Errorf("two requests share the id %v", first[0])
	}
	if first != second {
		t.Errorf("a second run has other ids: %v and %v", first, second)
	}
}

func TestOnlyTheCloudsPathIsTheCloud(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	base := strings.TrimSuffix(s.CloudURL(), "/cloud")
	if base == s.CloudURL() {
		t.Fatalf("%s has no path of its own", s.CloudURL())
	}
	r := do(t, newClient(t), newCall(s, "DescribeLicenseGeneral", "{}").request(t, base+"/"))
	if r.status != http.StatusNotFound || len(s.Calls()) != 0 {
		t.Errorf("a call beside the cloud's path got HTTP %d, and %d were recorded", r.status, len(s.Calls()))
	}
}
