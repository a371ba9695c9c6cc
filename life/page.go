package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// HeldPage is a page that chats are still to be sent as a file; its record has it.
type HeldPage struct {
	ID   string       `json:"id"` // of its message
	At   time.Time    `json:"at"`
	Page license.Page `json:"page"`
	// To are the channels that were told that it follows.
	To []string `json:"to" by:"channel"`
}

// PageToSend remembers the page that chats are still to be sent; there is one at most.
type PageToSend struct {
	HeldPage *HeldPage `json:"report_file,omitempty"`
}

// Hold remembers that chats are to be sent the page of a message, in the place of another one.
func (p *PageToSend) Hold(page HeldPage) { p.HeldPage = &page }

// longestHeld is for how long a chat that takes nothing is still to be sent a page, or told that it
// does not come.
const longestHeld = 3 * exportLife

// Held is the page that chats are still to be sent; nil: none. isOver says that they have waited
// for a day: whoever cannot be sent it is told so.
func (p *PageToSend) Held(now time.Time) (page *HeldPage, isOver bool) {
	if p.HeldPage == nil {
		return nil, false
	}
	waited := age(now, p.HeldPage.At)
	if waited >= longestHeld {
		p.Release()
	}
	return p.HeldPage, p.HeldPage != nil && waited >= exportLife
}

// Withdraw remembers that channels are told the message of the page without promising the file.
func (p *PageToSend) Withdraw(messageID string, channels []string) {
	if p.HeldPage != nil && p.HeldPage.ID == messageID {
		isWithdrawn := func(name string) bool { return slices.Contains(channels, name) }
		p.HeldPage.To = slices.DeleteFunc(p.HeldPage.To, isWithdrawn)
	}
}

// Release forgets that a page is held.
func (p *PageToSend) Release() { p.HeldPage = nil }
