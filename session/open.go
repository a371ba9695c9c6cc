package session

import (
	"crypto/rand"
	"log/slog"
	"strings"
	"time"

	"licensewatch/config"
	"licensewatch/internal/retry"
	"licensewatch/state"
)

// Options are what a session works with: OptionsOf, and for a run Holder, Now, Wait and
// End.
type Options struct {
	URL    string        // of the store, as state.Open takes it
	Store  state.Options // what the store works with
	Holder string        // names the session in its lock; a random word is added
	// Wait is until when the lock of another session is waited for, and End by when
	// this one has ended and its lock is over. Both are of the real clock.
	Wait, End time.Time
	// Now is the time that the ledger is written by.
	Now func() time.Time
	// OfMany: the store has the ledgers of many accounts.
	OfMany bool
	// Division is how the accounts are divided; nil: nothing is taken over.
	Division *Division
	// Logger gets what goes wrong; nil logs nothing.
	Logger *slog.Logger
}

// OptionsOf are the options for the store that the settings name.
func OptionsOf(c config.Config) Options {
	return Options{URL: c.StateURL, Store: state.Options{Credentials: c.Keys}}
}

// Open makes a session; nothing is read yet. A URL that cannot be used leaves one that
// is broken.
func Open(o Options) *Session { return openSession(o, false) }

// openSession makes a session. To a strict one, which is an operator's, anything that is not as
// it should be is an error, and stays as it is.
func openSession(o Options, strict bool) *Session {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Store.Sleep == nil {
		o.Store.Sleep = retry.Sleep
	}
	s := &Session{options: o, name: ledgerName, saving: make(chan struct{}, 1)}
	s.beginAnew()
	store, err := state.Open(o.URL, o.Store)
	if err != nil {
		s.broken = err
		return s
	}
	word := rand.Text()
	holder := o.Holder + " " + word
	ends := o.End.Truncate(time.Second).Add(2 * time.Second) // a lease needs so much, in whole seconds
	s.store = &clearedStore{Store: store.Lease(holder, ends), word: strings.ToLower(word), strict: strict,
		logger: o.Logger}
	s.lock = lock{store: s.store, sleep: o.Store.Sleep, logger: o.Logger, holder: holder, ends: ends, runEnd: o.End}
	return s
}
