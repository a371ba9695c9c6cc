package handler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"

	"licensewatch/license"
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

// aside is something that was kept.
type aside struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
} // the list has the oldest first

// keepAside keeps the bytes of a ledger that cannot be read.
func (m *memory) keepAside(ctx context.Context, data []byte, reason error) error {
	sum := sha256.Sum256(data)
	name := asideName + hex.EncodeToString(sum[:6])
	m.tellAside(ctx, name, reason)
	if err := m.store.makingRoom(ctx, name, func() error { return m.store.Put(ctx, name, data) }); err != nil {
		return err
	}
	m.listAside(ctx, name)
	return nil
}

// enterDisplaced enters what this run moved, now that there is a ledger.
func (m *memory) enterDisplaced(ctx context.Context) {
	for len(m.store.displaced) > 0 {
		name := m.store.displaced[0]
		m.store.displaced = m.store.displaced[1:]
		m.ledger.KeepAside(name)
		m.listAside(ctx, name)
	}
}

// asideNotices tell what is kept aside and was not told yet.
func (m *memory) asideNotices() (notices []license.Notice) {
	var found []string
	for _, name := range m.ledger.Aside() {
		if strings.HasPrefix(name, displacedName) {
			found = append(found, name)
		} else { // of several ledgers the last one
			notices = []license.Notice{{Code: license.NoticeStateCorrupt, Args: []string{name}}}
		}
	}
	if len(found) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeStateDisplaced, Args: found})
	}
	return notices
}

// tellAside sees to it that the loss is told, in the first message there is.
func (m *memory) tellAside(ctx context.Context, name string, reason error) {
	m.ledger.KeepAside(name)
	m.run.logger.LogAttrs(ctx, slog.LevelError, "the ledger cannot be read; it is kept aside, and begun anew",
		slog.String("aside", name), slog.String("reason", reason.Error()))
}

// clearAside removes what has been kept long enough, when its time has come.
func (m *memory) clearAside(ctx context.Context) {
	if m.works() && m.lock.hold == held && m.ledger.ClearsAside(m.run.now()) {
		ctx, cancel := m.lock.whole(ctx)
		defer cancel()
		m.listAside(ctx, "")
		m.enterDisplaced(ctx)
	}
}

// listAside brings the list up to date: it enters what was kept just now, unless the
// name is empty, and removes what is too old or too much. What the store refuses here
// costs no memory; it is tried again on another day.
func (m *memory) listAside(ctx context.Context, added string) {
	now := m.run.now()
	var list, kept []aside
	data, err := m.store.Get(ctx, asideList)
	if err != nil && !errors.Is(err, state.ErrNotFound) && !storeFailure(err).Foreign() { // to write it anew would be to forget what it holds
		m.ledger.ClearAsideAt(now.Add(asidePause))
		return
	}
	_ = json.Unmarshal(data, &list) // one that cannot be read is begun anew
	list = append(list, aside{added, now.UTC()})
	for i, a := range list {
		switch {
		case !isAside(a.Name) || a.Name == added && i+1 < len(list):
		case i < len(list)-mostAside || now.Sub(a.At) >= asideLife:
			if m.removeAside(ctx, a.Name) != nil {
				kept = append(kept, a)
			}
		default:
			kept = append(kept, a)
		}
	}
	if data, err := json.Marshal(kept); err == nil {
		_ = m.store.makingRoom(ctx, asideList, func() error { return m.store.Put(ctx, asideList, data) })
	}
	var next time.Time
	if len(kept) > 0 {
		next = now.Add(max(asidePause, kept[0].At.Add(asideLife).Sub(now)))
	}
	m.ledger.ClearAsideAt(next)
}

func isAside(name string) bool {
	return strings.HasPrefix(name, asideName) || strings.HasPrefix(name, displacedName)
}

// removeAside removes what was kept: an object, or what was found.
func (m *memory) removeAside(ctx context.Context, name string) error {
	if strings.HasPrefix(name, displacedName) {
		return m.store.Discard(ctx, name)
	}
	return m.store.Delete(ctx, name)
}
