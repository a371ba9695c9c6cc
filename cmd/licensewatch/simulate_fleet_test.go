package main

import (
	"strings"
	"testing"
)

// TestSimulateFolder: what falls due in which account, and who hears of it; of one account its
// messages; of masked ones as well.
func TestSimulateFolder(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	dir := capturedFolder(t, s)
	settings := s.fleetMemoryOnly()
	delete(settings, "LICENSEWATCH_STATE_URL")
	var text strings.Builder
	for _, args := range [][]string{
		{"--days", "40"},
		{"--days", "6", "--account", "pay-prod"},
		{"--days", "3", "--mode", "alert", "--output", "json", "--account", "pay-*"},
	} {
		line := append([]string{"simulate", "--snapshot", dir}, args...)
		code, out, errs := command(t, settings, line...)
		if code != exitFine {
			t.Fatalf("exit %d: %s", code, errs)
		}
		text.WriteString(strings.NewReplacer(dir, "snapshots", settings["LICENSEWATCH_ACCOUNTS_FILE"], "accounts.yaml").
			Replace("$ licensewatch " + strings.Join(line, " ") + "\n" + out + errs + "\n"))
	}
	golden(t, "simulate-fleet.txt", text.String())
}

// TestSimulateMasked: masked snapshots have the same future, and name nobody.
func TestSimulateMasked(t *testing.T) {
	s := newFleetStory(t, canaryAccounts)
	dir := capturedFolder(t, s, "--mask")
	code, out, errs := command(t, map[string]string{"LICENSEWATCH_LANGUAGE": "en"}, "simulate", "--snapshot", dir, "--days", "10")
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "The 4 accounts of "+dir, "account-0001: Container Security trial ends in 3 days → slack, wecom",
		"2 of 4 accounts have something to say", "  account-0003: not known: cwp.orders\n")
	for _, canary := range []string{"7349", "canary", "支付"} {
		if strings.Contains(out, canary) {
			t.Errorf("the simulation has %q:\n%s", canary, out)
		}
	}
}

// TestSimulateFolderFlags: what is of one account alone is said to be.
func TestSimulateFolderFlags(t *testing.T) {
	s := newFleetStory(t, storyAccounts[:2])
	dir := capturedFolder(t, s)
	settings := s.fleetMemoryOnly()
	for name, test := range map[string]struct {
		code int
		args []string
		want []string
	}{
		"full":             {exitUsage, []string{"--full"}, []string{"--full is of one account: name it with --account"}},
		"until silent":     {exitUsage, []string{"--until-silent"}, []string{"--until-silent is of one account"}},
		"renew":            {exitUsage, []string{"--renew", "cwp-aaaa=2027-12-31"}, []string{"--renew is of one account"}},
		"without memory":   {exitUsage, []string{"--without-memory"}, []string{"--without-memory is of one account"}},
		"before":           {exitUsage, []string{"--from", "2026-11-01"}, []string{"--from 2026-11-01 lies before the snapshot"}},
		"no such account":  {exitUsage, []string{"--account", "sea-prod"}, []string{`--account "sea-prod" is none`}},
		"renew of one":     {exitFine, []string{"--account", "pay-prod", "--days", "30", "--renew", "cwp-aaaa=2027-12-31"}, nil},
		"full of one":      {exitFine, []string{"--account", "pay-prod", "--days", "2", "--full"}, nil},
		"silent of one":    {exitFine, []string{"--account", "pay-test", "--mode", "alert", "--until-silent"}, nil},
		"one, no accounts": {exitFine, []string{"--account", "100000000102", "--days", "2", "--output", "json"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := command(t, settings, append([]string{"simulate", "--snapshot", dir}, test.args...)...)
			if code != test.code {
				t.Errorf("exit %d: %s", code, errs)
			}
			wantIn(t, "error", errs, test.want...)
		})
	}
	if code, _, errs := command(t, nil, "simulate", "--account", "pay-prod"); code != exitUsage || !strings.Contains(errs, "--account goes with a folder") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
