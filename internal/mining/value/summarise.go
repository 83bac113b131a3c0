// SPDX-License-Identifier: Apache-2.0

package value

import (
	"cmp"
	"slices"
)

// Purchase is one line of the log: whose, on which day (since any fixed day),
// and for how much.
type Purchase struct {
	Customer int32
	Day      int32
	Amount   float64
}

// Customer is what the log tells of one customer.
type Customer struct {
	Customer int32
	History
	// First and Last are days; Spent is everything until the end of the
	// calibration, Mean the mean value of a repeat purchase (0 without one).
	First, Last int32
	Spent, Mean float64
	// HeldX and HeldSpent are the purchases after the end.
	HeldX, HeldSpent float64
}

// Summary is the log by customer.
type Summary struct {
	Customers []Customer
	// Until is the last day that the model knows, End the last day of the log.
	First, Until, End int32
	UnitDays          float64
	// Refunds counts days of a customer that came to less than nothing: they
	// take off money and are no purchase. After counts customers who first
	// bought after Until.
	Refunds, After int
	Purchases      int
	purchases      []Purchase // by customer and day, days summed up
}

// Summarise puts the log in order: one purchase a customer and day, the first
// is the beginning of a customer and not a repeat. Purchases after until are
// the hold-out. The log is sorted in place.
func Summarise(log []Purchase, until int32, unitDays float64) *Summary {
	slices.SortFunc(log, func(a, b Purchase) int { return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Day, b.Day)) })
	s := &Summary{Until: until, UnitDays: unitDays}
	if len(log) == 0 {
		return s
	}
	s.First, s.End = log[0].Day, log[0].Day
	kept := log[:0]
	for i := 0; i < len(log); {
		one := log[i]
		for i++; i < len(log) && log[i].Customer == one.Customer && log[i].Day == one.Day; i++ {
			one.Amount += log[i].Amount
		}
		s.First, s.End = min(s.First, one.Day), max(s.End, one.Day)
		kept = append(kept, one)
	}
	s.purchases = kept
	for i := 0; i < len(kept); {
		from := i
		for i < len(kept) && kept[i].Customer == kept[from].Customer {
			i++
		}
		s.add(kept[from:i])
	}
	return s
}

func (s *Summary) add(days []Purchase) {
	c := Customer{Customer: days[0].Customer, First: -1}
	seen, repeat := false, 0.0
	for _, d := range days {
		switch {
		case d.Amount < 0:
			if s.Refunds++; d.Day <= s.Until {
				c.Spent += d.Amount
			} else {
				c.HeldSpent += d.Amount
			}
			continue
		case d.Day > s.Until && !seen:
			s.After++
			return
		case d.Day > s.Until:
			c.HeldX++
			c.HeldSpent += d.Amount
			continue
		case !seen:
			c.First, seen = d.Day, true
		default:
			c.X++
			repeat += d.Amount
		}
		c.Last = d.Day
		c.Spent += d.Amount
		s.Purchases++
	}
	if !seen {
		return
	}
	c.Tx = float64(c.Last-c.First) / s.UnitDays
	c.T = float64(s.Until-c.First) / s.UnitDays
	if c.X > 0 {
		c.Mean = repeat / c.X
	}
	s.Customers = append(s.Customers, c)
}

// Histories are what a model is fitted to.
func (s *Summary) Histories() []History {
	list := make([]History, len(s.Customers))
	for i := range s.Customers {
		list[i] = s.Customers[i].History
	}
	return list
}

// Spenders are what the value model is fitted to.
func (s *Summary) Spenders() []Spender {
	list := make([]Spender, len(s.Customers))
	for i := range s.Customers {
		list[i] = Spender{s.Customers[i].X, s.Customers[i].Mean}
	}
	return list
}

// UpTo is the same log with another end of the calibration; days after end are
// forgotten.
func (s *Summary) UpTo(until, end int32) *Summary {
	out := &Summary{Until: until, UnitDays: s.UnitDays}
	for _, p := range s.purchases {
		if p.Day <= end {
			out.purchases = append(out.purchases, p)
		}
	}
	kept := out.purchases
	for i, p := range kept {
		if i == 0 {
			out.First, out.End = p.Day, p.Day
		}
		out.First, out.End = min(out.First, p.Day), max(out.End, p.Day)
	}
	for i := 0; i < len(kept); {
		from := i
		for i < len(kept) && kept[i].Customer == kept[from].Customer {
			i++
		}
		out.add(kept[from:i])
	}
	return out
}
