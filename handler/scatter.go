package handler

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/fleet"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/session"
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

// scattering has slices of the accounts read by runs of their own.
type scattering struct {
	slices []fleet.Slice
	parts  session.Parts
	mode   license.Mode
	end    time.Time // of reading, by the real clock
	client *tencent.Client
	self   tencent.Function
	sleep  func(ctx context.Context, d time.Duration) error
	logger *slog.Logger
}

// scatter gives the accounts to those who judge them as their readings come. What others do
// not read, this run reads meanwhile; unread says which slices these are, and why.
func (s *scattering) scatter(ctx context.Context, accounts []*accountResult,
	next chan<- *accountResult) (unread []string) {
	var own sync.WaitGroup
	defer own.Wait()
	readMyself := func(accounts []*accountResult) { own.Go(func() { giveAll(accounts, next) }) }
	open := map[fleet.Slice][]*accountResult{}
	gather := func() {
		for slice, of := range open {
			if left, ok := s.gatherSlice(ctx, slice, of, next); ok {
				delete(open, slice)
				readMyself(left)
			}
		}
	}
	for _, slice := range s.slices {
		for _, a := range accounts {
			if slice.Has(a.account.Uin) {
				open[slice] = append(open[slice], a)
			}
		}
	}
	gather() // what is there when the platform runs the event again
	for slice, err := range s.invokeSlices(ctx, slices.Collect(maps.Keys(open))) {
		unread = append(unread, slice.Name()+" could not be asked for ("+account.FailureOf(err).Code+")")
		readMyself(open[slice])
		delete(open, slice)
	}
	for len(open) > 0 && time.Now().Before(s.end) && s.sleep(ctx, min(gatherPause, time.Until(s.end))) == nil {
		gather()
	}
	for slice, of := range open {
		unread = append(unread, slice.Name()+" did not answer")
		readMyself(of) // there is no time any more; what they are owed is told
	}
	slices.Sort(unread)
	for _, problem := range unread {
		s.logger.LogAttrs(ctx, slog.LevelWarn, "a slice was not read for this run", slog.String("problem", problem))
	}
	return unread
}

func giveAll(accounts []*accountResult, next chan<- *accountResult) {
	for _, a := range accounts {
		next <- a
	}
}

// invokeSlices has this function read the slices, and gives those for which it could not be
// invoked. That takes half of the time at most: the rest is for reading them here.
func (s *scattering) invokeSlices(ctx context.Context, asked []fleet.Slice) map[fleet.Slice]error {
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), s.end))
	defer cancel()
	failed := map[fleet.Slice]error{}
	var mutex sync.Mutex
	var invoking sync.WaitGroup
	for _, slice := range asked {
		invoking.Go(func() {
			err := errInternal
			guard.Run(ctx, s.logger, slice.Name(), func() { err = s.invokeSlice(ctx, slice) })
			if err != nil {
				mutex.Lock()
				defer mutex.Unlock()
				failed[slice] = err
			}
		})
	}
	invoking.Wait()
	return failed
}

// invokeSlice has this function read a slice.
func (s *scattering) invokeSlice(ctx context.Context, slice fleet.Slice) error {
	event, _ := json.Marshal(sliceEvent{ // texts and numbers
		Type: sliceType, Run: s.parts.Run(), Slice: slice.Number, Of: slice.Of, Mode: s.mode,
	})
	return s.client.InvokeFunction(ctx, s.self, string(event))
}

// gatherSlice gives those accounts of a slice on that a run has read, with its readings, and
// says who is left; ok is false where nothing is there yet.
func (s *scattering) gatherSlice(ctx context.Context, slice fleet.Slice, accounts []*accountResult,
	next chan<- *accountResult) (left []*accountResult, ok bool) {
	data, err := s.parts.Read(ctx, slice.Name())
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
