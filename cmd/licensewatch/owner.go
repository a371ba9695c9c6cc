package main

import (
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// ownerJSON is whose the memory is. What is empty is not known.
type ownerJSON struct {
	Site    string `json:"site"`
	Account string `json:"account"`
}

// ownerOf is whose the ledger is; nil when no run has said so yet.
func ownerOf(ledger *life.Ledger) *ownerJSON {
	owner := ledger.Owner()
	if owner == (life.Owner{}) {
		return nil
	}
	return &ownerJSON{string(owner.Site), owner.Account}
}

// isKnown says whether people learn anything by it: which account it is.
func (o *ownerJSON) isKnown() bool { return o != nil && o.Account != "" }

// describe names the owner.
func (o *ownerJSON) describe() string {
	return "the memory of " + life.Owner{Site: license.Site(o.Site), Account: o.Account}.String()
}

// otherOwner says that the memory is not that of the settings; empty when it is, as
// far as both are known.
func otherOwner(ledger *life.Ledger, settings config.Config) string {
	owner := ledger.Owner()
	if session.CheckOwner(ledger, life.Owner{Site: settings.Site}) == nil {
		return ""
	}
	return "this is the memory of " + owner.String() + ", and LICENSEWATCH_SITE is " + string(settings.Site) +
		": a run with these settings does not use it"
}
