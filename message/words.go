package message

import "licensewatch/license"

// words is everything a message can say in one language. A {name} in a text is
// a place for a value; the comment above a group tells which there are.
type words struct {
	isWide                bool // its characters are ideographs: a blank stands between them and other words
	lower                 bool // a sentence begins in lower case where it is not the first
	comma, listComma, and string
	unknown               string  // what stands for a value that is not known
	unknownValue          string  // {value}
	moreItems             counted // {n}: the rest of a list
	date, dateWithYear    string  // layouts of package time
	moment                string  // layout of package time; the zone follows
	zone                  string  // {zone}
	account, run          string  // {account}; {id}
	repeat                string  // behind the id: it was sent before, and may have arrived
	sites                 map[license.Site]string
	products              products

	headline headlineWords
	finding  findingWords
	overview overviewWords
	unread   unreadWords
	export   exportWords
	notices  noticeWords
	notes    noteWords
	story    storyWords
	group    groupWords
	doubts   doubtWords
	watch    watchWords
	fleet    fleetWords
	page     pageWords
}

// pageWords tell of a report for people.
type pageWords struct {
	title      string  // {sentence}: the headline
	period     string  // {from}, {to}, {until}
	today      string  // {until}: there is no archive
	records    counted // {n}
	broken     counted // {n}
	accounts   string  // {n}, {all}: read
	notRead    string  // {why}
	leftOut    string  // {date}: there was no time
	leftFault  string  // {date}, {why}
	next       string  // {ends}
	end        string  // {order}, {date}
	endRenews  string  // {order}, {date}
	endOf      string  // {account}, {order}
	productOf  string  // likewise, of a product
	noEnd      string
	moreEnds   counted // {n}
	link       string  // {link}
	linkBrief  string  // {link}
	label      string
	follows    string // {name}, {size}
	sealed     string // {record}
	gone       string // {record}
	waits      string // {why}
	notSealed  string // {why}
	noArchive  string
	get        string // {record}, {file}
	tooLarge   string // {size}, {limit}
	fileTitle  string
	fileFailed string // {code}
}

// fleetWords tell of many accounts together. {n} and {all} are numbers of accounts.
type fleetWords struct {
	accounts    counted // {n}
	of          string  // {account}, {what}: something about an account
	in          string  // {what}, {accounts}: how many more, and where
	also        string  // {titles}: what else fires in the account of a row
	alsoBetween string  // between these
	allWell     counted // {n}
	needAction  counted // {n}, {all}
	nothing     string  // {all}: nothing needs action, though not all is known
	whole       string  // what needs action is about all of them together
	slice       string  // {n}, {of}: which of all accounts, behind the headline
	well        string  // {n}
	unread      counted // {n}: could not be read, beside other numbers
	partly      counted // {n}: likewise, read in part
	notReached  counted // {n}
	// Blocks below the rows.
	cause       counted // {n}, {facts}, {accounts}: could not be read, by cause
	partCause   counted // likewise, {source} of them alone
	otherCauses counted // {n}, {codes}: more accounts than are named by cause
	otherCode   string  // {code}, {n}: one of the codes
	come        counted // {n}, {accounts}: new in the organization
	left        counted // {n}, {accounts}: no longer in it
	notAllowed  counted // {n}, {accounts}, {action}
	unlisted    string  // {facts}: the members were not listed
	onlyUnread  counted // {n}: the headline of an alert
	again       counted // {n}, {accounts}
	causeSince  string  // {since}: behind it
	late        counted // {n}, {accounts}: for which there was no time
	doubtful    counted // {n}, {accounts}: not all could be judged
	leftOut     counted // {n}: entries of the accounts file that are wrong
	inUse       counted // {n}, {used}, {total}: licenses of so many accounts that say them
	inUseShare  string  // {percent}: behind it
}

// products are the names of the products: as the consoles print them, and as
// sentences have them.
type products struct{ cwp, cwpFull, tcss, tcssFull string }

// of is the product of a service of the API.
func (p products) of(service string) string {
	if service == "tcss" {
		return p.tcss
	}
	return p.cwp
}

// headlineWords are the sentences at the top.
type headlineWords struct {
	allWell          string
	onlyAcknowledged counted // {n}
	unchanged        string  // {since}, {headline}
	late             string  // {date}
	protected        string  // {title}, {licenses}, {date}: what is only good to know
	protectedGroup   string  // {title}, {n}, {date}: several of that
	more             counted // {n}: after the first finding's title
	moreInfo         counted // {n}: after the title of what is only good to know
	alsoUnknown      counted // {names}: after the first finding's title; counts the names
	unknown          counted // {names}; counts the names
	nothingRead      string
	unknownOnly      counted // {names}, when the rest is not known to be fine
	alsoChecks       counted // {n}, behind something else
	alsoOrders       string  // behind something else
	ordersOnly       string
	rulesUnknown     counted // {n}
	rulesOnly        counted // {n}, when the rest is not known to be fine
	ordersIncomplete string
}

// findingWords are used in the rows.
type findingWords struct {
	severities map[license.Severity]string
	severity   string  // {severity}: behind a title
	runbook    string  // label of the link
	owner      string  // {owner}
	ends       string  // {date}
	endsIn     counted // {date}, {n}
	endsToday  string  // {time}
	endedToday string  // {time}
	ended      string  // {date}
	endedAgo   counted // {date}, {n}
	omitted    counted // {n}, {what}
	share      string  // {n}, {severity}: one of the {what}
}

