// Package life knows what was said to whom, and so what is left to say: the life
// of findings from new to resolved, and the ledger that remembers it. It does no
// input or output; the time is handed in, and the same input gives the same
// output.
//
// A run with memory goes
//
//	Decode                 the ledger's bytes; New when there are none
//	Owner, Own             whose it is
//	Key, Bind              where the channels of the settings lead
//	PreviousReading        to the rules about changes
//	Plan                   what is to be sent; the ledger now owes it
//	Encode, save
//	send each message of the plan to each of its channels, in the plan's order
//	Accept or Refuse       what the channel answered
//	Encode, save           after each answer, or as often as can be
//	Owed                   whether another run of the same event helps
//
// Plan puts every message into the ledger's outbox before anyone sends it, and
// only Accept marks it as said, for the one channel that accepted. So a run that
// dies anywhere between two saves loses nothing, and repeats at most the
// message whose acceptance was not saved, with the same id.
//
// The ledger has parts, which are stored side by side: the factLog (what there is to
// tell, and what each channel was told of it), the outbox (what is on its way to whom),
// the ackList, the runLog, the channelDirectory, and what is kept of the account and its
// exports. A run goes through them in three steps: a transition enters what was seen, a
// telling decides what is said to whom, and the answers mark it as said.
//
// The files:
//
//	ledger.go          the ledger, and the way to what each of its parts knows
//	stored.go          its parts, as they are stored
//	encode.go          as bytes, bounded
//	encodable.go       values that cannot be written
//	pack.go            a large ledger, packed
//	duplicatekey.go    ledgers that hold something twice
//
//	factlog.go         what there is to tell, and what each channel was told
//	record.go          one finding's record, and what a channel heard of it
//	bychannel.go       what channels were told, once where that is the same
//	oneoff.go          what is told once: resolved, events, sources that are back
//	source.go          sources that stay unread, and what cannot be judged
//	ambiguous.go       what a channel may not have got
//	prune.go           what is forgotten, and when
//
//	outbox.go          messages that somebody is owed
//	pendingmessage.go  one of them: a content as it is sent, and as it is stored
//	messageid.go       its id
//	undelivered.go     what is on its way to a channel
//	sending.go         what is sent now, in which form, and why the rest waits
//	standing.go        when it is tried next
//	latemessage.go     what it says besides, when it is late
//
//	ack.go             acknowledgements
//	runs.go            the last runs, and times without any
//	clock.go           clocks that are wrong
//	channel.go         channels are known by where they lead
//	movechannels.go    and get other names
//	rename.go          orders get other names
//	owner.go           whose ledger it is
//	notificationlog.go the last messages, and what became of them
//	notes.go           short notes that are told once a day
//	previous.go        the last successful readings
//	lapse.go           orders whose end was seen
//	bound.go           machines of orders that end
//	usage.go           licenses in use, by day
//	export.go          the export that is not finished
//	history.go         usage histories, by month
//	page.go            the page that is still to be sent to chats
//	evidence.go        the newest record of the archive
//	aside.go           what was in the way, until it was told
//
//	plan.go            one run: what is due, as messages
//	input.go           what it knows
//	observe.go         the transition: findings -> records begun, continued, ended
//	settle.go          findings as the ledger sees them
//	runacks.go         acknowledgements that hold, or end
//	runorders.go       the orders that were read, as records ask for them
//	ending.go          what becomes of a record: resolved, gone, no longer watched
//	succession.go      or taken over
//	observesources.go  sources that are not read, and events
//
//	telling.go         what a run tells each channel
//	decision.go        what it is to hear of a finding, and why
//	channelview.go     what it knows of a finding
//	threshold.go       days left, reminders, and when they are due
//	hours.go           what may wait for the hours
//	messagecontent.go  what one message says
//	samecontent.go     what several are told alike
//	unchanged.go       digests that say what the last one said
//	reason.go          the plan in a few words
//
//	answer.go          what the channels answered
//	readout.go         for people who ask why; no run needs it
package life
