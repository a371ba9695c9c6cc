package handler

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/state"
	"licensewatch/tencent"
)

// A run that scatters has slices of the accounts read by runs of their own. These read and
// nothing else: what they have read they write into the store, once, and the run that
// scattered judges, decides and tells with the one memory that there is, as if it had read
// everything itself. Whoever dies, whatever comes twice or late costs readings, which the
// run that gathers reads itself where there is time, or calls not reached.

const (
	// gatherPause is the wait between two looks for what the slices have read.
	gatherPause = time.Second
	// maxPart is how large a part may be, unpacked.
	maxPart = 64 << 20
	// partMargin is what gzip may not have written yet of a part.
	partMargin = 256 << 10
)

// partReading is the reading of an account, in a part.
type partReading struct {
	Uin      string
	Snapshot license.Snapshot
}

// readSlice reads a slice of the accounts for the run that asks for it.
func (r *run) readSlice(ctx context.Context) error {
	asks, slice := r.event.division.asks, r.event.division.slice
	switch data, err := r.partOf(ctx, asks.Run, slice); {
	case !r.memory.IsUnderWay(ctx, asks.Run):
		r.outcome, r.reason = OutcomeFailed, "nobody waits for this slice: run "+asks.Run+" is not under way"
		return nil
	case err == nil && data != nil:
		r.outcome, r.reason = OutcomeQuiet, slice.Name()+" of run "+asks.Run+" was read already"
		return nil
	}
	now := r.reportTime()
	r.listMembers(ctx, now)
	part := newPartWriter()
	reading := r.newReading(now, r.budget.collect) // the run that gathers waits until a later time
	reading.take = func(_ context.Context, a *accountResult, s license.Snapshot) {
		part.add(partReading{a.account.Uin, s})
		a.noteReading(s)
	}
	reading.readSideBySide(ctx, func(next chan<- *accountResult) { giveAll(r.fleet.results, next) })
	r.countFleet()
	if !r.memory.IsUnderWay(ctx, asks.Run) {
		r.outcome, r.reason = OutcomeFailed, "nobody waits for this slice any more: run "+asks.Run+" is over"
		return nil
	}
	if _, err := r.memory.CreatePart(ctx, asks.Run, slice.Name(), part.close()); err != nil {
		r.outcome, r.reason = OutcomeFailed, "what was read could not be stored"
		return &SliceError{Slice: slice.Name(), Reason: err.Error()}
	}
	r.outcome, r.reason = OutcomeQuiet, "read "+slice.Name()+" for run "+asks.Run
	return nil
}

// partOf is what was read of a slice; nil where nothing was yet.
func (r *run) partOf(ctx context.Context, id string, slice fleet.Slice) ([]byte, error) {
	if !r.memory.Works() {
		return nil, nil
	}
	return r.memory.Part(ctx, id, slice.Name())
}

// scatter has slices of the accounts read by runs of their own, and gives the accounts to
// those who judge them as their readings come. What others do not read, this run reads
// meanwhile.
func (r *fleetReading) scatter(ctx context.Context, accounts []*accountResult, next chan<- *accountResult) {
	var own sync.WaitGroup
	defer own.Wait()
	readMyself := func(accounts []*accountResult) { own.Go(func() { giveAll(accounts, next) }) }
	open := map[fleet.Slice][]*accountResult{}
	gather := func() {
		for slice, of := range open {
			if left, ok := r.gatherSlice(ctx, slice, of, next); ok {
				delete(open, slice)
				readMyself(left)
			}
		}
	}
	for i := range r.event.division.scatter {
		slice := fleet.Slice{Number: i + 1, Of: r.event.division.scatter}
		for _, a := range accounts {
			if slice.Has(a.account.Uin) {
				open[slice] = append(open[slice], a)
			}
		}
	}
	gather() // what is there when the platform runs the event again
	for slice, of := range open {
		if err := r.invokeSlice(ctx, slice); err != nil {
			r.unread = append(r.unread, slice.Name()+" could not be asked for ("+account.FailureOf(err).Code+")")
			delete(open, slice)
			readMyself(of)
		}
	}
	for len(open) > 0 && time.Now().Before(r.end) && r.handler.sleep(ctx, min(gatherPause, time.Until(r.end))) == nil {
		gather()
	}
	for slice, of := range open {
		r.unread = append(r.unread, slice.Name()+" did not answer")
		readMyself(of) // there is no time any more; what they are owed is told
	}
	slices.Sort(r.unread)
	for _, problem := range r.unread {
		r.logger.LogAttrs(ctx, slog.LevelWarn, "a slice was not read for this run", slog.String("problem", problem))
	}
}

