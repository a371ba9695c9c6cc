package config_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/notify"
)

var (
	cwpSources  = []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourceBindings}
	tcssSources = []license.Source{license.SourcePurchaseState}
	allSources  = append(append([]license.Source{}, cwpSources...), tcssSources...)
)

var sameKind = cmp.Comparer(func(a, b *notify.ChannelKind) bool { return a == b })

// sameZone compares zones by their names.
var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

var sameEnvironment = cmpopts.IgnoreUnexported(config.Config{})

var allWeek = [7]bool{true, true, true, true, true, true, true}

func TestDefaults(t *testing.T) {
	got, problems := loadConfig(t, nil)
	want := config.Config{
		Channels:    config.ChannelsOf(notify.KindOf("slack"), secrets(goodSlack), nil),
		Mentions:    map[string][]string{},
		Site:        license.SiteCN,
		Sources:     allSources,
		Language:    license.Chinese,
		Zone:        time.FixedZone("Asia/Shanghai", 0),
		Hours:       license.Hours{Windows: []license.HoursWindow{{Days: allWeek, From: 9 * 60, To: 21 * 60}}},
		Digest:      config.DigestDaily,
		Mode:        license.ModeDigest,
		Export:      config.ExportDigest,
		ExportShare: config.ShareLink, ExportHistory: config.HistoryOff, Machines: config.MachinesCount,
		ReportLink: config.ReportLinkOn,
		LogLevel:   slog.LevelInfo,
	}
	if diff := cmp.Diff(want, got, sameKind, sameZone, sameEnvironment); diff != "" || problems != nil {
		t.Errorf("defaults differ (-want +got):\n%s\nproblems: %v", diff, problems)
	}
}

func TestEverySettingIsRead(t *testing.T) {
	got, problems := loadConfig(t, map[string]string{
		slackURL:        goodSlack + ", https://chat.example/slack",
		wecomURL:        " " + goodWeCom + "\n",
		"SLACK_MENTION": "@here,U0000001,@S0000002,here",
		"WECOM_MENTION": "@all, oncall.cn",
		"SITE":          "INTL",
		"SOURCES":       "tcss",
		"LANGUAGE":      "zh",
		"TIMEZONE":      "Europe/Berlin",
		"HOURS":         "always",
		"DIGEST":        "changes",
		"MODE":          "alert",
		"RULES_FILE":    "rules.yaml",
		"EXPORT":        "always",
		"MACHINES":      "Names", "EXPORT_SHARE": "none", "EXPORT_HISTORY": "Monthly", "REPORT_LINK": "Off",
		"STATE_URL": "file:///state", "ARCHIVE_URL": "file:///archive",
		"HEARTBEAT_URL": "https://beat.example/ping?id=1",
		"LOG_LEVEL":     "Debug",
		"API_ENDPOINT":  "http://127.0.0.1:8080/api/",
	})
	slackMention, wecomMention := []string{"here", "U0000001", "S0000002"}, []string{"@all", "oncall.cn"}
	want := config.Config{
		Channels: append(
			config.ChannelsOf(notify.KindOf("slack"), secrets(goodSlack, "https://chat.example/slack"), slackMention),
			config.ChannelsOf(notify.KindOf("wecom"), secrets(goodWeCom), wecomMention)...),
		Mentions:    map[string][]string{"slack": slackMention, "wecom": wecomMention},
		Site:        license.SiteIntl,
		Sources:     tcssSources,
		Language:    license.Chinese,
		Zone:        time.FixedZone("Europe/Berlin", 0),
		Digest:      config.DigestChanges,
		Mode:        license.ModeAlert,
		RulesFile:   "rules.yaml",
		Export:      config.ExportAlways,
		ExportShare: config.ShareNone, ExportHistory: config.HistoryMonthly, Machines: config.MachinesNames,
		ReportLink: config.ReportLinkOff,
		StateURL:   "file:///state", ArchiveURL: "file:///archive",
		HeartbeatURL: config.NewSecret("https://beat.example/ping?id=1"),
		LogLevel:     slog.LevelDebug,
		APIEndpoint:  "http://127.0.0.1:8080/api",
	}
	if diff := cmp.Diff(want, got, sameKind, sameZone, sameEnvironment, cmpopts.IgnoreFields(config.Config{}, "Warnings")); diff != "" || problems != nil {
		t.Errorf("settings differ (-want +got):\n%s\nproblems: %v", diff, problems)
	}
}

