package diagnosis

import (
	"context"
	"errors"

	"licensewatch/cmd/licensewatch/internal/region"
	"licensewatch/state"
)

// Store tries the store of LICENSEWATCH_STATE_URL with a small object of its own.
func Store(ctx context.Context, url string, options state.Options) Check {
	const name = "state"
	if url == "" {
		return Check{Name: name, Status: Skipped, Text: "none; alerts repeat what they say, leave their timer off"}
	}
	store, err := state.Open(url, options)
	if err != nil {
		return Check{Name: name, Status: Failed, Text: err.Error(), Fix: "correct LICENSEWATCH_STATE_URL"}
	}
	result, err := state.Probe(ctx, store)
	var refusal *state.Error
	switch {
	case errors.As(err, &refusal) && refusal.Denied && refusal.Store == "cos":
		return Check{Name: name, Status: Failed, Text: err.Error(), Fix: "licensewatch policy prints the permissions of a store in COS"}
	case err != nil:
		return Check{Name: name, Status: Failed, Text: err.Error(), Fix: "check LICENSEWATCH_STATE_URL"}
	case !result.CreateOnly:
		return Check{
			Name: name, Status: Warning,
			Text: store.String() + " is readable and writable, but cannot create an object only where there is none " +
				"(a bucket that ever had versioning cannot): runs that overlap may both speak",
			Fix: "better take another bucket",
		}
	default:
		return Check{Name: name, Status: OK, Text: store.String() + " is readable, writable and create-only works"}
	}
}

func storeProbe(o Options) probe {
	if wrong, _ := region.OfStore(o.Settings.StateURL); wrong != "" && state.CheckURL(o.Settings.StateURL) == nil {
		return is("state", Failed, "the region of LICENSEWATCH_STATE_URL "+wrong, "correct LICENSEWATCH_STATE_URL")
	}
	return probe{"state", func(ctx context.Context) outcome {
		return outcome{Check: Store(ctx, o.Settings.StateURL, state.Options{
			Credentials: func() (id, key, token string, err error) {
				found, err := o.Credentials()
				return found.SecretID.Reveal(), found.SecretKey.Reveal(), found.Token.Reveal(), err
			},
			Transport: o.Transport, Now: o.Now, Sleep: o.Sleep,
		})}
	}}
}
