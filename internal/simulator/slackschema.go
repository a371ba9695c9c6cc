package simulator

import "maps"

// This file is Block Kit as far as a message of an incoming webhook can use it,
// with its documented limits. Rich text and interactive elements other than
// buttons are left out; they count as unknown types.

// slackMessage is the payload of an incoming webhook. The username, icon_emoji,
// icon_url and channel of legacy webhooks are not known: an app's webhook
// ignores them.
func slackMessage() schemaCheck {
	return objectOf(map[string]property{
		"text":             requiredProperty(allOf(stringUpTo(40000), checkMrkdwn)),
		"blocks":           optionalProperty(listOf(1, maxSlackBlocks, blockSchema())),
		"attachments":      optionalProperty(listOf(1, 100, attachmentSchema())),
		"thread_ts":        optionalProperty(stringUpTo(255)),
		"unfurl_links":     optionalProperty(anyBoolean),
		"unfurl_media":     optionalProperty(anyBoolean),
		"metadata":         optionalProperty(objectOf(map[string]property{"event_type": requiredProperty(stringUpTo(255)), "event_payload": requiredProperty(anything)})),
		"replace_original": optionalProperty(anyBoolean), // slack-go always sends these two
		"delete_original":  optionalProperty(anyBoolean),
	})
}

// attachmentSchema is the secondary part of a message; its blocks are the same.
func attachmentSchema() schemaCheck {
	line := optionalProperty(allOf(stringUpTo(3000), checkMrkdwn))
	return objectOf(map[string]property{
		"blocks":      optionalProperty(listOf(1, maxSlackBlocks, blockSchema())),
		"color":       optionalProperty(attachmentColor),
		"fallback":    optionalProperty(stringUpTo(3000)),
		"pretext":     line,
		"text":        line,
		"title":       line,
		"title_link":  optionalProperty(webAddress),
		"author_name": line,
		"author_link": optionalProperty(webAddress),
		"author_icon": optionalProperty(webAddress),
		"fields": optionalProperty(listOf(1, 100, objectOf(map[string]property{
			"title": requiredProperty(stringUpTo(3000)),
			"value": requiredProperty(allOf(stringUpTo(3000), checkMrkdwn)),
			"short": optionalProperty(anyBoolean),
		}))),
		"image_url":   optionalProperty(webAddress),
		"thumb_url":   optionalProperty(webAddress),
		"footer":      optionalProperty(allOf(stringUpTo(300), checkMrkdwn)),
		"footer_icon": optionalProperty(webAddress),
		"mrkdwn_in":   optionalProperty(listOf(1, 3, oneOf("pretext", "text", "fields"))),
	})
}

// ofType is an object with a "type" and these properties.
func ofType(name string, known map[string]property) schemaCheck {
	known["type"] = requiredProperty(oneOf(name))
	return objectOf(known)
}

// ofBlock is ofType for a block, which may carry a block_id.
func ofBlock(name string, known map[string]property) schemaCheck {
	known["block_id"] = optionalProperty(stringUpTo(255))
	return ofType(name, known)
}

func plainText(most int) schemaCheck {
	return ofType("plain_text", map[string]property{
		"text": requiredProperty(stringUpTo(most)), "emoji": optionalProperty(anyBoolean),
	})
}

func mrkdwnText(most int) schemaCheck {
	return ofType("mrkdwn", map[string]property{
		"text": requiredProperty(allOf(stringUpTo(most), checkMrkdwn)), "verbatim": optionalProperty(anyBoolean),
	})
}

func anyText(most int) schemaCheck {
	return taggedBy(map[string]schemaCheck{"plain_text": plainText(most), "mrkdwn": mrkdwnText(most)})
}

func imageElement() schemaCheck {
	return ofType("image", map[string]property{
		"image_url": requiredProperty(webAddress), "alt_text": requiredProperty(stringUpTo(2000)),
	})
}

func buttonSchema() schemaCheck {
	return ofType("button", map[string]property{
		"text":                requiredProperty(plainText(75)),
		"url":                 optionalProperty(webAddress),
		"value":               optionalProperty(stringUpTo(2000)),
		"action_id":           optionalProperty(stringUpTo(255)),
		"accessibility_label": optionalProperty(stringUpTo(75)),
		"style":               optionalProperty(oneOf("primary", "danger")),
	})
}

