package handler_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/config"
	"licensewatch/handler"
)

type misplacedSecret struct {
	kind, text string
	secrets    []string
}

// misplaced are the kinds of secrets that people paste into the wrong variable:
// what is pasted, and the parts of it that nobody may see.
var misplaced = []misplacedSecret{
	{"SecretId", canaryID, []string{canaryID}},
	{"SecretKey", canaryKey, []string{canaryKey}},
	{"SecretKey in quotes", `"` + canaryKey + `"`, []string{canaryKey}},
	{"SecretKey with its name", "SecretKey: " + canaryKey, []string{canaryKey}},
	{"session token", longToken, []string{longToken}},
	{"bot token", "xoxb-1234567890123-1234567890124-CanaryBotQ1w2E3r4T5y6U7i8", []string{"1234567890123-1234567890124-CanaryBotQ1w2E3r4T5y6U7i8"}},
	{"Slack webhook", "https://hooks.slack.com/services/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", []string{"T0CANARY1/B0CANARY1/canarySlackQ1w2E3r4T5y6U"}},
	{"Slack webhook without scheme", "hooks.slack.com/services/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", []string{"T0CANARY1/B0CANARY1/canarySlackQ1w2E3r4T5y6U"}},
	{"path of a Slack webhook", "T0CANARY1/B0CANARY1/canarySlackQ1w2E3r4T5y6U", []string{"T0CANARY1/B0CANARY1/canarySlackQ1w2E3r4T5y6U"}},
	{"WeCom webhook", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + robotKey, []string{robotKey}},
	{"WeCom key", robotKey, []string{robotKey}},
	{"WeCom key in a query", "key=" + robotKey, []string{robotKey}},
	{
		"signed link", "https://canary-1250000000.cos.ap-guangzhou.myqcloud.com/a.csv?q-sign-algorithm=sha1&q-ak=" + canaryID +
			"&q-sign-time=1795309620;1795313220&q-key-time=1795309620;1795313220&q-header-list=host&q-url-param-list=&q-signature=" +
			signature + "&x-cos-security-token=" + longToken,
		[]string{canaryID, signature, longToken},
	},
	{"password in a URL", "https://operator:canary-Passw0rd&Q1w2E3r4@proxy.example.com/a", []string{"canary-Passw0rd&Q1w2E3r4"}},
	{"password in a URL of a bucket", "cos://operator:canary-Passw0rd&Q1w2E3r4@b-1250000000/a?region=ap-guangzhou", []string{"canary-Passw0rd&Q1w2E3r4"}},
	{"two secrets", canaryID + "," + canaryKey, []string{canaryID, canaryKey}},
	{"two lines", "TENCENTCLOUD_SECRET_ID=" + canaryID + "\nTENCENTCLOUD_SECRET_KEY=" + canaryKey, []string{canaryID, canaryKey}},
}

const (
	robotKey  = "c4n4ry00-1a2b-4c3d-8e4f-5a6b7c8d9e0f"
	signature = "c4n4ry0123456789abcdef0123456789abcdef01"
	// longToken has the form of a session token: some hundred characters.
	longToken = "Q1canaryW2e3R4t5Y6u7I8o9P0a_S1d2F3g4H5j6K7l8Z9x0C1v2B3n4M5q6W7e8R9t0Y1u2I3o4P5a6S7d8F9g0H1j2K3l4Z5x6C7v8B9n0M1q2W3e4R5t6Y7u8"
)

// onLoopback refuses every connection that leaves this machine, as a network does
// that leads nowhere.
func onLoopback(o *handler.Options) {
	o.Transport = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if !strings.HasPrefix(address, "127.0.0.1:") {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("no route to host")}
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
}

// TestMisplacedSecrets puts each kind of secret into each variable and each kind of
// file: it is neither posted nor logged, returned, printed or stored.
func TestMisplacedSecrets(t *testing.T) {
	var variables []string
	for _, setting := range config.Settings() {
		variables = append(variables, setting.Name)
	}
	variables = append(variables, "TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY", "TENCENTCLOUD_SESSIONTOKEN", "USER_CODE_ROOT")
	for _, variable := range variables {
		for _, m := range misplaced {
			t.Run(m.kind+" in "+variable, func(t *testing.T) {
				t.Chdir(t.TempDir()) // a store or a file under the name of the secret is nobody's
				_ = newOutside(t, variable, m.text).wantNone(m.secrets)
			})
		}
	}
}

