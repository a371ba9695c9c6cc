package message_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// webhookScenes are those whose bodies are kept: what is not in them looks the same.
var webhookScenes = []string{"all-well", "one-warning", "source-down", "alert-worse", "resolved", "undocumented", "fleet-whole"}

func TestGoldenWebhook(t *testing.T) {
	t.Parallel()
	for _, name := range webhookScenes {
		for _, language := range scene.Languages {
			golden(t, fmt.Sprintf("%s.%s.webhook.json", name, language), indent(t, webhookPayload(t, scene.All[name](language))))
		}
	}
}

func webhookPayload(t testing.TB, r license.Report) []byte {
	t.Helper()
	payload, err := message.Webhook.Payload(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// webhookSchema is the published schema, but for what it allows on purpose: properties
// that it does not know, and those that come in later.
func webhookSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("../docs/webhook.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	closeSchema(document)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("webhook.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("webhook.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// closeSchema lets every object of a schema have only the properties that are there.
func closeSchema(node any) {
	switch node := node.(type) {
	case []any:
		for _, element := range node {
			closeSchema(element)
		}
	case map[string]any:
		if _, isSet := node["additionalProperties"]; node["properties"] != nil && node["type"] == "object" && !isSet {
			node["additionalProperties"] = false
		}
		for _, element := range node {
			closeSchema(element)
		}
	}
}

// checkWebhook says how a body is not what the schema promises.
func checkWebhook(schema *jsonschema.Schema, payload []byte) error {
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(payload))
	if err != nil {
		return err
	}
	return schema.Validate(body)
}

// TestWebhookSchema: every scene and every note is what the schema says.
func TestWebhookSchema(t *testing.T) {
	t.Parallel()
	schema := webhookSchema(t)
	for name, report := range scene.All {
		for _, language := range scene.Languages {
			if err := checkWebhook(schema, webhookPayload(t, report(language))); err != nil {
				t.Errorf("%s, %s: %v", name, language, err)
			}
		}
	}
	for name, note := range scene.Notes {
		for _, language := range scene.Languages {
			body, err := message.JSON(message.Webhook.Note(note(language)).Body)
			if err != nil {
				t.Fatal(err)
			}
			if err := checkWebhook(schema, body); err != nil {
				t.Errorf("%s, %s: %v", name, language, err)
			}
		}
	}
	for name, wrong := range map[string]func(body map[string]any){
		"another version":    func(body map[string]any) { body["version"] = 2 },
		"no findings":        func(body map[string]any) { delete(body, "findings") },
		"another property":   func(body map[string]any) { body["extra"] = true },
		"a level of its own": func(body map[string]any) { body["level"] = "fine" },
		"a time of no zone":  func(body map[string]any) { body["at"] = "2026-11-22 09:07:00" },
	} {
		var body map[string]any
		if err := json.Unmarshal(webhookPayload(t, scene.OneWarning(license.English)), &body); err != nil {
			t.Fatal(err)
		}
		wrong(body)
		payload, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		if checkWebhook(schema, payload) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// webhookBody is what a program reads of a body.
type webhookBody struct {
	Text     string
	Findings []struct {
		DedupKey string `json:"dedup_key"`
		Rule     string
		Subject  string
	}
	Resolved []struct {
		DedupKey string `json:"dedup_key"`
	}
	Unwatched []any
	Omitted   struct{ Findings, Resolved, Others int }
}

func readWebhook(t testing.TB, payload []byte) webhookBody {
	t.Helper()
	var m webhookBody
	if err := json.Unmarshal(payload, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestWebhookLeavesOutWhole: of 10,000 orders as many are named as fit; the others are
// counted, and do not count as told.
func TestWebhookLeavesOutWhole(t *testing.T) {
	t.Parallel()
	const all, limit = 10000, 256 << 10
	schema, kind := webhookSchema(t), &message.Webhook
	r := scene.ManyOrders(license.English)
	sample := r.Firing[0]
	r.Firing = nil
	for i := range all {
		f := sample
		f.Subject = fmt.Sprintf("cwp-%05d", i)
		r.Firing = append(r.Firing, f)
		r.Resolved = append(r.Resolved, license.Resolved{Key: fmt.Sprintf("cwp-order-ended/cwp-x%05d", i), Title: sample.Title})
	}
	payload := webhookPayload(t, r)
	m := readWebhook(t, payload)
	used, most := kind.Size(payload)
	if used != len(payload) || most != limit || used > limit || used < limit*9/10 {
		t.Errorf("%d bytes of %d", used, most)
	}
	if len(m.Findings)+m.Omitted.Findings != all || len(m.Resolved)+m.Omitted.Resolved != all || len(m.Findings) < 100 || len(m.Resolved) < 100 {
		t.Errorf("%d findings and %d, %d over and %d", len(m.Findings), m.Omitted.Findings, len(m.Resolved), m.Omitted.Resolved)
	}
	unnamed := kind.Report(r, nil).Unnamed
	if len(unnamed) != m.Omitted.Findings+m.Omitted.Resolved || unnamed[0] != fmt.Sprintf("%s/cwp-%05d", sample.Rule, len(m.Findings)) {
		t.Errorf("%d are not named, first %s", len(unnamed), unnamed[0])
	}
	if err := checkWebhook(schema, payload); err != nil {
		t.Error(err)
	}
	plain := message.Webhook.PlainReport(r, nil)
	short, err := message.JSON(plain.Body)
	if err != nil {
		t.Fatal(err)
	}
	m = readWebhook(t, short)
	if len(short) > 24<<10 || len(m.Findings) < 5 || len(plain.Unnamed) != m.Omitted.Findings+m.Omitted.Resolved {
		t.Errorf("%d bytes, %d findings, %d are not named", len(short), len(m.Findings), len(plain.Unnamed))
	}
}

// TestDedupKeys: the same finding has the same key in every message, and no other has.
func TestDedupKeys(t *testing.T) {
	t.Parallel()
	key := func(change func(*license.Report)) string {
		r := scene.OneWarning(license.English)
		change(&r)
		return readWebhook(t, webhookPayload(t, r)).Findings[0].DedupKey
	}
	subject := func(name string) func(*license.Report) {
		return func(r *license.Report) { r.Firing[0].Subject = name }
	}
	event := func(id string) func(*license.Report) {
		return func(r *license.Report) { r.Firing[0].Event, r.Firing[0].EventID = true, id }
	}
	long := strings.Repeat("x", 500)
	plain := key(func(*license.Report) {})
	if plain != "100000000001/cwp-order-expiring/cwp-aaaa" {
		t.Errorf("the key is %s", plain)
	}
	keys := map[string]bool{plain: true}
	for name, change := range map[string]func(*license.Report){
		"another order":            subject("cwp-bbbb"),
		"the account":              subject(""),
		"a long name":              subject(long),
		"another long name":        subject(long + "y"),
		"what cannot be seen":      subject("cwp-aaaa\u200b"),
		"a line break":             subject("cwp-aaaa\n"),
		"an event":                 event("Deadline 1→2"),
		"another event":            event("Deadline 2→3"),
		"another account":          func(r *license.Report) { r.Snapshot.Account = "100000000002" },
		"an account not known":     func(r *license.Report) { r.Snapshot.Account = "" },
		"neither account nor site": func(r *license.Report) { r.Snapshot.Account, r.Snapshot.Site = "", "" },
	} {
		got := key(change)
		if keys[got] || len(got) > 200 || got == "" {
			t.Errorf("%s: %s is there twice, or too long", name, got)
		}
		if keys[got] = true; got != key(change) {
			t.Errorf("%s: the key changes", name)
		}
	}
	for name, change := range map[string]func(*license.Report){
		"another day":      func(r *license.Report) { r.At = r.At.AddDate(0, 0, 1) },
		"another language": func(r *license.Report) { r.Language = license.Chinese },
		"worse":            func(r *license.Report) { r.Firing[0].Severity = license.Critical },
		"an alert":         func(r *license.Report) { r.Mode, r.ID = license.ModeAlert, "d4e5f6" },
	} {
		if got := key(change); got != plain {
			t.Errorf("%s: the key is %s", name, got)
		}
	}
	over := scene.OneWarning(license.English)
	over.Resolved = []license.Resolved{{Key: "cwp-order-expiring/cwp-aaaa", Title: over.Firing[0].Title, Severity: license.Warning, At: scene.Now}}
	over.Firing = nil
	if got := readWebhook(t, webhookPayload(t, over)).Resolved[0].DedupKey; got != plain {
		t.Errorf("what is over has the key %s", got)
	}
}

// TestAnyWebhookFits: whatever a report holds, its body is within the limit and what the
// schema says, and each finding is either named or left to a later message.
func TestAnyWebhookFits(t *testing.T) {
	t.Parallel()
	schema, kind := webhookSchema(t), &message.Webhook
	rapid.Check(t, func(t *rapid.T) {
		r := documented(reports().Draw(t, "report"))
		payload, err := kind.Payload(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkWebhook(schema, payload); err != nil {
			t.Fatal(err)
		}
		if used, limit := kind.Size(payload); used > limit {
			t.Fatalf("%d bytes of %d", used, limit)
		}
		var m any
		var body webhookBody
		if err := errors.Join(json.Unmarshal(payload, &m), json.Unmarshal(payload, &body)); err != nil {
			t.Fatal(err)
		}
		everyText(m, func(text string) {
			if err := checkPlain(text); err != nil {
				t.Fatal(err)
			}
		})
		named, unnamed := len(body.Findings)+len(body.Resolved)+len(body.Unwatched), len(kind.Report(r, nil).Unnamed)
		if all := len(r.Firing) + len(r.Resolved) + len(r.Unwatched); named+unnamed != all {
			t.Fatalf("%d named and %d not, of %d", named, unnamed, all)
		}
	})
}

// documented replaces the words of our own that no run writes.
func documented(r license.Report) license.Report {
	if r.Language == "" {
		r.Language = license.English
	}
	if r.Export.Status == "odd" {
		r.Export.Status = license.ExportFailed
	}
	severity := func(s license.Severity) license.Severity {
		if s.Rank() == 0 {
			return license.Warning
		}
		return s
	}
	for i := range r.Firing {
		f := &r.Firing[i]
		f.Severity = severity(f.Severity)
		if f.Story != nil && f.Story.WasSeverity != "" {
			f.Story.WasSeverity = severity(f.Story.WasSeverity)
		}
		if f.Story != nil && f.Story.Change == "odd" {
			f.Story.Change = license.ChangeDue
		}
	}
	for i := range r.Resolved {
		r.Resolved[i].Severity = severity(r.Resolved[i].Severity)
	}
	return r
}

// everyText visits every text of a decoded body.
func everyText(value any, visit func(string)) {
	switch value := value.(type) {
	case string:
		visit(value)
	case []any:
		for _, element := range value {
			everyText(element, visit)
		}
	case map[string]any:
		for name, element := range value {
			visit(name)
			everyText(element, visit)
		}
	}
}

// TestWebhookDoubts: every kind of doubt has a name, and the schema knows them all.
func TestWebhookDoubts(t *testing.T) {
	t.Parallel()
	schema, err := os.ReadFile("../docs/webhook.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	names, err := json.Marshal(message.WebhookDoubts())
	if err != nil {
		t.Fatal(err)
	}
	want := `"kind": {"enum": ` + strings.ReplaceAll(string(names), ",", ", ")
	if !bytes.Contains(schema, []byte(want)) {
		t.Errorf("the schema lacks %s", want)
	}
}
