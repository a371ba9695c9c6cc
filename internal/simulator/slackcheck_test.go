package simulator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"licensewatch/internal/simulator"
)

type object = map[string]any

func mrkdwn(text string) object { return object{"type": "mrkdwn", "text": text} }
func plain(text string) object  { return object{"type": "plain_text", "text": text} }
func ideographs(n int) string   { return strings.Repeat("授", n) }
func times[T any](n int, value T) []T {
	values := make([]T, n)
	for i := range values {
		values[i] = value
	}
	return values
}

func section(text any) object { return object{"type": "section", "text": text} }

// block wraps a message around one block.
func block(b object) object { return object{"text": "a", "blocks": []object{b}} }

// attached wraps a message around one attachment.
func attached(a object) object { return object{"text": "a", "attachments": []object{a}} }

// slackCase is a payload and the beginning of the error about it; empty: none.
type slackCase struct {
	payload object
	want    string
}

var divider = object{"type": "divider"}

var slackMessages = map[string]slackCase{
	"text alone":                {object{"text": "a"}, ""},
	"text missing":              {object{"attachments": []object{{"fallback": "a"}}}, "no_text: text"},
	"text empty":                {object{"text": "", "blocks": []object{divider}}, "no_text: text"},
	"text blank":                {object{"text": " \n"}, "no_text: text"},
	"text no string":            {object{"text": 1}, "no_text: text"},
	"13000 characters in all":   {object{"text": ideographs(13000)}, ""},
	"13001 characters in all":   {object{"text": ideographs(12999), "blocks": []object{section(mrkdwn("ab"))}}, "msg_blocks_too_long: 13001 characters"},
	"unknown property":          {object{"text": "a", "colour": "red"}, "invalid_payload: colour: unknown property"},
	"legacy webhook's property": {object{"text": "a", "channel": "#ops"}, "invalid_payload: channel: unknown property"},
	"switches":                  {object{"text": "a", "unfurl_links": false, "unfurl_media": false, "replace_original": false, "delete_original": false}, ""},
	"switch as string":          {object{"text": "a", "unfurl_links": "no"}, "invalid_payload: unfurl_links: not true or false"},
	"thread and metadata":       {object{"text": "a", "thread_ts": "1.2", "metadata": object{"event_type": "b", "event_payload": object{}}}, ""},
	"metadata without payload":  {object{"text": "a", "metadata": object{"event_type": "b", "event_payload": nil}}, "invalid_payload: metadata.event_payload: null"},
	"50 blocks":                 {object{"text": "a", "blocks": times(50, divider)}, ""},
	"51 blocks":                 {object{"text": "a", "blocks": times(51, divider)}, "invalid_blocks: blocks: 51 elements"},
	"no blocks":                 {object{"text": "a", "blocks": []object{}}, "invalid_blocks: blocks: 0 elements"},
	"blocks null":               {object{"text": "a", "blocks": nil}, "invalid_blocks: blocks: not a list"},
	"50 blocks in two places": {object{"text": "a", "blocks": times(25, divider),
		"attachments": []object{{"blocks": times(25, divider)}}}, ""},
	"51 blocks in two places": {object{"text": "a", "blocks": times(25, divider),
		"attachments": []object{{"blocks": times(26, divider)}}}, "invalid_blocks: blocks: 51 in all"},
	"block ids": {object{"text": "a", "blocks": []object{{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "b"}}}, ""},
	"block id used twice": {object{"text": "a", "blocks": []object{{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}}},
		`invalid_blocks: blocks: block_id "a" is used twice`},
	"block id too long": {block(object{"type": "divider", "block_id": ideographs(256)}), "invalid_blocks: blocks[0].block_id: 256 characters"},
	"100 attachments":   {object{"text": "a", "attachments": times(100, object{"color": "good"})}, ""},
	"101 attachments":   {object{"text": "a", "attachments": times(101, object{"color": "good"})}, "too_many_attachments: attachments: 101 elements"},
}

