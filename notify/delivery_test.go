package notify_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/notify"
)

// outcome is what becomes of a report under a fault.
type outcome struct {
	posts int
	err   *notify.Error // nil: delivered
	waits int
	least time.Duration // of the first wait

	uncalled *notify.Error // what the receipt says of the call
}

// fault is what a chat answers to a report, and the outcome.
type fault struct {
	answers []http.HandlerFunc
	mode    license.Mode // empty: as the report is
	want    outcome
}

func TestSlackDelivery(t *testing.T) {
	t.Parallel()
	checkDelivery(t, "slack", map[string]fault{
		"ok":                 {[]http.HandlerFunc{ok["slack"]}, "", outcome{posts: 1}},
		"ok and a line":      {[]http.HandlerFunc{says(200, " ok\r\n")}, "", outcome{posts: 1}},
		"200 with a word":    {[]http.HandlerFunc{says(200, "no_service")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "no_service"}}},
		"204":                {[]http.HandlerFunc{says(204, "")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 204, Retryable: true, Ambiguous: true}}},
		"502":                {[]http.HandlerFunc{says(502, "bad_gateway")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 502, Code: "bad_gateway", Retryable: true, Ambiguous: true}}},
		"502, alert":         {[]http.HandlerFunc{says(502, "<html>")}, license.ModeAlert, outcome{posts: 2, waits: 1, err: &notify.Error{HTTPStatus: 502, Message: "<html>", Retryable: true, Ambiguous: true}}},
		"503 of a gateway":   {[]http.HandlerFunc{says(503, "no healthy upstream")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 503, Message: "no healthy upstream", Retryable: true, Ambiguous: true}}},
		"503 of its own":     {[]http.HandlerFunc{says(503, "service_unavailable"), ok["slack"]}, "", outcome{posts: 2, waits: 1}},
		"504, then 404":      {[]http.HandlerFunc{says(504, ""), says(404, "no_service")}, license.ModeAlert, outcome{posts: 2, waits: 1, err: &notify.Error{HTTPStatus: 404, Code: "no_service", Retryable: true, Ambiguous: true}}},
		"524":                {[]http.HandlerFunc{says(524, "error code: 524")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 524, Message: "error code: 524", Retryable: true, Ambiguous: true}}},
		"200 with HTML":      {[]http.HandlerFunc{says(200, "<html>Welcome</html>")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NotOK", Message: "<html>Welcome</html>", Retryable: true, Ambiguous: true}}},
		"200 with {}":        {[]http.HandlerFunc{says(200, "{}")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NotOK", Message: "{}", Retryable: true, Ambiguous: true}}},
		"200 empty":          {[]http.HandlerFunc{says(200, "")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NotOK", Retryable: true, Ambiguous: true}}},
		"201 ok":             {[]http.HandlerFunc{says(201, "ok")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 201, Message: "ok", Retryable: true, Ambiguous: true}}},
		"echoes":             {[]http.HandlerFunc{echoes(404)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 404, Message: "[answer withheld: it repeats the webhook URL]"}}},
		"redirect":           {[]http.HandlerFunc{says(302, "", "Location", slackPath)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 302, Code: "Redirect"}}},
		"307":                {[]http.HandlerFunc{says(307, "", "Location", "http://127.0.0.1:1"+slackPath)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 307, Code: "Redirect"}}},
		"redirect nowhere":   {[]http.HandlerFunc{says(302, "", "Location", "http://[::1"+slackPath)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 302, Code: "Redirect"}}},
		"invalid_token":      {[]http.HandlerFunc{says(403, "invalid_token")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 403, Code: "invalid_token"}}},
		"no_service":         {[]http.HandlerFunc{says(404, "no_service\n")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 404, Code: "no_service"}}},
		"archived":           {[]http.HandlerFunc{says(410, "channel_is_archived")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 410, Code: "channel_is_archived"}}},
		"404 with HTML":      {[]http.HandlerFunc{says(404, "<h1>Not Found</h1>")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 404, Message: "<h1>Not Found</h1>"}}},
		"500 then ok":        {[]http.HandlerFunc{says(500, "<h1>Oops</h1>"), ok["slack"]}, "", outcome{posts: 2, waits: 1}},
		"rollup_error":       {[]http.HandlerFunc{says(500, "rollup_error")}, "", outcome{posts: 3, waits: 2, err: &notify.Error{HTTPStatus: 500, Code: "rollup_error", Retryable: true}}},
		"429 then ok":        {[]http.HandlerFunc{says(429, "rate_limited", "Retry-After", "3"), ok["slack"]}, "", outcome{posts: 2, waits: 1, least: 3 * time.Second}},
		"429 without time":   {[]http.HandlerFunc{says(429, ""), ok["slack"]}, "", outcome{posts: 2, waits: 1, least: time.Second}},
		"429 with a date":    {[]http.HandlerFunc{says(429, "", "Date", "Sun, 22 Nov 2026 01:07:00 GMT", "Retry-After", "Sun, 22 Nov 2026 01:07:04 GMT"), ok["slack"]}, "", outcome{posts: 2, waits: 1, least: 4 * time.Second}},
		"429 for an hour":    {[]http.HandlerFunc{says(429, `{"ok":false}`, "Retry-After", "3600")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 429, Code: "rate_limited", Message: `{"ok":false}`, Retryable: true, RetryAfter: time.Hour}}},
		"408":                {[]http.HandlerFunc{says(408, "<html>")}, "", outcome{posts: 3, waits: 2, err: &notify.Error{HTTPStatus: 408, Message: "<html>", Retryable: true}}},
		"425, then ok":       {[]http.HandlerFunc{says(425, ""), ok["slack"]}, "", outcome{posts: 2, waits: 1}},
		"form, then ok":      {[]http.HandlerFunc{says(400, "invalid_blocks"), ok["slack"]}, "", outcome{posts: 2}},
		"form twice":         {[]http.HandlerFunc{says(400, "invalid_payload")}, "", outcome{posts: 2, err: &notify.Error{HTTPStatus: 400, Code: "invalid_payload"}}},
		"no_text":            {[]http.HandlerFunc{says(400, "no_text")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 400, Code: "no_text"}}},
		"timeout, digest":    {[]http.HandlerFunc{hangs}, license.ModeDigest, outcome{posts: 1, err: &notify.Error{Code: "Timeout", Message: "no answer in time", Retryable: true, Ambiguous: true}}},
		"timeout, alert":     {[]http.HandlerFunc{hangs}, license.ModeAlert, outcome{posts: 2, waits: 1, err: &notify.Error{Code: "Timeout", Message: "no answer in time", Retryable: true, Ambiguous: true}}},
		"timeout, alert, ok": {[]http.HandlerFunc{hangs, ok["slack"]}, license.ModeAlert, outcome{posts: 2, waits: 1}},
		"drops, digest":      {[]http.HandlerFunc{drops}, license.ModeDigest, outcome{posts: 1, err: &notify.Error{Code: "Unreachable", Message: "the connection broke before the answer", Retryable: true, Ambiguous: true}}},
		"drops, then 500":    {[]http.HandlerFunc{drops, says(500, "")}, license.ModeAlert, outcome{posts: 3, waits: 2, err: &notify.Error{HTTPStatus: 500, Retryable: true, Ambiguous: true}}},
		"slow body":          {[]http.HandlerFunc{stalls(200, "o")}, license.ModeDigest, outcome{posts: 1, err: &notify.Error{Code: "Timeout", Message: "no answer in time", Retryable: true, Ambiguous: true}}},
		"slow body of a 404": {[]http.HandlerFunc{stalls(404, "no_service")}, license.ModeDigest, outcome{posts: 1, err: &notify.Error{HTTPStatus: 404, Code: "no_service"}}},
		"huge body":          {[]http.HandlerFunc{says(200, strings.Repeat("ok ", 1<<20))}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NotOK", Message: strings.Repeat("ok ", 32) + "o…", Retryable: true, Ambiguous: true}}},
		"endless body":       {[]http.HandlerFunc{floods}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NotOK", Message: strings.Repeat("ok ", 32) + "o…", Retryable: true, Ambiguous: true}}},
		"odd bytes":          {[]http.HandlerFunc{says(403, "\x1b[31mno\x00\r\n\xff\u202e entry")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 403, Message: "[31mno \ufffd entry"}}},
	})
}

