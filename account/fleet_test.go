package account_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/tencent"
)

// The account on the international site whose keys assume the roles there.
const (
	intlUIN = "200000000000"
	intlID  = "AKIDintl"
	intlKey = "intl-key"
)

// fleetScenarios are what the accounts are like, one after the other.
var fleetScenarios = []string{"healthy", "near-expiry", "first-day", "everything-wrong"}

// fleetAccount is an account of the tests, with the failure that is to come of each source;
// nil where it is read.
type fleetAccount struct {
	simulator.Account
	want *license.Failure
}

// sickness is what is wrong with an account, and what is to be said of it.
type sickness struct {
	makeSick func(*simulator.Account)
	want     license.Failure
}

// sicknesses of every kind; in 100 accounts 5 are refused, 2 hang and 1 answers garbage.
func sicknesses() map[int]sickness {
	override := func(action string, h http.HandlerFunc) func(*simulator.Account) {
		replaced := map[string]http.HandlerFunc{action: h}
		return func(a *simulator.Account) { a.Override = replaced }
	}
	sts := func(kind license.FailureKind, code string) license.Failure {
		return license.Failure{Kind: kind, Code: code, Service: "sts", Action: "AssumeRole"}
	}
	read := func(kind license.FailureKind, code string) license.Failure {
		return license.Failure{Kind: kind, Code: code}
	}
	denied, hang := simulator.APIError("UnauthorizedOperation", ""), simulator.Hang()
	return map[int]sickness{
		3:  {func(a *simulator.Account) { a.Role = "another" }, sts(license.FailureRole, "InternalError.GetRoleError")},
		17: {func(a *simulator.Account) { a.ExternalID = "another" }, sts(license.FailureDenied, "UnauthorizedOperation")},
		31: {func(a *simulator.Account) { a.Trusts = "100000000099" }, sts(license.FailureDenied, "UnauthorizedOperation")},
		48: {override("*", denied), read(license.FailureDenied, "UnauthorizedOperation")},
		66: {override("*", simulator.APIError("AuthFailure.UnauthorizedOperation", "")), read(license.FailureDenied, "AuthFailure.UnauthorizedOperation")},
		71: {override("AssumeRole", hang), sts(license.FailureTimeout, "Timeout")},
		82: {override("*", hang), read(license.FailureTimeout, "Timeout")},
		97: {override("*", simulator.Answer("<html>log in</html>")), read(license.FailureAnswer, "UnexpectedAnswer")},
	}
}

// newFleet makes accounts on both sites, eight of a hundred of them sick.
func newFleet(n int) []fleetAccount {
	fleet, sick := make([]fleetAccount, n), sicknesses()
	for i := range fleet {
		a := &fleet[i]
		a.Account = simulator.Account{
			UIN: fmt.Sprint(100000001000 + i), Site: license.SiteCN, Scenario: fleetScenarios[i%len(fleetScenarios)],
			Role: "licensewatch-reader", ExternalID: fmt.Sprint("external-", i),
		}
		if i%3 == 0 {
			a.Site, a.Trusts = license.SiteIntl, intlUIN
		}
		if s, isSick := sick[i%100]; isSick {
			s.makeSick(&a.Account)
			a.want = &s.want
		}
	}
	return fleet
}

// cloudOf is a cloud of the accounts, which takes 30 ms to answer.
func cloudOf(fleet []fleetAccount, options simulator.Options) *simulator.Simulator {
	options.Latency = 30 * time.Millisecond
	options.Accounts = []simulator.Account{{UIN: intlUIN, Site: license.SiteIntl, SecretID: intlID, SecretKey: intlKey}}
	for i := range fleet {
		options.Accounts = append(options.Accounts, fleet[i].Account)
	}
	return simulator.New(options)
}

// fleetReader reads the accounts of a fleet: the function's keys assume the roles on the China
// site, and keys of the other site those there.
type fleetReader struct {
	cloud     *simulator.Simulator
	transport http.RoundTripper
	callers   map[license.Site]*tencent.RoleCaller
	within    time.Duration // for each account
}

func newFleetReader(cloud *simulator.Simulator, transport http.RoundTripper) *fleetReader {
	r := &fleetReader{cloud, transport, map[license.Site]*tencent.RoleCaller{}, 5 * time.Second}
	for site, keys := range map[license.Site]func() (id, key, token string, err error){
		license.SiteCN: func() (string, string, string, error) {
			id, key, token := cloud.Credentials()
			return id, key, token, nil
		},
		license.SiteIntl: account.PermanentKeys(config.NewSecret(intlID), config.NewSecret(intlKey)),
	} {
		o := r.options(site)
		o.Credentials = keys
		r.callers[site] = account.NewClient(o).NewRoleCaller()
	}
	return r
}

func (r *fleetReader) options(site license.Site) account.Options {
	sources := []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourcePurchaseState}
	return account.Options{Transport: r.transport,
		Settings: config.Config{Site: site, APIEndpoint: r.cloud.CloudURL(), Sources: sources}}
}

