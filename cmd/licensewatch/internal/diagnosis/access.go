package diagnosis

import (
	"context"
	"errors"
	"slices"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/tencent"
)

// noTask is an export that nobody has begun.
const noTask = 1 << 40

func accessProbes(o Options, keys Check) []probe {
	client := tencent.New(tencent.Options{
		Site: o.Settings.Site, Endpoint: o.Settings.APIEndpoint, Transport: o.Transport, Now: o.Now, Sleep: o.Sleep,
		Credentials: o.keys,
	})
	var probes []probe
	for _, source := range license.Sources() {
		service, action := source.Info().Service, source.Info().CAM()
		switch {
		case source == license.SourceBindings && o.Settings.Machines == config.MachinesOff:
			probes = append(probes, answeredProbe(action, Skipped, "not needed: LICENSEWATCH_MACHINES is off", ""))
		case !slices.Contains(o.Settings.Sources, source):
			probes = append(probes, answeredProbe(action, Skipped,
				"not needed: LICENSEWATCH_SOURCES leaves "+leftOut(o.Settings.Sources, source)+" out", ""))
		case keys.Status != OK:
			probes = append(probes, answeredProbe(action, Skipped, noKeys, ""))
		default:
			probes = append(probes, probe{action, func(ctx context.Context) outcome {
				err := client.Read(ctx, source, &license.Snapshot{})
				if source == license.SourceBindings && isAnswered(err) {
					err = nil // that there is no such order is said only to those who may ask
				}
				return judgeCall(o.Settings.Site, service, err)
			}})
		}
	}
	return append(probes, exportProbes(o, keys, client)...)
}

// leftOut is what the settings leave out: the source's product, or that source of it.
func leftOut(sources []license.Source, source license.Source) string {
	service := source.Info().Service
	if slices.ContainsFunc(sources, func(other license.Source) bool { return other.Info().Service == service }) {
		return string(source)
	}
	return service
}

// exportProbes look at the export's permissions as far as that is possible
// without starting one.
func exportProbes(o Options, keys Check, client *tencent.Client) []probe {
	switch {
	case o.Settings.Export == config.ExportOff:
		const why = "not needed: LICENSEWATCH_EXPORT is off"
		return []probe{answeredProbe(tencent.ActionExport, Skipped, why, ""),
			answeredProbe(tencent.ActionExportTasks, Skipped, why, "")}
	case !slices.Contains(o.Settings.Sources, license.SourceOverview):
		why := "not needed: LICENSEWATCH_SOURCES leaves " + leftOut(o.Settings.Sources, license.SourceOverview) + " out"
		return []probe{answeredProbe(tencent.ActionExport, Skipped, why, ""),
			answeredProbe(tencent.ActionExportTasks, Skipped, why, "")}
	}
	start := answeredProbe(tencent.ActionExport, Skipped,
		"not tried: it would start an export; licensewatch policy --check tells by the policy", "")
	if keys.Status != OK {
		return []probe{start, answeredProbe(tencent.ActionExportTasks, Skipped, noKeys, "")}
	}
	return []probe{start, {tencent.ActionExportTasks, func(ctx context.Context) outcome {
		_, err := client.ExportTasks(ctx, noTask)
		if isAnswered(err) {
			err = nil // that there is no such task is said only to those who may ask
		}
		return judgeCall(o.Settings.Site, "cwp", err)
	}}}
}

// isAnswered says whether the API itself turned a question down for what was
// asked, not for who asked or when.
func isAnswered(err error) bool {
	e, ok := errors.AsType[*tencent.APIError](err)
	if !ok || e.RequestID == "" {
		return false
	}
	return e.Kind == license.FailureRequest || e.Kind == license.FailureServer
}

// judgeCall says what a call's end tells about the permission.
func judgeCall(site license.Site, service string, err error) outcome {
	if err == nil {
		return outcome{service: service, Check: Check{Status: OK, Text: "allowed"}}
	}
	e, ok := errors.AsType[*tencent.APIError](err)
	if !ok {
		return outcome{service: service, kind: license.FailureInternal,
			Check: Check{Status: Failed, Text: "a mistake of licensewatch itself"}}
	}
	return outcome{service: service, kind: e.Kind, Check: judgeRefusal(site, e)}
}

func judgeRefusal(site license.Site, e *tencent.APIError) Check {
	facts := printableText(e.Code)
	if e.RequestID != "" {
		facts += " (request " + printableText(e.RequestID) + ")"
	}
	advice := license.AdviceAtPrompt(e.Failure())
	fix := advice.Fix
	switch e.Kind {
	case license.FailureDenied:
		return Check{Status: Failed, Text: "refused: " + facts, Fix: fix +
			"; licensewatch policy prints the whole policy"}
	case license.FailureCredentials:
		fix = keysFix(e.Code, site)
	case license.FailureRole:
		advice.Cause = "allowed, but " + advice.Cause
	case license.FailureThrottled, license.FailureServer:
		advice.Cause = "not known, " + advice.Cause
	}
	return Check{Status: Failed, Text: advice.Cause + ": " + facts, Fix: fix}
}

// keysFix says what to do about keys that are not accepted.
func keysFix(code string, site license.Site) string {
	other, here := license.SiteIntl, "the China site"
	if site == license.SiteIntl {
		other, here = license.SiteCN, "the international site"
	}
	switch code {
	case "AuthFailure.SignatureFailure":
		return "the secret key does not belong to the secret id: copy both again"
	case "AuthFailure.TokenFailure":
		return "the session token is wrong or has expired: get new temporary keys; permanent keys have no token"
	case "NoCredentials":
		return "copy the keys again: they hold a character that no key has"
	default:
		return "check that the keys exist and are enabled on " + here +
			"; if they are of the other site, set LICENSEWATCH_SITE=" + string(other)
	}
}
