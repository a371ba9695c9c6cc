package message_test

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// text is outside text, now and then absurdly long.
func text() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pieces := rapid.SliceOfN(rapid.SampledFrom(scene.Nasty), 0, 6).Draw(t, "pieces")
		times := rapid.SampledFrom([]int{1, 1, 1, 2, 700, 5000}).Draw(t, "times")
		return strings.Repeat(strings.Join(pieces, ""), times)
	})
}

func maybe[T any](g *rapid.Generator[T]) *rapid.Generator[*T] { return rapid.Ptr(g, true) }

func integers() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.Int64Range(-1, 10), rapid.SampledFrom([]int64{1 << 53, 1<<63 - 1, -1 << 63, 194}))
}

func dates() *rapid.Generator[string] {
	return rapid.OneOf(text(), rapid.SampledFrom([]string{"2026-12-04 00:00:00", "2026-11-22", "2027-03-01 10:00:00", "0000-00-00 00:00:00", "xx", "2020-01-01"}))
}

func failures() *rapid.Generator[*license.Failure] {
	kinds := []license.FailureKind{
		license.FailureDenied, license.FailureCredentials, license.FailureClock, license.FailureRole, license.FailureThrottled, license.FailureServer,
		license.FailureNetwork, license.FailureProxy, license.FailureTimeout, license.FailureTLS, license.FailureRedirect, license.FailureAnswer, license.FailureRequest,
		license.FailureInternal, "new",
	}
	return rapid.Custom(func(t *rapid.T) *license.Failure {
		return &license.Failure{
			Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Service: text().Draw(t, "service"), Action: text().Draw(t, "action"),
			Code: text().Draw(t, "code"), RequestID: text().Draw(t, "request"), HTTPStatus: rapid.SampledFrom([]int{0, 200, 502}).Draw(t, "status"),
			ClockSkew: time.Duration(rapid.Int64().Draw(t, "skew")),
		}
	})
}

func findings(state license.State, most int) *rapid.Generator[[]license.Finding] {
	one := rapid.Custom(func(t *rapid.T) license.Finding {
		f := license.Finding{
			Rule: text().Draw(t, "rule"), Subject: text().Draw(t, "subject"), State: state,
			Severity: rapid.SampledFrom([]license.Severity{license.Critical, license.Warning, license.Info, "", "odd"}).Draw(t, "severity"),
			Title:    license.Text{En: text().Draw(t, "en"), Zh: text().Draw(t, "zh")},
			Detail:   license.Text{En: text().Draw(t, "detail")},
			Runbook:  rapid.OneOf(text(), rapid.Just(scene.CwpConsole), rapid.Just("https://x/"+strings.Repeat("&", 500))).Draw(t, "runbook"),
			Missing:  rapid.SliceOfN(rapid.OneOf(text(), rapid.SampledFrom([]string{"order.OrderStatus", "order.Ended", "tcss.State"})), 0, 3).Draw(t, "missing"),
			Problem:  text().Draw(t, "problem"),
			Machines: maybe(integers()).Draw(t, "machines"), Licenses: maybe(integers()).Draw(t, "licenses"), Owner: text().Draw(t, "owner"),
			Group: license.Text{En: text().Draw(t, "group")},
		}
		if rapid.Bool().Draw(t, "dated") {
			f.Deadline = scene.Now.AddDate(0, 0, rapid.IntRange(-400, 400).Draw(t, "days"))
		}
		f.Event, f.DaysLeft = rapid.Bool().Draw(t, "event"), maybe(integers()).Draw(t, "left")
		f.Story = maybe(stories()).Draw(t, "story")
		return f
	})
	return rapid.Custom(func(t *rapid.T) []license.Finding {
		few := rapid.SliceOfN(one, 0, 4).Draw(t, "few")
		var all []license.Finding
		for range rapid.SampledFrom([]int{1, 1, 4, most}).Draw(t, "times") {
			all = append(all, few...)
		}
		return all
	})
}

func orders() *rapid.Generator[license.Order] {
	return rapid.Custom(func(t *rapid.T) license.Order {
		return license.Order{
			ResourceId: maybe(text()).Draw(t, "id"), LicenseType: maybe(integers()).Draw(t, "type"), LicenseCnt: maybe(integers()).Draw(t, "seats"),
			OrderStatus: maybe(rapid.Int64Range(0, 4)).Draw(t, "status"), SourceType: maybe(integers()).Draw(t, "source"), Deadline: maybe(dates()).Draw(t, "deadline"), AutoRenewFlag: maybe(integers()).Draw(t, "renew"),
		}
	})
}

