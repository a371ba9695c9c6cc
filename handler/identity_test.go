package handler_test

// Chats are known by where they lead, whatever the settings do between two runs.

import (
	"crypto/md5"  //nolint:gosec // to look for it
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

// webhooks are chats on loopback, each with a webhook of its own: Slack's at
// /services/T/B/NAME, WeCom's at /send?key=NAME.
type webhooks struct {
	url   string
	mutex sync.Mutex
	down  string              // the webhooks that answer 429, one letter each
	heard map[string][]string // by group: the messages that it accepted
}

func newWebhooks(t *testing.T) *webhooks {
	t.Helper()
	g := &webhooks{heard: map[string][]string{}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

func (g *webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	name, accepted := r.URL.Query().Get("key"), `{"errcode":0,"errmsg":"ok"}`
	if name == "" {
		parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		name, accepted = parts[len(parts)-1], "ok"
	}
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if strings.Contains(g.down, name) {
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	g.heard[name] = append(g.heard[name], string(body))
	_, _ = io.WriteString(w, accepted)
}

// slack gives the Slack webhooks of webhooks, as LICENSEWATCH_SLACK_WEBHOOK_URL names
// them: "a,b/" are those of a and b, the latter with a slash at its end.
func (g *webhooks) slack(names string) string {
	var urls []string
	for name := range strings.SplitSeq(names, ",") {
		urls = append(urls, g.url+"/services/T/B/"+name)
	}
	return strings.Join(urls, ",")
}

// counts says how many messages each of the webhooks accepted: "a1 b0".
func (g *webhooks) counts(names string) string {
	var all []string
	for _, name := range names {
		all = append(all, string(name)+string(rune('0'+len(g.heard[string(name)]))))
	}
	return strings.Join(all, " ")
}

const trialOver = `{"Response":{"State":2,"RequestId":"r"}}`

// newSettled is a world in which one thing fires, or nothing, and nothing is due by
// the calendar.
func newSettled(t *testing.T, settings ...string) *remembering {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rules.yaml")
	must(t, os.WriteFile(file, []byte("version: 1\nrules:\n  - id: mine\n    severity: warning\n    when: tcss.State == 2\n"+
		"    title: {en: the trial is over}\n    over: {en: the trial goes on}\n"), 0o600))
	w := newRemembering(t, "healthy", append([]string{"LICENSEWATCH_RULES_FILE", file, "LICENSEWATCH_WECOM_WEBHOOK_URL", "", "LICENSEWATCH_EXPORT", "off"}, settings...)...)
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialOver))
	return w
}

// settingsStep is what the settings name in a run, and what was heard by its end.
type settingsStep struct {
	slack string        // webhooks, as webhooks.slack takes them
	down  string        // webhooks that are down
	wait  time.Duration // before the run
	days  int           // and a run on each of so many days before it
	over  bool          // what fired is over by then
	want  string        // as webhooks.counts
}

const dayLong = 24 * time.Hour

// TestChannelsMove: a chat that is new is told all that fires, one that has moved
// nothing, and what is owed follows its chat.
func TestChannelsMove(t *testing.T) {
	for name, steps := range map[string][]settingsStep{
		"swapped":             {{slack: "a,b", want: "a1 b1"}, {slack: "b,a", want: "a1 b1"}},
		"swapped, one owed":   {{slack: "a,b", down: "b", want: "a1 b0"}, {slack: "b,a", want: "a1 b1"}, {slack: "b,a", want: "a1 b1"}},
		"swapped, both owed":  {{slack: "a,b", down: "ab", want: "a0 b0"}, {slack: "b,a", down: "b", want: "a1 b0"}, {slack: "a,b", want: "a1 b1"}},
		"turned":              {{slack: "a,b,c", down: "c", want: "a1 b1 c0"}, {slack: "c,a,b", want: "a1 b1 c1"}, {slack: "b,c,a", want: "a1 b1 c1"}},
		"added behind":        {{slack: "a", want: "a1 b0"}, {slack: "a,b", want: "a1 b1"}, {slack: "a,b", want: "a1 b1"}},
		"added before":        {{slack: "a", want: "a1 b0"}, {slack: "b,a", want: "a1 b1"}, {slack: "b,a", want: "a1 b1"}},
		"added while owed":    {{slack: "a", down: "a", want: "a0 b0"}, {slack: "b,a", want: "a1 b1"}, {slack: "b,a", want: "a1 b1"}},
		"removed":             {{slack: "a,b", want: "a1 b1"}, {slack: "b", want: "a1 b1"}},
		"removed, left owed":  {{slack: "a,b", down: "b", want: "a1 b0"}, {slack: "b", want: "a1 b1"}, {slack: "b", want: "a1 b1"}},
		"removed while owed":  {{slack: "a,b", down: "b", want: "a1 b0"}, {slack: "a", want: "a1 b0"}, {slack: "b", want: "a1 b1"}},
		"another group":       {{slack: "a", want: "a1 b0"}, {slack: "b", want: "a1 b1"}, {slack: "b", want: "a1 b1"}},
		"and the old again":   {{slack: "a", want: "a1 b0"}, {slack: "b", want: "a1 b1"}, {slack: "a", want: "a1 b1"}, {slack: "a,b", want: "a1 b1"}},
		"replaced, one stays": {{slack: "a,b", want: "a1 b1 c0"}, {slack: "c,b", want: "a1 b1 c1"}, {slack: "b,a,c", want: "a1 b1 c1"}},
		"a slash at the end":  {{slack: "a", want: "a1"}, {slack: "a/", want: "a1"}, {slack: "a//", want: "a1"}},
		"twice":               {{slack: "a,a", want: "a1"}, {slack: "a,a/", want: "a1"}, {slack: "a", want: "a1"}},
		"twice from now on":   {{slack: "a,b", want: "a1 b1"}, {slack: "b/,a,b", want: "a1 b1"}},
		"gone for a week":     {{slack: "a,b", want: "a1 b1"}, {slack: "a", wait: 6 * dayLong, want: "a1 b1"}, {slack: "a,b", wait: 20 * time.Hour, want: "a1 b1"}},
		"gone for longer":     {{slack: "a,b", want: "a1 b1"}, {slack: "a", days: 9, want: "a1 b1"}, {slack: "a,b", want: "a1 b2"}, {slack: "a,b", want: "a1 b2"}},
		"gone, nobody looked": {{slack: "a,b", want: "a1 b1"}, {slack: "a,b", wait: 30 * dayLong, want: "a1 b1"}},
		"owed, gone for longer": {
			{slack: "a,b", down: "b", want: "a1 b0"}, {slack: "a", days: 9, want: "a1 b0"}, {slack: "a,b", want: "a1 b1"}, {slack: "a,b", want: "a1 b1"},
		},
		"gone while it ends":   {{slack: "a,b", want: "a1 b1"}, {slack: "a", over: true, want: "a2 b1"}, {slack: "a,b", wait: dayLong, over: true, want: "a2 b2"}},
		"gone before it ended": {{slack: "a,b", want: "a1 b1"}, {slack: "a", days: 9, want: "a1 b1"}, {slack: "a,b", over: true, want: "a2 b1"}},
		"new after its end":    {{slack: "a", want: "a1 b0"}, {slack: "a", over: true, want: "a2 b0"}, {slack: "a,b", over: true, want: "a2 b0"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, g := newSettled(t), newWebhooks(t)
			for i, step := range steps {
				w.clock = w.clock.Add(step.wait)
				g.down = step.down
				w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", g.slack(step.slack))
				if step.over {
					w.Override("DescribePurchaseStateInfo", nil)
				}
				for range step.days {
					_, _ = w.tick("alert")
					w.clock = w.clock.Add(dayLong)
				}
				_, _ = w.tick("alert")
				if got := g.counts(lettersOf(step.want)); got != step.want {
					t.Errorf("after step %d with %s: %s, want %s", i+1, step.slack, got, step.want)
				}
			}
		})
	}
}

// lettersOf are the webhooks of a webhooks.counts.
func lettersOf(counts string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, counts)
}

// TestRobotsMove: the same with WeCom, where the key tells them apart.
func TestRobotsMove(t *testing.T) {
	w, g := newSettled(t), newWebhooks(t)
	robot := func(name string) string { return g.url + "/send?key=" + name }
	for _, step := range []struct{ slack, wecom, down, want string }{
		{g.slack("a"), robot("b") + "," + robot("c"), "c", "a1 b1 c0"},
		{g.slack("a"), robot("c") + "," + robot("b"), "", "a1 b1 c1"},
		{g.slack("a"), robot("c") + "&x=1", "", "a1 b1 c2"}, // another URL is another chat
	} {
		w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", step.slack)
		w.set("LICENSEWATCH_WECOM_WEBHOOK_URL", step.wecom)
		g.down = step.down
		_, _ = w.tick("alert")
		if got := g.counts("abc"); got != step.want {
			t.Fatalf("%s, want %s", got, step.want)
		}
	}
}

// stored is the ledger as it lies in the store.
func (w *remembering) stored() map[string]json.RawMessage {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(w.t, err)
	var book map[string]json.RawMessage
	must(w.t, json.Unmarshal(data, &book))
	return book
}

// asEarlier leaves of the ledger what an earlier version would have: it read and wrote
// the same version, and knew neither owners nor where chats lead.
func (w *remembering) asEarlier() {
	w.t.Helper()
	book := w.stored()
	for _, name := range []string{"owner", "key", "channels"} {
		if book[name] == nil {
			w.t.Errorf("the ledger has no %s", name)
		}
		delete(book, name)
	}
	must(w.t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), []byte(asText(w.t, book)), 0o600))
}

