package main

import (
	"bytes"
	"context"
	"strings"
	"time"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/message"
)

// forecast is a simulation and what came of it.
type forecast struct {
	settings config.Config
	file     string // the snapshot's; empty for the built-in sample

	accountsNote string // of a folder: where its routes come from
	snapshot     license.Snapshot
	deployment   calendar.Deployment
	remembers    bool // it goes on from what the store holds

	from, until time.Time
	messages    []calendar.Message
	firing      []license.Finding // at the end
	ending      *calendar.Ending  // with --until-silent
}

func (f *forecast) forDays(ctx context.Context, days int) (err error) {
	course := f.deployment.Start(f.from)
	f.until = f.from.AddDate(0, 0, days)
	f.messages, err = course.Until(ctx, f.until)
	f.firing = course.Firing()
	return err
}

func (f *forecast) untilSilent(ctx context.Context) error {
	course := f.deployment.Start(f.from)
	messages, ending, err := course.UntilSilent(ctx)
	f.messages, f.ending, f.until = messages, &ending, ending.At
	f.firing = course.Firing()
	return err
}

// summarize counts what was said.
func (f *forecast) summarize() simulatedSummary {
	s := simulatedSummary{Firing: []string{}}
	for _, m := range f.messages {
		if m.Report.Mention {
			s.Mentions++
		}
		if m.Mode == license.ModeDigest {
			s.Digests++
			continue
		}
		s.Alerts++
		s.LastAlert = &m.At
	}
	for _, finding := range f.firing {
		s.Firing = append(s.Firing, finding.Key())
	}
	if f.ending != nil {
		silent := f.ending.IsSilent()
		s.Silent = &silent
		s.Repeating = append([]string{}, f.ending.Going...)
	}
	return s
}

// messageHeadline is the first line of a message.
func messageHeadline(r license.Report) string {
	var text bytes.Buffer
	_ = message.Terminal(&text, r, false) // a buffer takes everything
	first, _, _ := strings.Cut(text.String(), "\n")
	return first
}
