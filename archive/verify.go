package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
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

// Problem is something that is wrong with an archive.
type Problem struct {
	Account string `json:"account,omitempty"`
	Record  string `json:"record,omitempty"` // without the account's folder; empty: it is not about one
	File    string `json:"file,omitempty"`   // in the record, or in the account's folder
	Reason  Reason `json:"reason"`
	Detail  string `json:"detail,omitempty"`
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
	Chains   []Chain   `json:"chains"`
	Problems []Problem `json:"problems"` // none: the archive holds what was sealed
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
	result := Result{Chains: []Chain{}, Problems: []Problem{}}
	accounts, err := store.List(ctx, "")
	if err != nil {
		return result, err
	}
	var anchored []string // the hashes of all manifests
	for _, name := range accounts {
		account, isFolder := strings.CutSuffix(name, "/")
		if check.Account != "" && account != check.Account || name == probeName {
			continue
		}
		if !isFolder || !isAccountFolder(account) {
			result.Problems = append(result.Problems, Problem{File: name, Reason: Added})
			continue
		}
		v := verifier{store: store, check: &check, chain: Chain{Account: account, Gaps: []Gap{}, Unsealed: []string{}}}
		if err := v.verifyAccount(ctx); err != nil {
			return result, err
		}
		for _, r := range v.records {
			anchored = append(anchored, r.hash)
		}
		result.Chains = append(result.Chains, v.chain)
		result.Problems = append(result.Problems, v.problems...)
	}
	result.checkMemories(&check, anchored)
	return result, nil
}

// checkMemories compares what was found with what others remember: that accounts have a
// folder at all, and that the hashes of all manifests have each anchor.
func (result *Result) checkMemories(check *Check, hashes []string) {
	for account, head := range check.Heads {
		isOther := check.Account != "" && account != check.Account
		if !isOther && !slices.ContainsFunc(result.Chains, func(c Chain) bool { return c.Account == account }) {
			result.Problems = append(result.Problems, Problem{Account: account, Record: head.Record, Reason: CutOff,
				Detail: "the store remembers it, and the account has no folder"})
		}
	}
	for _, anchor := range check.Anchors {
		if !slices.ContainsFunc(hashes, func(hash string) bool { return strings.HasPrefix(hash, anchor) }) {
			result.Problems = append(result.Problems, Problem{Reason: CutOff, Detail: "no record has the hash " + anchor +
				": the record that had it was removed or changed, unless the digits are copied wrong"})
		}
	}
}

// verifier verifies one account.
type verifier struct {
	store    Store
	check    *Check
	chain    Chain
	problems []Problem
	records  []*foundRecord // sorted by name
}

// foundRecord is a folder that looks like a record.
type foundRecord struct {
	name     string
	hash     string    // of its manifest; empty: it has none
	manifest *Manifest // nil: there is none that can be read
	problems []Problem // of its files
	files    int
	bytes    int64
	distrust bool // the record after it knows another manifest
}

func (v *verifier) report(record, file string, reason Reason, detail string) {
	v.problems = append(v.problems, Problem{v.chain.Account, record, file, reason, detail})
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
		for _, p := range r.problems {
			if !r.distrust || p.File == manifestName { // with a manifest that was changed no file can be compared
				v.problems = append(v.problems, p)
			}
		}
	}
	v.findGaps()
	slices.SortStableFunc(v.problems, func(a, b Problem) int { return strings.Compare(a.Record, b.Record) })
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

// readRecords reads the records side by side.
func (v *verifier) readRecords(ctx context.Context) {
	var working sync.WaitGroup
	var mutex sync.Mutex
	next, done := 0, 0
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for ctx.Err() == nil {
				mutex.Lock()
				i := next
				next++
				mutex.Unlock()
				if i >= len(v.records) {
					return
				}
				v.readRecord(ctx, v.records[i])
				mutex.Lock()
				if done++; v.check.Progress != nil {
					v.check.Progress(done, len(v.records))
				}
				mutex.Unlock()
			}
		})
	}
	working.Wait()
}

// readRecord reads a record's manifest, and compares its files with that.
func (v *verifier) readRecord(ctx context.Context, r *foundRecord) {
	report := func(file string, reason Reason, detail string) {
		r.problems = append(r.problems, Problem{v.chain.Account, r.name, file, reason, detail})
	}
	folder := v.chain.Account + "/" + r.name
	data, err := readManifest(ctx, v.store, folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case errors.Is(err, errTooLarge):
		r.hash = "-"
		report(manifestName, Changed, errTooLarge.Error())
		return
	case err != nil:
		r.hash = "-"
		report(manifestName, Unreadable, err.Error())
		return
	}
	r.hash = hashOf(data)
	m, err := ParseManifest(data)
	if err == nil && (m.Account != v.chain.Account || m.Record() != r.name) {
		err = errors.New("it is another record's")
	}
	if err != nil {
		report(manifestName, Changed, err.Error())
		return
	}
	r.manifest = &m
	defer m.shrink()
	if !v.check.covers(r.name) {
		return
	}
	for _, file := range m.Files {
		reason, detail := v.compareFile(ctx, folder, file)
		if reason != "" {
			report(file.Name, reason, detail)
		}
		r.files++
		r.bytes += file.Size
	}
	added, err := v.addedFiles(ctx, folder, m)
	if err != nil {
		report("", Unreadable, err.Error())
	}
	for i, name := range added {
		if i == maxFiles {
			report(name, Added, "and others")
			break
		}
		report(name, Added, "")
	}
}

// shrink lets go what the chain does not need, since there may be very many records.
func (m *Manifest) shrink() {
	m.Site, m.Mode, m.Program, m.Files = "", "", Program{}, nil
	m.Missing = slices.DeleteFunc(m.Missing, func(missing Missing) bool { return !IsRecordName(missing.Name) })
	for i := range m.Missing {
		m.Missing[i].Reason = ""
	}
}

// compareFile says what is wrong with a file.
func (v *verifier) compareFile(ctx context.Context, folder string, file File) (reason Reason, detail string) {
	digest := sha256.New()
	err := copyBounded(ctx, v.store, folder+"/"+file.Name, digest, file.Size)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Gone, ""
	case err == nil && hex.EncodeToString(digest.Sum(nil)) == file.SHA256:
		return "", ""
	case err == nil, errors.Is(err, errTooLarge):
		return Changed, ""
	default:
		return Unreadable, err.Error()
	}
}

// addedFiles are the names in a record's folder that its manifest does not have.
func (v *verifier) addedFiles(ctx context.Context, folder string, m Manifest) (added []string, err error) {
	isKnown := func(name string) bool {
		return name == manifestName || slices.ContainsFunc(m.Files, func(f File) bool { return f.Name == name })
	}
	hasFolder := func(name string) bool {
		return slices.ContainsFunc(m.Files, func(f File) bool { return strings.HasPrefix(f.Name, name) })
	}
	names, err := v.store.List(ctx, folder)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !strings.HasSuffix(name, "/") || !hasFolder(name) {
			if !isKnown(name) {
				added = append(added, name)
			}
			continue
		}
		inner, err := v.store.List(ctx, folder+"/"+strings.TrimSuffix(name, "/"))
		if err != nil {
			return added, err
		}
		for _, base := range inner {
			if !isKnown(name + base) {
				added = append(added, name+base)
			}
		}
	}
	return added, nil
}