// TestMemoryOfAnEarlierVersion: the first run takes over what it knows by position,
// also when a later version has written to the ledger before.
func TestMemoryOfAnEarlierVersion(t *testing.T) {
	for name, steps := range map[string][]settingsStep{
		"as it was":     {{slack: "a,b", want: "a1 b1"}, {slack: "a,b", want: "a1 b1"}, {slack: "b,a", want: "a1 b1"}},
		"owed":          {{slack: "a,b", down: "b", want: "a1 b0"}, {slack: "a,b", want: "a1 b1"}, {slack: "a,b", want: "a1 b1"}},
		"a second one":  {{slack: "a", want: "a1 b0"}, {slack: "a,b", want: "a1 b1"}, {slack: "b,a", want: "a1 b1"}},
		"one less":      {{slack: "a,b", want: "a1 b1"}, {slack: "a", want: "a1 b1"}, {slack: "a", want: "a1 b1"}},
		"owed, one two": {{slack: "a", down: "a", want: "a0 b0"}, {slack: "a,b", want: "a1 b1"}, {slack: "b", want: "a1 b1"}},
		// The mistake is told; who is who is known when it is corrected.
		"a mistake":       {{slack: "a,b", want: "a1 b1"}, {slack: "%zz,b", want: "a1 b2"}, {slack: "a,b", want: "a1 b2"}, {slack: "b,a", want: "a1 b2"}},
		"owed, a mistake": {{slack: "a,b", down: "b", want: "a1 b0"}, {slack: "%zz,b", want: "a1 b1"}, {slack: "a,b", want: "a1 b2"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, g := newSettled(t), newWebhooks(t)
			for i, step := range steps {
				if i == 1 {
					w.asEarlier()
				}
				g.down = step.down
				w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", g.slack(step.slack))
				_, _ = w.tick("alert")
				if got := g.counts(lettersOf(step.want)); got != step.want {
					t.Fatalf("after run %d with %s: %s, want %s", i+1, step.slack, got, step.want)
				}
			}
			if book := w.stored(); string(book["version"]) != "1" { // an earlier version reads no other
				t.Errorf("version %s", book["version"])
			}
		})
	}
}

