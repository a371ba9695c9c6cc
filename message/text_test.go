package message_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

func TestClip(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text  string
		limit int
		want  string
	}{
		"short":              {"cwp-aaaa", 8, "cwp-aaaa"},
		"long":               {"cwp-aaaaaaaa", 8, "cwp-a…"},
		"between ideographs": {"容器安全试用", 10, "容器…"},
		"emoji at the cut":   {"ab🔴🔴", 8, "ab…"},
		"counts escapes":     {"a&b&c", 10, "a&b…"},
		"no space at a cut":  {"ab cdefgh", 6, "ab…"},
		"one line":           {" a\r\n\tb\u2028c\u00a0d ", 20, "a b c d"},
		"invalid UTF-8":      {"a\xff\xfeb", 20, "a\ufffd\ufffdb"},
		"terminal control":   {"\x1b[31mred\x07\u009b0m", 20, "[31mred0m"},
		"reading direction":  {"ab\u202edc\u2066x\u200f", 20, "abdcx"},
		"nothing to see":     {"\u200b\u2060\ufeff\u200d", 20, ""},
		"no room":            {"a\u200bb\u200dc\ufe0fd\u3164e\u00adf\u2800g\U000e0041h", 20, "abcdefgh"},
		"Persian stays":      {"نمی\u200cخواهم", 30, "نمی\u200cخواهم"},
		"a sign stays":       {"⚠\ufe0f x\ufe0f", 20, "⚠\ufe0f x"},
		"joined emoji stay":  {"👩\u200d💻", 20, "👩\u200d💻"},
		"nothing":            {"", 8, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := message.Clip(test.text, test.limit); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzClip holds that cut text is valid, visible and, in every channel once
// escaped, no longer than allowed and without what means something there.
func FuzzClip(f *testing.F) {
	for _, piece := range scene.Nasty {
		f.Add(piece, 10)
		f.Add(strings.Repeat(piece, 9), 24)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = 8 + max(limit, -limit)%500
		got := message.Clip(text, limit)
		if !utf8.ValidString(got) || strings.TrimSpace(got) != got {
			t.Fatalf("Clip(%q, %d) = %q", text, limit, got)
		}
		if err := checkPlain(got); err != nil {
			t.Fatal(err)
		}
		if size := message.Size(got); size > limit {
			t.Fatalf("Clip(%q, %d) = %q takes %d", text, limit, got, size)
		}
		for channel, escaped := range message.Escapes(got) {
			if len(escaped) > limit {
				t.Fatalf("%s: %q takes %d bytes, not %d", channel, escaped, len(escaped), limit)
			}
			if strings.ContainsAny(escaped, "<>") && channel != "terminal" {
				t.Fatalf("%s: %q is not escaped", channel, escaped)
			}
			if channel == "WeCom" && strings.ContainsAny(escaped, "[]`*") {
				t.Fatalf("%s: %q is not escaped", channel, escaped)
			}
		}
	})
}

func TestSafeLink(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		link, want string
		ok         bool
	}{
		"signed":              {scene.Link, scene.Link, true},
		"breaks Slack's":      {"https://a.example/x|y>z", "https://a.example/x%7Cy%3Ez", true},
		"breaks WeCom's":      {"https://a.example/x) [y](z", "https://a.example/x%29%20%5By%5D%28z", true},
		"not https":           {"http://a.example/", "", false},
		"a script":            {"javascript:alert(1)", "", false},
		"the longest":         {"https://a.example/" + strings.Repeat("x", 2030), "https://a.example/" + strings.Repeat("x", 2030), true},
		"too long":            {"https://a.example/" + strings.Repeat("x", 2031), "", false},
		"too long once safe":  {"https://a.example/" + strings.Repeat("(", 700), "", false},
		"too long for Slack":  {"https://a.example/" + strings.Repeat("&", 700), "", false},
		"ideographs, newline": {"https://a.example/中\n", "https://a.example/%E4%B8%AD%0A", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := message.SafeLink(test.link)
			if ok != test.ok || ok && got != test.want {
				t.Errorf("got %q, %t, want %q, %t", got, ok, test.want, test.ok)
			}
		})
	}
}

// TestWordsAreComplete finds a word that one of the languages lacks.
func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, language := range scene.Languages {
		if missing := message.MissingWords(language); len(missing) > 0 {
			t.Errorf("%s lacks %v", language, missing)
		}
	}
}

