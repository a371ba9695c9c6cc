package decode_test

import (
	"errors"
	"strings"
	"testing"

	"licensewatch/tencent/internal/decode"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body      string
		requestID string
		code      string
		err       error
	}{
		"success":                     {body: `{"Response":{"RequestId":"a-1","State":4}}`, requestID: "a-1"},
		"refusal":                     {body: `{"Response":{"Error":{"Code":"AuthFailure.TokenFailure","Message":"m"},"RequestId":"a-1"}}`, requestID: "a-1", code: "AuthFailure.TokenFailure"},
		"no request id":               {body: `{"Response":{"State":4}}`},
		"request id null":             {body: `{"Response":{"RequestId":null}}`},
		"request id a number":         {body: `{"Response":{"RequestId":12}}`, requestID: "12"},
		"request id an object":        {body: `{"Response":{"RequestId":{"a":1}}}`},
		"request id of odd text":      {body: `{"Response":{"RequestId":"a\nb"}}`},
		"request id too long":         {body: `{"Response":{"RequestId":"` + strings.Repeat("a", 200) + `"}}`},
		"error null":                  {body: `{"Response":{"Error":null,"RequestId":"a-1"}}`, requestID: "a-1"},
		"refusal with odd request id": {body: `{"Response":{"Error":{"Code":"InternalError"},"RequestId":[]}}`, code: "InternalError"},
		"refusal with odd message":    {body: `{"Response":{"Error":{"Code":"InternalError","Message":3}}}`, code: "InternalError"},
		"error without code":          {body: `{"Response":{"Error":{},"RequestId":"a-1"}}`, requestID: "a-1", err: decode.ErrNoResponse},
		"error code is no word":       {body: `{"Response":{"Error":{"Code":"<b>"}}}`, err: decode.ErrNoResponse},
		"error no object":             {body: `{"Response":{"Error":"InternalError"}}`, err: decode.ErrNoResponse},
		"null":                        {body: `null`, err: decode.ErrNoResponse},
		"empty object":                {body: `{}`, err: decode.ErrNoResponse},
		"response null":               {body: `{"Response":null}`, err: decode.ErrNoResponse},
		"response an array":           {body: `{"Response":[{"State":4}]}`, err: decode.ErrNoResponse},
		"response a string":           {body: `{"Response":"State"}`, err: decode.ErrNoResponse},
		"an array":                    {body: `[]`, err: decode.ErrNoResponse},
		"a number":                    {body: `12`, err: decode.ErrNoResponse},
		"empty":                       {body: ``, err: decode.ErrNotJSON},
		"cut short":                   {body: `{"Response":{"State":`, err: decode.ErrNotJSON},
		"html":                        {body: `<html><body>502</body></html>`, err: decode.ErrNotJSON},
		"white space":                 {body: " {\n\"Response\" :\t{ \"State\" : [ 4 , {} ] , \"RequestId\" : \"a-1\" } } ", requestID: "a-1"},
		"escapes in a name":           {body: `{"Resp\u006fnse":{"Request\u0049d":"a-\u0031"}}`, requestID: "a-1"},
		"two responses":               {body: `{"Response":{"RequestId":"a-1"},"response":{"RequestId":"a-2"}}`, err: decode.ErrNoResponse},
		"white space alone":           {body: " \n", err: decode.ErrNotJSON},
		"rubbish behind":              {body: `{"Response":{}}<html>`, err: decode.ErrNotJSON},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer, err := decode.Parse([]byte(test.body))
			if !errors.Is(err, test.err) {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if answer.RequestID != test.requestID || answer.ErrorCode != test.code {
				t.Errorf("request id %q and code %q, want %q and %q", answer.RequestID, answer.ErrorCode, test.requestID, test.code)
			}
			if test.err == nil && answer.Fields == nil {
				t.Error("no fields")
			}
		})
	}
}
