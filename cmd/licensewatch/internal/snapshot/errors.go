package snapshot

import (
	"fmt"
	"strings"

	"licensewatch/internal/yamlnode"
)

// Errors is what Parse returns for a file with mistakes: all of them, in the
// order of the file.
type Errors struct{ Problems []yamlnode.Problem }

// Error names each mistake with its place: a line each, and above them how many
// there are where there are several.
func (e *Errors) Error() string { return strings.Join(e.Lines(), "\n") }

// Lines are the lines of Error.
func (e *Errors) Lines() []string {
	if len(e.Problems) == 1 {
		return []string{e.Problems[0].String()}
	}
	lines := []string{fmt.Sprintf("%d mistakes in the snapshot:", len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return lines
}