// TestSecretsAsNames puts each kind of secret where a name belongs, as far as an
// environment and the platform take it for one: of a variable, with and without our
// prefix, and of the timer; and where the timer's time belongs.
func TestSecretsAsNames(t *testing.T) {
	plain := []misplacedSecret{ // elsewhere they may be what they look like: somebody to be called
		{"digits", "48151623420815162342", []string{"48151623420815162342"}},
		{"capitals", "QWERTYUIOPASDFGHJKLZXCVBNM", []string{"QWERTYUIOPASDFGHJKLZXCVBNM"}},
	}
	for _, m := range slices.Concat(misplaced, plain) {
		name := strings.ReplaceAll(m.text, "=", "_")
		t.Run(m.kind, func(t *testing.T) {
			o := newOutside(t, "LICENSEWATCH_"+name, "x")
			o.set("licence_watch_"+name, "")
			o.set(name, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=")
			o.set("LICENSEWATCH_WECOM_WEBHOOK_URL", "") // it is looked for elsewhere
			o.trigger, o.time = m.text, m.text
			if err := o.wantNone(m.secrets); err != nil {
				t.Error(err)
			}
			for _, post := range o.posted("slack") {
				o.wantContains("the message", post, "LICENSEWATCH_…")
			}
			o.wantPosts(1, 0)
		})
	}
}

// TestMistakenRulesFile names files of secrets as the rules file. They are quoted
// nowhere; nor is a key in a rules file.
func TestMistakenRulesFile(t *testing.T) {
	letters := "qcanarypoeirutyalskdjfhgzmxncbv"
	secrets := []string{canaryID, canaryKey, robotKey, "T0CANARY1/B0CANARY1/canarySlackQ1w2E3r4T5y6U", longToken, letters}
	slack := "https://hooks.slack.com/services/" + secrets[3]
	rule := "version: 1\nrules:\n  - id: mine\n    severity: warning\n    when: cwp.NearExpiryLicenseCnt > 0\n    title: {en: x, zh: x}\n"
	files := map[string]string{
		"one word":           canaryKey,
		"one line":           slack + "\n",
		"settings":           "LICENSEWATCH_SLACK_WEBHOOK_URL='" + slack + "'\nTENCENTCLOUD_SECRET_KEY=" + canaryKey + "\n",
		"keys as YAML":       "secret_id: " + canaryID + "\nsecret_key: " + canaryKey + "\n",
		"keys as keys":       canaryID + ": " + canaryKey + "\n? " + slack + "\n: " + longToken + "\n",
		"keys as INI":        "[default]\nsecret_id = " + canaryID + "\nsecret_key = " + canaryKey + "\n",
		"keys as JSON":       `{"secretId": "` + canaryID + `", "secretKey": "` + canaryKey + `", "version": 1}`,
		"a list":             "- " + canaryID + "\n- " + canaryKey + "\n",
		"a tag":              "!" + canaryKey + " x\n",
		"an anchor":          "&" + canaryKey + " x\n",
		"an alias":           "a: *" + canaryKey + "\n",
		"broken":             "{" + canaryKey + ": [" + slack + "\n",
		"two documents":      "--- " + canaryID + "\n--- " + canaryKey + "\n",
		"a private key":      "-----BEGIN PRIVATE KEY-----\n" + longToken + "\n-----END PRIVATE KEY-----\n",
		"a version":          "version: 1\n" + canaryID + ": " + canaryKey + "\n",
		"version, a secret":  "version: " + canaryKey + "\nextends: " + canaryID + "\n",
		"rules, a secret":    "rules: " + canaryKey + "\n",
		"rules further down": "a:\n  version: 1\n  rules: " + canaryKey + "\nb: {version: 1, rules: " + robotKey + "}\n",
		"control characters": "a: \x01" + canaryKey,

		"a rule, a secret as a key":         rule + "    " + canaryID + ": x\n",
		"a rule, a secret as a severity":    strings.Replace(rule, "warning", robotKey, 1),
		"a rule, a secret as a condition":   strings.Replace(rule, "cwp.NearExpiryLicenseCnt", canaryKey, 1),
		"a rule, a secret as an id":         strings.Replace(rule, "mine", canaryKey, 1),
		"a rule, a link as a runbook":       rule + "    runbook: http://u:" + canaryKey + "@x/" + robotKey + "\n",
		"a rule, a tag":                     rule + "    runbook: !" + canaryKey + " " + canaryID + "\n",
		"a rule, a secret as a top key":     rule + longToken + ": x\n",
		"a rule, covered by a secret":       rule + "    covered_by: [" + canaryID + "]\n",
		"a rule, reminded after a secret":   rule + "    remind_every: " + canaryKey + "\n",
		"a rule, letters as a key":          rule + "    " + letters + ": x\n",
		"a rule, letters as a severity":     strings.Replace(rule, "warning", letters, 1),
		"a rule, a secret as an alias":      rule + "    runbook: *" + canaryKey + "\n",
		"a rule, a secret in its condition": strings.Replace(rule, "> 0", `== "`+canaryKey+`"`, 1),
	}
	for name, text := range files {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "rules.yaml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			o := newOutside(t, "LICENSEWATCH_RULES_FILE", file)
			if err := o.wantNone(secrets); err == nil {
				t.Error("the file is taken for rules")
			}
			if len(o.Posts()) == 0 {
				t.Error("nobody is told")
			}
		})
	}
}

