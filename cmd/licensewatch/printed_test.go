package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"licensewatch/internal/simulator"
	"licensewatch/internal/text"
)

// hostileName is what a name from outside may be: it ends lines, steers terminals,
// turns the reading direction and hides.
const hostileName = "x\x1b[2J\x00\u009b31m\u202e\u2066\u200b\ufeff\u3164\r\nFAKE line\tend"

// wantTame wants nothing in an output that a terminal would obey or hide, and no
// line that a name begins.
func wantTame(t *testing.T, what, out string) {
	t.Helper()
	for i, r := range out {
		if r != '\n' && text.IsHidden(r) {
			t.Errorf("%s: %U in %q", what, r, out[max(0, i-60):min(len(out), i+60)])
			return
		}
	}
	if !utf8.ValidString(out) || regexp.MustCompile(`(?m)^FAKE`).MatchString(out) {
		t.Errorf("%s: invalid UTF-8, or a false line in %q", what, out)
	}
}

// wantJSON wants documents of JSON and nothing else, and gives them.
func wantJSON(t *testing.T, what, out string) (documents []any) {
	t.Helper()
	for decoder := json.NewDecoder(strings.NewReader(out)); decoder.More(); {
		var document any
		if err := decoder.Decode(&document); err != nil {
			t.Errorf("%s: %v in %s", what, err, out)
			return nil
		}
		documents = append(documents, document)
	}
	return documents
}

// holdsText says whether the text stands in one of a document's values.
func holdsText(document any, part string) bool {
	switch v := document.(type) {
	case string:
		return strings.Contains(v, part)
	case []any:
		for _, each := range v {
			if holdsText(each, part) {
				return true
			}
		}
	case map[string]any:
		for key, each := range v {
			if strings.Contains(key, part) || holdsText(each, part) {
				return true
			}
		}
	}
	return false
}

