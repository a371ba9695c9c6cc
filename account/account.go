// Package account reads an account: every source that is wanted, side by side, into one
// snapshot.
package account

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"licensewatch/config"
	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/tencent"
)

// Options are what an account is read with. The zero value of all but Settings will do.
type Options struct {
	Settings config.Config // Site, Sources, APIEndpoint and Zone count
	// Account is its number, where it is known.
	Account string
	// Credentials are the keys, asked for at every try; nil are those of the settings.
	Credentials func() (id, key, token string, err error)
	// Role is assumed to read the account, where there is one; then Credentials do not count.
	Role      *Role
	Transport http.RoundTripper
	Sleep     func(ctx context.Context, d time.Duration) error
	Now       func() time.Time // when the snapshot is read; nil is time.Now
	Logger    *slog.Logger     // nil logs nothing
}

func (o Options) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Logger
}

// NewClient makes the client that the account is read with.
func NewClient(o Options) *tencent.Client {
	switch {
	case o.Role != nil:
		o.Credentials = o.Role.credentials
	case o.Credentials == nil:
		o.Credentials = o.Settings.Keys
	}
	return tencent.New(tencent.Options{
		Site:        o.Settings.Site,
		Endpoint:    o.Settings.APIEndpoint,
		Credentials: o.Credentials,
		Transport:   o.Transport,
		Logger:      o.logger(),
		Sleep:       o.Sleep,
	})
}

// readingTime bounds the reading where the context does not.
const readingTime = time.Minute

// Read reads the account for an operator: nothing is known of an earlier reading.
func Read(ctx context.Context, o Options) license.Snapshot {
	end, ok := ctx.Deadline()
	if !ok {
		end = time.Now().Add(readingTime)
	}
	s := ReadBy(ctx, NewClient(o), o, o.now(), end)
	s.SetRefusedAside(nil)
	return s
}

// rolesSourcesAtOnce is how many sources are read at the same time of an account that is one of
// many: as many connections does it hold when it hangs.
const rolesSourcesAtOnce = 2

// sourcesAtOnce is how many sources are read at the same time.
func (o Options) sourcesAtOnce() int {
	if o.Role != nil {
		return rolesSourcesAtOnce
	}
	return len(o.Settings.Sources)
}

// ReadBy reads the wanted sources side by side, by the end of its time; the snapshot is
// of now. One source that fails leaves the others; a panic in one is that one's failure. A
// role that cannot be assumed is the failure of each. Of an account with a role two are read
// at a time.
// What only some runs have a use for is asked for once the orders are there, and wanted only
// then.
func ReadBy(ctx context.Context, client *tencent.Client, o Options, now, end time.Time) license.Snapshot {
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	s := license.Snapshot{
		Account:  o.Account,
		Site:     o.Settings.Site,
		ReadAt:   now,
		Wanted:   slices.DeleteFunc(slices.Clone(o.Settings.Sources), isBehindAnother),
		Failures: map[license.Source]*license.Failure{},
	}
	if failure := o.assume(ctx); failure != nil {
		for _, source := range s.Wanted {
			s.Failures[source] = failure
		}
		return s
	}
	next := make(chan license.Source, len(s.Wanted))
	for _, source := range s.Wanted {
		next <- source
	}
	close(next)
	// Each source writes to a field of its own; Failures is shared.
	var mutex sync.Mutex
	var bindings *bindingsRead // nil: they were not asked for
	read := func() {
		for source := range next {
			if failure := readSource(ctx, client, source, &s, o.logger()); failure != nil {
				mutex.Lock()
				s.Failures[source] = failure
				mutex.Unlock()
			}
			if source == license.SourceOrders && slices.Contains(o.Settings.Sources, license.SourceBindings) {
				guard.Run(ctx, o.logger(), string(license.SourceBindings), func() {
					bindings = readBindings(ctx, client, s.Orders.ForBindings(now), o)
				})
			}
		}
	}
	var others sync.WaitGroup
	for range min(o.sourcesAtOnce(), len(s.Wanted)) - 1 {
		others.Go(read)
	}
	read()
	others.Wait()
	bindings.enter(&s, o.Settings.Sources)
	return s
}

// assume assumes the account's role, where there is one.
func (o Options) assume(ctx context.Context) *license.Failure {
	if o.Role == nil {
		return nil
	}
	var err error
	if !guard.Run(ctx, o.logger(), "role", func() { err = o.Role.Assume(ctx) }) {
		return &license.Failure{Kind: license.FailureInternal, Code: "Internal"}
	}
	return FailureOf(err)
}

func isBehindAnother(source license.Source) bool { return source.Info().Behind != "" }

func (o Options) now() time.Time {
	now := time.Now()
	if o.Now != nil {
		now = o.Now()
	}
	if o.Settings.Zone != nil {
		now = now.In(o.Settings.Zone)
	}
	return now
}

func readSource(ctx context.Context, client *tencent.Client, source license.Source, s *license.Snapshot,
	logger *slog.Logger) *license.Failure {
	var err error
	if !guard.Run(ctx, logger, string(source), func() { err = client.Read(ctx, source, s) }) {
		return &license.Failure{Kind: license.FailureInternal, Code: "Internal"}
	}
	return FailureOf(err)
}

// FailureOf gives the facts of an API error; nil for nil.
func FailureOf(err error) *license.Failure {
	if err == nil {
		return nil
	}
	if api, ok := errors.AsType[*tencent.APIError](err); ok {
		return api.Failure()
	}
	return &license.Failure{Kind: license.FailureInternal, Code: "Internal"}
}
