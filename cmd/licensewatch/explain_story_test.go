package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/life"
)

// story is the real function with a simulated cloud, simulated chats, a store
// in a directory, and a clock that goes on while the account's dates stand.
type story struct {
	t        *testing.T
	sim      *simulator.Simulator
	dir      string
	settings map[string]string
	now      time.Time
}

// messageID is the id at the foot of the last message.
func (s *story) messageID(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, "ledger.json"))
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := life.Decode(data)
	if err != nil || len(ledger.NotificationLog().Heads(time.UTC)) == 0 {
		t.Fatalf("no message in the ledger: %v", err)
	}
	return ledger.NotificationLog().Heads(time.UTC)[0].ID
}

// newStory begins at nine on the day of the scenario.
func newStory(t *testing.T, scenario string) *story {
	t.Helper()
	begin := testNow.AddDate(0, 0, -3)
	sim := simulator.New(simulator.Options{Scenario: scenario, Now: func() time.Time { return begin }})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	id, key, token := sim.Credentials()
	s := &story{t: t, sim: sim, dir: t.TempDir(), now: begin}
	s.settings = map[string]string{
		"LICENSEWATCH_API_ENDPOINT":      sim.CloudURL(),
		"LICENSEWATCH_LANGUAGE":          "en",
		"LICENSEWATCH_EXPORT":            "off",
		"LICENSEWATCH_STATE_URL":         "file://" + s.dir,
		"LICENSEWATCH_SLACK_WEBHOOK_URL": sim.WebhookURL("slack"),
		"LICENSEWATCH_WECOM_WEBHOOK_URL": sim.WebhookURL("wecom"),
		"TENCENTCLOUD_SECRET_ID":         id,
		"TENCENTCLOUD_SECRET_KEY":        key,
		"TENCENTCLOUD_TOKEN":             token,
	}
	return s
}

// run lets the function's timer fire, and gives what the chats accepted by that:
// "slack: text" each.
func (s *story) run(mode string) []string {
	s.t.Helper()
	setEnvironment(s.t, s.settings)
	before := len(s.sim.Posts())
	event := fmt.Sprintf(`{"Type":"Timer","TriggerName":%q,"Time":%q,"Message":%q}`, mode, s.now.UTC().Format(time.RFC3339), mode)
	_, _ = handler.New(handler.Options{ // what it could not deliver is what the story is about
		Log: io.Discard, Now: func() time.Time { return s.now }, Sleep: func(context.Context, time.Duration) error { return nil },
	}).Run(s.t.Context(), json.RawMessage(event))
	var said []string
	for _, post := range s.sim.Posts()[before:] {
		if post.Status == http.StatusOK {
			said = append(said, post.Channel+": "+string(post.Body))
		}
	}
	return said
}

func (s *story) command(args ...string) (code int, out string) {
	s.t.Helper()
	code, out, errs := commandAt(s.t, s.now, s.settings, args...)
	if errs != "" {
		s.t.Errorf("%v: %s", args, errs)
	}
	return code, out
}

// store is all that is stored.
func (s *story) store() map[string]string {
	s.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(s.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path) //nolint:gosec // a file of the tests
		info, _ := entry.Info()
		files[path] = info.ModTime().String() + string(data)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return files
}

const aaaa = "cwp-order-expiring/cwp-aaaa"

// begin is how every story here begins: Slack hears of everything, WeCom is down,
// and a day later somebody takes care of the order.
func (s *story) begin() {
	s.t.Helper()
	s.sim.OverrideChat("wecom", simulator.Status(http.StatusInternalServerError, "<html>"))
	if said := s.run("alert"); len(said) != 1 {
		s.t.Fatalf("the first alert: %v", said)
	}
	s.now = s.now.AddDate(0, 0, 1)
	if code, out := s.command("ack", aaaa, "--until", "2026-12-10", "--reason", "renewal ordered", "--by", "zhangsan"); code != exitFine {
		s.t.Fatalf("ack: exit %d: %s", code, out)
	}
	s.now = testNow
}

func TestExplainTheStory(t *testing.T) {
	s := newStory(t, "near-expiry")
	s.begin()
	before := s.store()
	for name, args := range map[string][]string{
		"story-order":  {aaaa},
		"story-trial":  {"tcss-trial-ending"},
		"story-rule":   {"cwp-order-expiring"},
		"story-change": {"tcss-state-changed", "--language", "zh"},
		"story-all":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			for ending, more := range map[string][]string{".txt": nil, ".json": {"--output", "json"}} {
				code, out := s.command(append(append([]string{"explain"}, args...), more...)...)
				if code != exitFine {
					t.Errorf("exit %d", code)
				}
				if ending == ".json" && args == nil {
					ending, out = ".outline.txt", explainOutline(t, out)
				}
				golden(t, "explain-"+name+ending, out)
			}
		})
	}
	s.t = t
	if after := s.store(); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Error("explain changed the store")
	}
}

// TestExplainWhatIsOver: what was told of a finding is known after its end.
func TestExplainWhatIsOver(t *testing.T) {
	s := newStory(t, "near-expiry")
	s.run("alert")
	later := newStory(t, "healthy")
	for _, name := range []string{"LICENSEWATCH_API_ENDPOINT", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"} {
		s.settings[name] = later.settings[name]
	}
	s.now = s.now.AddDate(0, 0, 1)
	s.run("alert")
	s.now = testNow
	_, out := s.command("explain", "tcss-trial-ending")
	wantIn(t, "output", out, "tcss-trial-ending is quiet", "last told  2026-11-19 09:07, as warning, 6 days left; over since 2026-11-20 09:07")
	_, out = s.command("explain")
	wantIn(t, "output", out, "tcss-trial-ending                         –                 2026-11-19 09:07")
}

// TestExplainForetells: until the time that explain gives for Slack no alert
// speaks of the finding, and the first one from then on does.
func TestExplainForetells(t *testing.T) {
	for finding, words := range map[string]string{
		aaaa: "`cwp-aaaa` ends", "tcss-trial-ending": "trial ends", "tcss-cores-uncovered": "cores are not protected",
	} {
		t.Run(finding, func(t *testing.T) {
			s := newStory(t, "near-expiry")
			s.begin()
			s.sim.OverrideChat("wecom", nil)
			s.run("alert") // WeCom hears what it is owed
			_, out := s.command("explain", finding, "--output", "json")
			var answer struct {
				Rules []struct {
					Findings []struct {
						Title    string
						Channels []struct {
							Channel string
							NextAt  time.Time `json:"next_at"`
						}
					}
				}
			}
			if err := json.Unmarshal([]byte(out), &answer); err != nil {
				t.Fatal(err)
			}
			for _, c := range answer.Rules[0].Findings[0].Channels {
				if !c.NextAt.After(s.now) || c.NextAt.After(s.now.AddDate(0, 1, 0)) {
					t.Errorf("%s: next %s", c.Channel, c.NextAt)
				}
			}
			next := answer.Rules[0].Findings[0].Channels[0].NextAt
			for s.now.Before(next) {
				if s.now = s.now.Add(6 * time.Hour); !s.now.Before(next) {
					s.now = next
				}
				spoke := strings.Contains(strings.Join(s.run("alert"), "\n"), words)
				if at := s.now.Equal(next); spoke != at {
					t.Fatalf("%s: spoke %v, foretold for %s", s.now, spoke, next)
				}
			}
		})
	}
}
