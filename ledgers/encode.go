package ledgers

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"licensewatch/life"
)

// The object is a line that says what it is, and blocks, each after its length in four
// bytes: the head, packed; the dictionaries, packed; the ledger of each account, packed with
// one of them, in the head's order. What is packed is JSON, by deflate. A dictionary is the
// ledger of some account, as one run left it.

// firstLine begins the object.
const firstLine = "licensewatch ledgers 1\n"

const (
	// MaxSize is the size of the largest object that is read and written.
	MaxSize = 4 << 20
	// maxUnpacked is how large a ledger may be, unpacked.
	maxUnpacked = 4 << 20
	// maxDictionary is as much as deflate looks back.
	maxDictionary = 32 << 10
	// maxDictionaries is how many an object has: a run that does not reach all accounts
	// leaves those of earlier ones.
	maxDictionaries = 3
)

// head is what the object has besides the accounts' ledgers.
type head struct {
	Fleet   json.RawMessage `json:"fleet"`
	Answers []Answer        `json:"answers,omitempty"`
	// NotReached is as in Ledgers.
	NotReached []string `json:"not_reached,omitempty"`
	// Unread is as in Ledgers.
	Unread       map[string]time.Time `json:"unread,omitempty"`
	Organization Organization         `json:"organization,omitzero"`
	Archive      Archive              `json:"archive,omitzero"`
	Shed         bool                 `json:"shed,omitempty"`
	// Dictionaries is how many there are.
	Dictionaries int           `json:"dictionaries"`
	Accounts     []headAccount `json:"accounts"`
}

type headAccount struct {
	Account    string `json:"account"`
	Dictionary int    `json:"dictionary,omitempty"`
	Owes       bool   `json:"owes,omitempty"`
	Fires      bool   `json:"fires,omitempty"`
}

// packers are those whose dictionaries are needed, those of most accounts first. When there
// are too many, the ledgers of the others are packed anew with the first one's; one that
// cannot be read is dropped.
func (l *Ledgers) packers() []*Packer {
	uses := map[*Packer]int{}
	for _, p := range l.packed {
		uses[p.packer]++
	}
	packers := slices.SortedFunc(maps.Keys(uses), func(a, b *Packer) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), bytes.Compare(a.dictionary, b.dictionary))
	})
	if len(packers) <= maxDictionaries {
		return packers
	}
	for account, p := range l.packed {
		if slices.Contains(packers[:maxDictionaries], p.packer) {
			continue
		}
		data, err := p.packer.Unpack(p.data, maxUnpacked)
		if err != nil {
			delete(l.packed, account)
			continue
		}
		l.packed[account] = packedLedger{packers[0].Pack(data), packers[0], p.owes, p.fires}
	}
	return packers[:maxDictionaries]
}

// IsLedgers says whether data are the ledgers of a fleet, and not that of one account.
func IsLedgers(data []byte) bool { return bytes.HasPrefix(data, []byte(firstLine)) }

// Encode gives the object's bytes. Where there is no room for all, the largest ledgers are
// left out until there is, first those of accounts in which nothing fires, last those of which
// somebody is owed a message: their accounts are begun anew, so that what fires there is said
// again, and the next run has Shed.
func (l *Ledgers) Encode() ([]byte, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for {
		data, err := l.encodeAll()
		if err != nil || len(data) <= MaxSize {
			return data, err
		}
		if len(l.packed) == 0 {
			return nil, fmt.Errorf("the ledgers cannot be written: they need %d bytes, at most %d are stored",
				len(data), MaxSize)
		}
		l.shed(len(data) - MaxSize)
	}
}

// weight says how much is lost with the ledger: of an account in which nothing fires it is a
// reading to compare the next one with.
func (p *packedLedger) weight() int {
	switch {
	case p.owes:
		return 2
	case p.fires:
		return 1
	}
	return 0
}

// shed drops ledgers that have so many bytes together.
func (l *Ledgers) shed(tooMuch int) {
	l.sheds = true
	largest := slices.SortedFunc(maps.Keys(l.packed), func(a, b string) int {
		p, q := l.packed[a], l.packed[b]
		return cmp.Or(cmp.Compare(p.weight(), q.weight()), cmp.Compare(len(q.data), len(p.data)), cmp.Compare(a, b))
	})
	for _, account := range largest {
		if tooMuch <= 0 {
			return
		}
		tooMuch -= len(l.packed[account].data)
		delete(l.packed, account)
	}
}

