package diagnosis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"licensewatch/cmd/licensewatch/internal/region"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/state"
)

// Store tries the store of LICENSEWATCH_STATE_URL with a small object of its own.
func Store(ctx context.Context, url string, options state.Options) Check {
	return tryStore(ctx, url, options).Check
}

func tryStore(ctx context.Context, url string, options state.Options) outcome {
	const name = "state"
	result := func(kind license.FailureKind, status Status, text, fix string) outcome {
		return outcome{kind: kind, Check: Check{Name: name, Status: status, Text: text, Fix: fix}}
	}
	if url == "" {
		return result("", Skipped, "none; alerts repeat what they say, leave their timer off", "")
	}
	if dir := state.MissingDirectory(url); dir != "" {
		return notThereYet("state", dir, "LICENSEWATCH_STATE_URL")
	}
	store, err := state.Open(url, options)
	if err != nil {
		return result("", Failed, err.Error(), "correct LICENSEWATCH_STATE_URL")
	}
	found, err := state.Probe(ctx, store)
	refusal, isRefused := errors.AsType[*state.Error](err)
	switch {
	case isRefused && refusal.Denied && refusal.Store == "cos":
		return result("", Failed, err.Error(), "licensewatch policy prints the permissions of a store in COS")
	case refusal != nil && strings.HasPrefix(refusal.Code, "Proxy"):
		return result(license.FailureProxy, Failed, err.Error(), "") // it says what to do
	case err != nil:
		return result("", Failed, err.Error(), "check LICENSEWATCH_STATE_URL")
	case !found.CreateOnly:
		return result("", Warning, store.String()+
			" is readable and writable, but cannot create an object only where there is none "+
			"(a bucket that ever had versioning cannot): runs that overlap may both speak",
			"better take another bucket")
	default:
		return result("", OK, store.String()+" is readable, writable and create-only works", "")
	}
}

// notThereYet is said of a directory that a run would make. To try it would make it as well,
// and a path that is misspelt would look right from then on: a folder beside it is made instead,
// which goes away again.
func notThereYet(name, dir, setting string) outcome {
	above := filepath.Dir(dir)
	beside, err := os.MkdirTemp(above, ".licensewatch-check-")
	if err == nil {
		err = os.Remove(beside)
	}
	if err != nil {
		reason := err
		if failed, ok := errors.AsType[*fs.PathError](err); ok {
			reason = failed.Err
		}
		return outcome{Check: Check{Name: name, Status: Failed,
			Text: fmt.Sprintf("%s is not there, and no run can make it (%v): let user %d write in %s, or make it", dir, reason,
				os.Getuid(), above),
			Fix: "make it, or correct " + setting}}
	}
	return outcome{Check: Check{Name: name, Status: Warning,
		Text: dir + " is not there; the first run makes it, and nothing was tried", Fix: "make it, or correct " + setting}}
}

// Remembering is the check of a store that works, when to read its ledger gave err.
func Remembering(check Check, err error) Check {
	if check.Status != OK && check.Status != Warning || err == nil {
		return check
	}
	_, isUnreadable := errors.AsType[*life.FormatError](err)
	refusal, isStores := errors.AsType[*state.Error](err)
	isForeign := isStores && refusal.Foreign()
	if !isUnreadable && !isForeign {
		return Check{Name: check.Name, Status: Failed, Text: err.Error(), Fix: "check LICENSEWATCH_STATE_URL"}
	}
	what, fix := "keeps it aside", "put a copy of the ledger back if there is one"
	if isForeign {
		what, fix = "leaves it there", "remove what has the ledger's name"
	}
	return Check{Name: check.Name, Status: Warning, Fix: fix,
		Text: err.Error() + ": the next run " + what +
			" and begins anew: acknowledgements are lost, messages are repeated"}
}

func storeProbe(o Options) probe {
	if wrong, _ := region.OfStore(o.Settings.StateURL); wrong != "" && state.CheckURL(o.Settings.StateURL) == nil {
		return answeredProbe("state", Failed, "the region of LICENSEWATCH_STATE_URL "+wrong,
			"correct LICENSEWATCH_STATE_URL")
	}
	return probe{"state", func(ctx context.Context) outcome {
		done := tryStore(ctx, o.Settings.StateURL, state.Options{
			Credentials: o.keys, Transport: o.Transport, Now: o.Now, Sleep: o.Sleep,
		})
		if done.Status == OK || done.Status == Warning {
			var err error
			options := session.OptionsOf(o.Settings)
			options.Store.Transport, options.Store.Now, options.Store.Sleep = o.Transport, o.Now, o.Sleep
			done.ledger, err = readLedger(ctx, options, o.Many != nil)
			done.Check = Remembering(done.Check, err)
		}
		return done
	}}
}

// readLedger reads the ledger; of many accounts that of all together.
func readLedger(ctx context.Context, options session.Options, isOfMany bool) (*life.Ledger, error) {
	if !isOfMany {
		return session.Read(ctx, options)
	}
	found, err := session.ReadMany(ctx, options)
	if err != nil {
		return nil, err
	}
	return found.Ledgers.Fleet, nil
}

// checkOwner fails the check of a store that holds the memory of another site, or of
// another account than that of the keys.
func checkOwner(o Options, outcomes []outcome) []outcome {
	own := life.Owner{Site: o.Settings.Site}
	for _, found := range outcomes {
		own.Account = cmp.Or(own.Account, found.account)
	}
	if o.Many != nil {
		own = o.Many.Owner
	}
	for i, found := range outcomes {
		if found.ledger == nil {
			continue
		}
		if err := session.CheckOwner(found.ledger, own); err != nil {
			outcomes[i].Check = Check{Name: found.Name, Status: Failed, Text: "LICENSEWATCH_STATE_URL " + err.Error()}
		}
	}
	return outcomes
}
