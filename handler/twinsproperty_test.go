package handler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"licensewatch/license"
)

// drawnTwin is one of the orders of a made-up account; many have the same ids. Nothing of
// it but when it was bought stays as it is.
type drawnTwin struct {
	id      string
	license int64 // 0: not told
	bought  int   // the day; 0: not told
	ends    time.Time
	renewal int64
	used    int64
	alias   string
	status  int64
}

func (d *drawnTwin) order(c *course) license.Order {
	o := c.order(d.id, d.status, d.renewal, d.ends)
	o.LicenseId, o.UsedLicenseCnt, o.Alias = nil, &d.used, &d.alias
	if d.license > 0 {
		o.LicenseId = &d.license
	}
	if d.bought > 0 {
		o.BuyTime = new(time.Date(2025, time.January, d.bought, 10, 0, 0, 0, time.UTC).Format(time.DateTime))
	}
	return o
}

func drawTwin(rt *rapid.T, now time.Time) *drawnTwin {
	return &drawnTwin{
		id:      rapid.SampledFrom([]string{"cwp-aaaa", "cwp-aaaa", "cwp-bbbb"}).Draw(rt, "ResourceId"),
		license: int64(rapid.SampledFrom([]int{7, 7, 7, 9, 0}).Draw(rt, "LicenseId")),
		bought:  rapid.IntRange(0, 5).Draw(rt, "BuyTime"), ends: now.AddDate(0, 0, rapid.IntRange(1, 60).Draw(rt, "Deadline")),
		renewal: int64(rapid.IntRange(1, 2).Draw(rt, "AutoRenewFlag")), status: license.OrderNormal,
		used: int64(rapid.IntRange(0, 3).Draw(rt, "UsedLicenseCnt")),
	}
}

// change is what happens to the account within an hour.
func change(rt *rapid.T, account []*drawnTwin, now time.Time) []*drawnTwin {
	if len(account) == 0 || rapid.IntRange(0, 9).Draw(rt, "comes") == 0 {
		return append(account, drawTwin(rt, now))
	}
	i := rapid.IntRange(0, len(account)-1).Draw(rt, "which")
	switch d := account[i]; rapid.IntRange(0, 9).Draw(rt, "what") {
	case 0:
		return slices.Delete(account, i, i+1)
	case 1:
		d.ends = d.ends.AddDate(1, 0, 0)
	case 2:
		d.renewal = 3 - d.renewal
	case 3:
		d.alias += "x"
	case 4:
		d.status, d.used = license.OrderIsolated, 0
	default:
		d.used++
	}
	return account
}

// TestListingsSayTheSame: in whatever order the orders of an account are listed, hour by
// hour, the same is said.
func TestListingsSayTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		one, other := newCourse(t), newCourse(t)
		var account []*drawnTwin
		for range rapid.IntRange(1, 4).Draw(rt, "orders") {
			account = append(account, drawTwin(rt, one.now))
		}
		for hour := range rapid.IntRange(2, 20).Draw(rt, "hours") {
			var orders []license.Order
			for _, d := range account {
				orders = append(orders, d.order(one))
			}
			said := func(c *course) []string {
				c.list(rapid.Permutation(orders).Draw(rt, "listed")...)
				lines := c.alert()
				slices.Sort(lines)
				c.wait(time.Hour)
				return lines
			}
			if a, b := said(one), said(other); !slices.Equal(a, b) {
				rt.Fatalf("hour %d: told %q, and listed otherwise %q", hour, a, b)
			}
			account = change(rt, account, one.now)
		}
	})
}

// TestNamesStay: an order that tells when it was bought has one name as long as it is
// listed beside orders of the same ids, and no other one is ever given that.
func TestNamesStay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := newCourse(t)
		comes := func(bought int) *drawnTwin {
			d := drawTwin(rt, c.now)
			d.id, d.license, d.bought = "cwp-aaaa", 7, bought
			return d
		}
		bought := 1
		account := []*drawnTwin{comes(bought)}
		owner := map[string]string{} // by name: when it was bought
		for range rapid.IntRange(2, 30).Draw(rt, "hours") {
			var orders []license.Order
			for _, d := range account {
				orders = append(orders, d.order(c))
			}
			c.list(rapid.Permutation(orders).Draw(rt, "listed")...)
			c.alert()
			for _, o := range c.ledger.Previous().Orders.List {
				name := o.FullName()
				if owner[name] == "" {
					owner[name] = *o.BuyTime
				}
				if owner[name] != *o.BuyTime {
					rt.Fatalf("%s was bought %s, and is now one of %s", name, owner[name], *o.BuyTime)
				}
			}
			if names := fmt.Sprint(owner); strings.Count(names, ":") < len(account) {
				rt.Fatalf("%d orders and the names %s", len(account), names)
			}
			c.wait(time.Hour)
			if stays := len(account) > 1; rapid.IntRange(0, 3).Draw(rt, "comes") == 0 && len(account) < 6 {
				bought++
				account = append(account, comes(bought))
			} else if next := change(rt, slices.Clone(account), c.now); stays && len(next) <= len(account) {
				account = next
			}
		}
	})
}
