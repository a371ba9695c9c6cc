// Package deploy_test checks what is deployed with the function: the platform's
// tools ignore a misspelt key and refuse a wrong value only at the end.
package deploy_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"licensewatch/config"
)

// instance is serverless.yml with every key it may have. The component knows
// more of them; one that is needed is to be added here.
type instance struct {
	Component, Name, App, Stage string

	Inputs struct {
		Name, Description, Src, Type, Runtime, Handler, Region, Role string

		MemorySize   int   `yaml:"memorySize"`
		Timeout      int   `yaml:"timeout"`
		InitTimeout  int   `yaml:"initTimeout"`
		PublicAccess *bool `yaml:"publicAccess"`
		Environment  struct{ Variables map[string]string }
		Events       []struct{ Timer timer }
	}
}

type timer struct {
	Name       string
	Parameters struct {
		CronExpression string `yaml:"cronExpression"`
		Enable         *bool  // left out, it means off
		Argument       string
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile("../" + path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func load(t *testing.T) instance {
	t.Helper()
	var i instance
	if err := yaml.Load([]byte(read(t, "serverless.yml")), &i, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	return i
}

func TestFunction(t *testing.T) {
	t.Parallel()
	i := load(t)
	got := map[string]string{
		"component": i.Component, "type": i.Inputs.Type, "runtime": i.Inputs.Runtime, "handler": i.Inputs.Handler, "src": i.Inputs.Src,
	}
	want := map[string]string{
		"component": "scf", "type": "event", "runtime": "Go1", "handler": "main", "src": "dist/function",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields differ (-want +got):\n%s", diff)
	}
	name := regexp.MustCompile(`^[A-Za-z][\w-]{0,58}[A-Za-z0-9]$`)
	for _, n := range []string{i.Name, i.Inputs.Name, i.App, i.Stage} {
		if !name.MatchString(n) {
			t.Errorf("the platform does not take the name %q", n)
		}
	}
	if i.Inputs.Role == "" || i.Inputs.Region == "" {
		t.Error("role and region must be set: without a role no keys are injected")
	}
	if i.Inputs.PublicAccess != nil && !*i.Inputs.PublicAccess {
		t.Error("the function cannot reach anybody without public access")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	in := load(t).Inputs
	const least = 15 + 15 // seconds; a run that begins with less than 15 makes no export
	if in.Timeout < least || in.Timeout > 900 {
		t.Errorf("timeout is %d s, want %d to 900", in.Timeout, least)
	}
	if in.InitTimeout < 3 || in.InitTimeout > 300 {
		t.Errorf("initTimeout is %d s, want 3 to 300", in.InitTimeout)
	}
	if m := in.MemorySize; m != 64 && (m%128 != 0 || m < 128 || m > 3072) {
		t.Errorf("memorySize is %d MB, want 64 or a multiple of 128", m)
	}
}

// TestTimers checks what the platform reads: seven fields, in UTC+8.
func TestTimers(t *testing.T) {
	t.Parallel()
	type want struct {
		enabled  bool
		argument string
		rest     []string // the fields after the minute
	}
	wants := []want{
		{true, "digest", []string{"9", "*", "*", "*", "*"}},
		{false, "alert", []string{"*", "*", "*", "*", "*"}},
		{false, "report", []string{"9", "1", "*", "*", "*"}},
	}
	events := load(t).Inputs.Events
	if len(events) != len(wants) {
		t.Fatalf("%d timers, want %d", len(events), len(wants))
	}
	names := map[string]bool{}
	for i, event := range events {
		name, p := event.Timer.Name, event.Timer.Parameters
		if name == "" || len(name) > 60 || names[name] {
			t.Errorf("timer %d is called %q, want a name of its own of up to 60 characters", i, name)
		}
		names[name] = true
		if p.Enable == nil || *p.Enable != wants[i].enabled || p.Argument != wants[i].argument {
			t.Errorf("%s: enable and argument are not %v and %s, or not written", name, wants[i].enabled, wants[i].argument)
		}
		fields := strings.Fields(p.CronExpression)
		if len(fields) != 7 {
			t.Fatalf("%s: %q has %d fields, want 7", name, p.CronExpression, len(fields))
		}
		minute, err := strconv.Atoi(fields[1])
		if err != nil || minute%2 == 0 || minute > 59 || fields[0] != "0" {
			t.Errorf("%s: %q does not begin with second 0 and one odd minute", name, p.CronExpression)
		}
		if diff := cmp.Diff(wants[i].rest, fields[2:]); diff != "" {
			t.Errorf("%s: hour to year differ (-want +got):\n%s", name, diff)
		}
	}
}

func settingNames() []string {
	var names []string
	for _, s := range config.Settings() {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return names
}

func TestVariables(t *testing.T) {
	t.Parallel()
	variables := load(t).Inputs.Environment.Variables
	known := settingNames()
	for name, value := range variables {
		if !slices.Contains(known, name) {
			t.Errorf("%s is not a setting", name)
		}
		for _, reserved := range []string{"SCF_", "QCLOUD_", "TENCENTCLOUD_"} {
			if strings.HasPrefix(name, reserved) {
				t.Errorf("%s begins with %s, which belongs to the platform", name, reserved)
			}
		}
		if want := "${env:" + name + "}"; value != want {
			t.Errorf("%s is %q, want %q: secrets stay out of the file", name, value, want)
		}
	}
	if len(variables) == 0 {
		t.Error("no variable is deployed")
	}
}

// TestEverySettingIsOffered: what is not in use stands there behind a #.
func TestEverySettingIsOffered(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"serverless.yml": `(?m)^ {6}(?:# )?(LICENSEWATCH_\w+): \$\{env:LICENSEWATCH_\w+\}$`,
		envFile:          `(?m)^(?:# )?(LICENSEWATCH_\w+)=.+$`,
	}
	for file, line := range tests {
		var offered []string
		for _, match := range regexp.MustCompile(line).FindAllStringSubmatch(read(t, file), -1) {
			offered = append(offered, match[1])
		}
		slices.Sort(offered)
		if diff := cmp.Diff(settingNames(), offered); diff != "" {
			t.Errorf("%s does not offer every setting once (-want +got):\n%s", file, diff)
		}
	}
}

// envFile is what licensewatch init writes: the settings that serverless.yml
// wants.
const envFile = "cmd/licensewatch/internal/scaffold/files/licensewatch.env"

// assignments are its lines that set something, as the shell
// and the deployment tool read them.
func assignments(t *testing.T) map[string]string {
	t.Helper()
	values := map[string]string{}
	for line := range strings.Lines(read(t, envFile)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Errorf("licensewatch.env: %q sets nothing", line)
		}
		if strings.ContainsAny(value, "?&=<> $") && (value[0] != '\'' || value[len(value)-1] != '\'') {
			t.Errorf("licensewatch.env: %s needs single quotes", name)
		}
		values[name] = strings.Trim(value, "'")
	}
	return values
}

func TestPlaceholdersAreFilled(t *testing.T) {
	t.Parallel()
	values := assignments(t)
	var active []string
	for line := range strings.Lines(read(t, "serverless.yml")) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			active = append(active, line)
		}
	}
	matches := regexp.MustCompile(`\$\{env:(\w+)\}`).FindAllStringSubmatch(strings.Join(active, ""), -1)
	for _, match := range matches {
		if values[match[1]] == "" {
			t.Errorf("serverless.yml wants %s, which licensewatch.env does not set", match[1])
		}
		delete(values, match[1])
	}
	if len(values) > 0 || len(matches) == 0 {
		t.Errorf("licensewatch.env sets what serverless.yml does not use: %v", slices.Sorted(maps.Keys(values)))
	}
}

// TestEnvironmentFits: with every setting in use, and every value as long as a
// webhook URL, the variables stay below the 4 KB a function may have.
func TestEnvironmentFits(t *testing.T) {
	t.Parallel()
	const longest = len("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000000")
	size := 0
	for _, name := range settingNames() {
		size += len(name) + longest
	}
	if size > 4096 {
		t.Errorf("the settings can take %d bytes, the platform allows 4096", size)
	}
}
