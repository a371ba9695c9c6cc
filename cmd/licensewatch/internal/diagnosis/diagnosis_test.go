package diagnosis_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

const (
	ok      = diagnosis.OK
	warning = diagnosis.Warning
	failed  = diagnosis.Failed
	skipped = diagnosis.Skipped
)

func TestHealthy(t *testing.T) {
	t.Parallel()
	c := newCloud(simulator.Options{})
	wantChecks(t, run(t, options(c)), map[string]want{
		"settings":                       {ok, "right", ""},
		"keys":                           {ok, "found in the test, temporary", ""},
		"site.cwp":                       {ok, "cwp.tencentcloudapi.com is reached: DNS, TLS and HTTP", ""},
		"site.tcss":                      {ok, "tcss.tencentcloudapi.com is reached", ""},
		"clock":                          {ok, "right to within 5s", ""},
		"identity":                       {ok, "role 4611686018427400001 of account 100000000001, session licensewatch", ""},
		"cwp:DescribeLicenseGeneral":     {ok, "allowed", ""},
		"cwp:DescribeLicenseList":        {ok, "allowed", ""},
		"tcss:DescribePurchaseStateInfo": {ok, "allowed", ""},
		"cwp:ExportLicenseDetail":        {skipped, "not tried: it would start an export", ""},
		"cwp:ExportTasks":                {ok, "allowed", ""},
		"state":                          {skipped, "none", ""},
		"slack":                          {ok, "127.0.0.1:1 is reached: TCP; nothing was posted", ""},
		"heartbeat":                      {skipped, "not set", ""},
	})
	for _, call := range c.sim.Calls() {
		if call.Action == "ExportLicenseDetail" {
			t.Error("an export was started")
		}
	}
	if posts := c.sim.Posts(); len(posts) > 0 {
		t.Errorf("%d messages were posted", len(posts))
	}
}

// TestHosts: what is examined are the hosts that a run calls.
func TestHosts(t *testing.T) {
	t.Parallel()
	for site, hosts := range map[license.Site][]string{
		license.SiteCN:   {"cwp.tencentcloudapi.com", "sts.tencentcloudapi.com", "tcss.tencentcloudapi.com"},
		license.SiteIntl: {"cwp.intl.tencentcloudapi.com", "sts.intl.tencentcloudapi.com", "tcss.intl.tencentcloudapi.com"},
	} {
		c := newCloud(simulator.Options{Site: site})
		o := options(c)
		o.Settings.Site = site
		run(t, o)
		if diff := cmp.Diff(hosts, c.asked()); diff != "" {
			t.Errorf("%s: hosts differ (-want +got):\n%s", site, diff)
		}
	}
}

