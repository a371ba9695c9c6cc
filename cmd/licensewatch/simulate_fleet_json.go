package main

import (
	"time"

	"licensewatch/license"
)

// fleetSimulationJSON is the document of simulate --output json of a folder. Its names are documented
// in docs/commands/simulate.md: they stay.
type fleetSimulationJSON struct {
	Folder   string                  `json:"folder"`
	ReadAt   time.Time               `json:"read_at"`
	From     time.Time               `json:"from"`
	Until    time.Time               `json:"until"`
	Channels []string                `json:"channels"`
	Assumed  simulatedModel          `json:"assumed"`
	Accounts []accountSimulationJSON `json:"accounts"`
	Due      []simulatedDue          `json:"due"`
}

type accountSimulationJSON struct {
	Uin      string            `json:"uin"`
	Name     string            `json:"name"`
	Site     license.Site      `json:"site"`
	Labels   map[string]string `json:"labels,omitempty"`
	Channels []string          `json:"channels"`
	Unread   []license.Source  `json:"unread"`
	Firing   []string          `json:"firing"` // at the end
}

type simulatedDue struct {
	Time     time.Time        `json:"time"`
	Account  string           `json:"account"`
	Change   string           `json:"change"`
	Severity license.Severity `json:"severity,omitempty"`
	Finding  string           `json:"finding"`
	DaysLeft *int64           `json:"days_left,omitempty"`
	Title    string           `json:"title"`
	Channels []string         `json:"channels"`
	Called   bool             `json:"called"`
}

func (f *fleetSimulation) jsonDocument() fleetSimulationJSON {
	d := fleetSimulationJSON{
		Folder: f.folder.dir, ReadAt: f.snapshot.ReadAt, From: f.from, Until: f.until, Channels: f.deployment.Channels,
		Assumed: f.assumedModel(), Accounts: []accountSimulationJSON{}, Due: []simulatedDue{},
	}
	for _, a := range f.said {
		account := accountSimulationJSON{Uin: a.account.Uin, Name: a.account.Name, Site: a.account.Site,
			Labels:   a.account.Labels,
			Channels: a.channels, Unread: append([]license.Source{}, a.unread...), Firing: []string{}}
		for _, finding := range a.firing {
			account.Firing = append(account.Firing, finding.Key())
		}
		d.Accounts = append(d.Accounts, account)
	}
	for _, t := range f.due {
		d.Due = append(d.Due, simulatedDue{Time: t.At, Account: t.Account.Uin, Change: t.Change, Severity: t.Severity,
			Finding:  t.Key,
			DaysLeft: t.DaysLeft, Title: t.Title, Channels: t.Channels, Called: t.Called})
	}
	return d
}
