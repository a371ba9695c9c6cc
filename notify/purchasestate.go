package notify

import (
	"time"

	"licensewatch/license"
)

// purchaseState tells where Container Security stands: state, end, renewal and,
// when full, cores.
func (c *composer) purchaseState(p *license.PurchaseState, full bool) []line {
	if p.State == nil {
		return []line{say(c.words.overview.stateUnknown)}
	}
	template, known := c.words.overview.states[*p.State]
	if !known {
		return []line{fill(c.words.unknownValue, values{"value": number(*p.State)})}
	}
	parts := []line{fill(template, values{"until": c.until(p)})}
	switch *p.State {
	case license.StateExpired:
		return append(parts, c.subState(p.SubState))
	case license.StatePro:
		parts = append(parts, c.renewal(p.AutomaticRenewal))
	case license.StateTrial:
	default:
		return parts
	}
	if full {
		parts = append(parts, c.cores(p)...)
	}
	return parts
}

// until tells when the state ends, or ended.
func (c *composer) until(p *license.PurchaseState) line {
	w := c.words.overview
	end, ok := p.ExpirationDate()
	switch {
	case ok && *p.State == license.StateExpired:
		return fill(w.ended, c.dated(end))
	case ok:
		return fill(w.until, c.dated(end))
	case *p.State == license.StateExpired:
		return nil
	case p.ExpirationTime == nil || *p.ExpirationTime == "":
		return say(w.untilUnknown)
	default:
		return fill(w.untilBad, values{"value": quote(*p.ExpirationTime, c.bounds.name)})
	}
}

// dated is a date with the days to it, or since it.
func (c *composer) dated(t time.Time) values {
	days := int64(license.DaysLeft(t, c.report.At))
	left := say(c.words.overview.today)
	switch {
	case days > 0:
		left = fill(c.words.overview.daysLeft.of(days), values{"n": number(days)})
	case days < 0:
		left = fill(c.words.overview.daysAgo.of(-days), values{"n": number(-days)})
	}
	return values{"date": c.words.day(t, c.report.At), "left": left}
}

func (c *composer) subState(sub *string) line {
	if sub == nil {
		return nil
	}
	if known := c.words.overview.subStates[*sub]; known != "" {
		return say(known)
	}
	value := quote(*sub, c.bounds.name)
	if len(value) == 0 {
		return nil
	}
	return fill(c.words.unknownValue, values{"value": value})
}

func (c *composer) renewal(flag *int64) line {
	if flag == nil {
		return say(c.words.overview.renewalUnknown)
	}
	if known := c.words.overview.renewals[*flag]; known != "" {
		return say(known)
	}
	return fill(c.words.overview.renewalOther, values{"value": number(*flag)})
}

func (c *composer) cores(p *license.PurchaseState) []line {
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
