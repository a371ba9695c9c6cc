package tencent

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"

	"licensewatch/internal/text"
	"licensewatch/tencent/internal/decode"
)

// parameters are what an operation is called with.
type parameters map[string]any

// userAgent names the program to whoever stands in between.
const userAgent = "licensewatch"

// tryOnce makes one try. It signs and sends through an SDK client of its own: the
// SDK promises nothing about sharing one, and making one takes microseconds.
func (c *Client) tryOnce(ctx context.Context, op operation, with parameters,
	x *exchange) (answer decode.Answer, failed *fault) {
	defer func() {
		if p := recover(); p != nil {
			failed = internalFault(fmt.Sprintf("the call panicked with a %T", p))
		}
	}()
	if c.target.broken {
		return answer, internalFault("LICENSEWATCH_API_ENDPOINT is no base URL: write it as https://host/path")
	}
	credential, failed := c.sdkCredential()
	if failed != nil {
		return answer, failed
	}
	x.keyID, x.token = credential.SecretId, credential.Token
	request := tchttp.NewCommonRequest(op.service, op.version, op.action)
	request.SetContext(ctx)
	request.SetHeader(map[string]string{"User-Agent": userAgent})
	if with != nil { // nil would be sent as null
		_ = request.SetActionParameters(map[string]any(with)) // a map cannot fail
	}
	r := sdkReply{exchange: x}
	client := common.NewCommonClient(credential, c.target.regionFor(op), c.target.clientProfile()).WithHttpTransport(x)
	if err := client.Send(request, &r); err != nil {
		return answer, faultOf(err)
	}
	if op.usable != nil && !op.usable(r.answer.Fields) {
		return answer, answerFault(r.answer, errNotAsked, x.length)
	}
	return r.answer, nil
}

// sdkCredential asks for the keys and makes sure that they can be sent.
func (c *Client) sdkCredential() (*common.Credential, *fault) {
	if c.credentials == nil {
		return nil, credentialsFault(errors.New("none are set"))
	}
	id, key, token, err := c.credentials()
	switch {
	case err != nil:
		return nil, credentialsFault(err)
	case id == "" || key == "":
		return nil, credentialsFault(errors.New("the secret id or the secret key is empty"))
	case strings.ContainsFunc(id+key+token, text.NotInHeader):
		return nil, credentialsFault(errors.New("the keys hold a space, a line break or another character that no key has"))
	}
	return common.NewTokenCredential(id, key, token), nil
}

// faultOf finds our fault in the SDK's error. Any other error is the SDK's own,
// about the request, and its text may hold anything.
func faultOf(err error) *fault {
	if f, ok := errors.AsType[*fault](err); ok {
		return f
	}
	return internalFault("the SDK could not send the request")
}

// sdkReply decodes the answer of an exchange, once.
type sdkReply struct {
	exchange *exchange
	answer   decode.Answer
}

// ParseErrorFromHTTPResponse is what the SDK calls first.
func (r *sdkReply) ParseErrorFromHTTPResponse([]byte) error {
	answer, err := decode.Parse(r.exchange.body)
	switch {
	case err != nil:
		return answerFault(answer, err, len(r.exchange.body))
	case answer.ErrorCode != "":
		return apiFault(answer)
	}
	r.answer = answer
	return nil
}

// UnmarshalJSON is what the SDK calls then; there is nothing left to do.
func (r *sdkReply) UnmarshalJSON([]byte) error { return nil }