func snapshots() *rapid.Generator[license.Snapshot] {
	return rapid.Custom(func(t *rapid.T) license.Snapshot {
		s := license.Snapshot{
			Account: text().Draw(t, "account"), Site: rapid.SampledFrom([]license.Site{license.SiteCN, license.SiteIntl, "", "odd"}).Draw(t, "site"),
			Wanted:   rapid.SliceOfN(rapid.SampledFrom(append([]license.Source{"odd"}, scene.BothProducts...)), 0, 8).Draw(t, "wanted"),
			Failures: map[license.Source]*license.Failure{},
		}
		for _, source := range scene.BothProducts {
			if rapid.Bool().Draw(t, "fails") {
				s.Failures[source] = failures().Draw(t, "failure")
			}
		}
		if rapid.Bool().Draw(t, "overview") {
			s.Overview = &license.Overview{
				UsedLicenseCnt: maybe(integers()).Draw(t, "used"), NotExpiredLicenseCnt: maybe(integers()).Draw(t, "total"),
				NearExpiryLicenseCnt: maybe(integers()).Draw(t, "near"), ExpireLicenseCnt: maybe(integers()).Draw(t, "expired"),
				AvailableAISecurityLicenseCnt: maybe(integers()).Draw(t, "ai"), AISecurityVersionLicenseCnt: maybe(integers()).Draw(t, "ai all"), ApplicationAvailableLicenseCnt: maybe(integers()).Draw(t, "rasp"),
				ProtectType: maybe(text()).Draw(t, "protect"),
			}
		}
		if rapid.Bool().Draw(t, "orders") {
			s.Orders = &license.Orders{List: rapid.SliceOfN(orders(), 0, 8).Draw(t, "list"), TotalCount: integers().Draw(t, "count"), Incomplete: rapid.Bool().Draw(t, "incomplete")}
		}
		if rapid.Bool().Draw(t, "state") {
			s.PurchaseState = &license.PurchaseState{
				State: maybe(integers()).Draw(t, "state"), SubState: maybe(text()).Draw(t, "sub"), CoresCnt: maybe(integers()).Draw(t, "cores"),
				UndefendCoresCnt: maybe(integers()).Draw(t, "undefended"), ExpirationTime: maybe(dates()).Draw(t, "until"), AutomaticRenewal: maybe(integers()).Draw(t, "renewal"),
			}
		}
		return s
	})
}

func unheards() *rapid.Generator[license.Unheard] {
	return rapid.Custom(func(t *rapid.T) license.Unheard {
		return license.Unheard{Channel: text().Draw(t, "channel"), ID: text().Draw(t, "id"), At: times().Draw(t, "at")}
	})
}

func reports() *rapid.Generator[license.Report] {
	statuses := []license.ExportStatus{license.ExportFinished, license.ExportPending, license.ExportFailed, license.ExportSkipped, license.ExportOff, "", "odd"}
	problems := []license.ExportProblem{license.ExportRefused, license.ExportNothing, license.ExportNoTask, license.ExportAmbiguous, license.ExportError, license.ExportNoLink, "odd"}
	links := []string{"", scene.Link, "http://evil.example", "https://a.example/" + strings.Repeat("x", 2030), "https://a.example/" + strings.Repeat("&", 2000), "https://a.example/" + strings.Repeat("(|>", 600), strings.Repeat("x", 5000)}
	return rapid.Custom(func(t *rapid.T) license.Report {
		r := license.Report{
			ID: text().Draw(t, "id"), Mode: rapid.SampledFrom([]license.Mode{license.ModeDigest, license.ModeAlert}).Draw(t, "mode"),
			Language: rapid.SampledFrom([]license.Language{license.English, license.Chinese, ""}).Draw(t, "language"), At: scene.Now,
			Snapshot: snapshots().Draw(t, "snapshot"), Firing: findings(license.Firing, 65).Draw(t, "firing"), Unknown: findings(license.Unknown, 65).Draw(t, "unknown"),
			Mention: rapid.Bool().Draw(t, "mention"), Repeat: rapid.Bool().Draw(t, "repeat"),
			Unheard:  many(unheards(), 30).Draw(t, "unheard"),
			Resolved: many(overs(), 30).Draw(t, "resolved"), Acks: many(acks(), 30).Draw(t, "acks"), SourceChanges: many(sourceChanges(), 2).Draw(t, "changes"),
			Unwatched: many(unwatched(), 30).Draw(t, "unwatched"), Gaps: many(gaps(), 30).Draw(t, "gaps"), Sent: times().Draw(t, "sent"), Unchanged: times().Draw(t, "unchanged"),
		}
		r.Export = license.Export{
			Status: rapid.SampledFrom(statuses).Draw(t, "export"), TaskID: integers().Draw(t, "task"), Problem: rapid.SampledFrom(problems).Draw(t, "problem"),
			Link: license.NewSignedURL(rapid.SampledFrom(links).Draw(t, "link")), Withheld: text().Draw(t, "withheld"),
		}
		if rapid.Bool().Draw(t, "refused") {
			r.Export.Failure = failures().Draw(t, "refusal")
		}
		codes := []license.NoticeCode{license.NoticeOrdersIncomplete, license.NoticeUnknownSetting, license.NoticeFieldsUnread, license.NoticeNoMemory, license.NoticeOtherOwner, license.NoticeStateCorrupt, license.NoticeDropped, "odd"}
		for range rapid.IntRange(0, 12).Draw(t, "notices") {
			r.Notices = append(r.Notices, license.Notice{Code: rapid.SampledFrom(codes).Draw(t, "code"), Args: rapid.SliceOfN(text(), 0, 4).Draw(t, "args")})
		}
		return r
	})
}

