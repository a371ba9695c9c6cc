package scaffold

import "strings"

// forFleet is a file as it is with an accounts file: its channels and keys are in the place
// of the webhooks.
func forFleet(name, text string) string {
	switch name {
	case EnvFile:
		text = replaceSection(text, "# --- Whom it tells", fleetSettings)
		text = replaceSection(text, "# --- Who is called", "")
		return replaceSection(text, "# --- Many accounts", "")
	case "serverless.yml":
		return passOn(text)
	default:
		return text
	}
}

// sectionMark begins a section of the file of settings.
const sectionMark = "\n# --- "

// fleetSettings are in the place of the webhooks.
const fleetSettings = `# --- Which accounts it watches, and whom it tells: accounts.yaml names the variables
# below. Each holds one webhook; the secret of a signature stands behind it, after a #.
LICENSEWATCH_ACCOUNTS_FILE=accounts.yaml
LICENSEWATCH_SLACK_SECURITY='https://hooks.slack.com/services/T…/B…/…'
LICENSEWATCH_WECOM_PAY='https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<the key>'

# --- The external id that the role in each account asks for: a long random text, the
# same in all of them, as openssl rand -hex 16 prints one.
LICENSEWATCH_EXTERNAL_ID='<a long random text>'

# --- Keys of accounts, and of sites, that accounts.yaml names.
# LICENSEWATCH_SG_SECRET_ID=
# LICENSEWATCH_SG_SECRET_KEY=
# LICENSEWATCH_INTL_SECRET_ID=
# LICENSEWATCH_INTL_SECRET_KEY=

`

// replaceSection puts a text in the place of a section.
func replaceSection(text, begins, with string) string {
	before, rest, found := strings.Cut(text, "\n"+begins)
	if !found {
		return text
	}
	_, after, _ := strings.Cut(rest, sectionMark)
	return before + "\n" + with + strings.TrimPrefix(sectionMark, "\n") + after
}

// fleetVariables are passed on in the place of the webhooks; those behind a # may be.
var fleetVariables = []string{
	"LICENSEWATCH_ACCOUNTS_FILE", "LICENSEWATCH_SLACK_SECURITY", "LICENSEWATCH_WECOM_PAY", "LICENSEWATCH_EXTERNAL_ID",
	"# LICENSEWATCH_SG_SECRET_ID", "# LICENSEWATCH_SG_SECRET_KEY", "# LICENSEWATCH_INTL_SECRET_ID",
	"# LICENSEWATCH_INTL_SECRET_KEY",
}

// passOn lets the description of the deployment pass on the variables of a fleet.
func passOn(text string) string {
	const indent = "      "
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "# "), ":")
		isChannel := strings.HasPrefix(name, "LICENSEWATCH_") &&
			(strings.HasSuffix(name, "WEBHOOK_URL") || strings.HasSuffix(name, "_MENTION") ||
				name == "LICENSEWATCH_ACCOUNTS_FILE") // which stands at the top, with the others
		if !isChannel || !strings.HasPrefix(line, indent) {
			lines = append(lines, line)
		}
		if line == "    variables:" {
			for _, variable := range fleetVariables {
				lines = append(lines, indent+variable+": ${env:"+strings.TrimPrefix(variable, "# ")+"}")
			}
		}
	}
	return strings.Join(lines, "\n")
}
