package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"licensewatch/license"
)

// jsonObject is a JSON object of the API.
type jsonObject map[string]any

// apiError is an error as the API gives it.
type apiError struct{ code, message string }

// cloud is every service of the cloud.
type cloud struct {
	*core

	scenario Scenario
	refused  error // why the options cannot be served; nil when they can

	accounts map[string]*accountState // by their numbers
	byKeys   map[string]*accountState // by the ids of their own keys
	self     *accountState            // whose keys are those of Credentials

	// guarded by the core's mutex
	keys    credentials
	exports exports
	members []Member
	shared  map[sharedAnswer][]byte
	windows map[windowKey]window
	assumed int // roles, so far
	invoked int // functions, so far
}

// asked is a call that was admitted, with what it is about.
type asked struct {
	*cloud

	scenario *Scenario
	account  *accountState
	token    string // of the keys; empty for permanent ones
}

// serveCloud is every Tencent Cloud service: verify, record, answer.
func (s *cloud) serveCloud(w http.ResponseWriter, r *http.Request, body []byte) {
	now := s.options.SignatureClock()
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	auth, of, op, params, refused := s.admitRequest(r, body, now)
	call := Call{
		Service:  auth.service,
		Action:   r.Header.Get("X-TC-Action"),
		SecretID: auth.secretID,
		Token:    r.Header.Get("X-TC-Token") != "",
		Body:     body,
		Verdict:  Accepted,
	}
	if of.account != nil {
		call.Account = of.account.UIN
	}
	if refused != nil {
		call.Verdict = refused.code
	}
	id := s.recordCall(call)
	if s.options.Latency > 0 && !pause(r, s.options.Latency) {
		panic(http.ErrAbortHandler)
	}
	if refused != nil {
		writeRefusal(w, id, refused)
		return
	}
	usual := usualAnswer{requestID: id, answer: func(w http.ResponseWriter, _ *http.Request) {
		of.writeAnswer(w, id, call.Action, op, params, body)
	}}
	s.answerRequest(call.Action, w, r, usual, s.overrideOf(of, call.Action, params))
}

// admitRequest decides whether a request is answered at all. What it could find out is
// returned beside a refusal.
func (s *cloud) admitRequest(r *http.Request, body []byte,
	now time.Time) (auth authorization, of asked, op operation, params jsonObject, refused *apiError) {
	if refused = checkEnvelope(r); refused != nil {
		return
	}
	if auth, refused = parseAuthorization(r.Header.Get("Authorization")); refused != nil {
		return
	}
	keys, owner := s.keysOf(auth.secretID, now)
	if refused = verifySignature(r, body, auth, keys, now); refused != nil {
		return
	}
	of = asked{cloud: s, scenario: owner.scenario, account: owner, token: keys.token}
	if op, refused = findOperation(auth.service, r.Header.Get("X-TC-Action"),
		r.Header.Get("X-TC-Version")); refused != nil {
		return
	}
	if refused = op.checkRegion(r.Header.Get("X-TC-Region")); refused != nil {
		return
	}
	if params, refused = op.read(body); refused != nil {
		return
	}
	refused = s.takeWindow(owner, r.Header.Get("X-TC-Action"))
	return
}

// checkEnvelope checks the method and the headers every call needs.
func checkEnvelope(r *http.Request) *apiError {
	if r.Method != http.MethodPost {
		return &apiError{"UnsupportedProtocol", "Only POST requests are simulated."}
	}
	if !isJSON(r.Header.Get("Content-Type")) {
		return &apiError{"UnsupportedProtocol", "The content type must be application/json."}
	}
	for _, name := range []string{"Action", "Version", "Timestamp"} {
		if r.Header.Get("X-TC-"+name) == "" {
			return missing(name)
		}
	}
	return nil
}

// recordCall keeps the call and gives the id of its answer. Ids depend only on
// the action and its count, so that a run can be repeated to the letter.
func (s *cloud) recordCall(call Call) (requestID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.options.CountOnly {
		s.calls = append(s.calls, call)
	}
	s.requests[call.Action]++
	return uuidFrom(fmt.Sprintf("%s %d", call.Action, s.requests[call.Action]))
}

// sharedAnswer is what an answer depends on that accounts share.
type sharedAnswer struct {
	scenario          string
	site              license.Site
	action, day, body string
}

// writeAnswer answers an admitted call as the account's scenario has it.
func (s asked) writeAnswer(w http.ResponseWriter, id, action string, op operation, params jsonObject, body []byte) {
	if refused, ok := s.scenario.refusals[action]; ok {
		writeRefusal(w, id, &refused)
		return
	}
	key := sharedAnswer{s.scenario.Name, s.account.Site, action, days(0).from(s.options.Now()), string(body)}
	s.mu.Lock()
	fields, refused := s.shared[key], (*apiError)(nil)
	if fields == nil {
		var response jsonObject
		if response, refused = op.answer(s, params); refused == nil {
			delete(response, "RequestId") // of a published answer
			fields = encodeObject(response)
		}
		if op.isShared && refused == nil {
			s.shared[key] = fields
		}
	}
	s.mu.Unlock()
	if refused != nil {
		writeRefusal(w, id, refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, "{\"Response\":{\"RequestId\":%q,%s}\n", id, fields[1:])
}

// encodeObject writes an object that is not empty, without a line break behind it.
func encodeObject(object jsonObject) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		panic(fmt.Sprintf("simulator: %v", err)) // an answer is made of what can be written
	}
	return bytes.TrimSpace(b.Bytes())
}

// writeRefusal answers with an error; the HTTP status is 200 all the same.
func writeRefusal(w http.ResponseWriter, id string, refused *apiError) {
	writeResponse(w, jsonObject{
		"Error":     jsonObject{"Code": refused.code, "Message": refused.message},
		"RequestId": id,
	})
}

func writeResponse(w http.ResponseWriter, response jsonObject) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(jsonObject{"Response": response}) // fails only when the client is gone
}

// uuidFrom makes an id of the usual form that depends only on the seed.
func uuidFrom(seed string) string {
	b := sha256.Sum256([]byte(seed))
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
