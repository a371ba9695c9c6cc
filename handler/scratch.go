package handler

import (
	"os"
	"sync"
)

// scratchDirectory is a directory of a run's own, for files that nobody needs behind its end. It is
// made when it is first asked for; the zero value is ready.
type scratchDirectory struct {
	mutex  sync.Mutex // a run that breaks ends beside its downloads
	path   string     // empty: it was not asked for
	isOver bool
}

// directory is its path.
func (d *scratchDirectory) directory() (string, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.isOver {
		return "", os.ErrClosed
	}
	if d.path != "" {
		return d.path, nil
	}
	var err error
	d.path, err = os.MkdirTemp("", "licensewatch-")
	return d.path, err
}

// remove removes it with all that is in it, at the end of the run: from then on there is none.
func (d *scratchDirectory) remove() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.isOver = true
	if d.path != "" {
		_ = os.RemoveAll(d.path) // nothing but the space depends on it
	}
}
