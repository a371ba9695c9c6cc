package handler

import (
	"licensewatch/account"
	"licensewatch/fleet"
	"licensewatch/tencent"
)

// FleetAccess is by which keys the accounts of a fleet are read, for one run. It is safe side
// by side.
type FleetAccess struct {
	base    account.Options
	session string
	callers map[string]*tencent.RoleCaller
}

// NewFleetAccess prepares the reading of the accounts: those that are reached with the same keys
// share what assumes their roles. base has what all of them have, and the function's own keys;
// session is what the accounts' audits show.
func NewFleetAccess(base account.Options, session string, accounts []fleet.Account) *FleetAccess {
	f := &FleetAccess{base: base, session: tencent.SessionName(session), callers: map[string]*tencent.RoleCaller{}}
	for i := range accounts {
		a := &accounts[i]
		key := callerKey(a)
		if a.Role == "" || f.callers[key] != nil {
			continue
		}
		o := f.ofSite(a)
		if a.Keys != nil {
			o.Credentials = account.PermanentKeys(a.Keys.ID, a.Keys.Secret)
		}
		f.callers[key] = account.NewClient(o).NewRoleCaller()
	}
	return f
}

func callerKey(a *fleet.Account) string {
	key := string(a.Site)
	if a.Keys != nil {
		key += " " + a.Keys.Name
	}
	return key
}

func (f *FleetAccess) ofSite(a *fleet.Account) account.Options {
	o := f.base
	o.Account, o.Settings.Site = a.Uin, a.Site
	return o
}

// OptionsFor are what an account is read with.
func (f *FleetAccess) OptionsFor(a *fleet.Account) account.Options {
	o := f.ofSite(a)
	switch {
	case a.Role != "":
		o.Role = account.NewRole(f.callers[callerKey(a)], a.Role, f.session, a.ExternalID)
	case a.Keys != nil:
		o.Credentials = account.PermanentKeys(a.Keys.ID, a.Keys.Secret)
	}
	return o
}
