package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"licensewatch/fleet"
	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/setup"
)

// runFleet is run with an accounts file: the finding is one of an account, or of several.
func (a *ack) runFleet(ctx context.Context, c console, args []string) error {
	f, err := openFleetMemory(ctx, c)
	if err != nil {
		return err
	}
	known, err := setup.DescribeRules(f.settings.RulesFile)
	if err != nil {
		return mistakesError(err)
	}
	if other := f.otherOwner(); other != "" {
		writeStyled(c.err, "licensewatch: note: %s\n", other)
	}
	now := c.now().In(f.settings.Zone)
	if a.list {
		return a.listFleet(c, f, now)
	}
	found, err := a.findFleetFinding(f, args[0], known)
	if err != nil {
		return err
	}
	if isNew := func(of fleet.Account) bool { return f.memoryOf(of.Uin).isBlank() }; !a.force &&
		!slices.ContainsFunc(found.accounts, func(of fleet.Account) bool { return !isNew(of) }) {
		return &exitError{text: noMemoryAtAll + "; --force takes it all the same"}
	}
	if a.remove {
		return a.removeFleet(ctx, c, f, found, args[0])
	}
	if !found.rule.Enabled {
		return fmt.Errorf("rule %s is switched off in %s: there is nothing to silence", found.rule.ID, found.rule.Place)
	}
	given, err := a.parseFlags(found.rule.ID, found.subject, now)
	if err != nil {
		return err
	}
	if found.isOne {
		return a.giveOne(ctx, c, f, found, given)
	}
	return a.giveSeveral(ctx, c, f, found, given)
}

// findFleetFinding finds what is to be acknowledged, or not any more.
func (a *ack) findFleetFinding(f *watchedFleet, word string, known []rules.Description) (fleetFinding, error) {
	found, err := f.findFinding(word, a.only, known)
	switch {
	case err != nil && a.remove && found.accounts != nil: // also of a rule that is gone
		found.rule.ID, found.subject, _ = strings.Cut(found.rest, "/")
	case err != nil:
		return found, err
	case !found.hasRule:
		return found, fmt.Errorf("which finding? Write %s/RULE or %s/RULE/SUBJECT; 'licensewatch status --account %s' lists what fires", word, word, word)
	}
	return found, nil
}

// giveOne enters the acknowledgement of a finding of one account.
func (a *ack) giveOne(ctx context.Context, c console, f *watchedFleet, found fleetFinding, given license.Ack) error {
	account, warning := &found.accounts[0], ""
	m := f.memoryOf(account.Uin)
	err := f.editMemory(ctx, c, m, func(memory *ledgers.Ledgers) error {
		return memory.Edit(m.ledgerName(account.Uin), func(ledger *life.Ledger) error {
			warning = neverReported(ledger, found.rule, given.Subject)
			if missing := noOrder(ledger, given.Subject); missing != "" && !a.force {
				return &life.AckError{Reason: missing + "; --force takes it all the same"}
			}
			return acknowledge(ledger, &given)
		})
	})
	if err != nil {
		return ackError(err)
	}
	if warning != "" {
		writeStyled(c.err, "licensewatch: %s\n", warning)
	}
	return a.textOf(c, f).printGiven(found, []accountAck{{account, given}}, nil)
}

func (a *ack) textOf(c console, f *watchedFleet) fleetAckText {
	return fleetAckText{c, f, a.output.isJSON()}
}

// acknowledge enters an acknowledgement, which becomes what the ledger makes of it.
func acknowledge(ledger *life.Ledger, given *license.Ack) error {
	now := given.At
	if err := ledger.Acknowledge(*given, now); err != nil {
		return err
	}
	acks := ledger.Acks(now)
	*given = acks[slices.IndexFunc(acks, func(kept license.Ack) bool {
		return kept.Rule == given.Rule && kept.Subject == given.Subject
	})]
	return nil
}

// ackError is what became of an acknowledgement that was not entered.
func ackError(err error) error {
	if refused, ok := errors.AsType[*life.AckError](err); ok && refused.Field != "" {
		return fmt.Errorf("--%s: %s", refused.Field, refused.Reason)
	}
	return storeError(err)
}

// accountAck is an acknowledgement in the ledger of an account.
type accountAck struct {
	account *fleet.Account
	ack     license.Ack
}

// giveSeveral enters an acknowledgement in each of several accounts, where the finding fires and
// nobody has acknowledged it. Without --yes it says which those are.
func (a *ack) giveSeveral(ctx context.Context, c console, f *watchedFleet, found fleetFinding,
	given license.Ack) error {
	if err := life.New().Acknowledge(given, given.At); err != nil { // a slip in the flags comes first
		return ackError(err)
	}
	chosen := slices.DeleteFunc(slices.Clone(found.accounts), func(account fleet.Account) bool {
		ledger, err := f.open(account.Uin)
		return err == nil && !firesOpenly(ledger, given)
	})
	if len(chosen) == 0 {
		return &exitError{text: fmt.Sprintf("it fires, without being acknowledged, in none of %s by the memory: nothing was acknowledged",
			countOf(len(found.accounts), "account"))}
	}
	if !a.yes {
		return a.textOf(c, f).showChosen(found, chosen, given)
	}
	done, unread, err := a.enterSeveral(ctx, c, f, chosen, given)
	if err != nil && len(done) == 0 {
		return ackError(err)
	}
	said := a.textOf(c, f).printGiven(found, done, unread)
	if err != nil { // slices before it are done
		return ackError(err)
	}
	return said
}

