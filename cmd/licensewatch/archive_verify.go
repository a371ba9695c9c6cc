package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/terminal"
)

// archiveVerify is what the command line asks.
type archiveVerify struct {
	place    archivePlace
	anchors  []string
	from, to string
	output   output
}

func newArchiveVerify(c console) *cobra.Command {
	v := &archiveVerify{}
	command := &cobra.Command{
		Use:   "verify [URL]",
		Short: "Compare every file with its record, and every record with the chain",
		Long: `verify compares every file of every record with the record's manifest, every manifest
with the record after it, and the newest one with the memory of LICENSEWATCH_STATE_URL,
where the archive is that of the settings, and with the anchors. It names what was
changed, is missing, was added, is not sealed, forked, out of order or cut off.

An anchor is the beginning of a manifest's hash, as digests show it: "Evidence until
Nov 27: 3f9a1c0b77e2". Records that were removed at the end show only by an anchor or
by the memory.`,
		Example: `  licensewatch archive verify
  licensewatch archive verify ./copy --anchor 3f9a1c0b77e2
  licensewatch archive verify --from 2026-07-01 --to 2026-09-30 --output json`,
		Args: atMostOne("a URL or directory"),
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd.Context(), c, args) },
	}
	v.place.addTo(command)
	flags := command.Flags()
	flags.StringArrayVar(&v.anchors, "anchor", nil,
		"the first 8 or more `DIGITS` of a manifest's hash, as somebody else kept them (repeatable)")
	addDayFlags(command, &v.from, &v.to)
	v.output.addTo(command)
	return command
}

func (v *archiveVerify) run(ctx context.Context, c console, args []string) error {
	if len(args) > 0 {
		if v.place.url != "" {
			return fmt.Errorf("%q and --archive say the same: leave one out", args[0])
		}
		v.place.url = args[0]
	}
	check, err := v.parseFlags()
	if err != nil {
		return err
	}
	opened, err := v.place.open(ctx, c)
	if err != nil {
		return err
	}
	if check.Heads, err = opened.rememberedHeads(ctx, c); err != nil {
		return err
	}
	if v.place.account != "" {
		if check.Account, err = v.place.chooseAccount(ctx, opened.store); err != nil {
			return err
		}
	}
	progress := countProgress{console: c}
	check.Progress = progress.show
	result, err := archive.Verify(ctx, opened.store, check)
	progress.done()
	if err := interruptedError(ctx); err != nil {
		return err
	}
	if err != nil {
		return archiveError(err)
	}
	return v.answer(c, newVerifiedJSON(result, check))
}

// parseFlags reads the flags.
func (v *archiveVerify) parseFlags() (check archive.Check, err error) {
	for _, anchor := range v.anchors {
		anchor = strings.ToLower(strings.TrimSpace(anchor))
		if len(anchor) < 8 || len(anchor) > 64 || strings.Trim(anchor, "0123456789abcdef") != "" {
			return check, fmt.Errorf("--anchor %q is no beginning of a hash: write 8 to 64 of the digits 0-9 and a-f, as a digest shows them", anchor)
		}
		check.Anchors = append(check.Anchors, anchor)
	}
	if check.From, check.To, err = parseDays(v.from, v.to); err != nil {
		return check, err
	}
	return check, nil
}

// verifiedJSON is what was found, for programs.
type verifiedJSON struct {
	Sound   bool     `json:"sound"` // nothing is wrong, as far as was looked
	From    string   `json:"from,omitempty"`
	To      string   `json:"to,omitempty"`
	Anchors []string `json:"anchors"` // what was given, and found unless a defect says otherwise
	// Remembered are the newest records that the memory knows, by account.
	Remembered map[string]archive.Link `json:"remembered"`
	archive.Result
}

func newVerifiedJSON(result archive.Result, check archive.Check) verifiedJSON {
	v := verifiedJSON{Sound: len(result.Defects) == 0, Result: result, Anchors: append([]string{}, check.Anchors...),
		Remembered: check.Heads, From: dayText(check.From), To: dayText(check.To)}
	if v.Remembered == nil {
		v.Remembered = map[string]archive.Link{}
	}
	return v
}

