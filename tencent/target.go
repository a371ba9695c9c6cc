package tencent

import (
	"net/url"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"licensewatch/license"
)

// Root domains of the two sites: the service's name goes in front.
const (
	rootCN   = "tencentcloudapi.com"
	rootIntl = "intl.tencentcloudapi.com"
)

// apiTarget is where requests go.
type apiTarget struct {
	root     string // root domain of the site
	region   string // of the site, for the APIs that must have one
	scheme   string // of the endpoint, when there is one
	endpoint string // host and path that stand in for every service's host
	broken   bool   // an endpoint was given that is no base URL
}

func newTarget(site license.Site, endpoint string) apiTarget {
	t := apiTarget{root: rootCN, region: "ap-guangzhou", scheme: "https"}
	if site == license.SiteIntl {
		t.root, t.region = rootIntl, "ap-singapore"
	}
	if endpoint == "" {
		return t
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" ||
		u.Fragment != "" {
		t.broken = true
		return t
	}
	t.scheme = u.Scheme
	// The signature covers the host, in lower case.
	t.endpoint = strings.ToLower(u.Host) + u.EscapedPath()
	return t
}

// clientProfile is the SDK's settings for one try. Its own time limit and its retries
// are off: they would not look at the context.
func (t apiTarget) clientProfile() *profile.ClientProfile {
	p := profile.NewClientProfile()
	p.HttpProfile.ReqTimeout = 0
	p.HttpProfile.RootDomain = t.root
	p.HttpProfile.Scheme = t.scheme
	p.HttpProfile.Endpoint = t.endpoint
	return p
}

// regionFor is the region that the operation is called with; empty for most.
func (t apiTarget) regionFor(op operation) string {
	if !op.region {
		return ""
	}
	return t.region
}
