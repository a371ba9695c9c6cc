package message

// storyWords tell what only a run with memory knows.
type storyWords struct {
	change  changeWords
	ack     ackWords
	over    resolvedWords
	sources sourceWords
}

// changeWords tell how a finding stands to what was told before.
type changeWords struct {
	isNew     string
	newHere   string // this chat hears of it for the first time, but it is older than a day
	worse     string
	worseThan string  // {was}
	severity  string  // {severity}: a {was}
	both      string  // {severity}, {n}: a {was}
	title     string  // {title}: a {was}
	days      string  // {n}: where the title names the days left
	daysLeft  counted // {n}: where it does not
	reminder  string
	ackEnded  string  // a reminder, since an acknowledgement has ended
	moved     string  // {date}: where the end was
	age       counted // {n}: days
	seen      string  // {moment}: when an event was seen
	headline  string  // {change}: behind a title
	next      string  // {when}
}

// ackWords are about acknowledgements.
type ackWords struct {
	over        string  // {by}, {until}, {reason}: a finding that got worse ended it
	ended       string  // {by}, {until}, {reason}: its time is over
	firstOfRule string  // {by}, {until}, {reason}: the finding began when its rule was acknowledged already
	silence     string  // {command}
	silenceAny  string  // {command}, {keys}
	title       string  // above the list
	firing      string  // {what}, {severity}, {until}, {by}, {reason}: of what fires
	several     counted // {key}, {n}: a {what}
	entry       string  // {key}, {until}, {by}, {reason}: of what does not
	more        counted // {n}, {command}: the rest of the list
	count       string  // {n}, {command}: instead of the list
}

// resolvedWords are about what is over.
type resolvedWords struct {
	resolved        string  // {title}
	superseded      string  // {title}
	gone, destroyed string  // {title}, {dates}: the {title} is quoted
	undone          string  // {title}, {dates}
	takenOver       string  // {title}
	quoted          string  // {title}
	dated           string  // {title}, {dates}: the {title} is quoted
	state           string  // {title}, {state}: a title with what is true now
	since           string  // {severity}, {date}
	orderEnds       string  // {date}: a {state}
	orderRenews     string  // {date}: a {state}
	trial, pro      string  // {date}: a {state}
	moreInHeadline  counted // {n}
	inDigest        string  // title of the list
	inAlert         string  // the {title} of an alert's count
	count           string  // {title}, {n}: instead of the list
	more            counted // {n}: the rest of the list
}

// sourceWords are about sources that stay unread, or can be read again.
type sourceWords struct {
	since       counted // {source}, {since}, {n}; counts the runs
	partlySince counted // the same, of a list that was incomplete
	facts       string  // between that and the facts
	several     counted // {names}: the headline; counts the names
	again       counted // {names}; counts the names
	was         counted // {since}, {until}, {n}; counts the runs
	wasPartly   counted // the same, of a list that was incomplete
	againAfter  string  // {source}, {was}
}

// groupWords are about several findings of one rule.
type groupWords struct {
	title         string  // {n}, {text}: the rule's own words
	alike         counted // {title}, {n}: where it has none
	licenses      counted // {n}
	machines      counted // {n}
	inUse         string  // {n}: the machines of licenses that are still valid
	atLeast       string  // {what}
	span          string  // {first}, {last}: days
	names         string  // {names}
	between       string  // the {names}
	numbers       string  // {licenses}, {machines}
	firstNumbers  string  // {licenses}, {machines}: where it is still valid
	firstMachines string  // {licenses}, {machines}: where it has ended
	onlyLicenses  counted // {licenses}
	more          string  // {n}: behind the names
	someNew       counted // {n}
	someWorse     counted // {n}
	someDue       counted // {n}
}

// doubtWords are about what was read and cannot be judged. {Subject} begins a
// sentence.
type doubtWords struct {
	order  string // {order}: a {subject}
	orders string // {n}: a {subject}
	fields map[string]string

	kinds [doubtKinds]doubtKindWords

	more, alsoSeveral, moreLines counted // {n}: behind the headline, behind something else, in the list
	hint                         string  // {link}
	label                        string  // of the link
}

// doubtKindWords are about one kind of doubt: {Subject}, {subject}, {field}, {value} and what its
// kind has besides.
type doubtKindWords struct {
	headline counted // by orders
	unasked  counted // where no rule asks for it; empty: no other
	also     string  // behind something else
	here     string  // in the list
	ofOrders string  // {orders}: in the list, of orders; empty: never of any
}

// watchWords are about times without a run, and what is no longer watched.
type watchWords struct {
	gap            string  // {from}, {to}
	gaps           string  // {n}: instead of the list
	line           string  // {what}
	headline       string  // {what}
	moreInHeadline counted // {n}
	moreUnwatched  counted // {n}
	count          counted // {n}: instead of the list
	rule           string  // {rule}: a {what}
	ruleSaid       string  // {rule}, {title}: a {what}
	ruleSaidMore   counted // {rule}, {title}, {n}: a {what}
	unheard        string  // {channel}, {id}, {date}
	unaccepted     string  // {id}, {date}
	moreUnheard    counted // {n}
	countUnheard   counted // {n}: instead of the list
}
