package handler

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/message"
)

// sealedMessages is messages.json.
type sealedMessages struct {
	Version  int              `json:"version"`
	Messages []*sealedMessage `json:"messages"`
	Export   sealedExport     `json:"export"`
}

// sealedMessage is a message as one channel was sent it.
type sealedMessage struct {
	ID          string       `json:"id"`
	Kind        string       `json:"kind"` // "report", "note" or "file"
	Mode        license.Mode `json:"mode"`
	Channel     string       `json:"channel"` // its name in the run
	ChannelKind string       `json:"channel_kind"`
	ChannelID   string       `json:"channel_id"` // where it leads, as a hash; empty without a store
	At          time.Time    `json:"at"`         // when it answered, or was given up
	Verdict     string       `json:"verdict"`    // "accepted", "refused" or "no-answer"
	Code        string       `json:"code,omitempty"`
	// Payload is what was posted first, with withheldLink in the place of a signed link; of a
	// file what it is. It is null in the record of one of many accounts.
	Payload json.RawMessage `json:"payload"`
}

// sealedFile is the payload of a message that is a file.
type sealedFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// sealedExport is what became of the export.
type sealedExport struct {
	Status license.ExportStatus `json:"status"`
	TaskID int64                `json:"task_id,omitempty"`
	Record string               `json:"record,omitempty"` // the earlier record that has begun it
}

// withheldLink stands in a record where a message has a signed link.
const withheldLink = "https://link-withheld.invalid/"

// sealMessages makes messages.json; where isAbout is not nil, of the messages that it gives,
// and without what was posted, since the record of the fleet has that.
func (e *evidence) sealMessages(channels []config.Channel, mode license.Mode, channelID func(name string) string,
	export sealedExport, isAbout func(*saidMessage) bool) ([]byte, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	file := sealedMessages{Version: 1, Messages: []*sealedMessage{}, Export: export}
	payloads := map[string]json.RawMessage{} // many channels are sent the same
	for i := range e.said {
		m := &e.said[i]
		if isAbout != nil && !isAbout(m) {
			continue
		}
		name := m.verdict.channel.Name()
		at := slices.IndexFunc(channels, func(c config.Channel) bool { return c.Name == name })
		if at < 0 {
			continue
		}
		channel := channels[at]
		sealed := m.sealedForm(channel, mode, channelID(name))
		file.Messages = append(file.Messages, sealed)
		key := m.payloadKey(channel)
		if payloads[key] == nil && isAbout == nil {
			payload, err := m.payload(channel)
			if err != nil {
				return nil, err
			}
			payloads[key] = payload
		}
		sealed.Payload = payloads[key]
	}
	slices.SortStableFunc(file.Messages, func(a, b *sealedMessage) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Channel, b.Channel))
	})
	return message.JSON(file)
}

// kind is what messages.json calls it.
func (m *saidMessage) kind() string {
	switch {
	case m.report != nil:
		return "report"
	case m.file != nil:
		return "file"
	default:
		return "note"
	}
}

// sealedForm is the message as the record has it, but for what was posted. mode is the run's.
func (m *saidMessage) sealedForm(c config.Channel, mode license.Mode, channelID string) *sealedMessage {
	sealed := &sealedMessage{ID: m.id, Kind: m.kind(), Mode: mode, Channel: c.Name, ChannelKind: c.Kind.Name,
		ChannelID: channelID, At: m.at.UTC().Truncate(time.Millisecond), Verdict: "accepted"}
	if m.report != nil {
		sealed.Mode = m.report.Mode
	}
	if refusal := m.verdict.refusal; refusal != nil {
		sealed.Verdict, sealed.Code = "refused", refusal.Code
		if refusal.Ambiguous {
			sealed.Verdict = "no-answer"
		}
	}
	return sealed
}

// payloadKey is the same for messages of which the same was posted.
func (m *saidMessage) payloadKey(c config.Channel) string {
	key := m.kind() + m.id + c.Kind.Name + textOf(m.note) // notes of a run share its id
	if m.report != nil && m.report.Fleet != nil {
		key += c.Name // what each channel hears of many accounts is its own
	}
	return key
}

// payload is the message in the channel's form, without signed links.
func (m *saidMessage) payload(c config.Channel) ([]byte, error) {
	if m.file != nil {
		return message.JSON(sealedFile{m.file.Name, m.file.Size, m.file.SHA256})
	}
	if m.report == nil {
		note := m.note
		note.Links = slices.Clone(note.Links)
		for i := range note.Links {
			note.Links[i].URL = withhold(note.Links[i].URL) // the note has them all
		}
		return message.JSON(c.Kind.Note(note).Body)
	}
	report := *m.report
	report.Export = c.Kind.ShownExport(report.Export)
	report.Export.Link = withhold(report.Export.Link)
	if report.Page = c.Kind.ShownPage(report.Page, report.Language); report.Page != nil {
		page := *report.Page
		page.Link, report.Page = withhold(page.Link), &page
	}
	if report.Fleet != nil && len(report.Fleet.Exports) > 0 {
		fleet := *report.Fleet
		fleet.Exports = slices.Clone(fleet.Exports)
		for i := range fleet.Exports {
			fleet.Exports[i].Export.Link = withholdAsLong(fleet.Exports[i].Export.Link)
		}
		report.Fleet = &fleet
	}
	return c.Kind.Payload(report, c.Mention)
}

func withhold(link license.SignedURL) license.SignedURL {
	if link.IsZero() {
		return link
	}
	return license.NewSignedURL(withheldLink)
}

// withholdAsLong is withhold, as long as the link was: how many have room depends on it.
func withholdAsLong(link license.SignedURL) license.SignedURL {
	if link.IsZero() {
		return link
	}
	return license.NewSignedURL(withheldLink + strings.Repeat("x", max(0, len(link.Reveal())-len(withheldLink))))
}
