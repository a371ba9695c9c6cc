package message

import (
	"reflect"
	"slices"

	"licensewatch/license"
)

// sourceEntries are all readings that the report is about, in the order in which they are read.
func (c webhookComposer) sourceEntries() []webhookSource {
	all := []webhookSource{}
	for _, source := range license.Sources() {
		again := slices.IndexFunc(c.sources.again, func(change license.SourceChange) bool {
			return change.Source == source
		})
		_, stays := c.sources.outages[source]
		if c.report.Snapshot.Wants(source) || stays || again >= 0 {
			all = append(all, c.sourceEntry(source, again))
		}
	}
	return all
}

// sourceEntry is one of the readings; again is its place among those that can be read again,
// negative for none.
func (c webhookComposer) sourceEntry(source license.Source, again int) webhookSource {
	entry := webhookSource{Source: source, Title: plainText(c.sourceName(source)), State: "read"}
	outage, stays := c.sources.outages[source]
	switch {
	case slices.Contains(c.sources.unread, source):
		entry.State = "unread"
		if !c.sources.isUnexplained(source) {
			entry.Failure = c.failureEntry(c.sources.sourceFailure(source))
		}
	case c.report.Snapshot.IsPartly(source) || stays:
		entry.State = "partly"
	case !c.report.Snapshot.Has(source):
		entry.State = "unread" // not asked in this run; it can be read again
	}
	if again >= 0 {
		outage, entry.Back, entry.State = c.sources.again[again], true, "read"
	}
	entry.Since, entry.Runs = c.timeOf(outage.Since), max(0, outage.Runs)
	if c.report.Snapshot.Has(source) {
		entry.Figures = c.sourceFigures(source)
	}
	return entry
}

func (c webhookComposer) failureEntry(f *license.Failure) *webhookFailure {
	action := f.Action
	if f.Service != "" && action != "" {
		action = f.Service + ":" + action
	}
	return &webhookFailure{
		Kind: f.Kind, Code: clip(f.Code, roomyBounds.name), Action: clip(action, roomyBounds.name),
		RequestID: clip(f.RequestID, roomyBounds.name), HTTPStatus: f.HTTPStatus,
		Hint: plainText(c.failureHint(f)),
	}
}

// sourceFigures are the numbers and switches that a reading gave, under the API's own names.
// What is not known is not there.
func (c webhookComposer) sourceFigures(source license.Source) map[string]any {
	all, s := map[string]any{}, c.report.Snapshot
	switch answer := s.Answer(source).(type) {
	case *license.Orders:
		all["TotalCount"] = answer.TotalCount
		return all
	case *license.PurchaseState:
		if end, ok := answer.ExpirationDate(); ok && c.timeOf(end) != "" {
			all["ExpirationTime"] = c.timeOf(end)
		}
		if answer.SubState != nil {
			all["SubState"] = clip(*answer.SubState, roomyBounds.name)
		}
	}
	for field, value := range reflect.ValueOf(s.Answer(source)).Elem().Fields() {
		switch figure := value.Interface().(type) {
		case *int64:
			if figure != nil {
				all[field.Name] = *figure
			}
		case *bool:
			if figure != nil {
				all[field.Name] = *figure
			}
		}
	}
	return all
}
