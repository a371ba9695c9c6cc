package handler_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
)

// oneLife is how an account of a random fleet goes on: what it answers in each run.
type oneLife struct {
	fleetAccount
	daysLeft []int // of its order, from the first run on
	used     []int // licenses
	isSick   bool
	sickness map[string]http.HandlerFunc
}

// mayBeSick are ways in which an account cannot be read.
var mayBeSick = []map[string]http.HandlerFunc{
	{"AssumeRole": simulator.APIError("UnauthorizedOperation", "no")}, {"AssumeRole": simulator.APIError("InternalError.GetRoleError", "no")},
	{"*": simulator.Answer("<html>")}, {"*": simulator.Reset()}, {"DescribeLicenseList": simulator.APIError("UnauthorizedOperation", "no")},
}

// randomLives are the lives of up to six accounts, of which up to a half are sick.
func randomLives(random *rand.Rand, runs int) (lives []*oneLife) {
	well := 1 + random.IntN(3)
	for i := range well + random.IntN(well+1) {
		l := &oneLife{fleetAccount: fleetAccount{fmt.Sprint(100000000400 + i), fmt.Sprintf("acc-%d", i), "sea",
			[]string{"healthy", "near-expiry", "everything-wrong", "trial-expired", "not-renewed"}[random.IntN(5)]}, isSick: i >= well}
		days, used := random.IntN(40), 100+random.IntN(217)
		for range runs {
			switch random.IntN(8) {
			case 0:
				days += 365 // renewed
			case 1:
				days -= 7
			case 2:
				used = 100 + random.IntN(217)
			}
			l.daysLeft, l.used = append(l.daysLeft, days), append(l.used, used)
		}
		if l.isSick {
			l.sickness = mayBeSick[random.IntN(len(mayBeSick))]
		}
		lives = append(lives, l)
	}
	return lives
}

// answers are those of the account in the run that at says.
func (l *oneLife) answers(at *int) map[string]http.HandlerFunc {
	answers := map[string]http.HandlerFunc{
		"DescribeLicenseList": func(rw http.ResponseWriter, r *http.Request) {
			orderEnding(now.AddDate(0, 0, l.daysLeft[*at]))(rw, r)
		},
		"DescribeLicenseGeneral": func(rw http.ResponseWriter, r *http.Request) { overviewOf(l.used[*at], 317)(rw, r) },
	}
	maps.Copy(answers, l.sickness)
	return answers
}

func overviewOf(used, valid int) http.HandlerFunc {
	return simulator.Answer(fmt.Sprintf(`{"Response":{"RequestId":"r","LicenseCnt":%d,
		"NotExpiredLicenseCnt":%d,"UsedLicenseCnt":%d,"ExpireLicenseCnt":0,"NearExpiryLicenseCnt":0}}`, valid, valid, used))
}

// saidOf are, by account, what the reports of a receiver said of it in a run, one line each.
func saidOf(t *testing.T, posts []string) map[string][]string {
	t.Helper()
	said := map[string][]string{}
	for _, post := range posts {
		var body struct {
			Type, Mode         string
			Omitted            struct{ Findings, Resolved int }
			Findings, Resolved []map[string]any
		}
		must(t, json.Unmarshal([]byte(post), &body))
		if body.Omitted.Findings+body.Omitted.Resolved > 0 {
			t.Fatal("the report leaves something out")
		}
		for what, list := range map[string][]map[string]any{"fires": body.Findings, "over": body.Resolved} {
			for _, f := range list {
				account, _ := f["account_name"].(string)
				for _, name := range []string{"account", "account_name", "dedup_key"} { // the same, with the account in it
					delete(f, name)
				}
				if then, ok := f["now"].(string); ok {
					f["now"] = strings.TrimPrefix(then, account+": ")
				}
				if was, ok := f["was"].(map[string]any); ok {
					delete(was, "dedup_key")
				}
				line, err := json.Marshal(f)
				must(t, err)
				said[account] = append(said[account], body.Mode+" "+what+" "+string(line))
			}
		}
	}
	for account := range said {
		slices.Sort(said[account])
	}
	return said
}

// live runs a digest and two alerts a day, and says what was said of each account in each run.
func (w *fleetWorld) live(runs int, at *int) (said []map[string][]string) {
	w.t.Helper()
	for *at = range runs {
		before := len(w.posted("webhook"))
		_, err := w.tick([]string{"digest", "alert", "alert"}[*at%3])
		must(w.t, err)
		w.clock = w.clock.Add(7 * time.Hour)
		said = append(said, saidOf(w.t, w.posted("webhook")[before:]))
	}
	return said
}

