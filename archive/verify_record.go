package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// readRecords reads the records side by side.
func (v *verifier) readRecords(ctx context.Context) {
	var working sync.WaitGroup
	var mutex sync.Mutex
	next, done := 0, 0
	for range runtime.GOMAXPROCS(0) {
		working.Go(func() {
			for ctx.Err() == nil {
				mutex.Lock()
				i := next
				next++
				mutex.Unlock()
				if i >= len(v.records) {
					return
				}
				v.readRecord(ctx, v.records[i])
				mutex.Lock()
				if done++; v.check.Progress != nil {
					v.check.Progress(done, len(v.records))
				}
				mutex.Unlock()
			}
		})
	}
	working.Wait()
}

// readRecord reads a record's manifest, and compares its files with that.
func (v *verifier) readRecord(ctx context.Context, r *foundRecord) {
	report := func(file string, reason Reason, detail string) {
		r.defects = append(r.defects, Defect{v.chain.Account, r.name, file, reason, detail})
	}
	folder := v.chain.Account + "/" + r.name
	data, err := readManifest(ctx, v.store, folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.isEmpty = v.isEmpty(ctx, folder)
		return
	case errors.Is(err, errTooLarge):
		r.hash = "-"
		report(manifestName, Changed, errTooLarge.Error())
		return
	case err != nil:
		r.hash = "-"
		report(manifestName, Unreadable, err.Error())
		return
	}
	r.hash = hashOf(data)
	m, err := ParseManifest(data)
	if err == nil && (m.Account != v.chain.Account || m.Record() != r.name) {
		err = errors.New("it is another record's")
	}
	if err != nil {
		report(manifestName, Changed, err.Error())
		return
	}
	r.manifest = &m
	defer m.shrink()
	if !v.check.covers(r.name) {
		return
	}
	for _, file := range m.Files {
		reason, detail := v.compareFile(ctx, r, folder, file)
		if reason != "" {
			report(file.Name, reason, detail)
		}
		r.files++
		r.bytes += file.Size
	}
	added, err := v.addedFiles(ctx, folder, m)
	if err != nil {
		report("", Unreadable, err.Error())
	}
	reportAdded(added, report)
}

func reportAdded(added []string, report func(file string, reason Reason, detail string)) {
	for i, name := range added {
		if i == maxFiles {
			report(name, Added, "and others")
			break
		}
		report(name, Added, "")
	}
}

// isEmpty says whether there is no file in a folder: a run that is killed may leave such a one in a
// directory. In a bucket there is none, and those who list files do not see it.
func (v *verifier) isEmpty(ctx context.Context, folder string) bool {
	names, err := v.store.List(ctx, folder)
	return err == nil && !slices.ContainsFunc(names, func(name string) bool {
		inner, isFolder := strings.CutSuffix(name, "/")
		return !isFolder || !v.isEmpty(ctx, folder+"/"+inner)
	})
}

// shrink lets go what the chain does not need, since there may be very many records.
func (m *Manifest) shrink() {
	m.Site, m.Mode, m.Program, m.Files = "", "", Program{}, nil
	m.Missing = slices.DeleteFunc(m.Missing, func(missing Missing) bool { return !IsRecordName(missing.Name) })
	for i := range m.Missing {
		m.Missing[i].Reason = ""
	}
}

// compareFile says what is wrong with a file of the record.
func (v *verifier) compareFile(ctx context.Context, r *foundRecord, folder string,
	file File) (reason Reason, detail string) {
	if file.Name == AccountsName && isFleetFolder(v.chain.Account) {
		return v.compareAccounts(ctx, r, folder, file)
	}
	if v.check.Reads != nil && v.check.Reads(file.Name) {
		return "", ""
	}
	digest := sha256.New()
	err := copyBounded(ctx, v.store, folder+"/"+file.Name, digest, file.Size)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Gone, ""
	case err == nil && hex.EncodeToString(digest.Sum(nil)) == file.SHA256:
		return "", ""
	case err == nil, errors.Is(err, errTooLarge):
		return Changed, ""
	default:
		return Unreadable, err.Error()
	}
}

// addedFiles are the names in a record's folder that its manifest does not have.
func (v *verifier) addedFiles(ctx context.Context, folder string, m Manifest) (added []string, err error) {
	isKnown := func(name string) bool {
		return name == manifestName || slices.ContainsFunc(m.Files, func(f File) bool { return f.Name == name })
	}
	hasFolder := func(name string) bool {
		return slices.ContainsFunc(m.Files, func(f File) bool { return strings.HasPrefix(f.Name, name) })
	}
	names, err := v.store.List(ctx, folder)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !strings.HasSuffix(name, "/") || !hasFolder(name) {
			if !isKnown(name) {
				added = append(added, name)
			}
			continue
		}
		inner, err := v.store.List(ctx, folder+"/"+strings.TrimSuffix(name, "/"))
		if err != nil {
			return added, err
		}
		for _, base := range inner {
			if !isKnown(name + base) {
				added = append(added, name+base)
			}
		}
	}
	return added, nil
}