func giveAll(accounts []*accountResult, next chan<- *accountResult) {
	for _, a := range accounts {
		next <- a
	}
}

// invokeSlice has this function read a slice.
func (r *fleetReading) invokeSlice(ctx context.Context, slice fleet.Slice) error {
	ctx, cancel := context.WithDeadline(ctx, r.end)
	defer cancel()
	event, _ := json.Marshal(sliceEvent{Type: sliceType, Run: r.id, Slice: slice.Number, Of: slice.Of, Mode: r.mode}) // texts and numbers
	self := tencent.Function{Region: r.host.TencentcloudRegion, Namespace: r.host.Namespace, Name: r.host.FunctionName,
		Version: r.host.FunctionVersion}
	return r.client.InvokeFunction(ctx, self, string(event))
}

// gatherSlice gives those accounts of a slice on that a run has read, with its readings, and
// says who is left; ok is false where nothing is there yet.
func (r *fleetReading) gatherSlice(ctx context.Context, slice fleet.Slice, accounts []*accountResult,
	next chan<- *accountResult) (left []*accountResult, ok bool) {
	data, err := r.partOf(ctx, r.id, slice)
	if err != nil || data == nil {
		return nil, false
	}
	left = slices.Clone(accounts)
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return left, true
	}
	decoder := json.NewDecoder(io.LimitReader(zip, maxPart))
	for {
		var reading partReading
		if decoder.Decode(&reading) != nil {
			return left, true
		}
		i := slices.IndexFunc(left, func(a *accountResult) bool { return a.account.Uin == reading.Uin })
		if i >= 0 {
			left[i].snapshot = &reading.Snapshot
			next <- left[i]
			left = slices.Delete(left, i, i+1)
		}
	}
}

// dropParts removes what slices have read for this run.
func (r *run) dropParts(ctx context.Context) {
	for i := range r.event.division.scatter {
		if slice := (fleet.Slice{Number: i + 1, Of: r.event.division.scatter}); r.memory.Works() {
			r.memory.DropPart(ctx, r.id, slice.Name())
		}
	}
}

// partWriter writes the readings of a slice. It is safe side by side.
type partWriter struct {
	mutex sync.Mutex
	data  bytes.Buffer
	zip   *gzip.Writer
}

func newPartWriter() *partWriter {
	w := &partWriter{}
	w.zip, _ = gzip.NewWriterLevel(&w.data, gzip.BestSpeed) // the level is one there is
	return w
}

// add adds a reading. One for which there is no room, or which cannot be written, is left to
// the run that gathers.
func (w *partWriter) add(reading partReading) {
	line, err := json.Marshal(reading)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if err == nil && w.data.Len()+len(line)+partMargin <= state.MaxSize {
		_, _ = w.zip.Write(append(line, '\n')) // a buffer takes it
	}
}

func (w *partWriter) close() []byte {
	_ = w.zip.Close()
	return w.data.Bytes()
}

// unreadSlices say which slices were not read for this run, behind how it ended.
func (r *run) unreadSlices() string {
	if r.fleet == nil || len(r.unread) == 0 {
		return ""
	}
	return "; " + strings.Join(r.unread, ", ")
}
