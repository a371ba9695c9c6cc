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
	turn chan chan workResult
	do   func(work func())
}

// workResult is the end of a piece of work.
type workResult struct {
	data []byte
	err  error
}

// NewDisk makes a Disk. do does a piece of work, and stands in for a file system that
// hangs; nil does it at once.
func NewDisk(do func(work func())) *Disk {
	if do == nil {
		do = func(work func()) { work() }
	}
	d := &Disk{make(chan chan workResult, 1), do}
	d.turn <- nil
	return d
}

// readWithin does work that changes nothing.
func (d *Disk) readWithin(ctx context.Context, work func() ([]byte, error)) ([]byte, error) {
	data, _, err := d.workWithin(ctx, work)
	return data, err
}

// changeWithin does work that writes. What was left behind may take place at any
// time.
func (d *Disk) changeWithin(ctx context.Context, work func() error) error {
	_, begun, err := d.workWithin(ctx, func() ([]byte, error) { return nil, work() })
	if failure, ok := errors.AsType[*Error](err); ok && begun && failure.err != nil {
		failure.Ambiguous = true
	}
	return err
}

// workWithin does work within the context. begun says whether it was begun at all.
func (d *Disk) workWithin(ctx context.Context, work func() ([]byte, error)) (data []byte, begun bool, err error) {
	var behind chan workResult
	select {
	case behind = <-d.turn:
	case <-ctx.Done():
		return nil, false, timeoutError(ctx)
	}
	if failure := refuseWork(ctx, behind); failure != nil {
		d.turn <- behind
		return nil, false, failure
	}
	done := make(chan workResult, 1)
	go func() {
		var r workResult
		d.do(func() { r.data, r.err = work() })
		done <- r
	}()
	select {
	case r := <-done:
		d.turn <- nil
		return r.data, true, r.err
	case <-ctx.Done():
		d.turn <- done
		return nil, true, timeoutError(ctx)
	}
}

// refuseWork says why work cannot begin; nil when it can.
func refuseWork(ctx context.Context, behind chan workResult) *Error {
	if ctx.Err() != nil {
		return timeoutError(ctx)
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
