package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/internal/smallfile"
	"licensewatch/license"
	"licensewatch/notify"
	"licensewatch/setup"
)

// snapshotFolder are the snapshots of many accounts, as capture --fleet writes them, and who
// hears of them.
type snapshotFolder struct {
	dir       string
	fleet     *fleet.Fleet // of the accounts file; without one all is told to sample chats
	hasFile   bool         // there is an accounts file
	accounts  []fleet.Account
	snapshots []license.Snapshot // of the accounts, in their order
}

// folderFlags are the flags of commands that take a folder of snapshots.
type folderFlags struct {
	accounts string // the accounts file; empty: that of the settings
	account  accountFlag
}

func (f *folderFlags) addTo(command *cobra.Command) {
	command.Flags().StringVar(&f.accounts, "accounts", "",
		"with a folder: the accounts `FILE` that says who hears of what, in the place of LICENSEWATCH_ACCOUNTS_FILE")
	_ = command.MarkFlagFilename("accounts", "yml", "yaml") // fails only for a flag that is not there
	f.account.addTo(command)
}

// refuse says which of the flags do not go with a single snapshot.
func (f *folderFlags) refuse() error {
	switch {
	case f.accounts != "":
		return errors.New("--accounts goes with a folder of snapshots, as capture --fleet writes it")
	case len(f.account.patterns) > 0:
		return errors.New("--account goes with a folder of snapshots, as capture --fleet writes it")
	}
	return nil
}

// maxIndex bounds the index of a folder.
const maxIndex = 8 << 20

// accountNumber is what an account is called by a file of its own.
var accountNumber = regexp.MustCompile(`^\d{1,20}$`)

// readIndex reads the index of a folder.
func readIndex(dir string) (snapshotIndex, error) {
	path := filepath.Join(dir, folderIndex)
	var index snapshotIndex
	data, err := smallfile.Read(path, maxIndex)
	if errors.Is(err, os.ErrNotExist) {
		return index, fmt.Errorf("%s is a folder without %s: name one that capture --fleet has written, or a snapshot in it", dir, folderIndex)
	}
	if err != nil {
		return index, unreadableFile(path, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&index); err != nil {
		return index, &exitError{text: fmt.Sprintf("%s is no index of capture --fleet: %v", path, err)}
	}
	if index.Version != 1 {
		return index, &exitError{text: fmt.Sprintf("%s has version %d, and this licensewatch knows 1", path,
			index.Version)}
	}
	seen := map[string]bool{}
	for _, a := range index.Accounts {
		if !accountNumber.MatchString(a.Uin) || seen[a.Uin] || a.Site != license.SiteCN && a.Site != license.SiteIntl {
			return index, &exitError{text: fmt.Sprintf("%s: the account %q: its uin must be a number that no other one has, its site cn or intl", path, a.Uin)}
		}
		seen[a.Uin] = true
	}
	if len(index.Accounts) == 0 {
		return index, &exitError{text: path + " lists no account"}
	}
	return index, nil
}

// readFolder reads the snapshots of a folder, or those of the accounts that the flags name.
func readFolder(ctx context.Context, c console, dir string, settings config.Config,
	flags folderFlags) (*snapshotFolder, error) {
	index, err := readIndex(dir)
	if err != nil {
		return nil, err
	}
	f := &snapshotFolder{dir: dir}
	if f.fleet, f.hasFile, err = folderFleet(ctx, settings, flags.accounts); err != nil {
		return nil, err
	}
	accounts := f.joinAccounts(c, index.Accounts, len(flags.account.patterns) == 0)
	if f.accounts, err = flags.account.choose(accounts,
		cmp.Or(flags.accounts, filepath.Join(dir, folderIndex))); err != nil {
		return nil, err
	}
	var mistakes []string
	for _, a := range f.accounts {
		s, err := snapshot.ReadFile(filepath.Join(dir, a.Uin+".json"))
		if wrong, ok := errors.AsType[*snapshot.Errors](err); ok {
			mistakes = append(mistakes, wrong.Lines()...)
		} else if err != nil {
			mistakes = append(mistakes, err.Error())
		}
		s.Account, s.Site = a.Uin, a.Site
		s.Previous = nil
		f.snapshots = append(f.snapshots, keepSources(s, settings.Sources))
	}
	if len(mistakes) > 0 {
		return nil, &exitError{several: mistakes}
	}
	return f, interruptedError(ctx)
}

// folderFleet loads the accounts file. Without one all accounts are told to sample chats.
func folderFleet(ctx context.Context, settings config.Config, flag string) (f *fleet.Fleet, hasFile bool, err error) {
	if flag != "" || usesAccounts() {
		file, err := loadAccounts(ctx, settings, flag, nil)
		return file.fleet, true, err
	}
	f = &fleet.Fleet{Default: sampleChats}
	for _, name := range sampleChats {
		kind := notify.KindOf(name)
		f.Channels = append(f.Channels, fleet.Channel{Name: name, Kind: kind, Mention: settings.Mentions[name],
			Language: settings.Language, Hours: settings.Hours, Digest: settings.Digest})
	}
	return f, false, nil
}

// joinAccounts are the accounts of the index, as the accounts file has them where it does.
func (f *snapshotFolder) joinAccounts(c console, index []snapshotAccount, warns bool) []fleet.Account {
	listed := map[string]*fleet.Account{}
	var members []fleet.Member
	for _, a := range index {
		members = append(members, fleet.Member{Uin: a.Uin, Name: a.Name})
	}
	known := f.fleet.WithMembers(members)
	for i := range known {
		listed[known[i].Uin] = &known[i]
	}
	var accounts []fleet.Account
	var strangers []string
	for _, a := range index {
		account := fleet.Account{Uin: a.Uin, Name: cmp.Or(a.Name, a.Uin), Site: a.Site, Labels: a.Labels}
		if of := listed[a.Uin]; of != nil {
			account = *of
			delete(listed, a.Uin)
		} else {
			strangers = append(strangers, account.Name)
		}
		accounts = append(accounts, account)
	}
	if !f.hasFile || !warns {
		return accounts
	}
	lines := newCheckList(c.err)
	if len(strangers) > 0 {
		lines.warn("not in the accounts file, taken as the folder has them: " + namesOf(strangers, accountsShown))
	}
	var missing []string
	for _, a := range known {
		if listed[a.Uin] != nil {
			missing = append(missing, a.Name)
		}
	}
	if len(missing) > 0 {
		lines.warn("in the accounts file and not in " + f.dir + ", left out: " + namesOf(missing, accountsShown))
	}
	return accounts
}

// channel is the channel of that name.
func (f *snapshotFolder) channel(name string) *fleet.Channel {
	i := slices.IndexFunc(f.fleet.Channels, func(c fleet.Channel) bool { return c.Name == name })
	return &f.fleet.Channels[i]
}

// folderSite is the function's own site, which a folder does not say.
func folderSite() license.Site {
	return license.Site(strings.TrimSpace(os.Getenv("LICENSEWATCH_SITE")))
}

// accountsNote says where the routes come from.
func (f *snapshotFolder) accountsNote(flag string) string {
	if !f.hasFile {
		return "without an accounts file (" + setup.AccountsSetting + ", --accounts): all are told to " +
			strings.Join(sampleChats, " and ")
	}
	return "who hears of what is as in " + setup.AccountsName(cmp.Or(flag, os.Getenv(setup.AccountsSetting)))
}