// TestHostileNames puts hostile names into the cloud's answers and has every
// command speak of them.
func TestHostileNames(t *testing.T) {
	s := newStory(t, "everything-wrong")
	s.poison(t)
	s.settings["LICENSEWATCH_LANGUAGE"] = "en"
	s.run("digest")
	dir := t.TempDir()
	account := filepath.Join(dir, "account.json")
	if code, _, errs := commandAt(t, s.now, s.settings, "capture", account); code == exitUsage {
		t.Fatalf("capture: %s", errs)
	}
	data, err := os.ReadFile(account)
	if err != nil {
		t.Fatal(err)
	}
	wantTame(t, "the snapshot file", string(data))
	tests := filepath.Join(dir, "a.test.yaml")
	content := "version: 1\ntests:\n- name: \"x\\e\\u009b\\u202e\\u200b\\nFAKE\"\n  at: 2026-11-22T09:00:00+08:00\n  orders: [{ResourceId: \"x\\u202e\\nFAKE\"}]\n  expect: [{rule: cwp-expired, subject: \"y\\u200b\"}]\n"
	if err := os.WriteFile(tests, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	rules := filepath.Join(dir, "rules.yaml")
	content = "version: 1\nrules:\n- {id: \"x\\e\\u009b\\u202e\\nFAKE\", severity: \"\u202e\u200b\", when: 'order.Alias\u2066 == 1', title: x, \"\u200b\\nFAKE\": 1}\n"
	if err := os.WriteFile(rules, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	env := filepath.Join(dir, "a.env")
	if err := os.WriteFile(env, []byte("LICENSEWATCH_SITE='\u202e\u200b\u009b'\n\u202eFAKE\nLICENSEWATCH_X\u200b='1'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	yml := filepath.Join(dir, "serverless.yml")
	if err := os.WriteFile(yml, []byte("component: \"\u202e\\nFAKE\"\nname: \"\u200b\"\ninputs:\n  \"x\\nFAKE\u009b\": 1\n  name: \"\u2066\\nFAKE\"\n  region: \"\u202e\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	policy := filepath.Join(dir, "policy.json")
	if err := os.WriteFile(policy, []byte(`{"version":"`+"\u202e"+`","statement":[{"effect":"\nFAKE\u001b","action":["`+"\u200b"+`*"],"resource":["\nFAKE"]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	hostile := "h\x1b\u009b\u202e\u200b\nFAKE" // an argument cannot hold a NUL
	for _, test := range []struct {
		line  []string
		names bool // the JSON must hold the hostile name unchanged
		json  bool
	}{
		{[]string{"status"}, false, false},
		{[]string{"status", "--output", "json"}, true, true},
		{[]string{"history", "--since", "7d"}, false, false},
		{[]string{"history", "--output", "json"}, false, true},
		{[]string{"explain"}, false, false},
		{[]string{"explain", "cwp-order-expiring"}, false, false},
		{[]string{"explain", "--output", "json"}, true, true},
		{[]string{"explain", "--snapshot", account, "--output", "json"}, true, true},
		{[]string{"ack", "cwp-order-expiring", "--until", "2w", "--reason", hostile, "--by", hostile}, false, false},
		{[]string{"ack", "cwp-order-ended/" + hostile, "--until", "2w", "--reason", hostile, "--output", "json"}, false, true},
		{[]string{"ack", "cwp-order-expiring/" + hostile + "2", "--until", "2w", "--reason", hostile}, false, false},
		{[]string{"ack", "--list"}, false, false},
		{[]string{"ack", "--list", "--output", "json"}, false, true},
		{[]string{"ack", hostile, "--remove"}, false, false},
		{[]string{"capture"}, true, true},
		{[]string{"capture", "--mask"}, false, true},
		{[]string{"preview", account}, false, false},
		{[]string{"preview", account, "--to", "slack"}, false, true},
		{[]string{"preview", account, "--to", "wecom"}, false, true},
		{[]string{"preview", account, "--to", "html"}, false, false},
		{[]string{"simulate", "--snapshot", account, "--days", "40"}, false, false},
		{[]string{"simulate", "--snapshot", account, "--days", "10", "--full"}, false, false},
		{[]string{"simulate", "--snapshot", account, "--days", "40", "--output", "json"}, true, true},
		{[]string{"simulate", "--snapshot", account, "--renew", hostile + "=2027-01-01"}, false, false},
		{[]string{"run", "--dry-run"}, false, true},
		{[]string{"run", "--mode", "alert"}, false, true},
		{[]string{"doctor"}, false, false},
		{[]string{"doctor", "--output", "json"}, false, true},
		{[]string{"test", tests}, false, false},
		{[]string{"test", tests, hostile}, false, false},
		{[]string{"test", tests, "--output", "json"}, false, true},
		{[]string{"check", "--rules", rules}, false, false},
		{[]string{"check", "--rules", rules, "--output", "json"}, false, true},
		{[]string{"check", "--rules", hostile}, false, false},
		{[]string{"check", "--env", env, "--serverless", yml, "--offline"}, false, false},
		{[]string{"check", "--env", env, "--serverless", yml, "--offline", "--output", "json"}, false, true},
		{[]string{"policy", "--check", policy}, false, false},
		{[]string{"policy", "--check", policy, "--output", "json"}, false, true},
		{[]string{"policy"}, false, true},
		{[]string{"send-test", "--output", "json"}, false, true},
		{[]string{hostile}, false, false},
		{[]string{"explain", hostile}, false, false},
		{[]string{"explain", "--" + hostile}, false, false},
		{[]string{"preview", hostile}, false, false},
		{[]string{"init", filepath.Join(dir, hostile)}, false, false},
		{[]string{"init", filepath.Join(dir, hostile), "--output", "json"}, false, true},
	} {
		name := strings.ReplaceAll(strings.Join(test.line, " "), dir+"/", "")
		_, out, errs := commandAt(t, s.now, s.settings, test.line...)
		if out+errs == "" {
			t.Errorf("%q says nothing", name)
		}
		wantTame(t, name, out)
		wantTame(t, name+": errors", errs)
		if !test.json {
			continue
		}
		if test.line[0] == "run" && strings.Contains(name, "--dry-run") {
			out = out[strings.LastIndex(strings.TrimSpace(out), "\n")+1:] // the Summary
		}
		documents := wantJSON(t, name, out)
		if test.names && !holdsText(documents, "\u202e") {
			t.Errorf("%q: the names are not what they were: %s", name, out)
		}
		if strings.Contains(name, "--mask") && holdsText(documents, "FAKE") {
			t.Errorf("a name is not masked: %s", out)
		}
	}
}

// TestHostileMemory puts a hostile name behind each text and each key of the memory
// in turn.
func TestHostileMemory(t *testing.T) {
	s := newStory(t, "everything-wrong")
	s.run("digest")
	s.sim.OverrideChat("wecom", simulator.Answer(`{"errcode":-1,"errmsg":"busy"}`))
	s.run("alert")
	for _, finding := range []string{"cwp-order-expiring", "cwp-order-ended/gone"} {
		code, _, errs := commandAt(t, s.now, s.settings, "ack", finding, "--until", "2w", "--reason", "r", "--by", "b", "--force")
		if code != exitFine {
			t.Fatal(errs)
		}
	}
	file := filepath.Join(s.dir, "ledger.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	walk(decoded(t, data), "", func(path, value string) string { kinds[path] = true; return value })
	if len(kinds) < 20 {
		t.Fatalf("the memory has few texts: %v", kinds)
	}
	shown := 0
	for kind := range kinds {
		document := walk(decoded(t, data), "", func(path, value string) string {
			if path == kind {
				return value + hostileName
			}
			return value
		})
		hostile, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, hostile, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, line := range []string{"status", "status --output json", "history", "history --output json", "ack --list", "ack --list --output json", "ack cwp-aaaa --until 2w --reason r"} {
			_, out, errs := commandAt(t, s.now, s.settings, strings.Fields(line)...)
			wantTame(t, kind+": "+line, out)
			wantTame(t, kind+": "+line+": errors", errs)
			if strings.Contains(line, "json") && holdsText(wantJSON(t, kind+": "+line, out), "\u202e") {
				shown++
			}
		}
	}
	if shown < 10 {
		t.Errorf("of the hostile names only %d are shown: the test sees nothing", shown)
	}
}

func decoded(t *testing.T, data []byte) (document any) {
	t.Helper()
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// walk gives the document with each of its texts changed; the path of one names its
// keys. A key is changed as the text with its path and a colon.
func walk(document any, path string, change func(path, text string) string) any {
	switch v := document.(type) {
	case string:
		return change(path, v)
	case []any:
		for i := range v {
			v[i] = walk(v[i], path+"[]", change)
		}
	case map[string]any:
		changed := map[string]any{}
		for key, each := range v {
			changed[change(path+":", key)] = walk(each, path+"."+key, change)
		}
		return changed
	}
	return document
}

// poison puts a hostile name in the place of every text of the cloud's answers that
// names something, into a date, and into what is said of a refusal.
func (s *story) poison(t *testing.T) {
	t.Helper()
	code, out, errs := commandAt(t, s.now, s.settings, "capture")
	var account struct {
		Orders struct{ List []map[string]any } `json:"orders"`
		TCSS   map[string]any                  `json:"tcss"`
	}
	if err := json.Unmarshal([]byte(out), &account); err != nil || code != exitFine || len(account.Orders.List) == 0 {
		t.Fatalf("exit %d, %v: %s", code, err, errs)
	}
	for i, order := range account.Orders.List {
		order["ResourceId"] = fmt.Sprint(order["ResourceId"], hostileName)
		order["Alias"] = hostileName
		order["Tags"] = []map[string]any{{"TagKey": "owner", "TagValue": hostileName}, {"TagKey": hostileName, "TagValue": hostileName}}
		if i == 0 {
			order["Deadline"], order["OrderStatus"] = hostileName, hostileName
		}
	}
	account.TCSS["InquireKey"] = hostileName
	answer := func(response map[string]any) http.HandlerFunc {
		response["RequestId"] = hostileName
		text, err := json.Marshal(map[string]any{"Response": response})
		if err != nil {
			t.Fatal(err)
		}
		return simulator.Answer(string(text))
	}
	s.sim.Override("DescribeLicenseList", answer(map[string]any{"List": account.Orders.List, "TotalCount": len(account.Orders.List)}))
	s.sim.Override("DescribePurchaseStateInfo", answer(account.TCSS))
	s.sim.Override("DescribeLicenseGeneral", answer(map[string]any{"Error": map[string]any{"Code": "InternalError." + hostileName, "Message": hostileName}}))
}

// TestOnlyTheTerminalPrints: what the command writes goes through package terminal,
// which makes it safe. Files and buffers are not meant.
func TestOnlyTheTerminalPrints(t *testing.T) {
	t.Parallel()
	direct := regexp.MustCompile(`fmt\.Print|fmt\.Fprint\w*\([^&]|io\.WriteString|\b(out|err)\.Write\(|json\.NewEncoder\(\w+\.(out|err)|json\.NewEncoder\(os`)
	allowed := map[string]string{
		"console.go": "c.out.Write(terminal.Escaped(text))",
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && entry.Name() == "terminal" {
			return cmp.Or(err, fs.SkipDir)
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path) //nolint:gosec // our own source
		for number, line := range strings.Split(string(text), "\n") {
			if direct.MatchString(line) && (allowed[path] == "" || !strings.Contains(line, allowed[path])) {
				t.Errorf("%s:%d prints by itself: %s", path, number+1, strings.TrimSpace(line))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
