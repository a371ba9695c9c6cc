// Package ledgers keeps the ledgers of many accounts in one object: each as life has it,
// packed, so that a run of thousands of accounts holds only those in its hands that it works
// with. It does no input or output, and is safe for concurrent use.
//
// A run goes
//
//	Decode                  the object's bytes; New where there are none
//	Settle                  what an earlier run was answered and could not enter any more
//	Fleet                   the fleet's own ledger: its runs, its channels, its notes
//	Open, Plan, Keep        the ledger of each account, by whoever reads that account
//	Encode, save
//	send each message
//	Answer, Encode, save    what a channel answered
//	Settle, Encode, save    all answers entered in the ledger of each account
package ledgers

import (
	"slices"
	"sync"
	"time"

	"licensewatch/life"
)

// Ledgers are the ledgers of a fleet's accounts, and that of the fleet itself.
type Ledgers struct {
	// Fleet is the fleet's own ledger: what is said of no single account.
	Fleet *life.Ledger

	// NotReached are the accounts for which the last run had no time: the next one begins
	// with them.
	NotReached []string
	// Unread are the accounts of which the last run read nothing, and the first run since when
	// none has.
	Unread map[string]time.Time
	// Organization is what is known of the organization's members.
	Organization Organization
	// Archive is what is remembered of the accounts' chains in the archive.
	Archive Archive

	// Shed says that there was no room for all when an earlier run wrote the ledgers: those
	// of some accounts are begun anew.
	Shed bool

	mutex   sync.Mutex
	packer  *Packer           // of this run; nil before its first Keep
	sample  map[string][]byte // the first ledgers that were packed with it, plain, until it is settled; nil then
	packed  map[string]packedLedger
	sheds   bool // this run has left some out
	answers []Answer
}

// Archive are the newest records of accounts in an archive.
type Archive struct {
	// ID tells one archive from another, see life.Ledger.ArchiveID.
	ID string `json:"id,omitempty"`
	// Heads are the records, by account.
	Heads map[string]ArchiveHead `json:"heads,omitempty"`
}

// ArchiveHead is a record in an account's folder.
type ArchiveHead struct {
	Record string `json:"record"`
	SHA256 string `json:"sha256"` // of its manifest
}

// packedLedger is the ledger of an account as it is stored.
type packedLedger struct {
	data   []byte
	packer *Packer // that packed it
	owes   bool    // somebody is owed a message of it, or may have got one
	fires  bool    // something fires in the account, or did lately
}

// New are the ledgers of a fleet about which nothing was said yet.
func New() *Ledgers { return &Ledgers{Fleet: life.New(), packed: map[string]packedLedger{}} }

// Accounts are the accounts of which there is a ledger, sorted.
func (l *Ledgers) Accounts() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return sortedKeys(l.packed)
}

// FleetAccount names the fleet's own ledger to Open and Edit, in the place of an account.
const FleetAccount = "fleet"

// Open gives the ledger of an account, an empty one where there is none. One that cannot be
// read is an error, and begun anew with the next Keep.
func (l *Ledgers) Open(account string) (*life.Ledger, error) {
	if account == FleetAccount {
		return l.Fleet, nil
	}
	l.mutex.Lock()
	packed, ok := l.packed[account]
	l.mutex.Unlock()
	if !ok {
		return life.New(), nil
	}
	data, err := packed.packer.Unpack(packed.data, maxUnpacked)
	if err != nil {
		return life.New(), err
	}
	ledger, err := life.Decode(data)
	if err != nil {
		return life.New(), err
	}
	return ledger, nil
}

// Keep puts the ledger of an account back.
func (l *Ledgers) Keep(account string, ledger *life.Ledger) error {
	data, err := ledger.EncodeOneOfMany()
	if err != nil {
		return err
	}
	l.mutex.Lock()
	if l.packer == nil { // accounts are much alike, and most of all in one run
		l.packer, l.sample = dictionaryOf(data), map[string][]byte{}
	}
	packer := l.packer
	l.mutex.Unlock()
	packed := packedLedger{packer.Pack(data), packer, ledger.HasMessages(), ledger.HasFindings()}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.packed[account] = packed
	l.takeSample(account, data)
	return nil
}

func dictionaryOf(data []byte) *Packer { return NewPacker(data[:min(len(data), maxDictionary)]) }

