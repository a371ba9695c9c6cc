// Package scaffold holds the files that an operator starts from: the settings,
// the rules and the deployment's description.
package scaffold

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"licensewatch/internal/smallfile"
)

//go:embed files
var files embed.FS

// EnvFile is the name of the file of settings.
const EnvFile = "licensewatch.env"

// AccountsFile is the name of the accounts file.
const AccountsFile = "accounts.yaml"

// File is one of the files, and what became of it.
type File struct {
	Name    string
	About   string
	Written bool // false: there was one of this name, which was left alone
}

// Write writes the files into a directory, which it makes where there is none.
// It never overwrites: a file that is there stays as it is. The error names
// what could not be written; the files before it are written all the same. For a fleet
// there is an accounts file besides.
func Write(directory string, isFleet bool) ([]File, error) {
	//nolint:gosec // a directory for a person's work, as mkdir makes it
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return nil, fmt.Errorf("the directory %s cannot be made: %w", directory, smallfile.Reason(err))
	}
	all := []File{
		{Name: EnvFile, About: "the settings; it will hold secrets, so only you can read it"},
		{Name: "rules.yaml", About: "rules of your own, on top of the built-in ones"},
		{Name: "serverless.yml", About: "the function, its timers and its variables"},
	}
	if isFleet {
		all = append(all, File{Name: AccountsFile, About: "the accounts, the channels, and who hears of what"},
			File{Name: "routes.test.yaml", About: "who has to hear, for licensewatch routes --test"})
	}
	for i := range all {
		err := writeFile(directory, all[i].Name, isFleet)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return all[:i], fmt.Errorf("%s cannot be written: %w", filepath.Join(directory, all[i].Name),
				smallfile.Reason(err))
		}
		all[i].Written = err == nil
	}
	return all, nil
}

// writeFile writes one file unless there is one.
func writeFile(directory, name string, isFleet bool) error {
	data, err := files.ReadFile("files/" + name)
	if err != nil {
		return err
	}
	if isFleet {
		data = []byte(forFleet(name, string(data)))
	}
	mode := fs.FileMode(0o644)
	if name == EnvFile {
		mode = 0o600
	}
	//nolint:gosec // the operator names the directory
	file, err := os.OpenFile(filepath.Join(directory, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}
