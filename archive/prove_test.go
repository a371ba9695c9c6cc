package archive_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"licensewatch/archive"
	"licensewatch/internal/proof"
)

// TestProveArchiveChanges changes sealed archives at random: what the format can show is
// shown, with its name; and archives that nobody touched are never complained of.
func TestProveArchiveChanges(t *testing.T) {
	t.Parallel()
	trials, untouched := proof.Trials(3000, 1_000_000), proof.Trials(200, 10_000)
	const workers = 4
	var working sync.WaitGroup
	for worker := range workers {
		working.Go(func() {
			for i := worker; i < trials && !t.Failed(); i += workers {
				changeAtRandom(t, i)
			}
			for i := worker; i < untouched; i += workers {
				chance := rand.New(rand.NewPCG(proof.Seed(i)))
				store, head := randomArchive(t, chance)
				result := verify(t, store, archive.Check{Heads: map[string]archive.Link{account: *head}, Anchors: []string{head.Short()}})
				if len(result.Defects) > 0 {
					t.Errorf("untouched archive %d: %v", i, lines(result.Defects))
				}
			}
		})
	}
	working.Wait()
	proof.Report(t, "%d random changes, each shown with its name; %d untouched archives, none complained of", trials, untouched)
}

// randomArchive has a few records, some of whose files are alike.
func randomArchive(t *testing.T, chance *rand.Rand) (objects, *archive.Link) {
	t.Helper()
	store, head := objects{}, (*archive.Link)(nil)
	day := 0
	for range 2 + chance.IntN(4) {
		r := unsealed(day)
		r.Files = r.Files[:1+chance.IntN(len(r.Files))]
		head = mustSeal(t, store, r, head)
		day += 1 + chance.IntN(3)
	}
	return store, head
}

// changeAtRandom is one trial.
func changeAtRandom(t *testing.T, i int) {
	t.Helper()
	chance := rand.New(rand.NewPCG(proof.Seed(i)))
	store, head := randomArchive(t, chance)
	records := recordsOf(store)
	kind := changeKinds[chance.IntN(len(changeKinds))]
	before := maps.Clone(store)
	want, check := kind.do(chance, store, records), archive.Check{}
	if kind.remembered || chance.IntN(2) == 0 {
		check = archive.Check{Heads: map[string]archive.Link{account: *head}, Anchors: []string{head.Short()}}
	}
	if maps.Equal(before, store) { // two files that were alike
		want = nil
	}
	problems := verify(t, store, check).Defects
	for _, w := range want {
		if !slices.ContainsFunc(problems, func(p archive.Defect) bool {
			return p.Account == account && p.Record == w.Record && p.File == w.File && p.Reason == w.Reason
		}) {
			t.Errorf("trial %d, %s: want %s, got %q", i, kind.name, w, lines(problems))
		}
	}
	if len(want) == 0 && len(problems) > 0 {
		t.Errorf("trial %d, %s: nothing is wrong, got %q", i, kind.name, lines(problems))
	}
	for _, p := range problems { // what is not touched is not blamed
		touched := p.Reason == archive.CutOff || slices.ContainsFunc(want, func(w archive.Defect) bool { return w.Record == p.Record })
		if !touched {
			t.Errorf("trial %d, %s: blamed as well: %s", i, kind.name, p)
		}
	}
}

// recordsOf are the records' names, in their order.
func recordsOf(store objects) []string {
	var records []string
	for name := range store {
		if record, ok := strings.CutSuffix(name, "/manifest.json"); ok {
			records = append(records, strings.TrimPrefix(record, account+"/"))
		}
	}
	slices.Sort(records)
	return records
}

