package state

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// tempPrefix begins the name of a file that is being written; no object's
	// name does.
	tempPrefix = ".tmp-"
	// staleAfter is the age at which such a file belongs to nobody any more. A
	// call writes for seconds.
	staleAfter = time.Hour
	// staleLease is the age at which a lease's directory belongs to nobody any
	// more: more than a function may run.
	staleLease = 48 * time.Hour
)

// replaceObject writes the object in place of the one that may be there.
func (d *directory) replaceObject(name string, data []byte) error {
	return d.writeObject(name, bytes.NewReader(data), func(temp, path string) error {
		// Rename says that a directory "exists"; see notAFile.
		if err := os.Rename(temp, path); errors.Is(err, fs.ErrExist) {
			return d.checkForeign(path)
		} else if err != nil {
			return d.orLost(d.faultError(err))
		}
		return nil
	})
}

// createObject writes the object if there is none. That there is one needs no writing
// to find out, and no room.
func (d *directory) createObject(name string, content io.Reader) error {
	if _, err := os.Lstat(d.objectPath(name)); err == nil {
		return ErrExists
	}
	return d.writeObject(name, content, func(temp, path string) error {
		err := os.Link(temp, path)
		switch {
		case err == nil || sameFile(temp, path):
			return nil
		case errors.Is(err, fs.ErrExist):
			return ErrExists
		default:
			return d.orLost(d.linkFault(err))
		}
	})
}

// sameFile is true when the link was made although it failed: a request to a
// file server that is sent twice fails the second time.
func sameFile(temp, path string) bool {
	a, err := os.Lstat(temp)
	if err != nil {
		return false
	}
	b, err := os.Lstat(path)
	return err == nil && os.SameFile(a, b)
}

// writeObject writes the content to a temporary file, see workDir, and has it placed under
// the object's name when all is on the disk. Whoever looks, and whenever we are killed, sees
// the object entirely or not at all.
func (d *directory) writeObject(name string, content io.Reader, place func(temp, path string) error) error {
	path := d.objectPath(name)
	dir := filepath.Dir(path)
	temp, err := d.createTemp(dir)
	if err != nil {
		return d.orLost(d.faultError(err))
	}
	defer func() { _ = os.Remove(temp.Name()) }() // a rename took it away, or it is stale later
	if err := writeAndSync(temp, content); err != nil {
		return d.orLost(d.faultError(err))
	}
	swept := dir
	if d.archive {
		swept = d.dir
	}
	d.removeStale(swept, temp.Name())
	if d.isOver() {
		return ErrLost // nobody may have missed the holder, so its directory may be there
	}
	if err := place(temp.Name(), path); err != nil {
		return err
	}
	return d.syncChange(dir)
}

// createTemp opens a new file that only its owner can read, and makes the
// directory when it is the first one there.
func (d *directory) createTemp(dir string) (*os.File, error) {
	work, err := d.workDir(dir)
	if err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(work, tempPrefix+"*")
	if work != dir || !errors.Is(err, fs.ErrNotExist) {
		return temp, err
	}
	if err := d.makeDir(dir); err != nil {
		return nil, err
	}
	return os.CreateTemp(dir, tempPrefix+"*")
}

// makeDir makes the directory, and those above it up to the store's own.
func (d *directory) makeDir(dir string) error {
	parent := filepath.Dir(dir)
	if dir != d.dir {
		if err := d.makeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(parent)
}

// writeAndSync writes all of the file to the disk and closes it.
func writeAndSync(file *os.File, content io.Reader) error {
	_, err := io.Copy(file, content)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncChange makes sure that a change of the directory outlives a power cut. The
// change can be seen already: when this fails, nobody knows what will remain.
func (d *directory) syncChange(dir string) error {
	if err := syncDir(dir); err != nil {
		failure := d.faultError(err)
		failure.Ambiguous = true
		return failure
	}
	return nil
}

// syncDir writes a directory to the disk. Many file systems cannot, or have no
// need to, and say so in many ways; only what is a loss counts.
func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err == nil { // else it is a directory one may write in and not read
		err = file.Sync()
		_ = file.Close()
	}
	if isLoss(err) {
		return err
	}
	return nil
}

// removeStale removes temporary files whose writer was killed, and what such a
// one's lease has left, once for each directory. Their age is counted by the file
// system's clock, which may be another machine's: our own new file tells its time.
func (d *directory) removeStale(dir, temp string) {
	if d.swept[dir] {
		return
	}
	d.swept[dir] = true
	own, err := os.Lstat(temp)
	if err != nil {
		return
	}
	entries, _ := os.ReadDir(dir) // what cannot be read now is stale next time
	for _, entry := range entries {
		isFile := strings.HasPrefix(entry.Name(), tempPrefix) && entry.Type().IsRegular()
		isLease := strings.HasPrefix(entry.Name(), leasePrefix) && entry.IsDir()
		if !isFile && !isLease {
			continue
		}
		info, err := entry.Info()
		switch {
		case err != nil:
		case isFile && own.ModTime().Sub(info.ModTime()) > staleAfter:
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		case isLease && own.ModTime().Sub(info.ModTime()) > staleLease:
			_ = d.removeLease(filepath.Join(dir, entry.Name()))
		}
	}
}
