package license

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Twins are orders of one list that have the same ids: nothing tells them apart but the
// rest of what they hold, and every part of that may change. So each has a number, which
// it keeps from one reading to the next whatever the order of the lists, and which is
// given to no other one while any of them is listed.

// ids are what the API knows an order by.
type ids struct {
	resource string
	license  int64
	isTold   bool // license is
}

func (o Order) apiIDs() ids {
	var id ids
	if o.ResourceId != nil {
		id.resource = *o.ResourceId
	}
	if o.LicenseId != nil {
		id.license, id.isTold = *o.LicenseId, true
	}
	return id
}

// ToldApart gives the orders with the numbers of twins, by what they hold. The list
// itself is only read, and is what is returned where no order lacks a number.
func ToldApart(orders []Order) []Order { return toldApart(orders, nil, true) }

// toldApart gives the orders with the numbers of twins, those that they had in the
// reading before. isWhole: no order is missing now.
func toldApart(now, before []Order, isWhole bool) []Order {
	shared := twinIDs(now)
	for i := range before {
		if before[i].Twin > 0 || before[i].Twins > 0 {
			shared[before[i].apiIDs()] = true
		}
	}
	if !isWhole {
		addStrangers(shared, now, before)
	}
	if len(shared) == 0 {
		return now
	}
	now = slices.Clone(now)
	here, there := gatherTwins(now, shared), gatherTwins(before, shared)
	for id, twins := range here {
		numberTwins(twins, there[id], isWhole)
	}
	return now
}

// twinIDs are the ids that several orders have which no number tells apart.
func twinIDs(orders []Order) map[ids]bool {
	type name struct {
		ids
		twin int32
	}
	shared, seen := map[ids]bool{}, make(map[name]struct{}, len(orders))
	for i := range orders {
		one := name{orders[i].apiIDs(), int32(orders[i].Twin)} //nolint:gosec // there are not so many
		if _, again := seen[one]; again {
			shared[one.ids] = true
		}
		seen[one] = struct{}{}
	}
	return shared
}

// maxTwins is more than there ever are.
const maxTwins = 1 << 30

// addStrangers adds the ids that an order of a part of the list has in common with one
// that was bought at another time, and may be missing from it.
func addStrangers(shared map[ids]bool, now, before []Order) {
	bought := make(map[ids]string, len(before))
	for i := range before {
		bought[before[i].apiIDs()] = textOrEmpty(before[i].BuyTime)
	}
	for i := range now {
		id, day := now[i].apiIDs(), textOrEmpty(now[i].BuyTime)
		if other := bought[id]; day != "" && other != "" && day != other {
			shared[id] = true
		}
	}
}

// NumberByPlace numbers twins as they were named when nothing but their places in the
// list told them apart. Numbers that make no sense are none.
func NumberByPlace(orders []Order) {
	for i := range orders {
		if t := &orders[i]; min(t.Twin, t.Twins) < 0 || max(t.Twin, t.Twins) > maxTwins {
			t.Twin, t.Twins = 0, 0
		}
	}
	for _, twins := range gatherTwins(orders, twinIDs(orders)) {
		for i, t := range twins[1:] {
			t.order.Twin = i + 2
		}
		for _, t := range twins {
			t.order.Twins = len(twins)
		}
	}
}

// twinOrder is an order that is looked for in another reading.
type twinOrder struct {
	order   *Order
	content [detailTotal]string
	other   *Order // the same one in the other reading; nil while it is not found
}

// gatherTwins gives the orders with these ids, in their order.
func gatherTwins(orders []Order, shared map[ids]bool) map[ids][]*twinOrder {
	all := map[ids][]*twinOrder{}
	if len(shared) == 0 {
		return all
	}
	for i := range orders {
		if id := orders[i].apiIDs(); shared[id] {
			all[id] = append(all[id], &twinOrder{order: &orders[i], content: contentOf(orders[i])})
		}
	}
	return all
}

// The details of an order, the most lasting first. A renewal moves Deadline, and may
// come with another AutoRenewFlag.
const (
	detailBuyTime = iota
	detailType
	detailSource
	detailAlias
	detailCount
	detailDeadline
	detailRenewal
	detailStatus
	detailAll
	detailTotal
)

