package archive

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Reason says in a word what is wrong.
type Reason string

// The reasons.
const (
	Changed    Reason = "changed"      // it does not hold what was sealed
	Gone       Reason = "missing"      // it was sealed, and is not there
	Added      Reason = "added"        // no manifest names it
	NotSealed  Reason = "not sealed"   // a folder without a manifest, of which no later record tells
	Forked     Reason = "forked"       // two records follow the same one
	OutOfOrder Reason = "out of order" // it follows a record that is not older
	CutOff     Reason = "cut off"      // the newest records are gone, as far as others remember them
	Unreadable Reason = "unreadable"   // the store did not give it
)

// Defect is something that is wrong with an archive.
type Defect struct {
	Account string `json:"account,omitempty"`
	Record  string `json:"record,omitempty"` // without the account's folder; empty: it is not about one
	File    string `json:"file,omitempty"`   // in the record, or in the account's folder
	Reason  Reason `json:"reason"`
	Detail  string `json:"detail,omitempty"`
}

// String says what is wrong in one line.
func (d Defect) String() string {
	isEmpty := func(text string) bool { return text == "" }
	where := strings.Join(slices.DeleteFunc([]string{d.Account, d.Record, d.File}, isEmpty), "/")
	parts := []string{cmp.Or(where, "the archive"), string(d.Reason), d.Detail}
	return strings.Join(slices.DeleteFunc(parts, isEmpty), ": ")
}

// Gap are days without a record, the first and the last.
type Gap struct {
	From string `json:"from"` // "2026-11-28", in UTC
	To   string `json:"to"`
}

// Chain is what was found of an account.
type Chain struct {
	Account  string   `json:"account"`
	Records  int      `json:"records"` // sealed ones
	Files    int      `json:"files"`   // of theirs that were compared, besides the manifests
	Bytes    int64    `json:"bytes"`
	First    string   `json:"first,omitempty"` // the oldest record
	Head     *Link    `json:"head"`            // the newest record
	Gaps     []Gap    `json:"gaps"`
	Unsealed []string `json:"unsealed"` // folders that were not sealed, as a later record says itself
}

// Result is what came of a verification.
type Result struct {
	Chains  []Chain  `json:"chains"`
	Defects []Defect `json:"problems"` // none: the archive holds what was sealed
}

// Check says what is verified.
type Check struct {
	Account string // only this one; empty: all
	// From and To are days, in UTC, both included; zero: no bound. What lies outside is
	// taken as it is.
	From, To time.Time
	// Anchors are beginnings of manifests' hashes, as people have them from messages.
	Anchors []string
	// Heads are the newest records that a store remembers, by account.
	Heads map[string]Link
	// Reads says which files whoever asks reads from each record and so compares itself, as
	// Manifest.CopyFile does; may be nil.
	Reads func(file string) bool
	// Progress is called as records are done; may be nil.
	Progress func(done, all int)
}

// covers says whether the record is one that is verified.
func (c *Check) covers(record string) bool {
	at, _, ok := parseRecordName(record)
	day := at.Truncate(24 * time.Hour)
	return ok && (c.From.IsZero() || !day.Before(c.From)) && (c.To.IsZero() || !day.After(c.To))
}

// Verify compares every file with its manifest, every manifest with the one after it, and
// the newest with what others remember. The error says that the archive could not be
// listed; what is wrong with it is in the result.
func Verify(ctx context.Context, store Store, check Check) (Result, error) {
	result := Result{Chains: []Chain{}, Defects: []Defect{}}
	accounts, err := store.List(ctx, "")
	if err != nil {
		return result, err
	}
	var anchored []string // the hashes of all manifests, of which there may be millions
	hasFleet := slices.ContainsFunc(accounts, func(name string) bool {
		return isFleetFolder(strings.TrimSuffix(name, "/"))
	})
	var others []Defect
	sealed := sealedSums{}
	for _, name := range accounts {
		account, isFolder := strings.CutSuffix(name, "/")
		if check.Account != "" && account != check.Account || name == probeName {
			continue
		}
		if !isFolder || !isAccountFolder(account) {
			result.Defects = append(result.Defects, Defect{File: name, Reason: Added})
			continue
		}
		v := verifier{store: store, check: &check, sealed: sealed,
			chain: Chain{Account: account, Gaps: []Gap{}, Unsealed: []string{}}}
		if err := v.verifyAccount(ctx); err != nil {
			return result, err
		}
		for _, r := range v.records {
			if len(check.Anchors) > 0 {
				anchored = append(anchored, r.hash)
			}
			if hasFleet {
				sealed[sumOf(account, Link{r.name, r.hash})] = struct{}{}
			}
		}
		others = append(others, v.others...)
		result.Chains = append(result.Chains, v.chain)
		result.Defects = append(result.Defects, v.defects...)
	}
	result.addOthers(others)
	result.checkMemories(&check, anchored)
	return result, nil
}

