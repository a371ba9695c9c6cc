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
