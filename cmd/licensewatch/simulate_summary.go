package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/notify"
)

// writeSummary says what it all amounts to.
func (f *simulation) writeSummary(c console, s style) {
	sum := f.summarize()
	until := f.until.Format(dateForm)
	if n := len(f.messages); n > 0 && f.ending != nil && f.ending.IsSilent() {
		until = f.messages[n-1].At.Format(dateForm) // what repeats itself after it is left out
	}
	c.print("\n%s\n", s.paint(ansiBold, fmt.Sprintf("%s until %s: %s, %s.",
		f.from.Format(dateForm), until, countOf(sum.Alerts, "alert"), countOf(sum.Digests, "digest"))))
	if sum.LastAlert != nil {
		c.print("The last alert: %s.\n", f.formatTime(*sum.LastAlert))
	}
	if sum.Mentions > 0 {
		c.print("People are called %s%s.\n", timesText(sum.Mentions), f.nobodyCalledNote())
	}
	f.writeEnding(c)
	f.writeFiring(c)
}

func (f *simulation) formatTime(t time.Time) string { return t.Format(dateForm + ", " + timeForm) }

// nobodyCalledNote says so when the settings name nobody to be called.
func (f *simulation) nobodyCalledNote() string {
	if of := f.deployment.Fleet; of != nil {
		if calledNowhere(of, f.deployment.Channels) {
			return ", but no channel mentions anybody"
		}
		return ""
	}
	var settings []string
	for _, kind := range notify.ChannelKinds() {
		isOf := func(channel string) bool { return notify.KindOf(channel) == kind }
		if !slices.ContainsFunc(f.deployment.Channels, isOf) {
			continue
		}
		if len(f.settings.Mentions[kind.Name]) > 0 || kind.MentionSetting == "" { // there the receiver calls people
			return ""
		}
		settings = append(settings, kind.MentionSetting)
	}
	return ", but " + strings.Join(settings, " and ") + " name nobody"
}

// writeEnding says how alerts end, where that was asked for.
func (f *simulation) writeEnding(c console) {
	switch e := f.ending; {
	case e == nil:
	case !e.Settled:
		c.print("Alerts do not fall silent: something new comes within every year, as far as was looked.\n")
	case !e.IsSilent():
		c.print("Alerts do not fall silent: they go on about %s for as long as it lasts.\n",
			strings.Join(e.Going, ", "))
	case e.Last.IsZero():
		c.print("Alerts have nothing to say; looked until %s.\n", f.until.Format(dateForm))
	default:
		c.print("After that alerts are silent; looked until %s.\n", f.until.Format(dateForm))
	}
}

// writeFiring says what is firing at the end.
func (f *simulation) writeFiring(c console) {
	day := f.until.Format(dateForm)
	if len(f.firing) == 0 {
		c.print("Nothing is firing on %s.\n", day)
		return
	}
	c.print("Firing on %s:\n", day)
	for _, finding := range f.firing {
		c.print("  %-8s  %s (%s)\n", finding.Severity, finding.Title.In(f.deployment.Language), finding.Key())
	}
}
