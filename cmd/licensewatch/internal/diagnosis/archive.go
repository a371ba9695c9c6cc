package diagnosis

import (
	"context"
	"errors"
	"fmt"
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
// there, and looks for the newest record.
func Archive(ctx context.Context, url string, now time.Time, options state.Options) Check {
	return tryArchive(ctx, url, now, options).Check
}

func tryArchive(ctx context.Context, url string, now time.Time, options state.Options) outcome {
	result := func(kind license.FailureKind, status Status, text, fix string) outcome {
		return outcome{kind: kind, Check: Check{Name: "archive", Status: status, Text: text, Fix: fix}}
	}
	a, err := state.OpenArchive(url, ArchiveSetting, time.Time{}, options)
	if err != nil {
		return result("", Failed, err.Error(), "correct "+ArchiveSetting)
	}
	found, err := state.ProbeArchive(ctx, a)
	newest := ""
	if err == nil {
		newest, err = newestRecord(ctx, a, now)
	}
	const versioned = " is readable and writable, but cannot create an object only where there is none " +
		"(a bucket that ever had versioning cannot): a record could be written over"
	var refusal *state.Error
	switch {
	case errors.As(err, &refusal) && refusal.Denied && refusal.Store == "cos":
		return result("", Failed, err.Error(), "licensewatch policy prints the permissions of an archive in COS")
	case refusal != nil && strings.HasPrefix(refusal.Code, "Proxy"):
		return result(license.FailureProxy, Failed, err.Error(), "") // it says what to do
	case err != nil:
		return result("", Failed, err.Error(), "check "+ArchiveSetting)
	case !found.CreateOnly:
		return result("", Warning, a.String()+versioned, "take another bucket")
	default:
		return result("", OK, a.String()+" is readable, writable and create-only works; "+newest+
			"; its retention is not looked at", "")
	}
}

// newestRecord says which the newest record is and how old, of all accounts.
func newestRecord(ctx context.Context, a state.Archive, now time.Time) (string, error) {
	accounts, err := a.List(ctx, "")
	if err != nil {
		return "", err
	}
	var newest archive.Link
	for _, name := range accounts {
		account, isFolder := strings.CutSuffix(name, "/")
		if !isFolder || archive.AccountFolder(account) != account {
			continue
		}
		head, _, err := archive.FindHead(ctx, a, account)
		if err != nil {
			return "", err
		}
		if head != nil && head.Record > newest.Record {
			newest = *head
		}
	}
	if newest.Record == "" {
		return "it holds no record yet", nil
	}
	text := "the newest record is " + newest.Record
	if age := now.Sub(newest.At()); age > lateRecord {
		text += fmt.Sprintf(", %d days old", int(age/(24*time.Hour)))
	}
	return text, nil
}

// Archiving is the check of an archive that works, where the function could not seal.
func Archiving(check Check, remembered life.Evidence) Check {
	if check.Status != OK || remembered.Since.IsZero() {
		return check
	}
	waits := ""
	if remembered.Waiting {
		waits = ", and its records wait in the store"
	}
	return Check{Name: check.Name, Status: Warning, Text: fmt.Sprintf("%s, but the function could not seal anything since %s (%s)%s",
		check.Text, remembered.Since.UTC().Format(time.RFC3339), remembered.Reason, waits),
		Fix: "see the function's log"}
}

// archiveProbes are none without an archive.
func archiveProbes(o Options) []probe {
	url := o.Settings.ArchiveURL
	if url == "" {
		return nil
	}
	if wrong, _ := region.OfStore(url); wrong != "" && state.CheckURL(url) == nil {
		return []probe{answeredProbe("archive", Failed, "the region of "+ArchiveSetting+" "+wrong, "correct "+ArchiveSetting)}
	}
	return []probe{{"archive", func(ctx context.Context) outcome {
		return tryArchive(ctx, url, o.Now(), state.Options{
			Credentials: o.keys, Transport: o.Transport, Now: o.Now, Sleep: o.Sleep,
		})
	}}}
}

// checkArchiving looks at what the ledger that was read remembers of the archive.
func checkArchiving(outcomes []outcome) []outcome {
	for _, o := range outcomes {
		if o.ledger == nil {
			continue
		}
		for i := range outcomes {
			if outcomes[i].Name == "archive" {
				outcomes[i].Check = Archiving(outcomes[i].Check, o.ledger.LastEvidence())
			}
		}
	}
	return outcomes
}
