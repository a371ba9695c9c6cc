package report

// When machines lose their edition, if nobody renews what ends: the protection gap.

// addGap notes when an order's machines lose their edition, if nobody renews it.
func (b *Builder) addGap(o *Order) {
	if !o.Ends(b.report.Until) || o.Edition == Containers || o.InUse == nil {
		return
	}
	lost := o.Losing()
	end := o.End
	if end.Before(b.report.Now) {
		end = b.report.Now
	}
	d := dayIn(end, b.report.Now.Location())
	if b.gaps[d] == nil {
		b.gaps[d] = &GapDay{Day: d}
	}
	b.gaps[d].Lost += lost
	b.gaps[d].Orders++
}

// makeGap lines up the days ahead, up to the last on which something is lost; none where
// nothing is.
func (b *Builder) makeGap() {
	if len(b.gaps) == 0 {
		return
	}
	var lost int64
	r := &b.report
	for d := dayIn(r.Now, r.Now.Location()); !d.After(r.Until); d = d.AddDate(0, 0, 1) {
		row := GapDay{Day: d}
		if g := b.gaps[d]; g != nil {
			row.Orders = g.Orders
			lost += g.Lost
		}
		row.Lost = lost
		r.Gap = append(r.Gap, row)
	}
}
