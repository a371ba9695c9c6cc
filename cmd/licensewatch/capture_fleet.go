package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"licensewatch/cmd/licensewatch/internal/mask"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/fleet"
	"licensewatch/internal/smallfile"
	"licensewatch/license"
)

// folderIndex is the name of the file in a folder of snapshots that says whose they are.
const folderIndex = "index.json"

// snapshotIndex is what it holds.
type snapshotIndex struct {
	Version  int               `json:"version"` // 1
	ReadAt   time.Time         `json:"read_at"`
	Accounts []snapshotAccount `json:"accounts"`
}

// snapshotAccount is an account of the folder; its snapshot is the file <uin>.json.
type snapshotAccount struct {
	Uin    string            `json:"uin"`
	Name   string            `json:"name"`
	Site   license.Site      `json:"site"`
	Labels map[string]string `json:"labels,omitempty"`
}

// runFleet captures every account into a folder. Nothing is written before all are read, each
// file is written whole or not at all, and the index comes last.
func (p capture) runFleet(ctx context.Context, c console) error {
	if err := p.makeFolder(); err != nil {
		return err
	}
	m, err := openManyAccounts(ctx, c)
	if err != nil {
		return err
	}
	accounts, err := p.account.choose(m.accounts, m.name)
	if err != nil {
		return err
	}
	snapshots, err := m.readMany(ctx, c, accounts)
	if err != nil {
		return err
	}
	causes := unreadCauses(accounts, snapshots)
	if err := p.writeFolder(c, accounts, snapshots); err != nil {
		return err
	}
	lines := newCheckList(c.err)
	if m.unlisted != nil {
		lines.bad("the members of the organization: " + causeText(m.unlisted) + ": " + failureFix(m.unlisted))
	}
	for _, mistake := range leftOutLines(m.fleet) {
		lines.bad(mistake)
	}
	for _, cause := range causes {
		lines.bad(cause.text())
	}
	if lines.wrong > 0 {
		return &exitError{text: fmt.Sprintf("of %s not all could be read",
			countOf(len(accounts)+len(m.fleet.LeftOut), "account"))}
	}
	return nil
}

// makeFolder makes the folder. One that is there is used where it is empty, or with --force.
func (p capture) makeFolder() error {
	entries, err := os.ReadDir(p.fleet)
	switch {
	case err == nil && len(entries) > 0 && !p.force:
		return fmt.Errorf("--fleet %s: there is something in it; name another folder, or --force replaces snapshots in it", p.fleet)
	case err == nil:
		return nil
	case errors.Is(err, os.ErrNotExist):
		err = os.Mkdir(p.fleet, 0o700)
	}
	if err != nil {
		return fmt.Errorf("--fleet %s cannot be used: %w", p.fleet, smallfile.Reason(err))
	}
	return nil
}

// writeFolder writes the snapshots and the index.
func (p capture) writeFolder(c console, accounts []fleet.Account, snapshots []license.Snapshot) error {
	index := snapshotIndex{Version: 1, ReadAt: c.now(), Accounts: []snapshotAccount{}}
	masker := mask.New()
	for i, s := range snapshots {
		a := &accounts[i]
		entry := snapshotAccount{a.Uin, a.Name, a.Site, a.Labels}
		if p.mask {
			s = masker.Snapshot(s)
			entry = snapshotAccount{masker.Uin(a.Uin), masker.Name(a.Name, a.Uin), a.Site, masker.Labels(a.Labels)}
		}
		var text bytes.Buffer
		if err := license.WriteSnapshot(&text, s); err != nil {
			return err
		}
		if err := p.writeWhole(entry.Uin+".json", text.Bytes()); err != nil {
			return err
		}
		index.Accounts = append(index.Accounts, entry)
	}
	text, err := json.MarshalIndent(index, "", "  ")
	if err != nil {
		return err
	}
	if err := p.writeWhole(folderIndex, append(text, '\n')); err != nil {
		return err
	}
	if p.mask {
		writeStyled(c.err, "%s\n", terminal.Lines(append(maskedWords(masker.Counts()),
			"The names of labels stay as well.")))
	}
	writeStyled(c.err, "%s holds the snapshots of %s.\n", p.fleet, countOf(len(accounts), "account"))
	return nil
}

// writeWhole writes a file of the folder, which only its owner may read, beside its place and
// then into it.
func (p capture) writeWhole(name string, data []byte) error {
	path := filepath.Join(p.fleet, name)
	temporary := path + ".tmp"
	err := writePrivate(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, terminal.Escaped(data))
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		_ = os.Remove(temporary)
		return fmt.Errorf("%s cannot be written: %w", path, smallfile.Reason(err))
	}
	return nil
}
