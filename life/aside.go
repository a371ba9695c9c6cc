package life

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// maxAside is how many names Aside has at most.
const maxAside = 5

// tellsAside says whether a notice is about what Aside gives. It is said once.
func tellsAside(n license.Notice) bool {
	return n.Code == license.NoticeStateCorrupt || n.Code == license.NoticeStateDisplaced
}

// keptAside is what stood in the ledger's place or way.
type keptAside struct {
	// Aside is where an earlier ledger that could not be read was kept, and what stood in
	// the memory's way: names divided by spaces, until somebody was told.
	Aside string `json:"aside,omitempty"`
	// ClearAside is when something that is kept aside is to be removed.
	ClearAside time.Time `json:"clear_aside,omitzero"`
}

func (k *keptAside) asideNames() []string { return strings.Fields(k.Aside) }

func (k *keptAside) keepAside(name string) {
	names := append(k.asideNames(), name)
	k.Aside = strings.Join(names[max(0, len(names)-maxAside):], " ")
}

// noteNotices notes that a channel has accepted these.
func (k *keptAside) noteNotices(notices []license.Notice) {
	if slices.ContainsFunc(notices, tellsAside) {
		k.Aside = ""
	}
}
