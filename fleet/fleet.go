package fleet

import (
	"licensewatch/config"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
	"licensewatch/notify"
)

// The bounds of a file.
const (
	MaxFile     = 4 << 20 // bytes
	MaxAccounts = 10_000
	maxRoutes   = 500
	maxChannels = 200
)

// Accounts in flight at once.
const (
	defaultConcurrency = 32
	maxConcurrency     = 256 // each holds two connections; 1,024 files may be open
)

// Fleet is what an accounts file says.
type Fleet struct {
	Accounts     []Account     // those whose entries are right, in the order of the file
	LeftOut      []LeftOut     // those whose entries are wrong: they are not watched
	Organization *Organization // nil: the file has none
	Channels     []Channel
	Routes       []Route
	Default      []string // the channels that hear of what fits no route
	Concurrency  int      // accounts in flight at once, 1 to 256

	// Variables are the environment variables that the file names, sorted, without their
	// values. They are known names.
	Variables []string
	// Warnings are what looks wrong and may be meant, in the order of the file.
	Warnings []yamlnode.Problem

	file string // its name
}

// Account is one that is watched.
type Account struct {
	Uin    string
	Name   string // its uin where the file gives none; no other account's name or uin
	Site   license.Site
	Labels map[string]string
	Access
	Export bool // its license details are exported
	Line   int  // in the file; 0 for a member of the organization
}

// Access is by which keys an account is read.
type Access struct {
	Self bool // by the function's own keys, without a role
	// Role is the ARN of the role that is assumed; empty: none is.
	Role string
	// ExternalID is for the role; ExternalIDVariable holds it, empty: without.
	ExternalID         config.Secret
	ExternalIDVariable string
	// Keys assume the role, or read the account where there is no role; nil: the
	// function's own do.
	Keys *Keys
}

// Keys are permanent keys from the environment.
type Keys struct {
	Name   string // what the variables' names begin with: LICENSEWATCH_SG
	ID     config.Secret
	Secret config.Secret // both zero where Options.Lookup is nil
}

// LeftOut is an account whose entry is wrong. Equal mistakes of several have equal texts.
type LeftOut struct {
	Uin, Name string // empty where they are not known
	Line      int
	Problems  []yamlnode.Problem // at least one
}

// Organization are accounts that are not listed in the file: the members of the
// organization of the function's account.
type Organization struct {
	Include []string // patterns of uins or names; none: all
	Exclude []string
	Labels  map[string]string

	site       license.Site
	role       string // as the file has it
	externalID externalID
	keys       *Keys
	export     bool
}

// Member is an account of an organization.
type Member struct{ Uin, Name string }

// Channel is a chat, or a webhook, that is told.
type Channel struct {
	Name     string
	Kind     *notify.ChannelKind
	Variable string        // that holds the webhook
	Webhook  config.Secret // zero where Options.Lookup is nil
	Mention  []string      // who is called
	Language license.Language
	Hours    license.Hours
	Digest   config.DigestWhen
}

// Route says which channels hear of some findings.
type Route struct {
	// What it fits; a list that is empty, or a map, fits everything.
	Accounts   []string // patterns of names or uins, one of which fits
	Labels     map[string][]string
	Tags       map[string][]string // of the order the finding is about
	Rules      []string
	Severities []license.Severity

	To       []string // names of channels
	Continue bool     // the routes behind it are asked as well
	Line     int
	column   int
}
