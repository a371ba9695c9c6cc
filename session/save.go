package session

import (
	"bytes"
	"context"
	"time"

	"licensewatch/internal/instant"
	"licensewatch/life"
)

// Save saves the ledger by a time, if it has changed: a store that hangs must not take
// the time that what is still to be said needs. Nothing but that time ends it: what was
// said must be remembered also when the run is given up.
func (s *Session) Save(ctx context.Context, by time.Time) {
	s.mutex.Lock()
	s.changes++
	change := s.changes
	s.mutex.Unlock()
	s.saveChange(ctx, by, change)
}

// saveChange is Save for a change, which often went with somebody else's write by the
// time that this one may write.
func (s *Session) saveChange(ctx context.Context, by time.Time, change int) {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), by)
	defer cancel()
	select {
	case s.saving <- struct{}{}:
		defer func() { <-s.saving }()
	case <-ctx.Done():
		s.Fail(ctx, ctx.Err())
		return
	}
	// without the lock no ledger was read, and this one is empty
	if s.savedChanges >= change || !s.Works() || s.lock.hold != lockHeld {
		return
	}
	err := ctx.Err() // a large ledger takes time to encode, and there is none left
	var data []byte
	if err == nil {
		data, change, err = s.encodeLedger()
	}
	if err == nil && !bytes.Equal(data, s.saved) {
		err = s.store.Put(ctx, s.name, data)
	}
	if err != nil {
		s.Fail(ctx, err)
		return
	}
	s.saved, s.savedChanges = data, change
}

// encodeLedger gives the ledger's bytes, and the last change that is in them.
func (s *Session) encodeLedger() ([]byte, int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	encode := s.Ledger.Encode
	if s.Accounts != nil {
		encode = s.Accounts.Encode
	}
	data, err := encode()
	return data, s.changes, err
}

// BeginMessage is called before a channel is sent a message; Note must follow.
func (s *Session) BeginMessage() {
	if s != nil {
		s.sending.startSending()
	}
}

// Note enters what a channel has answered, and saves it: what was said and is not
// saved would be said again. Answers that come together are saved together.
func (s *Session) Note(ctx context.Context, enter func(*life.Ledger)) {
	if s == nil {
		return
	}
	change := s.changeLedger(enter)
	s.sending.awaitOthers(min(longestGathering, time.Until(s.options.End)/4))
	s.saveChange(ctx, instant.Halfway(time.Now(), s.options.End), change)
}

// changeLedger changes the ledger, and gives the number of the change.
func (s *Session) changeLedger(enter func(*life.Ledger)) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	enter(s.Ledger)
	s.changes++
	return s.changes
}