// TestValues has each setting's accepted spellings.
func TestValues(t *testing.T) {
	tests := map[string]struct {
		setting, value string
		get            func(config.Config) any
		want           any
	}{
		"site":                          {"SITE", "intl", func(c config.Config) any { return c.Site }, license.SiteIntl},
		"language by site":              {"SITE", "intl", func(c config.Config) any { return c.Language }, license.English},
		"language":                      {"LANGUAGE", "en", func(c config.Config) any { return c.Language }, license.English},
		"one source":                    {"SOURCES", "cwp", func(c config.Config) any { return c.Sources }, cwpSources},
		"sources in reading order":      {"SOURCES", "TCSS , cwp,,", func(c config.Config) any { return c.Sources }, allSources},
		"single sources":                {"SOURCES", "tcss,CWP.machines", func(c config.Config) any { return c.Sources }, []license.Source{license.SourceMachines, license.SourcePurchaseState}},
		"orders and what hangs on them": {"SOURCES", "cwp.orders", func(c config.Config) any { return c.Sources }, []license.Source{license.SourceOrders, license.SourceBindings}},
		"machines off":                  {"MACHINES", "off", func(c config.Config) any { return slices.Contains(c.Sources, license.SourceBindings) }, false},
		"UTC":                           {"TIMEZONE", "UTC", func(c config.Config) any { return c.Zone.String() }, "UTC"},
		"mode":                          {"MODE", "alert", func(c config.Config) any { return c.Mode }, license.ModeAlert},
		"export off":                    {"EXPORT", "off", func(c config.Config) any { return c.Export }, config.ExportOff},
		"log level":                     {"LOG_LEVEL", "warn", func(c config.Config) any { return c.LogLevel }, slog.LevelWarn},
		"log level error":               {"LOG_LEVEL", "ERROR", func(c config.Config) any { return c.LogLevel }, slog.LevelError},
		"heartbeat on loopback":         {"HEARTBEAT_URL", "http://[::1]:9/x", func(c config.Config) any { return c.HeartbeatURL.Reveal() }, "http://[::1]:9/x"},
		"endpoint":                      {"API_ENDPOINT", "https://proxy.example", func(c config.Config) any { return c.APIEndpoint }, "https://proxy.example"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, problems := loadConfig(t, map[string]string{test.setting: test.value})
			if diff := cmp.Diff(test.want, test.get(c)); diff != "" || problems != nil {
				t.Errorf("%s=%s differs (-want +got):\n%s\nproblems: %v", test.setting, test.value, diff, problems)
			}
		})
	}
}

