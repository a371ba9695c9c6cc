package main

import (
	"context"
	"time"

	"licensewatch/config"
	"licensewatch/state"
)

// probeTime bounds the trial of a store.
const probeTime = 30 * time.Second

// store tries the store of LICENSEWATCH_STATE_URL and says what follows from
// what it finds.
func (c *checker) store(ctx context.Context, url string, offline bool) {
	const setting = "LICENSEWATCH_STATE_URL: "
	if url == "" {
		c.good("memory: none; alerts repeat what they say, leave their timer off")
		return
	}
	if err := state.CheckURL(url); err != nil {
		c.mistakes([]string{setting + err.Error()})
		return
	}
	if offline {
		c.good("memory: the form of the URL is right; not tried (--offline)")
		return
	}
	store, err := state.Open(url, state.Options{Credentials: keys})
	if err != nil {
		c.mistakes([]string{setting + err.Error()})
		return
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	result, err := state.Probe(ctx, store)
	switch {
	case err != nil:
		c.mistakes([]string{setting + err.Error()})
	case !result.CreateOnly:
		c.warn("memory: %s is readable and writable, but cannot create an object only where there is none "+
			"(a bucket that ever had versioning cannot): runs that overlap may both speak; better take another bucket", store)
	default:
		c.good("memory: %s is readable, writable and create-only works", store)
	}
}

// keys are the credentials in the form the store asks for them.
func keys() (id, key, token string, err error) {
	found, err := config.LoadCredentials()
	return found.SecretID.Reveal(), found.SecretKey.Reveal(), found.Token.Reveal(), err
}
