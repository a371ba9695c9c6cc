package message

import "licensewatch/license"

// doubtSection tells what was read and cannot be judged.
type doubtSection struct {
	*phrases
	*doubtIndex

	snapshot *license.Snapshot
}

func newDoubtSection(p *phrases, r *license.Report) doubtSection {
	return doubtSection{phrases: p, doubtIndex: findDoubts(r), snapshot: &r.Snapshot}
}

// doubtHeadline is the first doubt in a sentence, and how many more there are.
func (s doubtSection) doubtHeadline() line {
	w, d := s.words.doubts, s.all[0]
	v, n := s.doubtValues(d), int64(max(1, len(d.orders)))
	template := w.kinds[d.kind].headline
	if unasked := w.kinds[d.kind].unasked; !d.judged && unasked.many != "" {
		template = unasked
	}
	headline := fill(template.of(n), v)
	if more := int64(len(s.all) - 1); more > 0 {
		headline = append(headline, fill(w.more.of(more), values{"n": number(more)})...)
	}
	return headline
}

// alsoDoubted says behind something else what cannot be judged.
func (s doubtSection) alsoDoubted() line {
	w, n := s.words.doubts, int64(len(s.all))
	switch {
	case n == 0:
		return nil
	case n > 1:
		return fill(w.alsoSeveral.of(n), values{"n": number(n)})
	}
	return fill(w.kinds[s.all[0].kind].also, s.doubtValues(s.all[0]))
}

// doubtValues are what the texts about a doubt need.
func (s doubtSection) doubtValues(d doubt) values {
	w := s.words.doubts
	v := values{"field": s.fieldName(d.field), "value": s.orUnknown(quote(d.value, s.bounds.name)),
		"used": count(d.used), "total": count(d.total)}
	switch {
	case len(d.orders) == 1:
		v["subject"] = fill(w.order, values{"order": s.orUnknown(ident(d.orders[0], s.bounds.name))})
	case len(d.orders) > 1:
		v["subject"] = fill(w.orders, values{"n": count(int64(len(d.orders)))})
	default:
		v["subject"] = say(s.words.products.of(license.SourceOf(d.field).Info().Service))
	}
	v["Subject"] = capitalizeFirst(v["subject"])
	if d.kind == doubtContradiction {
		p := s.snapshot.PurchaseState
		v["state"], v["sub"] = number(*p.State), quote(*p.SubState, s.bounds.name)
	}
	return v
}

// fieldName is what a reader calls a field; its own name where there is no other.
func (s doubtSection) fieldName(field string) line {
	if name := s.words.doubts.fields[field]; name != "" {
		return say(name)
	}
	return ident(field, s.bounds.name)
}

// doubtLines tell what was read and cannot be judged, and where to look it up.
func (s doubtSection) doubtLines() []line {
	w := s.words.doubts
	if len(s.all) == 0 {
		return nil
	}
	var lines []line
	shown := s.all[:min(len(s.all), s.bounds.doubts)]
	for _, d := range shown {
		lines = append(lines, s.doubtLine(d))
	}
	if left := int64(len(s.all) - len(shown)); left > 0 {
		lines = append(lines, fill(w.moreLines.of(left), values{"n": number(left)}))
	}
	if link := s.doubtLink(); len(link) > 0 {
		lines = append(lines, fill(w.hint, values{"link": link}))
	}
	return lines
}

func (s doubtSection) doubtLine(d doubt) line {
	w, v := s.words.doubts.kinds[d.kind], s.doubtValues(d)
	if d.orders == nil {
		return fill(w.here, v)
	}
	v["orders"] = s.words.listItems(len(d.orders), s.bounds.list, func(i int) line {
		return s.orUnknown(ident(d.orders[i], s.bounds.name))
	})
	return fill(w.ofOrders, v)
}

// consoleURLs are the consoles of the sites; the product's name follows.
var consoleURLs = map[license.Site]string{
	license.SiteCN:   "https://console.cloud.tencent.com/",
	license.SiteIntl: "https://console.tencentcloud.com/",
}

// doubtLink leads to the console of the first doubt's product.
func (s doubtSection) doubtLink() line {
	site, known := consoleURLs[s.snapshot.Site]
	if !known || s.bounds.brief {
		return nil
	}
	page := license.SourceOf(s.all[0].field).Info().Service
	return line{{text: s.words.doubts.label, url: site + page}}
}
