package sendtest

import (
	"strings"

	"licensewatch/notify"
)

// refusalFix says what to do about a refusal.
func (o Options) refusalFix(to target, refusal *notify.Error) string {
	fix := genericFix(to.kind, refusal)
	if variable := o.Variables[to.Name()]; variable != "" {
		fix = strings.ReplaceAll(fix, to.kind.WebhookSetting, variable)
	}
	return fix
}

// genericFix is that of a webhook of the settings.
func genericFix(kind *notify.ChannelKind, refusal *notify.Error) string {
	const checkPath = "licensewatch doctor tells how far the way to the host goes"
	if remedy := kind.Remedy(refusal.Code); remedy != "" {
		return remedy
	}
	switch {
	case refusal.Code == "Timeout" || refusal.Code == "Unreachable":
		return checkPath
	case refusal.Code == "Proxy":
		return "check HTTPS_PROXY (user name, password) and NO_PROXY, or let the proxy's rules allow the host"
	case refusal.Code == "TLS":
		return "look for a proxy that opens TLS connections; " + checkPath
	case refusal.Retryable:
		return "wait a minute, then try again"
	default:
		return "check " + kind.WebhookSetting + ": " + kind.NewWebhook
	}
}
