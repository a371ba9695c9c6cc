package handler

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"licensewatch/config"
	"licensewatch/license"
)

// triggerEvent is what woke the function, as far as it could be read.
type triggerEvent struct {
	trigger string // TriggerName, as it may be shown
	time    string // the scheduled instant, as eventTime gives it; the same when the platform runs the event again
	message string // the mode of the timer's argument
	odd     bool   // Message is there, but is no text
	bytes   int    // length of the payload
	object  bool   // the payload is a JSON object

	division division // which of many accounts the run is about
}

// parseEvent reads a timer's event. Anything may be typed into the console's
// test, so nothing here fails: what is no object is an event without content,
// and a member of the wrong type is missing.
func parseEvent(payload []byte) triggerEvent {
	e := triggerEvent{bytes: len(payload)}
	var members map[string]json.RawMessage
	if json.Unmarshal(payload, &members) != nil || members == nil {
		return e
	}
	e.object = true
	e.trigger, _ = jsonText(members["TriggerName"])
	e.trigger = config.Shown(e.trigger)
	e.time, _ = jsonText(members["Time"])
	e.time = eventTime(e.time)
	message, ok := jsonText(members["Message"])
	e.odd = !ok
	if words := strings.Fields(message); len(words) > 0 {
		e.message, e.division.said = words[0], strings.Join(words[1:], " ")
	}
	if e.division = divisionOf(payload, members, e.division.said); e.division.asks.Run != "" {
		e.message = string(e.division.asks.Mode)
	}
	return e
}

// rerunAge is by how much an event is at least late that the platform runs again: it waits a minute.
const rerunAge = 45 * time.Second

// isRerun says whether the platform runs the event again, as far as its time
// tells.
func (e triggerEvent) isRerun(now time.Time) bool {
	at, err := time.Parse(time.RFC3339, e.time)
	return err == nil && now.Sub(at) >= rerunAge
}

// eventTime is the scheduled instant as it may be kept. Anything may be typed there as well, a
// secret too: what is no time is known by its hash alone, which is the same on a rerun.
func eventTime(text string) string {
	if _, err := time.Parse(time.RFC3339, text); err == nil || text == "" {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return "#" + hex.EncodeToString(sum[:8])
}

// jsonText reads a JSON string; absent and null are the empty string.
func jsonText(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 {
		return "", true
	}
	var s *string
	if json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	if s == nil {
		return "", true
	}
	return *s, true
}

// reportMode is the mode the event asks for, or the setting's when it does not say.
// The mistake is empty when that is clear.
func (e triggerEvent) reportMode(setting license.Mode) (mode license.Mode, mistake string) {
	switch {
	case !e.object: // nobody can have meant an alert by that
		return license.ModeDigest, ""
	case e.odd:
		return setting, "the timer's argument (event Message) is no text: write digest, alert or report"
	case e.message == "":
		return setting, ""
	}
	for _, known := range []license.Mode{license.ModeDigest, license.ModeAlert, license.ModeReport} {
		if strings.EqualFold(e.message, string(known)) {
			return known, ""
		}
	}
	return setting, "the timer's argument (event Message) is none of the modes: write digest, alert or report"
}

// shortID is the id a reader can quote. It is the same when the platform runs
// the event again: a timer's event is known by its trigger and time, any other
// by its request. Many accounts have the same timers and may share a chat, so the
// account is part of it where it is known.
func shortID(account string, e triggerEvent, requestID string, now time.Time) string {
	key := now.UTC().Format(time.RFC3339Nano)
	switch {
	case e.division.asks.Run != "":
		return e.division.asks.Run
	case e.time != "":
		key = e.trigger + "\n" + e.time
	case requestID != "":
		key = requestID
	}
	if account != "" {
		key = account + "\n" + key
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:3])
}

// digestSlot names the scheduled digest; empty when the event has no time.
func (e triggerEvent) digestSlot() string {
	if e.time == "" {
		return ""
	}
	return fmt.Sprintf("%s %s", e.trigger, e.time)
}

// ScheduledRun is how the run is known that a timer's event starts: the id at
// the foot of its messages, and the slot. account is empty where it
// is not known; at is the scheduled instant.
func ScheduledRun(account, timer string, at time.Time) (id, slot string) {
	e := triggerEvent{trigger: timer, time: at.UTC().Format(time.RFC3339)}
	return shortID(account, e, "", at), e.digestSlot()
}
