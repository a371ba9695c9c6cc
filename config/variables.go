package config

import (
	"iter"
	"reflect"
	"strings"
)

// variables are the settings as they are written. A new setting is a line here and one
// in parseSettings.
//
// The tags: name is the variable's; default is the value of an unset one; unset says
// what an unset one means where no value does; meaning is for the operator.
type variables struct {
	SlackWebhookURL    variable `name:"LICENSEWATCH_SLACK_WEBHOOK_URL" meaning:"Slack incoming webhooks to tell, comma separated"`
	WeComWebhookURL    variable `name:"LICENSEWATCH_WECOM_WEBHOOK_URL" meaning:"WeCom group robots to tell, comma separated"`
	FeishuWebhookURL   variable `name:"LICENSEWATCH_FEISHU_WEBHOOK_URL" meaning:"Feishu or Lark custom bots to tell, comma separated; a bot's secret behind its URL, after a #"`
	DingTalkWebhookURL variable `name:"LICENSEWATCH_DINGTALK_WEBHOOK_URL" meaning:"DingTalk custom robots to tell, comma separated; a robot's secret behind its URL, after a #"`
	WebhookURL         variable `name:"LICENSEWATCH_WEBHOOK_URL" meaning:"URLs of your own that take the reports as JSON, comma separated; the secret of the signature behind the URL, after a #"`
	SlackMention       variable `name:"LICENSEWATCH_SLACK_MENTION" meaning:"who is called when it is critical, comma separated: here, channel, everyone, U… or W… member ids, S… group ids"`
	WeComMention       variable `name:"LICENSEWATCH_WECOM_MENTION" meaning:"who is called when it is critical, comma separated: @all, user ids"`
	FeishuMention      variable `name:"LICENSEWATCH_FEISHU_MENTION" meaning:"who is called when it is critical, comma separated: all, open_ids (ou_…), user ids"`
	DingTalkMention    variable `name:"LICENSEWATCH_DINGTALK_MENTION" meaning:"who is called when it is critical, comma separated: @all, user ids, mobile numbers"`
	Site               variable `name:"LICENSEWATCH_SITE" default:"cn" meaning:"the Tencent Cloud site of the account: cn or intl"`
	Sources            variable `name:"LICENSEWATCH_SOURCES" default:"cwp,tcss" meaning:"what is read and judged: cwp, tcss or both, or single ones such as cwp.orders"`
	Language           variable `name:"LICENSEWATCH_LANGUAGE" unset:"by site" meaning:"the language of the messages: zh or en; zh on cn, en on intl"`
	Timezone           variable `name:"LICENSEWATCH_TIMEZONE" default:"Asia/Shanghai" meaning:"the zone of the texts, and in which days are counted"`
	Hours              variable `name:"LICENSEWATCH_HOURS" default:"09:00-21:00" meaning:"when alerts say what is only due by the calendar, in that zone: 09:00-21:00, Mon-Fri 09:00-18:00, always; comma separated"`
	Digest             variable `name:"LICENSEWATCH_DIGEST" default:"daily" meaning:"daily; changes leaves out a digest that would say the same as the last one, for at most 7 days"`
	Mode               variable `name:"LICENSEWATCH_MODE" default:"digest" meaning:"digest or alert, when the event does not say"`
	RulesFile          variable `name:"LICENSEWATCH_RULES_FILE" unset:"built in" meaning:"the rules: a path inside the package, or an absolute one"`
	Export             variable `name:"LICENSEWATCH_EXPORT" default:"digest" meaning:"when the license details are exported: off, digest or always"`
	ExportShare        variable `name:"LICENSEWATCH_EXPORT_SHARE" default:"link" meaning:"link posts the download link, file the file itself where a chat takes one (WeCom), none only the task id"`
	ExportHistory      variable `name:"LICENSEWATCH_EXPORT_HISTORY" unset:"by archive" meaning:"monthly exports last month's usage history as well, with the first digest of a month; off; monthly where there is an archive or files are shared"`
	Machines           variable `name:"LICENSEWATCH_MACHINES" default:"count" meaning:"which machines hang on an order that ends: count says how many, names names up to 5, off reads none"`
	StateURL           variable `name:"LICENSEWATCH_STATE_URL" unset:"no memory" meaning:"where it is remembered what was said: file:///dir or cos://bucket-appid/prefix?region=ap-guangzhou"`
	AccountsFile       variable `name:"LICENSEWATCH_ACCOUNTS_FILE" unset:"the function's own account" meaning:"many accounts, their channels and routes: a path in the package, an absolute path, or cos://bucket-appid/key?region=ap-guangzhou"`
	ArchiveURL         variable `name:"LICENSEWATCH_ARCHIVE_URL" unset:"no archive" meaning:"where evidence is kept: file:///dir or cos://bucket-appid/prefix?region=ap-guangzhou, apart from the memory"`
	ReportLink         variable `name:"LICENSEWATCH_REPORT_LINK" default:"on" meaning:"whether the message of the mode report links the page in the archive, for 7 days: on or off"`
	HeartbeatURL       variable `name:"LICENSEWATCH_HEARTBEAT_URL" meaning:"called after each good run, so that silence is noticed elsewhere"`
	LogLevel           variable `name:"LICENSEWATCH_LOG_LEVEL" default:"info" meaning:"debug, info, warn or error"`
	APIEndpoint        variable `name:"LICENSEWATCH_API_ENDPOINT" meaning:"base URL that every Tencent Cloud API call goes to instead: a stand-in or a proxy"`
}