func contentOf(o Order) [detailTotal]string {
	o.Missed, o.Twin, o.Twins = 0, 0, 0
	all, _ := json.Marshal(o) // it holds numbers and texts only
	return [detailTotal]string{
		detailBuyTime: textOrEmpty(o.BuyTime), detailType: digitsOrEmpty(o.LicenseType),
		detailSource: digitsOrEmpty(o.SourceType), detailAlias: textOrEmpty(o.Alias),
		detailCount: digitsOrEmpty(o.LicenseCnt), detailDeadline: textOrEmpty(o.Deadline),
		detailRenewal: digitsOrEmpty(o.AutoRenewFlag), detailStatus: digitsOrEmpty(o.OrderStatus),
		detailAll: string(all),
	}
}

func textOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func digitsOrEmpty(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// likenesses are the details, BuyTime apart, by which an order is recognised in another
// reading; the surest come first.
var likenesses = [][]int{
	{detailAll},
	// other licenses are in use
	{detailType, detailSource, detailAlias, detailCount, detailDeadline, detailRenewal, detailStatus},
	{detailType, detailSource, detailAlias, detailCount, detailDeadline},
	{detailType, detailSource, detailAlias, detailCount},    // it was renewed
	{detailType, detailSource, detailAlias, detailDeadline}, // it has more licenses, or fewer
	{detailType, detailSource, detailCount, detailDeadline}, // it was given another name
	{detailType, detailSource, detailAlias},
	{detailType, detailSource, detailCount},
	{detailType, detailSource, detailDeadline},
	{detailType, detailSource},
	{},
}

// numberTwins gives orders that have the same ids their numbers: those that they had before,
// and to others new ones.
func numberTwins(now, before []*twinOrder, isWhole bool) {
	byContent := func(a, b *twinOrder) int { return slices.Compare(a.content[:], b.content[:]) }
	slices.SortStableFunc(now, byContent)
	slices.SortStableFunc(before, byContent)
	recogniseTwins(now, before, isWhole)
	highest := 0
	for _, b := range before {
		highest = max(highest, b.order.Twin, b.order.Twins)
	}
	for i, n := range now {
		switch {
		case n.other != nil:
			n.order.Twin = n.other.Twin
		case i == 0 && len(before) == 0:
			n.order.Twin = 0
		default:
			highest = min(max(highest+1, 2), maxTwins)
			n.order.Twin = highest
		}
	}
	for _, n := range now {
		n.order.Twins = highest
	}
}

// recogniseTwins finds the same order in both readings. Two that were bought at different
// times are two, unless there was one and is one: what the API calls by the same ids goes
// on then.
func recogniseTwins(now, before []*twinOrder, isWhole bool) {
	if isWhole && len(now) == 1 && len(before) == 1 {
		now[0].other, before[0].other = before[0].order, now[0].order
		return
	}
	for _, likeness := range likenesses {
		matchTwins(now, before, append([]int{detailBuyTime}, likeness...))
	}
	isUndated := func(t *twinOrder) bool { return t.content[detailBuyTime] == "" }
	for _, likeness := range likenesses {
		matchTwins(filterTwins(now, isUndated), before, likeness)
		matchTwins(now, filterTwins(before, isUndated), likeness)
	}
}

func filterTwins(twins []*twinOrder, is func(*twinOrder) bool) []*twinOrder {
	return slices.DeleteFunc(slices.Clone(twins), func(t *twinOrder) bool { return !is(t) })
}

// matchTwins pairs those that are alike in these details, of several in the order of all that
// they hold.
func matchTwins(now, before []*twinOrder, likeness []int) {
	free := map[string][]*twinOrder{}
	for _, b := range before {
		if b.other == nil {
			key := b.contentIn(likeness)
			free[key] = append(free[key], b)
		}
	}
	for _, n := range now {
		key := n.contentIn(likeness)
		if alike := free[key]; n.other == nil && len(alike) > 0 {
			n.other, alike[0].other = alike[0].order, n.order
			free[key] = alike[1:]
		}
	}
}

// contentIn is what the order holds in these details.
func (t *twinOrder) contentIn(likeness []int) string {
	var key strings.Builder
	for _, detail := range likeness {
		key.WriteString(strconv.Quote(t.content[detail]))
	}
	return key.String()
}