// TestMistakes has each setting's refusals, with what the operator is told.
func TestMistakes(t *testing.T) {
	tests := map[string]struct{ setting, value, want string }{
		"site":                  {"SITE", "china", `"china" is not known: write cn or intl`},
		"site, nearly":          {"SITE", "int", `"int" is not known: write cn or intl (did you mean intl?)`},
		"site, a secret":        {"SITE", goodWeCom, "the value is not known: write cn or intl"},
		"language":              {"LANGUAGE", "zh-CN", `"zh-CN" is not known: write zh or en (did you mean zh?)`},
		"source":                {"SOURCES", "cwp,tcs", `"tcs" is not known: write cwp, cwp.overview, cwp.orders, cwp.machines or tcss (did you mean tcss?)`},
		"source, nearly":        {"SOURCES", "cwp.machine", `"cwp.machine" is not known: write cwp, cwp.overview, cwp.orders, cwp.machines or tcss (did you mean cwp.machines?)`},
		"source, long":          {"SOURCES", "tcss,cwp.overwiev", `the value is not known: write cwp, cwp.overview, cwp.orders, cwp.machines or tcss (did you mean cwp.overview?)`},
		"source, twice":         {"SOURCES", "tcss,CWP.orders,cwp.orders", `"cwp.orders" is there twice: write it once`},
		"product, twice":        {"SOURCES", "cwp,tcss,cwp", `"cwp" is there twice: write it once`},
		"source and product":    {"SOURCES", "cwp,cwp.machines", `"cwp" holds "cwp.machines" already: write one of them`},
		"no source":             {"SOURCES", ",", "names no source: write cwp, tcss or both"},
		"zone":                  {"TIMEZONE", "Asia/Beijing", `"Asia/Beijing" is not a known zone: write it as the IANA list does, such as Asia/Shanghai, Europe/Berlin or UTC`},
		"zone as offset":        {"TIMEZONE", "UTC+8", `"UTC+8" is not a known zone: write it as the IANA list does, such as Asia/Shanghai, Europe/Berlin or UTC`},
		"zone as path":          {"TIMEZONE", "../passwd", `"../passwd" is not a known zone: write it as the IANA list does, such as Asia/Shanghai, Europe/Berlin or UTC`},
		"local zone":            {"TIMEZONE", "Local", "Local is not a zone of its own, and the function's clock runs in UTC: write a zone such as Asia/Shanghai, Europe/Berlin or UTC"},
		"mode":                  {"MODE", "digets", `"digets" is not known: write digest or alert (did you mean digest?); report goes into a timer's argument, which counts before this setting`},
		"mode, of a timer":      {"MODE", "report", `"report" is not known: write digest or alert; report goes into a timer's argument, which counts before this setting`},
		"export":                {"EXPORT", "yes", `"yes" is not known: write off, digest or always`},
		"share":                 {"EXPORT_SHARE", "links", `"links" is not known: write link, file or none (did you mean link?)`},
		"history":               {"EXPORT_HISTORY", "month", `"month" is not known: write monthly or off (did you mean monthly?)`},
		"log level":             {"LOG_LEVEL", "warning", `"warning" is not known: write debug, info, warn or error (did you mean warn?)`},
		"heartbeat, two":        {"HEARTBEAT_URL", "https://beat.example/1,https://beat.example/2", "holds more than one URL: one is called, write that one"},
		"heartbeat, two, wide":  {"HEARTBEAT_URL", "https://beat.example/1；beat.example/2", "holds more than one URL: one is called, write that one"},
		"sources, semicolon":    {"SOURCES", "cwp;tcss", `has ";" between its values: write a comma (,)`},
		"heartbeat, plain http": {"HEARTBEAT_URL", "http://beat.example", "is plain http, which is allowed to this machine itself only (127.0.0.1, ::1, localhost): write https://"},
		"endpoint, no URL":      {"API_ENDPOINT", "tencentcloudapi.com", "is not a URL: it must begin with https://"},
		"endpoint with query":   {"API_ENDPOINT", "https://proxy.example/?a=b", "holds a query (? and what follows), which a base URL cannot have: remove it"},
		"endpoint, empty query": {"API_ENDPOINT", "https://proxy.example/?", "holds a query (? and what follows), which a base URL cannot have: remove it"},
		"endpoint, plain http":  {"API_ENDPOINT", "http://127.0.0.1.example", "is plain http, which is allowed to this machine itself only (127.0.0.1, ::1, localhost): write https://"},
		"placeholder":           {"MODE", "${env:LICENSEWATCH_MODE}", "still is the placeholder of serverless.yml: give it a value in licensewatch.env, or remove its line from serverless.yml"},
		"undefined":             {"RULES_FILE", "undefined", "was deployed without a value: give it one in licensewatch.env, or remove its line from serverless.yml"},
		"quotes":                {"MODE", `'alert'`, "begins and ends with a quotation mark: write the value without them"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, problems := loadConfig(t, map[string]string{test.setting: test.value})
			want := []config.Mistake{{Setting: "LICENSEWATCH_" + test.setting, Text: test.want}}
			if diff := cmp.Diff(want, problems); diff != "" {
				t.Errorf("%s=%s: problems differ (-want +got):\n%s", test.setting, test.value, diff)
			}
			if len(got.Sources) == 0 || got.Zone == nil || got.Site == "" || got.Language == "" || got.Mode == "" || got.Export == "" || got.ExportShare == "" {
				t.Errorf("%s=%s leaves a hole in the config: %v", test.setting, test.value, got)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	setenv(t, map[string]string{
		slackURL: "https://hooks.slack.com/", wecomURL: goodWeCom + ",abc", "SLACK_MENTION": "sam", "WECOM_MENTION": "a b",
		"SITE": "x", "SOURCES": "x", "LANGUAGE": "x", "TIMEZONE": "x", "MODE": "x", "EXPORT": "x", "EXPORT_SHARE": "x",
		"HEARTBEAT_URL": "x", "LOG_LEVEL": "x", "API_ENDPOINT": "x",
	})
	c, err := config.Load(config.ProcessEnvironment)
	if err == nil || !strings.HasPrefix(err.Error(), "14 settings are wrong: LICENSEWATCH_SLACK_WEBHOOK_URL: ") {
		t.Fatalf("error is %v, want all 14 mistakes", err)
	}
	if strings.Contains(err.Error(), "\n") || strings.Count(err.Error(), "LICENSEWATCH_") < 14 {
		t.Errorf("the error is not all of them on one line: %s", err)
	}
	if diff := cmp.Diff([]string{goodWeCom}, webhooks(c, "wecom")); diff != "" {
		t.Errorf("the webhook that is right is lost (-want +got):\n%s", diff)
	}
}

func TestOneMistakeReadsWell(t *testing.T) {
	setenv(t, map[string]string{slackURL: goodSlack, "SITE": "x"})
	_, err := config.Load(config.ProcessEnvironment)
	if want := `1 setting is wrong: LICENSEWATCH_SITE: "x" is not known: write cn or intl`; err == nil || err.Error() != want {
		t.Errorf("error is %q, want %q", err, want)
	}
}

func TestNobodyToTell(t *testing.T) {
	for name, settings := range map[string]map[string]string{
		"unset": {},
		"empty": {slackURL: "", wecomURL: " "},
	} {
		t.Run(name, func(t *testing.T) {
			setenv(t, settings)
			_, err := config.Load(config.ProcessEnvironment)
			if err == nil || !strings.Contains(err.Error(), "LICENSEWATCH_SLACK_WEBHOOK_URL: not set, and neither is LICENSEWATCH_WECOM_WEBHOOK_URL") {
				t.Errorf("error is %v, want one that names both settings", err)
			}
		})
	}
	t.Run("only a wrong one", func(t *testing.T) {
		setenv(t, map[string]string{wecomURL: "${env:LICENSEWATCH_WECOM_WEBHOOK_URL}"})
		_, err := config.Load(config.ProcessEnvironment)
		if err == nil || !strings.HasPrefix(err.Error(), "1 setting is wrong: LICENSEWATCH_WECOM_WEBHOOK_URL: still is") {
			t.Errorf("error is %v, want the webhook's own mistake only", err)
		}
	})
}

func TestEmptyCountsAsUnset(t *testing.T) {
	c, problems := loadConfig(t, map[string]string{"SITE": "", "SOURCES": "  ", "LANGUAGE": "", "HEARTBEAT_URL": ""})
	if problems != nil || c.Site != license.SiteCN || len(c.Sources) != 5 || c.Language != license.Chinese || !c.HeartbeatURL.IsZero() {
		t.Errorf("empty settings give %v with %v, want the defaults", c, problems)
	}
	want := []string{"LICENSEWATCH_SITE", "LICENSEWATCH_SOURCES", "LICENSEWATCH_LANGUAGE", "LICENSEWATCH_HEARTBEAT_URL"}
	if diff := cmp.Diff(want, c.Empty); diff != "" {
		t.Errorf("Empty differs (-want +got):\n%s", diff)
	}
}

// TestBareNamesMeanNothing: LANGUAGE and the like belong to other programs.
func TestBareNamesMeanNothing(t *testing.T) {
	for _, s := range config.Settings() {
		t.Setenv(strings.TrimPrefix(s.Name, "LICENSEWATCH_"), "not ours")
	}
	if _, problems := loadConfig(t, nil); problems != nil {
		t.Errorf("variables without the prefix are read: %v", problems)
	}
}

// TestDefaultZoneNeedsNoFiles: the function's image need not have zone files.
func TestDefaultZoneNeedsNoFiles(t *testing.T) {
	t.Setenv("ZONEINFO", "/nonexistent")
	c, _ := loadConfig(t, nil)
	at := time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC).In(c.Zone)
	if got, want := at.Format("2006-01-02 15:04 -0700"), "2026-11-22 09:07 +0800"; got != want {
		t.Errorf("the default zone makes it %s, want %s", got, want)
	}
}

func TestSettingsTable(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"LICENSEWATCH_SLACK_WEBHOOK_URL": "", "LICENSEWATCH_WECOM_WEBHOOK_URL": "",
		"LICENSEWATCH_FEISHU_WEBHOOK_URL": "", "LICENSEWATCH_DINGTALK_WEBHOOK_URL": "", "LICENSEWATCH_WEBHOOK_URL": "",
		"LICENSEWATCH_SLACK_MENTION": "", "LICENSEWATCH_WECOM_MENTION": "",
		"LICENSEWATCH_FEISHU_MENTION": "", "LICENSEWATCH_DINGTALK_MENTION": "",
		"LICENSEWATCH_SITE": "cn", "LICENSEWATCH_SOURCES": "cwp,tcss", "LICENSEWATCH_LANGUAGE": "by site",
		"LICENSEWATCH_TIMEZONE": "Asia/Shanghai", "LICENSEWATCH_MODE": "digest", "LICENSEWATCH_RULES_FILE": "built in",
		"LICENSEWATCH_EXPORT": "digest", "LICENSEWATCH_EXPORT_SHARE": "link", "LICENSEWATCH_STATE_URL": "no memory",
		"LICENSEWATCH_EXPORT_HISTORY": "by archive", "LICENSEWATCH_ARCHIVE_URL": "no archive", "LICENSEWATCH_HEARTBEAT_URL": "",
		"LICENSEWATCH_REPORT_LINK":   "on",
		"LICENSEWATCH_ACCOUNTS_FILE": "the function's own account",
		"LICENSEWATCH_DIGEST":        "daily", "LICENSEWATCH_MACHINES": "count",
		"LICENSEWATCH_HOURS":     "09:00-21:00",
		"LICENSEWATCH_LOG_LEVEL": "info", "LICENSEWATCH_API_ENDPOINT": "",
	}
	got := map[string]string{}
	for _, s := range config.Settings() {
		got[s.Name] = s.Default
		if s.Meaning == "" {
			t.Errorf("%s has no meaning", s.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
}

// TestLoadWithoutChannels: only the need for a webhook is waived.
func TestLoadWithoutChannels(t *testing.T) {
	setenv(t, nil)
	if _, err := config.LoadWithoutChannels(config.ProcessEnvironment); err != nil {
		t.Errorf("nothing set: %v", err)
	}
	t.Setenv("LICENSEWATCH_SITE", "us")
	if _, err := config.LoadWithoutChannels(config.ProcessEnvironment); err == nil {
		t.Error("a wrong site passes")
	}
}

func secrets(urls ...string) []config.Secret {
	list := make([]config.Secret, len(urls))
	for i, url := range urls {
		list[i] = config.NewSecret(url)
	}
	return list
}

// webhooks are those of the kind.
func webhooks(c config.Config, kind string) []string {
	var urls []string
	for _, channel := range c.Channels {
		if channel.Kind.Name == kind {
			urls = append(urls, channel.Webhook.Reveal())
		}
	}
	return urls
}

// TestExportHistory: what nobody keeps is not asked for.
func TestExportHistory(t *testing.T) {
	const fileWarning = "LICENSEWATCH_EXPORT_SHARE: file has no effect"
	for name, test := range map[string]struct {
		settings map[string]string
		want     config.ExportHistory
		file     bool
		warning  string // how the one there is begins
	}{
		"neither":                   {nil, config.HistoryOff, false, ""},
		"an archive":                {map[string]string{"ARCHIVE_URL": "file:///a"}, config.HistoryMonthly, true, ""},
		"an archive, not wanted":    {map[string]string{"ARCHIVE_URL": "file:///a", "EXPORT_HISTORY": "off"}, config.HistoryOff, true, ""},
		"an archive, no export":     {map[string]string{"ARCHIVE_URL": "file:///a", "EXPORT": "off"}, config.HistoryOff, true, ""},
		"files":                     {map[string]string{wecomURL: goodWeCom, "EXPORT_SHARE": "file"}, config.HistoryMonthly, true, ""},
		"files, and nobody to take": {map[string]string{"EXPORT_SHARE": "file"}, config.HistoryMonthly, true, fileWarning},
		"files, no export":          {map[string]string{wecomURL: goodWeCom, "EXPORT_SHARE": "file", "EXPORT": "off"}, config.HistoryOff, true, fileWarning},
		"wanted by its link":        {map[string]string{"EXPORT_HISTORY": "monthly"}, config.HistoryMonthly, false, ""},
		"wanted, no export": {map[string]string{"EXPORT_HISTORY": "monthly", "EXPORT": "off"}, config.HistoryMonthly, false,
			"LICENSEWATCH_EXPORT_HISTORY: monthly has no effect while LICENSEWATCH_EXPORT is off"},
		"wanted for nobody": {map[string]string{"EXPORT_HISTORY": "monthly", "EXPORT_SHARE": "none"}, config.HistoryMonthly, false,
			"LICENSEWATCH_EXPORT_HISTORY: monthly has no effect while LICENSEWATCH_EXPORT_SHARE is none"},
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := loadConfig(t, test.settings)
			if problems != nil || got.ExportHistory != test.want || got.WantsFile() != test.file {
				t.Errorf("history %q, a file %t, problems %v; want %q, %t and none", got.ExportHistory, got.WantsFile(), problems, test.want, test.file)
			}
			if said := strings.Join(got.Warnings, "\n"); !strings.HasPrefix(said, test.warning) || said == "" != (test.warning == "") {
				t.Errorf("warned %q, want %q", said, test.warning)
			}
		})
	}
}
