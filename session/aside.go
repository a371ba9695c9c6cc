package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"

	"licensewatch/state"
)

// Ledgers that could not be read are kept for people, for a while, and so is what
// stood in the memory's way. A store cannot be listed, and the ledger that should know
// of them is the one that gets lost, so a list of them lies beside them. It is read and
// written when something is put there, and when the ledger says that it is time to
// remove some.

const (
	asideList = "aside/list.json"
	// asideLife is how long such a thing is kept, and mostAside how many of them.
	asideLife = 30 * 24 * time.Hour
	mostAside = 10
	// asidePause is the least time between two looks at the list.
	asidePause = 24 * time.Hour
)

// asideRecord is something that was kept.
type asideRecord struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
} // the list has the oldest first

// keepAside keeps the bytes of a ledger that cannot be read.
func (s *Session) keepAside(ctx context.Context, data []byte, reason error) error {
	sum := sha256.Sum256(data)
	name := asideName + hex.EncodeToString(sum[:6])
	s.tellAside(ctx, name, reason)
	if err := s.store.makingRoom(ctx, name, func() error { return s.store.Put(ctx, name, data) }); err != nil {
		return err
	}
	s.listAside(ctx, name)
	return nil
}

// givesAnything says whether an object that nobody has written is there too: then it is not the
// store that answers, but somebody in between, who has the same page for all.
func (s *Session) givesAnything(ctx context.Context) bool {
	_, err := s.store.Get(ctx, asideName+strings.ToLower(rand.Text()))
	return err == nil
}

// enterDisplaced enters what this run moved, now that there is a ledger.
func (s *Session) enterDisplaced(ctx context.Context) {
	for len(s.store.displaced) > 0 {
		name := s.store.displaced[0]
		s.store.displaced = s.store.displaced[1:]
		s.Ledger.KeepAside(name)
		s.listAside(ctx, name)
	}
}

// Aside are the ledgers that were kept aside and not told of yet, and what was found in
// the way of objects and moved.
func (s *Session) Aside() (ledgers, found []string) {
	for _, name := range s.Ledger.Aside() {
		if strings.HasPrefix(name, displacedName) {
			found = append(found, name)
		} else {
			ledgers = append(ledgers, name)
		}
	}
	return ledgers, found
}

// tellAside sees to it that the loss is told, in the first message there is.
func (s *Session) tellAside(ctx context.Context, name string, reason error) {
	s.Ledger.KeepAside(name)
	s.options.Logger.LogAttrs(ctx, slog.LevelError, "the ledger cannot be read; it is kept aside, and begun anew",
		slog.String("aside", name), slog.String("reason", reason.Error()))
}

// clearAside removes what has been kept long enough, when its time has come.
func (s *Session) clearAside(ctx context.Context) {
	if s.Works() && s.lock.hold == lockHeld && s.Ledger.ClearsAside(s.options.Now()) {
		ctx, cancel := s.lock.lockedContext(ctx)
		defer cancel()
		s.listAside(ctx, "")
		s.enterDisplaced(ctx)
	}
}

// listAside brings the list up to date: it enters what was kept just now, unless the
// name is empty, and removes what is too old or too much. What the store refuses here
// costs no memory; it is tried again on another day.
func (s *Session) listAside(ctx context.Context, added string) {
	now := s.options.Now()
	var list, kept []asideRecord
	data, err := s.store.Get(ctx, asideList)
	// to write it anew would be to forget what it holds
	if err != nil && !errors.Is(err, state.ErrNotFound) && !storeFailure(err).Foreign() {
		s.Ledger.ClearAsideAt(now.Add(asidePause))
		return
	}
	_ = json.Unmarshal(data, &list) // one that cannot be read is begun anew
	list = append(list, asideRecord{added, now.UTC()})
	for i, a := range list {
		switch {
		case !isAside(a.Name) || a.Name == added && i+1 < len(list):
		case i < len(list)-mostAside || now.Sub(a.At) >= asideLife:
			if s.removeAside(ctx, a.Name) != nil {
				kept = append(kept, a)
			}
		default:
			kept = append(kept, a)
		}
	}
	if data, err := json.Marshal(kept); err == nil {
		_ = s.store.makingRoom(ctx, asideList, func() error { return s.store.Put(ctx, asideList, data) })
	}
	var next time.Time
	if len(kept) > 0 {
		next = now.Add(max(asidePause, kept[0].At.Add(asideLife).Sub(now)))
	}
	s.Ledger.ClearAsideAt(next)
}

func isAside(name string) bool {
	return strings.HasPrefix(name, asideName) || strings.HasPrefix(name, displacedName)
}

// removeAside removes what was kept: an object, or what was found.
func (s *Session) removeAside(ctx context.Context, name string) error {
	if strings.HasPrefix(name, displacedName) {
		return s.store.Discard(ctx, name)
	}
	return s.store.Delete(ctx, name)
}
