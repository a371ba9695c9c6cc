package diagnosis

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/internal/proxy"
	"licensewatch/license"
)

// baseURL is where a service's API is called with these settings.
func baseURL(settings config.Config, service string) string {
	switch {
	case settings.APIEndpoint != "":
		return settings.APIEndpoint
	case settings.Site == license.SiteIntl:
		return "https://" + service + ".intl.tencentcloudapi.com"
	default:
		return "https://" + service + ".tencentcloudapi.com"
	}
}

// readServices are those that the settings have read.
func readServices(settings config.Config) []string {
	var list []string
	for _, source := range settings.Sources {
		if service := source.Info().Service; !slices.Contains(list, service) {
			list = append(list, service)
		}
	}
	return list
}

// siteProbes look at the API's hosts: one where LICENSEWATCH_API_ENDPOINT stands
// in for all.
func siteProbes(o Options) []probe {
	if o.Settings.APIEndpoint != "" {
		return []probe{{"site", func(ctx context.Context) outcome { return reachService(ctx, o, "") }}}
	}
	var probes []probe
	for _, site := range o.sites() {
		at, prefix := o, "site."
		if at.Settings.Site = site; site != o.Settings.Site {
			prefix += string(site) + "."
		}
		for _, service := range readServices(o.Settings) {
			probes = append(probes, probe{prefix + service, func(ctx context.Context) outcome {
				return reachService(ctx, at, service)
			}})
		}
	}
	return probes
}

// maxAnswer is how many bytes are read of an answer.
const maxAnswer = 64 << 10

// reachService asks a host something that no keys are needed for, and looks at how it
// answers, not at what.
func reachService(ctx context.Context, o Options, service string) outcome {
	base := baseURL(o.Settings, service)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/", nil)
	if err != nil {
		return outcome{service: service, kind: license.FailureInternal,
			Check: Check{Status: Failed, Text: "LICENSEWATCH_API_ENDPOINT is no URL", Fix: "write it as https://host"}}
	}
	host := request.URL.Host
	before := o.Now()
	response, err := o.Transport.RoundTrip(request) // a client would follow redirects
	if err != nil {
		kind, text, fix := explainUnreached(ctx, err)
		return outcome{service: service, kind: kind,
			Check: Check{Status: Failed, Text: host + " is not reached: " + text, Fix: fix}}
	}
	defer func() { _ = response.Body.Close() }()
	done := outcome{service: service, Check: judgeAnswer(response, host)}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		middle := before.Add(o.Now().Sub(before) / 2)
		done.skew, done.timed = middle.Sub(date.Add(time.Second/2)), true // Date has whole seconds
	}
	return done
}

// foreignAnswerFix is what to do about answers that the API does not give.
var foreignAnswerFix = license.AdviceAtPrompt(&license.Failure{Kind: license.FailureAnswer}).Fix

// judgeAnswer tells the API from whatever else answers in its place.
func judgeAnswer(response *http.Response, host string) Check {
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	var answer struct{ Response json.RawMessage }
	switch {
	case response.StatusCode == http.StatusProxyAuthRequired:
		refusal := &proxy.Error{Status: response.StatusCode}
		return Check{Status: Failed, Text: host + " is not reached: " + refusal.Error(), Fix: refusal.Fix()}
	case 300 <= response.StatusCode && response.StatusCode < 400:
		return Check{Status: Warning, Text: host + " sends us elsewhere, which is not followed", Fix: foreignAnswerFix}
	case response.StatusCode != http.StatusOK:
		return Check{Status: Warning, Text: fmt.Sprintf("%s answers HTTP %d, which the API does not", host,
			response.StatusCode), Fix: foreignAnswerFix}
	case json.Unmarshal(body, &answer) != nil || len(answer.Response) == 0:
		return Check{Status: Warning, Text: host + " answers, but not as the API does", Fix: foreignAnswerFix}
	case response.Request != nil && response.Request.URL.Scheme == "http":
		return Check{Status: OK, Text: host + " is reached by TCP and HTTP"}
	default:
		return Check{Status: OK, Text: host + " is reached: DNS, TLS and HTTP"}
	}
}

// The clock: from when on it is worth a word, and from when on the API refuses
// requests.
const (
	slightSkew  = 5 * time.Second
	oddSkew     = time.Minute
	refusedSkew = 5 * time.Minute
)

// checkClock compares our clock with the hosts' answers. refused says that the
// API refused the time of a request.
func checkClock(outcomes []outcome, refused bool) outcome {
	const setIt = "set the clock: switch time synchronization (NTP) on"
	check := Check{Name: "clock"}
	i := slices.IndexFunc(outcomes, func(o outcome) bool { return o.timed })
	if i < 0 {
		check.Status, check.Text = Skipped, "not known: no answer told the time"
		if refused {
			check.Status, check.Text, check.Fix = Failed, "the API refuses the time of the requests", setIt
		}
		return outcome{Check: check}
	}
	skew := outcomes[i].skew
	switch {
	case skew.Abs() >= refusedSkew || refused:
		check.Status, check.Text, check.Fix = Failed,
			offBy(skew)+": the API refuses requests that are more than 5 minutes off", setIt
	case skew.Abs() >= oddSkew:
		check.Status, check.Text, check.Fix = Warning, offBy(skew)+": from 5 minutes on the API refuses requests", setIt
	case skew.Abs() >= slightSkew:
		check.Status, check.Text = OK, offBy(skew)
	default:
		check.Status, check.Text = OK, "right to within "+slightSkew.String()
	}
	return outcome{Check: check, skew: skew}
}

// offBy says in which direction the clock is off, and by how much.
func offBy(skew time.Duration) string {
	direction := "ahead of"
	if skew < 0 {
		direction = "behind"
	}
	off := skew.Abs().Round(time.Second)
	switch n, isDays, isLong := license.InDays(off); {
	case isDays:
		return fmt.Sprintf("this machine's clock is about %d days %s the API's", n, direction)
	case isLong:
		return fmt.Sprintf("this machine's clock is about %d hours %s the API's", n, direction)
	}
	if off >= 2*time.Minute {
		return fmt.Sprintf("this machine's clock is about %d minutes %s the API's",
			int64(off.Round(time.Minute).Minutes()), direction)
	}
	return fmt.Sprintf("this machine's clock is %d s %s the API's", int64(off.Seconds()), direction)
}
