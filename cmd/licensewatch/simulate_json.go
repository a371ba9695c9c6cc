package main

import (
	"time"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
)

// simulationJSON is the document of simulate --output json. Its names are
// documented in docs/commands/simulate.md: they stay.
type simulationJSON struct {
	Sample   string             `json:"sample,omitempty"`
	Snapshot string             `json:"snapshot,omitempty"`
	ReadAt   time.Time          `json:"read_at"`
	From     time.Time          `json:"from"`
	Until    time.Time          `json:"until"`
	Memory   bool               `json:"memory"`
	Channels []string           `json:"channels"`
	Assumed  simulatedModel     `json:"assumed"`
	Messages []simulatedMessage `json:"messages"`
	Summary  simulatedSummary   `json:"summary"`
}

type simulatedModel struct {
	IsolationDays int                `json:"isolation_days"` // of CWPP orders, before they are destroyed
	GraceDays     int                `json:"grace_days"`     // for which Container Security works after its end
	Renewals      []simulatedRenewal `json:"renewals"`
}

type simulatedRenewal struct {
	ID       string    `json:"id"`
	Deadline time.Time `json:"deadline"`
	At       time.Time `json:"at"`
}

type simulatedMessage struct {
	Time     time.Time           `json:"time"`
	Mode     license.Mode        `json:"mode"`
	ID       string              `json:"id"`
	Channels []string            `json:"channels"`
	Headline string              `json:"headline"`
	Mention  bool                `json:"mention"`
	Findings []simulatedFinding  `json:"findings"`
	Resolved []simulatedResolved `json:"resolved"`
	Sources  []simulatedSource   `json:"sources"`
}

type simulatedFinding struct {
	Rule     string           `json:"rule"`
	Subject  string           `json:"subject,omitempty"`
	Severity license.Severity `json:"severity"`
	Event    bool             `json:"event,omitempty"`
	Change   license.Change   `json:"change,omitempty"`
	RemindAt *int64           `json:"remind_at,omitempty"` // the smallest that the days left have reached
	DaysLeft *int64           `json:"days_left,omitempty"`
	Title    string           `json:"title"`
}

type simulatedResolved struct {
	Finding  string           `json:"finding"`
	Severity license.Severity `json:"severity"`
	Gone     bool             `json:"gone"`
	Title    string           `json:"title"`
}

type simulatedSource struct {
	Source   license.Source `json:"source"`
	Readable bool           `json:"readable"`
}

type simulatedSummary struct {
	Alerts    int        `json:"alerts"`
	Digests   int        `json:"digests"`
	Mentions  int        `json:"mentions"`
	LastAlert *time.Time `json:"last_alert,omitempty"`
	Firing    []string   `json:"firing"`
	Silent    *bool      `json:"silent,omitempty"`
	Repeating []string   `json:"repeating,omitempty"`
}

func (f *simulation) jsonDocument() simulationJSON {
	d := simulationJSON{
		Snapshot: f.file, ReadAt: f.snapshot.ReadAt, From: f.from, Until: f.until, Memory: f.deployment.Memory,
		Channels: f.deployment.Channels, Assumed: f.assumedModel(),
		Messages: []simulatedMessage{}, Summary: f.summarize(),
	}
	if f.file == "" {
		d.Sample = sampleScenario
	}
	for _, m := range f.messages {
		d.Messages = append(d.Messages, messageDocument(m))
	}
	return d
}

// assumedModel is what is assumed of accounts.
func (f *simulation) assumedModel() simulatedModel {
	m := simulatedModel{IsolationDays: int(future.Isolation / (24 * time.Hour)),
		GraceDays: int(future.Grace / (24 * time.Hour)),
		Renewals:  []simulatedRenewal{}}
	for _, r := range f.deployment.Renewals {
		m.Renewals = append(m.Renewals, simulatedRenewal(r))
	}
	return m
}

func messageDocument(m calendar.Message) simulatedMessage {
	d := simulatedMessage{
		Time: m.At, Mode: m.Mode, ID: m.ID, Channels: m.Channels, Headline: messageHeadline(m.Report),
		Mention:  m.Report.Mention,
		Findings: []simulatedFinding{}, Resolved: []simulatedResolved{}, Sources: []simulatedSource{},
	}
	language := m.Report.Language
	for _, f := range m.Report.Firing {
		found := simulatedFinding{
			Rule: f.Rule, Subject: f.Subject, Severity: f.Severity, Event: f.Event,
			RemindAt: explanation.RemindAt(f), DaysLeft: f.DaysLeft, Title: f.Title.In(language),
		}
		if f.Story != nil {
			found.Change = f.Story.Change
		}
		d.Findings = append(d.Findings, found)
	}
	for _, r := range m.Report.Resolved {
		d.Resolved = append(d.Resolved, simulatedResolved{r.Key, r.Severity, r.Gone, r.Title.In(language)})
	}
	for _, s := range m.Report.SourceChanges {
		d.Sources = append(d.Sources, simulatedSource{s.Source, s.Readable})
	}
	return d
}
