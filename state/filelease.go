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
	c.lease = newLease(holder, until)
	return &fileStore{dir: f.dir, caller: c, disk: f.disk, swept: f.swept, lease: &fileLease{dir: f.leaseDir(holder)}}
}

// Revoke implements Store.
func (f *fileStore) Revoke(ctx context.Context, holder string) error {
	dir := f.leaseDir(holder)
	return f.caller.callRevoke(ctx, func(ctx context.Context) error {
		return f.disk.changeWithin(ctx, func() error { return f.removeLease(dir) })
	})
}

func (f *fileStore) leaseDir(holder string) string {
	sum := sha256.Sum256([]byte(holder))
	return filepath.Join(f.dir, leasePrefix+hex.EncodeToString(sum[:12]))
}

// removeLease ends a lease by one step, whatever its directory holds and whoever has
// it open, and then removes what that was.
func (f *fileStore) removeLease(dir string) error {
	over := filepath.Join(f.dir, leasePrefix+strings.ToLower(rand.Text()))
	switch err := os.Rename(dir, over); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return f.faultError(err)
	}
	left := mostDiscarded
	_ = f.discardPath(over, &left) // what is left is removed when it is old
	return nil
}

// workDir is where a file of the object's directory is written first. In an archive that is its
// top, where every run looks for what a killed one has left: a record's folder is never written
// to again, and who verifies it would find a file that was added.
func (f *fileStore) workDir(dir string) (string, error) {
	if f.lease == nil && !f.caller.archive {
		return dir, nil
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := f.makeDir(dir); err != nil {
			return "", err
		}
	}
	if f.lease == nil {
		return f.dir, nil
	}
	if !f.lease.made {
		if err := os.Mkdir(f.lease.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		f.lease.made = true
	}
	return f.lease.dir, nil
}

// orLost is a failure, unless it comes of the lease's end.
func (f *fileStore) orLost(err error) error {
	if err == nil || f.lease == nil || !f.lease.made {
		return err
	}
	if _, gone := os.Lstat(f.lease.dir); !errors.Is(gone, fs.ErrNotExist) {
		return err
	}
	if _, there := os.Stat(f.dir); there != nil { // all of the store has gone
		return err
	}
	return ErrLost
}

// removeObject deletes the object.
func (f *fileStore) removeObject(name string) error {
	path := f.objectPath(name)
	switch err := f.unlinkFile(path); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return f.syncChange(filepath.Dir(path))
	}
}

func (f *fileStore) unlinkFile(path string) error {
	if f.lease == nil {
		if err := os.Remove(path); err != nil {
			return f.absentError(err)
		}
		return nil
	}
	if info, err := os.Lstat(path); err != nil {
		return f.absentError(err)
	} else if info.IsDir() {
		return f.checkForeign(path)
	}
	taken, err := f.takeOut(path)
	if err != nil {
		return err
	}
	if err := os.Remove(taken); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.faultError(err)
	}
	return nil
}

// takeOut moves what is no directory into the lease's, where nobody else looks, and
// gives its path there. Whose lease is over takes nothing.
func (f *fileStore) takeOut(path string) (string, error) {
	work, err := f.workDir(filepath.Dir(path))
	if err != nil {
		return "", f.faultError(err)
	}
	taken := filepath.Join(work, tempPrefix+"taken")
	if err := os.Rename(path, taken); err != nil {
		return "", f.orLost(f.absentError(err))
	}
	return taken, nil
}
