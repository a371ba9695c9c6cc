package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
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
}

func newDemo(c console) *cobra.Command {
	d := demo{}
	command := &cobra.Command{
		Use:   "demo",
		Short: "Show the messages, with a simulated cloud and simulated chats",
		Long: `demo runs the real function against a simulated Tencent Cloud, Slack and WeCom on
this machine, and prints what the chats would show. It needs no account and
sends nothing anywhere.

Scenarios:
` + scenarioList(),
		Example: `  licensewatch demo
  licensewatch demo --scenario everything-wrong --language zh
  licensewatch demo --scenario healthy --mode alert`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return d.run(cmd.Context(), c)
		},
	}
	flags := command.Flags()
	flags.StringVar(&d.scenario, "scenario", "near-expiry", "what the simulated account looks like")
	flags.StringVar(&d.language, "language", "en", "language of the messages: en or zh")
	flags.StringVar(&d.site, "site", "cn", "Tencent Cloud site: cn or intl")
	flags.StringVar(&d.mode, "mode", "digest", "what the timer asks for: digest or alert")
	flags.BoolVar(&d.verbose, "verbose", false, "also print the function's log")
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
	if err := d.check(); err != nil {
		return err
	}
	sim := simulator.New(simulator.Options{Scenario: d.scenario, Site: license.Site(d.site), Now: c.now})
	if err := sim.Start(); err != nil {
		return &foundError{text: fmt.Sprintf("the simulator could not start: %v", err)}
	}
	defer sim.Close()
	d.setEnvironment(sim)
	log := io.Discard
	if d.verbose {
		log = c.err
	}
	event, err := json.Marshal(map[string]string{"Type": "Timer", "TriggerName": "demo", "Message": d.mode})
	if err != nil {
		return err
	}
	c.print("Scenario %s, mode %s: the real function, a simulated cloud and simulated chats.\n", d.scenario, d.mode)
	ctx = functioncontext.NewContext(ctx, &functioncontext.FunctionContext{TencentcloudUin: demoAccount})
	summary, runErr := handler.New(handler.Options{Log: log, Now: c.now}).Run(ctx, event)
	posts := sim.Posts()
	slices.SortStableFunc(posts, func(a, b simulator.Post) int { return strings.Compare(a.Channel, b.Channel) })
	if err := d.show(c, posts, summary); err != nil {
		return err
	}
	if runErr != nil {
		return &foundError{text: runErr.Error()}
	}
	return nil
}

func (d demo) check() error {
	names := []string{}
	for _, s := range simulator.Scenarios() {
		names = append(names, s.Name)
	}
	for _, choice := range []struct {
		flag, value string
		known       []string
	}{
		{"scenario", d.scenario, names},
		{"language", d.language, []string{"en", "zh"}},
		{"site", d.site, []string{"cn", "intl"}},
		{"mode", d.mode, []string{"digest", "alert"}},
	} {
		if !slices.Contains(choice.known, choice.value) {
			return fmt.Errorf("--%s %q is not known: write one of %s", choice.flag, choice.value, strings.Join(choice.known, ", "))
		}
	}
	return nil
}

// setEnvironment gives the function the settings of the demo and none of the
// operator's own, just as the platform would: in the environment.
func (d demo) setEnvironment(sim *simulator.Simulator) {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "LICENSEWATCH_") || strings.HasPrefix(name, "TENCENTCLOUD_") || name == "USER_CODE_ROOT" {
			_ = os.Unsetenv(name)
		}
	}
	id, key, token := sim.Credentials()
	for name, value := range map[string]string{
		"LICENSEWATCH_API_ENDPOINT":      sim.CloudURL(),
		"LICENSEWATCH_SLACK_WEBHOOK_URL": sim.SlackURL(),
		"LICENSEWATCH_WECOM_WEBHOOK_URL": sim.WeComURL(),
		"LICENSEWATCH_SITE":              d.site,
		"LICENSEWATCH_LANGUAGE":          d.language,
		"TENCENTCLOUD_SECRETID":          id,
		"TENCENTCLOUD_SECRETKEY":         key,
		"TENCENTCLOUD_SESSIONTOKEN":      token,
	} {
		_ = os.Setenv(name, value)
	}
}

// show prints every post as its chat would show it, and the Summary.
func (d demo) show(c console, posts []simulator.Post, summary handler.Summary) error {
	s := styleFor(c.out)
	for _, post := range posts {
		view, unit := viewSlack, "characters"
		if strings.HasPrefix(post.Channel, "wecom") {
			view, unit = viewWeCom, "bytes"
		}
		text, err := view(post.Body, s)
		if err != nil {
			return err
		}
		title := fmt.Sprintf("── %s · %d of %d %s · answered %s ", chatName(post.Channel), post.Bytes, post.Limit, unit, post.Answer)
		c.print("\n%s\n%s\n", s.paint(ansiDim, title+strings.Repeat("─", max(0, 72-len([]rune(title))))), text)
	}
	if len(posts) == 0 {
		c.print("\nNothing was posted: %s.\n", summary.Reason)
	}
	c.print("\n%s\n", s.paint(ansiDim, "── Summary, returned to the platform "+strings.Repeat("─", 36)))
	return c.json(summary)
}

func chatName(channel string) string {
	return strings.NewReplacer("slack", "Slack", "wecom", "WeCom").Replace(channel)
}