func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*config.Config)
		want   map[string]want
		hosts  int
	}{
		"export off": {func(c *config.Config) { c.Export = config.ExportOff }, map[string]want{
			"cwp:ExportLicenseDetail": {skipped, "LICENSEWATCH_EXPORT is off", ""},
			"cwp:ExportTasks":         {skipped, "LICENSEWATCH_EXPORT is off", ""},
		}, 3},
		"cwp left out": {func(c *config.Config) { c.Sources = sources()[2:] }, map[string]want{
			"cwp:DescribeLicenseGeneral": {skipped, "LICENSEWATCH_SOURCES leaves cwp out", ""},
			"cwp:ExportTasks":            {skipped, "LICENSEWATCH_SOURCES leaves cwp out", ""},
			"site.tcss":                  {ok, "", ""},
		}, 2},
		"tcss left out": {func(c *config.Config) { c.Sources = sources()[:2] }, map[string]want{
			"tcss:DescribePurchaseStateInfo": {skipped, "LICENSEWATCH_SOURCES leaves tcss out", ""},
		}, 2},
		"no webhook": {func(c *config.Config) { c.Channels = nil }, map[string]want{
			"webhooks": {warning, "none is set", "LICENSEWATCH_WECOM_WEBHOOK_URL"},
		}, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(simulator.Options{})
			o := options(c)
			test.change(&o.Settings)
			wantChecks(t, run(t, o), test.want)
			if got := c.asked(); len(got) != test.hosts {
				t.Errorf("%v were asked, want %d hosts", got, test.hosts)
			}
		})
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	denied := simulator.APIError("AuthFailure.UnauthorizedOperation", "no")
	tests := map[string]struct {
		action string
		answer http.HandlerFunc
		want   map[string]want
	}{
		"overview denied":    {"DescribeLicenseGeneral", denied, map[string]want{"cwp:DescribeLicenseGeneral": {failed, "refused: AuthFailure.UnauthorizedOperation (request ", "allow cwp:DescribeLicenseGeneral to the owner of these keys; licensewatch policy"}, "cwp:DescribeLicenseList": {ok, "", ""}}},
		"orders denied":      {"DescribeLicenseList", denied, map[string]want{"cwp:DescribeLicenseList": {failed, "refused", "allow cwp:DescribeLicenseList"}}},
		"containers denied":  {"DescribePurchaseStateInfo", denied, map[string]want{"tcss:DescribePurchaseStateInfo": {failed, "refused", "allow tcss:DescribePurchaseStateInfo"}}},
		"export denied":      {"ExportTasks", denied, map[string]want{"cwp:ExportTasks": {failed, "refused", "allow cwp:ExportTasks"}}},
		"no such export":     {"ExportTasks", simulator.APIError("FailedOperation.Export", "no task"), map[string]want{"cwp:ExportTasks": {ok, "allowed", ""}}},
		"export's host down": {"ExportTasks", simulator.Status(502, "<html>"), map[string]want{"cwp:ExportTasks": {failed, "HTTPStatus.502", "later"}}},
		"no service role":    {"DescribePurchaseStateInfo", simulator.APIError("InternalError.ErrRoleNotExist", "no"), map[string]want{"tcss:DescribePurchaseStateInfo": {failed, "lacks its service role", "open its console"}}},
		"throttled":          {"DescribeLicenseList", simulator.APIError("RequestLimitExceeded", "slow"), map[string]want{"cwp:DescribeLicenseList": {failed, "too many requests", "minute"}}},
		"broken":             {"DescribeLicenseList", simulator.Status(500, "x"), map[string]want{"cwp:DescribeLicenseList": {failed, "a fault at Tencent Cloud: HTTPStatus.500", "later"}}},
		"odd answer":         {"DescribeLicenseList", simulator.Answer("null"), map[string]want{"cwp:DescribeLicenseList": {failed, "not one of the API", "proxy"}}},
		"wrong request":      {"DescribeLicenseGeneral", simulator.APIError("InvalidAction", "x"), map[string]want{"cwp:DescribeLicenseGeneral": {failed, "the request was refused: InvalidAction", "LICENSEWATCH_SITE"}}},
		"one key refusal":    {"DescribeLicenseGeneral", simulator.APIError("AuthFailure.SecretIdNotFound", "x"), map[string]want{"cwp:DescribeLicenseGeneral": {failed, "the keys are not accepted", "LICENSEWATCH_SITE=intl"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(simulator.Options{})
			c.sim.Override(test.action, test.answer)
			wantChecks(t, run(t, options(c)), test.want)
		})
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		want   want
	}{
		"user":         {simulator.Answer(`{"Response":{"Type":"CAMUser","AccountId":"100000000001","UserId":"100000000002","Arn":"qcs::cam:100000000001:uin/100000000002"}}`), want{ok, "user 100000000002 of account 100000000001", ""}},
		"main account": {simulator.Answer(`{"Response":{"Type":"CAMUser","AccountId":"100000000001","UserId":"100000000001","Arn":"qcs::cam:100000000001:uin/100000000001"}}`), want{warning, "the main account 100000000001 itself", "licensewatch policy"}},
		"federated":    {simulator.Answer(`{"Response":{"Type":"CAMUser","AccountId":"100000000001","UserId":"100000000002:zhang","Arn":"qcs::sts:100000000001:federated-user/100000000002"}}`), want{ok, "federated user zhang of user 100000000002, account 100000000001", ""}},
		"new type":     {simulator.Answer(`{"Response":{"Type":"New\nThing<x>","AccountId":"100000000001"}}`), want{ok, "NewThingx of account 100000000001", ""}},
		"null":         {simulator.Answer(`null`), want{warning, "not one of the API", "proxy"}},
		"empty":        {simulator.Answer(`{"Response":null}`), want{warning, "not one of the API", "proxy"}},
		"no account":   {simulator.Answer(`{"Response":{"RequestId":"1"}}`), want{warning, "not one of the API", "proxy"}},
		"HTML":         {simulator.Status(502, "<html>"), want{warning, "not one of the API", "proxy"}},
		"fault":        {simulator.APIError("InternalError", "x"), want{warning, "not known: InternalError (request ", "later"}},
		"unknown keys": {simulator.APIError("AuthFailure.SecretIdNotFound", "x"), want{failed, "the keys are not accepted: AuthFailure.SecretIdNotFound", "on the China site; if they are of the other site, set LICENSEWATCH_SITE=intl"}},
		"other site":   {simulator.APIError("InvalidCredential", "x"), want{failed, "InvalidCredential", "LICENSEWATCH_SITE=intl"}},
		"old token":    {simulator.APIError("AuthFailure.TokenFailure", "x"), want{failed, "TokenFailure", "get new temporary keys"}},
		"wrong key":    {simulator.APIError("AuthFailure.SignatureFailure", "x"), want{failed, "SignatureFailure", "does not belong"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(simulator.Options{})
			c.sim.Override("GetCallerIdentity", test.answer)
			wantChecks(t, run(t, options(c)), map[string]want{"identity": test.want})
		})
	}
}

