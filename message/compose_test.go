package message_test

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// page is a report as the terminal shows it: the words without any markup.
func page(t *testing.T, r license.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := message.Terminal(&b, r, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func finding(severity license.Severity, title string) license.Finding {
	return license.Finding{Rule: "rule", State: license.Firing, Severity: severity, Title: license.Text{En: title, Zh: title}}
}

// TestHeadline: the first line says the worst thing in words, in its colour.
func TestHeadline(t *testing.T) {
	t.Parallel()
	fail := func(r *license.Report, sources ...license.Source) {
		r.Snapshot.Failures = map[license.Source]*license.Failure{}
		for _, s := range sources {
			r.Snapshot.Failures[s] = scene.Unreadable(license.FailureTimeout, "cwp", "Action")
		}
	}
	warning, critical, info := finding(license.Warning, "It ends"), finding(license.Critical, "It is over"), finding(license.Info, "It is so")
	tests := map[string]struct {
		change func(*license.Report)
		en, zh string
		color  string
	}{
		"all well": {func(*license.Report) {}, "🟢 All security licenses are in order", "🟢 安全授权一切正常", "good"},
		"one":      {func(r *license.Report) { r.Firing = []license.Finding{warning} }, "🟡 It ends", "🟡 It ends", "warning"},
		"two":      {func(r *license.Report) { r.Firing = []license.Finding{critical, warning} }, "🔴 It is over, and 1 more needs attention", "🔴 It is over，另有 1 项待处理", "danger"},
		"info is not attention": {func(r *license.Report) { r.Firing = []license.Finding{critical, warning, warning, info} },
			"🔴 It is over, and 2 more need attention", "🔴 It is over，另有 2 项待处理", "danger"},
		"info alone": {func(r *license.Report) { r.Firing = []license.Finding{info} }, "🔵 It is so", "🔵 It is so", "#2f6fdb"},
		"one source": {func(r *license.Report) { fail(r, license.SourcePurchaseState) },
			"🟠 Container Security is unknown, the rest is fine", "🟠 容器安全状态未知，其余正常", "#e8710a"},
		"one part": {func(r *license.Report) { fail(r, license.SourceOrders) },
			"🟠 CWPP (orders) is unknown, the rest is fine", "🟠 主机安全订单状态未知，其余正常", "#e8710a"},
		"one product": {func(r *license.Report) { fail(r, license.SourceOrders, license.SourceOverview) },
			"🟠 CWPP is unknown, the rest is fine", "🟠 主机安全状态未知，其余正常", "#e8710a"},
		"two sources": {func(r *license.Report) { fail(r, license.SourceOverview, license.SourcePurchaseState) },
			"🟠 CWPP (overview) and Container Security are unknown, the rest is fine", "🟠 主机安全概览、容器安全状态未知，其余正常", "#e8710a"},
		"nothing": {func(r *license.Report) { fail(r, scene.BothProducts...) },
			"🟠 Nothing is known about the licenses: no data could be read", "🟠 授权状态未知：所有数据都没能读到", "#e8710a"},
		"not read, no reason": {func(r *license.Report) { r.Snapshot.PurchaseState = nil },
			"🟠 Container Security is unknown, the rest is fine", "🟠 容器安全状态未知，其余正常", "#e8710a"},
		"warning and unread": {func(r *license.Report) { r.Firing = []license.Finding{warning}; fail(r, license.SourcePurchaseState) },
			"🟠 It ends; Container Security is unknown", "🟠 It ends；容器安全状态未知", "#e8710a"},
		"critical and unread": {func(r *license.Report) { r.Firing = []license.Finding{critical}; fail(r, license.SourcePurchaseState) },
			"🔴 It is over; Container Security is unknown", "🔴 It is over；容器安全状态未知", "danger"},
		"info and unread": {func(r *license.Report) { r.Firing = []license.Finding{info}; fail(r, license.SourcePurchaseState) },
			"🟠 Container Security is unknown, the rest is fine", "🟠 容器安全状态未知，其余正常", "#e8710a"},
		"a rule": {func(r *license.Report) { r.Unknown = []license.Finding{{Rule: "x"}} },
			"🟠 1 check could not be made, the rest is fine", "🟠 有 1 项检查未能完成，其余正常", "#e8710a"},
		"orders incomplete": {func(r *license.Report) { r.Snapshot.Orders.Incomplete = true },
			"🟠 Not all orders could be read, the rest is fine", "🟠 订单未能全部读到，其余正常", "#e8710a"},
		"undocumented state": {func(r *license.Report) { r.Snapshot.PurchaseState.State = scene.Ptr(int64(9)) },
			"🟠 Container Security: its state is 9, which is not documented", "🟠 容器安全的状态为 9，官方文档没有这个值", "#e8710a"},
		"no state": {func(r *license.Report) { r.Snapshot.PurchaseState.State = nil },
			"🟠 Container Security is unknown, the rest is fine", "🟠 容器安全状态未知，其余正常", "#e8710a"},
		"unused product": {func(r *license.Report) { r.Snapshot.Wanted = scene.BothProducts[:2]; r.Snapshot.PurchaseState = nil },
			"🟢 All security licenses are in order", "🟢 安全授权一切正常", "good"},
		"no title": {func(r *license.Report) {
			r.Firing = []license.Finding{{Rule: "my-rule", Subject: "cwp-aaaa", Severity: license.Warning}}
		}, "🟡 my-rule/cwp-aaaa", "🟡 my-rule/cwp-aaaa", "warning"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				r := scene.AllWell(language)
				test.change(&r)
				if got, _, _ := strings.Cut(page(t, r), "\n"); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
				post, err := checkSlack(slackPayload(t, r))
				if err != nil || post.Attachments[0].Color != test.color {
					t.Errorf("color %q, want %q: %v", post.Attachments[0].Color, test.color, err)
				}
				r.Mode = license.ModeAlert
				if got, _, _ := strings.Cut(page(t, r), "\n"); got != want {
					t.Errorf("alert: got %q, want %q", got, want)
				}
			}
		})
	}
}