// changeKinds are the ways of a change. Each gives what has to be named, where remembered
// says that it takes the memory of the newest record to see it.
var changeKinds = []struct {
	name       string
	remembered bool
	do         func(chance *rand.Rand, store objects, records []string) []archive.Defect
}{
	{"a bit of a file", false, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record, file := pickFile(chance, store, records)
		name := objectName(record, file)
		data := []byte(store[name])
		data[chance.IntN(len(data))] ^= 1 << chance.IntN(8)
		store[name] = string(data)
		return named(record, file, archive.Changed)
	}},
	{"a byte more or less", false, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record, file := pickFile(chance, store, records)
		name := objectName(record, file)
		i := chance.IntN(len(store[name]))
		if data := store[name]; chance.IntN(2) == 0 {
			store[name] = data[:i] + data[i+1:]
		} else {
			store[name] = data[:i] + string(rune('a'+chance.IntN(26))) + data[i:]
		}
		return named(record, file, archive.Changed)
	}},
	{"a bit of a manifest", true, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record := records[chance.IntN(len(records))]
		name := objectName(record, "manifest.json")
		data := []byte(store[name])
		data[chance.IntN(len(data))] ^= 1 << chance.IntN(8)
		store[name] = string(data)
		return named(record, "manifest.json", archive.Changed)
	}},
	{"two files swapped", false, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record, file := pickFile(chance, store, records)
		otherRecord, otherFile := pickFile(chance, store, records)
		a, b := objectName(record, file), objectName(otherRecord, otherFile)
		store[a], store[b] = store[b], store[a]
		return append(named(record, file, archive.Changed), named(otherRecord, otherFile, archive.Changed)...)
	}},
	{"two manifests swapped", true, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record, other := records[0], records[1+chance.IntN(len(records)-1)]
		a, b := objectName(record, "manifest.json"), objectName(other, "manifest.json")
		store[a], store[b] = store[b], store[a]
		return append(named(record, "manifest.json", archive.Changed), named(other, "manifest.json", archive.Changed)...)
	}},
	{"an old manifest put back", true, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		i := chance.IntN(len(records))
		j := (i + 1 + chance.IntN(len(records)-1)) % len(records)
		store[objectName(records[i], "manifest.json")] = store[objectName(records[j], "manifest.json")]
		return named(records[i], "manifest.json", archive.Changed)
	}},
	{"a file deleted", false, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record, file := pickFile(chance, store, records)
		delete(store, objectName(record, file))
		return named(record, file, archive.Gone)
	}},
	{"a manifest deleted", false, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		i := chance.IntN(len(records))
		delete(store, objectName(records[i], "manifest.json"))
		if i == len(records)-1 {
			return named(records[i], "", archive.NotSealed)
		}
		return named(records[i], "manifest.json", archive.Gone)
	}},
	{"a file added", false, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record := records[chance.IntN(len(records))]
		file := []string{"new", "reading.json.bak", "..x", "Ä", "manifest.json~"}[chance.IntN(5)]
		store[objectName(record, file)] = "x"
		return named(record, file, archive.Added)
	}},
	{"a record removed", true, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		i := chance.IntN(len(records))
		removeRecord(store, records[i])
		if i == len(records)-1 {
			return named(records[i], "", archive.CutOff)
		}
		return named(records[i], "", archive.Gone)
	}},
	{"the tail cut", true, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		for _, record := range records[1+chance.IntN(len(records)-1):] {
			removeRecord(store, record)
		}
		return named(records[len(records)-1], "", archive.CutOff)
	}},
	{"a record copied", false, func(chance *rand.Rand, store objects, records []string) []archive.Defect {
		record, other := records[chance.IntN(len(records))], fmt.Sprintf("2026/12/%02d/010700Z-4f1300", 1+chance.IntN(30))
		for name, data := range maps.Clone(store) {
			if rest, ok := strings.CutPrefix(name, account+"/"+record); ok {
				store[account+"/"+other+rest] = data
			}
		}
		return named(other, "manifest.json", archive.Changed)
	}},
	{"nothing", false, func(*rand.Rand, objects, []string) []archive.Defect { return nil }},
}

func objectName(record, file string) string { return account + "/" + record + "/" + file }

func named(record, file string, reason archive.Reason) []archive.Defect {
	return []archive.Defect{{Account: account, Record: record, File: file, Reason: reason}}
}

// pickFile is a file that a manifest names.
func pickFile(chance *rand.Rand, store objects, records []string) (record, file string) {
	record = records[chance.IntN(len(records))]
	var files []string
	for name := range store {
		rest, ok := strings.CutPrefix(name, objectName(record, ""))
		if ok && rest != "manifest.json" {
			files = append(files, rest)
		}
	}
	slices.Sort(files)
	return record, files[chance.IntN(len(files))]
}

func removeRecord(store objects, record string) {
	maps.DeleteFunc(store, func(name, _ string) bool { return strings.HasPrefix(name, objectName(record, "")) })
}
