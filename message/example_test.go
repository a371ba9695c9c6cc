package message_test

import (
	"fmt"
	"os"
	"time"

	"licensewatch/license"
	"licensewatch/message"
)

// exampleReport is an alert about one order.
func exampleReport(language license.Language) license.Report {
	now := time.Date(2026, 11, 28, 9, 7, 0, 0, license.APIZone)
	days := int64(3)
	return license.Report{
		ID: "a1b2c3", Mode: license.ModeAlert, Language: language, At: now,
		Snapshot: license.Snapshot{Site: license.SiteCN, ReadAt: now},
		Firing: []license.Finding{{
			Rule: "cwp-order-expiring", Subject: "cwp-bbbb", State: license.Firing, Severity: license.Critical,
			Title:    license.Text{En: "Ultimate order cwp-bbbb ends in 3 days", Zh: "旗舰版订单 cwp-bbbb 还有 3 天到期"},
			Deadline: now.AddDate(0, 0, 3), DaysLeft: &days,
		}},
	}
}

// The sentence that a report begins with.
func ExampleHeadline() {
	fmt.Println(message.Headline(exampleReport(license.English)))
	fmt.Println(message.Headline(exampleReport(license.Chinese)))
	// Output:
	// 🔴 Ultimate order cwp-bbbb ends in 3 days
	// 🔴 旗舰版订单 cwp-bbbb 还有 3 天到期
}

// A report as it is read at a prompt: the document that the chats get, too.
func ExampleTerminal() {
	_ = message.Terminal(os.Stdout, exampleReport(license.English), false)
	// Output:
	// 🔴 Ultimate order cwp-bbbb ends in 3 days
	// ends Dec 1
	// critical
	// China site · Nov 28, 09:07 (UTC+8) · a1b2c3
}

// What is posted to a chat, within its limits.
func ExampleFormat_Payload() {
	payload, err := message.WeCom.Payload(exampleReport(license.English), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	used, limit := message.WeCom.Size(payload)
	fmt.Println(used, "of", limit, message.WeCom.Unit)
	// Output: 173 of 4096 bytes
}