// checkMemories compares what was found with what others remember: that accounts have a
// folder at all, and that the hashes of all manifests have each anchor.
func (result *Result) checkMemories(check *Check, hashes []string) {
	for account, head := range check.Heads {
		isOther := check.Account != "" && account != check.Account
		if !isOther && !slices.ContainsFunc(result.Chains, func(c Chain) bool { return c.Account == account }) {
			result.Defects = append(result.Defects, Defect{Account: account, Record: head.Record, Reason: CutOff,
				Detail: "the store remembers it, and the account has no folder"})
		}
	}
	for _, anchor := range check.Anchors {
		if !slices.ContainsFunc(hashes, func(hash string) bool { return strings.HasPrefix(hash, anchor) }) {
			result.Defects = append(result.Defects,
				Defect{Reason: CutOff, Detail: "no record has the hash " + anchor +
					": the record that had it was removed or changed, unless the digits are copied wrong"})
		}
	}
}

// verifier verifies one account.
type verifier struct {
	store   Store
	check   *Check
	chain   Chain
	defects []Defect
	records []*foundRecord // sorted by name
	sealed  sealedSums     // of the accounts, which come before a fleet
	others  []Defect       // of records that those of a fleet name
}

// foundRecord is a folder that looks like a record.
type foundRecord struct {
	name     string
	hash     string    // of its manifest; empty: it has none
	isEmpty  bool      // and no file either
	manifest *Manifest // nil: there is none that can be read
	defects  []Defect  // of its files
	others   []Defect  // of records that it names
	files    int
	bytes    int64
	distrust bool // the record after it knows another manifest
}

func (v *verifier) report(record, file string, reason Reason, detail string) {
	v.defects = append(v.defects, Defect{v.chain.Account, record, file, reason, detail})
}

func (v *verifier) verifyAccount(ctx context.Context) error {
	if err := v.findRecords(ctx, "", 4); err != nil {
		return err
	}
	v.readRecords(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	v.checkHead()
	v.checkChain()
	v.checkTail()
	for _, r := range v.records {
		if r.hash == "" || !v.check.covers(r.name) {
			continue
		}
		v.chain.Records++
		v.chain.Files += r.files
		v.chain.Bytes += r.bytes
		if v.chain.First == "" {
			v.chain.First = r.name
		}
		v.chain.Head = &Link{r.name, r.hash}
		for _, p := range r.defects {
			if !r.distrust || p.File == manifestName { // with a manifest that was changed no file can be compared
				v.defects = append(v.defects, p)
			}
		}
		if !r.distrust {
			v.others = append(v.others, r.others...)
		}
	}
	v.findGaps()
	slices.SortStableFunc(v.defects, func(a, b Defect) int { return strings.Compare(a.Record, b.Record) })
	return nil
}

// findRecords finds the folders that look like records; whatever else there is was added.
func (v *verifier) findRecords(ctx context.Context, below string, levels int) error {
	names, err := v.store.List(ctx, strings.TrimSuffix(v.chain.Account+"/"+below, "/"))
	if err != nil {
		return err
	}
	const layout = "2006/01/02"
	added := 0
	for _, name := range names {
		folder, isFolder := strings.CutSuffix(name, "/")
		path := strings.TrimPrefix(below+"/"+folder, "/")
		isPart := len(path) <= len(layout) && strings.Trim(folder, "0123456789") == "" && len(path) == 4+3*(4-levels)
		switch {
		case levels == 1 && isFolder && IsRecordName(path):
			v.records = append(v.records, &foundRecord{name: path})
		case levels > 1 && isFolder && isPart:
			if err := v.findRecords(ctx, path, levels-1); err != nil {
				return err
			}
		case added < maxFiles:
			added++
			v.report("", strings.TrimPrefix(below+"/"+name, "/"), Added, "")
		case added == maxFiles:
			added++
			v.report("", strings.TrimPrefix(below+"/"+name, "/"), Added, "and others")
		}
	}
	return nil
}