// TestRefusedKeys: keys that nobody accepts are told of once.
func TestRefusedKeys(t *testing.T) {
	t.Parallel()
	c := newCloud(simulator.Options{Site: license.SiteIntl})
	o := options(c)
	o.Settings.Site = license.SiteIntl
	c.sim.SetCredentials("AKID-of-somebody", "else", "")
	wantChecks(t, run(t, o), map[string]want{
		"identity":                       {failed, "AuthFailure.SecretIdNotFound", "on the international site; if they are of the other site, set LICENSEWATCH_SITE=cn"},
		"cwp:DescribeLicenseGeneral":     {skipped, "the keys must be accepted first", ""},
		"cwp:ExportTasks":                {skipped, "the keys must be accepted first", ""},
		"tcss:DescribePurchaseStateInfo": {skipped, "the keys must be accepted first", ""},
	})
}

func TestNoKeys(t *testing.T) {
	t.Parallel()
	c := newCloud(simulator.Options{})
	o := options(c)
	o.Credentials = func() (config.Credentials, error) {
		return config.Credentials{}, errors.New("no credentials: set TENCENTCLOUD_SECRET_ID")
	}
	wantChecks(t, run(t, o), map[string]want{
		"keys":                       {failed, "no credentials: set TENCENTCLOUD_SECRET_ID", ""},
		"site.cwp":                   {ok, "", ""},
		"clock":                      {ok, "", ""},
		"identity":                   {skipped, "there are no keys", ""},
		"cwp:DescribeLicenseGeneral": {skipped, "there are no keys", ""},
		"cwp:ExportTasks":            {skipped, "there are no keys", ""},
	})
}

func TestSettingsWithMistakes(t *testing.T) {
	t.Parallel()
	o := options(newCloud(simulator.Options{}))
	o.Strays = []string{"LICENSEWATCH_SLACK: does not exist"}
	wantChecks(t, run(t, o), map[string]want{"settings": {warning, "LICENSEWATCH_SLACK: does not exist", "correct it"}})
	o.Mistakes, o.Strays = []string{"LICENSEWATCH_SITE: wrong"}, nil
	wantChecks(t, run(t, o), map[string]want{"settings": {failed, "LICENSEWATCH_SITE: wrong", "correct it"}})
	o.Strays = []string{"another"}
	wantChecks(t, run(t, o), map[string]want{"settings": {failed, "LICENSEWATCH_SITE: wrong; and more", "licensewatch check"}})
}

func TestClock(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		off   time.Duration // of the cloud's clock
		clock want
		reads want
	}{
		"half a minute": {30 * time.Second, want{ok, "s behind the API's", ""}, want{ok, "", ""}},
		"two minutes":   {-2*time.Minute - 30*time.Second, want{warning, "minutes ahead of the API's: from 5 minutes on", "NTP"}, want{ok, "", ""}},
		"ten minutes":   {10 * time.Minute, want{failed, "about 10 minutes behind the API's", "NTP"}, want{skipped, "the clock must be right first", ""}},
		"a day":         {-24 * time.Hour, want{failed, "about 24 hours ahead of the API's", "NTP"}, want{skipped, "the clock must be right first", ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(simulator.Options{SignatureClock: func() time.Time { return time.Now().Add(test.off) }})
			wantChecks(t, run(t, options(c)), map[string]want{"clock": test.clock, "cwp:DescribeLicenseGeneral": test.reads, "identity": test.reads})
		})
	}
}

