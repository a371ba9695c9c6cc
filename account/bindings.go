package account

import (
	"context"
	"slices"
	"sync"

	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/tencent"
)

// ordersAtOnce is of how many orders the machines are read at the same time; deniedOrders is after
// how many denials, and no answer, no other is asked: so many may be under way besides.
const (
	ordersAtOnce = 4
	deniedOrders = 4
)

// bindingsRead is what came of reading the machines of orders.
type bindingsRead struct {
	bindings *license.Bindings
	failure  *license.Failure // of the first order, where no order could be read
}

// readBindings reads the machines of each of the orders, a few at a time; nil where there
// are none. One order that fails leaves the others, also one that the role may not
// see; but once so many were denied as deniedOrders says, and none was read, the role is taken
// to allow none, and no other is asked.
func readBindings(ctx context.Context, client *tencent.Client, orders []license.Order, o Options) *bindingsRead {
	if len(orders) == 0 {
		return nil
	}
	reader := client.NewBindListReader()
	read, failures := make([]*license.Binding, len(orders)), make([]*license.Failure, len(orders))
	var mutex sync.Mutex
	var unparsed []string
	var denied, allowed int
	readOrder := func(i int) {
		binding, fields, err := reader.DescribeLicenseBindList(ctx, orders[i])
		read[i], failures[i] = binding, FailureOf(err)
		mutex.Lock()
		defer mutex.Unlock()
		switch {
		case failures[i] == nil:
			allowed++
		case failures[i].Kind == license.FailureDenied:
			denied++
		}
		unparsed = append(unparsed, fields...)
	}
	goOn := func() bool {
		mutex.Lock()
		defer mutex.Unlock()
		return (allowed > 0 || denied < deniedOrders) && ctx.Err() == nil
	}
	readSideBySide(len(orders), min(ordersAtOnce, o.sourcesAtOnce()), func(i int) {
		if goOn() && !guard.Run(ctx, o.logger(), string(license.SourceBindings), func() { readOrder(i) }) {
			failures[i] = &license.Failure{Kind: license.FailureInternal, Code: "Internal"}
		}
	})
	return newBindingsRead(read, failures, unparsed)
}

// readSideBySide reads each of so many orders, a few at once.
func readSideBySide(orders, atOnce int, readOrder func(i int)) {
	next := make(chan int, orders)
	for i := range orders {
		next <- i
	}
	close(next)
	var reading sync.WaitGroup
	for range min(atOnce, orders) {
		reading.Go(func() {
			for i := range next {
				readOrder(i)
			}
		})
	}
	reading.Wait()
}

func newBindingsRead(read []*license.Binding, failures []*license.Failure, unparsed []string) *bindingsRead {
	slices.Sort(unparsed)
	result := &bindingsRead{bindings: &license.Bindings{Unparsed: slices.Compact(unparsed)}}
	for i := range read {
		if read[i] != nil {
			result.bindings.List = append(result.bindings.List, *read[i])
		}
		if result.failure == nil {
			result.failure = failures[i]
		}
	}
	switch {
	case len(result.bindings.List) > 0:
		result.failure = nil
	case result.failure == nil: // the time was up before the first one
		info := license.SourceBindings.Info()
		result.failure = &license.Failure{Kind: license.FailureTimeout, Service: info.Service, Action: info.Action,
			Code: "Timeout"}
		result.bindings = nil
	default:
		result.bindings = nil
	}
	return result
}

// enter puts what was read into the snapshot. What was not asked for is not wanted either.
func (b *bindingsRead) enter(s *license.Snapshot, sources []license.Source) {
	if b == nil {
		return
	}
	s.Wanted = slices.Clone(sources)
	s.Bindings = b.bindings
	if b.failure != nil {
		s.Failures[license.SourceBindings] = b.failure
	}
}
