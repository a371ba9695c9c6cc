package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// Why a record, or a file of one, is not given.
var (
	ErrNoRecord  = errors.New("there is no such record")
	ErrNotSealed = errors.New("it was never sealed: it has no manifest")
	ErrNoFile    = errors.New("the record has no such file")
	ErrChanged   = errors.New("it does not hold what was sealed")
	ErrGone      = fmt.Errorf("%w: it is gone", ErrChanged)
)

// Accounts are the folders of the accounts in an archive, sorted.
func Accounts(ctx context.Context, store Store) ([]string, error) {
	names, err := store.List(ctx, "")
	var accounts []string
	for _, name := range names {
		if account, isFolder := strings.CutSuffix(name, "/"); isFolder && isAccountFolder(account) {
			accounts = append(accounts, account)
		}
	}
	return accounts, err
}

// Misplaced says what the place of an archive is where it plainly is only a part of one: the
// folder of an account, or of a record. It is empty for every other place.
func Misplaced(ctx context.Context, store Store) (string, error) {
	names, err := store.List(ctx, "")
	if err != nil {
		return "", err
	}
	if slices.Contains(names, manifestName) {
		return "is the folder of one record, not an archive: name the folder that holds those of the accounts", nil
	}
	years := 0
	for _, name := range names {
		if name == probeName {
			continue
		}
		if !isDateFolder(name, 4) {
			return "", nil
		}
		months, err := store.List(ctx, strings.TrimSuffix(name, "/"))
		if err != nil || slices.ContainsFunc(months, func(month string) bool { return !isDateFolder(month, 2) }) {
			return "", err
		}
		years++
	}
	if years == 0 {
		return "", nil
	}
	return "is the folder of one account, not an archive: name the folder above it", nil
}

// isDateFolder says whether a folder's name, with its slash, has that many digits and
// nothing else.
func isDateFolder(name string, digits int) bool {
	return len(name) == digits+1 && strings.Trim(name, "0123456789") == "/"
}

// Records are the folders of an account that look like records, oldest first, sealed or not.
func Records(ctx context.Context, store Store, account string) ([]string, error) {
	v := verifier{store: store, check: &Check{}, chain: Chain{Account: account}}
	err := v.findRecords(ctx, "", 4)
	names := make([]string, 0, len(v.records))
	for _, r := range v.records {
		names = append(names, r.name)
	}
	return names, err
}

// ReadManifest reads a record's manifest, and gives the hash of its bytes besides. What is
// no manifest of the record is ErrChanged, one that is not there ErrNotSealed or
// ErrNoRecord.
func ReadManifest(ctx context.Context, store Store, account, record string) (m Manifest, hash string, err error) {
	if !isAccountFolder(account) || !IsRecordName(record) {
		return Manifest{}, "", ErrNoRecord
	}
	folder := account + "/" + record
	data, err := readManifest(ctx, store, folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if names, err := store.List(ctx, folder); err == nil && len(names) == 0 {
			return Manifest{}, "", ErrNoRecord
		}
		return Manifest{}, "", ErrNotSealed
	case errors.Is(err, errTooLarge):
		return Manifest{}, "", fmt.Errorf("the manifest: %w: %w", ErrChanged, errTooLarge)
	case err != nil:
		return Manifest{}, "", err
	}
	m, err = ParseManifest(data)
	if err == nil && (m.Account != account || m.Record() != record) {
		err = errors.New("it is another record's")
	}
	if err != nil {
		return Manifest{}, "", fmt.Errorf("the manifest: %w: %w", ErrChanged, err)
	}
	return m, hashOf(data), nil
}

// CopyFile writes one of the record's files to w, and never more than the manifest says.
// After an error w may have a part of it, or with ErrChanged what was not sealed.
func (m *Manifest) CopyFile(ctx context.Context, store Store, name string, w io.Writer) error {
	i := slices.IndexFunc(m.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return ErrNoFile
	}
	digest := sha256.New()
	err := copyBounded(ctx, store, m.Account+"/"+m.Record()+"/"+name, io.MultiWriter(w, digest), m.Files[i].Size)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrGone
	case errors.Is(err, errTooLarge), err == nil && hex.EncodeToString(digest.Sum(nil)) != m.Files[i].SHA256:
		return ErrChanged
	default:
		return err
	}
}