// variable is one setting as it is written.
type variable struct {
	name     string
	value    string // without white space around it; the default when unset or empty
	fallback string // the default
	empty    bool   // set, to nothing
}

// applyDefault puts the default where there is no value. It refuses values that show
// that the variable was not set the way it was meant.
func (v *variable) applyDefault(f *settingMistakes) {
	switch value := v.value; {
	case strings.HasPrefix(value, "${"):
		f.addMistake(*v, "still is the placeholder of serverless.yml: give it a value in licensewatch.env, or remove its line from serverless.yml")
	case value == "undefined" || value == "null":
		f.addMistake(*v, "was deployed without a value: give it one in licensewatch.env, or remove its line from serverless.yml")
	case len(value) > 1 && strings.ContainsAny(value[:1], `"'`) && strings.HasSuffix(value, value[:1]):
		f.addMistake(*v, "begins and ends with a quotation mark: write the value without them")
	case value != "":
		return
	}
	v.value = v.fallback
}

// Setting describes a variable to the operator.
type Setting struct {
	Name    string
	Default string // the default, or in words what it means not to be set; may be empty
	Meaning string
}

// Settings lists every setting there is.
func Settings() []Setting {
	var all []Setting
	for field := range reflect.TypeFor[variables]().Fields() {
		all = append(all, Setting{
			Name:    field.Tag.Get("name"),
			Default: field.Tag.Get("default") + field.Tag.Get("unset"),
			Meaning: field.Tag.Get("meaning"),
		})
	}
	return all
}

// pickVariables picks the settings out of an environment.
func pickVariables(environment map[string]string, f *settingMistakes) variables {
	var e variables
	for v, tag := range e.allVariables() {
		v.name, v.fallback = tag.Get("name"), tag.Get("default")
		value, isSet := environment[v.name]
		v.value = strings.TrimSpace(value)
		v.empty = isSet && v.value == ""
		v.applyDefault(f)
	}
	return e
}

// allVariables yields each variable with its tags.
func (e *variables) allVariables() iter.Seq2[*variable, reflect.StructTag] {
	return func(yield func(*variable, reflect.StructTag) bool) {
		for field, value := range reflect.ValueOf(e).Elem().Fields() {
			if !yield(value.Addr().Interface().(*variable), field.Tag) {
				return
			}
		}
	}
}

// variableNamed is the variable of this name; a variable without a value where there is
// none.
func (e *variables) variableNamed(name string) variable {
	for v := range e.allVariables() {
		if v.name == name {
			return *v
		}
	}
	return variable{name: name}
}
