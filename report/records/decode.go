package records

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"

	"licensewatch/license"
	"licensewatch/report"
)

// decode decodes a file of a record; what is of another type than expected is left out.
func decode(data []byte, to any) { _ = json.Unmarshal(data, to) }

// Reading is the reading of a record, with its machines, which may be nil.
func Reading(account, site string, at time.Time, reading, machines []byte) *license.Snapshot {
	var readAt time.Time
	var sections, failed map[string]json.RawMessage
	decode(reading, &sections)
	decode(sections["read_at"], &readAt)
	decode(sections["failed"], &failed)
	s := &license.Snapshot{Account: account, Site: license.Site(site), ReadAt: readAt,
		Failures: map[license.Source]*license.Failure{}}
	if readAt.Year() < 2000 || readAt.After(at.Add(24*time.Hour)) { // it tells none that makes sense
		s.ReadAt = at
	}
	for source, why := range failed {
		failure := &license.Failure{}
		decode(why, failure)
		s.Failures[license.Source(source)] = failure
	}
	for _, source := range license.Sources() {
		info := source.Info()
		if section := sections[info.Section]; bytes.HasPrefix(section, []byte("{")) {
			answer := reflect.New(info.Shape()).Interface()
			decode(section, answer)
			s.SetAnswer(source, answer)
		}
	}
	for _, source := range license.Sources() {
		if s.Answer(source) != nil || s.Failures[source] != nil {
			s.Wanted = append(s.Wanted, source)
		}
	}
	if machines != nil {
		s.Bindings = &license.Bindings{}
		decode(machines, &s.Bindings.List)
	}
	return s
}

// Findings are those of findings.json, in one language: that of its run.
func Findings(data []byte) []report.Finding {
	var sealed struct {
		Findings []struct {
			Rule     string           `json:"rule"`
			Subject  string           `json:"subject"`
			State    license.State    `json:"state"`
			Severity license.Severity `json:"severity"`
			Title    string           `json:"title"`
			Detail   string           `json:"detail"`
		} `json:"findings"`
	}
	decode(data, &sealed)
	list := make([]report.Finding, len(sealed.Findings))
	for i, s := range sealed.Findings {
		list[i] = report.Finding{Rule: s.Rule, Subject: s.Subject, State: s.State, Severity: s.Severity,
			Title: license.Text{En: s.Title}, Detail: license.Text{En: s.Detail}}
	}
	return list
}

// Messages are those of messages.json. channelName is what people call a channel of the
// settings.
func Messages(data []byte, channelName func(string) string) []report.Message {
	var sealed struct {
		Messages []struct {
			Kind    string    `json:"kind"`
			Mode    string    `json:"mode"`
			Channel string    `json:"channel"`
			At      time.Time `json:"at"`
			Verdict string    `json:"verdict"`
			Code    string    `json:"code"`
		} `json:"messages"`
	}
	decode(data, &sealed)
	list := make([]report.Message, len(sealed.Messages))
	for i, m := range sealed.Messages {
		list[i] = report.Message{At: m.At, Channel: channelName(m.Channel), Kind: m.Kind, Mode: m.Mode,
			Verdict: m.Verdict, Code: m.Code}
	}
	return list
}

// FindingsOf are what the rules said, as a report has it.
func FindingsOf(findings []license.Finding) []report.Finding {
	var list []report.Finding
	for i := range findings {
		f := &findings[i]
		if f.State == license.OK {
			continue
		}
		list = append(list, report.Finding{Rule: f.Rule, Subject: f.Subject, State: f.State, Severity: f.Severity,
			Title: f.Title, Detail: f.Detail, Owner: f.Owner, IsChange: f.Event})
	}
	return list
}

// encode writes a run's own reading as a record has it, but for the findings, which are in all
// languages.
func (e *entry) encode(s license.Snapshot, findings []license.Finding) ([]byte, error) {
	var plain bytes.Buffer
	e.site = string(s.Site)
	said, err := json.Marshal(FindingsOf(findings))
	if err != nil {
		return nil, err
	}
	plain.Write(said)
	e.sizes[partFindings] = plain.Len()
	bindings := s.Bindings
	s.Bindings, s.Previous = nil, nil
	if err := license.WriteSnapshot(&plain, s); err != nil {
		return nil, err
	}
	e.sizes[partReading] = plain.Len() - e.sizes[partFindings]
	if bindings != nil {
		before := plain.Len()
		if err := license.WriteBindings(&plain, bindings); err != nil {
			return nil, err
		}
		e.sizes[partMachines] = plain.Len() - before
	}
	return plain.Bytes(), nil
}
