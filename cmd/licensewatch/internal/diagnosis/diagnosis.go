// Package diagnosis looks at everything a run needs from outside: keys, the
// cloud's hosts, the clock, permissions, the store, the hosts of the webhooks.
// Nothing is posted and no export is started.
//
// The files:
//
//	diagnosis.go  the checks side by side, each bounded
//	settle.go     one cause is told once
//	site.go       the API's hosts, and the clock by their answers
//	identity.go   who the keys belong to
//	access.go     each API: allowed or refused
//	store.go      the store
//	archive.go    the archive, where there is one, and retention.go: what keeps its records
//	proxy.go      the proxy on the way, where there is one
//	host.go       the hosts of webhooks and heartbeat, by TCP and TLS alone
//	many.go       the accounts of an accounts file, by cause
//	fault.go      a failed connection in words
package diagnosis

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
)

// Status is how a check ended.
type Status string

// The statuses.
const (
	OK      Status = "ok"
	Warning Status = "warning" // works, or is not known; worth a look
	Failed  Status = "failed"  // a run would not work, or not wholly
	Skipped Status = "skipped" // switched off, or in vain while another check fails
)

// Check is one thing that was looked at. No text holds a key or a URL.
type Check struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Text   string `json:"text"`
	Fix    string `json:"fix,omitempty"` // what to do; empty when nothing is, or when the text says it
	// Accounts are those of many that it is about, by name; empty: it is about none in particular.
	Accounts []string `json:"accounts,omitempty"`
}

// Options are what is looked at, and through what.
type Options struct {
	Settings config.Config
	// Mistakes are the mistakes of the settings, as licensewatch check lists them.
	Mistakes []string
	// Strays are settings that do not exist, or are set to nothing: a run goes on
	// without them.
	Strays []string
	// Credentials finds the keys; it must be given.
	Credentials func() (config.Credentials, error)
	// Transport carries what is asked of the API and of COS; it must be given.
	Transport http.RoundTripper
	// Dial opens the connections to the webhooks' hosts; nil dials directly.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Proxy says through which proxy a URL is reached; nil: none.
	Proxy func(*url.URL) (*url.URL, error)
	// Mistyped is the variable that is meant to name a proxy and is no URL; empty:
	// there is none.
	Mistyped string
	// RootCAs are who may sign the webhooks' certificates; nil: those of the
	// system.
	RootCAs *x509.CertPool
	// Now is the clock that signs requests, which is compared with the API's.
	// Nil means time.Now.
	Now func() time.Time
	// Sleep waits between tries; nil waits in real time.
	Sleep func(context.Context, time.Duration) error
	// Many are the accounts of an accounts file; nil: the account of the keys.
	Many *Many
	// Waiting is told, after each check, which are still under way; nil tells
	// nobody.
	Waiting func(names []string)
}

// keys are the Credentials, for the clients that ask at every try.
func (o Options) keys() (id, key, token string, err error) {
	found, err := o.Credentials()
	return found.SecretID.Reveal(), found.SecretKey.Reveal(), found.Token.Reveal(), err
}

// Limit bounds each check. They run side by side, so that it nearly bounds all.
const Limit = 10 * time.Second

// outcome is a check with what others conclude from it.
type outcome struct {
	Check
	service   string                  // of an API's host or action; "" for any
	kind      license.FailureKind     // why a request failed; "" when it did not
	otherKeys bool                    // it was made by other keys than the function's
	skew      time.Duration           // how far our clock is ahead
	timed     bool                    // skew was measured
	account   string                  // whose the keys are; empty when that is not known
	ledger    *life.Ledger            // that the store holds; nil when it was not read
	heads     map[string]archive.Link // the newest records of an archive, by account
}

// probe is a check that takes its time.
type probe struct {
	name string
	run  func(ctx context.Context) outcome
}

// Run makes every check and gives them in the order to read them.
func Run(ctx context.Context, o Options) []Check {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{}).DialContext
	}
	keys := checkKeys(o)
	var ofMany sync.WaitGroup
	var accounts []outcome
	var access []probe
	if o.Many == nil {
		access = accessProbes(o, keys)
	} else {
		ofMany.Go(func() { accounts = examineAccounts(ctx, o) })
	}
	probes := slices.Concat(proxyProbes(o), siteProbes(o), identityProbes(o, keys), access,
		[]probe{storeProbe(o)}, archiveProbes(o), hostProbes(o))
	found := runAll(ctx, probes, o.Waiting)
	ofMany.Wait()
	outcomes := settleOutcomes(checkArchiving(checkOwner(o, append(found, accounts...)), o.Settings.ArchiveURL))
	checks := append(checkSettings(o), keys)
	for _, done := range outcomes {
		checks = append(checks, done.Check)
	}
	return checks
}

// runAll runs the probes side by side and waits for all of them.
func runAll(ctx context.Context, probes []probe, tell func([]string)) []outcome {
	outcomes := make([]outcome, len(probes))
	under := make([]string, len(probes))
	for i, p := range probes {
		under[i] = p.name
	}
	var mutex sync.Mutex
	var all sync.WaitGroup
	for i, p := range probes {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, Limit)
			defer cancel()
			outcomes[i] = p.run(ctx)
			outcomes[i].Name = p.name
			mutex.Lock()
			defer mutex.Unlock()
			under[i] = ""
			if left := slices.DeleteFunc(slices.Clone(under), func(s string) bool { return s == "" }); tell != nil &&
				len(left) > 0 {
				tell(left)
			}
		})
	}
	all.Wait()
	return outcomes
}

// checkSettings says whether there is something to correct before anything else.
// Of many accounts each mistake is a check: the others are examined all the same.
func checkSettings(o Options) []Check {
	all := slices.Concat(o.Mistakes, o.Strays)
	if len(all) == 0 {
		return []Check{{Name: "settings", Status: OK, Text: "right"}}
	}
	if o.Many != nil {
		checks := make([]Check, len(all))
		for i, text := range all {
			checks[i] = Check{Name: "settings", Status: Failed, Text: text, Fix: "correct it"}
			if i >= len(o.Mistakes) {
				checks[i].Status = Warning
			}
		}
		return checks
	}
	c := Check{Name: "settings", Status: Failed, Text: all[0], Fix: "correct it"}
	if len(o.Mistakes) == 0 {
		c.Status = Warning
	}
	if len(all) > 1 {
		c.Text, c.Fix = c.Text+"; and more", "licensewatch check lists all mistakes"
	}
	return []Check{c}
}

// checkKeys says where keys were found.
func checkKeys(o Options) Check {
	keys, err := o.Credentials()
	if err != nil {
		return Check{Name: "keys", Status: Failed, Text: err.Error()} // which says what to do
	}
	kind := "permanent"
	if !keys.Token.IsZero() {
		kind = "temporary, with a token"
	}
	return Check{Name: "keys", Status: OK, Text: "found in " + keys.Source + ", " + kind}
}

// answeredProbe makes a probe that has its answer already.
func answeredProbe(name string, status Status, text, fix string) probe {
	return probe{name, func(context.Context) outcome {
		return outcome{Check: Check{Status: status, Text: text, Fix: fix}}
	}}
}
