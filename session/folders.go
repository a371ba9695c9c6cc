package session

import (
	"context"
	"errors"
	"strings"
	"time"

	"licensewatch/state"
)

// ErrNotListed says that there is no listing of what a store holds.
var ErrNotListed = errors.New("the store cannot be listed")

// Folders are the folders of a store, where it can be listed: the memory of a slice of the
// accounts lies in one.
func Folders(ctx context.Context, o Options) (folders []string, err error) {
	store, err := state.Open(o.URL, o.Store)
	if err != nil {
		return nil, err
	}
	lister, ok := store.(interface {
		List(ctx context.Context, folder string) ([]string, error)
	})
	if !ok {
		return nil, ErrNotListed
	}
	bounded, cancel := context.WithTimeout(ctx, listingTime)
	defer cancel()
	names, err := lister.List(bounded, "")
	for _, name := range names {
		if folder, isFolder := strings.CutSuffix(name, "/"); isFolder {
			folders = append(folders, folder)
		}
	}
	return folders, err
}

// listingTime is how long a store is listed.
const listingTime = 15 * time.Second