// overviewWords describe the account.
type overviewWords struct {
	title                 string
	entry                 string // {product}, {state}
	inUse, inUsePercent   string // {used}, {total}, {percent}
	usage                 string // {days}, {bars}, {change}
	usageMore, usageLess  string // {n}, {date}
	usageSame             string // {date}
	runsOut               string // {licenses}, {date}, {used}, {total}
	runsOutToday          string // {licenses}, {used}, {total}
	allLicenses           string
	editionLicenses       string  // {edition}
	nearExpiry, expired   string  // {n}
	aiProtection          string  // {n}, {available}
	aiProtectionAll       string  // {n}
	aiProtectionAvailable string  // {n}
	rasp                  string  // {n}
	next                  string  // {orders}
	order                 string  // {date}, {left}, {order}, {count}
	orderRenews           string  // {order}: such an order, renewing itself
	orderNotRenewed       string  // {order}: such an order, which should have
	nextInline            string  // {date}, {order}
	endedInline           string  // {date}, {order}
	licenses              string  // {n}, {edition}
	editionOther          string  // {value}
	days                  counted // {n}
	today                 string
	endedToday            string
	endedDays             counted          // {n}
	states                map[int64]string // {until}
	stateUnknown          string
	contradiction         string // {state}, {sub}
	isolated, destroyed   string
	subState              string  // {value}
	until, ended          string  // {date}, {left}
	overSince             string  // {date}, {left}: the end of what the state calls running
	endsLater             string  // {date}, {left}: the end of what the state calls expired
	daysLeft, daysAgo     counted // {n}
	untilUnknown          string
	untilBad              string // {value}
	renewals              map[int64]string
	renewalUnknown        string
	renewalOther          string // {value}
	renewalFailed         string
	coresProtected        string // {n}
	coresUnprotected      string // {n}
	coresUnknown          string
}

// unreadWords tell what could not be known.
type unreadWords struct {
	source  string // {source}, {facts}
	request string // {id}
	status  string // {status}
	hint    string // {hint}
	clock   string // {seconds}: instead of the hint, when known
	// The same where it is hours, or days (true); {n}.
	clockAhead, clockBehind map[bool]string
	rules                   counted // {n}
	details                 counted // {n}, {rules}
	rule                    string  // {rule}, {reason}
	subject                 counted // {n}
	missing                 string  // {fields}
}

// exportWords tell what became of the export.
type exportWords struct {
	details string // the {what} of the others
	// the {what} of the others, of many accounts: {accounts}
	detailsOf  string
	links      string // {links}
	noRoom     string // {what}
	ofAccounts accountExportsWords
	history    string // {month}: likewise
	link       string // {what}, {link}
	label      string
	task       string                           // {id}: the {task} of the others; nothing when it has no id
	done       string                           // {what}, {task}
	withheld   string                           // {what}, {task}, {host}
	unsafe     string                           // {what}, {task}
	pending    string                           // {what}, {task}
	skipped    string                           // {what}
	problems   map[license.ExportProblem]string // {what}, {task}, {facts}
	later      laterWords
	monthly    laterWords // of a usage history

	follows            string                         // {what}, {name}, {size}
	tooLarge, tooSmall string                         // {size}, {limit}
	refused            string                         // {code}
	unfetched          string                         // {why}
	fileProblems       map[license.FileProblem]string // {where}, {status}
}

// accountExportsWords are for the follow-up about earlier exports of many accounts.
type accountExportsWords struct {
	ready, missing counted // titles: some are there, none is; {n}, {ready}
	expires        string  // behind what a link reads
}

// laterWords are for the follow-up about an earlier report's export.
type laterWords struct {
	ready, finished, missing string // titles: with a link, without one, no result; {month}
	label                    string
	givenUp                  string // {task}
}

// noticeWords are about the run itself.
type noticeWords struct {
	ordersIncomplete string  // {read}, {total}
	ordersDoubtful   string  // {read}, when the pages do not add up to a total
	unknownSettings  counted // {settings}
	meant            string  // {name}, {meant}
	fieldsUnread     string  // {fields}
	notAllowed       string  // {source}, {action}
	evidence         string  // {date}, {head}
	notArchived      string  // {date}, {why}
	accountsArchived string  // {date}, {why}: not every account is
	restAsBefore     string
	other            string  // {code}, {facts}
	more             counted // {n}
	noMemory         string
	noMemoryWhy      string            // {why}
	storeCodes       map[string]string // what the store's codes mean, and what to do
	otherOwner       string            // {owner}
	stateCorrupt     string
	stateKept        string // {name}: behind that
	stateDisplaced   string // {name}
	stateShed        string
	dropped          counted // {n}
}

// noteWords are the short messages beside the reports.
type noteWords struct {
	channels     map[string]string // by the kind of channel
	deadChannel  string            // {channel}, {verdict}
	doubtful     string            // {channel}, {verdict}: it may have arrived
	deadChannels counted           // {n}
	deadLine     string            // {channel}, {verdict}
	failing      string            // {channel}, {date}, {verdict}
	failedBefore string            // {codes}
	checkWebhook string            // {setting}
	uncalled     string            // {channel}, {verdict}
	mistakes     counted           // {n}
	moreMistakes counted           // {n}
	unwatched    string
	verdict      string            // {code}, {meaning}
	status       string            // {status}
	verdicts     map[string]string // by the code of an Error
	serverFault  string
	refused      string
	noReason     string
}

// counted is a text for one and for any other number. Where a language makes no
// difference, one is empty.
type counted struct{ one, many string }

func (c counted) of(n int64) string {
	if n == 1 && c.one != "" {
		return c.one
	}
	return c.many
}
