package main

import (
	"context"
	"time"

	"licensewatch/fleet"
)

func (s *status) runFleet(ctx context.Context, c console) error {
	f, err := openFleetMemory(ctx, c)
	if err != nil {
		return err
	}
	now := c.now().In(f.settings.Zone)
	if len(s.only.patterns) > 0 {
		return s.showAccounts(c, f, now)
	}
	p := c.startProgress("summing up %s", countOf(len(f.accounts), "account"))
	answer := (&fleetStatus{f}).ofAll(now)
	p.done()
	if s.output.isJSON() {
		err = c.printJSON(answer)
	} else {
		answer.print(c)
	}
	if err == nil && !answer.Alive {
		err = &exitError{}
	}
	return err
}

// showAccounts shows single accounts, each as if it were alone.
func (s *status) showAccounts(c console, f *watchedFleet, now time.Time) error {
	accounts, err := s.only.choose(append(f.all(), f.wholes()...), f.name)
	if err != nil {
		return err
	}
	answers := []accountStatusJSON{}
	alive := true
	for i := range accounts {
		answer := (&fleetStatus{f}).ofAccount(&accounts[i], now)
		answers, alive = append(answers, answer), answer.Alive
		if s.output.isJSON() {
			continue
		}
		if i > 0 {
			c.print("\n")
		}
		c.print("%s\n", styleFor(c.out).titleLine(shownAccount(&accounts[i])))
		answer.print(c, f.settings.Language)
	}
	if s.output.isJSON() {
		if err := c.printJSON(map[string]any{"accounts": answers}); err != nil {
			return err
		}
	}
	if !alive {
		return &exitError{}
	}
	return nil
}

// shownAccount is an account for people: its name, and its number behind it.
func shownAccount(a *fleet.Account) string {
	if a.Name == a.Uin {
		return a.Uin
	}
	return a.Name + " (" + a.Uin + ")"
}