// readAll reads the accounts, some at a time.
func (r *fleetReader) readAll(ctx context.Context, fleet []fleetAccount, inFlight int) []license.Snapshot {
	read, next := make([]license.Snapshot, len(fleet)), make(chan int)
	var reading sync.WaitGroup
	for range inFlight {
		reading.Go(func() {
			for i := range next {
				read[i] = r.read(ctx, i, fleet[i])
			}
		})
	}
	for i := range fleet {
		next <- i
	}
	close(next)
	reading.Wait()
	return read
}

func (r *fleetReader) read(ctx context.Context, i int, a fleetAccount) license.Snapshot {
	o := r.options(a.Site)
	o.Account = a.UIN
	o.Role = account.NewRole(r.callers[a.Site], "qcs::cam::uin/"+a.UIN+":roleName/licensewatch-reader", "licensewatch-4f13b5",
		config.NewSecret(fmt.Sprint("external-", i)))
	return account.ReadBy(ctx, account.NewClient(o), o, time.Now(), time.Now().Add(r.within))
}

// TestFleet reads 200 accounts on both sites side by side, each by a role of its own: what is
// read of each healthy one is what is read of it alone, and of each sick one the cause is said.
func TestFleet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fleet := newFleet(200)
		cloud := cloudOf(fleet, simulator.Options{Limits: true})
		if err := cloud.Check(); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		read := newFleetReader(cloud, cloud.Transport()).readAll(t.Context(), fleet, 32)
		if took := time.Since(begun); took > 12*time.Second {
			t.Errorf("took %v: who hangs holds up the others", took)
		}
		var healthy int
		for i, got := range read {
			if fleet[i].want == nil {
				healthy++
				wantReadAs(t, got, fleet[i].Account)
				continue
			}
			for _, source := range got.Wanted {
				wantFailure(t, fleet[i].UIN, got.Failures[source], source, *fleet[i].want)
			}
		}
		if healthy != 184 {
			t.Errorf("%d healthy accounts, want 184", healthy)
		}
		wantOwnCalls(t, cloud)
	})
}

// wantReadAs compares a snapshot with one of a cloud in which there is no other account.
func wantReadAs(t *testing.T, got license.Snapshot, a simulator.Account) {
	t.Helper()
	alone := simulator.New(simulator.Options{Scenario: a.Scenario, Site: a.Site})
	o := account.Options{Account: a.UIN, Transport: alone.Transport(), Settings: config.Config{
		Site: a.Site, APIEndpoint: alone.CloudURL(), Sources: got.Wanted,
	}, Credentials: func() (string, string, string, error) {
		id, key, token := alone.Credentials()
		return id, key, token, nil
	}}
	want := account.ReadBy(t.Context(), account.NewClient(o), o, got.ReadAt, time.Now().Add(time.Minute))
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(license.Snapshot{})); diff != "" {
		t.Errorf("%s (-alone +in the fleet):\n%s", a.UIN, diff)
	}
}

func wantFailure(t *testing.T, uin string, got *license.Failure, source license.Source, want license.Failure) {
	t.Helper()
	if want.Service == "" {
		want.Service, want.Action = source.Info().Service, source.Info().Action
	}
	if got == nil || got.Kind != want.Kind || got.Code != want.Code || got.Service != want.Service || got.Action != want.Action {
		t.Errorf("%s %s: %+v, want %+v", uin, source, got, want)
	}
}

// wantOwnCalls looks that no call was refused for its signature or its pace, and that each
// role was assumed once, but where another try may help.
func wantOwnCalls(t *testing.T, cloud *simulator.Simulator) {
	t.Helper()
	var assumed int
	for _, call := range cloud.Calls() {
		if call.Verdict != simulator.Accepted {
			t.Errorf("%s %s: %s", call.Action, call.SecretID, call.Verdict)
		}
		if call.Action == "AssumeRole" {
			assumed++
		}
	}
	if want := 200 + 2; assumed != want { // the two roles that do not exist are asked for again
		t.Errorf("%d roles were assumed, want %d", assumed, want)
	}
}

// BenchmarkFleet reads accounts over connections: how many a second, and what is kept of each.
func BenchmarkFleet(b *testing.B) {
	for _, n := range []int{2000} {
		for _, inFlight := range []int{32, 128} {
			b.Run(fmt.Sprintf("%d accounts %d in flight", n, inFlight), func(b *testing.B) {
				fleet := newFleet(n)
				for i := range fleet {
					fleet[i].Override = nil // what hangs would be measured
				}
				cloud := cloudOf(fleet, simulator.Options{CountOnly: true})
				if err := cloud.Start(); err != nil {
					b.Fatal(err)
				}
				defer cloud.Close()
				transport := tencent.NewTransport()
				defer transport.CloseIdleConnections()
				reader := newFleetReader(cloud, transport)
				for b.Loop() {
					before := heap()
					begun := time.Now()
					read := reader.readAll(b.Context(), fleet, inFlight)
					b.ReportMetric(float64(n)/time.Since(begun).Seconds(), "accounts/s")
					b.ReportMetric(float64(heap()-before)/float64(n), "B-kept/account")
					runtime.KeepAlive(read)
				}
			})
		}
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
