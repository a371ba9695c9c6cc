package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/cmd/licensewatch/internal/chat"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/notify"
)

// demoAccount is the account the simulated platform names.
const demoAccount = "100000000001"

// demo is one run of the real handler against the simulator.
type demo struct {
	scenario string
	language string
	site     string
	mode     string
	verbose  bool
	channels []string // the names of the chats that are told, or all
	html     string   // where to write the page; empty: nowhere
	at       string   // RFC 3339: the time to run at; empty: now
	archive  string   // the directory to leave an archive in; empty: none
	fleet    bool     // forty accounts in the place of one

	given func(flag string) bool // whether the command line has it

	// Where there is an archive: those of the runs of all days, and on which day before its own
	// it runs.
	stateURL, archiveURL string
	chats                *simulator.Simulator
	daysAgo              int
}

func newDemo(c console) *cobra.Command {
	d := demo{}
	command := &cobra.Command{
		Use:   "demo",
		Short: "Show the messages, with a simulated cloud and simulated chats",
		Long: `demo runs the real function against a simulated Tencent Cloud, Slack and WeCom on
this machine, and prints what the chats would show. It needs no account and
sends nothing anywhere. With --html it also writes one self-contained page that
shows the same messages as the chats draw them; a file of that name is replaced.
With --archive it runs as on each of the last days and leaves their records of
evidence in a new directory, for "licensewatch archive" to verify and to show.

With --fleet it watches forty accounts on both sites, of five teams with a chat each.
Some cannot be read, and since the day before something has changed: --mode digest
shows how all are, --mode alert only what is new.

Scenarios of one account:
` + scenarioList(),
		Example: `  licensewatch demo
  licensewatch demo --scenario everything-wrong --language zh
  licensewatch demo --scenario healthy --mode alert
  licensewatch demo --html demo.html
  licensewatch demo --fleet
  licensewatch demo --fleet --mode alert --channels security,pay-oncall
  licensewatch demo --archive evidence && licensewatch archive verify evidence`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d.given = cmd.Flags().Changed
			return d.run(cmd.Context(), c)
		},
	}
	flags := command.Flags()
	flags.StringVar(&d.scenario, "scenario", "near-expiry", "what the simulated account looks like")
	flags.BoolVar(&d.fleet, "fleet", false, "many accounts: forty on two sites, of five teams")
	flags.StringVar(&d.language, "language", "en",
		"language of the messages: en or zh; with --fleet each chat has its own")
	flags.StringVar(&d.site, "site", "cn", "Tencent Cloud site: cn or intl")
	flags.StringVar(&d.mode, "mode", "digest", "what the timer asks for: digest, alert or report")
	flags.StringSliceVar(&d.channels, "channels", sampleChats,
		"the chats that are told, comma separated, or all: "+suggest.List(chatNames(), "or")+
			"; with --fleet those that are shown: "+suggest.List(demoChannelNames(), "or"))
	flags.StringVar(&d.html, "html", "", "also write a page that shows the messages as the chats do, to this `FILE`")
	flags.StringVar(&d.archive, "archive", "", "also leave an archive of some days in this new `DIR`")
	flags.StringVar(&d.at, "at", "", "the `TIME` to run at, as 2026-11-22T09:07:00+08:00 (default: now)")
	flags.BoolVar(&d.verbose, "verbose", false, "also print the function's log")
	for _, choice := range d.flagChoices() {
		completeFlag(command, choice.flag, choice.known...)
	}
	return command
}

