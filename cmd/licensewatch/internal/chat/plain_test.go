package chat_test

import (
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/chat"
	"licensewatch/license"
	"licensewatch/notify"
)

// TestNamesAreShownAsTheyAre: what a customer calls an order, or a tag says, is
// never emphasis in a chat, wherever a message has it.
func TestNamesAreShownAsTheyAre(t *testing.T) {
	t.Parallel()
	for name, shown := range map[string]string{
		"~old~ _web_":          "∼old∼ ˍwebˍ",
		"_a_b_":                "ˍa_bˍ",
		"my_web_server":        "my_web_server",
		"* b * `c`":            "∗ b ∗ 'c'",
		"~$58k to ~$16k":       "∼$58k to ∼$16k",
		"订单_旧_ ~停用~":           "订单ˍ旧ˍ ∼停用∼",
		"<@U1> & <!here>":      "<@U1> & <!here>",
		":wave: :+1::fire:":    "꞉wave: ꞉+1:꞉fire:",
		"a:hot_fix:b 火:热:":     "a꞉hot_fix:b 火꞉热:",
		"x.yaml:10:5: a::b c:": "x.yaml:10:5: a::b c:",
		"(_x_) [~y~] \"*z*\"":  "(ˍxˍ) [∼y∼] \"∗z∗\"",
	} {
		for _, language := range []license.Language{license.English, license.Chinese} {
			f := license.Finding{
				Rule: "rule", State: license.Firing, Severity: license.Warning, Owner: "team " + name,
				Title:  license.Text{En: "Order (" + name + ") ends", Zh: "订单（" + name + "）到期"},
				Detail: license.Text{En: name + " licenses", Zh: name + "授权"},
			}
			payload, err := notify.KindOf("slack").Payload(license.Report{ID: "a1b2c3", Mode: license.ModeAlert, Language: language, Firing: []license.Finding{f, f}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			m, err := chat.Parse("slack", payload)
			if err != nil {
				t.Fatal(err)
			}
			times := 0
			for _, part := range m.Parts {
				for _, block := range part.Blocks {
					for _, line := range block.Lines {
						var text strings.Builder
						for _, span := range line.Spans {
							text.WriteString(span.Text)
							if span.Italic || span.Struck || span.Mention || span.Code {
								t.Errorf("%s: %q is markup", name, span.Text)
							}
						}
						times += strings.Count(text.String(), shown)
					}
				}
			}
			if times < 7 { // the headline's title; of each row title, detail and owner
				t.Errorf("%s: %q is there %d times in %s", name, shown, times, payload)
			}
		}
	}
}
