package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
)

// notSentAnyMore is what became of a message about many accounts that no account owes any more.
const notSentAnyMore life.DeliveryStatus = "not-sent-any-more"

func (h *history) runFleet(ctx context.Context, c console) error {
	f, err := openFleetMemory(ctx, c)
	if err != nil {
		return err
	}
	since, err := sinceWhen(h.since, c.now().In(f.settings.Zone))
	if err != nil {
		return err
	}
	if other := f.otherOwner(); other != "" {
		writeStyled(c.err, "licensewatch: note: %s\n", other)
	}
	f.noteSlices(c)
	if len(h.only.patterns) > 0 {
		return h.showTold(c, f, since)
	}
	said := historyOfAll(f, since)
	endDeliveries(f, &said, c.now())
	said.Totals = historyTotalsOf(said.Messages)
	if h.output.isJSON() {
		return c.printJSON(said)
	}
	said.Owner = nil // it is no account
	said.print(c, styleFor(c.out))
	return nil
}

// historyOfAll is what was said of all accounts, or of all slices.
func historyOfAll(f *watchedFleet, since time.Time) (all historyJSON) {
	for i, m := range f.memories {
		said := newHistoryJSON(m.Ledgers.Fleet, since)
		if m.slice.Of > 0 {
			said.addSlice(m)
		}
		if i == 0 {
			all = said
			continue
		}
		all.Complete = all.Complete && said.Complete
		all.Gaps, all.Messages = append(all.Gaps, said.Gaps...), append(all.Messages, said.Messages...)
	}
	slices.SortStableFunc(all.Gaps, func(a, b gapJSON) int { return a.To.Compare(b.To) })
	slices.SortStableFunc(all.Messages, func(a, b messageJSON) int { return a.At.Compare(b.At) })
	return all
}

// addSlice says of which slice it is.
func (h *historyJSON) addSlice(m *sliceMemory) {
	for i := range h.Gaps {
		h.Gaps[i].Slice = m.slice.String()
	}
	for i := range h.Messages {
		h.Messages[i].Slice = m.slice.String()
	}
}

// endDeliveries finds the messages that wait for nobody any more: no account's memory has them.
func endDeliveries(f *watchedFleet, said *historyJSON, now time.Time) {
	type delivery struct{ id, channel string }
	waits := map[delivery]bool{}
	for _, a := range f.accounts {
		ledger, err := f.open(a.Uin)
		if err != nil {
			continue
		}
		for _, w := range ledger.Waiting(now) {
			waits[delivery{life.WholeID(w.ID), w.Channel}] = true
		}
	}
	for i := range said.Messages {
		m := &said.Messages[i]
		for j := range m.Channels {
			a := &m.Channels[j]
			isOpen := a.Verdict == life.Waits || a.Verdict == life.DeliveryStatus(life.RefusedForNow)
			if isOpen && m.Kind != life.HeadNote && !waits[delivery{m.ID, a.Channel}] {
				a.Verdict = notSentAnyMore
			}
		}
	}
}

// historyTotal is how many messages a channel was to be sent, and what became of them.
type historyTotal struct {
	Channel  string                      `json:"channel"`
	Digests  int                         `json:"digests"`
	Alerts   int                         `json:"alerts"`
	Notes    int                         `json:"notes"`
	Verdicts map[life.DeliveryStatus]int `json:"verdicts"`
}

// historyTotalsOf sums the messages up by channel.
func historyTotalsOf(messages []messageJSON) []historyTotal {
	byName := map[string]*historyTotal{}
	for _, m := range messages {
		for _, a := range m.Channels {
			total := byName[a.Channel]
			if total == nil {
				total = &historyTotal{Channel: a.Channel, Verdicts: map[life.DeliveryStatus]int{}}
				byName[a.Channel] = total
			}
			total.Verdicts[a.Verdict]++
			switch m.Kind {
			case string(license.ModeDigest):
				total.Digests++
			case life.HeadNote:
				total.Notes++
			default:
				total.Alerts++
			}
		}
	}
	totals := []historyTotal{}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		totals = append(totals, *byName[name])
	}
	return totals
}

// print writes it for people: what was accepted, and else what became of it.
func (t historyTotal) print(c console, s style) {
	var kinds []string
	for _, kind := range []struct {
		n    int
		noun string
	}{{t.Digests, "digest"}, {t.Alerts, "alert"}, {t.Notes, "note"}} {
		if kind.n > 0 {
			kinds = append(kinds, countOf(kind.n, kind.noun))
		}
	}
	ends := []terminal.Styled{s.paint(ansiGreen, fmt.Sprintf("%d accepted", t.Verdicts[life.Accepted]))}
	for _, verdict := range slices.Sorted(maps.Keys(t.Verdicts)) {
		if verdict != life.Accepted {
			words, color := answerJSON{Verdict: verdict}.describe("")
			ends = append(ends, s.paint(color, fmt.Sprintf("%d: %s", t.Verdicts[verdict], words)))
		}
	}
	c.print("  %-20s  %s: %s\n", chatName(t.Channel), strings.Join(kinds, ", "), terminal.Join(ends, " · "))
}

// toldJSON is what channels were told last of a finding of an account.
type toldJSON struct {
	Account  string           `json:"account"`
	Uin      string           `json:"uin"`
	Rule     string           `json:"rule"`
	Subject  string           `json:"subject"`
	Severity license.Severity `json:"severity"` // as it was told
	Title    license.Text     `json:"title"`
	Channel  string           `json:"channel"`
	At       time.Time        `json:"at"` // when the channel accepted it
}

// showTold lists what each channel was told last of what fires in some accounts.
func (h *history) showTold(c console, f *watchedFleet, since time.Time) error {
	accounts, err := h.only.choose(f.all(), f.name)
	if err != nil {
		return err
	}
	told := []toldJSON{}
	for i := range accounts {
		told = append(told, toldOf(f, &accounts[i], since)...)
	}
	slices.SortStableFunc(told, func(a, b toldJSON) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Account, b.Account))
	})
	if h.output.isJSON() {
		return c.printJSON(map[string]any{"since": since, "told": told})
	}
	if len(told) == 0 {
		c.print("Nothing that fires in %s was told since %s.\n", namesOf(namesOfAccounts(accounts), causeNames),
			formatZonedTime(since))
	}
	s := styleFor(c.out)
	for _, t := range told {
		key := t.Account + "/" + license.Finding{Rule: t.Rule, Subject: t.Subject}.Key()
		c.print("%s  %-12s  %s  %s\n", formatTime(t.At), t.Channel,
			s.paint(severityColor(t.Severity), fmt.Sprintf("%-8s", t.Severity)), key)
		c.print("%18s%s\n", "", t.Title.In(f.settings.Language))
	}
	return nil
}

// toldOf is what each channel was told last of what fires in an account.
func toldOf(f *watchedFleet, a *fleet.Account, since time.Time) (told []toldJSON) {
	ledger, err := f.open(a.Uin)
	if err != nil {
		return nil
	}
	for _, k := range ledger.Known() {
		for _, channel := range ledger.Channels() {
			t := ledger.Told(license.Finding{Rule: k.Rule, Subject: k.Subject}.Key(), channel)
			if t != nil && !t.At.IsZero() && !t.At.Before(since) {
				told = append(told, toldJSON{a.Name, a.Uin, k.Rule, k.Subject, t.Severity, k.Title, channel,
					t.At.In(since.Location())})
			}
		}
	}
	return told
}
