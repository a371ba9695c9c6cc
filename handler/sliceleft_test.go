package handler_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/fleet"
	"licensewatch/handler"
)

// TestFolderOfASliceThatIsNoMore: a slice is killed while it seals, and then the accounts are divided
// otherwise. The next record of its account tells of the one folder; of the slice's own only the slice
// can: it is not sealed until it has run once more, as docs/evidence.md advises, which changes nothing
// else.
func TestFolderOfASliceThatIsNoMore(t *testing.T) {
	accounts := manyAccounts(2)
	w := newFleetArchive(t, accounts, nil)
	slice := fleet.Slice{Number: 1, Of: 2}
	if !slice.Has(accounts[0].uin) {
		slice.Number = 2
	}
	day := func(argument string) {
		t.Helper()
		s, err := w.tick(argument)
		must(t, err)
		if s.Archive.Status != handler.ArchiveSealed {
			t.Errorf("%s: %+v", argument, s.Archive)
		}
		w.clock = w.clock.Add(23 * time.Hour)
	}
	day("digest " + slice.String())
	own := archive.SliceFolder(slice.Number, slice.Of)
	for _, folder := range []string{own, accounts[0].uin} { // as a run leaves them that dies
		dir := filepath.Join(w.archive, folder, filepath.FromSlash(archive.RecordName(w.clock.Add(-time.Hour), "4f13b5")))
		must(t, os.MkdirAll(dir, 0o700))
		must(t, os.WriteFile(filepath.Join(dir, "messages.json"), []byte("{}"), 0o600))
	}
	day("digest")
	_, problems := verifyFolder(t, w.archive)
	if len(problems) != 1 || !strings.Contains(problems[0].String(), own+"/") {
		t.Errorf("after the division: %v", problems)
	}
	day("digest " + slice.String())
	w.verify(map[string]int{own: 2, "fleet": 1, accounts[0].uin: 3})
	day("digest")
	w.verify(map[string]int{own: 2, "fleet": 2, accounts[0].uin: 4})
	w.untilQuiet("alert")
}
