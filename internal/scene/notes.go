package scene

import (
	"fmt"
	"time"

	"licensewatch/license"
	"licensewatch/message"
)

// Notes are the short messages, by the name of their golden file.
var Notes = map[string]func(license.Language) license.Note{
	"note-dead-channel": func(l license.Language) license.Note {
		return message.DeadChannelNote(l, []message.DeliveryFailure{{Channel: "wecom",
			Setting: "LICENSEWATCH_WECOM_WEBHOOK_URL", HTTPStatus: 200, Code: "93000", Message: "invalid webhook url"}},
			"a1b2c3")
	},
	"note-dead-channels": func(l license.Language) license.Note {
		return message.DeadChannelNote(l, []message.DeliveryFailure{
			{Channel: "slack[0]", Setting: "LICENSEWATCH_SLACK_WEBHOOK_URL", HTTPStatus: 404, Code: "no_service"},
			{Channel: "slack[1]", Setting: "LICENSEWATCH_SLACK_WEBHOOK_URL", HTTPStatus: 503, Retryable: true},
			{Channel: "wecom", Setting: "LICENSEWATCH_WECOM_WEBHOOK_URL", Code: "Timeout", Retryable: true,
				Ambiguous: true},
		}, "a1b2c3")
	},
	"note-doubtful": func(l license.Language) license.Note {
		return message.DeadChannelNote(l, []message.DeliveryFailure{{Channel: "slack",
			Setting: "LICENSEWATCH_SLACK_WEBHOOK_URL", Code: "Timeout", Retryable: true, Ambiguous: true}}, "a1b2c3")
	},
	"note-failing": func(l license.Language) license.Note {
		return message.FailingNote(l, message.DeliveryFailure{Channel: "wecom",
			Setting: "LICENSEWATCH_WECOM_WEBHOOK_URL", HTTPStatus: 503, Retryable: true}, Now.Add(-26*time.Hour),
			"a1b2c3")
	},
	"note-failing-otherwise": func(l license.Language) license.Note {
		return message.FailingNote(l, message.DeliveryFailure{Channel: "slack[1]",
			Setting: "LICENSEWATCH_SLACK_WEBHOOK_URL", HTTPStatus: 403, Code: "invalid_token",
			Before: []string{"HTTP 503", "HTTP 500", "rate_limited"}}, Now.Add(-50*time.Hour), "a1b2c3")
	},
	"note-uncalled": func(l license.Language) license.Note {
		return message.UncalledNote(l, message.DeliveryFailure{Channel: "wecom[1]",
			Setting: "LICENSEWATCH_WECOM_WEBHOOK_URL", HTTPStatus: 200, Code: "40008", Message: "invalid message type"},
			"a1b2c3")
	},
	"note-time-up": func(l license.Language) license.Note {
		return message.TimeUpNote(l, 3*time.Second, 10_000, "a1b2c3")
	},
	"note-unheard": func(l license.Language) license.Note {
		return message.UnheardNote(l, license.Unheard{Channel: "slack[1]", ID: "c43672", At: Now.Add(-2 * time.Hour)},
			"a1b2c3")
	},
	"note-unaccepted": func(l license.Language) license.Note {
		return message.UnacceptedNote(l, license.Unheard{Channel: "slack", ID: "c43672", At: Now.Add(-2 * time.Hour)},
			"a1b2c3")
	},
	"note-mistakes": func(l license.Language) license.Note {
		return message.MistakesNote(l, []string{
			`LICENSEWATCH_SITE: "china" is no site: write cn or intl`,
			"rules.yaml:12:11: cwp has no field NearExpiryLicenseCount; did you mean NearExpiryLicenseCnt?",
		}, "a1b2c3")
	},
	"note-many-mistakes": func(l license.Language) license.Note {
		var mistakes []string
		for i := range 40 {
			mistakes = append(mistakes, fmt.Sprintf("rules.yaml:%d:5: unknown key <severty> & `sevrity`; did you mean severity?", i+3))
		}
		return message.MistakesNote(l, mistakes, "a1b2c3")
	},
	"note-export-ready": func(l license.Language) license.Note {
		return message.ExportNote(l, license.Export{Status: license.ExportFinished, TaskID: 24563,
			Link: license.NewSignedURL(Link)}, "a1b2c3")
	},
	"note-export-given-up": func(l license.Language) license.Note {
		return message.ExportNote(l, license.Export{Status: license.ExportPending, TaskID: 24563}, "a1b2c3")
	},
	"note-export-failed": func(l license.Language) license.Note {
		return message.ExportNote(l, license.Export{Status: license.ExportFailed, TaskID: 24563,
			Problem: license.ExportError}, "a1b2c3")
	},
}
