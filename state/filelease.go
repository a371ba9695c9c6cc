package state

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// leasePrefix begins the name of a lease's directory.
//
// Whatever a holder writes lies there first, and gets its name by a rename or a
// link out of it; what it deletes is moved into it. The file system does that
// entirely or, once the directory is gone, not at all. So to remove the directory
// is to end the lease, however long the holder was frozen, and wherever.
const leasePrefix = ".lease-"

// fileLease is a holder's directory.
type fileLease struct {
	dir  string
	made bool // it is made once: when it is gone, the lease is over
}

// Lease implements Store.
func (f *fileStore) Lease(holder string, until time.Time) Store {
	c := f.caller
	c.lease = newLease(until)
	return &fileStore{caller: c, disk: f.disk, directory: &directory{dir: f.dir, swept: f.swept, isOver: c.isOver,
		archive: c.archive,
		lease:   &fileLease{dir: f.leaseDir(holder)}}}
}

// Revoke implements Store.
func (f *fileStore) Revoke(ctx context.Context, holder string) error {
	dir := f.leaseDir(holder)
	return f.caller.callRevoke(ctx, func(ctx context.Context) error {
		return f.disk.changeWithin(ctx, func() error { return f.removeLease(dir) })
	})
}

func (d *directory) leaseDir(holder string) string {
	sum := sha256.Sum256([]byte(holder))
	return filepath.Join(d.dir, leasePrefix+hex.EncodeToString(sum[:12]))
}

// removeLease ends a lease by one step, whatever its directory holds and whoever has
// it open, and then removes what that was.
func (d *directory) removeLease(dir string) error {
	over := filepath.Join(d.dir, leasePrefix+strings.ToLower(rand.Text()))
	switch err := os.Rename(dir, over); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return d.faultError(err)
	}
	left := mostDiscarded
	_ = d.discardPath(over, &left) // what is left is removed when it is old
	return nil
}

// workDir is where a file of the object's directory is written first. In an archive that is its
// top, where every run looks for what a killed one has left: a record's folder is never written
// to again, and who verifies it would find a file that was added.
func (d *directory) workDir(dir string) (string, error) {
	if d.lease == nil && !d.archive {
		return dir, nil
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := d.makeDir(dir); err != nil {
			return "", err
		}
	}
	if d.lease == nil {
		return d.dir, nil
	}
	if !d.lease.made {
		if err := os.Mkdir(d.lease.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		d.lease.made = true
	}
	return d.lease.dir, nil
}

// orLost is a failure, unless it comes of the lease's end.
func (d *directory) orLost(err error) error {
	if err == nil || d.lease == nil || !d.lease.made {
		return err
	}
	if _, gone := os.Lstat(d.lease.dir); !errors.Is(gone, fs.ErrNotExist) {
		return err
	}
	if _, there := os.Stat(d.dir); there != nil { // all of the store has gone
		return err
	}
	return ErrLost
}

// removeObject deletes the object.
func (d *directory) removeObject(name string) error {
	path := d.objectPath(name)
	switch err := d.unlinkFile(path); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return d.syncChange(filepath.Dir(path))
	}
}

func (d *directory) unlinkFile(path string) error {
	if d.lease == nil {
		if err := os.Remove(path); err != nil {
			return d.absentError(err)
		}
		return nil
	}
	if info, err := os.Lstat(path); err != nil {
		return d.absentError(err)
	} else if info.IsDir() {
		return d.checkForeign(path)
	}
	taken, err := d.takeOut(path)
	if err != nil {
		return err
	}
	if err := os.Remove(taken); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return d.faultError(err)
	}
	return nil
}

// takeOut moves what is no directory into the lease's, where nobody else looks, and
// gives its path there. Whose lease is over takes nothing.
func (d *directory) takeOut(path string) (string, error) {
	work, err := d.workDir(filepath.Dir(path))
	if err != nil {
		return "", d.faultError(err)
	}
	taken := filepath.Join(work, tempPrefix+"taken")
	if err := os.Rename(path, taken); err != nil {
		return "", d.orLost(d.absentError(err))
	}
	return taken, nil
}
