package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/config"
	"licensewatch/setup"
	"licensewatch/tencent"
)

// doctorTime bounds the whole examination.
const doctorTime = 3 * diagnosis.Limit

func newDoctor(c console) *cobra.Command {
	var o output
	var only accountFlag
	command := &cobra.Command{
		Use:   "doctor",
		Short: "Examine keys, permissions, clock, network and store, online",
		Long: `doctor looks at everything a run needs from outside, a line each, and says what to
do about what is wrong: the keys and whose they are, the API's hosts, the clock, each
API (allowed, or the CAM action that is missing), the store, and the hosts of the
webhooks and the heartbeat by TCP and TLS alone.

With an accounts file it reads every account by its own keys, as a run does, and says
why some cannot be read, each cause once. --account limits that.

Nothing is posted and no export is started; in the store a small object is written,
read and removed; in an archive one stays, the same each time. It examines the keys and
the network of this machine: the function has a role and a network of its own. It exits
with 1 when something failed.`,
		Example: `  set -a; . ./licensewatch.env; set +a; licensewatch doctor
  licensewatch doctor --output json
  licensewatch doctor --account 'pay-*'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if usesAccounts() {
				return doctorFleet(cmd.Context(), c, only, o.isJSON())
			}
			noteUnloaded(c)
			return runDoctor(cmd.Context(), c, o.isJSON())
		},
	}
	only.addTo(command)
	o.addTo(command)
	return command
}

// doctorReport is what --output json prints.
type doctorReport struct {
	OK     bool              `json:"ok"`
	Checks []diagnosis.Check `json:"checks"`
}

func runDoctor(ctx context.Context, c console, asJSON bool) error {
	settings, err := config.LoadWithoutChannels(config.ProcessEnvironment)
	transport := tencent.NewTransport()
	defer transport.CloseIdleConnections()
	progress := c.startProgress("examining")
	o := diagnosisOptions(c, settings, transport)
	o.Mistakes, o.Strays = setup.Mistakes(err), unknownSettingLines(settings)
	o.Waiting = func(names []string) { progress.step("waiting for %s", strings.Join(names, ", ")) }
	bounded, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	checks := diagnosis.Run(bounded, o)
	progress.done()
	return reportChecks(ctx, c, checks, asJSON)
}

// diagnosisOptions are what is looked at with the settings, and through what.
func diagnosisOptions(c console, settings config.Config, transport http.RoundTripper) diagnosis.Options {
	return diagnosis.Options{
		Settings:    settings,
		Credentials: settings.Credentials,
		Transport:   transport,
		Proxy:       func(u *url.URL) (*url.URL, error) { return http.ProxyFromEnvironment(&http.Request{URL: u}) },
		Mistyped:    diagnosis.MistypedProxy(),
		Now:         time.Now, // the machine's clock is examined, whatever the console's is
		Sleep:       c.sleep,
	}
}

// reportChecks prints the checks, and says how many failed.
func reportChecks(ctx context.Context, c console, checks []diagnosis.Check, asJSON bool) error {
	if err := interruptedError(ctx); err != nil {
		return err
	}
	failed := 0
	for _, check := range checks {
		if check.Status == diagnosis.Failed {
			failed++
		}
	}
	if asJSON {
		if err := c.printJSON(doctorReport{OK: failed == 0, Checks: checks}); err != nil {
			return err
		}
	} else {
		printChecks(c, checks)
	}
	if failed > 0 {
		return &exitError{text: countOf(failed, "check") + " failed"}
	}
	return nil
}

func printChecks(c console, checks []diagnosis.Check) {
	lines := newCheckList(c.out)
	for _, check := range checks {
		line := withFix(check.Name+": "+check.Text, check.Fix)
		switch check.Status {
		case diagnosis.OK:
			lines.good(line)
		case diagnosis.Warning:
			lines.warn(line)
		case diagnosis.Failed:
			lines.bad(line)
		case diagnosis.Skipped:
			writeStyled(c.out, "%s\n", lines.style.paint(ansiDim, "– "+line))
		}
	}
}
