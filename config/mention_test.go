package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMentions(t *testing.T) {
	tests := map[string]struct {
		setting, value string
		want           []string
		problem        string // part of the only problem; empty: none
	}{
		"slack here":               {"SLACK_MENTION", "here", []string{"here"}, ""},
		"slack words, with @":      {"SLACK_MENTION", "@Channel,@everyone", []string{"channel", "everyone"}, ""},
		"slack ids":                {"SLACK_MENTION", "U024BE7LH, W012A3CDE ,S0614TZR7", []string{"U024BE7LH", "W012A3CDE", "S0614TZR7"}, ""},
		"slack id, with @":         {"SLACK_MENTION", "@U024BE7LH", []string{"U024BE7LH"}, ""},
		"slack, said twice":        {"SLACK_MENTION", "here,@here", []string{"here"}, ""},
		"slack name":               {"SLACK_MENTION", "@sam.doe,here", []string{"here"}, `"@sam.doe" cannot be called: write here, channel, everyone, a member id`},
		"slack id in small":        {"SLACK_MENTION", "u024be7lh", nil, "write it in capitals"},
		"slack markup":             {"SLACK_MENTION", "<@U024BE7LH>", nil, "the value cannot be called"},
		"slack channel id":         {"SLACK_MENTION", "C024BE7LH", nil, "cannot be called"},
		"slack id, only a letter":  {"SLACK_MENTION", "U", nil, "cannot be called"},
		"slack id with injection":  {"SLACK_MENTION", "U1> <!here", nil, "the value cannot be called"},
		"wecom all":                {"WECOM_MENTION", "@all", []string{"@all"}, ""},
		"wecom ids":                {"WECOM_MENTION", "oncall, ops_2@corp", []string{"oncall"}, `"ops_2@corp" cannot be called`},
		"wecom id with @":          {"WECOM_MENTION", "@oncall", []string{"oncall"}, ""},
		"wecom id, other letters":  {"WECOM_MENTION", "值班", []string{"值班"}, ""},
		"wecom all without @":      {"WECOM_MENTION", "all", nil, "to call everybody write @all"},
		"wecom name with space":    {"WECOM_MENTION", "on call", nil, "cannot be called"},
		"wecom markup":             {"WECOM_MENTION", "<@oncall>", nil, "the value cannot be called"},
		"wecom control character":  {"WECOM_MENTION", "on\x01call", nil, "cannot be called"},
		"wecom id, longest":        {"WECOM_MENTION", strings.Repeat("a", 64), []string{strings.Repeat("a", 64)}, ""},
		"wecom id, too long":       {"WECOM_MENTION", strings.Repeat("a", 65), nil, "the value cannot be called"},
		"wecom phone number":       {"WECOM_MENTION", "+8613800138000", nil, "is a phone number, by which nobody is called: write the user id"},
		"wecom phone, in parts":    {"WECOM_MENTION", "oncall,138-0013-8000", []string{"oncall"}, "entry 2 of 2 is a phone number, by which nobody is called"},
		"wecom phone abroad":       {"WECOM_MENTION", "+49 30 123456", nil, "is a phone number"},
		"wecom id of digits":       {"WECOM_MENTION", "100234", []string{"100234"}, ""},
		"wecom id with a hyphen":   {"WECOM_MENTION", "2021-000123", []string{"2021-000123"}, ""},
		"wecom, other separator":   {"WECOM_MENTION", "zhangsan；lisi", []string{"zhangsan", "lisi"}, `has "；" between its values: write a comma (,)`},
		"slack, other separator":   {"SLACK_MENTION", "here;U024BE7LH", []string{"here", "U024BE7LH"}, `has ";" between its values: write a comma (,)`},
		"wecom SecretId":           {"WECOM_MENTION", "AKIDcanaryQ1w2E3r4T5y6U7i8O9p0Aa", nil, "looks like a key or a link, which would be posted: write who is to be called"},
		"wecom SecretKey":          {"WECOM_MENTION", "oncall,canaryKeyZ9x8C7v6B5n4M3l2K1j0Hhg", []string{"oncall"}, "entry 2 of 2 looks like a key or a link"},
		"wecom robot key":          {"WECOM_MENTION", "00000000-0000-4000-8000-000000000001", nil, "looks like a key or a link"},
		"wecom bot token":          {"WECOM_MENTION", "xoxb-1234567890-abcdef", nil, "looks like a key or a link"},
		"wecom link":               {"WECOM_MENTION", "https://oa.example/x", nil, "looks like a key or a link"},
		"wecom id, a long word":    {"WECOM_MENTION", "wang.xiaoming-operations.shanghai-2", []string{"wang.xiaoming-operations.shanghai-2"}, ""},
		"wecom, nothing but the @": {"WECOM_MENTION", "@", nil, "cannot be called"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, problems := loadConfig(t, map[string]string{slackURL: goodSlack, wecomURL: goodWeCom, test.setting: test.value})
			if diff := cmp.Diff(test.want, append(c.Mentions["slack"], c.Mentions["wecom"]...)); diff != "" {
				t.Errorf("mentions differ (-want +got):\n%s", diff)
			}
			switch {
			case test.problem == "" && problems != nil, test.problem != "" && len(problems) != 1:
				t.Errorf("problems are %v, want one with %q", problems, test.problem)
			case test.problem != "" && !strings.Contains(problems[0].Text, test.problem):
				t.Errorf("problem is %q, want one with %q", problems[0].Text, test.problem)
			}
		})
	}
}

// TestMobileMention: an id may be the number of a mobile phone, but hardly ever is.
func TestMobileMention(t *testing.T) {
	for value, want := range map[string]string{
		"13800138000":        "LICENSEWATCH_WECOM_MENTION: looks like a phone number, by which nobody is called: unless it is the member's user id, write the user id of the member (in the admin console: Contacts, the member's account)",
		"@all,8613800138000": "LICENSEWATCH_WECOM_MENTION: entry 2 of 2 looks like a phone number, by which nobody is called: unless it is the member's user id, write the user id of the member (in the admin console: Contacts, the member's account)",
	} {
		c, problems := loadConfig(t, map[string]string{wecomURL: goodWeCom, "WECOM_MENTION": value})
		if diff := cmp.Diff([]string{want}, c.Warnings); diff != "" || problems != nil {
			t.Errorf("warnings differ (-want +got):\n%s\nproblems: %v", diff, problems)
		}
	}
}

func TestMentionWithoutChannel(t *testing.T) {
	c, problems := loadConfig(t, map[string]string{slackURL: goodSlack, "WECOM_MENTION": "@all"})
	want := []string{"LICENSEWATCH_WECOM_MENTION: has no effect without LICENSEWATCH_WECOM_WEBHOOK_URL"}
	if diff := cmp.Diff(want, c.Warnings); diff != "" || problems != nil {
		t.Errorf("warnings differ (-want +got):\n%s\nproblems: %v", diff, problems)
	}
	c, problems = loadConfig(t, map[string]string{wecomURL: goodWeCom, "SLACK_MENTION": "here"})
	want = []string{"LICENSEWATCH_SLACK_MENTION: has no effect without LICENSEWATCH_SLACK_WEBHOOK_URL"}
	if diff := cmp.Diff(want, c.Warnings); diff != "" || problems != nil {
		t.Errorf("warnings differ (-want +got):\n%s\nproblems: %v", diff, problems)
	}
}