// TestNamesForPeople: in errors, Summary and ledger a chat has the name that the
// settings give it, and one that is gone keeps its own as long as nobody else has it.
func TestNamesForPeople(t *testing.T) {
	w, g := newSettled(t), newWebhooks(t)
	g.down = "b"
	for _, step := range []struct{ slack, owed, channels string }{
		{"a,b", "slack[1]", "slack[0] slack[1]"},
		{"b,a", "slack[0]", "slack[0] slack[1]"},
		{"b", "slack", "slack slack[1]"},
		{"a", "", "former slack slack"},
		{"c", "", "former former slack former slack slack"},
		{"c,a,b", "slack[2]", "slack[0] slack[1] slack[2]"},
	} {
		w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", g.slack(step.slack))
		summary, err := w.tick("alert")
		if (err == nil) != (step.owed == "") || !strings.Contains(fmt.Sprint(err), step.owed) {
			t.Errorf("%s: %v, want one about %q", step.slack, err, step.owed)
		}
		if got := strings.Join(summary.Undelivered, " "); got != step.owed {
			t.Errorf("%s: not delivered to %q, want %q", step.slack, got, step.owed)
		}
		if got := strings.Join(w.ledger().Channels(), " "); got != step.channels {
			t.Errorf("%s: the ledger speaks of %q, want %q", step.slack, got, step.channels)
		}
	}
}

