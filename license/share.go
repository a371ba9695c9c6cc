package license

import "slices"

// Share lets the orders hold what they have in common with another reading once: from one
// reading to the next nearly all of it stays the same, and a run holds both. The other one
// is only read.
func (o *Orders) Share(other *Orders) {
	if o == nil || other == nil {
		return
	}
	known := make(map[ids]*Order, len(other.List))
	for i := range other.List {
		known[other.List[i].apiIDs()] = &other.List[i]
	}
	for i := range o.List {
		mine := &o.List[i]
		if same := known[mine.apiIDs()]; same != nil {
			mine.ResourceId = sharedText(mine.ResourceId, same.ResourceId)
			mine.Alias = sharedText(mine.Alias, same.Alias)
			mine.Deadline = sharedText(mine.Deadline, same.Deadline)
			mine.BuyTime = sharedText(mine.BuyTime, same.BuyTime)
			if mine.Tags != nil && slices.Equal(mine.Tags, same.Tags) {
				mine.Tags = same.Tags
			}
		}
	}
}

// sharedText is the other one where both are the same text.
func sharedText(mine, other *string) *string {
	if mine != nil && other != nil && *mine == *other {
		return other
	}
	return mine
}

// Words are texts that are said of many things, such as orders, each held once.
type Words map[string]string

// maxWords is how many words are kept to be said again.
const maxWords = 1000

// Once is the text, as it was said before.
func (w Words) Once(text string) string {
	if same, isKnown := w[text]; isKnown {
		return same
	}
	if len(w) < maxWords {
		w[text] = text
	}
	return text
}

// ShareTags has the order's tags say what those of other orders say.
func (w Words) ShareTags(o *Order) {
	for i, tag := range o.Tags {
		o.Tags[i] = Tag{TagKey: w.Once(tag.TagKey), TagValue: w.Once(tag.TagValue)}
	}
}
