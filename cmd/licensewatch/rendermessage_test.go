package main

import (
	"testing"

	"licensewatch/cmd/licensewatch/internal/chat"
)

func TestView(t *testing.T) {
	for name, test := range map[string]struct {
		channel, payload string
		color            bool
		want             string
	}{
		"Slack": {"slack", `{"text":"*top* <https://a.example/b?c=d|do>","attachments":[{"color":"danger","blocks":[
			{"type":"context","elements":[{"type":"mrkdwn","text":"small"}]},{"type":"divider"},
			{"type":"section","text":{"type":"mrkdwn","text":"_a_ ~b~ ` + "`c`" + `\n<https://a.example/b?c=d>"}}]}]}`, false,
			"top do ‹https://a.example/…›\n┃ small\n┃ ────────────────────────────────────────\n┃\n┃ a b `c`\n┃ https://a.example/…"},
		"Slack in colour": {"slack", `{"attachments":[{"color":"#2f6fdb","blocks":[
			{"type":"context","elements":[{"type":"mrkdwn","text":"*small*"}]}]},{"color":"warning","text":"_a_ ~b~"}]}`, true,
			"\x1b[38;2;47;111;219m┃\x1b[0m \x1b[2m\x1b[1msmall\x1b[0m\n\x1b[33m┃\x1b[0m \x1b[3ma\x1b[0m \x1b[9mb\x1b[0m"},
		"WeCom": {"wecom", `{"msgtype":"markdown","markdown":{"content":"### a\n> b\n\n**c** <@d>"}}`, false, "a\n▏b\n\nc @d"},
		"WeCom in colour": {"wecom", `{"msgtype":"markdown","markdown":{"content":"# a\n> <font color=\"info\">b **c**</font><font color=\"comment\">d</font><font color=\"warning\">e</font>"}}`, true,
			"\x1b[1ma\x1b[0m\n\x1b[2m▏\x1b[0m\x1b[32mb \x1b[0m\x1b[32m\x1b[1mc\x1b[0m\x1b[2md\x1b[0m\x1b[33me\x1b[0m"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := chat.Parse(test.channel, []byte(test.payload))
			if err != nil {
				t.Fatal(err)
			}
			if got := renderMessage(m, style{on: test.color}); string(got) != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}
