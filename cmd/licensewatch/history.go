package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/config"
	"licensewatch/life"
	"licensewatch/session"
)

// history is what the command line asks.
type history struct {
	since  string
	only   accountFlag
	output output
}

func newHistory(c console) *cobra.Command {
	h := &history{}
	command := &cobra.Command{
		Use:   "history",
		Short: "List what was said, to whom, and how it was taken",
		Long: `history lists the messages that the function wrote: when, its id as at the foot of
the message, its headline, and what became of it in each chat. The oldest comes
first. Notes are the short messages beside the reports, for example about a chat
that takes none.

With an accounts file a message to a channel is about all accounts that it hears of;
--account lists what each channel was told of what fires in an account.

The memory of LICENSEWATCH_STATE_URL keeps the last 200 messages. Nothing else is
read: keys of the cloud are only needed where the memory lies in a bucket.`,
		Example: `  licensewatch history
  licensewatch history --since 24h
  licensewatch history --account pay-prod
  licensewatch history --since 2026-11-01 --output json | jq '.messages[] | select(.channels[].verdict != "accepted")'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return h.run(cmd.Context(), c) },
	}
	command.Flags().StringVar(&h.since, "since", "7d",
		"how far back: a `TIME` like 24h, 7d, 2w, 2026-11-20 or 2026-11-20T09:00:00+08:00")
	h.only.addTo(command)
	h.output.addTo(command)
	return command
}

func (h *history) run(ctx context.Context, c console) error {
	if usesAccounts() {
		return h.runFleet(ctx, c)
	}
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	now := c.now().In(settings.Zone)
	since, err := sinceWhen(h.since, now)
	if err != nil {
		return err
	}
	ledger, err := readLedger(ctx, c, settings)
	if err != nil {
		return err
	}
	said := newHistoryJSON(ledger, since)
	if h.output.isJSON() {
		return c.printJSON(said)
	}
	said.print(c, styleFor(c.out))
	return nil
}

// readLedger reads the ledger of the settings' store. It waits for no run.
func readLedger(ctx context.Context, c console, settings config.Config) (*life.Ledger, error) {
	p := c.startProgress("reading the ledger")
	defer p.done()
	ledger, err := session.Read(ctx, session.OptionsOf(settings))
	if err != nil {
		return nil, storeError(err)
	}
	return ledger, interruptedError(ctx)
}

// sinceWhen reads the time of --since, which lies before now.
func sinceWhen(text string, now time.Time) (time.Time, error) {
	since, ok := shiftTime(now, text, -1)
	if !ok {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			since, err = time.ParseInLocation(time.DateOnly, text, now.Location())
		}
		if err != nil {
			return since, fmt.Errorf("--since %q is no time: write it like 24h, 7d, 2w or %s", text,
				now.AddDate(0, 0, -7).Format(time.DateOnly))
		}
	}
	if since.After(now) {
		return since, fmt.Errorf("--since %s has not come yet: now is %s", text, formatZonedTime(now))
	}
	return since.In(now.Location()), nil
}

// historyJSON is what was said, for programs.
type historyJSON struct {
	Since    time.Time     `json:"since"`
	Owner    *ownerJSON    `json:"owner"`    // whose memory it is; null: no run has said so yet
	Complete bool          `json:"complete"` // false: there may have been earlier ones since then
	Gaps     []gapJSON     `json:"gaps"`     // times without any run, the oldest first
	Messages []messageJSON `json:"messages"` // the oldest first
	// Totals are, of many accounts, how many messages each channel was to be sent, by name.
	Totals []historyTotal `json:"totals,omitempty"`
}

// gapJSON is a time without any run that is longer than a day and a half.
type gapJSON struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Slice is that of the accounts which was not watched, like 2/8.
	Slice string `json:"slice,omitempty"`
}

// gapsOf are the times without any run that ended since then.
func gapsOf(runs life.RunHistory, since time.Time) []gapJSON {
	gaps := []gapJSON{}
	for _, p := range runs.Pauses {
		length := time.Duration(p.For) * time.Second
		if end := p.End.In(since.Location()); length > quietTimer && end.After(since) {
			gaps = append(gaps, gapJSON{From: end.Add(-length), To: end})
		}
	}
	return gaps
}

// messageJSON is one message.
type messageJSON struct {
	ID       string       `json:"id"`
	Kind     string       `json:"kind"` // digest, alert or note
	At       time.Time    `json:"at"`   // when it was written
	Headline string       `json:"headline"`
	Slice    string       `json:"slice,omitempty"` // of the accounts that it is about, like 2/8
	Findings int          `json:"findings"`        // how many of those that fire it names
	Channels []answerJSON `json:"channels"`
}

// answerJSON is what became of a message in one channel.
type answerJSON struct {
	Channel string              `json:"channel"`
	Verdict life.DeliveryStatus `json:"verdict"`
	At      *time.Time          `json:"at,omitempty"` // absent while it waits
}

func newHistoryJSON(ledger *life.Ledger, since time.Time) historyJSON {
	heads := ledger.NotificationLog().Heads(since.Location())
	said := historyJSON{Since: since, Owner: ownerOf(ledger), Gaps: gapsOf(ledger.Runs(), since),
		Messages: []messageJSON{}}
	said.Complete = len(heads) < life.MaxHeads || heads[0].At.Before(since)
	for _, head := range heads {
		if head.At.Before(since) {
			continue
		}
		m := messageJSON{ID: head.ID, Kind: head.Kind, At: head.At, Headline: head.Headline, Findings: head.Findings,
			Channels: []answerJSON{}}
		for _, channel := range slices.Sorted(maps.Keys(head.To)) {
			a := answerJSON{Channel: channel, Verdict: head.To[channel].Status}
			if at := head.To[channel].At; !at.IsZero() {
				a.At = &at
			}
			m.Channels = append(m.Channels, a)
		}
		said.Messages = append(said.Messages, m)
	}
	return said
}

// print writes it for people.
func (h *historyJSON) print(c console, s style) {
	switch n := len(h.Messages); n {
	case 0:
		c.print("Nothing was said since %s.\n", formatZonedTime(h.Since))
	default:
		c.print("%s\n", s.paint(ansiDim, fmt.Sprintf("%s since %s", countOf(n, "message"), formatZonedTime(h.Since))))
	}
	if h.Owner.isKnown() {
		c.print("%s\n", s.paint(ansiDim, "From "+h.Owner.describe()+"."))
	}
	if !h.Complete {
		c.print("%s\n", s.paint(ansiDim, fmt.Sprintf("Earlier ones are not remembered: the store keeps the last %d.",
			life.MaxHeads)))
	}
	gaps := h.Gaps
	for _, m := range h.Messages {
		for ; len(gaps) > 0 && !gaps[0].To.After(m.At); gaps = gaps[1:] {
			gaps[0].print(c, s)
		}
		headline := m.Headline
		if headline == "" {
			headline = "(its headline is not known)"
		}
		if m.isNumberedAnew() {
			headline += " (webhooks numbered as they were then)"
		}
		c.print("%s  %-6s  %s  %s\n", formatTime(m.At), m.Kind, m.ID, s.paint(ansiBold, headline))
		answers := make([]terminal.Styled, 0, len(m.Channels))
		for _, a := range m.Channels {
			answers = append(answers, a.styledLine(m, s))
		}
		c.print("%18s%s\n", "", terminal.Join(answers, " · "))
	}
	for _, g := range gaps {
		g.print(c, s)
	}
	if len(h.Totals) > 0 {
		c.print("\n%s\n", s.titleLine("By channel"))
	}
	for _, total := range h.Totals {
		total.print(c, s)
	}
}

func (g gapJSON) print(c console, s style) {
	what := "no run"
	if g.Slice != "" {
		what += " of slice " + g.Slice
	}
	c.print("%s\n", s.paint(ansiYellow, fmt.Sprintf("%s  %s for %s, until %s", formatTime(g.From), what,
		daysOrHours(g.To.Sub(g.From)), formatTime(g.To))))
}

// isNumberedAnew says that a note is about a chat whose name another one has by now:
// the one that took it, for no chat is told that it takes nothing itself.
func (m messageJSON) isNumberedAnew() bool {
	return m.Kind == life.HeadNote && slices.ContainsFunc(m.Channels, func(a answerJSON) bool {
		return strings.Contains(a.Channel, "[") && strings.HasPrefix(m.Headline, chatName(a.Channel))
	})
}

// styledLine is the answer in words, with the time where that is another one than the
// message's.
func (a answerJSON) styledLine(m messageJSON, s style) terminal.Styled {
	words, color := a.describe(m.Kind)
	text := chatName(a.Channel) + " " + words
	if a.At != nil && a.At.Sub(m.At).Abs() >= time.Minute {
		text += " (" + formatTime(*a.At) + ")"
	}
	return s.paint(color, text)
}

func (a answerJSON) describe(kind string) (words, color string) {
	owed := ", and is owed it"
	if kind == life.HeadNote {
		owed = ""
	}
	switch a.Verdict {
	case life.Accepted:
		return "accepted it", ansiGreen
	case life.Waits:
		return "was not sent it yet", ansiYellow
	case life.DeliveryStatus(life.RefusedForNow):
		return "did not take it" + owed, ansiYellow
	case life.DeliveryStatus(life.RefusedForGood):
		return "refused it for good", ansiRed
	case life.DeliveryStatus(life.NoAnswer):
		return "gave no answer that tells: it may have arrived", ansiYellow
	case life.GivenUp:
		return "never took it: it was given up", ansiRed
	case notSentAnyMore:
		return "did not take it, and is not sent it any more: a later message says what still holds", ansiYellow
	case life.Replaced:
		return "heard it from a later digest", ansiGreen
	default:
		return string(a.Verdict), ansiYellow
	}
}
