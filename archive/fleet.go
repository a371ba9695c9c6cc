package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
)

// maxAccounts is how large accounts.json may be, in bytes: 10,000 accounts have less than 3 MB.
const maxAccounts = 4 << 20

// AccountRecord is what became of an account in a run of many, as accounts.json has it.
type AccountRecord struct {
	Account string `json:"account"` // its folder
	Name    string `json:"name"`
	Site    string `json:"site"`
	State   string `json:"state"`             // "read", "partly", "failed", "not_reached"
	Record  string `json:"record"`            // empty: none was sealed
	SHA256  string `json:"sha256"`            // of the record's manifest
	Missing string `json:"missing,omitempty"` // why none was sealed
}

// sealedSums are the records of all accounts that were found, each by a hash of its name and
// its manifest's: there may be very many.
type sealedSums map[[16]byte]struct{}

func sumOf(account string, l Link) [16]byte {
	sum := sha256.Sum256([]byte(account + "/" + l.Record + " " + l.SHA256))
	return [16]byte(sum[:16])
}

// compareAccounts compares accounts.json of a fleet's record with its manifest, as any file,
// and looks for the records that it names.
func (v *verifier) compareAccounts(ctx context.Context, r *foundRecord, folder string,
	file File) (reason Reason, detail string) {
	var content bytes.Buffer
	err := copyBounded(ctx, v.store, folder+"/"+file.Name, &content, min(file.Size, maxAccounts))
	sum := sha256.Sum256(content.Bytes())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Gone, ""
	case file.Size > maxAccounts:
		return Unreadable, errTooLarge.Error()
	case err == nil && hex.EncodeToString(sum[:]) == file.SHA256:
		v.checkAccounts(ctx, r, content.Bytes())
		return "", ""
	case err == nil, errors.Is(err, errTooLarge):
		return Changed, ""
	default:
		return Unreadable, err.Error()
	}
}

// checkAccounts looks for the records that accounts.json names. It was sealed by whoever wrote
// it: what is no such file names none.
func (v *verifier) checkAccounts(ctx context.Context, r *foundRecord, data []byte) {
	report := func(a AccountRecord, reason Reason) {
		if len(r.others) < maxFiles {
			r.others = append(r.others, Defect{a.Account, a.Record, manifestName, reason, v.chain.Account + "/" +
				r.name + " names it"})
		}
	}
	for a := range accountsOf(data) {
		if !isNumber(a.Account) || !IsRecordName(a.Record) {
			continue
		}
		if _, isFound := v.sealed[sumOf(a.Account, Link{a.Record, a.SHA256})]; isFound {
			continue
		}
		manifest, err := readManifest(ctx, v.store, a.Account+"/"+a.Record)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			report(a, Gone)
		case errors.Is(err, errTooLarge), err == nil && hashOf(manifest) != a.SHA256:
			report(a, Changed)
		case err != nil:
			report(a, Unreadable)
		}
	}
}

// accountsOf gives the accounts that accounts.json names, one by one.
func accountsOf(data []byte) func(func(AccountRecord) bool) {
	return func(yield func(AccountRecord) bool) {
		d := json.NewDecoder(bytes.NewReader(data))
		for token := json.Token(nil); token != "accounts"; {
			var err error
			if token, err = d.Token(); err != nil {
				return
			}
		}
		if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
			return
		}
		for d.More() {
			var a AccountRecord
			if d.Decode(&a) != nil || !yield(a) {
				return
			}
		}
	}
}

// AccountNamed is the folder of the account that a fleet's records know by the name; empty
// where its newest ones do not.
func AccountNamed(ctx context.Context, store Store, name string) (folder string, err error) {
	folders, err := Accounts(ctx, store)
	for _, fleet := range folders {
		if err != nil || !isFleetFolder(fleet) {
			continue
		}
		var records []string
		records, err = Records(ctx, store, fleet)
		const most = 50 // those of alerts name only the accounts that they speak of
		for _, record := range slices.Backward(records[max(0, len(records)-most):]) {
			m, _, readErr := ReadManifest(ctx, store, fleet, record)
			var content bytes.Buffer
			if readErr != nil || m.CopyFile(ctx, store, AccountsName,
				&boundedWriter{to: &content, left: maxAccounts}) != nil {
				continue
			}
			for a := range accountsOf(content.Bytes()) {
				if a.Name == name {
					return a.Account, nil
				}
			}
		}
	}
	return "", err
}

// addOthers adds the defects that the records of fleets know of others' records, unless
// they are reported already.
func (result *Result) addOthers(others []Defect) {
	known := map[string]bool{}
	for _, p := range result.Defects {
		known[p.Account+"/"+p.Record] = true
	}
	for _, p := range others {
		if place := p.Account + "/" + p.Record; !known[place] {
			known[place] = true
			result.Defects = append(result.Defects, p)
		}
	}
}
