package simulator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"licensewatch/internal/simulator"
)

type objectOf = map[string]any

func checkMrkdwn(text string) objectOf { return objectOf{"type": "mrkdwn", "text": text} }
func plain(text string) objectOf       { return objectOf{"type": "plain_text", "text": text} }
func ideographs(n int) string          { return strings.Repeat("授", n) }
func times[T any](n int, value T) []T {
	values := make([]T, n)
	for i := range values {
		values[i] = value
	}
	return values
}

func sectionSchema(text any) objectOf { return objectOf{"type": "section", "text": text} }

// blockSchema wraps a message around one block.
func blockSchema(b objectOf) objectOf { return objectOf{"text": "a", "blocks": []objectOf{b}} }

// attached wraps a message around one attachment.
func attached(a objectOf) objectOf { return objectOf{"text": "a", "attachments": []objectOf{a}} }

// slackCase is a payload and the beginning of the error about it; empty: none.
type slackCase struct {
	payload objectOf
	want    string
}

var divider = objectOf{"type": "divider"}

var slackMessages = map[string]slackCase{
	"text alone":                {objectOf{"text": "a"}, ""},
	"text missing":              {objectOf{"attachments": []objectOf{{"fallback": "a"}}}, "no_text: text"},
	"text empty":                {objectOf{"text": "", "blocks": []objectOf{divider}}, "no_text: text"},
	"text blank":                {objectOf{"text": " \n"}, "no_text: text"},
	"text no string":            {objectOf{"text": 1}, "no_text: text"},
	"13000 characters in all":   {objectOf{"text": ideographs(13000)}, ""},
	"13001 characters in all":   {objectOf{"text": ideographs(12999), "blocks": []objectOf{sectionSchema(checkMrkdwn("ab"))}}, "msg_blocks_too_long: 13001 characters"},
	"unknown property":          {objectOf{"text": "a", "colour": "red"}, "invalid_payload: colour: unknown property"},
	"legacy webhook's property": {objectOf{"text": "a", "channel": "#ops"}, "invalid_payload: channel: unknown property"},
	"switches":                  {objectOf{"text": "a", "unfurl_links": false, "unfurl_media": false, "replace_original": false, "delete_original": false}, ""},
	"switch as string":          {objectOf{"text": "a", "unfurl_links": "no"}, "invalid_payload: unfurl_links: not true or false"},
	"thread and metadata":       {objectOf{"text": "a", "thread_ts": "1.2", "metadata": objectOf{"event_type": "b", "event_payload": objectOf{}}}, ""},
	"metadata without payload":  {objectOf{"text": "a", "metadata": objectOf{"event_type": "b", "event_payload": nil}}, "invalid_payload: metadata.event_payload: null"},
	"50 blocks":                 {objectOf{"text": "a", "blocks": times(50, divider)}, ""},
	"51 blocks":                 {objectOf{"text": "a", "blocks": times(51, divider)}, "invalid_blocks: blocks: 51 elements"},
	"no blocks":                 {objectOf{"text": "a", "blocks": []objectOf{}}, "invalid_blocks: blocks: 0 elements"},
	"blocks null":               {objectOf{"text": "a", "blocks": nil}, "invalid_blocks: blocks: not a list"},
	"50 blocks in two places": {objectOf{"text": "a", "blocks": times(25, divider),
		"attachments": []objectOf{{"blocks": times(25, divider)}}}, ""},
	"51 blocks in two places": {objectOf{"text": "a", "blocks": times(25, divider),
		"attachments": []objectOf{{"blocks": times(26, divider)}}}, "invalid_blocks: blocks: 51 in all"},
	"block ids": {objectOf{"text": "a", "blocks": []objectOf{{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "b"}}}, ""},
	"block id used twice": {objectOf{"text": "a", "blocks": []objectOf{{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}}},
		`invalid_blocks: blocks: block_id "a" is used twice`},
	"block id too long": {blockSchema(objectOf{"type": "divider", "block_id": ideographs(256)}), "invalid_blocks: blocks[0].block_id: 256 characters"},
	"100 attachments":   {objectOf{"text": "a", "attachments": times(100, objectOf{"color": "good"})}, ""},
	"101 attachments":   {objectOf{"text": "a", "attachments": times(101, objectOf{"color": "good"})}, "too_many_attachments: attachments: 101 elements"},
}