func TestWeComDelivery(t *testing.T) {
	t.Parallel()
	checkDelivery(t, "wecom", map[string]fault{
		"ok":              {[]http.HandlerFunc{ok["wecom"]}, "", outcome{posts: 2}},
		"warning":         {[]http.HandlerFunc{says(200, `{"errcode":0,"errmsg":"ok. Warning: wrong json format. "}`)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "0", Message: "ok. Warning: wrong json format."}}},
		"busy":            {[]http.HandlerFunc{wecomSays("-1", "system busy")}, "", outcome{posts: 3, waits: 2, err: &notify.Error{HTTPStatus: 200, Code: "-1", Message: "system busy", Retryable: true}}},
		"busy, then ok":   {[]http.HandlerFunc{wecomSays("-1", "system busy"), ok["wecom"]}, "", outcome{posts: 3, waits: 1}},
		"45033":           {[]http.HandlerFunc{wecomSays("45033", "too many")}, "", outcome{posts: 3, waits: 2, err: &notify.Error{HTTPStatus: 200, Code: "45033", Message: "too many", Retryable: true}}},
		"45009":           {[]http.HandlerFunc{wecomSays("45009", "api freq out of limit")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "45009", Message: "api freq out of limit", Retryable: true}}},
		"93000":           {[]http.HandlerFunc{wecomSays("93000", "invalid webhook url")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "93000", Message: "invalid webhook url"}}},
		"93004":           {[]http.HandlerFunc{wecomSays("93004", "robot disabled")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "93004", Message: "robot disabled"}}},
		"93008":           {[]http.HandlerFunc{wecomSays("93008", "not in group")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "93008", Message: "not in group"}}},
		"unknown code":    {[]http.HandlerFunc{wecomSays("12345", "new")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "12345", Message: "new"}}},
		"too long":        {[]http.HandlerFunc{wecomSays("40058", "markdown.content exceed max length 4096"), ok["wecom"]}, "", outcome{posts: 2}},
		"too long twice":  {[]http.HandlerFunc{wecomSays("45002", "content too large")}, "", outcome{posts: 2, err: &notify.Error{HTTPStatus: 200, Code: "45002", Message: "content too large"}}},
		"{}":              {[]http.HandlerFunc{says(200, "{}")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Message: "{}", Retryable: true, Ambiguous: true}}},
		"HTML":            {[]http.HandlerFunc{says(200, "<html>"), ok["wecom"]}, license.ModeAlert, outcome{posts: 3, waits: 1}},
		"empty, alert":    {[]http.HandlerFunc{says(200, "")}, license.ModeAlert, outcome{posts: 2, waits: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Retryable: true, Ambiguous: true}}},
		"503 of its own":  {[]http.HandlerFunc{says(503, `{"errcode":-1,"errmsg":"system busy"}`)}, "", outcome{posts: 3, waits: 2, err: &notify.Error{HTTPStatus: 503, Message: `{"errcode":-1,"errmsg":"system busy"}`, Retryable: true}}},
		"504":             {[]http.HandlerFunc{says(504, "")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 504, Retryable: true, Ambiguous: true}}},
		"202":             {[]http.HandlerFunc{says(202, `{"errcode":0,"errmsg":"ok"}`)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 202, Message: `{"errcode":0,"errmsg":"ok"}`, Retryable: true, Ambiguous: true}}},
		"@all busy":       {[]http.HandlerFunc{ok["wecom"], wecomSays("45009", "api freq out of limit")}, "", outcome{posts: 2, uncalled: &notify.Error{HTTPStatus: 200, Code: "45009", Message: "api freq out of limit", Retryable: true}}},
		"@all unanswered": {[]http.HandlerFunc{ok["wecom"], drops}, license.ModeAlert, outcome{posts: 2, uncalled: &notify.Error{Code: "Unreachable", Message: "the connection broke before the answer", Retryable: true, Ambiguous: true}}},
		"null":            {[]http.HandlerFunc{says(200, "null")}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Message: "null", Retryable: true, Ambiguous: true}}},
		"errcode is text": {[]http.HandlerFunc{says(200, `{"errcode":"0","errmsg":"ok"}`)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Message: `{"errcode":"0","errmsg":"ok"}`, Retryable: true, Ambiguous: true}}},
		"a gateway's own": {[]http.HandlerFunc{says(200, `{"ErrCode":0,"ErrMsg":"ok"}`)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Message: `{"ErrCode":0,"ErrMsg":"ok"}`, Retryable: true, Ambiguous: true}}},
		"errcode is null": {[]http.HandlerFunc{says(200, `{"errcode":null}`)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Message: `{"errcode":null}`, Retryable: true, Ambiguous: true}}},
		"cut short":       {[]http.HandlerFunc{says(200, `{"errcode":93000,"errmsg":"no, hint: [1], from ip: `+egress)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Message: `{"errcode":93000,"errmsg":"no`, Retryable: true, Ambiguous: true}}},
		"echoes":          {[]http.HandlerFunc{echoes(200)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "NoErrcode", Message: "[answer withheld: it repeats the webhook URL]", Retryable: true, Ambiguous: true}}},
		"502":             {[]http.HandlerFunc{says(502, "bad gateway to "+egress)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 502, Message: "bad gateway to …", Retryable: true, Ambiguous: true}}},
		"404":             {[]http.HandlerFunc{says(404, `{"errcode":0,"errmsg":"ok"}`)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 404, Message: `{"errcode":0,"errmsg":"ok"}`}}},
		"redirect":        {[]http.HandlerFunc{says(301, "", "Location", "https://127.0.0.1:1"+wecomPath)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 301, Code: "Redirect"}}},
		"long errmsg":     {[]http.HandlerFunc{says(200, `{"errcode":1,"errmsg":"`+strings.Repeat("很长 ", 100)+`"}`)}, "", outcome{posts: 1, err: &notify.Error{HTTPStatus: 200, Code: "1", Message: strings.Repeat("很长 ", 13) + "很长…"}}},
		"@all fails":      {[]http.HandlerFunc{ok["wecom"], wecomSays("93000", "gone")}, "", outcome{posts: 2, uncalled: &notify.Error{HTTPStatus: 200, Code: "93000", Message: "gone"}}},
		"timeout, digest": {[]http.HandlerFunc{hangs}, license.ModeDigest, outcome{posts: 1, err: &notify.Error{Code: "Timeout", Message: "no answer in time", Retryable: true, Ambiguous: true}}},
		"timeout, alert":  {[]http.HandlerFunc{hangs}, license.ModeAlert, outcome{posts: 2, waits: 1, err: &notify.Error{Code: "Timeout", Message: "no answer in time", Retryable: true, Ambiguous: true}}},
	})
}

