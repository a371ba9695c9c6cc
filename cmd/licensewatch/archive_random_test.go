package main

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"licensewatch/internal/proof"
)

// TestProveVerifyWithoutUs: of archives that were changed by chance, or not, the scripts of
// docs/evidence.md and archive verify are of one opinion.
func TestProveVerifyWithoutUs(t *testing.T) {
	trials, broken := proof.Trials(10, 600), 0
	for i := range trials {
		seed, stream := proof.Seed(i)
		chance := rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // to be had again
		dir, heads := newArchiveDir(t)
		var done []string
		for range chance.IntN(4) {
			done = append(done, changeByChance(t, chance, dir))
		}
		var anchors []string
		if chance.IntN(2) == 0 {
			anchors = append(anchors, heads[chance.IntN(len(heads))].Short())
		}
		args := []string{"archive", "verify", dir}
		for _, anchor := range anchors {
			args = append(args, "--anchor", anchor)
		}
		want, said, _ := command(t, nil, args...)
		if want != exitFine {
			broken++
		}
		for _, script := range []string{"verify.sh", "verify.py"} {
			if got, out := runScript(t, script, dir, anchors...); got != want {
				t.Errorf("trial %d, %v: %s: exit %d, archive verify %d\n%s\n%s", i, done, script, got, want, out, said)
			}
		}
	}
	if broken == 0 || broken == trials {
		t.Errorf("of %d archives %d are broken: both kinds are to be compared", trials, broken)
	}
	proof.Report(t, "%d archives, of which %d were broken: one opinion", trials, broken)
}

// changeByChance changes one thing in an archive, and says what.
func changeByChance(t *testing.T, chance *rand.Rand, dir string) string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		return "nothing is left to change"
	}
	one, other := files[chance.IntN(len(files))], files[chance.IntN(len(files))]
	mine, theirs := readAll(t, one), readAll(t, other)
	switch chance.IntN(8) {
	case 0:
		removeAll(t, one)
		return "removed " + one
	case 1:
		removeAll(t, filepath.Dir(one))
		return "removed the folder of " + one
	case 2:
		overwrite(t, one, string(theirs))
		overwrite(t, other, string(mine))
		return "swapped " + one + " and " + other
	case 3:
		overwrite(t, filepath.Join(filepath.Dir(one), "added"), string(theirs))
		return "added beside " + one
	case 4:
		overwrite(t, one, string(mine[:chance.IntN(len(mine)+1)]))
		return "cut " + one
	case 5:
		overwrite(t, one, string(mine)+" ")
		return "a blank behind " + one
	case 6:
		overwrite(t, one, string(bytes.Replace(mine, []byte(`,"`), []byte(`, "`), 1)))
		return "a blank in " + one
	default:
		if len(mine) == 0 {
			return "nothing to change in " + one
		}
		mine[chance.IntN(len(mine))] ^= 1 << chance.IntN(8)
		overwrite(t, one, string(mine))
		return "a bit of " + one
	}
}

func readAll(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	return data
}
