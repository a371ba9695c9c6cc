package setup

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/internal/smallfile"
	"licensewatch/state"
)

// AccountsSetting is the variable that names the accounts file.
const AccountsSetting = "LICENSEWATCH_ACCOUNTS_FILE"

// LoadAccounts loads the accounts file of the setting: a path as LoadRules takes it, or an
// object in COS, cos://bucket-appid/key?region=…, which is read by the store's options.
// Mistakes explains the error. Where that is a *fleet.Errors, the Fleet has what is right
// all the same; else it is nil.
func LoadAccounts(ctx context.Context, file string, options fleet.Options, store state.Options) (*fleet.Fleet, error) {
	read := readPackaged
	if isInCOS(file) {
		read = func(file string, _ int64) ([]byte, error) { return readObject(ctx, file, store) }
	}
	data, err := read(file, fleet.MaxFile)
	if err != nil {
		return nil, &config.Errors{Mistakes: []config.Mistake{{Setting: AccountsSetting, Text: err.Error()}}}
	}
	return fleet.Load(AccountsName(file), data, options)
}

// readPackaged reads a file of the function's package, or an absolute one.
func readPackaged(file string, most int64) ([]byte, error) {
	data, err := smallfile.Read(packagedPath(file), most)
	if err != nil {
		return nil, fmt.Errorf("the accounts file%s cannot be read (%w): put it into the package, or name an absolute path or cos://bucket-appid/key?region=…", shownPath(file), err)
	}
	return data, nil
}

// AccountsName is what an accounts file is called in mistakes: its path, or its place in
// COS without the region.
func AccountsName(file string) string {
	if isInCOS(file) {
		file, _, _ = strings.Cut(file, "?")
	}
	return file
}

// AccountsOwner is what stands for the accounts of a file in their memory, as the number of an
// account does in that of one: the file's name, without its folder.
func AccountsOwner(file string) string { return path.Base(AccountsName(file)) }

func isInCOS(file string) bool { return strings.HasPrefix(file, "cos://") }

// CheckAccountsObject says what is wrong with the place of an accounts file in COS, in
// words that begin behind the setting's name; nil for a path.
func CheckAccountsObject(file string) error {
	if !isInCOS(file) {
		return nil
	}
	place, object := splitObject(file)
	if object == "" {
		return errors.New("names no object: write cos://bucket-appid/key?region=…")
	}
	return state.CheckURL(place)
}

// splitObject takes the place of an object apart: a store, and a name in it.
func splitObject(file string) (place, object string) {
	where, query, _ := strings.Cut(strings.TrimPrefix(file, "cos://"), "?")
	bucket, key, _ := strings.Cut(where, "/")
	folder, object := path.Split(key)
	return "cos://" + bucket + "/" + folder + "?" + query, object
}

// readObject reads an object in COS.
func readObject(ctx context.Context, file string, options state.Options) ([]byte, error) {
	if err := CheckAccountsObject(file); err != nil {
		return nil, err
	}
	place, object := splitObject(file)
	store, err := state.Open(place, options)
	if err != nil {
		return nil, err
	}
	data, err := store.Get(ctx, object)
	if errors.Is(err, state.ErrNotFound) {
		return nil, errors.New("there is no such object in the bucket: upload the accounts file, or correct its key")
	}
	if err != nil {
		return nil, fmt.Errorf("the accounts file cannot be read: %w", err)
	}
	return data, nil
}
