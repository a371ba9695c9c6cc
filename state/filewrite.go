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
func (f *fileStore) replaceObject(name string, data []byte) error {
	return f.writeObject(name, bytes.NewReader(data), func(temp, path string) error {
		// Rename says that a directory "exists"; see notAFile.
		if err := os.Rename(temp, path); errors.Is(err, fs.ErrExist) {
			return f.checkForeign(path)
		} else if err != nil {
			return f.orLost(f.faultError(err))
		}
		return nil
	})
}

// createObject writes the object if there is none. That there is one needs no writing
// to find out, and no room.
func (f *fileStore) createObject(name string, content io.Reader) error {
	if _, err := os.Lstat(f.objectPath(name)); err == nil {
		return ErrExists
	}
	return f.writeObject(name, content, func(temp, path string) error {
		err := os.Link(temp, path)
		switch {
		case err == nil || sameFile(temp, path):
			return nil
		case errors.Is(err, fs.ErrExist):
			return ErrExists
		default:
			return f.orLost(f.linkFault(err))
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
func (f *fileStore) writeObject(name string, content io.Reader, place func(temp, path string) error) error {
	path := f.objectPath(name)
	dir := filepath.Dir(path)
	temp, err := f.createTemp(dir)
	if err != nil {
		return f.orLost(f.faultError(err))
	}
	defer func() { _ = os.Remove(temp.Name()) }() // a rename took it away, or it is stale later
	if err := writeAndSync(temp, content); err != nil {
		return f.orLost(f.faultError(err))
	}
	swept := dir
	if f.caller.archive {
		swept = f.dir
	}
	f.removeStale(swept, temp.Name())
	if f.caller.lease.isOver(f.caller.now()) {
		return ErrLost // nobody may have missed the holder, so its directory may be there
	}
	if err := place(temp.Name(), path); err != nil {
		return err
	}
	return f.syncChange(dir)
}

// createTemp opens a new file that only its owner can read, and makes the
// directory when it is the first one there.
func (f *fileStore) createTemp(dir string) (*os.File, error) {
	work, err := f.workDir(dir)
	if err != nil {
		return nil, err
	}
	temp, err := os.CreateTemp(work, tempPrefix+"*")
	if work != dir || !errors.Is(err, fs.ErrNotExist) {
		return temp, err
	}
	if err := f.makeDir(dir); err != nil {
		return nil, err
	}
	return os.CreateTemp(dir, tempPrefix+"*")
}

// makeDir makes the directory, and those above it up to the store's own.
func (f *fileStore) makeDir(dir string) error {
	parent := filepath.Dir(dir)
	if dir != f.dir {
		if err := f.makeDir(parent); err != nil {
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
func (f *fileStore) syncChange(dir string) error {
	if err := syncDir(dir); err != nil {
		failure := f.faultError(err)
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
func (f *fileStore) removeStale(dir, temp string) {
	if f.swept[dir] {
		return
	}
	f.swept[dir] = true
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
			_ = f.removeLease(filepath.Join(dir, entry.Name()))
		}
	}
}
