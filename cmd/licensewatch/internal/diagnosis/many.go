package diagnosis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/tencent"
)

// Many are the accounts of an accounts file, each of which is read as a run does.
type Many struct {
	Fleet *fleet.Fleet
	// Known are the accounts of the file and the members of the organization that are known;
	// what is examined of them, and of the members that are listed now, Choose says.
	Known  []fleet.Account
	Choose func([]fleet.Account) []fleet.Account
	// Access says by which keys accounts are read.
	Access func(accounts []fleet.Account) func(*fleet.Account) account.Options
	// Fix says what to do about an account that could not be read.
	Fix   func(*fleet.Account, *license.Failure) string
	Owner life.Owner // of their memory
	// Progress is told how many of how many accounts were read; nil tells nobody.
	Progress func(read, all int)
}

// sites are those of the accounts, the function's own first.
func (o Options) sites() []license.Site {
	sites := []license.Site{o.Settings.Site}
	if o.Many != nil {
		for _, a := range o.Many.Known {
			if !slices.Contains(sites, a.Site) {
				sites = append(sites, a.Site)
			}
		}
	}
	return sites
}

// examineAccounts reads the accounts side by side, and says why some cannot be read, each cause
// once.
func examineAccounts(ctx context.Context, o Options) []outcome {
	many := o.Many
	accounts := many.Known
	var outcomes []outcome
	if many.Fleet.Organization != nil {
		done, members := listMembers(ctx, o)
		if outcomes = append(outcomes, done); members != nil {
			accounts = many.Fleet.WithMembers(members)
		}
	}
	accounts = many.Choose(accounts)
	readings, exports := readAccounts(ctx, o, accounts)
	whole := 0
	var causes []accountCause
	for i, s := range readings {
		isWhole := true
		for _, source := range s.Wanted {
			if f := s.Failures[source]; f != nil {
				isWhole = false
				causes = addCause(causes, &accounts[i], f, false)
			}
		}
		for _, source := range s.Refused() {
			causes = addCause(causes, &accounts[i], s.Failures[source], true)
		}
		if exports[i] != nil {
			causes = addCause(causes, &accounts[i], exports[i], true)
		}
		if isWhole {
			whole++
		}
	}
	summary := outcome{Check: Check{Name: "accounts", Status: OK,
		Text: fmt.Sprintf("%d of %d are read whole", whole, len(accounts))}}
	switch {
	case len(accounts) == 0:
		summary.Check = Check{Name: "accounts", Status: Failed, Text: "there is none to examine",
			Fix: "licensewatch accounts lists them"}
	case whole < len(accounts):
		summary.Status = Warning
	}
	slices.SortStableFunc(causes, func(a, b accountCause) int { return len(b.accounts) - len(a.accounts) })
	outcomes = append(outcomes, summary)
	for _, c := range causes {
		outcomes = append(outcomes, c.outcome(many))
	}
	return outcomes
}

// listMembers lists the members of the organization; nil when that is refused.
func listMembers(ctx context.Context, o Options) (outcome, []fleet.Member) {
	name := tencent.ActionOrganizationMembers
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	client := tencent.New(tencent.Options{Site: o.Settings.Site, Endpoint: o.Settings.APIEndpoint,
		Transport: o.Transport, Now: o.Now,
		Sleep: o.Sleep, Credentials: o.keys})
	listed, err := client.DescribeOrganizationMembers(ctx)
	if err != nil {
		done := judgeCall(o.Settings.Site, "organization", err)
		done.Name = name
		return done, nil
	}
	members := []fleet.Member{}
	for _, m := range listed.List {
		member := fleet.Member{Uin: m.Uin()}
		if m.Name != nil {
			member.Name = *m.Name
		}
		members = append(members, member)
	}
	check := Check{Name: name, Status: OK, Text: fmt.Sprintf("allowed: %d members", len(members))}
	if listed.Incomplete {
		check.Status, check.Text = Warning, check.Text+", and the list is incomplete"
	}
	return outcome{Check: check}, members
}

