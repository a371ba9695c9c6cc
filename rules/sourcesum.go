package rules

import (
	"crypto/sha256"
	"encoding/hex"
)

// SourceSum names a file that rules came from, by the SHA-256 of its bytes.
type SourceSum struct {
	File   string `json:"file"` // as Load was given it; "default.yaml" and "changes.yaml" are built in
	SHA256 string `json:"sha256"`
}

func sumOf(name string, data []byte) SourceSum {
	sum := sha256.Sum256(data)
	return SourceSum{name, hex.EncodeToString(sum[:])}
}

// SourceSums are the files that the rules came from: the one that was loaded, and the
// built-in ones unless that replaces them.
func (s *Set) SourceSums() []SourceSum {
	var sums []SourceSum
	if s.file != nil {
		sums = append(sums, *s.file)
	}
	if s.hasBuiltin {
		for _, f := range []builtinFile{stateFile, changeFile} {
			sums = append(sums, sumOf(f.name, []byte(f.text)))
		}
	}
	return sums
}
