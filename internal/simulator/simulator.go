package simulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"licensewatch/license"
)

// Options says what to simulate. The zero value is a healthy account of the
// China site, now.
type Options struct {
	// Scenario is the name of one of Scenarios; empty means "healthy".
	Scenario string
	// DaysAgo is how many days ago it is in a scenario that tells of a time, such as "quarter":
	// Now is so many days before its last day. Every other scenario looks the same each day.
	DaysAgo int
	// Site picks the published sample the overview is based on; empty means cn.
	Site license.Site
	// Now is the scenario's clock: the dates in the answers are counted from it.
	// Nil means time.Now.
	Now func() time.Time
	// SignatureClock is the clock that a signature's timestamp is compared with,
	// and that the answers' Date header shows. Nil means time.Now.
	SignatureClock func() time.Time
	// FirstTaskID is the id of the first export; 0 means 1, as published.
	FirstTaskID int64
	// LocalExport: the links of finished exports lead to the simulator itself. Else they
	// look like those of the cloud, and RouteExports leads requests for them here.
	LocalExport bool
	// Rates is how many posts each webhook of a kind takes: "slack" a second, every
	// other kind a minute. A kind that is not named takes any number.
	Rates map[string]int
	// RateClock is the clock of Rates and Limits. Nil means time.Now.
	RateClock func() time.Time

	// Accounts are those of a cloud of many. The keys of Credentials are those of the one
	// that is Self; where none is, of an account that is not among them.
	Accounts []Account
	// Members are listed by the organization of the account that is Self; none: there is no
	// organization.
	Members []Member
	// Invoked takes what functions are invoked with; nil: there is no function. It must not
	// wait, nor call the Simulator.
	Invoked func(Invocation)
	// Latency is how long the cloud takes to answer.
	Latency time.Duration
	// Limits: more requests a second than an API takes from an account are refused.
	Limits bool
	// CountOnly: Calls keeps none, so that many cost no memory.
	CountOnly bool
}

// Simulator is one simulated cloud with its chats. It is safe for concurrent
// use.
type Simulator struct {
	*core
	*cloud
	*chats

	server *http.Server
	stop   context.CancelFunc
	served chan struct{}  // closed when the accept loop has ended
	conns  sync.WaitGroup // the open connections
}

// credentials are the keys the cloud accepts.
type credentials struct{ id, key, token string }

// New prepares a simulator; Start makes it listen. A scenario that does not
// exist is reported by Start.
func New(options Options) *Simulator {
	options = withDefaults(options)
	scenario, err := findScenario(options.Scenario, options.DaysAgo)
	own := &core{options: options, base: "http://127.0.0.1", overrides: map[string]http.HandlerFunc{},
		requests: map[string]int{}}
	s := &Simulator{
		core: own,
		cloud: &cloud{
			core: own, scenario: scenario, refused: err,
			keys: credentials{
				id:    "AKID-fake-for-loopback-tests",
				key:   "not-a-key-but-a-stand-in",
				token: "session-token-of-no-account",
			},
			exports: exports{next: options.FirstTaskID, polls: map[int64]int{}, owners: map[int64]string{},
				months: map[int64]string{}},
			members: options.Members,
			shared:  map[sharedAnswer][]byte{},
			windows: map[windowKey]window{},
		},
		chats: &chats{core: own, hooks: newHooks()},
	}
	s.addAccounts()
	return s
}

func withDefaults(o Options) Options {
	if o.Scenario == "" {
		o.Scenario = "healthy"
	}
	if o.Site == "" {
		o.Site = license.SiteCN
	}
	if o.FirstTaskID == 0 {
		o.FirstTaskID = 1
	}
	for _, clock := range []*func() time.Time{&o.Now, &o.SignatureClock, &o.RateClock} {
		if *clock == nil {
			*clock = time.Now
		}
	}
	return o
}

// Check says what is wrong with the options; who uses the simulator without
// Start should ask.
func (s *Simulator) Check() error {
	if s.refused != nil {
		return s.refused
	}
	if s.options.Site != license.SiteCN && s.options.Site != license.SiteIntl {
		return fmt.Errorf("simulator: there is no site %q, only cn and intl", s.options.Site)
	}
	return nil
}

// Start listens on a free loopback port. It fails when the scenario or the site
// does not exist, when it was started before, or when no port can be had.
func (s *Simulator) Start() error {
	if err := s.Check(); err != nil {
		return err
	}
	if s.server != nil {
		return errors.New("simulator: already started")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("simulator: listen on loopback: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.base = "http://" + listener.Addr().String()
	s.stop = cancel
	s.served = make(chan struct{})
	s.server = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnState:         s.countConnection,
	}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener) // always ends with ErrServerClosed
	}()
	return nil
}

// countConnection lets Close wait for the connections' goroutines. New ones are
// counted by the accept loop, so none is added once that has ended.
func (s *Simulator) countConnection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.conns.Done()
	case http.StateActive, http.StateIdle: // still open
	}
}

// Close stops listening, ends what still hangs, and waits until everything the
// simulator started has ended. It may be called more than once.
func (s *Simulator) Close() {
	if s.server == nil {
		return
	}
	s.stop()
	_ = s.server.Close()
	<-s.served
	s.conns.Wait()
}

// Credentials are the keys the cloud accepts.
func (s *Simulator) Credentials() (id, key, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys.id, s.keys.key, s.keys.token
}

// SetCredentials changes the keys, as the platform does between two
// invocations; the former ones are refused from then on. Without a token, a
// request must carry none.
func (s *Simulator) SetCredentials(id, key, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = credentials{id, key, token}
}
