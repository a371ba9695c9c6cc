package records

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"licensewatch/archive"
	"licensewatch/internal/guard"
	"licensewatch/ledgers"
	"licensewatch/license"
)

// Options say what is read.
type Options struct {
	Store archive.Store
	// From and To are the first and the last day, in UTC.
	From, To time.Time
	// MostHeld bounds what is held, packed, in bytes, and likewise what is being read, which is not
	// packed. A record that is larger is not read: to unpack it takes several times as much.
	MostHeld int
	// ChannelName is what people call a channel of the settings.
	ChannelName func(name string) string
	Logger      *slog.Logger
}

// Records are those that were read, and the readings that a run adds.
type Records struct {
	// Since is the first day of which all records were read; the day after To: none was.
	Since time.Time
	// Stopped is why not all days were read; nil: they were. It is that of the context where
	// the time was up.
	Stopped error

	options  Options
	accounts []string   // folders of the archive
	mutex    sync.Mutex // guards what is below, while records are read
	packer   *ledgers.Packer
	held     int
	reading  int        // bytes that are being read
	hasRead  *sync.Cond // they have become less
	entrance sync.Mutex // who waits for room holds it: the others wait behind, newer days first
	next     int
	done     []bool
	found    map[string][]*entry // by account
	added    map[string]*entry   // likewise
}

// ErrRoom is that what was read takes all the room there is.
var ErrRoom = errors.New("too little memory")

// New makes what holds the records; nothing is read yet.
func New(o Options) *Records {
	r := &Records{Since: o.To.AddDate(0, 0, 1), options: o, found: map[string][]*entry{}, added: map[string]*entry{}}
	r.hasRead = sync.NewCond(&r.mutex)
	return r
}

// Days are the first and the last day that is looked back at, in UTC.
func (r *Records) Days() (from, to time.Time) { return r.options.From, r.options.To }

// Read reads the days of accounts, newest first, so many side by side, until ctx ends. The
// accounts are folders of the archive. After a day that cannot be read no older one is.
func (r *Records) Read(ctx context.Context, accounts []string, readers int) {
	days := int(r.options.To.Sub(r.options.From)/(24*time.Hour)) + 1
	r.accounts, r.done = accounts, make([]bool, max(0, days)*len(accounts))
	var working sync.WaitGroup
	for range min(readers, len(r.done)) {
		working.Go(func() {
			guard.Run(ctx, r.options.Logger, "records", func() { r.readDays(ctx) })
		})
	}
	working.Wait()
	r.settleSince()
}

// readDays reads one day of an account after the other.
func (r *Records) readDays(ctx context.Context) {
	for {
		i, ok := r.nextDay(ctx)
		if !ok {
			return
		}
		account, day := r.accounts[i%len(r.accounts)], r.dayOf(i)
		entries, err := r.readDay(ctx, account, day)
		r.enterDay(i, account, entries, err)
	}
}

// dayOf is the day of a piece of work.
func (r *Records) dayOf(i int) time.Time {
	return r.options.To.AddDate(0, 0, -(i / len(r.accounts)))
}

// nextDay is the next piece of work, a day of an account, while there is time.
func (r *Records) nextDay(ctx context.Context) (i int, ok bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.next == len(r.done) || r.Stopped != nil {
		return 0, false
	}
	if r.Stopped = ctx.Err(); r.Stopped != nil {
		return 0, false
	}
	i, r.next = r.next, r.next+1
	return i, true
}

// enterDay enters what came of a piece of work.
func (r *Records) enterDay(i int, account string, entries []*entry, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err != nil {
		if r.Stopped == nil {
			r.Stopped = err
		}
		return
	}
	r.done[i] = true
	r.found[account] = append(r.found[account], entries...)
}

// settleSince finds out from which day on all was read, and lets go what is older.
func (r *Records) settleSince() {
	done := 0
	for done < len(r.done) && r.done[done] {
		done++
	}
	if len(r.accounts) > 0 {
		r.Since = r.options.To.AddDate(0, 0, 1-done/len(r.accounts))
	}
	if done < len(r.done) && r.Stopped == nil { // what read it has broken
		r.Stopped = errors.New("internal error")
	}
	for account, entries := range r.found {
		kept := entries[:0]
		for _, e := range entries {
			if !e.at.Before(r.Since) {
				kept = append(kept, e)
			}
		}
		r.found[account] = sortedEntries(kept)
	}
}

// Count says how many records were read, and how many of them are broken.
func (r *Records) Count() (read, broken int) {
	for _, entries := range r.found {
		for _, e := range entries {
			switch {
			case e.defect != "":
				broken++
			case !e.isUnsealed:
				read++
			}
		}
	}
	return read, broken
}

// reserveRoom waits until there is room to read so many bytes, and says whether there ever is.
func (r *Records) reserveRoom(size int) (hasRoom bool) {
	most := r.options.MostHeld
	if most > 0 && size > most {
		return false
	}
	r.entrance.Lock()
	defer r.entrance.Unlock()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for most > 0 && r.reading+size > most {
		r.hasRead.Wait()
	}
	r.reading += size
	return true
}

// releaseRoom gives back the room to read so many bytes.
func (r *Records) releaseRoom(size int) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.reading -= size
	r.hasRead.Broadcast()
}

// holdPacked packs what an entry holds, and says whether there was room for it. The first is the
// dictionary of those that follow.
func (r *Records) holdPacked(e *entry, plain []byte) (hasRoom bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	const maxDictionary = 32 << 10 // as much as is looked back
	if r.packer == nil {
		r.packer = ledgers.NewPacker(append([]byte(nil), plain[:min(len(plain), maxDictionary)]...))
	}
	e.packed = r.packer.Pack(plain)
	r.held += len(e.packed)
	return r.options.MostHeld <= 0 || r.held <= r.options.MostHeld
}

// Add adds what the run itself has read of an account: a snapshot, and what the rules said. It
// may be called while records are read. For that there is always room: a page without older
// records is one, a page that takes an account for unread is wrong.
func (r *Records) Add(account, label string, s license.Snapshot, findings []license.Finding) error {
	e := &entry{name: label, at: s.ReadAt}
	plain, err := e.encode(s, findings)
	if err != nil {
		return err
	}
	r.holdPacked(e, plain)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.added[account] = e
	return nil
}
