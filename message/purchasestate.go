package message

import (
	"time"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// purchaseState tells where Container Security stands: state, end, renewal and,
// when full, cores.
func (c *composer) purchaseState(p *license.PurchaseState, full bool) []line {
	w := c.words.overview
	if p.State == nil {
		return []line{say(w.stateUnknown)}
	}
	state, known := w.states[*p.State]
	switch {
	case !known:
		return []line{fill(c.words.unknownValue, values{"value": number(*p.State)})}
	case p.Contradicts():
		return []line{fill(w.contradiction, values{"state": number(*p.State), "sub": quote(*p.SubState, c.bounds.name)})}
	}
	parts := []line{fill(state, values{"until": c.stateEnd(p)})}
	switch *p.State {
	case license.StateExpired:
		return append(parts, c.subState(p))
	case license.StatePro:
		parts = append(parts, c.subState(p), c.renewalLine(p))
	case license.StateTrial:
		parts = append(parts, c.subState(p))
	default:
		return append(parts, c.subState(p))
	}
	if full {
		parts = append(parts, c.coreLines(p)...)
	}
	return parts
}

// stateEnd tells when the state ends, or ended.
func (c *composer) stateEnd(p *license.PurchaseState) line {
	w := c.words.overview
	end, ok := p.ExpirationDate()
	switch {
	case ok && *p.State == license.StateExpired && end.After(c.at):
		return fill(w.endsLater, c.dateValues(end))
	case ok && *p.State == license.StateExpired:
		return fill(w.ended, c.dateValues(end))
	case ok && !end.After(c.at):
		v := c.dateValues(end)
		v["date"] = c.words.beforeWord(v["date"])
		return fill(w.overSince, v)
	case ok:
		return fill(w.until, c.dateValues(end))
	case *p.State == license.StateExpired:
		return nil
	case p.ExpirationTime == nil || text.OneLine(*p.ExpirationTime, 1) == "":
		return say(w.untilUnknown)
	default:
		return fill(w.untilBad, values{"value": quote(*p.ExpirationTime, c.bounds.name)})
	}
}

// dateValues is a date with the days to it, or since it.
func (c *composer) dateValues(t time.Time) values {
	days := int64(license.DaysLeft(t, c.at))
	left := say(c.words.overview.today)
	switch {
	case days > 0:
		left = fill(c.words.overview.daysLeft.of(days), values{"n": number(days)})
	case days < 0:
		left = fill(c.words.overview.daysAgo.of(-days), values{"n": number(-days)})
	}
	return values{"date": c.endDate(t), "left": left}
}

// subState tells more about a plan that has expired. All spellings of destroyed are
// one. Of a plan that has not, it is shown only where it is not what one expects.
func (c *composer) subState(p *license.PurchaseState) line {
	w := c.words.overview
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
	value := quote(*p.SubState, c.bounds.name)
	if len(value) == 0 {
		return nil
	}
	if *p.State != license.StateExpired {
		return fill(w.subState, values{"value": value})
	}
	return fill(c.words.unknownValue, values{"value": value})
}

// renewalLine tells whether the plan renews itself; of one whose end has passed only
// that it should have.
func (c *composer) renewalLine(p *license.PurchaseState) line {
	flag := p.AutomaticRenewal
	if flag == nil {
		return say(c.words.overview.renewalUnknown)
	}
	if ended := p.Ended(c.at); ended != nil && *ended && *flag == license.RenewalOn {
		return say(c.words.overview.renewalFailed)
	}
	if known := c.words.overview.renewals[*flag]; known != "" {
		return say(known)
	}
	return fill(c.words.overview.renewalOther, values{"value": number(*flag)})
}

func (c *composer) coreLines(p *license.PurchaseState) []line {
	w := c.words.overview
	if p.CoresCnt == nil {
		return []line{say(w.coresUnknown)}
	}
	cores := []line{fill(w.coresProtected, values{"n": number(*p.CoresCnt)})}
	if n := p.UndefendCoresCnt; n != nil && *n != 0 {
		cores = append(cores, fill(w.coresUnprotected, values{"n": number(*n)}))
	}
	return cores
}