// TestAnyReportFits holds every limit for every report there can be.
func TestAnyReportFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, anyReportFits)
}

func FuzzReport(f *testing.F) { f.Fuzz(rapid.MakeFuzz(anyReportFits)) }

func anyReportFits(t *rapid.T) {
	r := reports().Draw(t, "report")
	mention := rapid.SliceOfN(text(), 0, 50).Draw(t, "mention")
	slack, err := formats["slack"].Payload(r, append(mention, "here", "U0123ABC"))
	if err != nil {
		t.Fatal(err)
	}
	post, err := checkSlack(slack)
	if err != nil {
		t.Fatalf("Slack: %v", err)
	}
	wecom, err := formats["wecom"].Payload(r, append([]string{"oncall"}, mention...))
	if err != nil {
		t.Fatal(err)
	}
	content, err := checkWeCom(wecom)
	if err != nil {
		t.Fatalf("WeCom: %v", err)
	}
	var terminal bytes.Buffer
	if err := message.Terminal(&terminal, r, false); err != nil {
		t.Fatal(err)
	}
	if err := checkPlain(terminal.String()); err != nil {
		t.Fatalf("terminal: %v", err)
	}
	for channel, shown := range map[string]string{
		"Slack": post.Text + "\n" + strings.Join(post.texts(), "\n"), "WeCom": content, "terminal": terminal.String(),
	} {
		if err := checkComplete(r, shown); err != nil {
			t.Fatalf("%s: %v in\n%s", channel, err, shown)
		}
	}
}

var (
	rowStart = regexp.MustCompile(`(?m)^\**(\d+)\. `)
	leftOut  = regexp.MustCompile(`(?m)^… and (\d+) more \(|^…… 另有 (\d+) 项未列出（`)
)

// checkComplete wants every fixed part and the right number of findings.
func checkComplete(r license.Report, shown string) error {
	zh := r.Language == license.Chinese
	if err := checkRows(r, shown); err != nil {
		return err
	}
	if moment := map[bool]string{true: "11月22日 09:07（UTC+8）", false: "Nov 22, 09:07 (UTC+8)"}[zh]; !strings.Contains(shown, moment) {
		return fmt.Errorf("%q is missing", moment)
	}
	unread := map[license.Source]bool{}
	for _, source := range r.Snapshot.Wanted {
		if r.Snapshot.Failures[source] != nil {
			unread[source] = true
		}
	}
	for _, change := range r.SourceChanges {
		unread[change.Source] = unread[change.Source] || !change.Readable
	}
	maps.DeleteFunc(unread, func(_ license.Source, isUnread bool) bool { return !isUnread })
	refused := 0
	for _, words := range map[bool][]string{true: {"读取失败：", " 起一直无法读取"}, false: {" could not be read: ", " been unreadable since "}}[zh] {
		refused += strings.Count(shown, words)
	}
	if delete(unread, "odd"); refused < len(unread) {
		return fmt.Errorf("%d of %d unread sources are shown", refused, len(unread))
	}
	if r.Export.Status == license.ExportFinished && !strings.Contains(shown, map[bool]string{true: "授权明细", false: "License details"}[zh]) {
		return fmt.Errorf("the export is missing")
	}
	return checkMemory(r, shown)
}

// checkRows wants each finding that is not acknowledged shown, in a group or by
// itself, or counted.
func checkRows(r license.Report, shown string) error {
	type kind struct {
		rule     string
		severity license.Severity
		event    bool
	}
	of := func(f license.Finding) kind { return kind{f.Rule, f.Severity, f.Event} }
	counts := map[kind]int{}
	all := 0
	for _, f := range r.Firing {
		if !f.IsAcknowledged() {
			counts[of(f)]++
			all++
		}
	}
	var sizes []int
	seen := map[kind]bool{}
	for _, f := range r.Firing {
		k := of(f)
		switch n := counts[k]; {
		case f.IsAcknowledged(), seen[k]:
		case n > 5, n > 1 && f.Severity == license.Info:
			sizes, seen[k] = append(sizes, n), true
		default:
			sizes = append(sizes, 1)
		}
	}
	rows, left, told := len(rowStart.FindAllString(shown, -1)), 0, 0
	if found := leftOut.FindStringSubmatch(shown); found != nil {
		left, _ = strconv.Atoi(found[1] + found[2])
	}
	if rows == 0 && len(sizes) == 1 {
		return nil
	}
	for _, n := range sizes[:min(rows, len(sizes))] {
		told += n
	}
	if told+left != all {
		return fmt.Errorf("%d rows of %d findings shown, %d left out, %d there", rows, told, left, all)
	}
	return nil
}
