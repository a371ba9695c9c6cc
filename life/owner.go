package life

import (
	"cmp"

	"licensewatch/license"
)

// maxOwner bounds what is kept of an owner's site and account, in bytes.
const maxOwner = 300

// Owner is whose ledger it is. What is empty is not known.
type Owner struct {
	Site    license.Site `json:"site,omitempty"`
	Account string       `json:"account,omitempty"` // its UIN
}

// String names the owner: "account 100000000001, site cn".
func (o Owner) String() string {
	text := "site " + string(cmp.Or(o.Site, "unknown"))
	if o.Account != "" {
		text = "account " + o.Account + ", " + text
	}
	return text
}

// IsOther says whether the two are not the same, as far as both are known.
func (o Owner) IsOther(other Owner) bool {
	return o.Site != "" && other.Site != "" && o.Site != other.Site ||
		o.Account != "" && other.Account != "" && o.Account != other.Account
}

// Owner is whose ledger it is; zero when no run has said so yet.
func (l *Ledger) Owner() Owner { return l.stored.Owner }

// Disown forgets whose ledger it is.
func (l *Ledger) Disown() { l.stored.Owner = Owner{} }

// Own enters what is known of the owner and does not stand in the ledger yet.
func (l *Ledger) Own(o Owner) {
	if l.stored.Owner.Site == "" {
		l.stored.Owner.Site = o.Site
	}
	if l.stored.Owner.Account == "" {
		l.stored.Owner.Account = o.Account
	}
}
