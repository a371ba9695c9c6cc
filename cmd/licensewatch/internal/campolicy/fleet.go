package campolicy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/tencent"
)

// Fleet is what the accounts of a file need, in whose account.
type Fleet struct {
	// Function are the policies of the function's role: each is no longer than CAM takes.
	Function []Policy `json:"function"`
	// Assuming are the policies of the users whose keys assume roles.
	Assuming []KeysPolicies `json:"assuming"`
	Roles    []AccountRole  `json:"roles"`
	// Readers are the policies of the users whose keys read an account.
	Readers []KeysPolicies `json:"readers"`
	// ByPattern: members of an organization are not known here, so that their roles stand in
	// the policies with a * for the uin.
	ByPattern bool `json:"by_pattern"`

	caller string // the uin of the function's account, or in brackets what it is
}

// KeysPolicies are the policies of the user to whom keys belong.
type KeysPolicies struct {
	Keys     string         `json:"keys"` // what the variables' names begin with
	Accounts []FleetAccount `json:"accounts"`
	Policies []Policy       `json:"policies"`
}

// FleetAccount names an account.
type FleetAccount struct {
	Uin  string `json:"uin"`
	Name string `json:"name"`
}

// AccountRole is a role that accounts have.
type AccountRole struct {
	Role     string         `json:"role"` // its name, or role/<id>
	Accounts []FleetAccount `json:"accounts"`
	Export   bool           `json:"export"` // license details are exported by it
	Policy   Policy         `json:"policy"`
	Trust    AccountTrust   `json:"trust"`

	// Caller is the uin of whose keys assume it, or in brackets whose it is.
	Caller string `json:"caller"`
	// ExternalIDVariable holds the external id, which is not printed; empty: there is none.
	ExternalIDVariable string `json:"external_id_variable,omitempty"`
}

// AccountTrust is the trust policy of such a role.
type AccountTrust struct {
	Version   string                  `json:"version"`
	Statement []AccountTrustStatement `json:"statement"`
}

// AccountTrustStatement lets an account take on the role.
type AccountTrustStatement struct {
	Effect    string           `json:"effect"`
	Action    string           `json:"action"`
	Principal AccountPrincipal `json:"principal"`
	Condition *TrustCondition  `json:"condition,omitempty"`
}

// AccountPrincipal is an account, whose own policies say which of its users and roles may.
type AccountPrincipal struct {
	QCS []string `json:"qcs"`
}

// TrustCondition asks for an external id.
type TrustCondition struct {
	StringEqual map[string]string `json:"string_equal"`
}

// externalIDKey is the condition key of external ids.
const externalIDKey = "sts:external_id"

// Further reasons.
const (
	whyOrganization = "listing the members of the organization"
	whyAccounts     = "the accounts file in COS"
)

// longestPolicy is how many characters CAM takes in a policy.
const longestPolicy = 6144

// ForFleet are the policies for a file's accounts with these settings. accountsURL is where
// the file lies, if it lies in COS.
func ForFleet(settings config.Config, f *fleet.Fleet, accountsURL string) (Fleet, error) {
	p := fleetPolicies{settings: settings, assumed: map[string][]string{}}
	accounts := slices.Clone(f.Accounts)
	if f.Organization != nil {
		accounts = append(accounts, f.Organization.AnyMember())
		p.result.ByPattern = true
	}
	functionSettings := settings
	functionSettings.Sources, functionSettings.Export = nil, config.ExportOff
	for i := range accounts {
		a := &accounts[i]
		switch {
		case a.Self:
			p.caller = a.Uin
			functionSettings.Sources, functionSettings.Export = settings.Sources, exportOf(a)
		case a.Role == "":
			p.addReader(a)
		}
	}
	for i := range accounts {
		if accounts[i].Role != "" {
			p.addRole(&accounts[i])
		}
	}
	needs, err := Needs(functionSettings)
	if err != nil {
		return Fleet{}, err
	}
	if f.Organization != nil {
		needs = append(needs, Need{Action: tencent.ActionOrganizationMembers, Resource: everything,
			Why: whyOrganization})
	}
	if objects, _ := storeObjects(accountsURL); objects != "" {
		needs = append(needs, Need{Action: "name/cos:GetObject", Resource: strings.TrimSuffix(objects, "/*"),
			Why: whyAccounts})
	}
	p.result.Function = split(For(needs), p.assumed[""])
	p.result.caller = cmp.Or(p.caller, unknownCaller)
	for i := range p.result.Assuming {
		p.result.Assuming[i].Policies = split(For(nil), p.assumed[p.result.Assuming[i].Keys])
	}
	return p.result, nil
}

// unknownCaller stands for the function's account where the file does not say it.
const unknownCaller = "<uin of the function's account>"

// AllowScatter adds to the function's policies that it may invoke itself. It is named as
// REGION/FUNCTION or REGION/NAMESPACE/FUNCTION.
func (f Fleet) AllowScatter(function string) (Fleet, error) {
	parts := strings.Split(function, "/")
	if len(parts) == 2 {
		parts = []string{parts[0], "default", parts[1]}
	}
	if len(parts) != 3 || slices.Contains(parts, "") {
		return f, errors.New("names no function: write ap-guangzhou/licensewatch, or ap-guangzhou/NAMESPACE/licensewatch")
	}
	resource := fmt.Sprintf("qcs::scf:%s:uin/%s:namespace/%s/function/%s", parts[0], f.caller, parts[1], parts[2])
	policy := Policy{Version: version, Statement: []Statement{{Effect: allow, Action: []string{tencent.ActionInvoke},
		Resource: []string{resource}}}}
	if len(f.Function) > 0 {
		longer := Policy{Version: version, Statement: slices.Concat(f.Function[0].Statement, policy.Statement)}
		if text, err := Text(longer); err == nil && len(text) <= longestPolicy {
			f.Function = slices.Concat([]Policy{longer}, f.Function[1:])
			return f, nil
		}
	}
	f.Function = slices.Concat(f.Function, []Policy{policy})
	return f, nil
}

