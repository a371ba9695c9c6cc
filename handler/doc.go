// Package handler is one run of licensewatch from start to finish: it wires the
// parts from the settings, then collects, judges, exports, decides and tells.
//
// The steps, a file each:
//
//	event.go    what woke us: a timer's event, or something odd
//	budget.go   how much of the time each step may use
//	setup.go    settings and rules, read anew at every invocation
//	memory.go   what the run makes of its session with the store: see package session
//	collect.go  the sources (see package account), and what goes beside them -> license.Snapshot
//	export.go   the export of the license details, beside all of that
//	decide.go   findings -> messages, or a reason to be quiet
//	decision.go that step by itself, for whoever asks what a run would say
//	tell.go     every channel side by side, and the follow-up about dead ones
//	call.go     calls to everybody that were not accepted
//	owed.go     what channels are still owed
//	lateexport.go the word about an export that an earlier run began
//	record.go   what the ledger keeps for those who ask later
//	heartbeat.go the call that says that a run went well
//	summary.go  what the platform gets back
//	errors.go   the named errors that replace it
package handler