// readAccounts reads the accounts, as many at once as a run does, and says why those that ask
// for an export may not be asked about one; nil where they may, as far as that is known.
func readAccounts(ctx context.Context, o Options, accounts []fleet.Account) ([]license.Snapshot, []*license.Failure) {
	optionsFor := o.Many.Access(accounts)
	readings, exports := make([]license.Snapshot, len(accounts)), make([]*license.Failure, len(accounts))
	next := make(chan int, len(accounts))
	for i := range accounts {
		next <- i
	}
	close(next)
	var mutex sync.Mutex
	var workers sync.WaitGroup
	read := 0
	for range min(o.Many.Fleet.Concurrency, len(accounts)) {
		workers.Go(func() {
			for i := range next {
				readings[i], exports[i] = examineAccount(ctx, o, &accounts[i], optionsFor(&accounts[i]))
				mutex.Lock()
				if read++; o.Many.Progress != nil {
					o.Many.Progress(read, len(accounts))
				}
				mutex.Unlock()
			}
		})
	}
	workers.Wait()
	return readings, exports
}

// examineAccount reads an account. What would begin an export is not tried.
func examineAccount(ctx context.Context, o Options, a *fleet.Account,
	access account.Options) (license.Snapshot, *license.Failure) {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	s := account.Read(ctx, access)
	isReached := slices.ContainsFunc(s.Wanted, s.IsRead)
	if !a.Export || !isReached || o.Settings.Export == config.ExportOff ||
		!slices.Contains(o.Settings.Sources, license.SourceOverview) {
		return s, nil
	}
	_, err := account.NewClient(access).ExportTasks(ctx, noTask)
	if isAnswered(err) { // that there is no such task is said only to those who may ask
		return s, nil
	}
	return s, account.FailureOf(err)
}

// accountCause is why some accounts cannot be read.
type accountCause struct {
	failure  *license.Failure
	isAside  bool // the role does not allow yet what was added
	accounts []*fleet.Account
}

// addCause adds an account to its cause. What is to be done may be another thing where accounts
// are read by other keys.
func addCause(causes []accountCause, a *fleet.Account, f *license.Failure, isAside bool) []accountCause {
	at := slices.IndexFunc(causes, func(c accountCause) bool {
		first := c.accounts[0]
		return c.isAside == isAside && c.failure.Kind == f.Kind && c.failure.Code == f.Code &&
			c.failure.Service == f.Service &&
			c.failure.Action == f.Action && (first.Role == "") == (a.Role == "") && first.Self == a.Self &&
			(f.Kind != license.FailureCredentials || keysName(first) == keysName(a))
	})
	if at < 0 {
		return append(causes, accountCause{f, isAside, []*fleet.Account{a}})
	}
	if !slices.Contains(causes[at].accounts, a) {
		causes[at].accounts = append(causes[at].accounts, a)
	}
	return causes
}

// keysName is what the variables of the account's keys begin with; empty: the function's own
// keys read it, or assume its role.
func keysName(a *fleet.Account) string {
	if a.Keys == nil {
		return ""
	}
	return a.Keys.Name
}

// outcome says the cause once, and what to do.
func (c accountCause) outcome(many *Many) outcome {
	const named = 8
	var names []string
	for _, a := range c.accounts {
		names = append(names, a.Name)
	}
	shown := strings.Join(names[:min(named, len(names))], ", ")
	if left := len(names) - named; left > 0 {
		shown += fmt.Sprintf(" and %d more", left)
	}
	f := c.failure
	action := strings.Trim(f.Service+":"+f.Action, ":")
	check := Check{Name: "accounts", Status: Failed, Fix: many.Fix(c.accounts[0], f), Accounts: names}
	verb := "refuse"
	if len(names) == 1 {
		verb = "refuses"
	}
	noun := "accounts"
	if len(names) == 1 {
		noun = "account"
	}
	switch f.Kind {
	case license.FailureDenied, license.FailureCredentials, license.FailureRole:
		check.Text = fmt.Sprintf("%d %s %s %s (%s): %s", len(names), noun, verb, action, printableText(f.Code), shown)
	default:
		check.Text = fmt.Sprintf("%d %s not read, %s (%s): %s", len(names), noun, action,
			printableText(cmp.Or(f.Code, string(f.Kind))), shown)
	}
	switch {
	case c.isAside && action == tencent.ActionExportTasks:
		check.Status, check.Text = Warning, check.Text+"; no export of license details"
	case c.isAside:
		check.Status, check.Text = Warning, check.Text+"; what it tells is left out"
	}
	return outcome{Check: check, service: f.Service, kind: f.Kind, otherKeys: keysName(c.accounts[0]) != ""}
}