// fleetPolicies gathers them.
type fleetPolicies struct {
	settings config.Config
	caller   string              // the uin of the function's account, where the file says it
	assumed  map[string][]string // ARNs of roles, by whose keys assume them; "": the function's own
	result   Fleet
}

func exportOf(a *fleet.Account) config.ExportWhen {
	if a.Export {
		return config.ExportDigest
	}
	return config.ExportOff
}

// readingPolicy allows what reads an account.
func (p *fleetPolicies) readingPolicy(a *fleet.Account) Policy {
	settings := p.settings
	settings.StateURL, settings.ArchiveURL, settings.Export = "", "", exportOf(a)
	needs, _ := Needs(settings) // fails for places in COS only
	return For(needs)
}

// addReader adds an account that is read by keys of its own.
func (p *fleetPolicies) addReader(a *fleet.Account) {
	i := slices.IndexFunc(p.result.Readers, func(r KeysPolicies) bool { return r.Keys == a.Keys.Name })
	if i < 0 {
		i = len(p.result.Readers)
		p.result.Readers = append(p.result.Readers,
			KeysPolicies{Keys: a.Keys.Name, Policies: []Policy{p.readingPolicy(a)}})
	} else if a.Export {
		p.result.Readers[i].Policies = []Policy{p.readingPolicy(a)}
	}
	p.result.Readers[i].Accounts = append(p.result.Readers[i].Accounts, FleetAccount{a.Uin, a.Name})
}

// addRole adds an account that is read by a role.
func (p *fleetPolicies) addRole(a *fleet.Account) {
	keys, caller := "", p.caller
	if caller == "" {
		caller = unknownCaller
	}
	if a.Keys != nil {
		keys, caller = a.Keys.Name, "<uin of the account of the keys "+a.Keys.Name+">"
		if !slices.ContainsFunc(p.result.Assuming, func(k KeysPolicies) bool { return k.Keys == keys }) {
			p.result.Assuming = append(p.result.Assuming, KeysPolicies{Keys: keys})
		}
	}
	p.assumed[keys] = append(p.assumed[keys], a.Role)
	account := FleetAccount{a.Uin, a.Name}
	for i := range p.result.Assuming {
		if k := &p.result.Assuming[i]; k.Keys == keys {
			k.Accounts = append(k.Accounts, account)
		}
	}
	_, role, _ := strings.Cut(strings.TrimPrefix(a.Role, "qcs::cam::uin/"), ":")
	role = strings.TrimPrefix(role, "roleName/")
	i := slices.IndexFunc(p.result.Roles, func(r AccountRole) bool {
		return r.Role == role && r.Caller == caller && r.Export == a.Export &&
			r.ExternalIDVariable == a.ExternalIDVariable
	})
	if i < 0 {
		i = len(p.result.Roles)
		p.result.Roles = append(p.result.Roles, AccountRole{Role: role, Export: a.Export, Caller: caller,
			ExternalIDVariable: a.ExternalIDVariable, Policy: p.readingPolicy(a),
			Trust: trustOf(caller, a.ExternalIDVariable)})
	}
	p.result.Roles[i].Accounts = append(p.result.Roles[i].Accounts, account)
}

// trustOf is the trust policy of a role that the caller's account assumes.
func trustOf(caller, externalIDVariable string) AccountTrust {
	statement := AccountTrustStatement{Effect: allow, Action: assumeRole,
		Principal: AccountPrincipal{QCS: []string{"qcs::cam::uin/" + caller + ":root"}}}
	if externalIDVariable != "" {
		statement.Condition = &TrustCondition{map[string]string{externalIDKey: "<what " + externalIDVariable +
			" holds>"}}
	}
	return AccountTrust{Version: version, Statement: []AccountTrustStatement{statement}}
}

// split adds to a policy that these roles may be assumed, in as many policies as are
// needed.
func split(first Policy, roles []string) []Policy {
	policies := []Policy{first}
	slices.Sort(roles)
	for _, role := range slices.Compact(roles) {
		last := &policies[len(policies)-1]
		if !addAssumed(last, role) {
			policies = append(policies, Policy{Version: version})
			addAssumed(&policies[len(policies)-1], role)
		}
	}
	return slices.DeleteFunc(policies, func(p Policy) bool { return len(p.Statement) == 0 })
}

// addAssumed lets a policy assume a further role, unless it would become too long.
func addAssumed(p *Policy, role string) bool {
	longer := Policy{Version: p.Version, Statement: slices.Clone(p.Statement)}
	last := len(longer.Statement) - 1
	if last >= 0 && slices.Equal(longer.Statement[last].Action, []string{assumeRole}) {
		longer.Statement[last].Resource = append(slices.Clone(longer.Statement[last].Resource), role)
	} else {
		longer.Statement = append(longer.Statement,
			Statement{Effect: allow, Action: []string{assumeRole}, Resource: []string{role}})
	}
	text, err := Text(longer)
	if err != nil || len(text) > longestPolicy && len(p.Statement) > 0 {
		return false
	}
	*p = longer
	return true
}

// NamesOf are the names of accounts.
func NamesOf(accounts []FleetAccount) []string {
	var names []string
	for _, a := range accounts {
		names = append(names, a.Name)
	}
	return names
}