// sampleSize is how many ledgers of a run are looked at for its dictionary.
const sampleSize = 16

// takeSample has the largest of the first ledgers be the dictionary of the run: that of an
// account that could not be read lacks most of what the others have.
func (l *Ledgers) takeSample(account string, data []byte) {
	if l.sample == nil {
		return
	}
	l.sample[account] = data
	if len(l.sample) < sampleSize {
		return
	}
	for _, other := range l.sample {
		if len(other) > len(data) {
			data = other
		}
	}
	l.packer = dictionaryOf(data)
	for of, plain := range l.sample {
		if packed := l.packed[of]; packed.data != nil {
			packed.data, packed.packer = l.packer.Pack(plain), l.packer
			l.packed[of] = packed
		}
	}
	l.sample = nil
}

// Edit lets an operator change the ledger of an account, which is kept unless that fails. Those
// of the others stay byte for byte. One of which anything cannot be read stays as well, and is
// the error.
func (l *Ledgers) Edit(account string, change func(*life.Ledger) error) error {
	if account == FleetAccount {
		return change(l.Fleet)
	}
	l.mutex.Lock()
	packed, isKnown := l.packed[account]
	l.mutex.Unlock()
	if !isKnown {
		ledger := life.New()
		if err := change(ledger); err != nil {
			return err
		}
		l.packLikeAnother()
		return l.Keep(account, ledger)
	}
	data, err := packed.packer.Unpack(packed.data, maxUnpacked)
	if err != nil {
		return errBroken
	}
	ledger, err := life.DecodeWhole(data)
	if err != nil {
		return err
	}
	if err := change(ledger); err != nil {
		return err
	}
	if data, err = ledger.EncodeOneOfMany(); err != nil {
		return err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.packed[account] = packedLedger{packed.packer.Pack(data), packed.packer, ledger.HasMessages(),
		ledger.HasFindings()}
	return nil
}

// packLikeAnother has Keep pack with the dictionary of an account that is there: with one
// dictionary more, ledgers of others might have to be packed anew.
func (l *Ledgers) packLikeAnother() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if accounts := sortedKeys(l.packed); l.packer == nil && len(accounts) > 0 {
		l.packer = l.packed[accounts[0]].packer
	}
}

// NoteUnread has the accounts of which a run read nothing take the place of those of the run
// before, and says since when none has.
func (l *Ledgers) NoteUnread(accounts []string, now time.Time) map[string]time.Time {
	now = now.Truncate(time.Second).UTC()
	unread := map[string]time.Time{}
	for _, account := range accounts {
		unread[account] = now
		if since, known := l.Unread[account]; known && since.Before(now) {
			unread[account] = since
		}
	}
	l.Unread = unread
	return unread
}

// Forget drops the ledger of an account that is not watched any more.
func (l *Ledgers) Forget(account string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	delete(l.packed, account)
}

// TakeNewer takes over from other ledgers those of the accounts that are to be had, as has tells, of
// which they know a newer run. What channels answered must be settled there. Of the fleet as a whole it
// takes over when there was a run.
func (l *Ledgers) TakeNewer(other *Ledgers, has func(account string) bool) {
	l.Fleet.Key(other.Fleet.Key(""))
	l.Fleet.TakeRuns(other.Fleet)
	for _, account := range other.Accounts() {
		if !has(account) || !l.isNewer(other, account) {
			continue
		}
		l.packed[account] = other.packed[account]
		if since, isUnread := other.Unread[account]; isUnread {
			if l.Unread == nil {
				l.Unread = map[string]time.Time{}
			}
			l.Unread[account] = since
		} else {
			delete(l.Unread, account)
		}
		if slices.Contains(other.NotReached, account) && !slices.Contains(l.NotReached, account) {
			l.NotReached = append(l.NotReached, account)
		}
	}
}

// isNewer says whether others know a newer run of an account, which they have.
func (l *Ledgers) isNewer(other *Ledgers, account string) bool {
	if _, isKnown := l.packed[account]; !isKnown {
		return true
	}
	theirs, err := other.Open(account)
	if err != nil {
		return false
	}
	ours, err := l.Open(account)
	return err != nil || theirs.Runs().Last().At.After(ours.Runs().Last().At)
}
