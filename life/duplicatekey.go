package life

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"strings"
)

// errDuplicateKey is a ledger that has more than reading keeps.
var errDuplicateKey = &FormatError{Version: Version, Twice: true,

	Reason: "it holds something twice under one name, of which one would be lost"}

// hasDuplicateKey says whether an object of the ledger has a key twice: reading keeps one of
// them, or mixes both. The ledger's own keys are read in small letters and in capitals.
func hasDuplicateKey(data []byte) bool {
	var plain io.Reader = bytes.NewReader(data)
	if isPacked(data) {
		zip, err := gzip.NewReader(plain)
		if err != nil {
			return false // so it cannot be read at all
		}
		plain = io.LimitReader(zip, maxPlain+1<<20)
	}
	decoder := json.NewDecoder(plain)
	var open []map[string]bool // the keys of the objects around; nil for a list
	isKey := false             // what comes next in an object
	for {
		token, err := decoder.Token()
		if err != nil {
			return false // the end, or no JSON
		}
		switch delim, _ := token.(json.Delim); {
		case delim == '{':
			open, isKey = append(open, map[string]bool{}), true
			continue
		case delim == '[':
			open, isKey = append(open, nil), false
			continue
		case delim != 0:
			open = open[:len(open)-1]
		case isKey:
			key, _ := token.(string)
			if len(open) == 1 {
				key = strings.ToLower(key)
			}
			if open[len(open)-1][key] {
				return true
			}
			open[len(open)-1][key], isKey = true, false
			continue
		}
		isKey = len(open) > 0 && open[len(open)-1] != nil // a value has ended
	}
}
