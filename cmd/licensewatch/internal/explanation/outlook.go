package explanation

import (
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
)

// outlook is what an alert would say that runs now, found out by letting one
// decide on a copy of the ledger.
type outlook struct {
	after    *life.Ledger                          // as the plan leaves the copy
	firing   map[string]map[string]license.Finding // by channel and key, with their stories
	resolved map[string]map[string]bool            // by channel and key
}

func newOutlook(in Input, findings []license.Finding) (*outlook, error) {
	data, err := in.Ledger.Encode()
	if err != nil {
		return nil, err
	}
	after, err := life.Decode(data)
	if err != nil {
		return nil, err
	}
	decision := handler.Decision{
		Now: in.Now, Mode: license.ModeAlert, Language: in.Language, Hours: in.Hours, Channels: in.Channels,
		Snapshot: in.Snapshot, Rules: in.Set, Findings: findings,
	}
	if in.Hearing != nil {
		decision = decision.OfMany(in.Hearing)
	}
	messages := decision.Decide(after).Messages
	o := &outlook{after: after, firing: map[string]map[string]license.Finding{}, resolved: map[string]map[string]bool{}}
	for _, channel := range in.Channels {
		o.firing[channel], o.resolved[channel] = map[string]license.Finding{}, map[string]bool{}
	}
	for _, m := range messages {
		if !m.Owed {
			o.addMessage(m)
		}
	}
	return o, nil
}

func (o *outlook) addMessage(m life.Message) {
	for _, channel := range m.Channels {
		for _, f := range m.Report.Firing {
			o.firing[channel][f.Key()] = f
		}
		for _, r := range m.Report.Resolved {
			o.resolved[channel][r.Key] = true
		}
	}
}