func (l *Ledgers) encodeAll() ([]byte, error) {
	fleet, err := l.Fleet.Encode()
	if err != nil {
		return nil, err
	}
	h := head{Fleet: fleet, Answers: l.answers, NotReached: l.NotReached, Unread: l.Unread,
		Organization: l.Organization,
		Archive:      l.Archive, Shed: l.sheds, Accounts: []headAccount{}}
	if !json.Valid(fleet) { // a packed one is JSON as a text
		h.Fleet, _ = json.Marshal(fleet)
	}
	accounts, packers := sortedKeys(l.packed), l.packers()
	h.Dictionaries = len(packers)
	for _, account := range accounts {
		packed := l.packed[account]
		h.Accounts = append(h.Accounts, headAccount{account, slices.Index(packers, packed.packer), packed.owes,
			packed.fires})
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("the ledgers cannot be written: %w", err)
	}
	plain := NewPacker(nil)
	data := appendBlock([]byte(firstLine), plain.Pack(text))
	for _, p := range packers {
		data = appendBlock(data, plain.Pack(p.dictionary))
	}
	for _, account := range accounts {
		data = appendBlock(data, l.packed[account].data)
	}
	return data, nil
}

// errBroken is an object that cannot be read.
var errBroken = &life.FormatError{Reason: "it does not have the form of the ledgers of several accounts"}

// Decode reads an object. The error is a *life.FormatError. The ledger of a single account,
// which owns it, becomes that account's.
func Decode(data []byte) (*Ledgers, error) {
	if !IsLedgers(data) {
		return adopt(data)
	}
	return decode(data, false)
}

// ErrOneAccount says that the object is the ledger of a single account.
var ErrOneAccount = errors.New("no run has used it with LICENSEWATCH_ACCOUNTS_FILE yet; the first one takes the memory of a single account over")

// DecodeWhole reads an object as Decode does, and refuses one of which something would be
// lost if it were written back. The ledgers of the accounts are left as they are: see Edit.
func DecodeWhole(data []byte) (*Ledgers, error) {
	if !IsLedgers(data) {
		return nil, ErrOneAccount
	}
	return decode(data, true)
}

func decode(data []byte, whole bool) (*Ledgers, error) {
	rest := data[len(firstLine):]
	next := func() (block []byte) {
		block, rest = cutBlock(rest)
		return block
	}
	plain := NewPacker(nil)
	text, err := plain.Unpack(next(), maxUnpacked)
	if err != nil {
		return nil, errBroken
	}
	l := New()
	h, err := l.readHead(text, whole)
	if err != nil {
		return nil, err
	}
	packers := make([]*Packer, min(max(0, h.Dictionaries), maxDictionaries))
	for i := range packers {
		dictionary, err := plain.Unpack(next(), maxUnpacked)
		if err != nil {
			return nil, errBroken
		}
		packers[i] = NewPacker(dictionary)
	}
	for _, a := range h.Accounts {
		block := next()
		_, isTwice := l.packed[a.Account]
		if block == nil || isTwice || a.Dictionary < 0 || a.Dictionary >= len(packers) {
			return nil, errBroken
		}
		l.packed[a.Account] = packedLedger{block, packers[a.Dictionary], a.Owes, a.Fires}
	}
	if len(rest) > 0 {
		return nil, errBroken
	}
	return l, nil
}

// readHead reads what the object has besides the accounts' ledgers.
func (l *Ledgers) readHead(text []byte, whole bool) (h head, err error) {
	if err := json.Unmarshal(text, &h); err != nil {
		return h, errBroken
	}
	l.answers, l.NotReached, l.Unread = h.Answers, h.NotReached, h.Unread
	l.Organization, l.Archive, l.Shed = h.Organization, h.Archive, h.Shed
	if bytes.HasPrefix(h.Fleet, []byte{'"'}) {
		var packed []byte
		if err := json.Unmarshal(h.Fleet, &packed); err != nil {
			return h, errBroken
		}
		h.Fleet = packed
	}
	if !whole {
		l.Fleet, err = life.Decode(h.Fleet)
		return h, err
	}
	known := json.NewDecoder(bytes.NewReader(text))
	known.DisallowUnknownFields()
	if known.Decode(&head{}) != nil {
		return h, &life.FormatError{Reason: "it holds what this version does not know", Other: true}
	}
	l.Fleet, err = life.DecodeWhole(h.Fleet)
	return h, err
}

// adopt makes the ledger of a single account that account's.
func adopt(data []byte) (*Ledgers, error) {
	ledger, err := life.Decode(data)
	if err != nil {
		return nil, err
	}
	l := New()
	if account := ledger.Owner().Account; account != "" {
		err = l.Keep(account, ledger)
	}
	return l, err
}

func appendBlock(data, block []byte) []byte {
	return append(binary.BigEndian.AppendUint32(data, uint32(len(block))), block...) //nolint:gosec // at most MaxSize
}

// cutBlock takes the first block off; nil where there is none.
func cutBlock(data []byte) (block, rest []byte) {
	if len(data) < 4 {
		return nil, data
	}
	length := int64(binary.BigEndian.Uint32(data))
	if length > int64(len(data)-4) {
		return nil, data
	}
	return slices.Clone(data[4 : 4+length]), data[4+length:]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
