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
		if isOfAccount(name) {
			accounts = append(accounts, strings.TrimSuffix(name, "/"))
		}
	}
	return accounts, err
}

// Misplaced says what the place of an archive is where it plainly is only a part of one, the folder
// of an account, of a year, a month or a day, or of a record, or where it only holds archives. It is
// empty for every other place.
func Misplaced(ctx context.Context, store Store) (string, error) {
	names, err := store.List(ctx, "")
	if err != nil {
		return "", err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == probeName })
	const instead = ", not an archive: name the folder that holds those of the accounts"
	switch {
	case slices.Contains(names, manifestName):
		return "is the folder of one record" + instead, nil
	case areAll(names, isRecordFolder):
		return "is the folder of one day" + instead, nil
	case areAll(names, isYear):
		months, err := insideAll(ctx, store, names)
		if err != nil || !areAll(months, isMonth) {
			return "", err
		}
		return "is the folder of one account, not an archive: name the folder above it", nil
	case areAll(names, isMonth):
		days, err := insideAll(ctx, store, names)
		if err != nil || !areAll(days, func(name string) bool { return isMonth(name) || isRecordFolder(name) }) {
			return "", err // accounts may have such numbers
		}
		return "is the folder of one year or month" + instead, nil
	default:
		return heldArchives(ctx, store, names)
	}
}

// areAll says whether there are names, and all of them are such.
func areAll(names []string, isSuch func(name string) bool) bool {
	return len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !isSuch(name) })
}

// insideAll are the names in folders, whose names have their slashes.
func insideAll(ctx context.Context, store Store, folders []string) (names []string, err error) {
	for _, folder := range folders {
		inside, err := store.List(ctx, strings.TrimSuffix(folder, "/"))
		if err != nil {
			return nil, err
		}
		names = append(names, inside...)
	}
	return names, nil
}

func isYear(folder string) bool { return isDateFolder(folder, 4) }

// isMonth says whether a folder has the name of a month, or of a day.
func isMonth(folder string) bool { return isDateFolder(folder, 2) }

func isRecordFolder(folder string) bool {
	return strings.HasSuffix(folder, "/") && IsRecordName("2026/11/28/"+strings.TrimSuffix(folder, "/"))
}

// heldArchives names the archives that a place holds which holds no account itself. What cannot be
// listed is none, and only so many folders are looked into.
func heldArchives(ctx context.Context, store Store, names []string) (string, error) {
	if slices.ContainsFunc(names, isOfAccount) {
		return "", nil
	}
	const most = 50
	var archives []string
	for _, name := range names[:min(most, len(names))] {
		folder, isFolder := strings.CutSuffix(name, "/")
		if !isFolder || strings.HasPrefix(folder, ".") {
			continue
		}
		accounts, _ := store.List(ctx, folder) // see above
		if slices.ContainsFunc(accounts, func(account string) bool {
			if !isOfAccount(account) {
				return false
			}
			years, _ := store.List(ctx, folder+"/"+strings.TrimSuffix(account, "/"))
			return areAll(years, isYear)
		}) {
			archives = append(archives, folder)
		}
	}
	if len(archives) == 0 {
		return "", ctx.Err()
	}
	return "is no archive, but holds some: name one of them, " + strings.Join(archives, " or "), nil
}

// isOfAccount says whether a name, with its slash, is that of an account's folder.
func isOfAccount(name string) bool {
	folder, isFolder := strings.CutSuffix(name, "/")
	return isFolder && isAccountFolder(folder)
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