var slackAttachments = map[string]slackCase{
	"coloured bar":         {attached(object{"color": "#D00000", "fallback": "a", "blocks": []object{section(mrkdwn("a"))}}), ""},
	"named colour":         {attached(object{"color": "danger"}), ""},
	"unknown colour":       {attached(object{"color": "red"}), "invalid_payload: attachments[0].color: not a color"},
	"blocks null":          {attached(object{"blocks": nil}), "invalid_blocks: attachments[0].blocks: not a list"},
	"bad block":            {attached(object{"blocks": []object{{"type": "x"}}}), "invalid_blocks: attachments[0].blocks[0].type"},
	"footer of 300":        {attached(object{"footer": ideographs(300)}), ""},
	"footer of 301":        {attached(object{"footer": ideographs(301)}), "invalid_payload: attachments[0].footer: 301 characters"},
	"empty text":           {attached(object{"text": ""}), "invalid_payload: attachments[0].text: 0 characters"},
	"fields":               {attached(object{"fields": []object{{"title": "a", "value": "b", "short": true}}}), ""},
	"field without value":  {attached(object{"fields": []object{{"title": "a"}}}), "invalid_payload: attachments[0].fields[0].value: missing"},
	"link that is no link": {attached(object{"title": "a", "title_link": "example.com"}), "invalid_payload: attachments[0].title_link: not a web address"},
	"unknown property":     {attached(object{"colour": "good"}), "invalid_payload: attachments[0].colour: unknown property"},
	"not an object":        {object{"text": "a", "attachments": []any{"a"}}, "invalid_payload: attachments[0]: not an object"},
}

var slackTexts = map[string]slackCase{
	"section of 3000":          {block(section(mrkdwn(ideographs(3000)))), ""},
	"section of 3001":          {block(section(mrkdwn(ideographs(3001)))), "invalid_blocks: blocks[0].text.text: 3001 characters"},
	"section of nothing":       {block(section(mrkdwn(""))), "invalid_blocks: blocks[0].text.text: 0 characters"},
	"section without content":  {block(object{"type": "section"}), "invalid_blocks: blocks[0]: needs text or fields"},
	"section with plain text":  {block(section(plain("a"))), ""},
	"section with bare string": {block(section("a")), "invalid_blocks: blocks[0].text: not an object"},
	"section that expands":     {block(object{"type": "section", "text": plain("a"), "expand": true}), ""},
	"10 fields":                {block(object{"type": "section", "fields": times(10, mrkdwn("a"))}), ""},
	"11 fields":                {block(object{"type": "section", "fields": times(11, mrkdwn("a"))}), "invalid_blocks: blocks[0].fields: 11 elements"},
	"field of 2000":            {block(object{"type": "section", "fields": []object{mrkdwn(ideographs(2000))}}), ""},
	"field of 2001":            {block(object{"type": "section", "fields": []object{mrkdwn(ideographs(2001))}}), "invalid_blocks: blocks[0].fields[0].text: 2001 characters"},
	"emoji on plain text":      {block(section(object{"type": "plain_text", "text": "a", "emoji": true})), ""},
	"emoji on mrkdwn":          {block(section(object{"type": "mrkdwn", "text": "a", "emoji": true})), "invalid_blocks: blocks[0].text.emoji: unknown property"},
	"verbatim on mrkdwn":       {block(section(object{"type": "mrkdwn", "text": "a", "verbatim": true})), ""},
	"verbatim on plain text":   {block(section(object{"type": "plain_text", "text": "a", "verbatim": true})), "invalid_blocks: blocks[0].text.verbatim: unknown property"},
	"header of 150":            {block(object{"type": "header", "text": plain(ideographs(150))}), ""},
	"header of 151":            {block(object{"type": "header", "text": plain(ideographs(151))}), "invalid_blocks: blocks[0].text.text: 151 characters"},
	"header in mrkdwn":         {block(object{"type": "header", "text": mrkdwn("a")}), "invalid_blocks: blocks[0].text.type: not one of plain_text"},
	"header without text":      {block(object{"type": "header"}), "invalid_blocks: blocks[0].text: missing"},
	"header with a level":      {block(object{"type": "header", "text": plain("a"), "level": 1}), "invalid_blocks: blocks[0].level: unknown property"},
	"context of 10":            {block(object{"type": "context", "elements": times(10, mrkdwn("a"))}), ""},
	"context of 11":            {block(object{"type": "context", "elements": times(11, mrkdwn("a"))}), "invalid_blocks: blocks[0].elements: 11 elements"},
	"context with an image":    {block(object{"type": "context", "elements": []object{image("https://example.com/a.png")}}), ""},
	"context with a button":    {block(object{"type": "context", "elements": []object{button("a")}}), `invalid_blocks: blocks[0].elements[0].type: unknown type "button" here`},
	"markdown of 12000":        {block(object{"type": "markdown", "text": ideographs(12000)}), ""},
	"markdown of 12001":        {block(object{"type": "markdown", "text": ideographs(12001)}), "invalid_blocks: blocks[0].text: 12001 characters"},
	"block without a type":     {block(object{"text": plain("a")}), `invalid_blocks: blocks[0].type: unknown type "" here`},
	"block that is a string":   {object{"text": "a", "blocks": []any{"a"}}, "invalid_blocks: blocks[0]: not an object"},
}

