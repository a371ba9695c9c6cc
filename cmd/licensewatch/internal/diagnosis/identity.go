package diagnosis

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"

	"licensewatch/config"
	"licensewatch/license"
)

// identity is the answer of sts GetCallerIdentity, which needs no permission.
type identity struct {
	Type      string // CAMUser, CAMRole
	Arn       string
	AccountId string //nolint:revive // the API's own name
	UserId    string //nolint:revive // the API's own name; of a role its id and the session's name
	RequestId string //nolint:revive // the API's own name
	Error     *struct{ Code string }
}

func identityProbes(o Options, keys Check) []probe {
	if keys.Status != OK {
		return []probe{answeredProbe("identity", Skipped, noKeys, "")}
	}
	return []probe{{"identity", func(ctx context.Context) outcome { return whoAmI(ctx, o) }}}
}

// noKeys is why what needs keys was not tried.
const noKeys = "not tried: there are no keys"

// whoAmI says whose keys these are.
func whoAmI(ctx context.Context, o Options) outcome {
	x := &exchange{base: o.Transport}
	err := sendIdentity(ctx, o, x)
	var answer struct{ Response *identity }
	switch {
	case x.err != nil:
		kind, text, fix := explainUnreached(ctx, x.err)
		return outcome{service: "sts", kind: kind,
			Check: Check{Status: Failed, Text: "the host of sts is not reached: " + text, Fix: fix}}
	case err != nil, json.Unmarshal(x.body, &answer) != nil, answer.Response == nil,
		answer.Response.Error == nil && answer.Response.AccountId == "":
		return outcome{service: "sts", kind: license.FailureAnswer,
			Check: Check{Status: Warning, Text: "not known: the answer is not one of the API", Fix: foreignAnswerFix}}
	case answer.Response.Error != nil:
		return refusedIdentity(o.Settings.Site, *answer.Response)
	}
	return outcome{service: "sts", account: answer.Response.AccountId, Check: describeIdentity(*answer.Response)}
}

// sendIdentity signs and sends the request through the SDK; the answer is in x.
func sendIdentity(ctx context.Context, o Options, x *exchange) error {
	keys, err := o.Credentials()
	if err != nil {
		return err
	}
	u, err := url.Parse(baseURL(o.Settings, "sts"))
	if err != nil {
		return err
	}
	p := profile.NewClientProfile()
	p.HttpProfile.ReqTimeout = 0 // the context bounds it
	p.HttpProfile.Scheme = u.Scheme
	p.HttpProfile.Endpoint = strings.ToLower(u.Host) + u.EscapedPath()
	request := tchttp.NewCommonRequest("sts", "2018-08-13", "GetCallerIdentity")
	request.SetContext(ctx)
	credential := common.NewTokenCredential(keys.SecretID.Reveal(), keys.SecretKey.Reveal(), keys.Token.Reveal())
	client := common.NewCommonClient(credential, regionOf(o.Settings), p).WithHttpTransport(x)
	return client.Send(request, tchttp.NewCommonResponse())
}

// regionOf is a region of the site: sts demands one and does not look at it.
func regionOf(settings config.Config) string {
	if settings.Site == license.SiteIntl {
		return "ap-singapore"
	}
	return "ap-guangzhou"
}

// exchange keeps what came back and hands the SDK an empty answer: it panics on
// some bodies and repeats others in its errors.
type exchange struct {
	base http.RoundTripper
	body []byte
	err  error // the network's
}

// RoundTrip implements http.RoundTripper.
func (x *exchange) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := x.base.RoundTrip(request)
	if err == nil {
		defer func() { _ = response.Body.Close() }()
		x.body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	}
	if x.err = err; err != nil {
		return nil, err
	}
	empty := []byte(`{"Response":{}}`)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(empty)), Request: request,
	}, nil
}

// describeIdentity puts an identity into words.
func describeIdentity(i identity) Check {
	user, session, _ := strings.Cut(i.UserId, ":")
	account, user := printableText(i.AccountId), printableText(user)
	switch {
	case i.Type == "CAMRole":
		text := "role " + user + " of account " + account
		if session != "" {
			text += ", session " + printableText(session)
		}
		return Check{Status: OK, Text: text}
	case strings.Contains(i.Arn, ":federated-user/"):
		return Check{Status: OK, Text: "federated user " + printableText(session) + " of user " + user + ", account " +
			account}
	case i.UserId != "" && i.UserId == i.AccountId:
		return Check{
			Status: Warning, Text: "the main account " + account + " itself: these keys may do everything",
			Fix: "take the keys of a user or a role that has only what licensewatch policy prints",
		}
	case i.Type == "CAMUser":
		return Check{Status: OK, Text: "user " + user + " of account " + account}
	default:
		return Check{Status: OK, Text: printableText(i.Type) + " of account " + account}
	}
}

// refusedIdentity puts the refusal of an API that needs no permission into
// words: only the keys, the clock or the cloud can be to blame.
func refusedIdentity(site license.Site, i identity) outcome {
	code := printableText(i.Error.Code)
	done := outcome{service: "sts", kind: kindOf(code)}
	switch done.kind {
	case license.FailureCredentials:
		done.Check = Check{Status: Failed, Text: "the keys are not accepted: " + code, Fix: keysFix(code, site)}
	case license.FailureClock:
		done.Check = Check{Status: Failed, Text: "refused: " + code}
	default:
		done.Check = Check{Status: Warning, Text: "not known: " + code + " (request " + printableText(i.RequestId) +
			")", Fix: "try again later"}
	}
	return done
}

func kindOf(code string) license.FailureKind {
	first, _, _ := strings.Cut(code, ".")
	switch {
	case code == "AuthFailure.SignatureExpire":
		return license.FailureClock
	case first == "AuthFailure" && code != "AuthFailure.UnauthorizedOperation", first == "InvalidCredential":
		return license.FailureCredentials
	default:
		return license.FailureServer
	}
}

// printableText is a text from outside as far as it can be shown.
func printableText(text string) string {
	const longest = 128
	shown := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("=,.@_-", r) {
			return r
		}
		return -1
	}, text)
	if shown == "" {
		return "unknown"
	}
	return shown[:min(len(shown), longest)]
}