func TestSiteNotReached(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want want
	}{
		"DNS":         {&net.DNSError{Err: "no such host", Name: "cwp.tencentcloudapi.com"}, want{failed, "its name could not be looked up (DNS)", "name servers"}},
		"refused":     {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, want{failed, "connection refused", "firewall"}},
		"certificate": {x509Error(x509.UnknownAuthorityError{}), want{failed, "TLS: the certificate is signed by an unknown authority", "proxy"}},
		"wrong host":  {x509Error(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}), want{failed, "TLS: the certificate is for another host", "proxy"}},
		"expired":     {x509Error(x509.CertificateInvalidError{Reason: x509.Expired}), want{failed, "has expired or is not valid yet", "clock"}},
		"not valid":   {x509Error(x509.CertificateInvalidError{Reason: x509.TooManyIntermediates}), want{failed, "TLS: the certificate is not valid", "proxy"}},
		"anything":    {errRefused, want{failed, "nothing came back", "firewall"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(simulator.Options{})
			c.fail = func(string) error { return test.err }
			checks := run(t, options(c))
			wantChecks(t, checks, map[string]want{"site.cwp": test.want, "site.tcss": test.want, "clock": {skipped, "not known", ""}, "identity": {skipped, "the site must be reached first", ""}})
			if got := checks["cwp:DescribeLicenseGeneral"].Status; got != skipped {
				t.Errorf("the API's check is %s", got)
			}
		})
	}
}

// TestOneHostNotReached: what the others need is examined all the same.
func TestOneHostNotReached(t *testing.T) {
	t.Parallel()
	c := newCloud(simulator.Options{})
	c.fail = func(host string) error {
		if host == "tcss.tencentcloudapi.com" {
			return errRefused
		}
		return nil
	}
	wantChecks(t, run(t, options(c)), map[string]want{
		"site.cwp":                       {ok, "", ""},
		"site.tcss":                      {failed, "tcss.tencentcloudapi.com is not reached", ""},
		"tcss:DescribePurchaseStateInfo": {skipped, "the site must be reached first", ""},
		"cwp:DescribeLicenseList":        {ok, "allowed", ""},
		"identity":                       {ok, "role", ""},
	})
}

func TestNotTheAPI(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   want
	}{
		"login page": {simulator.Status(200, "<html>Log in"), want{warning, "answers, but not as the API does", "proxy"}},
		"bad proxy":  {simulator.Status(502, "<html>"), want{warning, "answers HTTP 502", "proxy"}},
		"redirect":   {simulator.Status(302, ""), want{warning, "sends us elsewhere", "proxy"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(newCloud(simulator.Options{}))
			o.Transport = answering(test.answer)
			wantChecks(t, run(t, o), map[string]want{"site.cwp": test.want})
		})
	}
}

// TestHangIsBounded: nothing that hangs keeps the examination for longer than
// one check may take.
func TestHangIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCloud(simulator.Options{})
		o := options(c)
		o.Sleep = nil
		o.Transport = hanging{}
		o.Settings.StateURL = "cos://bucket-1250000000/x?region=ap-guangzhou"
		o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		var left []string
		o.Waiting = func(names []string) { left = slices.Clone(names) }
		start := time.Now()
		wantChecks(t, run(t, o), map[string]want{
			"site.cwp":                {failed, "no answer within 10s", "firewall"},
			"cwp:DescribeLicenseList": {skipped, "the site must be reached first", ""},
			"slack":                   {failed, "no answer within 10s", "firewall"},
			"state":                   {failed, "", "LICENSEWATCH_STATE_URL"},
		})
		if took := time.Since(start); took > diagnosis.Limit+time.Second {
			t.Errorf("it took %s", took)
		}
		if len(left) == 0 {
			t.Error("nobody was told what was waited for")
		}
	})
}