// injections are names that try to be more than a name.
var injections = []string{
	"<!channel>", "<@all>", "</font>", "[x](http://evil.example)", "`rm`", "a\nb\r# c\n> d", "\x1b[31mred\x1b[0m", "@here", "<https://evil.example|x>",
	`<font color="info">fine</font>`, "&lt;!channel&gt;", "*bold*", "**bold**", "\u202eetirw", "\u2066a\u200bb\ufeffc\u3164d\u009b2Je", "[x]: http://evil.example", "![x](http://evil.example)",
}

// TestNoNameBecomesMarkup puts each of them everywhere outside text can be.
func TestNoNameBecomesMarkup(t *testing.T) {
	t.Parallel()
	for _, name := range injections {
		for _, language := range scene.Languages {
			t.Run(name+"/"+string(language), func(t *testing.T) {
				t.Parallel()
				for _, r := range []license.Report{poisoned(scene.EverythingWrong(language), name), poisoned(scene.SourceDown(language), name), poisoned(scene.Alert(language), name), poisoned(scene.Mixed(language), name),
					poisoned(scene.AlertSeveral(language), name), poisoned(scene.DigestWithStories(language), name), poisoned(scene.Resolved(language), name),
					poisoned(scene.ResolvedSeveral(language), name), poisoned(scene.StillUnreadable(language), name), poisoned(scene.SourceBack(language), name), poisoned(scene.NoMemory(language), name)} {
					post, err := checkSlack(slackPayload(t, r))
					if err != nil {
						t.Fatalf("Slack: %v", err)
					}
					for _, text := range append(post.texts(), post.Attachments[0].Fallback, message.PlainText(r, nil)) {
						if strings.Contains(text, "<!") || strings.Contains(text, "<@") || strings.Contains(text, "<https://evil") {
							t.Errorf("Slack is made to call somebody in %q", text)
						}
					}
					content, err := checkWeCom(wecomPayload(t, r))
					if err != nil {
						t.Fatalf("WeCom: %v", err)
					}
					content = strings.TrimSuffix(content, "\n<@oncall>")
					if strings.Contains(content, "<@") || strings.Contains(content, "](http://") {
						t.Errorf("WeCom is made to call or to link in %q", content)
					}
					if text := message.ShortText(r, nil); strings.ContainsAny(text, "<>") || len(text) > wecomPlain {
						t.Errorf("WeCom's text is not escaped, or too long: %q", text)
					}
				}
			})
		}
	}
}

func poisonedAck(name string) license.Ack {
	return license.Ack{Rule: name, Subject: name, Until: scene.Now, Reason: name, By: name}
}

// poisoned is the report with the name wherever outside text can be.
func poisoned(r license.Report, name string) license.Report {
	r.ID, r.Snapshot.Account = name, name
	for i := range r.Firing {
		f := &r.Firing[i]
		f.Subject, f.Runbook = name, "https://a.example/"+name
		f.Title, f.Detail = license.Text{En: "Order " + name + " ends", Zh: "订单 " + name + " 到期"}, license.Text{En: name, Zh: name}
		if f.Story != nil {
			ack := poisonedAck(name)
			f.Rule, f.Story.Ack, f.Story.WasTitle, f.Story.WasSeverity = name, &ack, license.Text{En: name, Zh: name}, license.Severity(name)
		}
	}
	for i := range r.Resolved {
		over := &r.Resolved[i]
		over.Key, over.Severity, over.Title = name+"/"+name, license.Severity(name), license.Text{En: "Order " + name + " ends", Zh: "订单 " + name + " 到期"}
	}
	for i := range r.Acks {
		r.Acks[i] = poisonedAck(name)
	}
	for i := range r.Unknown {
		r.Unknown[i].Rule, r.Unknown[i].Problem, r.Unknown[i].Missing = name, name, []string{name}
	}
	for source := range r.Snapshot.Failures {
		r.Snapshot.Failures[source] = &license.Failure{Kind: license.FailureDenied, Service: name, Action: name, Code: name, RequestID: name}
	}
	if r.Snapshot.Orders != nil {
		for i := range r.Snapshot.Orders.List {
			r.Snapshot.Orders.List[i].ResourceId = scene.Ptr(name)
		}
		r.Snapshot.Orders.List[0].Deadline = scene.Ptr(name)
	}
	if p := r.Snapshot.PurchaseState; p != nil {
		p.State, p.SubState, p.ExpirationTime = scene.Ptr(int64(license.StatePro)), scene.Ptr(name), scene.Ptr(name)
	}
	for i := range r.Notices {
		r.Notices[i].Args = []string{name, name}
	}
	r.Notices = append(r.Notices, license.Notice{Code: license.NoticeStateCorrupt, Args: []string{name}}, license.Notice{Code: license.NoticeDropped, Args: []string{name}})
	r.Export.Withheld = name
	return r
}
