package message

import (
	"time"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// purchaseState tells where Container Security stands: state, end, renewal and,
// when full, cores.
func (s overviewSection) purchaseState(p *license.PurchaseState, full bool) []line {
	w := s.words.overview
	if p.State == nil {
		return []line{say(w.stateUnknown)}
	}
	state, known := w.states[*p.State]
	switch {
	case !known:
		return []line{fill(s.words.unknownValue, values{"value": number(*p.State)})}
	case p.Contradicts():
		return []line{fill(w.contradiction, values{"state": number(*p.State),
			"sub": quote(*p.SubState, s.bounds.name)})}
	}
	parts := []line{fill(state, values{"until": s.stateEnd(p)})}
	switch *p.State {
	case license.StateExpired:
		return append(parts, s.subState(p))
	case license.StatePro:
		parts = append(parts, s.subState(p), s.renewalLine(p))
	case license.StateTrial:
		parts = append(parts, s.subState(p))
	default:
		return append(parts, s.subState(p))
	}
	if full {
		parts = append(parts, s.coreLines(p)...)
	}
	return parts
}

// stateEnd tells when the state ends, or ended.
func (s overviewSection) stateEnd(p *license.PurchaseState) line {
	w := s.words.overview
	end, ok := p.ExpirationDate()
	switch {
	case ok && *p.State == license.StateExpired && end.After(s.at):
		return fill(w.endsLater, s.dateValues(end))
	case ok && *p.State == license.StateExpired:
		return fill(w.ended, s.dateValues(end))
	case ok && !end.After(s.at):
		v := s.dateValues(end)
		v["date"] = s.words.beforeWord(v["date"])
		return fill(w.overSince, v)
	case ok:
		return fill(w.until, s.dateValues(end))
	case *p.State == license.StateExpired:
		return nil
	case p.ExpirationTime == nil || text.OneLine(*p.ExpirationTime, 1) == "":
		return say(w.untilUnknown)
	default:
		return fill(w.untilBad, values{"value": quote(*p.ExpirationTime, s.bounds.name)})
	}
}

// dateValues is a date with the days to it, or since it.
func (s overviewSection) dateValues(t time.Time) values {
	days := int64(license.DaysLeft(t, s.at))
	left := say(s.words.overview.today)
	switch {
	case days > 0:
		left = fill(s.words.overview.daysLeft.of(days), values{"n": number(days)})
	case days < 0:
		left = fill(s.words.overview.daysAgo.of(-days), values{"n": number(-days)})
	}
	return values{"date": s.endDate(t), "left": left}
}

// subState tells more about a plan that has expired. All spellings of destroyed are
// one. Of a plan that has not, it is shown only where it is not what one expects.
func (s overviewSection) subState(p *license.PurchaseState) line {
	w := s.words.overview
	switch {
	case p.SubState == nil:
		return nil
	case p.Isolated():
		return say(w.isolated)
	case p.Destroyed():
		return say(w.destroyed)
	case *p.State != license.StateExpired && *p.SubState == license.SubStateNormal:
		return nil
	}
	value := quote(*p.SubState, s.bounds.name)
	if len(value) == 0 {
		return nil
	}
	if *p.State != license.StateExpired {
		return fill(w.subState, values{"value": value})
	}
	return fill(s.words.unknownValue, values{"value": value})
}

// renewalLine tells whether the plan renews itself; of one whose end has passed only
// that it should have.
func (s overviewSection) renewalLine(p *license.PurchaseState) line {
	flag := p.AutomaticRenewal
	if flag == nil {
		return say(s.words.overview.renewalUnknown)
	}
	if ended := p.Ended(s.at); ended != nil && *ended && *flag == license.RenewalOn {
		return say(s.words.overview.renewalFailed)
	}
	if known := s.words.overview.renewals[*flag]; known != "" {
		return say(known)
	}
	return fill(s.words.overview.renewalOther, values{"value": number(*flag)})
}

func (s overviewSection) coreLines(p *license.PurchaseState) []line {
	w := s.words.overview
	if p.CoresCnt == nil {
		return []line{say(w.coresUnknown)}
	}
	cores := []line{fill(w.coresProtected, values{"n": number(*p.CoresCnt)})}
	if n := p.UndefendCoresCnt; n != nil && *n != 0 {
		cores = append(cores, fill(w.coresUnprotected, values{"n": number(*n)}))
	}
	return cores
}
