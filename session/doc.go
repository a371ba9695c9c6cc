// Package session holds the ledger of a store for as long as one run, or one command of
// an operator, works with it: open, lock, load, save, close. It knows nothing of events,
// messages and channels: what the ledger says is package life's business, and what is
// entered into it that of who holds the session.
//
//	session.go   the session: lock, load and close, and whether it works
//	open.go      what it is opened with
//	save.go      the ledger is saved, and what a channel answered entered
//	lock.go      the lock, as an object that only one can create, and how a dead one is taken over
//	owner.go     whose ledger it is
//	division.go  accounts that were remembered elsewhere, divided otherwise
//	gathering.go answers that come together are one write
//	aside.go     ledgers that cannot be read are kept, for a while
//	parts.go     readings that one run gathers from others
//	unsealed.go  records of evidence that wait beside the ledger
//	obstacle.go  what is in the way of an object and is no object
//	operator.go  a look, or a change, by the operator's command
//	folders.go   which memories of slices a store has
//
// A store that fails costs the session and nothing else: the run goes on, and says that it
// remembers nothing.
package session
