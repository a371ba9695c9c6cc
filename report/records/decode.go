package records

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"licensewatch/license"
	"licensewatch/report"
)

// decode decodes a file of a record; what is of another type than expected is left out.
func decode(data []byte, to any) { _ = json.Unmarshal(data, to) }

// Decoder decodes the readings of an account, one after the other. Most orders of a day stand in
// the reading of the day before word for word, and are not decoded again. The zero Decoder is
// ready.
type Decoder struct {
	text []json.RawMessage // of the orders of the reading before
	list []license.Order
}

// ReadingParts are those of reading.json, as they stand there.
type ReadingParts struct {
	ReadAt   time.Time
	Failed   map[string]json.RawMessage // why, by source
	Sections map[string]json.RawMessage // of the sources that give one answer, by their sections
	Orders   []json.RawMessage          // nil: they were not read
	// Incomplete: the list of orders was read in part.
	Incomplete bool
}

// partsOf takes a reading apart; what is of another type than expected is left out.
func partsOf(reading []byte) ReadingParts {
	var p ReadingParts
	decode(reading, &p.Sections)
	decode(p.Sections["read_at"], &p.ReadAt)
	decode(p.Sections["failed"], &p.Failed)
	section := license.SourceOrders.Info().Section
	list := p.Sections[section]
	delete(p.Sections, section) // which is most of it
	if isObject(list) {         // else it is the list itself
		var fields map[string]json.RawMessage
		decode(list, &fields)
		decode(fields["Incomplete"], &p.Incomplete)
		list = fields["List"]
	}
	decode(list, &p.Orders)
	return p
}

func isObject(text json.RawMessage) bool { return bytes.HasPrefix(text, []byte("{")) }

// Reading is the reading of a record that was sealed at a time, with its machines, which may be
// nil. What is of another type than expected is left out.
func (d *Decoder) Reading(account, site string, at time.Time, p ReadingParts, machines []byte) *license.Snapshot {
	s := &license.Snapshot{Account: account, Site: license.Site(site), ReadAt: p.ReadAt,
		Failures: map[license.Source]*license.Failure{}}
	if p.ReadAt.Year() < 2000 || p.ReadAt.After(at.Add(24*time.Hour)) { // it tells none that makes sense
		s.ReadAt = at
	}
	for source, why := range p.Failed {
		failure := &license.Failure{}
		decode(why, failure)
		s.Failures[license.Source(source)] = failure
	}
	for _, source := range license.Sources() {
		info := source.Info()
		if section := p.Sections[info.Section]; source != license.SourceOrders && isObject(section) {
			answer := reflect.New(info.Shape()).Interface()
			decode(section, answer)
			s.SetAnswer(source, answer)
		}
	}
	if p.Orders != nil {
		s.Orders = &license.Orders{List: d.orders(p.Orders), TotalCount: int64(len(p.Orders)), Incomplete: p.Incomplete}
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

// orders decodes orders, and keeps them for the next reading.
func (d *Decoder) orders(text []json.RawMessage) []license.Order {
	list := make([]license.Order, len(text))
	for i, order := range text {
		if i < len(d.text) && bytes.Equal(order, d.text[i]) {
			list[i] = d.list[i]
		} else {
			decode(order, &list[i])
		}
	}
	d.text, d.list = text, list
	return slices.Clone(list) // whoever gets it may change it
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
