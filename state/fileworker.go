package state

import (
	"context"
	"errors"
)

// worker does a file store's work, one piece at a time, so that writes keep
// their order.
//
// A file system that hangs, as one over the network may, cannot be interrupted.
// Work that has not ended when its call must end is left behind: its goroutine
// waits for the file system, and as long as it does every other call fails at
// once. So a store never has more than one goroutine.
type worker struct {
	// turn holds one value while nobody works: where the work that was left
	// behind will end; nil when there is none.
	turn chan chan result
	disk func(work func()) // does it
}

// result is the end of a piece of work.
type result struct {
	data []byte
	err  error
}

func newWorker(disk func(work func())) worker {
	if disk == nil {
		disk = func(work func()) { work() }
	}
	w := worker{make(chan chan result, 1), disk}
	w.turn <- nil
	return w
}

// read does work that changes nothing.
func (w worker) read(ctx context.Context, work func() ([]byte, error)) ([]byte, error) {
	data, _, err := w.do(ctx, work)
	return data, err
}

// change does work that writes. What was left behind may take place at any
// time.
func (w worker) change(ctx context.Context, work func() error) error {
	_, begun, err := w.do(ctx, func() ([]byte, error) { return nil, work() })
	if failure, ok := errors.AsType[*Error](err); ok && begun && failure.err != nil {
		failure.Ambiguous = true
	}
	return err
}

// do does work within the context. begun says whether it was begun at all.
func (w worker) do(ctx context.Context, work func() ([]byte, error)) (data []byte, begun bool, err error) {
	var behind chan result
	select {
	case behind = <-w.turn:
	case <-ctx.Done():
		return nil, false, timeout(ctx)
	}
	if failure := over(ctx, behind); failure != nil {
		w.turn <- behind
		return nil, false, failure
	}
	done := make(chan result, 1)
	go func() {
		var r result
		w.disk(func() { r.data, r.err = work() })
		done <- r
	}()
	select {
	case r := <-done:
		w.turn <- nil
		return r.data, true, r.err
	case <-ctx.Done():
		w.turn <- done
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