// outside is a world with a store and a place for what the process prints.
type outside struct {
	*world
	store   string
	printed *os.File
	trigger string // of the events, where it is not the usual one
	time    string // likewise
}

func newOutside(t *testing.T, variable, value string) *outside {
	t.Helper()
	store := t.TempDir()
	printed, err := os.CreateTemp(t.TempDir(), "printed")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = printed.Close() })
	return &outside{newWorld(t, "everything-wrong", "LICENSEWATCH_LOG_LEVEL", "debug", "LICENSEWATCH_STATE_URL", "file://"+store,
		"LICENSEWATCH_WECOM_MENTION", "@all", variable, value), store, printed, "", ""}
}

// wantNone has a digest and an alert, and fails where they leave one of the secrets
// behind. It gives the digest's error.
func (o *outside) wantNone(secrets []string) error {
	o.t.Helper()
	found, err := o.leaks(secrets, onLoopback)
	for where, what := range found {
		o.t.Errorf("%s holds %v", where, what)
	}
	return err
}

// leaks has a digest and an alert, and gives the secrets that they leave behind, by
// place.
func (o *outside) leaks(secrets []string, options ...func(*handler.Options)) (found map[string][]string, first error) {
	o.t.Helper()
	texts := map[string]string{}
	for i, event := range []string{digestEvent, alertEvent} {
		inJSON := strings.NewReplacer(`"`, "", "\n", " ")
		if o.trigger != "" {
			event = strings.Replace(event, `"TriggerName":"`, `"TriggerName":"`+inJSON.Replace(o.trigger), 1)
		}
		if o.time != "" {
			event = strings.Replace(event, `"Time":"`, `"Time":"`+inJSON.Replace(o.time), 1)
		}
		out, errs := os.Stdout, os.Stderr
		os.Stdout, os.Stderr = o.printed, o.printed
		summary, err := o.run(event, options...)
		os.Stdout, os.Stderr = out, errs
		texts["the Summary"] += asJSON(o.t, summary)
		if err != nil {
			texts["the error"] += err.Error()
		}
		if i == 0 {
			first = err
		}
	}
	for _, post := range o.Posts() {
		texts["a message to "+post.Channel] += string(post.Body)
	}
	printed, err := os.ReadFile(o.printed.Name())
	texts["standard output"], texts["the log"] = string(printed), o.log.String()
	err = errors.Join(err, filepath.WalkDir(o.store, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path) //nolint:gosec // under the test's own directory
		texts["the store"] += path + "\n" + string(data)
		return err
	}))
	if err != nil {
		o.t.Fatal(err)
	}
	found = map[string][]string{}
	for where, text := range texts {
		if secrets := leaks(text, secrets...); secrets != nil {
			found[where] = secrets
		}
	}
	return found, first
}

// TestALeakIsFound: what leaks on purpose is found in each place.
func TestALeakIsFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules.yaml")
	rule := "version: 1\nrules:\n  - id: mine\n    severity: critical\n    when: cwp.LicenseCnt > 0\n    title: {en: " + canaryKey + ", zh: x}\n"
	if err := os.WriteFile(file, []byte(rule), 0o600); err != nil {
		t.Fatal(err)
	}
	o := newOutside(t, "LICENSEWATCH_RULES_FILE", file)
	found, _ := o.leaks([]string{canaryKey}, onLoopback, func(options *handler.Options) {
		clock := options.Now
		options.Now = func() time.Time {
			_, _ = fmt.Println(canaryKey)
			_, _ = fmt.Fprintln(options.Log, url.QueryEscape(canaryKey))
			return clock()
		}
	})
	for _, where := range []string{"standard output", "the log", "the store", "a message to slack", "a message to wecom"} {
		if found[where] == nil {
			t.Errorf("the leak into %s is not found", where)
		}
	}
}