var slackAttachments = map[string]slackCase{
	"coloured bar":         {attached(objectOf{"color": "#D00000", "fallback": "a", "blocks": []objectOf{sectionSchema(checkMrkdwn("a"))}}), ""},
	"named colour":         {attached(objectOf{"color": "danger"}), ""},
	"unknown colour":       {attached(objectOf{"color": "red"}), "invalid_payload: attachments[0].color: not a color"},
	"blocks null":          {attached(objectOf{"blocks": nil}), "invalid_blocks: attachments[0].blocks: not a list"},
	"bad block":            {attached(objectOf{"blocks": []objectOf{{"type": "x"}}}), "invalid_blocks: attachments[0].blocks[0].type"},
	"footer of 300":        {attached(objectOf{"footer": ideographs(300)}), ""},
	"footer of 301":        {attached(objectOf{"footer": ideographs(301)}), "invalid_payload: attachments[0].footer: 301 characters"},
	"empty text":           {attached(objectOf{"text": ""}), "invalid_payload: attachments[0].text: 0 characters"},
	"fields":               {attached(objectOf{"fields": []objectOf{{"title": "a", "value": "b", "short": true}}}), ""},
	"field without value":  {attached(objectOf{"fields": []objectOf{{"title": "a"}}}), "invalid_payload: attachments[0].fields[0].value: missing"},
	"link that is no link": {attached(objectOf{"title": "a", "title_link": "example.com"}), "invalid_payload: attachments[0].title_link: not a web address"},
	"unknown property":     {attached(objectOf{"colour": "good"}), "invalid_payload: attachments[0].colour: unknown property"},
	"not an object":        {objectOf{"text": "a", "attachments": []any{"a"}}, "invalid_payload: attachments[0]: not an object"},
}

