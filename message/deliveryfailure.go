package message

import (
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// DeliveryFailure is why a channel did not accept a message, as far as people are
// told. It holds neither URLs nor keys.
type DeliveryFailure struct {
	Channel    string // the channel's name, as "slack[1]"
	Setting    string // the variable that holds its webhook; empty where none is known
	HTTPStatus int    // 0 when there was no answer
	Code       string // the chat's own word or number, or one of ours in capitals
	Message    string // what the chat said besides, at most 100 bytes; may be empty
	Retryable  bool   // a later try may help
	Ambiguous  bool   // nobody knows whether the message arrived
	// Before are the codes with which the channel refused earlier messages, oldest first.
	Before []string
}

// CodeOrStatus is the code, or where there is none the status.
func (f DeliveryFailure) CodeOrStatus() string {
	if f.Code == "" && f.HTTPStatus != 0 {
		return "HTTP " + strconv.Itoa(f.HTTPStatus)
	}
	return f.Code
}

// Codes of our own.
const (
	CodeBadURL      = "BadURL"      // the webhook URL is no URL
	CodeInternal    = "Internal"    // our own mistake
	CodeNoErrcode   = "NoErrcode"   // WeCom's answer was not one
	CodeNotOK       = "NotOK"       // Slack's answer was not one
	CodeProxy       = "Proxy"       // a proxy in between let nothing through
	CodeRedirect    = "Redirect"    // sent elsewhere, which is never followed
	CodeTLS         = "TLS"         // certificate or handshake refused
	CodeTimeout     = "Timeout"     // no answer in time
	CodeUnreachable = "Unreachable" // no connection, or it broke

	// What a receiver of somebody's own answers: they have no words that all share.
	CodeUnauthorized = "Unauthorized" // HTTP 401, 403
	CodeNobody       = "NobodyThere"  // HTTP 404, 410
	CodeTooLarge     = "TooLarge"     // HTTP 413
)

// FailureText puts the reason into words for a reader who has to act on it: the
// code and what it means, for example "93000 (robot removed from the group, or
// wrong key)".
func FailureText(failure DeliveryFailure, language license.Language) string {
	return wordsOf(language).notes.failureText(failure)
}

func (w noteWords) failureText(f DeliveryFailure) string {
	code, meaning := f.Code, w.verdicts[f.Code]
	if code == "" && f.HTTPStatus != 0 {
		code = plainText(fill(w.status, values{"status": number(f.HTTPStatus)}))
	}
	switch {
	case code == "":
		return w.noReason
	case meaning == "" && f.HTTPStatus >= 500:
		meaning = w.serverFault
	case meaning == "" && f.Message != "":
		meaning = clip(f.Message, maxReason)
	case meaning == "":
		meaning = w.refused
	}
	return plainText(fill(w.verdict, values{"code": quote(code, roomyBounds.name), "meaning": say(meaning)}))
}

// maxReason bounds what is shown of a chat's own words, in bytes.
const maxReason = 100

// DeadChannelNote is the follow-up for the channels that work about those that
// did not take a report: which, and why. The id is the run's.
func DeadChannelNote(language license.Language, failures []DeliveryFailure, id string) license.Note {
	w := wordsOf(language).notes
	note := license.Note{Severity: license.Warning, ID: id}
	if len(failures) == 1 {
		template := w.deadChannel
		if failures[0].Ambiguous {
			template = w.doubtful
		}
		note.Title = plainText(fill(template, failureValues(w, failures[0])))
		if !failures[0].Retryable {
			note.Lines = w.checkWebhookOf(failures[0])
		}
		return note
	}
	n := int64(len(failures))
	note.Title = plainText(fill(w.deadChannels.of(n), values{"n": number(n)}))
	for _, failure := range failures {
		note.Lines = append(note.Lines, plainText(fill(w.deadLine, failureValues(w, failure))))
	}
	return note
}

// FailingNote is the follow-up for the channels that work about one that has accepted
// nothing since a time, which is written in its zone. The id is the run's.
func FailingNote(language license.Language, failure DeliveryFailure, since time.Time, id string) license.Note {
	w := wordsOf(language)
	v := failureValues(w.notes, failure)
	v["date"] = say(since.Format(w.moment))
	note := license.Note{Severity: license.Warning, Title: plainText(fill(w.notes.failing, v)), ID: id}
	if len(failure.Before) > 0 {
		codes := make([]line, len(failure.Before))
		for i, code := range failure.Before {
			codes[i] = quote(code, roomyBounds.name)
		}
		before := fill(w.notes.failedBefore, values{"codes": join(w.listComma, codes...)})
		note.Lines = append(note.Lines, plainText(before))
	}
	note.Lines = append(note.Lines, w.notes.checkWebhookOf(failure)...)
	return note
}

// checkWebhookOf says which setting to look at, and how to find out what to do.
func (w noteWords) checkWebhookOf(failure DeliveryFailure) []string {
	if failure.Setting == "" {
		return nil
	}
	return []string{plainText(fill(w.checkWebhook, values{"setting": say(failure.Setting)}))}
}

// UncalledNote is the follow-up about a channel that took the report, and not the call
// to everybody. The id is the run's.
func UncalledNote(language license.Language, failure DeliveryFailure, id string) license.Note {
	w := wordsOf(language).notes
	return license.Note{Severity: license.Warning, Title: plainText(fill(w.uncalled, failureValues(w, failure))),
		ID: id}
}

func failureValues(w noteWords, failure DeliveryFailure) values {
	return values{"channel": say(w.channelName(failure.Channel)), "verdict": say(w.failureText(failure))}
}

// channelName is the chat's own name, with the number where there are several.
func (w noteWords) channelName(name string) string {
	kind, _, _ := strings.Cut(name, "[")
	title, ok := w.channels[kind]
	if !ok {
		return name
	}
	return title + strings.TrimPrefix(name, kind)
}

// ChannelTitle is a kind of chat's own name, by the kind's.
func ChannelTitle(language license.Language, kind string) string {
	return wordsOf(language).notes.channels[kind]
}
