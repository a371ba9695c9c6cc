package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// webhookChat is a receiver of somebody's own. It checks signatures, as docs/webhook.md
// says they are made.
var webhookChat = chat{
	name:  "webhook",
	path:  webhookPath,
	hook:  func(index int) string { return webhookHook(index) + "#" + webhookSecret(index) },
	serve: serveWebhook,
}

const (
	webhookPath  = "/incidents/"
	webhookLimit = 256 << 10       // bytes of the request's body
	webhookClock = 5 * time.Minute // how far a signature's time may be off
)

func webhookHook(index int) string {
	return webhookPath + uuidFrom(fmt.Sprintf("simulated receiver %d", index))
}

func webhookSecret(index int) string { return fmt.Sprintf("simulated-receiver-secret-%03d", index+1) }

// serveWebhook is a receiver: the verdict is the HTTP status.
func serveWebhook(s *chats, w http.ResponseWriter, r *http.Request, body []byte) {
	index, channel, ok := s.matchWebhook("webhook", r.URL.Path, webhookHook)
	post := Post{Channel: channel, Body: body, Bytes: len(body), Limit: webhookLimit}
	var refuse http.HandlerFunc
	switch {
	case !ok || r.URL.RawQuery != "":
		refuse = Status(http.StatusNotFound, "no such receiver")
	case r.Method != http.MethodPost:
		refuse = Status(http.StatusMethodNotAllowed, "POST alone")
	case !isJSON(r.Header.Get("Content-Type")):
		refuse = Status(http.StatusUnsupportedMediaType, "JSON alone")
	case len(body) > webhookLimit:
		refuse = Status(http.StatusRequestEntityTooLarge, "256 KB at most")
	case !isSignedForWebhook(s, r.Header, body, webhookSecret(index)):
		refuse = Status(http.StatusUnauthorized, "signature or timestamp not accepted")
	case !s.takeQuota("webhook", index, time.Minute):
		refuse = func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "1")
			Status(http.StatusTooManyRequests, "too many requests")(w, r)
		}
	default:
		if v := checkWebhook(body); v != nil {
			refuse = Status(http.StatusUnprocessableEntity, v.at+" "+v.why)
		}
	}
	s.answerPost(w, r, post, "webhook", refuse, Status(http.StatusAccepted, "accepted"))
}

// signatureForm is what the signature's header holds, and nothing else.
var signatureForm = regexp.MustCompile(`^sha256=[0-9a-f]{64}$`)

func isSignedForWebhook(s *chats, h http.Header, body []byte, secret string) bool {
	stamps, signatures := h.Values("X-Licensewatch-Timestamp"), h.Values("X-Licensewatch-Signature")
	if len(stamps) != 1 || len(signatures) != 1 || !signatureForm.MatchString(signatures[0]) {
		return false
	}
	seconds, err := strconv.ParseInt(stamps[0], 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != stamps[0] ||
		s.options.SignatureClock().Sub(time.Unix(seconds, 0)).Abs() > webhookClock {
		return false
	}
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(sum, "%d.%s", seconds, body)
	given, err := hex.DecodeString(signatures[0][len("sha256="):])
	return err == nil && hmac.Equal(given, sum.Sum(nil))
}

// checkWebhook judges a body by what a receiver needs of it: what every body has, and
// of each finding and each one that is over the key and the severity to make an incident
// of it. docs/webhook.schema.json has the rest.
func checkWebhook(body []byte) *violation {
	payload, err := decodeObject(body)
	if err != nil {
		return newViolation("", "not the JSON of an object")
	}
	known := map[string]property{
		"version": requiredProperty(isVersion1), "type": requiredProperty(oneOf("report", "note")),
		"id":      requiredProperty(stringUpTo(72)),
		"level":   requiredProperty(oneOf("ok", "info", "warning", "unknown", "critical")),
		"summary": requiredProperty(stringUpTo(2000)), "text": requiredProperty(stringUpTo(8000)),
	}
	severity := oneOf("critical", "warning", "info")
	if payload["type"] == "report" {
		known["mode"], known["language"], known["at"] = requiredProperty(oneOf("digest", "alert", "report")),
			requiredProperty(oneOf("en", "zh")), requiredProperty(timeWithZone)
		known["call"], known["repeat"] = requiredProperty(anyBoolean), requiredProperty(anyBoolean)
		known["findings"] = requiredProperty(listOf(0, 1000, objectHaving(map[string]property{
			"dedup_key": requiredProperty(stringUpTo(200)), "rule": requiredProperty(stringUpTo(72)),
			"severity": requiredProperty(severity), "title": requiredProperty(stringUpTo(300)),
			"event":    requiredProperty(anyBoolean),
			"deadline": optionalProperty(timeWithZone), "since": optionalProperty(timeWithZone),
			"next_at": optionalProperty(timeWithZone),
			"change":  optionalProperty(oneOf("new", "worse", "due", "ongoing")),
		})))
		known["resolved"] = requiredProperty(listOf(0, 1000, objectHaving(map[string]property{
			"dedup_key": requiredProperty(stringUpTo(200)), "rule": requiredProperty(stringUpTo(72)),
			"severity": optionalProperty(severity), "title": requiredProperty(stringUpTo(300)),
			"at": optionalProperty(timeWithZone),
		})))
		known["sources"] = requiredProperty(listOf(0, 20,
			objectHaving(map[string]property{"source": requiredProperty(stringUpTo(72)),
				"state": requiredProperty(oneOf("read", "partly", "unread"))})))
		if payload["mode"] == "report" {
			known["page"] = requiredProperty(objectHaving(map[string]property{
				"sentence": requiredProperty(stringUpTo(400)), "from": requiredProperty(stringUpTo(10)),
				"history": requiredProperty(anyBoolean), "url_is_brief": requiredProperty(anyBoolean),
				"ending": requiredProperty(listOf(0, 3, objectHaving(map[string]property{
					"order": requiredProperty(stringUpTo(72)), "deadline": requiredProperty(timeWithZone)}))),
			}))
		}
	}
	if v := objectHaving(known)("", map[string]any(payload)); v != nil {
		return v
	}
	return distinctKeys("findings", payload["findings"])
}

// distinctKeys wants no dedup_key twice.
func distinctKeys(at string, entries any) *violation {
	seen := map[string]bool{}
	all, _ := entries.([]any)
	for _, entry := range all {
		key, _ := entry.(map[string]any)["dedup_key"].(string)
		if seen[key] {
			return newViolation(at, "the dedup_key %s is there twice", key)
		}
		seen[key] = true
	}
	return nil
}

// objectHaving wants an object with these properties; others are not looked at.
func objectHaving(known map[string]property) schemaCheck {
	return func(at string, value any) *violation {
		members, ok := value.(map[string]any)
		if !ok {
			return newViolation(at, "not an object")
		}
		mine := map[string]any{}
		for name := range known {
			if member, given := members[name]; given {
				mine[name] = member
			}
		}
		return objectOf(known)(at, mine)
	}
}

func isVersion1(at string, value any) *violation {
	if fmt.Sprint(value) != "1" {
		return newViolation(at, "not 1")
	}
	return nil
}

// timeWithZone wants a time with its zone.
func timeWithZone(at string, value any) *violation {
	text, _ := value.(string)
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		return newViolation(at, "not a time as RFC 3339 writes it")
	}
	return nil
}
