package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/region"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/state"
)

// ArchiveSetting names the archive.
const ArchiveSetting = "LICENSEWATCH_ARCHIVE_URL"

// lateRecord is the age of the newest record from which on digests do not reach the archive.
const lateRecord = 36 * time.Hour

// Archive tries the archive of LICENSEWATCH_ARCHIVE_URL with a small object, which stays
// there, looks for the newest record, and compares it with what the ledger remembers; nil:
// there is none, or it could not be read.
func Archive(ctx context.Context, url string, now time.Time, options state.Options, ledger *life.Ledger) Check {
	return tryArchive(ctx, url, now, options).archiving(url, ledger).Check
}

func tryArchive(ctx context.Context, url string, now time.Time, options state.Options) outcome {
	result := func(kind license.FailureKind, status Status, text, fix string) outcome {
		return outcome{kind: kind, Check: Check{Name: "archive", Status: status, Text: text, Fix: fix}}
	}
	if dir := state.MissingDirectory(url); dir != "" {
		return notThereYet("archive", dir, ArchiveSetting)
	}
	a, err := state.OpenArchive(url, ArchiveSetting, time.Time{}, options)
	if err != nil {
		return result("", Failed, err.Error(), "correct "+ArchiveSetting)
	}
	misplaced, err := archive.Misplaced(ctx, a)
	if misplaced != "" { // an object that is left there never goes away
		return result("", Failed, misplaced, "correct "+ArchiveSetting)
	}
	var found state.ProbeResult
	if err == nil {
		found, err = state.ProbeArchive(ctx, a)
	}
	var heads map[string]archive.Link
	if err == nil {
		heads, err = newestRecords(ctx, a)
	}
	const versioned = " is readable, but cannot create an object only where there is none " +
		"(a bucket that ever had versioning cannot): a record could be written over"
	refusal, isRefused := errors.AsType[*state.Error](err)
	switch {
	case isRefused && refusal.Denied && refusal.Store == "cos":
		return result("", Failed, err.Error(), "licensewatch policy prints the permissions of an archive in COS")
	case refusal != nil && strings.HasPrefix(refusal.Code, "Proxy"):
		return result(license.FailureProxy, Failed, err.Error(), "") // it says what to do
	case err != nil:
		return result("", Failed, err.Error(), "check "+ArchiveSetting)
	case !found.CreateOnly:
		return result("", Warning, a.String()+versioned, "take another bucket")
	default:
		text := a.String() + " is readable, writable and create-only works; " + newestRecord(heads, now)
		if a.String() == "file" {
			text += "; what keeps its files from being changed is not looked at"
		}
		done := result("", OK, text, "")
		done.heads = heads
		return done
	}
}

// newestRecords are the newest records of all accounts that have one; of many accounts that
// of the fleet, which names theirs.
func newestRecords(ctx context.Context, a state.Archive) (map[string]archive.Link, error) {
	accounts, err := a.List(ctx, "")
	if err != nil {
		return nil, err
	}
	isFleet := func(name string) bool { return strings.HasPrefix(name, archive.FleetFolder) }
	hasFleet := slices.ContainsFunc(accounts, isFleet)
	heads := map[string]archive.Link{}
	for _, name := range accounts {
		if hasFleet && !isFleet(name) {
			continue
		}
		account, isFolder := strings.CutSuffix(name, "/")
		if !isFolder || archive.AccountFolder(account) != account {
			continue
		}
		head, _, err := archive.FindHead(ctx, a, account)
		if err != nil {
			return nil, err
		}
		if head != nil {
			heads[account] = *head
		}
	}
	return heads, nil
}

// newestRecord says which the newest record is and how old, of all accounts.
func newestRecord(heads map[string]archive.Link, now time.Time) string {
	var newest archive.Link
	for _, head := range heads {
		if head.Record > newest.Record {
			newest = head
		}
	}
	if newest.Record == "" {
		return "it holds no record yet"
	}
	text := "the newest record is " + newest.Record
	if age := now.Sub(newest.At()); age > lateRecord {
		text += fmt.Sprintf(", %d days old", int(age/(24*time.Hour)))
	}
	return text
}

// archiving adds to the check of an archive that works what the ledger remembers of it: that
// the newest record is not what was sealed, and that nothing could be sealed. A newer record
// than the remembered one is that of a run that was killed before it could remember it.
func (o outcome) archiving(url string, ledger *life.Ledger) outcome {
	if o.Status != OK || ledger == nil {
		return o
	}
	remembered := ledger.LastEvidence()
	if remembered.Archive != ledger.ArchiveID(url, "") { // of another archive
		return o
	}
	found := o.heads[remembered.Account]
	isGone := found.Record < remembered.Record
	isOther := found.Record == remembered.Record && found.SHA256 != remembered.SHA256
	var doubts, fixes []string
	if isGone || isOther {
		what := " was changed since it was sealed"
		if isGone {
			what = ", the newest that the store remembers, is not found"
		}
		doubts = append(doubts, "the record "+remembered.Record+what)
		fixes = append(fixes, "licensewatch archive verify names what is wrong")
	}
	if !remembered.Since.IsZero() {
		text := fmt.Sprintf("the function could not seal anything since %s (%s)",
			remembered.Since.UTC().Format(time.RFC3339), remembered.Reason)
		if remembered.Waiting {
			text += ", and its records wait in the store"
		}
		doubts, fixes = append(doubts, text), append(fixes, "see the function's log")
	}
	if len(doubts) > 0 {
		o.Status, o.Fix = Warning, strings.Join(fixes, "; ")
		o.Text += ", but " + strings.Join(doubts, ", and ")
	}
	return o
}

// archiveProbes are none without an archive.
func archiveProbes(o Options) []probe {
	url := o.Settings.ArchiveURL
	if url == "" {
		return nil
	}
	if wrong, _ := region.OfStore(url); wrong != "" && state.CheckURL(url) == nil {
		return []probe{answeredProbe("archive", Failed, "the region of "+ArchiveSetting+" "+wrong, "correct "+
			ArchiveSetting)}
	}
	options := state.Options{Credentials: o.keys, Transport: o.Transport, Now: o.Now, Sleep: o.Sleep}
	probes := []probe{{"archive", func(ctx context.Context) outcome { return tryArchive(ctx, url, o.Now(), options) }}}
	if strings.HasPrefix(url, "cos://") {
		probes = append(probes, probe{"retention",
			func(ctx context.Context) outcome { return seeRetention(ctx, url, options) }})
	}
	return probes
}

// checkArchiving looks at what the ledger that was read remembers of the archive.
func checkArchiving(outcomes []outcome, url string) []outcome {
	for _, o := range outcomes {
		if o.ledger == nil {
			continue
		}
		for i := range outcomes {
			if outcomes[i].Name == "archive" {
				outcomes[i] = outcomes[i].archiving(url, o.ledger)
			}
		}
	}
	return outcomes
}
