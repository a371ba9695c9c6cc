package license

import "time"

// Page is what a message tells of a report for people that a run has made: a page and a
// calendar, see the package report.
type Page struct {
	Sentence Text      // what the page says first
	Worst    Severity  // of what fires; empty: nothing does
	From, To time.Time // the first and the last day that are looked back at, in UTC
	Until    time.Time // how far is looked ahead
	Accounts int
	Read     int // accounts that were read fully and lately
	// HasHistory: there is an archive that could be read.
	HasHistory bool
	Records    int // that were read
	Broken     int // records that do not verify
	// NotRead is why the archive could not be read, a word; empty: it could, or there is none.
	NotRead string
	// LeftOut is the day before which no records were read, and Why, a word; zero: all were.
	LeftOut time.Time
	Why     string `json:",omitempty"`
	Ends    []PageEnd
	MoreEnd int // ends of the next 90 days that Ends has not

	// Record is the record that holds it, with the account's folder; empty: it is not sealed.
	Record string
	// NotSealed is why not, a word; empty where there is no archive.
	NotSealed string `json:",omitempty"`
	// Waits: it is sealed by a later run.
	Waits bool
	Files map[Language]PageFile // the pages

	// Link leads to the page of the message's language for seven days; empty where there is
	// none. It is made anew whenever the message is sent.
	Link SignedURL `json:"-"`
	// IsBrief: the link ends earlier, with the temporary keys that it was signed with.
	IsBrief bool `json:"-"`
	// IsGone: the archive does not have it any more as it was sealed in Record.
	IsGone bool `json:"-"`
	// IsAtHand: the pages can be sent as files.
	IsAtHand bool `json:"-"`
	// Follows: the chat is sent the page; AtMost is how many bytes it takes where that is less.
	Follows bool  `json:"-"`
	AtMost  int64 `json:"-"`
}

// PageEnd is one of the orders that end next.
type PageEnd struct {
	Account  string `json:",omitempty"` // its name, of many
	Order    string // its subject; "tcss" is container security
	Deadline time.Time
	Licenses *int64 `json:",omitempty"`
	Renews   *bool  `json:",omitempty"` // by itself; nil: not known
}

// PageFile is a page as a file.
type PageFile struct {
	Name   string // in its record
	Size   int64  // bytes
	SHA256 string
}

// File is the page in a language, or in the one that there is.
func (p *Page) File(l Language) PageFile {
	if file, ok := p.Files[l]; ok {
		return file
	}
	for _, other := range []Language{Chinese, English} {
		if file, ok := p.Files[other]; ok {
			return file
		}
	}
	return PageFile{}
}
