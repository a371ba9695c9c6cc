package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"licensewatch/cmd/licensewatch/internal/page"
	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/internal/simulator"
	"licensewatch/internal/smallfile"
	"licensewatch/license"
	"licensewatch/report"
	reportpage "licensewatch/report/page"
	"licensewatch/rules"
)

// writePage writes the page of --html.
func (d demo) writePage(ctx context.Context, now time.Time, r demoResult) error {
	p := d.page(now.In(license.APIZone))
	if !d.fleet {
		picture, err := d.deadlines(ctx, now, p.Language)
		if err != nil {
			return err
		}
		p.Deadlines = picture
	}
	for _, post := range r.posts {
		p.Messages = append(p.Messages, page.Message{
			Channel: post.Channel, Name: post.name, Payload: post.Body, Used: post.Bytes, Limit: post.Limit,
			Answer: post.Answer,
		})
	}
	text, err := json.MarshalIndent(r.summary, "", "  ")
	if err != nil {
		return err
	}
	p.Summary = text
	var out bytes.Buffer
	if err := page.Write(&out, p); err != nil {
		return err
	}
	return writeFile("--html", d.html, out.Bytes())
}

// deadlines is the picture of what ends in the scenario's account.
func (d demo) deadlines(ctx context.Context, now time.Time, language license.Language) (string, error) {
	s, err := snapshot.Sample(ctx, d.scenario, license.Site(d.site), now.In(license.APIZone))
	if err != nil {
		return "", err
	}
	day := now.UTC().Truncate(24 * time.Hour)
	builder := report.NewBuilder(report.Options{Now: s.ReadAt, From: day, To: day, Until: s.ReadAt.AddDate(1, 0, 0)})
	readings := []report.Reading{{Record: d.scenario, Snapshot: s}}
	if err := builder.Add(gatherSnapshots(s.Account, readings, rules.Default())); err != nil {
		return "", err
	}
	return reportpage.Deadlines(builder.Report(), language), nil
}

// page is the page without its messages.
func (d demo) page(now time.Time) page.Page {
	day := now.Format("2006-01-02 15:04") + " (UTC+8)"
	p := page.Page{
		Title: "licensewatch demo",
		Lead: "The function is real, the cloud and the chats are simulated: nothing was sent anywhere. " +
			d.describeScenario(),
		Facts:    []string{"scenario " + d.scenario, "mode " + d.mode, "site " + d.site, day},
		Language: license.English,
		Now:      now,
	}
	if d.language == "zh" {
		p.Title = "licensewatch 演示"
		p.Lead = "函数是真的，腾讯云和群聊是模拟的：以下消息没有发到任何地方。"
		p.Facts = []string{"场景 " + d.scenario, "模式 " + d.mode, "站点 " + d.site, day}
		p.Language = license.Chinese
	}
	if d.fleet {
		p.Lead, p.Facts = d.fleetPageFacts(day)
	}
	return p
}

// describeScenario says what the scenario shows.
func (d demo) describeScenario() string {
	for _, s := range simulator.Scenarios() {
		if s.Name == d.scenario {
			return "The account: " + s.About + "."
		}
	}
	return ""
}

// writeFile writes what a flag asks for. The error names the flag and says what
// to write instead.
func writeFile(flag, name string, data []byte) error {
	err := os.WriteFile(name, data, 0o644) // to be shown around: it holds no secret
	if err == nil {
		return nil
	}
	return flagFileError(flag, name, err)
}

// flagFileError says why what a flag asks for cannot be written.
func flagFileError(flag, name string, err error) error {
	if isDirectory(name) {
		return fmt.Errorf("%s %s: that is a directory; add the name of a file, such as %s/demo.html", flag, name, name)
	}
	return fmt.Errorf("%s %s: %w; name a file in a directory that exists and that you may write to", flag, name,
		smallfile.Reason(err))
}