// TestLongTitle: a name of any length leaves both ends of its sentence.
func TestLongTitle(t *testing.T) {
	t.Parallel()
	for _, alias := range []string{strings.Repeat("alias ", 900), strings.Repeat("别名", 2500), strings.Repeat("<", 5000)} {
		r := scene.OneWarning(license.English)
		r.Firing[0].Title.En = "Order cwp-aaaa (" + alias + ") ends in 20 days"
		got, _, _ := strings.Cut(page(t, r), "\n")
		if !strings.HasPrefix(got, "🟡 Order cwp-aaaa (") || !strings.Contains(got, "…") || !strings.HasSuffix(got, ") ends in 20 days") || len(got) > 300 {
			t.Errorf("got %q", got)
		}
	}
}

// TestSubjectIsCode: a plain identifier in a title is shown as one, and only
// where it stands by itself.
func TestSubjectIsCode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ subject, title, want string }{
		"amid words":      {"cwp-aaaa", "Order cwp-aaaa ends", "Order `cwp-aaaa` ends"},
		"amid ideographs": {"cwp-aaaa", "订单cwp-aaaa到期", "订单 `cwp-aaaa` 到期"},
		"before a stop":   {"cwp-aaaa", "See cwp-aaaa.", "See `cwp-aaaa`."},
		"in backticks":    {"cwp-aaaa", "Order `cwp-aaaa` ends", "Order `cwp-aaaa` ends"},
		"part of another": {"cwp-a", "Order cwp-aaaa ends", "Order cwp-aaaa ends"},
		"not there":       {"cwp-aaaa", "An order ends", "An order ends"},
		"no identifier":   {"a b", "Order a b ends", "Order a b ends"},
		"no subject":      {"", "It ends", "It ends"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := scene.OneWarning(license.English)
			r.Firing[0].Subject, r.Firing[0].Title = test.subject, license.Text{En: test.title}
			post, err := checkSlack(slackPayload(t, r))
			if want := "*🟡 " + test.want + "*"; err != nil || post.Text != want {
				t.Errorf("got %q, want %q: %v", post.Text, want, err)
			}
			got, _, _ := strings.Cut(wecomContent(t, wecomPayload(t, r)), "\n")
			if want := "### 🟡 " + test.want; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestEveryFindingHasAWay: what to do is linked at every finding; where there is
// little room, at the first one that leads there.
func TestEveryFindingHasAWay(t *testing.T) {
	t.Parallel()
	r := scene.EverythingWrong(license.English)
	content := wecomContent(t, wecomPayload(t, r))
	if n := strings.Count(content, "[what to do]("); n != len(r.Firing) {
		t.Errorf("%d of %d findings are linked:\n%s", n, len(r.Firing), content)
	}
	for i := range r.Firing {
		r.Firing[i].Detail.En = strings.Repeat("detail ", 50)
	}
	r.Export = license.Export{Status: license.ExportFinished, Link: license.NewSignedURL("https://a.example/" + strings.Repeat("x", 300))}
	content = wecomContent(t, wecomPayload(t, r))
	if n := strings.Count(content, "**6. "); n != 1 || strings.Contains(content, "… and 1 more") {
		t.Errorf("a finding gave way to a link:\n%s", content)
	}
	for _, console := range []string{scene.RenewalConsole, scene.TcssConsole, scene.CwpConsole} {
		if n := strings.Count(content, "("+console+")"); n != 1 {
			t.Errorf("%s is linked %d times:\n%s", console, n, content)
		}
	}
}

// TestColor: the same words, with and without colours.
func TestColor(t *testing.T) {
	t.Parallel()
	var plain, colored bytes.Buffer
	r := scene.EverythingWrong(license.English)
	if message.Terminal(&plain, r, false) != nil || message.Terminal(&colored, r, true) != nil {
		t.Fatal("cannot write")
	}
	ansi := regexp.MustCompile("\x1b\\[\\d+m")
	if got := ansi.ReplaceAllString(colored.String(), ""); got != plain.String() || !strings.Contains(colored.String(), "\x1b[31mcritical\x1b[39m") {
		t.Errorf("got %q", colored.String())
	}
}

// brokenWriter takes nothing.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestTerminalReportsItsWriter(t *testing.T) {
	t.Parallel()
	if err := message.Terminal(brokenWriter{}, scene.AllWell(license.English), false); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

// TestOrdersThatDoNotAddUp: "1 of 1" would sound complete.
func TestOrdersThatDoNotAddUp(t *testing.T) {
	t.Parallel()
	r := scene.AllWell(license.English)
	r.Notices = []license.Notice{{Code: license.NoticeOrdersIncomplete, Args: []string{"1", "1"}}}
	payload, err := formats["wecom"].Payload(r, nil)
	if err != nil || !strings.Contains(string(payload), "1 read, there may be more") {
		t.Errorf("%v: %s", err, payload)
	}
}
