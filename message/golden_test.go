package message_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// goldenDir holds the messages as they should read.
const goldenDir = "../testdata/messages"

// formats are the forms of the chats, by the names of their kinds.
var formats = map[string]*message.Format{
	"slack": &message.Slack, "wecom": &message.WeCom, "feishu": &message.Feishu, "dingtalk": &message.DingTalk, "webhook": &message.Webhook,
}

func TestGoldenMessages(t *testing.T) {
	t.Parallel()
	for name, report := range scene.All {
		for _, language := range scene.Languages {
			t.Run(name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				r := report(language)
				golden(t, fmt.Sprintf("%s.%s.slack.json", name, language), indent(t, slackPayload(t, r)))
				golden(t, fmt.Sprintf("%s.%s.wecom.md", name, language), wecomContent(t, wecomPayload(t, r))+"\n")
				var b bytes.Buffer
				if err := message.Terminal(&b, r, false); err != nil {
					t.Fatal(err)
				}
				golden(t, fmt.Sprintf("%s.%s.terminal.txt", name, language), b.String())
			})
		}
	}
}

// golden compares a text with the file of that name. UPDATE_GOLDEN=1 rewrites
// the file instead.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join(goldenDir, name)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; UPDATE_GOLDEN=1 go test ./message writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got); if the new text is better, UPDATE_GOLDEN=1 go test ./message\n%s", path, diff)
	}
}

// mention is who the tests call, in either chat.
var (
	slackMention = []string{"here", "U0123ABC", "S0456DEF"}
	wecomMention = []string{"@all", "oncall"}
)

func slackPayload(t testing.TB, r license.Report) []byte {
	t.Helper()
	payload, err := formats["slack"].Payload(r, slackMention)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func wecomPayload(t testing.TB, r license.Report) []byte {
	t.Helper()
	payload, err := formats["wecom"].Payload(r, wecomMention)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// wecomContent is the markdown in a payload.
func wecomContent(t testing.TB, payload []byte) string {
	t.Helper()
	var posted struct {
		Markdown struct{ Content string }
	}
	if err := json.Unmarshal(payload, &posted); err != nil {
		t.Fatal(err)
	}
	return posted.Markdown.Content
}

// indent makes JSON readable without changing the order of its fields.
func indent(t testing.TB, payload []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, payload, "", "  "); err != nil {
		t.Fatal(err)
	}
	// slack-go escapes inside context blocks; a reader should not have to.
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(b.String()) + "\n"
}
