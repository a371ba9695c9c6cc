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
// attention.
const (
	ModeDigest Mode = "digest"
	ModeAlert  Mode = "alert"
)

// Source names one of the independent readings a Snapshot is made of.
type Source string

// The sources. The names are those of the Summary's "sources".
const (
	SourceOverview      Source = "cwp.overview" // cwp DescribeLicenseGeneral
	SourceOrders        Source = "cwp.orders"   // cwp DescribeLicenseList
	SourcePurchaseState Source = "tcss"         // tcss DescribePurchaseStateInfo
)
