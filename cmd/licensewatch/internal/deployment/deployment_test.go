package deployment_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/deployment"
)

// good is a file without a mistake; the tests change lines of it.
const good = `component: scf
name: licensewatch
app: licensewatch
stage: prod
inputs:
  name: licensewatch
  src: dist/function
  type: event
  runtime: Go1
  handler: main
  region: ap-guangzhou
  role: licensewatch
  memorySize: 128
  timeout: 60
  environment:
    variables:
      LICENSEWATCH_SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}
  events:
    - timer:
        name: licensewatch-digest
        parameters:
          cronExpression: '0 7 9 * * * *'
          enable: true
          argument: digest
`

func environment(values map[string]string) deployment.Environment {
	return deployment.Environment{File: ".env", Lookup: func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}}
}

var filled = environment(map[string]string{
	"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T1/B1/verysecretindeed",
	"LONG":                           strings.Repeat("x", 4100),
	"SECONDS":                        "60",
	"MISTYPED":                       "ap-guangzou",
})

// lines are findings as they are printed.
func lines(findings []deployment.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.String())
	}
	return all
}

func TestGood(t *testing.T) {
	t.Parallel()
	d := deployment.Parse("s.yml", []byte(good), filled)
	if diff := cmp.Diff([]string(nil), slices.Concat(lines(d.Mistakes), lines(d.Warnings))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if len(d.Timers) != 1 || d.Timers[0].Name != "licensewatch-digest" || !d.Timers[0].Enabled || d.Timers[0].Argument != "digest" {
		t.Errorf("timers: %+v", d.Timers)
	}
	if len(d.Variables) != 1 || d.Variables[0].From != "LICENSEWATCH_SLACK_WEBHOOK_URL" || d.Variables[0].Line != 17 || d.Variables[0].Column != 39 {
		t.Errorf("variables: %+v", d.Variables)
	}
	if d.Source.Directory != "dist/function" || d.Source.Line != 7 {
		t.Errorf("source: %+v", d.Source)
	}
}

// TestOwnFile: the repository's file has no mistake once .env is filled in.
func TestOwnFile(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../../serverless.yml")
	if err != nil {
		t.Fatal(err)
	}
	d := deployment.Parse("serverless.yml", data, environment(map[string]string{
		"DEPLOY_REGION": "ap-guangzhou", "DEPLOY_ROLE": "licensewatch", "LICENSEWATCH_SITE": "cn",
		"LICENSEWATCH_SLACK_WEBHOOK_URL": "x", "LICENSEWATCH_WECOM_WEBHOOK_URL": "x",
	}))
	if diff := cmp.Diff([]string(nil), slices.Concat(lines(d.Mistakes), lines(d.Warnings))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if len(d.Timers) != 3 || d.Timers[1].Enabled || d.Timers[2].Enabled {
		t.Errorf("timers: %+v", d.Timers)
	}
}

// change is a file with one text replaced.
func change(t *testing.T, from, to string) []byte {
	t.Helper()
	if strings.Count(good, from) != 1 {
		t.Fatalf("%q stands in the file %d times", from, strings.Count(good, from))
	}
	return []byte(strings.Replace(good, from, to, 1))
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	const slack = "      LICENSEWATCH_SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}\n"
	_, timer, _ := strings.Cut(good, "  events:\n")
	tests := []struct{ from, to, want string }{
		{"component: scf", "component: website", "1:12: component must be scf"},
		{"component: scf\n", "", "1:1: component is missing: write component: scf"},
		{"stage: prod", "stage: p", "4:8: stage is none that the platform takes: write 2 to 60"},
		{"stage: prod\n", "stage: prod\nsatge: test\n", "5:1: satge is no key of serverless.yml and would be ignored; did you mean stage?"},
		{"inputs:", "input:", "5:1: input is no key of serverless.yml and would be ignored; did you mean inputs?"},
		{"  name: licensewatch\n  src", "  name: license watch\n  src", "6:9: name is none that the platform takes"},
		{"  src: dist/function\n", "", "5:1: src is missing: write src: dist/function"},
		{"type: event", "type: web", "8:9: type must be event: a timer wakes event functions only"},
		{"  runtime: Go1\n", "", "5:1: runtime is missing: the platform's default is Node.js; write runtime: Go1"},
		{"runtime: Go1", "runtime: go1", "9:12: runtime must be Go1"},
		{"handler: main", "handler: main.main", "10:12: handler must be main: it is the name"},
		{"region: ap-guangzhou", "region: ap-guangzhou-3", "11:11: region names a zone of a region: write ap-guangzhou"},
		{"region: ap-guangzhou", "region: Guangzhou", "11:11: region does not exist: did you mean ap-guangzhou?"},
		{"region: ap-guangzhou", "region: ap-guangzou", "11:11: region does not exist: did you mean ap-guangzhou?"},
		{"region: ap-guangzhou", "region: ${env:MISTYPED}", "11:11: MISTYPED: the region does not exist: did you mean ap-guangzhou?"},
		{"region: ap-guangzhou", "region: us-east-1", "11:11: region is none of Tencent Cloud: write it as ap-guangzhou"},
		{"region: ap-guangzhou", "region: ${env:DEPLOY_REGION}", "11:11: ${env:DEPLOY_REGION} is not set: write DEPLOY_REGION into .env, and load it"},
		{"  role: licensewatch\n", "", "5:1: role is missing: the function would have no keys to read with; write role:"},
		{"role: licensewatch", "role:", "5:1: role is missing"},
		{"role: licensewatch", "role: qcs::cam::uin/1:roleName/x", "12:9: role is no role's name: write the name alone"},
		{"memorySize: 128", "memorySize: 100", "13:15: memorySize is 100 MB, the platform takes 64 and multiples of 128 up to 3072: write 128"},
		{"memorySize: 128", "memorySize: 128MB", "13:15: memorySize is no whole number: write it without a unit"},
		{"  timeout: 60\n", "", "5:1: timeout is missing: the platform's default is 3 s, too little to read, export and tell; write timeout: 60"},
		{"timeout: 60", "timeout: 3", "14:12: timeout is 3 s: a run needs more than 15 to read, export and tell; write timeout: 60"},
		{"timeout: 60", "timeout: 15", "14:12: timeout is 15 s: a run needs more than 15"},
		{"timeout: 60", "timeout: 901", "14:12: timeout is 901 s, the platform takes 1 to 900: write timeout: 60"},
		{"timeout: 60", "timeout:", "14:3: timeout has no value: write a whole number"},
		{"timeout: 60", "timeOut: 60", "14:3: timeOut is no key of inputs and would be ignored; did you mean timeout?"},
		{"timeout: 60", "timeout: 60\n  initTimeout: 2", "15:16: initTimeout is 2 s, the platform takes 3 to 300: write 10"},
		{"timeout: 60", "timeout: 60\n  timeout: 70", "15:3: timeout stands here twice, first in line 14"},
		{"timeout: 60", "timeout: 60\n  publicAccess: false", "15:17: publicAccess must be true"},
		{"    variables:\n" + slack, "    LICENSEWATCH_SITE: cn\n", "15:3: environment has no variables: write variables: below it"},
		{slack, "", "15:3: LICENSEWATCH_SLACK_WEBHOOK_URL: is not among the function's variables, nor is another webhook: nobody would be told"},
		{"  environment:\n    variables:\n" + slack, "", "5:1: LICENSEWATCH_SLACK_WEBHOOK_URL: is not among the function's variables"},
		{slack, "", "16:5: variables is empty: write NAME: value below it"},
		{slack, slack + "      LICENSEWATCH_SITE:\n", "18:7: LICENSEWATCH_SITE: is empty, which the platform refuses: give it a value, or put a # before its line"},
		{slack, slack + "      LICENSEWATCH_SITE: ''\n", "18:7: LICENSEWATCH_SITE: is empty"},
		{slack, slack + "      LICENSEWATCH_SITE: [cn]\n", "18:26: LICENSEWATCH_SITE: is no text"},
		{slack, slack + slack, "18:7: LICENSEWATCH_SLACK_WEBHOOK_URL: stands here twice, first in line 17"},
		{slack, "      SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}\n", "17:7: LICENSEWATCH_SLACK_WEBHOOK_URL: is written without its prefix, as SLACK_WEBHOOK_URL, which nobody reads: write LICENSEWATCH_SLACK_WEBHOOK_URL"},
		{slack, "      ONCALL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}\n", "17:7: LICENSEWATCH_SLACK_WEBHOOK_URL: is written without its prefix, as ONCALL, which nobody reads"},
		{slack, slack + "      TENCENTCLOUD_SECRET_ID: x\n", "18:7: TENCENTCLOUD_SECRET_ID: begins with TENCENTCLOUD_, which belongs to the platform"},
		{slack, slack + "      SCF_X: x\n", "18:7: SCF_X: begins with SCF_, which belongs to the platform"},
		{slack, slack + "      2X: x\n", "18:7: 2X: is no name that the platform takes"},
		{slack, slack + "      X: ${env:LONG}\n", "16:5: the names and values have 4"},
		{slack, slack + "      LICENSEWATCH_SITE: ${env:NOPE}\n", "18:26: LICENSEWATCH_SITE: ${env:NOPE} is not set: write NOPE into .env, and load it (check --env .env, or: set -a; . ./.env; set +a); or put a # before this line"},
		{timer, "    []\n", "5:1: events is missing"},
		{timer, "    timer: {}\n", "19:5: events must be a list: write - timer: below it"},
		{timer, "    - timers: {}\n", "19:7: timers is no event; did you mean timer?"},
		{timer, "    - cos: {}\n", "19:7: a cos event says nothing to this function"},
		{timer, "    - {}\n", "19:7: an event must be a mapping with one key"},
		{timer, timer + timer, "26:15: the timer in line 20 is called licensewatch-digest already: each needs a name of its own"},
		{timer, strings.Repeat(timer, 11), "18:3: events has 11 timers, the platform takes 10"},
		{"        name: licensewatch-digest\n", "", "19:7: the timer has no name: write name:"},
		{"name: licensewatch-digest", "name: 1st", "20:15: the timer's name is none that the platform takes"},
		{"'0 7 9 * * * *'", "7 9 * * *", `22:27: cronExpression: has 5 fields, as a crontab, SCF wants 7 (second minute hour day month weekday year): write "0 7 9 * * * *"`},
		{"'0 7 9 * * * *'", "'0 7 25 * * * *'", `22:32: cronExpression: hour "25" is not known: write 0 to 23`},
		{"'0 7 9 * * * *'", "0 7 25 * * * *", `22:31: cronExpression: hour "25" is not known: write 0 to 23`},
		{"          cronExpression: '0 7 9 * * * *'\n", "", "21:9: cronExpression is missing: write cronExpression: '0 7 9 * * * *' for every day at 09:07 (UTC+8)"},
		{"cronExpression", "cron", "22:11: cron is no key of parameters and would be ignored; did you mean cronExpression?"},
		{"          enable: true\n", "", "21:9: enable is missing, which means off: write enable: true, or enable: false"},
		{"enable: true", "enable: 'false'", "23:19: enable must be true or false, without quotes"},
		{"enable: true", "enable: yes", "23:19: enable must be true or false, without quotes"},
		{"argument: digest", "argument: digst", "24:21: argument must be digest, alert or report, or be left out (then LICENSEWATCH_MODE counts); did you mean digest?"},
		{"argument: digest", "argument: daily", "24:21: argument must be digest, alert or report"},
		{"argument: digest", "argument: {mode: digest}", "24:21: argument must be digest, alert or report"},
		{"  type: event", "\ttype: event", "8:1: the file is not YAML: found a tab character that violates indentation; indent with spaces, not with tabs"},
		{"type: event", "type: *x", "the file is not YAML"},
		{"component: scf", "component: &a scf\norg: *a", "2:6: aliases (*a) are not read by this check"},
	}
	for _, test := range tests {
		d := deployment.Parse("s.yml", change(t, test.from, test.to), filled)
		got := lines(d.Mistakes)
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, "s.yml:") && strings.Contains(line, test.want) }) {
			t.Errorf("%q instead of %q: want %q in\n%s", test.to, test.from, test.want, strings.Join(got, "\n"))
		}
		if strings.Contains(strings.Join(got, ""), "verysecret") {
			t.Errorf("a secret is shown: %q", got)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	tests := []struct{ from, to, want string }{
		{"timeout: 60", "timeout: 20", "14:12: timeout is 20 s: when an API is slow there is no time to try again; write timeout: 60"},
		{"  region: ap-guangzhou\n", "", "5:1: region is missing: the function goes to ap-guangzhou"},
		{"timeout: 60", "timeout: 60\n  retryNum: 0", "15:3: retryNum has no effect here without asyncRunEnable"},
		{"timeout: 60", "timeout: 60\n  asyncRunEnable: true", "15:19: asyncRunEnable switches off"},
		{"timeout: 60", "timeout: 60\n  flavour: x", "15:3: flavour is no key of inputs that is known here: it may be ignored; known are src, name, type,"},
		{"region: ap-guangzhou", "region: ap-osaka", "11:11: region is not among the regions known here, so it may be new, or not exist"},
		{"  events:", "      STATE_URL: file:///mnt/x\n  events:", "18:7: LICENSEWATCH_STATE_URL: is written without its prefix, as STATE_URL, which nobody reads: write LICENSEWATCH_STATE_URL"},
		{"  events:", "      WECOM_WEBHOOK_URL: ${env:SECONDS}\n  events:", "18:7: LICENSEWATCH_WECOM_WEBHOOK_URL: is written without its prefix"},
		{"${env:LICENSEWATCH_SLACK_WEBHOOK_URL}", "https://hooks.slack.com/services/T1/B1/verysecretindeed", "17:39: LICENSEWATCH_SLACK_WEBHOOK_URL: is written here: this URL is a secret"},
		{"enable: true", "enable: false", "18:3: every timer is off: the function never runs; write enable: true"},
		{"argument: digest", "argument: alert", "23:19: the alert timer is on, but LICENSEWATCH_STATE_URL is not among the variables"},
		{"'0 7 9 * * * *'", "'0 0 9 * * * *'", "22:27: cronExpression fires on the full hour"},
	}
	for _, test := range tests {
		d := deployment.Parse("s.yml", change(t, test.from, test.to), filled)
		got := lines(d.Warnings)
		if len(d.Mistakes) > 0 || len(got) != 1 || !strings.HasPrefix(got[0], "s.yml:"+test.want) {
			t.Errorf("%q instead of %q: want %q in\n%s\nmistakes:%s", test.to, test.from, test.want, strings.Join(got, "\n"), lines(d.Mistakes))
		}
		if strings.Contains(strings.Join(got, ""), "verysecret") {
			t.Errorf("a secret is shown: %q", got)
		}
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	loaded := deployment.Environment{Lookup: filled.Lookup, File: "my.env", Loaded: true}
	missing := deployment.Parse("s.yml", change(t, "role: licensewatch", "role: ${env:DEPLOY_ROLE}"), loaded)
	if diff := cmp.Diff([]string{"s.yml:12:9: ${env:DEPLOY_ROLE} is not set: write DEPLOY_ROLE into my.env"}, lines(missing.Mistakes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	d := deployment.Parse("s.yml", change(t, "timeout: 60", "timeout: ${env:SECONDS}"), filled)
	if len(d.Mistakes) > 0 {
		t.Errorf("%s", lines(d.Mistakes))
	}
	for _, file := range []string{"", "\n# nothing\n", "[]", "x"} {
		d := deployment.Parse("s.yml", []byte(file), filled)
		if len(d.Mistakes) != 1 || d.Mistakes[0].Line < 1 || d.Mistakes[0].Column < 1 {
			t.Errorf("%q: %s", file, lines(d.Mistakes))
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("inputs: {events: [{timer: {parameters: {cronExpression: |\n 0 0\n}}}]}"))
	f.Add([]byte("inputs:\n  environment:\n    variables:\n      ? [a]\n      : b\n"))
	f.Add([]byte("component: ${env:X}\ninputs: {timeout: \"\\x31\", events: [1, null, {a: 1, b: 2}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := deployment.Parse("s.yml", data, filled)
		for _, finding := range slices.Concat(d.Mistakes, d.Warnings) {
			if finding.Line < 1 || finding.Column < 1 || finding.Text == "" {
				t.Errorf("%+v", finding)
			}
		}
	})
}
