package notify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/notify"
)

// goldenDir holds the messages as they should read.
const goldenDir = "../testdata/messages"

var scenes = map[string]func(license.Language) license.Report{
	"all-well":         allWell,
	"one-warning":      oneWarning,
	"everything-wrong": everythingWrong,
	"source-down":      sourceDown,
	"260-orders":       manyOrders,
	"alert":            alert,
	"mixed":            mixed,

	"alert-worse":             alertWorse,
	"alert-several":           alertSeveral,
	"resolved":                resolved,
	"resolved-several":        resolvedSeveral,
	"resolved-gone":           resolvedGone,
	"resolved-destroyed":      resolvedDestroyed,
	"digest-with-stories":     digestWithStories,
	"event":                   event,
	"events":                  events,
	"source-still-unreadable": stillUnreadable,
	"source-back":             sourceBack,
	"no-memory":               noMemory,

	"will-not-renew":        threeWillNotRenew,
	"unchanged":             unchanged,
	"unchanged-well":        unchangedWell,
	"late":                  late,
	"gap-and-unwatched":     gapAndUnwatched,
	"unwatched":             unwatchedAlert,
	"undocumented":          undocumented,
	"contradiction":         contradiction,
	"ended-today":           endedToday,
	"renewal-failed":        renewalHasFailed,
	"acknowledged-critical": acknowledgedCritical,
	"ack-ended":             ackEnded,
	"isolated":              isolatedOrder,
	"repeat":                repeated,
	"unheard":               unheard,
	"machines":              machines,
	"machines-not-allowed":  machinesNotAllowed,
}

var languages = []license.Language{license.English, license.Chinese}

func TestGoldenMessages(t *testing.T) {
	t.Parallel()
	for name, scene := range scenes {
		for _, language := range languages {
			t.Run(name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				r := scene(language)
				golden(t, fmt.Sprintf("%s.%s.slack.json", name, language), indent(t, slackPayload(t, r)))
				golden(t, fmt.Sprintf("%s.%s.wecom.md", name, language), wecomContent(t, wecomPayload(t, r))+"\n")
				var b bytes.Buffer
				if err := notify.Terminal(&b, r, false); err != nil {
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
		t.Fatalf("%v; UPDATE_GOLDEN=1 go test ./notify writes it", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got); if the new text is better, UPDATE_GOLDEN=1 go test ./notify\n%s", path, diff)
	}
}

// mention is who the tests call, in either chat.
var (
	slackMention = []string{"here", "U0123ABC", "S0456DEF"}
	wecomMention = []string{"@all", "oncall"}
)

func slackPayload(t testing.TB, r license.Report) []byte {
	t.Helper()
	payload, err := notify.KindOf("slack").Payload(r, slackMention)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

func wecomPayload(t testing.TB, r license.Report) []byte {
	t.Helper()
	payload, err := notify.KindOf("wecom").Payload(r, wecomMention)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// wecomContent is the markdown in a payload.
func wecomContent(t testing.TB, payload []byte) string {
	t.Helper()
	var message struct {
		Markdown struct{ Content string }
	}
	if err := json.Unmarshal(payload, &message); err != nil {
		t.Fatal(err)
	}
	return message.Markdown.Content
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
