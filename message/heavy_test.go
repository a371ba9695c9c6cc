package message_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// heaviest is a report in which everything that must stay is as long as it can
// be: unread says which sources could not be read.
func heaviest(language license.Language, kind license.FailureKind, unread []license.Source, piece string) license.Report {
	long := strings.Repeat(piece, 500/len(piece))
	r := scene.ManyOrders(language)
	r.ID, r.Snapshot.Account, r.Mention = long, long, true
	r.Snapshot.PurchaseState.AutomaticRenewal, r.Snapshot.PurchaseState.CoresCnt = scene.Ptr(int64(-1<<63)), scene.Ptr(int64(-1<<63))
	r.Snapshot.PurchaseState.UndefendCoresCnt, r.Snapshot.PurchaseState.ExpirationTime = scene.Ptr(int64(-1<<63)), scene.Ptr(long)
	o := r.Snapshot.Overview
	for _, field := range []**int64{
		&o.UsedLicenseCnt, &o.NotExpiredLicenseCnt, &o.NearExpiryLicenseCnt, &o.ExpireLicenseCnt,
		&o.AvailableAISecurityLicenseCnt, &o.AISecurityVersionLicenseCnt, &o.ApplicationAvailableLicenseCnt,
	} {
		*field = scene.Ptr(int64(-1 << 63))
	}
	r.Snapshot.Failures = map[license.Source]*license.Failure{}
	for i, source := range unread {
		r.Snapshot.Failures[source] = &license.Failure{
			Kind: kind, Service: long, Action: fmt.Sprint(i, long), Code: long, RequestID: long, ClockSkew: time.Duration(-1 << 62),
		}
	}
	r.Snapshot.Orders.List, r.Firing = r.Snapshot.Orders.List[:40], r.Firing[:40]
	for i := range r.Snapshot.Orders.List {
		order := &r.Snapshot.Orders.List[i]
		order.ResourceId, order.LicenseType, order.LicenseCnt = scene.Ptr(long), scene.Ptr(int64(-1<<63)), scene.Ptr(int64(-1<<63))
		order.AutoRenewFlag = scene.Ptr(int64(license.RenewalOn))
		order.SourceType = scene.Ptr(int64(i - 1<<62))
		if i%2 == 0 {
			order.Deadline = scene.Ptr(long)
		}
	}
	for i := range r.Firing {
		f := &r.Firing[i]
		if i < 5 {
			f.Severity = license.Critical
		}
		f.Owner, f.Licenses, f.Machines = long, scene.Ptr(int64(-1<<63)), scene.Ptr(int64(-1<<63))
		if i%3 > 0 {
			f.Rule, f.Group = fmt.Sprint("rule", i), license.Text{En: long}
		}
		f.Subject, f.Title, f.Detail = long, license.Text{En: long}, license.Text{En: long}
		f.Runbook = fmt.Sprintf("https://a.example/%d%s", i, strings.Repeat("&", 400))
		r.Unknown = append(r.Unknown, license.Finding{Rule: fmt.Sprint(i, long), Subject: long, Missing: []string{long, "x" + long}})
	}
	remember(&r, long)
	r.Export.Link = license.NewSignedURL("https://a.example/" + strings.Repeat("x", 2030))
	r.Notices = nil
	for i := range 20 {
		code := license.NoticeCode(fmt.Sprint(i, long))
		switch i % 4 {
		case 0:
			code = license.NoticeUnknownSetting
		case 1:
			code = license.NoticeFieldsUnread
		case 2:
			code = license.NoticeOrdersIncomplete
		}
		r.Notices = append(r.Notices, license.Notice{Code: code, Args: []string{long, long, long}})
	}
	for _, code := range []license.NoticeCode{license.NoticeNoMemory, license.NoticeOtherOwner, license.NoticeStateCorrupt, license.NoticeDropped} {
		r.Notices = append(r.Notices, license.Notice{Code: code, Args: []string{long, long}})
	}
	return r
}

