package main

import (
	"bytes"
	"encoding/json"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// built is what the Go tool writes into a program built from a checkout.
func built() *debug.BuildInfo {
	return &debug.BuildInfo{
		Main: debug.Module{Path: "licensewatch", Version: "v1.2.0"},
		Deps: []*debug.Module{
			{Path: "github.com/expr-lang/expr", Version: "v1.17.8"},
			{Path: "github.com/spf13/cobra", Version: "v0.0.1", Replace: &debug.Module{Path: "github.com/spf13/cobra", Version: "v1.10.2"}},
			{Path: "github.com/spf13/pflag", Version: "v1.0.9"},
		},
		Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"},
			{Key: "vcs.time", Value: "2026-11-20T08:00:00Z"},
			{Key: "vcs.modified", Value: "true"},
		},
	}
}

func TestVersionOfABuild(t *testing.T) {
	v := versionOf(built())
	v.Go, v.Platform = "go1.26.0", "linux/amd64"
	var text, document bytes.Buffer
	v.print(console{out: &text})
	if err := (console{out: &document}).printJSON(v); err != nil {
		t.Fatal(err)
	}
	golden(t, "version.txt", text.String())
	golden(t, "version.json", document.String())
}

func TestVersionWithoutInformation(t *testing.T) {
	for name, info := range map[string]*debug.BuildInfo{"nothing": nil, "go run": {Main: debug.Module{Path: "licensewatch"}}} {
		var out bytes.Buffer
		versionOf(info).print(console{out: &out})
		wantIn(t, name, out.String(), "licensewatch (devel)", "built without version control information", runtime.Version())
	}
}

func TestVersion(t *testing.T) {
	code, out, errs := command(t, nil, "version")
	if code != exitFine || errs != "" || !strings.HasPrefix(out, "licensewatch ") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, out, _ = command(t, nil, "version", "--output", "json")
	var v version
	if err := json.Unmarshal([]byte(out), &v); err != nil || code != exitFine || v.Go != runtime.Version() {
		t.Errorf("exit %d, %v: %s", code, err, out)
	}
	if code, _, _ := command(t, nil, "version", "--output", "yaml"); code != exitUsage {
		t.Errorf("exit %d", code)
	}
}
