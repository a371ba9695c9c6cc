package handler_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
)

// TestProveInjection: texts in the cloud's answers, the chats' answers, the store's and the
// event that try to be more than texts call nobody, link nowhere and shape nothing, and
// every message is one that the chats take.
func TestProveInjection(t *testing.T) {
	setApart(t)
	trials := proof.Trials(300, 4000)
	scenarios := simulator.Scenarios()
	var posts atomic.Int64
	sideBySide(trials, func(i int) {
		chance := rand.New(rand.NewPCG(proof.Seed(i)))
		a := newApart(oneOf(chance, scenarios).Name)
		refuses := chance.IntN(4) == 0
		if refuses {
			a.OverrideChat("slack", status(http.StatusForbidden, oneOf(chance, hostileTexts)))
		}
		if chance.IntN(8) == 0 {
			a.OverrideChat("wecom", simulator.Answer(asText(t, map[string]any{"errcode": 93000, "errmsg": oneOf(chance, hostileTexts)})))
			refuses = true
		}
		a.twist = injectInto(chance) //nolint:bodyclose // it makes an answer, and reads none
		for n, mode := range []string{"digest", "alert", oneOf(chance, append(hostileTexts, "alert"))} {
			err := a.runInjected(chance, mode, now.Add(time.Duration(n)*time.Hour))
			_, isOwed := errors.AsType[*handler.OwedError](err) // the store did not let the claim go
			if err != nil && !isOwed && n < 2 && !refuses {
				t.Errorf("trial %d: %s: %v", i, mode, err)
			}
		}
		for _, post := range a.Posts() {
			if problem := harmProblem(post, refuses); problem != "" {
				t.Errorf("trial %d: %s: %s", i, post.Channel, problem)
			}
		}
		posts.Add(int64(len(a.Posts())))
		if len(a.Posts()) == 0 {
			t.Errorf("trial %d: nobody is told", i)
		}
	})
	proof.Report(t, "%d days of hostile texts, %d messages: 0 people called, 0 links, 0 characters that nobody sees, 0 messages that a chat refuses", trials, posts.Load())
}

// runInjected is a run of an event in which the mode and the timer's name may be hostile.
func (a *apart) runInjected(chance *rand.Rand, mode string, at time.Time) error {
	event, err := json.Marshal(map[string]string{
		"Type": "Timer", "TriggerName": oneOf(chance, append(hostileTexts, "daily")), "Time": at.UTC().Format(time.RFC3339), "Message": mode,
	})
	if err != nil {
		return err
	}
	_, err = a.runEvent(event, at)
	return err
}

// injectInto puts hostile texts into the answers of the cloud, and now and then into one
// of the store.
func injectInto(chance *rand.Rand) func(*http.Request, *http.Response) {
	dice := &dice{chance: chance}
	hostile := func(text string) string { // beside the text or in its place
		return hostileTexts[dice.draw(len(hostileTexts))] + []string{text, ""}[dice.draw(2)]
	}
	return func(r *http.Request, response *http.Response) {
		switch {
		case r.Header.Get("X-TC-Action") != "":
			data, err := io.ReadAll(response.Body)
			var tree any
			if err == nil && json.Unmarshal(data, &tree) == nil {
				for _, p := range placesIn(tree) {
					if text, ok := p.get().(string); ok && dice.draw(4) == 0 {
						p.set(hostile(text))
					}
				}
				data, _ = json.Marshal(tree) // it came from JSON
			}
			response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
		case r.URL.Port() == "1" && r.Method != http.MethodDelete && dice.draw(40) == 0:
			response.StatusCode = http.StatusForbidden
			response.Header.Set("X-Cos-Request-Id", "x"+strings.ToValidUTF8(hostile(""), ""))
			response.Body = io.NopCloser(strings.NewReader(fmt.Sprintf("<Error><Code>%s</Code><Message>%s</Message></Error>", hostile("AccessDenied"), hostile(""))))
		}
	}
}

var (
	slackToken  = regexp.MustCompile(`<[^<>]*>`)
	wecomTag    = regexp.MustCompile(`<(font color="(info|warning|comment)"|/font)>`)
	wecomLink   = regexp.MustCompile(`\]\(([^)]*)\)`)
	ownLink     = regexp.MustCompile(`^https://([a-z0-9-]+\.)*(tencentcloud\.com|tencent\.com|qcloud\.com|myqcloud\.com|github\.com)/`)
	unseen      = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u3164]")
	hostileLine = regexp.MustCompile(`(?m)^(# c|> d|b)$`)
)

// harmProblem says what a message does that no text in it may; empty when it does not.
func harmProblem(post simulator.Post, refuses bool) string {
	if len(post.Mentions) > 0 {
		return fmt.Sprintf("calls %q", post.Mentions)
	}
	if !refuses && post.Answer != "ok" && !strings.HasPrefix(post.Answer, `{"errcode":0,`) {
		return "is refused: " + post.Answer
	}
	for _, line := range linesOf(post.Body) {
		if unseen.MatchString(line) || hostileLine.MatchString(line) {
			return fmt.Sprintf("shows %q", line)
		}
		if post.Channel == "slack" {
			for _, token := range slackToken.FindAllString(line, -1) {
				if !ownLink.MatchString(token[1:]) {
					return fmt.Sprintf("has %q in %q", token, line)
				}
			}
			continue
		}
		if rest := wecomTag.ReplaceAllString(line, ""); strings.ContainsAny(rest, "<>") && !strings.HasPrefix(rest, ">") {
			return fmt.Sprintf("has a tag in %q", line)
		}
		for _, link := range wecomLink.FindAllStringSubmatch(line, -1) {
			if !ownLink.MatchString(link[1]) {
				return fmt.Sprintf("links %q in %q", link[1], line)
			}
		}
	}
	return ""
}
