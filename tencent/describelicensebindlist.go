package tencent

import (
	"context"
	"log/slog"
	"sync"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

var describeLicenseBindList = readingOf(license.SourceBindings, holdsOrders)

// noOrder is an order that nobody has.
var noOrder = license.Order{LicenseId: new(int64), LicenseType: new(int64(license.LicenseTypeUltimate)), ResourceId: new("none")}

const (
	// machinesPerPage is the most that the sister APIs give in a page; this one names no maximum.
	machinesPerPage = 100
	// maxMachines bounds the machines of all orders together.
	maxMachines = 10_000
	// listsPerSecond is one less than the 20 that the API takes, as is every list: not every
	// request is under way for as long.
	listsPerSecond = 19
)

// BindListReader reads the machines of several orders, side by side: no faster than the API
// allows, and no more of them than a run has room for.
type BindListReader struct {
	client *Client
	pace   *pace

	mutex sync.Mutex
	room  int // how many more machines are read
}

// NewBindListReader makes a reader for one run.
func (c *Client) NewBindListReader() *BindListReader {
	return &BindListReader{client: c, pace: newPace(listsPerSecond), room: maxMachines}
}

// DescribeLicenseBindList reads the machines that hang on an order, page after page, and
// names the fields that some machine held with a value that makes no sense. A list that does
// not add up is read once more; when that does not help, or when a page after the first
// cannot be read, what was read is returned as Incomplete. The error is an *APIError.
func (r *BindListReader) DescribeLicenseBindList(ctx context.Context, of license.Order) (
	*license.Binding, []string, error) {
	list, err := r.readPages(ctx, of)
	if err != nil {
		return nil, nil, err
	}
	if list.worthAnotherReading() {
		r.giveBack(len(list.machines))
		if again, err := r.readPages(ctx, of); err == nil && again.betterThan(list) {
			list = again
		}
	}
	problem := list.missingReason()
	if problem != "" {
		r.client.logger.LogAttrs(ctx, slog.LevelWarn, "machines of an order incomplete",
			slog.String("action", describeLicenseBindList.camAction()), slog.String("reason", problem),
			slog.Int("read", len(list.machines)), slog.Int64("announced", list.total), slog.Int("pages", list.pages))
	}
	return &license.Binding{
		ResourceId: of.ResourceId, LicenseId: of.LicenseId,
		TotalCount: max(list.total, 0), Machines: list.machines, Incomplete: problem != "",
	}, list.unparsed, nil
}

// readPages fails only when the first page does.
func (r *BindListReader) readPages(ctx context.Context, of license.Order) (*machineList, error) {
	list := newMachineList()
	for {
		if err := r.pace.wait(ctx, r.client.sleep); err != nil && list.pages > 0 {
			list.cut = true
			return list, nil
		}
		answer, err := r.client.callOperation(ctx, describeLicenseBindList, parameters{
			"LicenseId": *of.LicenseId, "LicenseType": *of.LicenseType, "ResourceId": *of.ResourceId,
			"Limit": machinesPerPage, "Offset": list.offset,
		})
		switch {
		case err != nil && list.pages == 0:
			return nil, err
		case err != nil: // the call has logged it
			list.cut = true
			return list, nil //nolint:nilerr // the list says that it is incomplete
		}
		before := len(list.machines)
		more := list.addPage(answer.Fields)
		if !r.take(len(list.machines) - before) {
			list.isTooLong = more
			return list, nil
		}
		if !more {
			return list, nil
		}
	}
}

// take takes room for machines, and says whether there is room for more.
func (r *BindListReader) take(machines int) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.room -= machines
	return r.room > 0
}

func (r *BindListReader) giveBack(machines int) { _ = r.take(-machines) }

// machineList puts the pages of DescribeLicenseBindList together.
type machineList struct {
	machines  []license.BoundMachine
	unparsed  []string
	seen      map[[16]byte]bool // hashes of their content
	offset    int               // elements received, repeated ones too: where the next page begins
	pages     int
	total     int64 // what the last page announced; -1 when it did not
	moved     bool  // the announced total changed from page to page
	lost      int   // elements that are no machines
	cut       bool  // a page could not be read
	isTooLong bool  // there are more than are read
	words     license.Words
}

func newMachineList() *machineList {
	return &machineList{seen: map[[16]byte]bool{}, total: -1, words: license.Words{}, machines: []license.BoundMachine{}}
}

// addPage takes a page, and says whether there should be another one.
func (l *machineList) addPage(page decode.Fields) (more bool) {
	total := int64(-1)
	if n := decode.Count(page["TotalCount"]); n != nil {
		total = *n
	}
	l.moved = l.moved || l.pages > 0 && total != l.total
	l.total = total
	l.pages++
	elements := decode.List(page["List"])
	l.offset += len(elements)
	before := len(l.seen)
	for _, element := range elements {
		fields := decode.Object(element)
		id := [16]byte(hashOf(canonicalContent(fields, element)))
		switch {
		case l.seen[id]: // pages overlap when machines come and go meanwhile
		case fields == nil:
			l.lost++
		default:
			l.machines = append(l.machines, l.machineOf(fields))
		}
		l.seen[id] = true
	}
	news := len(l.seen) > before
	return news && l.pages < maxPages && (total < 0 || int64(l.offset) < total)
}

// machineOf is the machine that an element tells of.
func (l *machineList) machineOf(fields decode.Fields) license.BoundMachine {
	var m license.BoundMachine
	unparsed, _ := fields.Struct(&m)
	l.unparsed = addNew(l.unparsed, unparsed)
	m.InstanceID = decode.Text(decode.Object(fields["MachineExtraInfo"])["InstanceID"])
	for _, text := range []*string{m.MachineName, m.InstanceID, m.MachineIp, m.Quuid, m.AgentStatus, m.InstanceState} {
		if text != nil {
			*text = cutText(*text)
		}
	}
	for _, text := range []*string{m.AgentStatus, m.InstanceState} {
		if text != nil {
			*text = l.words.Once(*text)
		}
	}
	for _, tag := range decode.List(fields["Tags"]) {
		if text := decode.Text(tag); text != nil && len(m.Tags) < maxTags {
			m.Tags = append(m.Tags, l.words.Once(cutText(*text)))
		}
	}
	return m
}

// maxTags bounds the tags of a machine: Tencent Cloud allows 50 on a resource.
const maxTags = 50

// worthAnotherReading says whether the pages contradict each other.
func (l *machineList) worthAnotherReading() bool {
	return !l.cut && !l.isTooLong && l.pages < maxPages && (l.moved || int64(len(l.seen)) != l.total)
}

// betterThan prefers a list that adds up, then the longer one, then the newer.
func (l *machineList) betterThan(older *machineList) bool {
	return l.missingReason() == "" || len(l.machines) >= len(older.machines)
}

// missingReason says why a machine may be missing; empty when none is.
func (l *machineList) missingReason() string {
	switch {
	case l.isTooLong:
		return "there are more machines than are read"
	case l.cut:
		return "a page could not be read"
	case l.moved:
		return "the total moved"
	case l.total < 0:
		return "no total was announced"
	case int64(len(l.seen)) != l.total:
		return "more or fewer machines than announced"
	case l.lost > 0:
		return "an element of the list is no machine"
	default:
		return ""
	}
}
