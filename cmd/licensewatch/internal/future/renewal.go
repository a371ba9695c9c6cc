package future

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// TCSS is the ID of container security in a Renewal.
const TCSS = "tcss"

// Renewal is something that somebody renews, or buys anew in the case of
// container security.
type Renewal struct {
	ID       string    // an order's ResourceId or LicenseId, or TCSS
	Deadline time.Time // its new end
	At       time.Time // when it is done
}

// ParseRenewal reads ID=NEWDEADLINE or ID=NEWDEADLINE@DAY. The days are
// written like 2027-01-31; the new deadline is the end of its day, in the API's
// zone, and the renewal is done at the beginning of DAY, in start's zone, or
// else at start.
func ParseRenewal(text string, start time.Time) (Renewal, error) {
	id, days, ok := strings.Cut(text, "=")
	if !ok || id == "" {
		return Renewal{}, fmt.Errorf("%q names no order and date: write it like cwp-aaaa=2027-01-31, with @2026-12-01 behind it for the day on which it is done", text)
	}
	last, day, dated := strings.Cut(days, "@")
	deadline, err := time.ParseInLocation(time.DateOnly, last, license.APIZone)
	if err != nil {
		return Renewal{}, fmt.Errorf("%s: %q is no date: write the new deadline like 2027-01-31", id, last)
	}
	r := Renewal{ID: id, Deadline: deadline.AddDate(0, 0, 1).Add(-time.Second), At: start}
	if dated {
		if r.At, err = time.ParseInLocation(time.DateOnly, day, start.Location()); err != nil {
			return Renewal{}, fmt.Errorf("%s: %q is no date: write the day of the renewal like 2026-12-01", id, day)
		}
		if r.At.Before(start) {
			return Renewal{}, fmt.Errorf("%s: %s lies before the first day that is looked at, %s", id, day,
				start.Format(time.DateOnly))
		}
	}
	return r, nil
}

// Check says whether the renewals make sense for the account of the snapshot,
// each with those before it.
func Check(s license.Snapshot, plan []Renewal) error {
	for i, r := range plan {
		then := At(s, r.At, plan[:i])
		err := r.checkOrder(then)
		if r.ID == TCSS {
			err = r.checkPurchase(then)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", r.ID, err)
		}
	}
	return nil
}

func (r Renewal) checkPurchase(s license.Snapshot) error {
	if s.PurchaseState == nil || s.PurchaseState.State == nil {
		return errors.New("the snapshot does not know the state of container security")
	}
	if *s.PurchaseState.State != license.StatePro {
		return r.checkDeadline(time.Time{})
	}
	end, _ := s.PurchaseState.ExpirationDate()
	return r.checkDeadline(end)
}

func (r Renewal) checkOrder(s license.Snapshot) error {
	if s.Orders == nil {
		return errors.New("the snapshot holds no orders")
	}
	i := slices.IndexFunc(s.Orders.List, r.isFor)
	if i < 0 {
		return fmt.Errorf("there is no such order; there are %s", renewableNames(s))
	}
	o := s.Orders.List[i]
	switch {
	case !isDated(o):
		return errors.New("the order has no deadline to move")
	case *o.OrderStatus == license.OrderDestroyed:
		return fmt.Errorf("the order is destroyed by %s: it cannot be renewed any more", r.At.Format(time.DateOnly))
	}
	end, _ := o.DeadlineTime()
	return r.checkDeadline(end)
}

func (r Renewal) checkDeadline(end time.Time) error {
	switch {
	case !r.Deadline.After(r.At):
		return fmt.Errorf("the new deadline %s is not after the day of the renewal", r.Deadline.Format(time.DateOnly))
	case !r.Deadline.After(end):
		return fmt.Errorf("the new deadline %s is not later than the present one, %s", r.Deadline.Format(time.DateOnly),
			end.In(license.APIZone).Format(time.DateOnly))
	default:
		return nil
	}
}

// renewableNames are what can be renewed.
func renewableNames(s license.Snapshot) string {
	var all []string
	for _, o := range s.Orders.List {
		if isDated(o) && *o.OrderStatus != license.OrderDestroyed {
			all = append(all, cmp.Or(o.Name(), "one without an id"))
		}
	}
	if s.PurchaseState != nil {
		all = append(all, TCSS)
	}
	if len(all) == 0 {
		return "none that can be renewed"
	}
	return strings.Join(all, ", ")
}

// changes says whether the renewal changes the order. It does not do so twice.
func (r Renewal) changes(o license.Order) bool {
	if !isDated(o) || *o.OrderStatus == license.OrderDestroyed {
		return false
	}
	end, _ := o.DeadlineTime()
	return *o.OrderStatus != license.OrderNormal || r.Deadline.After(end)
}

// helpsPurchase says whether the renewal changes container security, of which
// the State is known.
func (r Renewal) helpsPurchase(p license.PurchaseState) bool {
	end, _ := p.ExpirationDate()
	return *p.State != license.StatePro || r.Deadline.After(end)
}

// isDue says whether the renewal is done after from and not after at; one that
// is done at from itself counts at that instant again.
func (r Renewal) isDue(from, at time.Time) bool {
	return !r.At.After(at) && (r.At.After(from) || r.At.Equal(at)) && r.Deadline.After(r.At)
}

func (r Renewal) isFor(o license.Order) bool {
	return o.ResourceId != nil && *o.ResourceId == r.ID ||
		o.LicenseId != nil && strconv.FormatInt(*o.LicenseId, 10) == r.ID
}
