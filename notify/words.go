package notify

import (
	"time"

	"licensewatch/license"
)

// words is everything a message can say in one language. A {name} in a text is
// a place for a value; the comment above a group tells which there are. Around
// a code value stand spaces, or Slack would not show it as code.
type words struct {
	comma, listComma, and string
	unknown               string  // what stands for a value that is not known
	unknownValue          string  // {value}
	moreItems             counted // {n}: the rest of a list
	date, dateWithYear    string  // layouts of package time
	moment                string  // layout of package time; the zone follows
	zone                  string  // {zone}
	account, run          string  // {account}; {id}
	sites                 map[license.Site]string
	products              products
	sources               map[license.Source]string

	headline headlineWords
	finding  findingWords
	overview overviewWords
	unread   unreadWords
	export   exportWords
	notices  noticeWords
	notes    noteWords
	story    storyWords
}

// products are the names the consoles print.
type products struct{ cwp, tcss string }

// headlineWords are the sentences at the top.
type headlineWords struct {
	allWell          string
	more             counted // {n}: after the first finding's title
	alsoUnknown      counted // {names}: after the first finding's title; counts the names
	unknown          counted // {names}; counts the names
	nothingRead      string
	unknownOnly      counted // {names}, when the rest is not known to be fine
	alsoChecks       counted // {n}, behind something else
	alsoOrders       string  // behind something else
	ordersOnly       string
	rulesUnknown     counted // {n}
	ordersIncomplete string
}

// findingWords are used in the rows.
type findingWords struct {
	severities map[license.Severity]string
	severity   string  // {severity}: behind a title
	runbook    string  // label of the link
	ends       string  // {date}
	endsIn     counted // {date}, {n}
	endsToday  string  // {date}
	ended      string  // {date}
	endedAgo   counted // {date}, {n}
	omitted    counted // {n}, {what}
	share      string  // {n}, {severity}: one of the {what}
}

// overviewWords describe the account.
type overviewWords struct {
	title                   string
	entry                   string // {product}, {state}
	seats, seatsWithPercent string // {used}, {total}, {percent}
	nearExpiry, expired     string // {n}
	next                    string // {orders}
	order                   string // {date}, {left}, {order}, {seats}
	orderRenews             string // {order}: such an order, renewing itself
	nextInline              string // {date}, {order}
	seatCount               string // {n}, {edition}
	editions                map[int64]string
	days                    counted // {n}
	today                   string
	badDates                string           // {orders}
	badDate                 string           // {order}, {value}
	states                  map[int64]string // {until}
	stateUnknown            string
	subStates               map[string]string
	until, ended            string  // {date}, {left}
	daysLeft, daysAgo       counted // {n}
	untilUnknown            string
	untilBad                string // {value}
	renewals                map[int64]string
	renewalUnknown          string
	renewalOther            string // {value}
	coresProtected          string // {n}
	coresUnprotected        string // {n}
	coresUnknown            string
}

// unreadWords tell what could not be known.
type unreadWords struct {
	source  string                         // {source}, {facts}
	request string                         // {id}
	status  string                         // {status}
	hint    string                         // {hint}
	hints   map[license.FailureKind]string // {action}, {seconds}
	clock   string                         // {seconds}: instead of the hint, when known
	rules   counted                        // {n}
	details counted                        // {n}, {rules}
	rule    string                         // {rule}, {reason}
	subject counted                        // {n}
	missing string                         // {fields}
}

// exportWords tell what became of the export.
type exportWords struct {
	link, label string // {link}
	task        string // {id}: the {task} of the others; nothing when it has no id
	done        string // {task}
	withheld    string // {task}, {host}
	unsafe      string // {task}
	pending     string // {task}
	skipped     string
	problems    map[license.ExportProblem]string // {task}, {facts}
	later       laterWords
}

// laterWords are for the follow-up about an earlier report's export.
type laterWords struct {
	ready, finished, missing string // titles: with a link, without one, no result
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
	other            string  // {code}, {facts}
	more             counted // {n}
	noMemory         string
	noMemoryWhy      string // {why}
	stateCorrupt     string
	stateKept        string  // {name}: behind that
	dropped          counted // {n}
}

// noteWords are the short messages beside the reports.
type noteWords struct {
	channels     map[string]string // by the kind of channel
	deadChannel  string            // {channel}, {verdict}
	doubtful     string            // {channel}, {verdict}: it may have arrived
	deadChannels counted           // {n}
	deadLine     string            // {channel}, {verdict}
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

// wordsOf gives the words of a language; English where there are none.
func wordsOf(language license.Language) *words {
	if language == license.Chinese {
		return &chinese
	}
	return &english
}

// day writes a date as seen in now's zone, with the year when it is another one.
func (w *words) day(t, now time.Time) line {
	t = t.In(now.Location())
	if t.Year() == now.Year() {
		return say(t.Format(w.date))
	}
	return say(t.Format(w.dateWithYear))
}

// orUnknown is the number, or the word for one that is not known.
func (w *words) orUnknown(n *int64) line {
	if n == nil {
		return say(w.unknown)
	}
	return number(*n)
}

// listing names n items, as many as fit into limit bytes but one at least, and
// counts the rest.
func (w *words) listing(n, limit int, item func(i int) line) line {
	var out line
	used := 0
	for i := range n {
		next := item(i)
		for _, s := range next {
			used += size(s.text) + len(w.listComma)
		}
		if i > 0 && used > limit {
			rest := int64(n - i)
			return append(out, fill(w.moreItems.of(rest), values{"n": number(rest)})...)
		}
		if i > 0 {
			out = append(out, span{text: w.listComma})
		}
		out = append(out, next...)
	}
	return out
}
