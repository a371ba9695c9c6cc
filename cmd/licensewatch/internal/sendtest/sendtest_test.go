package sendtest_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/sendtest"
	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/notify"
)

func channels(kind string, mention []string, urls ...string) []config.Channel {
	var webhooks []config.Secret
	for _, url := range urls {
		webhooks = append(webhooks, config.NewSecret(url))
	}
	return config.ChannelsOf(notify.KindOf(kind), webhooks, mention)
}

func options(sim *simulator.Simulator) sendtest.Options {
	return sendtest.Options{
		Settings:  config.Config{Channels: append(channels("slack", nil, sim.WebhookURL("slack")), channels("wecom", nil, sim.WebhookURL("wecom"))...), Language: license.English},
		Chats:     []string{"slack", "wecom"},
		Now:       time.Date(2026, 11, 22, 9, 7, 0, 0, time.UTC),
		Transport: sim.Transport(),
		Sleep:     func(context.Context, time.Duration) error { return nil },
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	for language, want := range map[license.Language]string{
		license.English: "This is a test of licensewatch; nothing is wrong.",
		license.Chinese: "这是 licensewatch 的测试消息",
	} {
		sim := simulator.New(simulator.Options{})
		o := options(sim)
		o.Settings.Language = language
		o.Settings.Channels = append(channels("slack", []string{"here"}, sim.WebhookURL("slack")), channels("wecom", []string{"@all", "zhangsan"}, sim.WebhookURL("wecom"))...)
		for _, v := range sendtest.Send(t.Context(), o) {
			if v.Status != sendtest.Accepted || v.Fix != "" {
				t.Errorf("%+v", v)
			}
		}
		posts := sim.Posts()
		if len(posts) != 2 {
			t.Fatalf("%d posts, want one for each webhook", len(posts))
		}
		for _, post := range posts {
			if !strings.Contains(string(post.Body), want) || len(post.Mentions) > 0 {
				t.Errorf("%s calls %v and says %s", post.Channel, post.Mentions, post.Body)
			}
		}
	}
}

func TestSendMentions(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{})
	o := options(sim)
	o.Mention = true
	o.Settings.Channels = append(channels("slack", []string{"here"}, sim.WebhookURL("slack")), channels("wecom", []string{"zhangsan"}, sim.WebhookURL("wecom"))...)
	sendtest.Send(t.Context(), o)
	for _, post := range sim.Posts() {
		if len(post.Mentions) != 1 {
			t.Errorf("%s calls %v", post.Channel, post.Mentions)
		}
	}
}

func TestSendOnlyToThoseAsked(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{})
	o := options(sim)
	o.Settings.Channels = channels("wecom", nil, sim.WebhookURLs("wecom", 2)...)
	o.Chats = []string{"wecom"}
	got := sendtest.Send(t.Context(), o)
	if len(got) != 2 || got[0].Channel != "wecom[0]" || got[1].Channel != "wecom[1]" || len(sim.Posts()) != 2 {
		t.Errorf("%+v, %d posts", got, len(sim.Posts()))
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		chat   string
		status sendtest.Status
		text   string
		fix    string
	}{
		"robot removed":   {simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url"}`), "wecom", sendtest.Refused, "refused: 93000 (robot removed from the group, or wrong key)", "add the robot to the group again"},
		"robot busy":      {simulator.Answer(`{"errcode":45009,"errmsg":"api freq out of limit"}`), "wecom", sendtest.Refused, "45009", "wait a minute"},
		"not WeCom":       {simulator.Status(200, "<html>"), "wecom", sendtest.Unknown, "NoErrcode", "webhook/send?key="},
		"new errcode":     {simulator.Answer(`{"errcode":93999,"errmsg":"something new"}`), "wecom", sendtest.Refused, "93999 (something new)", "LICENSEWATCH_WECOM_WEBHOOK_URL"},
		"webhook deleted": {simulator.Status(404, "no_service"), "slack", sendtest.Refused, "refused: no_service (the webhook was deleted or the app uninstalled)", "add an incoming webhook"},
		"archived":        {simulator.Status(410, "channel_is_archived"), "slack", sendtest.Refused, "channel_is_archived", "bring the channel back"},
		"forbidden":       {simulator.Status(403, "action_prohibited"), "slack", sendtest.Refused, "action_prohibited", "administrator"},
		"new word":        {simulator.Status(403, "new_word"), "slack", sendtest.Refused, "new_word", "LICENSEWATCH_SLACK_WEBHOOK_URL"},
		"Slack broken":    {simulator.Status(500, "<html>"), "slack", sendtest.Refused, "HTTP 500", "wait a minute"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Options{})
			sim.OverrideChat("slack", test.answer)
			sim.OverrideChat("wecom", test.answer)
			o := options(sim)
			o.Chats = []string{test.chat}
			got := sendtest.Send(t.Context(), o)[0]
			if got.Status != test.status || !strings.Contains(got.Text, test.text) || !strings.Contains(got.Fix, test.fix) {
				t.Errorf("got %+v, want %+v", got, test)
			}
		})
	}
}

// broken fails each request; after is called once the body was read.
type broken struct{ err error }

func (b broken) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return nil, b.err
}

func TestNoWayThere(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{})
	o := options(sim)
	o.Transport = broken{io.ErrUnexpectedEOF}
	for _, v := range sendtest.Send(t.Context(), o) {
		if v.Status != sendtest.Refused || !strings.HasPrefix(v.Text, "not sent: Unreachable") || !strings.Contains(v.Fix, "licensewatch doctor") {
			t.Errorf("%+v", v)
		}
	}
}

// TestNobodyKnows: a message that may have arrived is not sent again.
func TestNobodyKnows(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{})
	sim.OverrideChat("slack", simulator.Reset())
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	o := options(sim)
	o.Chats, o.Transport = []string{"slack"}, &http.Transport{DisableKeepAlives: true}
	o.Settings.Channels = channels("slack", nil, sim.WebhookURL("slack"))
	v := sendtest.Send(t.Context(), o)[0]
	if v.Status != sendtest.Unknown || !strings.Contains(v.Fix, "whether it arrived") || len(sim.Posts()) != 1 {
		t.Errorf("%+v after %d posts", v, len(sim.Posts()))
	}
}
