// Package handler is one run of licensewatch from start to finish: it wires the
// parts from the settings, then collects, judges, exports, decides and tells.
//
// The steps, and what they work with, a file each:
//
//	handler.go    what a Handler is made of, and the entry that the host calls
//	run.go        one run, from top to bottom
//	event.go      what woke us: a timer's event, or something odd
//	division.go   how a timer's event divides the accounts of a file among runs
//	budget.go     how much of the time each step may use
//	setup.go      settings and rules, read anew at every invocation, and what the run makes of them
//	memory.go     what the run says of its session with the store: see package session
//	collect.go    the sources (see package account), and what goes beside them -> license.Snapshot
//	reading.go    what was read: how it went, and as the rules judge it
//	runout.go     when licenses run out at the pace of the past
//	decision.go   findings -> messages, or a reason to be quiet; also for whoever asks what a run would say
//	withoutmemory.go the same for a run that remembers nothing
//	timeup.go     the note that the time was up before it was clear what to say
//	heartbeat.go  the call that says that a run went well
//	ending.go     how the run ends
//	summary.go    what the platform gets back
//	errors.go     the named errors that replace it
//
// Telling:
//
//	channel.go    what is told
//	send.go       sending to every channel, side by side
//	tell.go       telling: the messages to their channels, and what follows from the answers
//	answers.go    the answerBook, in which answers are entered, and what is owed by it
//	followup.go   followUps: the short messages besides, each told once: channels that are silent,
//	deadchannel.go those that are dead or failing,
//	call.go       calls to everybody that were not accepted,
//	notallowed.go and actions that the role lacks
//
// Exports:
//
//	export.go     the exporter: one task, from the request to its end, beside the reading
//	exportfile.go exportFiles: what it has made, on the disk
//	scratch.go    the directory there, for the time of the run
//	exportword.go the exportTeller: what is told of exports behind all else: the file,
//	lateexport.go what became of one that an earlier run began,
//	history.go    and the historyExport: the usage history of a month
//
// The page of the mode report:
//
//	page.go       pageMaking: what it is made of, which is read beside the account, and what is told of it
//	pagemake.go   makes the pages and calendars, and seals them
//	pagetell.go   the pageTeller: the link in the message, and the page itself for chats that take files
//	fleetpage.go  fleetPage: the page of many accounts, each of which is noted as it is read
//
// The archive:
//
//	archive.go    archiving: what a run shows of its archive, and what became of its record
//	evidence.go   evidence: what the run says and why, gathered as it says it
//	sealedmessages.go messages.json of it
//	sealedfindings.go and findings.json
//	record.go     runSealing: the record of a run of one account
//	seal.go       sealing: one record behind the other, in the chain of its account
//	waitingrecords.go the records that wait in the store for an archive that is broken,
//	sealwaiting.go and how they are sealed once it works
//
// Many accounts:
//
//	fleet.go      the steps of such a run
//	fleetrun.go   fleetRun: the accounts, and what became of each
//	fleetmembers.go which accounts there are
//	fleetaccess.go by which keys they are read
//	hearing.go    who hears of an account, and when
//	fleetread.go  fleetReading: reads and judges them side by side, each with its own ledger
//	fleetwhole.go   what is said of no account but of all
//	fleetexport.go fleetExports: the license details of the accounts that ask for them,
//	fleetlateexport.go and what became of those that earlier runs began
//	scatter.go    scattering: slices of them are read by runs of their own
//	fleetreport.go the fleetComposer: one message to a channel of all that accounts say
//	fleetmemory.go fleetMemory: the answers, and what else is remembered of all together
//	heldrecord.go the accounts' records until everybody was told
//	fleetseal.go  fleetSealing: seals them, and the fleet's,
//	fleetaccounts.go which says how the accounts are
//	fleetdecision.go the decision by itself, for whoever asks what such a run would say
package handler
