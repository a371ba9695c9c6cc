package tencent_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/tencent"
)

func chinaSample() *license.Overview {
	return &license.Overview{
		LicenseCnt:                         new(int64(3)),
		AvailableLicenseCnt:                new(int64(3)),
		AvailableProVersionLicenseCnt:      new(int64(2)),
		AvailableFlagshipVersionLicenseCnt: new(int64(1)),
		NearExpiryLicenseCnt:               new(int64(0)),
		ExpireLicenseCnt:                   new(int64(0)),
		AutoOpenStatus:                     new(true),
		ProtectType:                        new("FLAGSHIP_PREPAY"),
		IsOpenStatusHistory:                new(true),
		UsedLicenseCnt:                     new(int64(0)),
		NotExpiredLicenseCnt:               new(int64(3)),
		FlagshipVersionLicenseCnt:          new(int64(1)),
		ProVersionLicenseCnt:               new(int64(2)),
		CwpVersionLicenseCnt:               new(int64(0)),
		AvailableLHLicenseCnt:              new(int64(0)),
		AutoRepurchaseSwitch:               new(false),
		AutoRepurchaseRenewSwitch:          new(false),
		DestroyOrderNum:                    new(int64(0)),
		RepurchaseRenewSwitch:              new(false),
	}
}

func intlSample() *license.Overview {
	return &license.Overview{
		LicenseCnt:                         new(int64(0)),
		AvailableLicenseCnt:                new(int64(0)),
		AvailableProVersionLicenseCnt:      new(int64(0)),
		AvailableFlagshipVersionLicenseCnt: new(int64(0)),
		NearExpiryLicenseCnt:               new(int64(0)),
		ExpireLicenseCnt:                   new(int64(10)),
		AutoOpenStatus:                     new(false),
		ProtectType:                        new("FLAGSHIP_PREPAY"),
		IsOpenStatusHistory:                new(false),
		UsedLicenseCnt:                     new(int64(0)),
		NotExpiredLicenseCnt:               new(int64(0)),
		FlagshipVersionLicenseCnt:          new(int64(0)),
		ProVersionLicenseCnt:               new(int64(0)),
		CwpVersionLicenseCnt:               new(int64(0)),
		AvailableLHLicenseCnt:              new(int64(0)),
		AutoRepurchaseSwitch:               new(false),
		AutoRepurchaseRenewSwitch:          new(false),
		DestroyOrderNum:                    new(int64(1)),
		RepurchaseRenewSwitch:              new(false),
		AutoBindRaspSwitch:                 new(false),
		AutoOpenRaspSwitch:                 new(false),
		AutoDowngradeSwitch:                new(false),
		AvailableAISecurityLicenseCnt:      new(int64(0)),
		AISecurityVersionLicenseCnt:        new(int64(0)),
		ApplicationAvailableLicenseCnt:     new(int64(0)),
	}
}