func TestHeaviestReportFits(t *testing.T) {
	t.Parallel()
	var everybody []string
	for i := range 100 {
		everybody = append(everybody, fmt.Sprintf("%064d", i))
	}
	// Those with the longest advice, and the one whose advice names the action.
	kinds := []license.FailureKind{license.FailureDenied, license.FailureCredentials, license.FailureTLS, license.FailureAnswer}
	worst := 0
	for set := range 1 << len(scene.BothProducts) {
		var unread []license.Source
		for i, source := range scene.BothProducts {
			if set>>i&1 == 1 {
				unread = append(unread, source)
			}
		}
		for _, language := range scene.Languages {
			for _, kind := range kinds {
				worst = max(worst, checkHeaviest(t, heaviest(language, kind, unread, "x"), everybody))
			}
			for _, piece := range []string{"授", "&", "<", "🔴"} {
				r := heaviest(language, license.FailureDenied, unread, piece)
				worst = max(worst, checkHeaviest(t, r, everybody))
				r.Mode = license.ModeAlert
				worst = max(worst, checkHeaviest(t, r, everybody))
				r.Firing = nil
				worst = max(worst, checkHeaviest(t, r, everybody))
			}
		}
	}
	t.Log("the fullest message takes", worst, "bytes")
}

// checkHeaviest holds a report against both chats' limits and gives the length
// of WeCom's content.
func checkHeaviest(t *testing.T, r license.Report, everybody []string) int {
	t.Helper()
	payload, err := formats["wecom"].Payload(r, everybody)
	if err != nil {
		t.Fatal(err)
	}
	content, err := checkWeCom(payload)
	if err == nil {
		err = checkComplete(r, content)
	}
	if err != nil {
		t.Fatalf("%v: %v\n%s", r.Snapshot.Failures, err, content)
	}
	if !strings.Contains(content, r.Export.Link.Reveal()) || !strings.Contains(content, "<@") {
		t.Fatalf("the link or the mention is missing in\n%s", content)
	}
	if text := message.ShortText(r, nil); len(text) > wecomPlain {
		t.Fatalf("the short text has %d bytes", len(text))
	}
	if _, err := checkSlack(slackPayload(t, r)); err != nil {
		t.Fatalf("%v: %v", r.Snapshot.Failures, err)
	}
	return len(content)
}

// TestDoubtsAreNotCompared: thousands of orders that each hold another value nobody knows
// are not compared with each other: each takes about as long as one of a few. The time of the
// processor counts, since the machine may be busy, and the quickest of three.
func TestDoubtsAreNotCompared(t *testing.T) { //nolint:paralleltest // it takes time
	took := func(orders int) time.Duration {
		r := scene.AllWell(license.English)
		unknown := license.Finding{Rule: "cwp-order-expiring", State: license.Unknown, Missing: []string{"order.OrderStatus"}}
		r.Snapshot.Orders = &license.Orders{TotalCount: int64(orders)}
		for i := range orders {
			o := scene.Order(fmt.Sprintf("cwp-%05d", i), license.LicenseTypeUltimate, 40, 33, "2027-11-25", license.RenewalOn)
			o.OrderStatus = scene.Ptr(int64(1000 + i))
			r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
			unknown.Others = append(unknown.Others, *o.ResourceId)
		}
		unknown.Subject, unknown.Others = unknown.Others[0], unknown.Others[1:]
		r.Unknown = []license.Finding{unknown}
		shortest := time.Hour
		for range 3 {
			began := processorTime(t)
			title := message.Headline(r)
			shortest = min(shortest, processorTime(t)-began)
			if !strings.Contains(title, "1000") || !strings.Contains(title, fmt.Sprint(orders-1)) {
				t.Fatal(title)
			}
		}
		return shortest / time.Duration(orders)
	}
	if few, many := took(200), took(5000); many > 8*few {
		t.Errorf("each of 200 takes %v, each of 5,000 %v", few, many)
	}
}

// processorTime is what the process has used.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
