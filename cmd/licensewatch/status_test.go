package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

// withoutKeys are the story's settings as a laptop has them: the store and how
// texts are written, no webhook and no key.
func (s *story) withoutKeys() map[string]string {
	return map[string]string{
		"LICENSEWATCH_STATE_URL": s.settings["LICENSEWATCH_STATE_URL"],
		"LICENSEWATCH_LANGUAGE":  "en",
	}
}

// transcript is what command lines say one after the other.
func transcript(t *testing.T, now time.Time, settings map[string]string, lines ...string) string {
	t.Helper()
	var b strings.Builder
	for _, line := range lines {
		code, out, errs := commandAt(t, now, settings, strings.Fields(line)...)
		fmt.Fprintf(&b, "$ licensewatch %s\n%s%s[exit %d]\n\n", line, out, errs, code)
	}
	return b.String()
}

// TestGoldenRecord: what status and history say in the course of a story, from
// the store alone.
func TestGoldenRecord(t *testing.T) {
	s := newStory(t, "near-expiry")
	s.settings["LICENSEWATCH_HOURS"] = "always"
	var b strings.Builder
	chapter := func(title string, lines ...string) {
		fmt.Fprintf(&b, "== %s\n\n%s", title, transcript(t, s.now, s.withoutKeys(), lines...))
	}
	chapter("before the first run", "status", "status --output json", "history", "history --output json")

	s.sim.OverrideChat("wecom", simulator.Status(http.StatusInternalServerError, "<html>"))
	s.run("digest")
	s.now = s.now.Add(30 * time.Minute)
	s.run("alert")
	chapter("WeCom is down", "status", "history")

	if code, out := s.command("ack", aaaa, "--until", "2026-12-10", "--reason", "renewal ordered", "--by", "zhangsan"); code != exitFine {
		t.Fatalf("ack: exit %d: %s", code, out)
	}
	s.sim.OverrideChat("wecom", nil)
	s.sim.Override("DescribePurchaseStateInfo", simulator.APIError("InternalError", "x"))
	for range 3 {
		s.now = s.now.Add(30 * time.Minute)
		s.run("alert")
	}
	s.now = s.now.Add(22 * time.Hour)
	s.run("digest")
	chapter("WeCom is back, and a source down", "status", "history", "history --since 1h", "status --output json", "history --output json --since 2026-11-20")

	s.sim.OverrideChat("wecom", simulator.Status(http.StatusGatewayTimeout, ""))
	for range 2 {
		s.now = s.now.Add(24 * time.Hour)
		s.run("digest")
	}
	s.sim.OverrideChat("wecom", nil)
	chapter("WeCom gives no answer", "status", "history --since 1d")

	s.now = s.now.Add(3 * 24 * time.Hour)
	chapter("the timers are off", "status", "history --since 24h", "history --since 1w")
	golden(t, "record.txt", b.String())
}

func TestHistorySince(t *testing.T) {
	settings := map[string]string{"LICENSEWATCH_STATE_URL": "file://" + t.TempDir(), "LICENSEWATCH_LANGUAGE": "en"}
	for args, want := range map[string]string{
		"--since 7d":                        "Nothing was said since 2026-11-15 09:07 (UTC+8).\n",
		"--since 2w":                        "Nothing was said since 2026-11-08 09:07 (UTC+8).\n",
		"--since 36h":                       "Nothing was said since 2026-11-20 21:07 (UTC+8).\n",
		"--since 2026-11-20":                "Nothing was said since 2026-11-20 00:00 (UTC+8).\n",
		"--since 2026-11-20T09:00:00Z":      "Nothing was said since 2026-11-20 17:00 (UTC+8).\n",
		"--since soon":                      `licensewatch: --since "soon" is no time: write it like 24h, 7d, 2w or 2026-11-15`,
		"--since 2026-12-24":                "licensewatch: --since 2026-12-24 has not come yet: now is 2026-11-22 09:07 (UTC+8)",
		"--since 0d":                        `licensewatch: --since "0d" is no time`,
		"--since -7d":                       `licensewatch: --since "-7d" is no time`,
		"--since 7d yesterday":              `licensewatch: history takes nothing but flags: leave "yesterday" out`,
		"--since 2026-11-20 --output yaml":  `licensewatch: --output "yaml" is not known`,
		"--since 7d --output json":          `"complete": true`,
		"--since 2026-11-20T09:00:00+08:00": "Nothing was said since 2026-11-20 09:00 (UTC+8).\n",
	} {
		_, out, errs := command(t, settings, append([]string{"history"}, strings.Fields(args)...)...)
		wantIn(t, args, out+errs, want)
	}
}

