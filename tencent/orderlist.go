package tencent

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

// orderList puts the pages of DescribeLicenseList together.
type orderList struct {
	paging

	orders   []license.Order
	unparsed []string          // fields that made no sense in some order, each once
	seen     map[[16]byte]bool // hashes of their content: a page may have 1 MiB
	offset   int               // elements received, repeated ones too: where the next page begins
	words    license.Words     // of tags
}

func newOrderList() *orderList {
	return &orderList{paging: paging{total: -1}, seen: map[[16]byte]bool{}, words: license.Words{}}
}

func (l *orderList) nextPage() parameters {
	return parameters{"Limit": ordersPerPage, "Offset": l.offset}
}

func (l *orderList) count() int { return len(l.orders) }

func (l *orderList) addPage(page decode.Fields) (unparsed []string, more bool) {
	l.beginPage(decode.Count(page["TotalCount"]))
	elements := decode.List(page["List"])
	l.offset += len(elements) // the service may allow fewer a page than we ask for
	before := len(l.seen)
	for _, element := range elements {
		unparsed = addNew(unparsed, l.takeOrder(element))
	}
	l.unparsed = addNew(l.unparsed, unparsed)
	news := len(l.seen) > before
	return unparsed, news && l.pages < maxPages && (l.total < 0 || int64(l.offset) < l.total)
}

// takeOrder adds an order, unless it is there already: the pages may overlap when
// orders change while they are read. A repeat is equal in everything; two orders
// that share their ids and differ elsewhere are two.
func (l *orderList) takeOrder(element json.RawMessage) (unparsed []string) {
	fields := decode.Object(element)
	var order license.Order
	if fields != nil {
		unparsed, _ = fields.Struct(&order)
	}
	id := [16]byte(hashOf(canonicalContent(fields, element)))
	switch {
	case l.seen[id]:
		return nil
	case fields == nil:
		l.lost++
	default:
		cutTexts(&order)
		l.words.ShareTags(&order)
		l.orders = append(l.orders, order)
	}
	l.seen[id] = true
	return unparsed
}

// maxText bounds a text of an order, in bytes: there may be 10,000 of them.
const maxText = 256

// cutTexts cuts texts that are longer than any the console takes.
func cutTexts(o *license.Order) {
	for _, text := range []*string{o.ResourceId, o.Alias, o.Deadline, o.BuyTime} {
		if text != nil {
			*text = cutText(*text)
		}
	}
}

func cutText(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.Clone(strings.ToValidUTF8(text[:maxText], ""))
}

func hashOf(content []byte) []byte {
	sum := sha256.Sum256(content)
	return sum[:16]
}

// canonicalContent is all that an element holds, whatever the order of its fields and the
// white space between them.
func canonicalContent(fields decode.Fields, element json.RawMessage) []byte {
	if fields == nil {
		return element
	}
	var content bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		content.WriteString(strconv.Quote(name))
		_ = json.Compact(&content, fields[name]) // it is valid
	}
	return content.Bytes()
}

func addNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// After a page that could not be read at all, everything has been tried.
func (l *orderList) worthAnotherReading() bool {
	return l.isContradictory(len(l.seen))
}

func (l *orderList) missingReason() string {
	switch reason := l.unreadReason("orders"); {
	case reason != "":
		return reason
	case int64(len(l.seen)) != l.total:
		return "more or fewer orders than announced"
	case l.lost > 0:
		return "an element of the list is no order"
	default:
		return ""
	}
}

// toOrders is the list as the domain knows it. Without an announced total, what
// was read stands in for it.
func (l *orderList) toOrders() *license.Orders {
	orders := &license.Orders{
		List:       l.orders,
		TotalCount: l.total,
		Incomplete: l.missingReason() != "",
		Unparsed:   l.unparsed,
	}
	if l.total < 0 {
		orders.TotalCount = int64(len(l.orders))
	}
	return orders
}