func image(url string) object { return object{"type": "image", "image_url": url, "alt_text": "a"} }

func button(text string) object {
	return object{"type": "button", "text": plain(text), "url": "https://example.com", "action_id": "a", "style": "primary"}
}

func row(n int) []object { return times(n, object{"type": "raw_text", "text": "a"}) }

var slackOtherBlocks = map[string]slackCase{
	"25 buttons":              {block(object{"type": "actions", "elements": times(25, button("a"))}), ""},
	"26 buttons":              {block(object{"type": "actions", "elements": times(26, button("a"))}), "invalid_blocks: blocks[0].elements: 26 elements"},
	"button of 76":            {block(object{"type": "actions", "elements": []object{button(ideographs(76))}}), "invalid_blocks: blocks[0].elements[0].text.text: 76 characters"},
	"button as accessory":     {block(object{"type": "section", "text": plain("a"), "accessory": button("a")}), ""},
	"image block":             {block(image("https://example.com/a.png")), ""},
	"image from nowhere":      {block(image("/a.png")), "invalid_blocks: blocks[0].image_url: not a web address"},
	"image address of 3001":   {block(image("https://example.com/" + strings.Repeat("a", 2981))), "invalid_blocks: blocks[0].image_url: 3001 characters"},
	"table of 100 by 20":      {block(object{"type": "table", "rows": times(100, row(20))}), ""},
	"table of 101 rows":       {block(object{"type": "table", "rows": times(101, row(1))}), "invalid_blocks: blocks[0].rows: 101 elements"},
	"table of 21 columns":     {block(object{"type": "table", "rows": times(1, row(21))}), "invalid_blocks: blocks[0].rows[0]: 21 elements"},
	"table with a number":     {block(object{"type": "table", "rows": [][]object{{{"type": "raw_number", "text": "1.5", "value": 1.5}}}}), ""},
	"table with a bad number": {block(object{"type": "table", "rows": [][]object{{{"type": "raw_number", "text": "1", "value": "1"}}}}), "invalid_blocks: blocks[0].rows[0][0].value: not a number"},
	"table settings":          {block(object{"type": "table", "rows": times(1, row(1)), "column_settings": []object{{"align": "right", "is_wrapped": true}}}), ""},
	"table with bad settings": {block(object{"type": "table", "rows": times(1, row(1)), "column_settings": []object{{"align": "up"}}}), "invalid_blocks: blocks[0].column_settings[0].align: not one of"},
	"data table":              {block(object{"type": "data_table", "caption": "a", "page_size": 100, "rows": times(101, row(2))}), ""},
	"data table of 102 rows":  {block(object{"type": "data_table", "caption": "a", "rows": times(102, row(2))}), "invalid_blocks: blocks[0].rows: 102 elements"},
	"data table, large pages": {block(object{"type": "data_table", "caption": "a", "page_size": 101, "rows": times(2, row(2))}), "invalid_blocks: blocks[0].page_size: not a whole number"},
	"card":                    {block(object{"type": "card", "title": mrkdwn(ideographs(150)), "body": mrkdwn(ideographs(200))}), ""},
	"card body of 201":        {block(object{"type": "card", "body": mrkdwn(ideographs(201))}), "invalid_blocks: blocks[0].body.text: 201 characters"},
	"card of nothing":         {block(object{"type": "card"}), "invalid_blocks: blocks[0]: needs hero_image or"},
	"carousel of 11":          {block(object{"type": "carousel", "elements": times(11, object{"type": "card", "body": mrkdwn("a")})}), "invalid_blocks: blocks[0].elements: 11 elements"},
	"container":               {block(object{"type": "container", "title": plain("a"), "child_blocks": times(10, divider)}), ""},
	"container of 11":         {block(object{"type": "container", "title": plain("a"), "child_blocks": times(11, divider)}), "invalid_blocks: blocks[0].child_blocks: 11 elements"},
	"container in container":  {block(object{"type": "container", "title": plain("a"), "child_blocks": []object{{"type": "container"}}}), "invalid_blocks: blocks[0].child_blocks[0].type"},
}

