package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"licensewatch/cmd/licensewatch/internal/campolicy"
)

// printFleet prints what every account of an accounts file needs.
func (p policy) printFleet(ctx context.Context, c console) error {
	if p.trust || p.check != "" {
		return errors.New("--fleet prints the policies of an accounts file: leave --trust and --check out")
	}
	if p.terraform && p.output.isJSON() {
		return errors.New("--terraform and --output json exclude each other: leave one of them out")
	}
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	file, err := loadAccounts(ctx, settings, p.accounts, nil)
	if err != nil {
		return err
	}
	policies, err := campolicy.ForFleet(settings, file.fleet, file.name)
	if err != nil {
		return &exitError{text: err.Error()}
	}
	if p.scatter != "" {
		if policies, err = policies.AllowScatter(p.scatter); err != nil {
			return &exitError{text: "--scatter " + err.Error()}
		}
	}
	switch {
	case p.output.isJSON():
		err = c.printJSON(policies)
	case p.terraform:
		err = c.printJSONText([]byte(policies.Terraform() + "\n"))
	default:
		err = printForConsole(c, policies)
	}
	if err != nil {
		return err
	}
	for _, doubt := range fleetDoubts(policies) {
		writeStyled(c.err, "! %s\n", doubt)
	}
	return leftOutError(file.fleet)
}

// fleetDoubts are what the policies do not say by themselves.
func fleetDoubts(f campolicy.Fleet) []string {
	const many = 10 // policies of one role
	var doubts []string
	if f.ByPattern {
		doubts = append(doubts, "the members of the organization are not known here: their roles stand in the policy with a * for the uin; the trust policy of each account decides all the same. To name them one by one, list them under accounts")
	}
	if n := len(f.Function); n > many {
		doubts = append(doubts, fmt.Sprintf("%d policies are more than one role may take: allow name/sts:AssumeRole on qcs::cam::uin/*:roleName/<the role> in one, the trust policy of each account decides all the same", n))
	}
	for _, role := range f.Roles {
		if strings.HasPrefix(role.Caller, "<") {
			doubts = append(doubts, "whose account assumes the role "+role.Role+
				" is not known: put its number in the place of "+role.Caller+
				callerHint(role.Caller))
		}
	}
	return doubts
}

// callerHint says how the function's account becomes known.
func callerHint(caller string) string {
	if strings.Contains(caller, "function") {
		return ", or add the function's account to the file with self: true"
	}
	return ""
}

// printForConsole prints each policy under where it belongs.
func printForConsole(c console, f campolicy.Fleet) error {
	s := styleFor(c.out)
	for i, policy := range f.Function {
		title := "In the account of the function: policy of its execution role"
		if len(f.Function) > 1 {
			title += fmt.Sprintf(", %d of %d", i+1, len(f.Function))
		}
		if err := printPolicy(c, s, title, policy); err != nil {
			return err
		}
	}
	for _, k := range f.Assuming {
		for _, policy := range k.Policies {
			if err := printPolicy(c, s, "In the account of the keys "+k.Keys+": policy of their user",
				policy); err != nil {
				return err
			}
		}
	}
	for _, r := range f.Roles {
		where := "In " + fleetAccounts(r.Accounts) + ": role " + r.Role
		if err := printPolicy(c, s, where+", its policy", r.Policy); err != nil {
			return err
		}
		if err := printPolicy(c, s, where+", its trust policy", r.Trust); err != nil {
			return err
		}
	}
	for _, k := range f.Readers {
		for _, policy := range k.Policies {
			if err := printPolicy(c, s, "In "+fleetAccounts(k.Accounts)+": policy of the user of the keys "+k.Keys,
				policy); err != nil {
				return err
			}
		}
	}
	return nil
}

func printPolicy(c console, s style, title string, policy any) error {
	text, err := campolicy.Text(policy)
	if err != nil {
		return err
	}
	c.print("%s\n", s.paint(ansiBold, "# "+title))
	if err := c.printJSONText([]byte(text)); err != nil {
		return err
	}
	c.print("\n")
	return nil
}

// fleetAccounts names the accounts, the first few.
func fleetAccounts(accounts []campolicy.FleetAccount) string {
	names := campolicy.NamesOf(accounts)
	if len(names) == 1 {
		return names[0]
	}
	return "each of " + countOf(len(names), "account") + " (" + namesOf(names, accountsShown) + ")"
}
