package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// demoFleetTime is how long a run of the demo of many accounts may take: as long as one needs
// that exports. One account hangs, and is given up after five seconds.
const demoFleetTime = 15 * time.Second

// fleetDemo is a demo of many accounts: two runs of the function, with a store. The first one
// is that of the day before, so that the second has news to tell.
type fleetDemo struct {
	demo

	dir              string               // temporary: the store and the accounts file
	yesterday, today *simulator.Simulator // the chats are those of yesterday
}

// checkFleetFlags refuses what makes no sense with many accounts.
func (d demo) checkFleetFlags() error {
	switch {
	case d.given("scenario"):
		return errors.New("--fleet has accounts in every state: leave --scenario out; --mode alert shows what a day changes")
	case d.given("site"):
		return errors.New("--fleet has accounts on both sites: leave --site out")
	}
	for _, name := range d.channels {
		if d.given("channels") {
			if err := oneOf("--channels", name, append(demoChannelNames(), "all")...); err != nil {
				return err
			}
		}
	}
	return nil
}

// runFleet runs the demo of many accounts.
func (d demo) runFleet(ctx context.Context, c console) error {
	now, err := d.clock(c)
	if err != nil {
		return err
	}
	at := now()
	if d.archive != "" {
		dir, err := makeArchiveDir(d.archive)
		if err != nil {
			return err
		}
		d.archiveURL = fileURL(dir)
	}
	f, err := d.startFleet(at)
	if err != nil {
		return err
	}
	defer f.close()
	r, err := f.tellBoth(ctx, c, at)
	if err != nil {
		return err
	}
	if d.html != "" {
		if err := d.writePage(ctx, at, r); err != nil {
			return err
		}
	}
	return d.printPosts(c, r)
}

// startFleet starts the simulated clouds and writes the accounts file.
func (d demo) startFleet(at time.Time) (*fleetDemo, error) {
	f := &fleetDemo{demo: d}
	simulatorOf := func(today bool) *simulator.Simulator {
		accounts, members := demoCloud(today, d.mode == "digest") // an alert would not say yet that one hangs
		// the dates of both are counted from now: what was to end in 13 days does in 12
		return simulator.New(simulator.Options{Now: func() time.Time { return at }, Accounts: accounts,
			Members:     members,
			LocalExport: d.archive != ""}) // else the links look as the cloud's do
	}
	f.yesterday, f.today = simulatorOf(false), simulatorOf(true)
	dir, err := os.MkdirTemp("", "licensewatch-demo-")
	if err != nil {
		return nil, err
	}
	f.dir = dir
	language := ""
	if d.given("language") {
		language = d.language
	}
	err = errors.Join(f.yesterday.Start(), f.today.Start(),
		os.WriteFile(f.accountsFile(), []byte(demoAccountsFile(language)), 0o600))
	if err != nil {
		f.close()
		return nil, &exitError{text: fmt.Sprintf("the simulator could not start: %v", err)}
	}
	return f, nil
}

func (f *fleetDemo) accountsFile() string { return filepath.Join(f.dir, "accounts.yaml") }

func (f *fleetDemo) close() {
	f.yesterday.Close()
	f.today.Close()
	_ = os.RemoveAll(f.dir) // nothing but the space depends on it
}

// tellBoth runs the function as on the day before, and then now. What is said now is told.
func (f *fleetDemo) tellBoth(ctx context.Context, c console, at time.Time) (demoResult, error) {
	working := c.startProgress("running as on the day before")
	defer working.done()
	if _, err := f.runOnce(ctx, f.yesterday, io.Discard, "digest", at.AddDate(0, 0, -1)); err != nil {
		return demoResult{}, cmp.Or(interruptedError(ctx), err)
	}
	before := len(f.yesterday.Posts())
	working.step("reading 40 accounts, which takes as long as one that hangs")
	log := io.Discard
	if f.verbose {
		log = terminal.JSONLog(c.err)
	}
	summary, err := f.runOnce(ctx, f.today, log, f.mode, at)
	if interrupted := interruptedError(ctx); interrupted != nil { // what failed then says nothing
		return demoResult{}, interrupted
	}
	if err != nil {
		return demoResult{}, err
	}
	r := demoResult{summary: summary}
	for _, post := range f.yesterday.Posts()[before:] {
		name := demoChannels[demoChannelOf(post)].name
		if !f.given("channels") || slices.Contains(f.channels, name) || slices.Contains(f.channels, "all") {
			r.posts = append(r.posts, demoPost{post, name})
		}
	}
	slices.SortStableFunc(r.posts, func(a, b demoPost) int { return demoChannelOf(a.Post) - demoChannelOf(b.Post) })
	return r, nil
}

// runOnce runs the function once.
func (f *fleetDemo) runOnce(ctx context.Context, cloud *simulator.Simulator, log io.Writer, mode string,
	at time.Time) (handler.Summary, error) {
	event, err := json.Marshal(map[string]string{"Type": "Timer", "TriggerName": "demo", "Message": mode,
		"Time": at.UTC().Format(time.RFC3339)})
	if err != nil {
		return handler.Summary{}, err
	}
	settings := demoFleetSettings(f.yesterday, cloud, f.accountsFile(), fileURL(f.dir))
	if f.archive != "" {
		settings["LICENSEWATCH_ARCHIVE_URL"] = f.archiveURL
	}
	ctx = functioncontext.NewContext(ctx, &functioncontext.FunctionContext{TencentcloudUin: demoSelf,
		TimeLimitInMs: int32(demoFleetTime.Milliseconds())})
	summary, err := handler.New(handler.Options{Environment: func() map[string]string { return settings }, Log: log,
		Now: func() time.Time { return at }}).Run(ctx, event)
	if err != nil {
		err = &exitError{text: err.Error()}
	}
	return summary, err
}

// fleetPageFacts are what the page says was simulated.
func (d demo) fleetPageFacts(day string) (lead string, facts []string) {
	if d.language == string(license.Chinese) {
		return "函数是真的，腾讯云和群聊是模拟的：以下消息没有发到任何地方。40 个账号，两个站点，五个团队；每个群只收到与其有关的内容。",
			[]string{"40 个账号", "模式 " + d.mode, "站点 cn、intl", day}
	}
	return "The function is real, the cloud and the chats are simulated: nothing was sent anywhere. Forty accounts on two sites, of five teams; each chat hears of what is its own.",
		[]string{"40 accounts", "mode " + d.mode, "sites cn and intl", day}
}