func TestDescribeLicenseGeneral(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]*license.Overview{"cwp-DescribeLicenseGeneral-cn": chinaSample(), "cwp-DescribeLicenseGeneral-intl": intlSample()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(sample(t, name)))
			got, err := tencent.New(options(t, cloud.URL)).DescribeLicenseGeneral(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("overview (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]received{{"cwp", "2018-02-28", "DescribeLicenseGeneral", "{}"}}, cloud.seen()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDescribePurchaseStateInfo(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want *license.PurchaseState
	}{
		"sample": {
			body: sample(t, "tcss-DescribePurchaseStateInfo"),
			want: &license.PurchaseState{
				State:                  new(int64(4)),
				SubState:               new("ISOLATE"),
				CoresCnt:               new(int64(1)),
				AuthorizedCoresCnt:     new(int64(1)),
				ImageCnt:               new(int64(1)),
				AuthorizedImageCnt:     new(int64(1)),
				PurchasedAuthorizedCnt: new(int64(1)),
				GivenAuthorizedCnt:     new(int64(500)),
				BeginTime:              new("xx"),
				ExpirationTime:         new("xx"),
				AutomaticRenewal:       new(int64(0)),
			},
		},
		"nearly everything null": {
			body: `{"Response":{"State":3,"SubState":null,"CoresCnt":null,"ExpirationTime":null,"AutomaticRenewal":null,"RequestId":null}}`,
			want: &license.PurchaseState{State: new(int64(3))},
		},
		"wrongly typed": {
			body: `{"Response":{"State":"3","SubState":{},"CoresCnt":-1,"AllCoresCnt":3.5,"ImageCnt":"9007199254740993","AutomaticRenewal":-194,"RequestId":77}}`,
			want: &license.PurchaseState{
				State: new(int64(3)), ImageCnt: new(int64(9007199254740993)), AutomaticRenewal: new(int64(-194)),
				Unparsed: []string{"SubState", "AllCoresCnt", "CoresCnt"},
			},
		},
		"nothing": {body: `{"Response":{}}`, want: &license.PurchaseState{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(test.body))
			got, err := tencent.New(options(t, cloud.URL)).DescribePurchaseStateInfo(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
			if n := len(cloud.seen()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// The policy a role needs is what the client calls, no more and no less.
func TestActionsAreWhatIsCalled(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, answerWith(response(map[string]any{"TotalCount": 0, "List": []any{}, "TaskId": 1, "Status": "PENDING"})))
	c := tencent.New(options(t, cloud.URL))
	_, err1 := c.DescribeLicenseGeneral(t.Context())
	_, err2 := c.DescribeLicenseList(t.Context())
	_, err3 := c.DescribePurchaseStateInfo(t.Context())
	_, err4 := c.ExportLicenseDetail(t.Context(), "")
	_, err5 := c.ExportTasks(t.Context(), 1)
	_, err6 := c.DescribeMachineGeneral(t.Context())
	_, _, err7 := c.NewBindListReader().DescribeLicenseBindList(t.Context(), ultimateOrder())
	for _, err := range []error{err1, err2, err3, err4, err5, err6, err7} {
		if err != nil {
			t.Error(err)
		}
	}
	var called []string
	for _, r := range cloud.seen() {
		called = append(called, r.Service+":"+r.Action)
	}
	slices.Sort(called)
	announced := []string{tencent.ActionExport, tencent.ActionExportTasks}
	for _, source := range license.Sources() {
		announced = append(announced, source.Info().CAM())
	}
	slices.Sort(announced)
	if diff := cmp.Diff(called, announced); diff != "" {
		t.Errorf("actions (-called +announced):\n%s", diff)
	}
}

// rerouted sends every request to a test's cloud and leaves its Host header
// alone.
type rerouted struct {
	http.RoundTripper
	to    string
	hosts chan<- string
}

func (r rerouted) RoundTrip(request *http.Request) (*http.Response, error) {
	r.hosts <- request.URL.Scheme + "://" + request.URL.Host
	request = request.Clone(request.Context())
	request.URL.Scheme, request.URL.Host = "http", r.to
	if request.URL.Path == "/" {
		request.URL.Path = basePath
	}
	return r.RoundTripper.RoundTrip(request)
}

func TestSites(t *testing.T) {
	t.Parallel()
	tests := map[license.Site][]string{
		license.SiteCN:   {"https://cwp.tencentcloudapi.com", "https://tcss.tencentcloudapi.com"},
		license.SiteIntl: {"https://cwp.intl.tencentcloudapi.com", "https://tcss.intl.tencentcloudapi.com"},
	}
	for site, want := range tests {
		t.Run(string(site), func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(`{"Response":{}}`))
			hosts := make(chan string, 2)
			o := options(t, cloud.URL)
			o.Site, o.Endpoint, o.Transport = site, "", rerouted{o.Transport, host(cloud.URL), hosts}
			c := tencent.New(o)
			if _, err := c.DescribeLicenseGeneral(t.Context()); err != nil {
				t.Error(err)
			}
			if _, err := c.DescribePurchaseStateInfo(t.Context()); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(want, []string{<-hosts, <-hosts}); diff != "" {
				t.Errorf("hosts (-want +got):\n%s", diff)
			}
		})
	}
}

// The signature covers the host: it is sent and signed in lower case. The cloud
// checks that the endpoint's path is kept.
func TestEndpointHostIsLowerCase(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, answerWith(`{"Response":{}}`))
	hosts := make(chan string, 1)
	o := options(t, "https://API.Example.net:8443")
	o.Transport = rerouted{o.Transport, host(cloud.URL), hosts}
	if err := describe(t.Context(), tencent.New(o)); err != nil {
		t.Error(err)
	}
	if got, want := <-hosts, "https://api.example.net:8443"; got != want {
		t.Errorf("called %s, want %s", got, want)
	}
}
