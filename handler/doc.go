// Package handler is one run of licensewatch from start to finish: it wires the
// parts from the settings, then collects, judges, exports, decides and tells.
//
// The steps, a file each:
//
//	handler.go    what a Handler is made of, and the entry that the host calls
//	run.go        one run, from top to bottom
//	event.go      what woke us: a timer's event, or something odd
//	budget.go     how much of the time each step may use
//	setup.go      settings and rules, read anew at every invocation
//	memory.go     what the run makes of its session with the store: see package session
//	collect.go    the sources (see package account), and what goes beside them -> license.Snapshot
//	runout.go     when licenses run out at the pace of the past
//	export.go     the export of the license details, beside all of that
//	decide.go     findings -> messages, or a reason to be quiet
//	decision.go   that step by itself, for whoever asks what a run would say
//	blind.go      runs that could read nothing
//	channel.go    what is told
//	send.go       sending to every channel, side by side
//	tell.go       the messages to their channels, and what follows from the answers
//	followup.go   the short messages besides, each told once: channels that are dead, silent or failing,
//	call.go       calls to everybody that were not accepted,
//	lateexport.go an export that an earlier run began,
//	notallowed.go and actions that the role lacks
//	timeup.go     the note that the time was up before it was clear what to say
//	heartbeat.go  the call that says that a run went well
//	summary.go    what the platform gets back
//	errors.go     the named errors that replace it
package handler
