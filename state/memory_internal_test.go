package state

import (
	"bytes"
	"context"
	"sync"
	"time"
)

// Memory is a store that the tests of what all stores promise have beside the real ones. It
// ends with the process.
type Memory struct {
	caller caller
	holder string // of the lease; empty: there is none
	*memoryObjects
}

// memoryObjects are what a store and its leases share.
type memoryObjects struct {
	mu      sync.Mutex
	objects map[string][]byte
	revoked map[string]bool // by holder
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{newCaller("memory", Options{}), "",
		&memoryObjects{objects: map[string][]byte{}, revoked: map[string]bool{}}}
}

// Get implements Store.
func (m *Memory) Get(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := m.doLocked(ctx, opGet, name, func() error {
		stored, ok := m.objects[name]
		if !ok {
			return ErrNotFound
		}
		data = bytes.Clone(stored)
		return nil
	})
	return data, err
}

// Put implements Store.
func (m *Memory) Put(ctx context.Context, name string, data []byte) error {
	return m.doLocked(ctx, opPut, name, func() error { return m.keepObject(name, data) })
}

// Create implements Store.
func (m *Memory) Create(ctx context.Context, name string, data []byte) error {
	return m.doLocked(ctx, opCreate, name, func() error {
		if _, ok := m.objects[name]; ok {
			return ErrExists
		}
		return m.keepObject(name, data)
	})
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, name string) error {
	return m.doLocked(ctx, opDelete, name, func() error {
		delete(m.objects, name)
		return nil
	})
}

// Displace implements Store. Everything in memory can be replaced.
func (*Memory) Displace(context.Context, string, string) error { return ErrNotFound }

// Discard implements Store.
func (m *Memory) Discard(ctx context.Context, name string) error { return m.Delete(ctx, name) }

// Lease implements Store.
func (m *Memory) Lease(holder string, until time.Time) Store {
	c := m.caller
	c.lease = newLease(until)
	return &Memory{c, holder, m.memoryObjects}
}

// Revoke implements Store.
func (m *Memory) Revoke(ctx context.Context, holder string) error {
	return m.caller.callRevoke(ctx, func(context.Context) error {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.revoked[holder] = true
		return nil
	})
}

// String returns "memory".
func (*Memory) String() string { return "memory" }

func (m *Memory) keepObject(name string, data []byte) error {
	if len(data) > MaxSize {
		return tooLargeError()
	}
	m.objects[name] = append([]byte{}, data...)
	return nil
}

// doLocked makes one call under the lock, and none when the context is over: a store
// that works after its time would hide mistakes from tests.
func (m *Memory) doLocked(ctx context.Context, op, name string, work func() error) error {
	return m.caller.callStore(ctx, op, name, func(ctx context.Context) error {
		if ctx.Err() != nil {
			return timeoutError(ctx)
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.holder != "" && op != opGet && m.revoked[m.holder] {
			return ErrLost
		}
		return work()
	})
}