// enterSeveral enters the acknowledgement in one memory after another. Those that cannot be read
// are left as they are, the others are not.
func (a *ack) enterSeveral(ctx context.Context, c console, f *watchedFleet, chosen []fleet.Account,
	given license.Ack) (done []accountAck, unread []string, err error) {
	for _, m := range f.memories {
		accounts := f.ofMemory(m, chosen)
		if m.err != nil {
			unread = append(unread, namesOfAccounts(accounts)...)
			continue
		}
		if len(accounts) == 0 {
			continue
		}
		var entered []accountAck
		err := f.editMemory(ctx, c, m, func(memory *ledgers.Ledgers) error {
			for i := range accounts {
				each := given
				err := memory.Edit(m.ledgerName(accounts[i].Uin), func(ledger *life.Ledger) error {
					if !firesOpenly(ledger, given) { // a run has been there meanwhile
						return errNothingToDo
					}
					return acknowledge(ledger, &each)
				})
				refused, isRefused := errors.AsType[*life.AckError](err)
				switch {
				case err == nil:
					entered = append(entered, accountAck{&accounts[i], each})
				case errors.Is(err, errNothingToDo):
				case isRefused:
					return &life.AckError{Reason: accounts[i].Name + ": " + refused.Reason + "; nothing was acknowledged" +
						f.inMemory(m)}
				default:
					unread = append(unread, accounts[i].Name)
				}
			}
			return nil
		})
		if err != nil {
			return done, unread, err
		}
		done = append(done, entered...)
	}
	return done, unread, nil
}

var errNothingToDo = errors.New("it does not fire any more, or is acknowledged")

// firesOpenly says whether what is to be acknowledged fires by the ledger, and some of it is not
// acknowledged yet for as long.
func firesOpenly(ledger *life.Ledger, given license.Ack) bool {
	acks := ledger.Acks(given.At)
	return slices.ContainsFunc(ledger.Known(), func(k life.Known) bool {
		return given.Covers(k.Rule, k.Subject) && !slices.ContainsFunc(acks, func(a license.Ack) bool {
			return a.Covers(k.Rule, k.Subject) && !a.Until.Before(given.Until)
		})
	})
}

// removeFleet takes acknowledgements back.
func (a *ack) removeFleet(ctx context.Context, c console, f *watchedFleet, found fleetFinding, word string) error {
	holds := func(ledger *life.Ledger) bool {
		return slices.ContainsFunc(ledger.Acks(c.now()),
			func(k license.Ack) bool { return k.Rule == found.rule.ID && k.Subject == found.subject })
	}
	chosen := slices.DeleteFunc(slices.Clone(found.accounts), func(account fleet.Account) bool {
		ledger, err := f.open(account.Uin)
		if err != nil { // of one, it is said that it cannot be read
			return !found.isOne
		}
		return !holds(ledger)
	})
	var keys []string
	for i := range chosen {
		keys = append(keys, found.key(&chosen[i]))
	}
	switch {
	case len(chosen) == 0:
		return &exitError{text: fmt.Sprintf("there is no acknowledgement of %s; see --list", word)}
	case !found.isOne && !a.yes:
		c.print("This would take back, in %s: %s\n", countOf(len(keys), "account"), namesOf(keys, accountRows))
		return &exitError{text: "nothing was taken back: write --yes behind it to do so"}
	}
	removed, err := a.removeEach(ctx, c, f, chosen, found)
	switch {
	case err != nil && len(removed) > 0: // in slices before it
		c.print("Alerts remind again of %s.\n", namesOf(removed, accountRows))
		return storeError(err)
	case err != nil:
		return storeError(err)
	case len(removed) == 0:
		return &exitError{text: fmt.Sprintf("there is no acknowledgement of %s; see --list", word)}
	case a.output.isJSON():
		return c.printJSON(map[string]any{"removed": removed})
	}
	c.print("Alerts remind again of %s.\n", namesOf(removed, accountRows))
	return nil
}

// removeEach takes acknowledgements back in one memory after another.
func (a *ack) removeEach(ctx context.Context, c console, f *watchedFleet, chosen []fleet.Account,
	found fleetFinding) ([]string, error) {
	removed := []string{}
	for _, m := range f.memories {
		accounts := f.ofMemory(m, chosen)
		if len(accounts) == 0 {
			continue
		}
		var here []string
		err := f.editMemory(ctx, c, m, func(memory *ledgers.Ledgers) error {
			for i := range accounts {
				if err := memory.Edit(m.ledgerName(accounts[i].Uin), func(ledger *life.Ledger) error {
					if ledger.RemoveAck(found.rule.ID, found.subject) {
						here = append(here, found.key(&accounts[i]))
					}
					return nil
				}); err != nil {
					return fmt.Errorf("%s: %w", accounts[i].Name, err)
				}
			}
			return nil
		})
		if err != nil {
			return removed, err
		}
		removed = append(removed, here...)
	}
	return removed, nil
}