var slackTexts = map[string]slackCase{
	"section of 3000":          {blockSchema(sectionSchema(checkMrkdwn(ideographs(3000)))), ""},
	"section of 3001":          {blockSchema(sectionSchema(checkMrkdwn(ideographs(3001)))), "invalid_blocks: blocks[0].text.text: 3001 characters"},
	"section of nothing":       {blockSchema(sectionSchema(checkMrkdwn(""))), "invalid_blocks: blocks[0].text.text: 0 characters"},
	"section without content":  {blockSchema(objectOf{"type": "section"}), "invalid_blocks: blocks[0]: needs text or fields"},
	"section with plain text":  {blockSchema(sectionSchema(plain("a"))), ""},
	"section with bare string": {blockSchema(sectionSchema("a")), "invalid_blocks: blocks[0].text: not an object"},
	"section that expands":     {blockSchema(objectOf{"type": "section", "text": plain("a"), "expand": true}), ""},
	"10 fields":                {blockSchema(objectOf{"type": "section", "fields": times(10, checkMrkdwn("a"))}), ""},
	"11 fields":                {blockSchema(objectOf{"type": "section", "fields": times(11, checkMrkdwn("a"))}), "invalid_blocks: blocks[0].fields: 11 elements"},
	"field of 2000":            {blockSchema(objectOf{"type": "section", "fields": []objectOf{checkMrkdwn(ideographs(2000))}}), ""},
	"field of 2001":            {blockSchema(objectOf{"type": "section", "fields": []objectOf{checkMrkdwn(ideographs(2001))}}), "invalid_blocks: blocks[0].fields[0].text: 2001 characters"},
	"emoji on plain text":      {blockSchema(sectionSchema(objectOf{"type": "plain_text", "text": "a", "emoji": true})), ""},
	"emoji on mrkdwn":          {blockSchema(sectionSchema(objectOf{"type": "mrkdwn", "text": "a", "emoji": true})), "invalid_blocks: blocks[0].text.emoji: unknown property"},
	"verbatim on mrkdwn":       {blockSchema(sectionSchema(objectOf{"type": "mrkdwn", "text": "a", "verbatim": true})), ""},
	"verbatim on plain text":   {blockSchema(sectionSchema(objectOf{"type": "plain_text", "text": "a", "verbatim": true})), "invalid_blocks: blocks[0].text.verbatim: unknown property"},
	"header of 150":            {blockSchema(objectOf{"type": "header", "text": plain(ideographs(150))}), ""},
	"header of 151":            {blockSchema(objectOf{"type": "header", "text": plain(ideographs(151))}), "invalid_blocks: blocks[0].text.text: 151 characters"},
	"header in mrkdwn":         {blockSchema(objectOf{"type": "header", "text": checkMrkdwn("a")}), "invalid_blocks: blocks[0].text.type: not one of plain_text"},
	"header without text":      {blockSchema(objectOf{"type": "header"}), "invalid_blocks: blocks[0].text: missing"},
	"header with a level":      {blockSchema(objectOf{"type": "header", "text": plain("a"), "level": 1}), "invalid_blocks: blocks[0].level: unknown property"},
	"context of 10":            {blockSchema(objectOf{"type": "context", "elements": times(10, checkMrkdwn("a"))}), ""},
	"context of 11":            {blockSchema(objectOf{"type": "context", "elements": times(11, checkMrkdwn("a"))}), "invalid_blocks: blocks[0].elements: 11 elements"},
	"context with an image":    {blockSchema(objectOf{"type": "context", "elements": []objectOf{image("https://example.com/a.png")}}), ""},
	"context with a button":    {blockSchema(objectOf{"type": "context", "elements": []objectOf{buttonSchema("a")}}), `invalid_blocks: blocks[0].elements[0].type: unknown type "button" here`},
	"markdown of 12000":        {blockSchema(objectOf{"type": "markdown", "text": ideographs(12000)}), ""},
	"markdown of 12001":        {blockSchema(objectOf{"type": "markdown", "text": ideographs(12001)}), "invalid_blocks: blocks[0].text: 12001 characters"},
	"block without a type":     {blockSchema(objectOf{"text": plain("a")}), `invalid_blocks: blocks[0].type: unknown type "" here`},
	"block that is a string":   {objectOf{"text": "a", "blocks": []any{"a"}}, "invalid_blocks: blocks[0]: not an object"},
}

func image(url string) objectOf { return objectOf{"type": "image", "image_url": url, "alt_text": "a"} }

func buttonSchema(text string) objectOf {
	return objectOf{"type": "button", "text": plain(text), "url": "https://example.com", "action_id": "a", "style": "primary"}
}

func row(n int) []objectOf { return times(n, objectOf{"type": "raw_text", "text": "a"}) }

