package state //nolint:testpackage // root is refused nothing, so that no test can have the file system say so

import (
	"io/fs"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestReadsOnlyAdvice: whoever only reads is not advised to allow more.
func TestReadsOnlyAdvice(t *testing.T) {
	t.Parallel()
	for readsOnly, want := range map[bool]string{true: " read in /evidence", false: " read and write in /evidence"} {
		opened, err := OpenArchive("file:///evidence", "--archive", time.Time{}, Options{ReadsOnly: readsOnly})
		if err != nil {
			t.Fatal(err)
		}
		refused := &fs.PathError{Op: "open", Path: "/evidence/self", Err: syscall.EACCES}
		if text := opened.(*fileStore).faultError(refused).Error(); !strings.Contains(text, want) { //nolint:forcetypeassert // of a directory
			t.Errorf("reads only %v: %s", readsOnly, text)
		}
	}
}
