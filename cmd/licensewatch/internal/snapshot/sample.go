package snapshot

import (
	"context"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// sampleAccount is the account a sample is of.
const sampleAccount = "100000000001"

// Sample is what the account of a simulator's scenario answers at a time. It is
// read by the real client, without a network.
func Sample(ctx context.Context, scenario string, site license.Site, now time.Time) (license.Snapshot, error) {
	sim := simulator.New(simulator.Options{Scenario: scenario, Site: site, Now: func() time.Time { return now }})
	if err := sim.Check(); err != nil {
		return license.Snapshot{}, err
	}
	settings := config.Config{
		Site:        site,
		Zone:        now.Location(),
		APIEndpoint: sim.CloudURL(),
		Sources:     license.Sources(),
	}
	s := account.Read(ctx, account.Options{
		Settings: settings, Transport: sim.Transport(), Now: func() time.Time { return now },
		Credentials: func() (id, key, token string, err error) {
			id, key, token = sim.Credentials()
			return id, key, token, nil
		},
	})
	s.Account = sampleAccount
	return s, nil
}