// blockSchema is any block of a message.
func blockSchema() schemaCheck {
	types := innerBlocks()
	maps.Copy(types, map[string]schemaCheck{
		"markdown":   ofBlock("markdown", map[string]property{"text": requiredProperty(stringUpTo(12000))}),
		"data_table": dataTable(),
		"card":       cardSchema(),
		"carousel": ofBlock("carousel", map[string]property{"elements": requiredProperty(listOf(1, 10,
			cardSchema()))}),
		"container": containerSchema(),
	})
	return taggedBy(types)
}

// innerBlocks are the blocks that a container may hold too.
func innerBlocks() map[string]schemaCheck {
	return map[string]schemaCheck{
		"divider": ofBlock("divider", map[string]property{}),
		"header":  ofBlock("header", map[string]property{"text": requiredProperty(plainText(150))}),
		"section": sectionSchema(),
		"context": ofBlock("context", map[string]property{
			"elements": requiredProperty(listOf(1, 10, taggedBy(map[string]schemaCheck{
				"plain_text": plainText(3000), "mrkdwn": mrkdwnText(3000), "image": imageElement(),
			}))),
		}),
		"actions": ofBlock("actions", map[string]property{
			"elements": requiredProperty(listOf(1, 25, taggedBy(map[string]schemaCheck{"button": buttonSchema()}))),
		}),
		"image": ofBlock("image", map[string]property{
			"image_url": requiredProperty(webAddress), "alt_text": requiredProperty(stringUpTo(2000)),
			"title": optionalProperty(plainText(2000)),
		}),
		"table": tableSchema(),
	}
}

func sectionSchema() schemaCheck {
	return allOf(needsOneOf("text", "fields"), ofBlock("section", map[string]property{
		"text":   optionalProperty(anyText(3000)),
		"fields": optionalProperty(listOf(1, 10, anyText(2000))),
		"accessory": optionalProperty(taggedBy(map[string]schemaCheck{"image": imageElement(),
			"button": buttonSchema()})),
		"expand": optionalProperty(anyBoolean),
	}))
}

func containerSchema() schemaCheck {
	return ofBlock("container", map[string]property{
		"title":             requiredProperty(plainText(150)),
		"subtitle":          optionalProperty(anyText(150)),
		"child_blocks":      requiredProperty(listOf(1, 10, taggedBy(innerBlocks()))),
		"width":             optionalProperty(oneOf("narrow", "standard", "wide", "full")),
		"icon":              optionalProperty(imageElement()),
		"is_collapsible":    optionalProperty(anyBoolean),
		"default_collapsed": optionalProperty(anyBoolean),
	})
}

func cardSchema() schemaCheck {
	return allOf(needsOneOf("hero_image", "title", "actions", "body"), ofBlock("card", map[string]property{
		"hero_image": optionalProperty(imageElement()),
		"icon":       optionalProperty(imageElement()),
		"title":      optionalProperty(mrkdwnText(150)),
		"subtitle":   optionalProperty(mrkdwnText(150)),
		"body":       optionalProperty(mrkdwnText(200)),
		"actions":    optionalProperty(listOf(1, 25, buttonSchema())),
	}))
}

func tableSchema() schemaCheck {
	return ofBlock("table", map[string]property{
		"rows": requiredProperty(listOf(1, 100, listOf(1, 20, cellSchema()))),
		"column_settings": optionalProperty(listOf(1, 20, objectOf(map[string]property{
			"align": optionalProperty(oneOf("left", "center", "right")), "is_wrapped": optionalProperty(anyBoolean),
		}))),
	})
}

func dataTable() schemaCheck {
	return ofBlock("data_table", map[string]property{
		// the header and up to 100 more
		"rows":                    requiredProperty(listOf(2, 101, listOf(1, 20, cellSchema()))),
		"caption":                 requiredProperty(stringUpTo(3000)),
		"page_size":               optionalProperty(integerWithin(1, 100)),
		"row_header_column_index": optionalProperty(integerWithin(0, 19)),
	})
}

func cellSchema() schemaCheck {
	return taggedBy(map[string]schemaCheck{
		"raw_text": ofType("raw_text", map[string]property{"text": requiredProperty(stringUpTo(3000))}),
		"raw_number": ofType("raw_number", map[string]property{"text": requiredProperty(stringUpTo(3000)),
			"value": requiredProperty(anyNumber)}),
	})
}