func dayText(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

// answer says what was found.
func (v *archiveVerify) answer(c console, found verifiedJSON) error {
	isEmpty := !slices.ContainsFunc(found.Chains, func(chain archive.Chain) bool { return chain.Records > 0 })
	if isEmpty {
		found.Sound = false // nobody wants to hear that nothing is as it was sealed
	}
	if v.output.isJSON() {
		if err := c.printJSON(found); err != nil {
			return err
		}
	} else {
		found.print(c, styleFor(c.out))
	}
	switch n := len(found.Defects); {
	case n == 0 && !isEmpty:
		return nil
	case n == 0:
		return v.place.emptyError(found.days())
	case n == 1:
		return &exitError{text: "1 thing is wrong with the archive"}
	default:
		return &exitError{text: fmt.Sprintf("%d things are wrong with the archive", n)}
	}
}

// days says of which days it was looked for.
func (v verifiedJSON) days() string {
	text := ""
	if v.From != "" {
		text += " from " + v.From + " on"
	}
	if v.To != "" {
		text += " up to " + v.To
	}
	return text
}

// print writes it for people.
func (v verifiedJSON) print(c console, s style) {
	for _, chain := range v.Chains {
		printChain(c, s, chain)
	}
	v.printDefects(c, s)
	if len(v.Defects) > 0 || !v.Sound {
		return
	}
	c.print("%s\n", s.paint(ansiGreen, "✓ Everything is as it was sealed"+v.days()+"."))
	switch remembered, anchors := len(v.Remembered), len(v.Anchors); {
	case remembered == 0 && anchors == 0:
		c.print("%s\n", s.paint(ansiDim, "Whether records were removed at the end shows only what somebody else kept: "+
			"give --anchor and the digits of a digest."))
	case remembered == 0:
		c.print("%s\n", s.paint(ansiDim, "It holds what the "+countOf(anchors, "anchor")+" knew."))
	case anchors == 0:
		c.print("%s\n", s.paint(ansiDim, "It holds the newest record that the memory knows."))
	default:
		c.print("%s\n", s.paint(ansiDim, "It holds the newest record that the memory knows, and what the "+
			countOf(anchors, "anchor")+" knew."))
	}
}

// printChain writes an account's figures.
func printChain(c console, s style, chain archive.Chain) {
	c.print("%s  %s, %s, %s", s.paint(ansiBold, chain.Account), countOf(chain.Records, "record"),
		countOf(chain.Files, "file"), sizeText(chain.Bytes))
	if chain.Head != nil {
		c.print(", from %s to %s (%s)", chain.First, chain.Head.Record, chain.Head.Short())
	}
	c.print("\n")
	const most = 20
	for i, gap := range chain.Gaps {
		if i == most {
			c.print("  and %s more\n", countOf(len(chain.Gaps)-most, "gap"))
			break
		}
		c.print("  no record %s\n", gapText(gap))
	}
	for i, record := range chain.Unsealed {
		if i == most {
			c.print("  and %d more that were not sealed\n", len(chain.Unsealed)-most)
			break
		}
		c.print("  %s was not sealed, as the record after it says itself\n", record)
	}
}

func gapText(gap archive.Gap) string {
	if gap.From == gap.To {
		return "on " + gap.From
	}
	return "from " + gap.From + " to " + gap.To
}

// mostDefects is how many defects are shown to people.
const mostDefects = 100

// printDefects writes what is wrong, by record.
func (v verifiedJSON) printDefects(c console, s style) {
	before := ""
	for i, p := range v.Defects {
		if i == mostDefects {
			c.print("and %d more; --output json has them all\n", len(v.Defects)-mostDefects)
			return
		}
		place := strings.Trim(p.Account+"/"+p.Record, "/")
		if place == "" {
			place = "the archive"
		}
		if place != before || i == 0 {
			c.print("%s\n", s.paint(ansiBold, place))
		}
		before = place
		parts := []terminal.Styled{s.paint(ansiRed, string(p.Reason))}
		if p.File != "" {
			parts = append([]terminal.Styled{terminal.Sprintf("%s", p.File)}, parts...)
		}
		if p.Detail != "" {
			parts = append(parts, terminal.Sprintf("%s", p.Detail))
		}
		c.print("  ✗ %s\n", terminal.Join(parts, ": "))
	}
}
