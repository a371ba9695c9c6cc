// Package sendtest sends a clearly marked test message through the senders that
// the function uses, one to each webhook, and says what became of it.
package sendtest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
)

// Options say what is sent to whom.
type Options struct {
	Settings config.Config
	Chats    []string // the names of kinds: "slack"
	// Languages and Variables are, of the channels of an accounts file, the language of each by
	// its name, and the variable that holds its webhook; what is not there is that of the settings.
	Languages map[string]license.Language
	Variables map[string]string
	Mention   bool // call those who are configured to be called
	Now       time.Time
	// Transport carries the posts; it must be given.
	Transport http.RoundTripper
	// Sleep waits between tries; nil waits in real time.
	Sleep func(context.Context, time.Duration) error
}

// Status is how a webhook took the message.
type Status string

// The statuses.
const (
	Accepted Status = "accepted"
	Refused  Status = "refused"
	Unknown  Status = "unknown" // sent, and no answer that tells: it may have arrived
)

// Verdict is what became of one message.
type Verdict struct {
	Channel string `json:"channel"` // "slack", or "slack[1]" where there are several
	Status  Status `json:"status"`
	Text    string `json:"text"`          // in words, with the chat's own code
	Fix     string `json:"fix,omitempty"` // what to do; empty when nothing is
}

// limit bounds one channel, its retries included.
const limit = 30 * time.Second

// Send sends to every webhook of the chats, side by side, and waits for all.
func Send(ctx context.Context, o Options) []Verdict {
	channels := newChannels(o)
	verdicts := make([]Verdict, len(channels))
	var all sync.WaitGroup
	for i, to := range channels {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			receipt, err := to.Send(ctx, testMessage(o, to.Name()))
			verdicts[i] = o.newVerdict(to, err)
			if receipt.Uncalled != nil {
				verdicts[i] = o.newVerdict(to, receipt.Uncalled)
				verdicts[i].Text = "accepted, but not the call to everybody: " + verdicts[i].Text
			}
		})
	}
	all.Wait()
	return verdicts
}

// target is a webhook that is sent a message.
type target struct {
	*notify.Channel

	kind *notify.ChannelKind
}

// newChannels makes a sender for each webhook, named as the function names them.
func newChannels(o Options) []target {
	var channels []target
	client := &http.Client{Transport: o.Transport}
	for _, c := range o.Settings.Channels {
		if slices.Contains(o.Chats, c.Kind.Name) {
			channels = append(channels, target{notify.NewChannel(c.Kind, notify.Options{
				Name: c.Name, URL: c.Webhook.Reveal(), Mention: c.Mention, Client: client, Sleep: o.Sleep,
			}), c.Kind})
		}
	}
	return channels
}

// testMessage is a report whose only finding says that it is a test. It is a digest:
// those are not posted again when nobody knows whether they arrived.
func testMessage(o Options, channel string) license.Report {
	at := o.Now
	if o.Settings.Zone != nil {
		at = at.In(o.Settings.Zone)
	}
	return license.Report{
		ID:       "send-test",
		Mode:     license.ModeDigest,
		Language: cmp.Or(o.Languages[channel], o.Settings.Language),
		At:       at,
		Export:   license.Export{Status: license.ExportOff},
		Mention:  o.Mention,
		Firing: []license.Finding{{
			Rule:     "send-test",
			State:    license.Firing,
			Severity: license.Info,
			Title: license.Text{En: "This is a test of licensewatch; nothing is wrong.",
				Zh: "这是 licensewatch 的测试消息，没有任何异常"},
			Detail: license.Text{En: "The reports about the licenses will arrive here.", Zh: "今后的授权报告会发送到这里。"},
		}},
	}
}

// newVerdict puts an answer into words.
func (o Options) newVerdict(to target, err error) Verdict {
	refusal, isRefused := errors.AsType[*notify.Error](err)
	name := to.Name()
	switch {
	case err == nil:
		return Verdict{Channel: name, Status: Accepted, Text: "accepted"}
	case !isRefused:
		return Verdict{Channel: name, Status: Refused, Text: "not sent: a mistake of licensewatch itself"}
	case refusal.Ambiguous:
		next := "then try again"
		if refusal.Code == "NoErrcode" || refusal.Code == "NotOK" {
			next = "and if not, " + o.refusalFix(to, refusal)
		}
		return Verdict{
			Channel: name, Status: Unknown, Text: "sent, and not confirmed: " +
				message.FailureText(refusal.Failure(), license.English),
			Fix: "look into the chat whether it arrived, " + next,
		}
	case refusal.HTTPStatus == 0:
		return Verdict{Channel: name, Status: Refused,
			Text: "not sent: " + message.FailureText(refusal.Failure(), license.English),
			Fix:  o.refusalFix(to, refusal)}
	default:
		return Verdict{Channel: name, Status: Refused,
			Text: "refused: " + message.FailureText(refusal.Failure(), license.English), Fix: o.refusalFix(to, refusal)}
	}
}
