package simulator

import "maps"

// This file is Block Kit as far as a message of an incoming webhook can use it,
// with its documented limits. Rich text and interactive elements other than
// buttons are left out; they count as unknown types.

// slackMessage is the payload of an incoming webhook. The username, icon_emoji,
// icon_url and channel of legacy webhooks are not known: an app's webhook
// ignores them.
func slackMessage() check {
	return object(map[string]property{
		"text":             must(both(characters(40000), mrkdwn)),
		"blocks":           may(list(1, maxSlackBlocks, block())),
		"attachments":      may(list(1, 100, attachment())),
		"thread_ts":        may(characters(255)),
		"unfurl_links":     may(flag),
		"unfurl_media":     may(flag),
		"metadata":         may(object(map[string]property{"event_type": must(characters(255)), "event_payload": must(anything)})),
		"replace_original": may(flag), // slack-go always sends these two
		"delete_original":  may(flag),
	})
}

// attachment is the secondary part of a message; its blocks are the same.
func attachment() check {
	line := may(both(characters(3000), mrkdwn))
	return object(map[string]property{
		"blocks":      may(list(1, maxSlackBlocks, block())),
		"color":       may(color),
		"fallback":    may(characters(3000)),
		"pretext":     line,
		"text":        line,
		"title":       line,
		"title_link":  may(webAddress),
		"author_name": line,
		"author_link": may(webAddress),
		"author_icon": may(webAddress),
		"fields": may(list(1, 100, object(map[string]property{
			"title": must(characters(3000)),
			"value": must(both(characters(3000), mrkdwn)),
			"short": may(flag),
		}))),
		"image_url":   may(webAddress),
		"thumb_url":   may(webAddress),
		"footer":      may(both(characters(300), mrkdwn)),
		"footer_icon": may(webAddress),
		"mrkdwn_in":   may(list(1, 3, one("pretext", "text", "fields"))),
	})
}

// ofType is an object with a "type" and these properties.
func ofType(name string, known map[string]property) check {
	known["type"] = must(one(name))
	return object(known)
}

// ofBlock is ofType for a block, which may carry a block_id.
func ofBlock(name string, known map[string]property) check {
	known["block_id"] = may(characters(255))
	return ofType(name, known)
}

func plainText(most int) check {
	return ofType("plain_text", map[string]property{
		"text": must(characters(most)), "emoji": may(flag),
	})
}

func mrkdwnText(most int) check {
	return ofType("mrkdwn", map[string]property{
		"text": must(both(characters(most), mrkdwn)), "verbatim": may(flag),
	})
}

func anyText(most int) check {
	return tagged(map[string]check{"plain_text": plainText(most), "mrkdwn": mrkdwnText(most)})
}

func imageElement() check {
	return ofType("image", map[string]property{
		"image_url": must(webAddress), "alt_text": must(characters(2000)),
	})
}

func button() check {
	return ofType("button", map[string]property{
		"text":                must(plainText(75)),
		"url":                 may(webAddress),
		"value":               may(characters(2000)),
		"action_id":           may(characters(255)),
		"accessibility_label": may(characters(75)),
		"style":               may(one("primary", "danger")),
	})
}

// block is any block of a message.
func block() check {
	types := innerBlocks()
	maps.Copy(types, map[string]check{
		"markdown":   ofBlock("markdown", map[string]property{"text": must(characters(12000))}),
		"data_table": dataTable(),
		"card":       card(),
		"carousel":   ofBlock("carousel", map[string]property{"elements": must(list(1, 10, card()))}),
		"container":  container(),
	})
	return tagged(types)
}

// innerBlocks are the blocks that a container may hold too.
func innerBlocks() map[string]check {
	return map[string]check{
		"divider": ofBlock("divider", map[string]property{}),
		"header":  ofBlock("header", map[string]property{"text": must(plainText(150))}),
		"section": section(),
		"context": ofBlock("context", map[string]property{
			"elements": must(list(1, 10, tagged(map[string]check{
				"plain_text": plainText(3000), "mrkdwn": mrkdwnText(3000), "image": imageElement(),
			}))),
		}),
		"actions": ofBlock("actions", map[string]property{
			"elements": must(list(1, 25, tagged(map[string]check{"button": button()}))),
		}),
		"image": ofBlock("image", map[string]property{
			"image_url": must(webAddress), "alt_text": must(characters(2000)), "title": may(plainText(2000)),
		}),
		"table": table(),
	}
}

func section() check {
	return both(needsOneOf("text", "fields"), ofBlock("section", map[string]property{
		"text":      may(anyText(3000)),
		"fields":    may(list(1, 10, anyText(2000))),
		"accessory": may(tagged(map[string]check{"image": imageElement(), "button": button()})),
		"expand":    may(flag),
	}))
}

func container() check {
	return ofBlock("container", map[string]property{
		"title":             must(plainText(150)),
		"subtitle":          may(anyText(150)),
		"child_blocks":      must(list(1, 10, tagged(innerBlocks()))),
		"width":             may(one("narrow", "standard", "wide", "full")),
		"icon":              may(imageElement()),
		"is_collapsible":    may(flag),
		"default_collapsed": may(flag),
	})
}

func card() check {
	return both(needsOneOf("hero_image", "title", "actions", "body"), ofBlock("card", map[string]property{
		"hero_image": may(imageElement()),
		"icon":       may(imageElement()),
		"title":      may(mrkdwnText(150)),
		"subtitle":   may(mrkdwnText(150)),
		"body":       may(mrkdwnText(200)),
		"actions":    may(list(1, 25, button())),
	}))
}

func table() check {
	return ofBlock("table", map[string]property{
		"rows": must(list(1, 100, list(1, 20, cell()))),
		"column_settings": may(list(1, 20, object(map[string]property{
			"align": may(one("left", "center", "right")), "is_wrapped": may(flag),
		}))),
	})
}

func dataTable() check {
	return ofBlock("data_table", map[string]property{
		"rows":                    must(list(2, 101, list(1, 20, cell()))), // the header and up to 100 more
		"caption":                 must(characters(3000)),
		"page_size":               may(whole(1, 100)),
		"row_header_column_index": may(whole(0, 19)),
	})
}

func cell() check {
	return tagged(map[string]check{
		"raw_text":   ofType("raw_text", map[string]property{"text": must(characters(3000))}),
		"raw_number": ofType("raw_number", map[string]property{"text": must(characters(3000)), "value": must(numeric)}),
	})
}
