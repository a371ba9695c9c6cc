package archive

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// maxUnsealed is how many folders in a row may be no records until the newest record is
// looked for no further.
const maxUnsealed = 100

// errNoHead says that the newest record was not found for all the folders that are none.
var errNoHead = errors.New("the newest record is not found: too many folders after it were never sealed")

// FindHead finds the newest record of an account; nil where there is none. unsealed are the
// folders after it that look like records and were not sealed, oldest first.
func FindHead(ctx context.Context, store Store, account string) (head *Link, unsealed []string, err error) {
	defer func() { slices.Reverse(unsealed) }()
	for day, err := range foldersBackwards(ctx, store, account, 3) {
		if err != nil {
			return nil, unsealed, err
		}
		names, err := store.List(ctx, account+"/"+day)
		if err != nil {
			return nil, unsealed, err
		}
		for _, name := range slices.Backward(names) {
			record := day + "/" + strings.TrimSuffix(name, "/")
			if !strings.HasSuffix(name, "/") || !IsRecordName(record) {
				continue
			}
			data, err := readManifest(ctx, store, account+"/"+record)
			switch {
			case err == nil: // also one that was changed: the next record says of which bytes it knew
				return &Link{record, hashOf(data)}, unsealed, nil
			case !errors.Is(err, fs.ErrNotExist):
				return nil, unsealed, err
			case len(unsealed) == maxUnsealed:
				return nil, unsealed, errNoHead
			}
			unsealed = append(unsealed, record)
		}
	}
	return nil, unsealed, nil
}

// foldersBackwards gives the folders so many levels below another one, the newest first:
// "2026/11/28" of three levels. Names that are no numbers are passed over.
func foldersBackwards(ctx context.Context, store Store, folder string, levels int) func(func(string, error) bool) {
	return func(yield func(string, error) bool) {
		var walk func(below string, levels int) bool
		walk = func(below string, levels int) bool {
			if levels == 0 {
				return yield(below, nil)
			}
			names, err := store.List(ctx, strings.Trim(folder+"/"+below, "/"))
			if err != nil {
				return yield("", err)
			}
			for _, name := range slices.Backward(names) {
				number, isFolder := strings.CutSuffix(name, "/")
				if !isFolder || strings.Trim(number, "0123456789") != "" {
					continue
				}
				if !walk(strings.Trim(below+"/"+number, "/"), levels-1) {
					return false
				}
			}
			return true
		}
		walk("", levels)
	}
}

// Resume says which record the next one follows, of the head that was remembered, which may
// be nil, and what the archive shows. A listing that cannot be had leaves what was
// remembered; and of a record that was removed, its memory remains.
func Resume(ctx context.Context, store Store, account string,
	remembered *Link) (head *Link, unsealed []string, err error) {
	newest, unsealed, err := FindHead(ctx, store, account)
	switch {
	case err != nil && remembered == nil:
		return nil, nil, err
	case err != nil:
		return remembered, nil, nil //nolint:nilerr // what was remembered is enough
	case remembered == nil || newest != nil && newest.Record > remembered.Record:
		return newest, unsealed, nil
	default:
		return remembered, slices.DeleteFunc(unsealed,
			func(record string) bool { return record <= remembered.Record }), nil
	}
}
