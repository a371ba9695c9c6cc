package main

import (
	"context"
	"time"

	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/cmd/licensewatch/internal/region"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/ledgers"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/state"
)

// probeTime bounds the trial of a store.
const probeTime = 30 * time.Second

// checkArchive checks the form of LICENSEWATCH_ARCHIVE_URL, and that it is no part of the
// memory, and tries the archive.
func (c *checkReport) checkArchive(ctx context.Context, settings config.Config, offline bool) {
	const setting = diagnosis.ArchiveSetting
	url := settings.ArchiveURL
	if url == "" {
		return
	}
	if err := state.CheckArchiveURL(url, settings.StateURL); err != nil {
		c.failSetting(setting, err.Error())
		return
	}
	if wrong, odd := region.OfStore(url); wrong != "" {
		c.failSetting(setting, "its region "+wrong)
		return
	} else if odd != "" {
		c.warnings = append(c.warnings, c.settingFinding(setting, "its region "+odd))
	}
	if offline {
		c.addFact("archive", "the form of the URL is right; not tried (--offline)")
		return
	}
	defer c.console.startProgress("trying the archive").done()
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	var ledger *life.Ledger
	if settings.StateURL != "" {
		if read, _, err := readOwnLedger(ctx, settings); err == nil { // else the store is the trouble
			ledger = read
		}
	}
	found := diagnosis.Archive(ctx, url, c.console.now(), state.Options{Credentials: settings.Keys}, ledger)
	switch found.Status {
	case diagnosis.Failed:
		c.failSetting(setting, found.Text)
	case diagnosis.Warning:
		c.addWarning("archive: %s; %s", found.Text, found.Fix)
	case diagnosis.OK, diagnosis.Skipped:
		c.addFact("archive", "%s", found.Text)
	}
}

// readOwnLedger reads the ledger of the run itself: of many accounts that of the fleet, with
// the newest records of its accounts in the archive.
func readOwnLedger(ctx context.Context, settings config.Config) (*life.Ledger, ledgers.Archive, error) {
	if settings.AccountsFile == "" {
		ledger, err := session.Read(ctx, session.OptionsOf(settings))
		return ledger, ledgers.Archive{}, err
	}
	found, err := session.ReadMany(ctx, session.OptionsOf(settings))
	if err != nil {
		return nil, ledgers.Archive{}, err
	}
	return found.Ledgers.Fleet, found.Ledgers.Archive, nil
}

// checkStore tries the store of LICENSEWATCH_STATE_URL and says what follows from
// what it finds.
func (c *checkReport) checkStore(ctx context.Context, settings config.Config, offline bool) {
	const setting = "LICENSEWATCH_STATE_URL"
	url := settings.StateURL
	if wrong, odd := region.OfStore(url); wrong != "" && state.CheckURL(url) == nil {
		c.failSetting(setting, "its region "+wrong)
		return
	} else if odd != "" {
		c.warnings = append(c.warnings, c.settingFinding(setting, "its region "+odd))
	}
	if url != "" && offline {
		if err := state.CheckURL(url); err != nil {
			c.failSetting(setting, err.Error())
			return
		}
		c.addFact("memory", "the form of the URL is right; not tried (--offline)")
		return
	}
	defer c.console.startProgress("trying the store").done()
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	found := diagnosis.Store(ctx, url, state.Options{Credentials: settings.Keys})
	ledger, _, err := readOwnLedger(ctx, settings)
	if url != "" {
		found = diagnosis.Remembering(found, err)
	}
	c.addMemory(found)
	if err == nil && len(c.mistakes) == 0 {
		if err := session.CheckOwner(ledger, ownOwner(settings)); err != nil {
			c.failSetting(setting, err.Error())
		}
	}
	if url != "" && settings.AccountsFile != "" && found.Status != diagnosis.Failed {
		f := &watchedFleet{settings: settings}
		f.memories = f.readSlices(ctx, f.findSlices(ctx))
		for _, check := range f.brokenSlices() {
			c.addMemory(check)
		}
	}
}

// ownOwner is whose memory a run of the settings takes for its own.
func ownOwner(settings config.Config) life.Owner {
	if settings.AccountsFile != "" {
		return handler.SliceOwner(settings, fleet.Slice{})
	}
	return life.Owner{Site: settings.Site}
}

// addMemory says what was found of a memory.
func (c *checkReport) addMemory(found diagnosis.Check) {
	switch found.Status {
	case diagnosis.Failed:
		c.failSetting("LICENSEWATCH_STATE_URL", found.Text)
	case diagnosis.Warning:
		c.addWarning("memory: %s; %s", found.Text, found.Fix)
	case diagnosis.OK, diagnosis.Skipped:
		c.addFact("memory", "%s", found.Text)
	}
}