// TestRecordAndTheStore: what is wrong with the store is said as ack says it.
func TestRecordAndTheStore(t *testing.T) {
	claimed, broken := t.TempDir(), t.TempDir()
	claim := fmt.Sprintf(`{"owner":"x","expires":%q}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	for path, text := range map[string]string{filepath.Join(claimed, "claim.json"): claim, filepath.Join(broken, "ledger.json"): "x"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		url, line string
		code      int
		want      string
	}{
		"history waits for no run": {"file://" + claimed, "history", exitFine, "Nothing was said"},
		"status waits for no run":  {"file://" + claimed, "status", exitFound, "no run"},
		"no directory":             {"file://" + claimed + "/gone/deep", "history", exitFound, "LICENSEWATCH_STATE_URL: file store"},
		"no store":                 {"", "status", exitFound, "LICENSEWATCH_STATE_URL is not set"},
		"no store to list":         {"", "history", exitFound, "LICENSEWATCH_STATE_URL is not set"},
		"no ledger":                {"file://" + broken, "status", exitFound, "the next run keeps it aside"},
		"an argument":              {"file://" + claimed, "status cwp-expired", exitUsage, `leave "cwp-expired" out`},
	} {
		t.Run(name, func(t *testing.T) {
			settings := map[string]string{}
			if test.url != "" {
				settings["LICENSEWATCH_STATE_URL"] = test.url
			}
			code, out, errs := command(t, settings, strings.Fields(test.line)...)
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			wantIn(t, "output", out+errs, test.want)
		})
	}
}

// TestStatusOfAnEarlierVersion: its ledger knows what was read when, and nothing
// of its runs.
func TestStatusOfAnEarlierVersion(t *testing.T) {
	for ago, code := range map[time.Duration]int{time.Hour: exitFine, 40 * time.Hour: exitFound} {
		dir, at := t.TempDir(), testNow.Add(-ago)
		ledger := fmt.Sprintf(`{"version":1,"serial":0,"previous":{"overview":{},"overview_at":%q}}`, at.UTC().Format(time.RFC3339))
		if err := os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(ledger), 0o600); err != nil {
			t.Fatal(err)
		}
		got, out, errs := command(t, map[string]string{"LICENSEWATCH_STATE_URL": "file://" + dir}, "status")
		if got != code || errs != "" {
			t.Errorf("%s ago: exit %d: %s", ago, got, errs)
		}
		wantIn(t, "output", out, "no run is remembered", "read the account at "+formatTime(at)+" (UTC+8)", "cwp.overview  read "+formatTime(at))
	}
}

// TestStatusOfRuns: whether the function is alive, by how its last run ended and
// how long ago that was.
func TestStatusOfRuns(t *testing.T) {
	hour := time.Hour
	for name, test := range map[string]struct {
		digest, alert string // how long ago the last run of the timer was; empty: never
		every         time.Duration
		outcome       string
		alive         bool
		want          string
	}{
		"fine":                     {"", "10m", hour / 2, "quiet", true, "✓ last run 2026-11-22 08:57 (UTC+8), alert: quiet, because\n"},
		"not all was read":         {"", "10m", hour / 2, "unknown", true, "! last run 2026-11-22 08:57 (UTC+8), alert: unknown, because\n"},
		"not all was delivered":    {"", "10m", hour / 2, "partial", true, "! last run"},
		"it failed":                {"", "10m", hour / 2, "failed", false, "✗ last run 2026-11-22 08:57 (UTC+8), alert: failed, because\n  The last run failed: because\n"},
		"it is under way":          {"", "1m", hour / 2, "", true, "! last run 2026-11-22 09:06 (UTC+8), alert: has begun\n"},
		"it died":                  {"", "20m", hour / 2, "", false, "The last run never ended"},
		"it is dead":               {"", "72h", hour / 2, "quiet", false, "  No run for 3 days: look whether the timers are on"},
		"digests only":             {"30h", "", 24 * hour, "sent", true, "✓ last run 2026-11-21 03:07 (UTC+8), digest: sent, because\n"},
		"weekly digests":           {"150h", "", 168 * hour, "sent", true, "✓ last run"},
		"weekly digests, but dead": {"200h", "", 168 * hour, "sent", false, "No run for 8 days"},
		"the alerts have stopped":  {"2h", "72h", 24 * hour, "sent", true, "! last run 2026-11-22 07:07 (UTC+8), digest: sent, because\n  No alert has run for 3 days, though the function runs: look whether its timer is on\n  last alert 2026-11-19 09:07"},
		"the digests have stopped": {"50h", "1h", hour, "sent", true, "No digest has run for 2 days"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			ledger := map[string]any{"version": 1, "serial": 0}
			runs := map[string]any{}
			for mode, ago := range map[string]string{"digest": test.digest, "alert": test.alert} {
				if ago == "" {
					continue
				}
				d, err := time.ParseDuration(ago)
				if err != nil {
					t.Fatal(err)
				}
				at := testNow.Add(-d)
				runs[mode] = map[string]any{"at": at, "mode": mode, "outcome": test.outcome, "reason": "because", "before": at.Add(-test.every)}
				if test.every > 24*hour {
					runs["pauses"] = []any{map[string]any{"end": at, "for": int64(test.every / time.Second)}}
				}
			}
			ledger["runs"] = runs
			data, err := json.Marshal(ledger)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "ledger.json"), data, 0o600); err != nil {
				t.Fatal(err)
			}
			code, out, errs := command(t, map[string]string{"LICENSEWATCH_STATE_URL": "file://" + dir}, "status")
			if want := map[bool]int{true: exitFine, false: exitFound}[test.alive]; code != want || errs != "" {
				t.Errorf("exit %d, want %d: %s", code, want, errs)
			}
			wantIn(t, "output", out, test.want)
		})
	}
}
