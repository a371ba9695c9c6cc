package license

// Site is the Tencent Cloud site an account belongs to.
type Site string

// The two sites. They have separate accounts, consoles and API root domains.
const (
	SiteCN   Site = "cn"
	SiteIntl Site = "intl"
)

// Mode is what a run is for.
type Mode string

// The modes: ModeDigest always posts a report, ModeAlert posts only what needs
// attention. ModeReport makes a page for people, and posts that it is there.
const (
	ModeDigest Mode = "digest"
	ModeAlert  Mode = "alert"
	ModeReport Mode = "report"
)