var slackOtherBlocks = map[string]slackCase{
	"25 buttons":              {blockSchema(objectOf{"type": "actions", "elements": times(25, buttonSchema("a"))}), ""},
	"26 buttons":              {blockSchema(objectOf{"type": "actions", "elements": times(26, buttonSchema("a"))}), "invalid_blocks: blocks[0].elements: 26 elements"},
	"button of 76":            {blockSchema(objectOf{"type": "actions", "elements": []objectOf{buttonSchema(ideographs(76))}}), "invalid_blocks: blocks[0].elements[0].text.text: 76 characters"},
	"button as accessory":     {blockSchema(objectOf{"type": "section", "text": plain("a"), "accessory": buttonSchema("a")}), ""},
	"image block":             {blockSchema(image("https://example.com/a.png")), ""},
	"image from nowhere":      {blockSchema(image("/a.png")), "invalid_blocks: blocks[0].image_url: not a web address"},
	"image address of 3001":   {blockSchema(image("https://example.com/" + strings.Repeat("a", 2981))), "invalid_blocks: blocks[0].image_url: 3001 characters"},
	"table of 100 by 20":      {blockSchema(objectOf{"type": "table", "rows": times(100, row(20))}), ""},
	"table of 101 rows":       {blockSchema(objectOf{"type": "table", "rows": times(101, row(1))}), "invalid_blocks: blocks[0].rows: 101 elements"},
	"table of 21 columns":     {blockSchema(objectOf{"type": "table", "rows": times(1, row(21))}), "invalid_blocks: blocks[0].rows[0]: 21 elements"},
	"table with a number":     {blockSchema(objectOf{"type": "table", "rows": [][]objectOf{{{"type": "raw_number", "text": "1.5", "value": 1.5}}}}), ""},
	"table with a bad number": {blockSchema(objectOf{"type": "table", "rows": [][]objectOf{{{"type": "raw_number", "text": "1", "value": "1"}}}}), "invalid_blocks: blocks[0].rows[0][0].value: not a number"},
	"table settings":          {blockSchema(objectOf{"type": "table", "rows": times(1, row(1)), "column_settings": []objectOf{{"align": "right", "is_wrapped": true}}}), ""},
	"table with bad settings": {blockSchema(objectOf{"type": "table", "rows": times(1, row(1)), "column_settings": []objectOf{{"align": "up"}}}), "invalid_blocks: blocks[0].column_settings[0].align: not one of"},
	"data table":              {blockSchema(objectOf{"type": "data_table", "caption": "a", "page_size": 100, "rows": times(101, row(2))}), ""},
	"data table of 102 rows":  {blockSchema(objectOf{"type": "data_table", "caption": "a", "rows": times(102, row(2))}), "invalid_blocks: blocks[0].rows: 102 elements"},
	"data table, large pages": {blockSchema(objectOf{"type": "data_table", "caption": "a", "page_size": 101, "rows": times(2, row(2))}), "invalid_blocks: blocks[0].page_size: not a whole number"},
	"card":                    {blockSchema(objectOf{"type": "card", "title": checkMrkdwn(ideographs(150)), "body": checkMrkdwn(ideographs(200))}), ""},
	"card body of 201":        {blockSchema(objectOf{"type": "card", "body": checkMrkdwn(ideographs(201))}), "invalid_blocks: blocks[0].body.text: 201 characters"},
	"card of nothing":         {blockSchema(objectOf{"type": "card"}), "invalid_blocks: blocks[0]: needs hero_image or"},
	"carousel of 11":          {blockSchema(objectOf{"type": "carousel", "elements": times(11, objectOf{"type": "card", "body": checkMrkdwn("a")})}), "invalid_blocks: blocks[0].elements: 11 elements"},
	"container":               {blockSchema(objectOf{"type": "container", "title": plain("a"), "child_blocks": times(10, divider)}), ""},
	"container of 11":         {blockSchema(objectOf{"type": "container", "title": plain("a"), "child_blocks": times(11, divider)}), "invalid_blocks: blocks[0].child_blocks: 11 elements"},
	"container in container":  {blockSchema(objectOf{"type": "container", "title": plain("a"), "child_blocks": []objectOf{{"type": "container"}}}), "invalid_blocks: blocks[0].child_blocks[0].type"},
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
		groups["escaping"][text] = slackCase{blockSchema(sectionSchema(checkMrkdwn(text))), want}
		groups["escaping"][text+" at the top"] = slackCase{objectOf{"text": text}, strings.Replace(want, "blocks[0].text.text", "text", 1)}
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
		f.Add([]byte(toJSON(f, blockSchema(sectionSchema(checkMrkdwn(text))))))
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