// TestWebhooksCannotBeTested: neither the webhook nor a hash of it that needs no key
// leaves the settings, and another store knows the same chat by another identity.
func TestWebhooksCannotBeTested(t *testing.T) {
	const secret = "canaryPathQ1w2E3r4T5y6U7i8O9p0Aa"
	g := newWebhooks(t)
	webhook := g.slack(secret)
	var identities []string
	for range 2 {
		w := newSettled(t, "LICENSEWATCH_LOG_LEVEL", "debug")
		w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", webhook+"/,"+g.slack("b"))
		g.down = "b"
		for _, mode := range []string{"digest", "alert"} {
			summary, err := w.tick(mode)
			kept, readErr := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
			must(t, readErr)
			said := w.log.String() + asJSON(t, summary) + fmt.Sprint(err) + string(kept) + strings.Join(g.heard[secret], "\n")
			if found := leaks(said, secret); found != nil {
				t.Errorf("the webhook is found: %v", found)
			}
			for _, form := range []string{webhook, webhook + "/", webhook + "?", "slack " + webhook, strings.TrimPrefix(webhook, "http://"), secret} {
				for name, hash := range unkeyedHashes(form) {
					if strings.Contains(said, hash) {
						t.Errorf("the %s of the webhook is found", name)
					}
				}
			}
		}
		var channels map[string]struct{ ID string }
		must(t, json.Unmarshal(w.stored()["channels"], &channels))
		id := channels["slack[0]"].ID
		if len(id) != 12 || id == channels["slack[1]"].ID || slices.Contains(identities, id) {
			t.Errorf("identity %q, among %v and earlier %v", id, channels, identities)
		}
		identities = append(identities, id)
		var key string
		must(t, json.Unmarshal(w.stored()["key"], &key))
		if len(key) < 26 || strings.Contains(w.log.String(), key) {
			t.Errorf("the key has %d characters, or is logged", len(key))
		}
	}
}

// unkeyedHashes are what anybody can compute of a text, as far as 12 digits.
func unkeyedHashes(text string) map[string]string {
	all := map[string]string{}
	for name, hash := range map[string]hash.Hash{"SHA-256": sha256.New(), "SHA-1": sha1.New(), "SHA-512": sha512.New(), "MD5": md5.New(), "FNV": fnv.New64a()} {
		_, _ = io.WriteString(hash, text)
		sum := hash.Sum(nil)
		all[name] = hex.EncodeToString(sum)[:12]
		all[name+" in base64"] = base64.StdEncoding.EncodeToString(sum)[:10]
	}
	return all
}
