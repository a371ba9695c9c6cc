package tencent

import (
	"context"
	"encoding/json"
	"sync"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

var describeLicenseBindList = readingOf(license.SourceBindings, holdsOrders)

// noOrder is an order that nobody has.
var noOrder = license.Order{LicenseId: new(int64), LicenseType: new(int64(license.LicenseTypeUltimate)),
	ResourceId: new("none")}

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
	var list *machineList
	list, err := readList(ctx, r.client, describeLicenseBindList, r.pace, "machines of an order", func() *machineList {
		if list != nil { // another reading takes the place of the first
			r.giveBack(len(list.machines))
		}
		list = newMachineList(r, of)
		return list
	})
	if err != nil {
		return nil, nil, err
	}
	return &license.Binding{
		ResourceId: of.ResourceId, LicenseId: of.LicenseId,
		TotalCount: max(list.total, 0), Machines: list.machines, Incomplete: list.missingReason() != "",
	}, list.unparsed, nil
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
	paging

	reader   *BindListReader
	order    license.Order
	machines []license.BoundMachine
	unparsed []string
	seen     map[[16]byte]bool // hashes of their ids
	offset   int               // elements received, repeated ones too: where the next page begins
	words    license.Words
}

// identityOfMachine tells a machine from the others: by its Quuid, since it may be on two pages
// and its state another one on the second; by all that is told of it where it has none.
func identityOfMachine(fields decode.Fields, element json.RawMessage) [16]byte {
	if id := decode.Text(fields["Quuid"]); id != nil && *id != "" {
		return [16]byte(hashOf([]byte(*id)))
	}
	return [16]byte(hashOf(canonicalContent(fields, element)))
}

func newMachineList(reader *BindListReader, of license.Order) *machineList {
	return &machineList{paging: paging{total: -1}, reader: reader, order: of, machines: []license.BoundMachine{},
		seen: map[[16]byte]bool{}, words: license.Words{}}
}

func (l *machineList) nextPage() parameters {
	return parameters{
		"LicenseId": *l.order.LicenseId, "LicenseType": *l.order.LicenseType, "ResourceId": *l.order.ResourceId,
		"Limit": machinesPerPage, "Offset": l.offset,
	}
}

func (l *machineList) count() int { return len(l.machines) }

// addPage leaves it to who reads the machines of many orders to say which fields made no sense.
func (l *machineList) addPage(page decode.Fields) (_ []string, more bool) {
	l.beginPage(decode.Count(page["TotalCount"]))
	elements := decode.List(page["List"])
	l.offset += len(elements)
	before, had := len(l.seen), len(l.machines)
	for _, element := range elements {
		fields := decode.Object(element)
		id := identityOfMachine(fields, element)
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
	more = news && l.pages < maxPages && (l.total < 0 || int64(l.offset) < l.total)
	if !l.reader.take(len(l.machines) - had) {
		l.isTooLong = more
		return nil, false
	}
	return nil, more
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

func (l *machineList) worthAnotherReading() bool {
	return l.pages < maxPages && l.isContradictory(len(l.seen))
}

func (l *machineList) missingReason() string {
	switch reason := l.unreadReason("machines"); {
	case reason != "":
		return reason
	case int64(len(l.seen)) != l.total:
		return "more or fewer machines than announced"
	case l.lost > 0:
		return "an element of the list is no machine"
	default:
		return ""
	}
}
