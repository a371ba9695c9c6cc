package simulator

import (
	"errors"
	"fmt"
	"net/http"

	"licensewatch/license"
)

// Account is one of the accounts of a cloud of many.
type Account struct {
	UIN      string
	Site     license.Site // empty: that of Options
	Scenario string       // empty: that of Options
	Self     bool         // Simulator.Credentials are its keys

	// SecretID and SecretKey are permanent keys of its own; empty: it has none.
	SecretID, SecretKey string

	// Role is the name of the role that others may assume; empty: there is none.
	Role string
	// Trusts is the account whose keys may assume the role; empty: that of anybody on the
	// site. A role of the other site is one that does not exist.
	Trusts string
	// ExternalID is what the role's trust asks for; empty: nothing.
	ExternalID string

	// Override replaces the answers to some actions that are asked about this account, and
	// to AssumeRole where its role is asked for; "*" replaces those to every other action.
	// Accounts may share one: a map is only read.
	Override map[string]http.HandlerFunc
}

// accountState is an account with its scenario, which accounts share.
type accountState struct {
	Account
	scenario *Scenario
}

// addAccounts makes the accounts of the options; what is wrong with them is kept for Check.
func (s *cloud) addAccounts() {
	own := &accountState{Account{UIN: accountUIN, Site: s.options.Site}, &s.scenario}
	scenarios := map[string]*Scenario{s.options.Scenario: &s.scenario}
	s.self = own
	s.accounts = make(map[string]*accountState, len(s.options.Accounts))
	s.byKeys = map[string]*accountState{}
	for _, account := range s.options.Accounts {
		state, err := s.newAccount(account, scenarios)
		switch {
		case err != nil:
		case account.Self && s.self != own:
			err = errors.New("simulator: two accounts are Self")
		case s.accounts[account.UIN] != nil:
			err = fmt.Errorf("simulator: there are two accounts %s", account.UIN)
		case account.SecretID != "" && s.byKeys[account.SecretID] != nil:
			err = fmt.Errorf("simulator: two accounts have the keys %s", account.SecretID)
		}
		if err != nil {
			s.refused = err
			return
		}
		s.accounts[account.UIN] = state
		if account.Self {
			s.self = state
		}
		if account.SecretID != "" {
			s.byKeys[account.SecretID] = state
		}
	}
	if s.self == own && s.accounts[own.UIN] == nil {
		s.accounts[own.UIN] = own
	}
}

func (s *cloud) newAccount(account Account, scenarios map[string]*Scenario) (*accountState, error) {
	if account.Site == "" {
		account.Site = s.options.Site
	}
	if account.Scenario == "" {
		account.Scenario = s.options.Scenario
	}
	switch {
	case account.UIN == "":
		return nil, errors.New("simulator: an account has no number")
	case account.Site != license.SiteCN && account.Site != license.SiteIntl:
		return nil, fmt.Errorf("simulator: there is no site %q, only cn and intl", account.Site)
	}
	if scenarios[account.Scenario] == nil {
		scenario, err := findScenario(account.Scenario, s.options.DaysAgo)
		if err != nil {
			return nil, err
		}
		scenarios[account.Scenario] = &scenario
	}
	return &accountState{account, scenarios[account.Scenario]}, nil
}

// overrideOf is what the account that is asked about has in the place of the usual answer;
// nil where it has nothing.
func (s *cloud) overrideOf(of asked, action string, params jsonObject) http.HandlerFunc {
	about := of.account
	if action == "AssumeRole" {
		arn, _ := params["RoleArn"].(string)
		uin, _, _ := parseRole(arn)
		if about = s.accounts[uin]; about == nil {
			return nil
		}
		return about.Override[action]
	}
	if h := about.Override[action]; h != nil {
		return h
	}
	return about.Override["*"]
}

// windowKey is what requests are counted by, for Options.Limits.
type windowKey struct{ uin, action string }

// window is how many requests there were in a second.
type window struct {
	second int64
	made   int
}

// The requests that an API takes from an account in a second, as documented.
const (
	usualLimit      = 20
	assumeRoleLimit = 600
	invokeLimit     = 100
)

// takeWindow counts a request, and refuses it where there are too many in this second.
func (s *cloud) takeWindow(of *accountState, action string) *apiError {
	if !s.options.Limits {
		return nil
	}
	limit := usualLimit
	switch action {
	case "AssumeRole":
		limit = assumeRoleLimit
	case "Invoke":
		limit = invokeLimit
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, second := windowKey{of.UIN, action}, s.options.RateClock().Unix()
	now := s.windows[key]
	if now.second != second {
		now = window{second: second}
	}
	now.made++
	s.windows[key] = now
	if now.made > limit {
		return &apiError{"RequestLimitExceeded", fmt.Sprintf("More than %d requests a second.", limit)}
	}
	return nil
}

// SetMembers changes the organization.
func (s *cloud) SetMembers(members []Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.members = members
}
