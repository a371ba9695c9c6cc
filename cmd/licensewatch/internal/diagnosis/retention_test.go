package diagnosis_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// TestRetention: what keeps the records of a bucket is said as far as it can be seen.
func TestRetention(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options cos.Options
		deny    bool
		status  diagnosis.Status
		want    string
	}{
		"locked":     {cos.Options{ObjectLock: true, LockDays: 400}, false, diagnosis.OK, "each record is locked for 400 days"},
		"no default": {cos.Options{ObjectLock: true}, false, diagnosis.Warning, "no default retention"},
		"none":       {cos.Options{}, false, diagnosis.Warning, "no object lock"},
		"refused":    {cos.Options{ObjectLock: true}, true, diagnosis.Warning, "cannot be seen with these keys → look into the console; the permission that shows it is probably cos:GetBucketObjectLockConfiguration"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Options{})
			if err := sim.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(sim.Close)
			id, key, token := sim.Credentials()
			test.options.SecretID, test.options.SecretKey, test.options.Token = id, key, token
			bucket := cos.New(test.options)
			bucket.Deny(cos.MethodObjectLock, test.deny)
			server := httptest.NewServer(bucket)
			t.Cleanup(server.Close)
			checks := diagnosis.Run(t.Context(), diagnosis.Options{
				Settings: config.Config{APIEndpoint: sim.CloudURL(), ArchiveURL: "cos://evidence-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL},
				Credentials: func() (config.Credentials, error) {
					return config.Credentials{SecretID: config.NewSecret(id), SecretKey: config.NewSecret(key), Token: config.NewSecret(token)}, nil
				},
				Transport: server.Client().Transport,
			})
			for _, c := range checks {
				if c.Name == "retention" {
					if text := c.Text + " → " + c.Fix; c.Status != test.status || !strings.Contains(text, test.want) {
						t.Errorf("%s: %s", c.Status, text)
					}
					return
				}
			}
			t.Error("it is not looked at")
		})
	}
}
