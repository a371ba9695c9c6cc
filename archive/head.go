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
// be nil, and what the archive shows. Of a record that was removed, its memory remains. Where no
// listing can be had, the head is what was remembered, beside the error: others may have sealed
// newer ones.
func Resume(ctx context.Context, store Store, account string,
	remembered *Link) (head *Link, unsealed []string, err error) {
	if remembered == nil {
		return FindHead(ctx, store, account)
	}
	head, unsealed, err = findBehind(ctx, store, account, *remembered)
	if err == nil {
		return head, unsealed, nil
	}
	head, unsealed, err = FindHead(ctx, store, account) // by days, where too much lies behind it
	if err != nil {
		return remembered, nil, err
	}
	if head == nil || head.Record < remembered.Record {
		head = remembered
	}
	return head, unsealed, nil
}

// findBehind is FindHead where a record is known: only what lies behind it is looked at, which
// mostly is nothing, and one request.
func findBehind(ctx context.Context, store Store, account string,
	known Link) (head *Link, unsealed []string, err error) {
	const lastFile = "/~" // behind all files of a record
	names, err := store.ListBehind(ctx, account, known.Record+lastFile)
	if err != nil {
		return nil, nil, err
	}
	newest := ""
	for _, name := range names { // the files of a record are next to each other
		record, file := name[:min(len(name), recordLength)], name[min(len(name), recordLength):]
		switch {
		case !IsRecordName(record):
		case file == "/"+manifestName:
			newest, unsealed = record, nil
		case record != newest && !slices.Contains(unsealed, record):
			unsealed = append(unsealed, record)
		}
	}
	if newest == "" {
		return &known, unsealed, nil
	}
	data, err := readManifest(ctx, store, account+"/"+newest)
	if err != nil {
		return nil, nil, err
	}
	return &Link{newest, hashOf(data)}, unsealed, nil
}
