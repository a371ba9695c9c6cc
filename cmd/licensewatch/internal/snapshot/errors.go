package snapshot

import (
	"fmt"
	"strings"

	"licensewatch/cmd/licensewatch/internal/yamlnode"
)

// Errors is what Parse returns for a file with mistakes: all of them, in the
// order of the file.
type Errors struct{ Problems []yamlnode.Problem }

// Error names each mistake with its place: a line each, and above them how many
// there are where there are several.
func (e *Errors) Error() string {
	if len(e.Problems) == 1 {
		return e.Problems[0].String()
	}
	lines := []string{fmt.Sprintf("%d mistakes in the snapshot:", len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}