func checkDelivery(t *testing.T, kind string, tests map[string]fault) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { sendInto(t, kind, test) })
		})
	}
}

// sendInto sends a report to a chat with a fault, and compares what becomes of it.
func sendInto(t *testing.T, kind string, test fault) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	r := newRig(t, kind, test.answers...)
	report := scene.EverythingWrong(license.English)
	if test.mode != "" {
		report.Mode = test.mode
	}
	receipt, err := r.channel.Send(ctx, report)
	got, ok := errors.AsType[*notify.Error](err)
	if err != nil && !ok {
		t.Fatalf("%T is no *notify.Error", err)
	}
	if test.want.err != nil {
		test.want.err.Channel = kind
	}
	if diff := cmp.Diff(test.want.err, got, cmpopts.IgnoreUnexported(notify.Error{})); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if n := len(r.chat.posts()); n != test.want.posts || len(r.waits) != test.want.waits {
		t.Errorf("%d posts and %d waits, want %d and %d", n, len(r.waits), test.want.posts, test.want.waits)
	}
	if test.want.uncalled != nil {
		test.want.uncalled.Channel, test.want.uncalled.Call = kind, true
	}
	if diff := cmp.Diff(test.want.uncalled, receipt.Uncalled, cmpopts.IgnoreUnexported(notify.Error{})); diff != "" {
		t.Errorf("the call (-want +got):\n%s", diff)
	}
	if len(r.waits) > 0 && r.waits[0] < test.want.least {
		t.Errorf("waited %v, want %v at least", r.waits[0], test.want.least)
	}
	r.checkSilence(t, err)
}