func scenarioList() string {
	var b strings.Builder
	for _, s := range simulator.Scenarios() {
		fmt.Fprintf(&b, "  %-18s %s\n", s.Name, s.About)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (d demo) run(ctx context.Context, c console) error {
	if err := d.checkFlags(); err != nil {
		return err
	}
	if d.fleet {
		return d.runFleet(ctx, c)
	}
	now, err := d.clock(c)
	if err != nil {
		return err
	}
	if d.archive != "" {
		next, closeDays, err := d.fillArchive(ctx, c, now())
		if err != nil {
			return err
		}
		d = next
		defer closeDays()
	}
	r, err := d.runOnce(ctx, c, now)
	if err != nil {
		return err
	}
	if d.html != "" {
		if err := d.writePage(ctx, now(), r); err != nil {
			return err
		}
	}
	if err := d.printPosts(c, r); err != nil {
		return err
	}
	if r.failed != nil {
		return &exitError{text: r.failed.Error()}
	}
	return nil
}

// chosenChats are the names of the chats that are told.
func (d demo) chosenChats() []string {
	if slices.Contains(d.channels, "all") {
		return chatNames()
	}
	return d.channels
}

// clock is the console's, or stands at the time of --at.
func (d demo) clock(c console) (func() time.Time, error) {
	if d.at == "" {
		return c.now, nil
	}
	at, err := parseTime("--at", d.at)
	return func() time.Time { return at }, err
}

// demoResult is what came of one run of the function.
type demoResult struct {
	posts   []demoPost // channel by channel
	summary handler.Summary
	failed  error // what the function returned instead
}

// demoPost is a post, and what the accounts file calls its channel; empty without one.
type demoPost struct {
	simulator.Post
	name string
}

// title names the chat.
func (p demoPost) title() string {
	if p.name == "" {
		return chatName(p.Channel)
	}
	return p.name + " · " + notify.KindOf(p.Channel).Title(license.English)
}

// runOnce runs the function once.
func (d demo) runOnce(ctx context.Context, c console, now func() time.Time) (demoResult, error) {
	sim := simulator.New(simulator.Options{Scenario: d.scenario, Site: license.Site(d.site), Now: now,
		DaysAgo:     d.daysAgo,
		LocalExport: d.archive != ""}) // else the link looks as the cloud's does
	if err := sim.Start(); err != nil {
		return demoResult{}, &exitError{text: fmt.Sprintf("the simulator could not start: %v", err)}
	}
	defer sim.Close()
	chats := cmp.Or(d.chats, sim)
	before := len(chats.Posts())
	log := io.Discard
	if d.verbose {
		log = terminal.JSONLog(c.err)
	}
	event, err := json.Marshal(map[string]string{"Type": "Timer", "TriggerName": "demo", "Message": d.mode})
	if err != nil {
		return demoResult{}, err
	}
	ctx = functioncontext.NewContext(ctx, &functioncontext.FunctionContext{TencentcloudUin: demoAccount})
	function := handler.New(handler.Options{Environment: d.environment(sim, chats), Log: log, Now: now})
	summary, failed := function.Run(ctx, event)
	var posts []demoPost
	for _, post := range chats.Posts()[before:] {
		posts = append(posts, demoPost{Post: post})
	}
	slices.SortStableFunc(posts, func(a, b demoPost) int { return strings.Compare(a.Channel, b.Channel) })
	return demoResult{posts, summary, failed}, nil
}

// flagChoice is a flag that takes one of some words.
type flagChoice struct {
	flag, value string
	known       []string
}

func (d demo) flagChoices() []flagChoice {
	names := []string{}
	for _, s := range simulator.Scenarios() {
		names = append(names, s.Name)
	}
	return []flagChoice{
		{"scenario", d.scenario, names},
		{"language", d.language, []string{"en", "zh"}},
		{"site", d.site, []string{"cn", "intl"}},
		{"mode", d.mode, []string{"digest", "alert", "report"}},
	}
}

func (d demo) checkFlags() error {
	for _, choice := range d.flagChoices() {
		if err := oneOf("--"+choice.flag, choice.value, choice.known...); err != nil {
			return err
		}
	}
	if d.fleet {
		return d.checkFleetFlags()
	}
	for _, name := range d.channels {
		if err := oneOf("--channels", name, append(chatNames(), "all")...); err != nil {
			return err
		}
	}
	return nil
}

// environment holds the settings of the demo, and none of the operator's own.
func (d demo) environment(sim, chats *simulator.Simulator) config.Environment {
	id, key, token := sim.Credentials()
	all := map[string]string{
		"LICENSEWATCH_API_ENDPOINT": sim.CloudURL(),
		"LICENSEWATCH_SITE":         d.site,
		"LICENSEWATCH_LANGUAGE":     d.language,
		"TENCENTCLOUD_SECRETID":     id,
		"TENCENTCLOUD_SECRETKEY":    key,
		"TENCENTCLOUD_SESSIONTOKEN": token,
	}
	if d.archive != "" {
		all["LICENSEWATCH_STATE_URL"], all["LICENSEWATCH_ARCHIVE_URL"] = d.stateURL, d.archiveURL
	}
	for _, name := range d.chosenChats() {
		all[notify.KindOf(name).WebhookSetting] = chats.WebhookURL(name)
	}
	return func() map[string]string { return all }
}

// printPosts prints every post as its chat would show it, and the Summary.
func (d demo) printPosts(c console, r demoResult) error {
	what := "Scenario " + d.scenario
	if d.fleet {
		what = "40 accounts on two sites, five teams"
	}
	c.print("%s, mode %s: the real function, a simulated cloud and simulated chats.\n", what, d.mode)
	s := styleFor(c.out)
	for _, post := range r.posts {
		unit := notify.KindOf(post.Channel).Unit
		message, err := chat.Parse(post.Channel, post.Body)
		if err != nil {
			return err
		}
		title := post.title()
		if post.Limit > 0 { // a file's size came with the upload
			title += fmt.Sprintf(" · %d of %d %s", post.Bytes, post.Limit, unit)
		}
		title += " · answered " + post.Answer
		c.print("\n%s\n%s\n", s.titleLine(title), renderMessage(message, s))
	}
	if len(r.posts) == 0 {
		c.print("\nNothing was posted: %s.\n", r.summary.Reason)
	}
	c.print("\n%s\n", s.paint(ansiDim, "── Summary, returned to the platform "+strings.Repeat("─", 36)))
	if err := c.printJSON(r.summary); err != nil {
		return err
	}
	if d.html != "" {
		c.print("\nThe same messages as the chats draw them: open %s in a browser.\n", d.html)
	}
	if d.archive != "" {
		c.print("\nThe records of the last days are in %s. Try:\n\n", d.archive)
		for _, command := range d.archiveCommands() {
			c.print("  licensewatch %s\n", command)
		}
	}
	return nil
}
