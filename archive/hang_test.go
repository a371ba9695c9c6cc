package archive_test

import (
	"context"
	"io"
	"sync"
	"testing"

	"licensewatch/archive"
)

// abandoned is a store that gives up on a copy which goes on writing, as a file system does
// that hangs.
type abandoned struct {
	archive.Store

	writing *sync.WaitGroup
}

// CopyTo implements archive.Store.
func (a abandoned) CopyTo(_ context.Context, _ string, w io.Writer) error {
	begun := make(chan struct{})
	a.writing.Go(func() {
		close(begun)
		for range 3 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	})
	<-begun
	return context.DeadlineExceeded
}

// TestAbandonedCopy: a copy that a store gave up on may still write; with the race detector,
// this fails where what it writes is read.
func TestAbandonedCopy(t *testing.T) {
	t.Parallel()
	store := abandoned{writing: &sync.WaitGroup{}}
	for range 20 {
		if archive.IsMissing(t.Context(), store, archive.AccountFolder(""), "2026/11/28/010700Z-4f13b5") {
			t.Error("what nobody read is missing")
		}
	}
	store.writing.Wait()
}
