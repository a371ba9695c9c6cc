package rules_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The function's binary must not grow by what rules import.
func TestImports(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "licensewatch/rules").Output()
	if err != nil {
		t.Fatal(err)
	}
	imports := strings.Fields(string(out))
	for _, heavy := range []string{"text/template", "html/template", "net/rpc", "net/http"} {
		if slices.Contains(imports, heavy) {
			t.Errorf("the package links %s", heavy)
		}
	}
}
