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
// The files:
//
//	ledger.go          what is remembered
//	encode.go          the ledger as bytes, bounded
//	encodable.go       values that cannot be written
//	pack.go            a large ledger, packed
//	duplicatekey.go    ledgers that hold something twice
//	tidy.go            what is taken from bytes that anybody may have written
//	owner.go           whose ledger it is
//	channel.go         channels are known by where they lead
//	movechannels.go    and get other names
//	clock.go           what a run left behind whose clock was ahead
//	prune.go           what is forgotten, and when
//	bychannel.go       what channels were told, once where that is the same
//	record.go          one finding's record, and what a channel heard of it
//	threshold.go       days left, reminders, and when they are due
//	hours.go           what may wait for the hours
//	rename.go          orders get other names
//	observe.go         findings -> records begun, continued, ended
//	ending.go          resolved, gone, or taken over
//	oneoff.go          what is told once: resolved, events, sources that are back
//	source.go          sources that stay unread
//	unjudged.go        what was read and cannot be judged
//	lapse.go           orders whose end was seen
//	ack.go             acknowledgements
//	unwatched.go       rules and sources that are not watched any more
//	gap.go             the last runs, and times without any
//	previous.go        the last successful readings
//	plan.go            what is due, as messages
//	telling.go         what a run tells each channel
//	messagecontent.go  what one message says
//	onlyends.go        what it hears that is not to hear of the account any more
//	samecontent.go     what several are told alike
//	decision.go        what it is to hear of a finding, and why
//	channelview.go     what it knows of a finding
//	pendingmessage.go  a content as a message, and as what may be stored of it
//	unchanged.go       digests that say what the last one said
//	outbox.go          messages that somebody is owed
//	latecall.go        what such a message says besides, when it is late, and its calls
//	ambiguous.go       messages that got no answer, and channels that take none
//	unaccepted.go      alerts that no channel knows
//	notificationlog.go the last messages, and what became of them
//	answer.go          what the channels answered
//	reason.go          the plan in a few words
//	notes.go           short notes that are told once a day
//	aside.go           what was in the way, until it was told
//	export.go          the export that is not finished
//	nextspeak.go       when an alert speaks of a finding next, for people who ask
//	standing.go        how findings stand, by the ledger alone
//	readout.go         for people who ask why; no run needs it
package life
