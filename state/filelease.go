package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
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
	return &fileStore{dir: f.dir, caller: c, worker: f.worker, swept: f.swept, lease: &fileLease{dir: f.leaseDir(holder)}}
}

// Revoke implements Store.
func (f *fileStore) Revoke(ctx context.Context, holder string) error {
	dir := f.leaseDir(holder)
	return f.caller.revoke(ctx, func(ctx context.Context) error {
		return f.worker.change(ctx, func() error { return f.removeLease(dir) })
	})
}

func (f *fileStore) leaseDir(holder string) string {
	sum := sha256.Sum256([]byte(holder))
	return filepath.Join(f.dir, leasePrefix+hex.EncodeToString(sum[:12]))
}

// removeLease removes a lease's directory. Its holder, if it lives, may put files
// into it meanwhile.
func (f *fileStore) removeLease(dir string) error {
	const times = 10
	var err error
	for range times {
		entries, _ := os.ReadDir(dir)
		for _, entry := range entries {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
		if err = os.Remove(dir); err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return f.fault(err)
}

// workDir is where a file of the object's directory is written first.
func (f *fileStore) workDir(dir string) (string, error) {
	if f.lease == nil {
		return dir, nil
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := f.makeDir(dir); err != nil {
			return "", err
		}
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

// remove deletes the object.
func (f *fileStore) remove(name string) error {
	path := f.path(name)
	switch err := f.unlink(path); {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return f.settle(filepath.Dir(path))
	}
}

func (f *fileStore) unlink(path string) error {
	if f.lease == nil {
		if err := os.Remove(path); err != nil {
			return f.absent(err)
		}
		return nil
	}
	if info, err := os.Lstat(path); err != nil {
		return f.absent(err)
	} else if info.IsDir() {
		return f.foreign(path)
	}
	work, err := f.workDir(filepath.Dir(path))
	if err != nil {
		return f.fault(err)
	}
	deleted := filepath.Join(work, tempPrefix+"deleted")
	if err := os.Rename(path, deleted); err != nil {
		return f.orLost(f.absent(err))
	}
	if err := os.Remove(deleted); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.fault(err)
	}
	return nil
}

// Displace implements Store.
func (f *fileStore) Displace(ctx context.Context, name, to string) error {
	return f.caller.do(ctx, opPut, name, func(ctx context.Context) error {
		return f.worker.change(ctx, func() error { return f.displace(name, to) })
	})
}

// displace moves a directory. The slash at its name's end makes the file system
// refuse anything else, such as an object that somebody has written meanwhile.
func (f *fileStore) displace(name, to string) error {
	path := f.path(to)
	dir := filepath.Dir(path)
	if err := f.makeDir(dir); err != nil {
		return f.fault(err)
	}
	if err := os.Rename(f.path(name)+string(filepath.Separator), path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f.fault(err)
	}
	return f.settle(f.dir)
}
