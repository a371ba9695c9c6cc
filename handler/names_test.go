package handler_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/notify"
	"licensewatch/rules"
)

// TestOneNameAThing: rules and messages have the same name for an edition, and
// write an end the same way; each has its own words, since neither knows of the
// other.
func TestOneNameAThing(t *testing.T) {
	t.Parallel()
	set, err := rules.Load("rules.yaml", []byte(`
version: 1
rules:
  - id: names
    each: order
    severity: info
    when: order.LicenseCnt == 7
    title:  {en: '{{ edition(order.LicenseType) }}', zh: '{{ edition(order.LicenseType) }}'}
    detail: {en: '{{ date(order.Deadline) }}', zh: '{{ date(order.Deadline) }}'}
`))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, time.FixedZone("CST", 8*60*60))
	for kind := range int64(9) {
		for _, deadline := range []string{"2026-12-04 00:00:00", "2026-12-04 10:00:00", "2026-11-22 23:59:59", "2026-11-22 00:00:00", "2027-03-05 00:00:00", "2027-03-05 12:00:00"} {
			snapshot := license.Snapshot{
				Wanted: []license.Source{license.SourceOrders},
				Orders: &license.Orders{TotalCount: 1, List: []license.Order{{
					ResourceId: new("cwp-a"), LicenseType: &kind, LicenseCnt: new(int64(7)), Deadline: &deadline, OrderStatus: new(int64(license.OrderNormal)),
				}}},
			}
			finding := set.Evaluate(snapshot, now)[0]
			for _, language := range []license.Language{license.English, license.Chinese} {
				edition, date := finding.Title.In(language), finding.Detail.In(language)
				wants := []string{"cwp-a 7 " + edition, date + " ("}
				if language == license.Chinese {
					wants = []string{"cwp-a " + edition + " 7 个", date + "（"}
				}
				other := license.Finding{Rule: "x", Severity: license.Warning}
				var page strings.Builder
				if err := message.Terminal(&page, license.Report{Language: language, Mode: license.ModeDigest, At: now, Snapshot: snapshot, Firing: []license.Finding{other}}, false); err != nil {
					t.Fatal(err)
				}
				for _, want := range wants {
					if !strings.Contains(page.String(), want) {
						t.Errorf("type %d, %s: the rules say %q, which the message does not:\n%s", kind, deadline, want, page.String())
					}
				}
			}
		}
	}
}

// TestIdentitiesStay: ledgers hold these, so an ordinary webhook keeps its own for good.
func TestIdentitiesStay(t *testing.T) {
	t.Parallel()
	ledger, err := life.Decode([]byte(`{"version":1,"key":"K"}`))
	must(t, err)
	handler.BindChannels(ledger, config.Config{
		Channels: append(
			config.ChannelsOf(notify.KindOf("slack"), []config.Secret{
				config.NewSecret("https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"),
			}, nil),
			config.ChannelsOf(notify.KindOf("wecom"), []config.Secret{
				config.NewSecret("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-4000-8000-000000000001"),
				config.NewSecret("https://proxy.example:8443/send?to=a&key=b"),
			}, nil)...),
	}, now)
	data, err := ledger.Encode()
	must(t, err)
	for name, id := range map[string]string{"slack": "59c50590f2f4", "wecom[0]": "5ef9c353c934", "wecom[1]": "f15acb6f1473"} {
		if !strings.Contains(string(data), `"`+name+`":{"id":"`+id+`"`) {
			t.Errorf("%s has another identity: %s", name, data)
		}
	}
}
