// SPDX-License-Identifier: Apache-2.0

package image

// valueOf is the counted value of a row, possibly in a looked-up table.
func (n *nodeDeed) valueOf(v *vec, row int) int64 {
	x := v.at(row)
	if n.through == nil || x == missing {
		return x
	}
	at, ok := n.through.keys[x]
	if !ok {
		return missing
	}
	if n.inLookup == keyColumn {
		return x
	}
	return n.through.columns[n.inLookup][at]
}

func (n *nodeDeed) distinct(v *vec, mask []byte) func(from, to int) bool {
	if n.through == nil && !n.isEver {
		if count := v.distinct(mask); count != nil {
			return func(from, to int) bool { return n.test.holds(count(from, to)) }
		}
	}
	var seen []int64
	return func(from, to int) bool {
		seen = seen[:0]
		for row := from; row < to; row++ {
			if mask[row] == 0 {
				continue
			}
			x := n.valueOf(v, row)
			if x == missing || len(seen) > 0 && seen[len(seen)-1] == x {
				continue
			}
			if n.isEver {
				return true
			}
			seen = append(seen, x)
		}
		return n.test.holds(different(seen))
	}
}

// ratio judges the sum of rows divided by the number of things in them.
func (n *nodeDeed) ratio(p *part, v *vec, mask, things []byte) func(from, to int) bool {
	var by *vec
	if n.per.column >= 0 {
		by = &p.columns[n.per.column]
	}
	var seen []int64
	return func(from, to int) bool {
		count := int64(0)
		switch {
		case by == nil:
			count = int64(ones(things[from:to]))
		case n.per.isFlag:
			count = by.sum(things, from, to)
		default:
			seen = seen[:0]
			for row := from; row < to; row++ {
				if things[row] == 0 {
					continue
				}
				if x := by.at(row); x != missing && (len(seen) == 0 || seen[len(seen)-1] != x) {
					seen = append(seen, x)
				}
			}
			count = different(seen)
		}
		if count <= 0 {
			return n.emptyPass
		}
		return n.test.holds(floorDiv(v.sum(mask, from, to), count))
	}
}

// moving judges the most that lies within some days: one pass with two ends,
// because rows are in order of time.
func (n *nodeDeed) moving(p *part, v *vec, mask []byte) func(from, to int) bool {
	at := &p.columns[n.time]
	var days, values []int64
	inside := map[int64]int{}
	return func(from, to int) bool {
		days, values = days[:0], values[:0]
		for row := from; row < to; row++ {
			if mask[row] == 0 {
				continue
			}
			when := at.at(row)
			if when == missing {
				continue
			}
			value := int64(1)
			if v != nil {
				value = n.valueOf(v, row)
			}
			days, values = append(days, floorDiv(when, n.perDay)), append(values, value)
		}
		if n.aggregate != Distinct {
			return n.test.holds(mostWithin(days, values, n.days))
		}
		clear(inside)
		return n.test.holds(mostDifferent(days, values, n.days, inside))
	}
}

// mostWithin is the greatest sum of values within some days; all rows of the
// last day belong to a window, not only those met so far.
func mostWithin(days, values []int64, width int64) int64 {
	best, held, first, has := int64(0), int64(0), 0, false
	for i, day := range days {
		if values[i] != missing {
			held += values[i]
		}
		for days[first] <= day-width {
			if values[first] != missing {
				held -= values[first]
			}
			first++
		}
		if i+1 < len(days) && days[i+1] == day {
			continue
		}
		if !has || held > best {
			best, has = held, true
		}
	}
	return best
}

// mostDifferent is mostWithin for the number of different values.
func mostDifferent(days, values []int64, width int64, inside map[int64]int) int64 {
	best, first := 0, 0
	for i, day := range days {
		if values[i] != missing {
			inside[values[i]]++
		}
		for days[first] <= day-width {
			if x := values[first]; x != missing {
				if inside[x]--; inside[x] == 0 {
					delete(inside, x)
				}
			}
			first++
		}
		if i+1 == len(days) || days[i+1] != day {
			best = max(best, len(inside))
		}
	}
	return int64(best)
}

// followed keeps rows that another row follows: of a later moment, at most some
// days after. Both tables are in the order of time.
func (n *nodeDeed) followed(f *frame, p *part, subjects []int32, mask []byte) {
	q := &f.u.tables[n.then.table]
	parts := q.stretches(subjects)
	then := f.mask(q.rows)
	fill(then, parts, 1)
	n.then.where.apply(f, q, parts, then)
	at := &p.columns[n.time]
	times := f.numbers(0)[:0]
	for _, i := range subjects {
		times = times[:0]
		if from, to := q.span(int(i)); from < to {
			when := &q.columns[n.then.time]
			for row := from; row < to; row++ {
				if then[row] == 0 {
					continue
				}
				if x := when.at(row); x != missing {
					times = append(times, x)
				}
			}
		}
		next := 0
		from, to := p.span(int(i))
		for row := from; row < to; row++ {
			if mask[row] == 0 {
				continue
			}
			when := at.at(row)
			if when == missing {
				mask[row] = 0
				continue
			}
			for next < len(times) && times[next] <= when {
				next++
			}
			if next == len(times) || floorDiv(times[next], n.then.perDay)-floorDiv(when, n.perDay) > n.then.within {
				mask[row] = 0
			}
		}
	}
	f.giveNumbers(times)
	f.give(then)
}