// escaping holds texts by whether Slack shows them as they were meant.
var escaping = map[string]bool{
	"a &amp; b &lt;c&gt;":                  true,
	"a & b":                                false,
	"a &nbsp; b":                           false,
	"a < b":                                false,
	"a > b":                                false,
	"> quoted\n> again":                    true,
	"a\n> b > c":                           false,
	"<https://example.com/?a=1&b=2|see>":   true,
	"<https://example.com|see & hear>":     false,
	"<https://example.com|see &amp; hear>": true,
	"<https://example.com> and <mailto:a@b.c|us>": true,
	"<javascript:alert(1)|see>":                   false,
	"<@U0AAAA> <!here> <!subteam^S0AAAA|ops>":     true,
	"<!channel> <!everyone> <#C0AAAA>":            true,
	"<@here>":                                     false,
	"<!all>":                                      false,
	"<!date^1795309620^{date}|Nov 22 (UTC+8)>":    true,
	"<!date^1795309620^{date}>":                   false,
	"<@U0AAAA":                                    false,
	"<a <https://example.com>>":                   false,
	"授权 < 3":                                      false,
}

func TestCheckSlackPayload(t *testing.T) {
	t.Parallel()
	groups := map[string]map[string]slackCase{
		"message": slackMessages, "attachment": slackAttachments, "text": slackTexts, "block": slackOtherBlocks, "escaping": {},
	}
	for text, ok := range escaping {
		want := "invalid_payload: blocks[0].text.text: text is not escaped"
		if ok {
			want = ""
		}
		groups["escaping"][text] = slackCase{block(section(mrkdwn(text))), want}
		groups["escaping"][text+" at the top"] = slackCase{object{"text": text}, strings.Replace(want, "blocks[0].text.text", "text", 1)}
	}
	for group, cases := range groups {
		for name, test := range cases {
			t.Run(group+"/"+name, func(t *testing.T) {
				t.Parallel()
				err := simulator.CheckSlackPayload([]byte(toJSON(t, test.payload)))
				if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.HasPrefix(got, test.want) {
					t.Errorf("error %.200v, want one that begins with %q", got, test.want)
				}
			})
		}
	}
}

func TestCheckSlackPayloadRefusesWhatIsNoObject(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "[]", `"a"`, `{"text":"a"}x`, `{"text":"a"}{}`, "{\"text\":\"\xff\"}"} {
		if err := simulator.CheckSlackPayload([]byte(body)); err == nil || !strings.HasPrefix(err.Error(), "invalid_payload: ") {
			t.Errorf("%q: error %v, want invalid_payload", body, err)
		}
	}
}

func FuzzCheckSlackPayload(f *testing.F) {
	for _, cases := range []map[string]slackCase{slackMessages, slackAttachments, slackTexts, slackOtherBlocks} {
		for _, test := range cases {
			f.Add([]byte(toJSON(f, test.payload)))
		}
	}
	for text := range escaping {
		f.Add([]byte(toJSON(f, block(section(mrkdwn(text))))))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if simulator.CheckSlackPayload(body) != nil {
			return
		}
		// What was accepted has to be a message within the limits that can be
		// seen without looking deeper.
		var message struct {
			Text        string
			Blocks      []struct{ Type string }
			Attachments []struct{ Blocks []struct{ Type string } }
		}
		if err := json.Unmarshal(body, &message); err != nil {
			t.Fatalf("accepted %q: %v", body, err)
		}
		blocks := message.Blocks
		for _, a := range message.Attachments {
			blocks = append(blocks, a.Blocks...)
		}
		if message.Text == "" || utf8.RuneCountInString(message.Text) > 13000 || len(blocks) > 50 || len(message.Attachments) > 100 {
			t.Errorf("accepted %q", body)
		}
		for _, b := range blocks {
			if b.Type == "" {
				t.Errorf("accepted %q", body)
			}
		}
	})
}
