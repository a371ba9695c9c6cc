package state

import (
	"context"
	"errors"
)

// Disk does the work of the stores in directories that are opened with it, one piece
// at a time, so that writes keep their order.
//
// A file system that hangs, as one over the network may, cannot be interrupted.
// Work that has not ended when its call must end is left behind: its goroutine
// waits for the file system, and as long as it does every other call fails at
// once. So there is never more than one goroutine, however many stores are opened.
type Disk struct {
	// turn holds one value while nobody works: where the work that was left
	// behind will end; nil when there is none.
	turn chan chan result
	do   func(work func())
}

// result is the end of a piece of work.
type result struct {
	data []byte
	err  error
}

// NewDisk makes a Disk. do does a piece of work, and stands in for a file system that
// hangs; nil does it at once.
func NewDisk(do func(work func())) *Disk {
	if do == nil {
		do = func(work func()) { work() }
	}
	d := &Disk{make(chan chan result, 1), do}
	d.turn <- nil
	return d
}

// read does work that changes nothing.
func (d *Disk) read(ctx context.Context, work func() ([]byte, error)) ([]byte, error) {
	data, _, err := d.within(ctx, work)
	return data, err
}

// change does work that writes. What was left behind may take place at any
// time.
func (d *Disk) change(ctx context.Context, work func() error) error {
	_, begun, err := d.within(ctx, func() ([]byte, error) { return nil, work() })
	if failure, ok := errors.AsType[*Error](err); ok && begun && failure.err != nil {
		failure.Ambiguous = true
	}
	return err
}

// within does work within the context. begun says whether it was begun at all.
func (d *Disk) within(ctx context.Context, work func() ([]byte, error)) (data []byte, begun bool, err error) {
	var behind chan result
	select {
	case behind = <-d.turn:
	case <-ctx.Done():
		return nil, false, timeout(ctx)
	}
	if failure := over(ctx, behind); failure != nil {
		d.turn <- behind
		return nil, false, failure
	}
	done := make(chan result, 1)
	go func() {
		var r result
		d.do(func() { r.data, r.err = work() })
		done <- r
	}()
	select {
	case r := <-done:
		d.turn <- nil
		return r.data, true, r.err
	case <-ctx.Done():
		d.turn <- done
		return nil, true, timeout(ctx)
	}
}

// over says why work cannot begin; nil when it can.
func over(ctx context.Context, behind chan result) *Error {
	if ctx.Err() != nil {
		return timeout(ctx)
	}
	if behind == nil {
		return nil
	}
	select {
	case <-behind:
		return nil
	default:
		return &Error{
			Code:      codeTimeout,
			Retryable: true,
			reason:    "an earlier call has not ended yet",
			hint:      "the file system hangs: see to the mount",
			err:       context.DeadlineExceeded,
		}
	}
}
