package handler

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/tencent"
)

// read takes the snapshot, recalls what was said before, has the license details
// exported and gets the built-in rules ready, all side by side.
func (r *run) read(ctx context.Context, now time.Time) {
	remembered := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() {
		defer close(remembered)
		r.recall(ctx)
	})
	beside.Go(func() {
		<-remembered // the export's task is remembered before it is asked for
		r.runExport(ctx, now)
	})
	beside.Go(func() {
		r.guard(ctx, "rules", func() { r.prepareRules(remembered) })
	})
	r.collect(ctx, r.client, now, r.budget.collect)
	<-remembered
	if !r.busy && r.memory.Works() && r.memory.Waited() { // another run spoke meanwhile, and may have read later
		r.collect(ctx, r.client, r.now(), r.budget.export)
	}
	beside.Wait()
	r.skew = r.clockSkew()
	now = now.Add(-r.skew)
	r.snapshot.ReadAt = r.snapshot.ReadAt.Add(-r.skew)
	previous := r.previous()
	r.snapshot.SetRefusedAside(previous)
	r.snapshot = r.snapshot.After(previous, now)
}

// clockSkew is how far the clock is ahead where the cloud has refused the time of a
// request. When the answer did not tell the time, it is that of the last run.
func (r *run) clockSkew() time.Duration {
	var skew time.Duration
	isRefused := false
	for _, f := range r.snapshot.Failures {
		if f.Kind == license.FailureClock {
			isRefused = true
			skew = cmp.Or(skew, f.ClockSkew)
		}
	}
	if isRefused && skew == 0 && !slices.ContainsFunc(r.snapshot.Wanted, r.snapshot.Has) && r.memory.Works() {
		if last := r.memory.Ledger.LastRun().At; !last.IsZero() {
			return r.handler.now().Sub(last)
		}
	}
	return skew
}

// prepareRules gets ready the rules that will be needed.
func (r *run) prepareRules(remembered <-chan struct{}) {
	if r.rules == nil {
		r.rules = rules.Default()
	}
	if r.memory == nil {
		return
	}
	life.Prepare() // while the store answers
	<-remembered
	if r.previous() != nil {
		r.rules.PrepareChanges()
	}
}

// recall takes the lock and loads the ledger.
func (r *run) recall(ctx context.Context) {
	if r.memory == nil {
		return
	}
	ctx, cancel := context.WithDeadline(ctx, r.budget.export)
	defer cancel()
	isSound := r.guard(ctx, "memory", func() {
		r.busy = r.memory.Begin(ctx, r.whose())
		if r.memory.Knows() && !r.mistaken { // else some channels may be left out, and the others in their places
			BindChannels(r.memory.Ledger, r.config, r.now())
		}
	})
	if !isSound { // what is there of it is not what was remembered
		r.memory.Fail(ctx, errInternal)
	}
}

// errInternal is a part of the run that broke; the log has the place.
var errInternal = errors.New("internal error")

// previous is the last reading before this one, for rules about changes; nil
// when there was none.
func (r *run) previous() *license.Snapshot {
	if !r.memory.Knows() {
		return nil
	}
	return Previous(r.memory.Ledger)
}

// newClient makes the cloud client; keys are nil where they are to come from the
// environment.
func (r *run) newClient(keys func() (id, key, token string, err error)) *tencent.Client {
	if keys == nil {
		keys = config.Keys
	}
	return tencent.New(tencent.Options{
		Site:        r.config.Site,
		Endpoint:    r.config.APIEndpoint,
		Credentials: keys,
		Transport:   r.handler.transport,
		Logger:      r.logger,
		Sleep:       r.handler.sleep,
	})
}

// collect reads the wanted sources side by side. One that fails leaves the
// others; a panic in one is that one's failure.
func (r *run) collect(ctx context.Context, client *tencent.Client, now, end time.Time) {
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	s := license.Snapshot{
		Account:  r.host.TencentcloudUin,
		Site:     r.config.Site,
		ReadAt:   now,
		Wanted:   r.config.Sources,
		Failures: map[license.Source]*license.Failure{},
	}
	// Each writes to a field of its own; Failures is shared.
	var mutex sync.Mutex
	var reading sync.WaitGroup
	for _, source := range s.Wanted {
		reading.Go(func() {
			if failure := r.readSource(ctx, client, source, &s); failure != nil {
				mutex.Lock()
				defer mutex.Unlock()
				s.Failures[source] = failure
			}
		})
	}
	reading.Wait()
	r.snapshot = s
}

func (r *run) readSource(ctx context.Context, client *tencent.Client, source license.Source, s *license.Snapshot) *license.Failure {
	var err error
	ok := r.guard(ctx, string(source), func() {
		err = client.Read(ctx, source, s)
	})
	if !ok {
		return &license.Failure{Kind: license.FailureInternal, Code: "Internal"}
	}
	return failureOf(err)
}

// failureOf gives the facts of an API error; nil for nil.
func failureOf(err error) *license.Failure {
	if err == nil {
		return nil
	}
	var api *tencent.APIError
	if errors.As(err, &api) {
		return api.Failure()
	}
	return &license.Failure{Kind: license.FailureInternal, Code: "Internal"}
}
