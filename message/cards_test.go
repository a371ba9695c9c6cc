package message_test

import (
	"fmt"
	"testing"

	"licensewatch/internal/scene"
)

// signedMention is who is called in the chats whose robots sign.
var signedMention = map[string][]string{
	"feishu":   {"all", "ou_0123456789abcdef"},
	"dingtalk": {"@all", "oncall", "13800000000"},
}

// TestGoldenCards: Feishu and DingTalk show what the others do.
func TestGoldenCards(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"all-well", "one-warning", "everything-wrong", "source-down", "260-orders", "machines", "fleet-whole"} {
		for _, language := range scene.Languages {
			for kind, mention := range signedMention {
				t.Run(name+"/"+string(language)+"/"+kind, func(t *testing.T) {
					t.Parallel()
					payload, err := formats[kind].Payload(scene.All[name](language), mention)
					if err != nil {
						t.Fatal(err)
					}
					golden(t, fmt.Sprintf("%s.%s.%s.json", name, language, kind), indent(t, payload))
				})
			}
		}
	}
}