// TestFleetSaysWhatOneSaysOverDays: of random fleets of which up to a half is sick, what is said
// of each healthy account over days is, finding for finding, what a function says that watches it
// alone.
func TestFleetSaysWhatOneSaysOverDays(t *testing.T) {
	const runs = 12
	findings := 0
	trials := proof.Trials(4, 60)
	for trial := range trials {
		random := rand.New(rand.NewPCG(proof.Seed(trial))) //nolint:gosec // the same in every run
		lives := randomLives(random, runs)
		var accounts []fleetAccount
		var at int
		overrides := map[string]map[string]http.HandlerFunc{}
		for _, l := range lives {
			accounts, overrides[l.name] = append(accounts, l.fleetAccount), l.answers(&at)
		}
		many := newFleetWorld(t, accounts, overrides)
		many.changeFile("kind: slack, url: LICENSEWATCH_SLACK_SECURITY", "kind: webhook, url: LICENSEWATCH_RECEIVER")
		many.set("LICENSEWATCH_RECEIVER", many.WebhookURL("webhook"))
		together := many.live(runs, &at)
		for _, l := range lives {
			if l.isSick {
				continue
			}
			one := newRemembering(t, l.scenario, "LICENSEWATCH_WEBHOOK_URL", "", "LICENSEWATCH_HOURS", "always")
			one.set("LICENSEWATCH_WEBHOOK_URL", one.WebhookURL("webhook"))
			for action, answer := range l.answers(&at) {
				one.Override(action, answer)
			}
			for run, said := range (&fleetWorld{remembering: one}).live(runs, &at) {
				if diff := cmp.Diff(said[""], together[run][l.name]); diff != "" {
					t.Fatalf("trial %d, run %d, %s (-alone +in the fleet of %d):\n%s", trial, run, l.name, len(lives), diff)
				}
				findings += len(said[""])
			}
		}
	}
	if findings < 10*trials {
		t.Errorf("only %d findings were compared", findings)
	}
	proof.Report(t, "%d random fleets over %d days, %d findings of healthy accounts as if each were alone", trials, runs/3, findings)
}

// TestFleetTotalsAreRight: what rules about the fleet read is what an oracle counts.
func TestFleetTotalsAreRight(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	must(t, os.WriteFile(path, []byte(`version: 1
rules:
  - {id: busy, severity: info, when: cwp.UsedLicenseCnt >= 200, title: busy}
  - id: totals
    each: fleet
    severity: critical
    when: true
    title: 'T {{ fleet.Accounts }} {{ fleet.Read }} {{ fleet.Partly }} {{ fleet.Failed }} {{ fleet.NotReached }} {{ fleet.UsedLicenseCnt }} {{ fleet.NotExpiredLicenseCnt }} {{ fleet.UsedPercent }} {{ fleet.Firing }} T'
`), 0o600))
	refused := simulator.APIError("UnauthorizedOperation", "no")
	for trial := range proof.Trials(12, 200) {
		random := rand.New(rand.NewPCG(proof.Seed(trial))) //nolint:gosec // the same in every run
		var accounts []fleetAccount
		overrides := map[string]map[string]http.HandlerFunc{}
		var read, partly, failed, used, valid, firing int
		isTold := false
		for i := range 1 + random.IntN(8) {
			a := fleetAccount{fmt.Sprint(100000000500 + i), fmt.Sprintf("acc-%d", i), "sea", "healthy"}
			u, v := random.IntN(300), 200+random.IntN(200)
			answers := map[string]http.HandlerFunc{"DescribeLicenseGeneral": overviewOf(u, v)}
			switch random.IntN(6) {
			case 0:
				answers["AssumeRole"] = refused
				failed++
			case 1:
				answers["DescribeLicenseGeneral"] = refused
				read, partly = read+1, partly+1
			case 2:
				answers["DescribeLicenseList"] = refused
				read, partly = read+1, partly+1
				used, valid, isTold = used+u, valid+v, true
				firing += u / 200
			default:
				read++
				used, valid, isTold = used+u, valid+v, true
				firing += u / 200
			}
			accounts, overrides[a.name] = append(accounts, a), answers
		}
		sums := "unknown unknown unknown"
		if isTold {
			sums = fmt.Sprint(used, " ", valid, " ", 100*used/valid)
		}
		fires := fmt.Sprint(firing)
		if read == 0 {
			fires = "unknown"
		}
		want := fmt.Sprintf("T %d %d %d %d 0 %s %s T", len(accounts), read, partly, failed, sums, fires)
		w := newFleetWorld(t, accounts, overrides, "LICENSEWATCH_RULES_FILE", path)
		_, err := w.tick("digest")
		must(t, err)
		if !strings.Contains(w.last("slack"), want) {
			t.Errorf("trial %d: want %s in %s", trial, want, w.last("slack"))
		}
	}
}
