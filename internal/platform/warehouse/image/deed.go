// SPDX-License-Identifier: Apache-2.0

package image

import (
	"bytes"
	"math"
	"math/bits"
	"unsafe"

	"dangol/internal/platform/warehouse"
	"dangol/internal/platform/warehouse/condition"
)

// nodeDeed is compiled behaviour.
type nodeDeed struct {
	deed      *Deed
	kept      *keptNumbers // nil: not kept
	table     int
	where     rowNode
	aggregate Aggregate
	column    int
	test      *bound
	emptyPass bool
	isEver    bool // at least one: no need to count
	isOrdered bool // the rows of a subject lie in the order of the column
	days      int64
	time      int
	perDay    int64   // units of the time column in a day
	through   *lookup // holds the column, if not the table itself
	inLookup  int
	then      *nodeThen
	per       *nodePer
	cost      int
}

// nodeThen is what has to follow.
type nodeThen struct {
	table  int
	where  rowNode
	time   int
	perDay int64
	within int64
}

// nodePer is what a sum is divided by; column -1 counts rows.
type nodePer struct {
	where  rowNode
	column int
	isFlag bool
}

func (s *Snapshot) compileDeed(d *Deed) (node, error) {
	t := s.spec.table(d.Table)
	if t < 0 || s.spec[t].Role != Events {
		return nil, unsupported("the table %s is not kept", d.Table)
	}
	n := &nodeDeed{deed: d, table: t, aggregate: d.Aggregate, column: -1, time: -1, days: d.Days}
	var err error
	if n.where, err = s.compileRow(t, d.Where); err != nil {
		return nil, err
	}
	if err = s.compileColumn(n, d); err != nil {
		return nil, err
	}
	if d.Then != nil || d.Days > 0 {
		if n.time, n.perDay, err = s.timeColumn(t, d.Time); err != nil {
			return nil, err
		}
	}
	if d.Then != nil {
		if n.then, err = s.compileThen(d.Then); err != nil {
			return nil, err
		}
	}
	if d.Per != nil {
		if n.per, err = s.compilePer(t, d.Per); err != nil {
			return nil, err
		}
	}
	n.test = &bound{negate: d.Test.Negated()}
	n.test.bindWhole(d.Test, true)
	none := int64(0)
	if d.Aggregate == First || d.Aggregate == Last || d.Aggregate == Mean {
		none = missing
	}
	n.emptyPass = n.test.holds(none)
	n.isEver = (d.Aggregate == Count || d.Aggregate == Distinct) && d.Days == 0 && isAtLeastOne(d.Test)
	n.cost = 1
	if !n.isEver {
		n.cost += 2
	}
	return n, nil
}

// compileColumn finds what is added up or counted.
func (s *Snapshot) compileColumn(n *nodeDeed, d *Deed) error {
	if d.Aggregate == Count {
		return nil
	}
	if d.Lookup == "" {
		var err error
		n.column, err = s.wholeColumn(n.table, d.Column)
		n.isOrdered = d.Column == s.spec[n.table].Time
		return err
	}
	of := s.spec.table(d.Lookup)
	if of < 0 || s.lookups[d.Lookup] == nil {
		return unsupported("the table %s is not kept", d.Lookup)
	}
	var err error
	if n.column, err = s.wholeColumn(n.table, d.Via); err != nil {
		return err
	}
	n.through, n.inLookup = s.lookups[d.Lookup], keyColumn
	if d.Column != s.spec[of].Key {
		n.inLookup, err = s.wholeColumn(of, d.Column)
	}
	return err
}

// timeColumn finds the time by which the rows of a table are in order.
func (s *Snapshot) timeColumn(t int, name string) (column int, perDay int64, err error) {
	if s.spec[t].Time != name {
		return 0, 0, unsupported("the rows of %s are not in the order of %s", s.spec[t].Name, name)
	}
	column, err = s.wholeColumn(t, name)
	perDay = 1
	if err == nil && s.spec[t].Columns[column].Type == warehouse.Timestamp {
		perDay = microsPerDay
	}
	return column, perDay, err
}

func (s *Snapshot) compileThen(d *Then) (*nodeThen, error) {
	t := s.spec.table(d.Table)
	if t < 0 || s.spec[t].Role != Events {
		return nil, unsupported("the table %s is not kept", d.Table)
	}
	n := &nodeThen{table: t, within: d.Within}
	var err error
	if n.where, err = s.compileRow(t, d.Where); err != nil {
		return nil, err
	}
	n.time, n.perDay, err = s.timeColumn(t, d.Time)
	return n, err
}

func (s *Snapshot) compilePer(t int, d *Per) (*nodePer, error) {
	n := &nodePer{column: -1, isFlag: d.IsFlag}
	var err error
	if n.where, err = s.compileRow(t, d.Where); err == nil && d.Column != "" {
		n.column, err = s.wholeColumn(t, d.Column)
	}
	return n, err
}

// isAtLeastOne recognises the plain "ever".
func isAtLeastOne(t *condition.Test) bool {
	list, ok := t.Ranges()
	return ok && !t.Negated() && len(list) == 1 && list[0] == [2]int64{1, math.MaxInt64}
}

func (s *Snapshot) wholeColumn(table int, name string) (int, error) {
	if s.stale[s.spec[table].Name] != 0 {
		return 0, unsupported("the values of %s were computed anew and are being taken in", s.spec[table].Name)
	}
	c := s.spec[table].column(name)
	if c < 0 {
		return 0, unsupported("column %s of %s is not kept", name, s.spec[table].Name)
	}
	if d := s.numbers[table][c]; d != nil && d.isOver.Load() {
		return 0, unsupported("%s of %s has too many different values to be kept", name, s.spec[table].Name)
	}
	if s.spec[table].Columns[c].Type == warehouse.Double {
		return 0, unsupported("%s of %s is no whole number", name, s.spec[table].Name)
	}
	return c, nil
}

func (n *nodeDeed) keep(f *frame, subjects []int32) []int32 {
	p := &f.u.tables[n.table]
	if numbers := n.everybodys(f, len(subjects)); numbers != nil {
		return n.judgeBy(p, subjects, numbers)
	}
	parts := p.stretches(subjects)
	if len(parts) == 0 {
		if n.emptyPass {
			return subjects
		}
		return subjects[:0]
	}
	mask := f.mask(p.rows)
	fill(mask, parts, 1)
	n.where.apply(f, p, parts, mask)
	if n.then != nil {
		n.followed(f, p, subjects, mask)
	}
	var things []byte
	if n.per != nil {
		things = f.mask(p.rows)
		copy(things[:p.rows], mask[:p.rows])
		n.per.where.apply(f, p, parts, things)
	}
	out := n.judge(f, p, subjects, mask, things)
	if things != nil {
		f.give(things)
	}
	f.give(mask)
	return out
}

// judge computes the number of each subject and tests it.
func (n *nodeDeed) judge(f *frame, p *part, subjects []int32, mask, things []byte) []int32 {
	out := subjects[:0]
	if n.aggregate == Sum && n.days == 0 && n.through == nil {
		sums := f.numbers(len(subjects))
		isSummed := p.columns[n.column].sums(p, subjects, mask, sums)
		for j := 0; isSummed && j < len(subjects); j++ {
			i := subjects[j]
			if p.offsets[i] == p.offsets[i+1] && n.emptyPass || p.offsets[i] < p.offsets[i+1] && n.test.holds(sums[j]) {
				out = append(out, i)
			}
		}
		f.giveNumbers(sums)
		if isSummed {
			return out
		}
	}
	number := n.numbers(p, mask, things)
	for _, i := range subjects {
		from, to := p.span(int(i))
		pass := n.emptyPass
		if from < to {
			pass = number(from, to)
		}
		if pass {
			out = append(out, i)
		}
	}
	return out
}

// numbers returns how the rows from…to of a subject are judged.
func (n *nodeDeed) numbers(p *part, mask, things []byte) func(from, to int) bool {
	var v *vec
	if n.column >= 0 {
		v = &p.columns[n.column]
	}
	if n.days > 0 {
		return n.moving(p, v, mask)
	}
	switch n.aggregate {
	case Count:
		if n.isEver {
			return func(from, to int) bool { return bytes.IndexByte(mask[from:to], 1) >= 0 }
		}
		return func(from, to int) bool { return n.test.holds(int64(ones(mask[from:to]))) }
	case Sum:
		return func(from, to int) bool { return n.test.holds(v.sum(mask, from, to)) }
	case Distinct:
		return n.distinct(v, mask)
	case Mean:
		if n.per != nil {
			return n.ratio(p, v, mask, things)
		}
		return func(from, to int) bool {
			total, count := v.sumCount(mask, from, to)
			if count == 0 {
				return n.emptyPass
			}
			return n.test.holds(floorDiv(total, count))
		}
	}
	return n.extreme(v, mask)
}

// ones counts the rows of a mask; its bytes are 0 or 1.
func ones(mask []byte) int {
	total, i := 0, 0
	for ; i+8 <= len(mask); i += 8 {
		total += bits.OnesCount64(*(*uint64)(unsafe.Pointer(&mask[i])))
	}
	for ; i < len(mask); i++ {
		total += int(mask[i])
	}
	return total
}

func (n *nodeDeed) extreme(v *vec, mask []byte) func(from, to int) bool {
	if n.isOrdered {
		return func(from, to int) bool { return n.test.holds(v.edge(mask, from, to, n.aggregate == Last)) }
	}
	return func(from, to int) bool {
		return n.test.holds(v.extreme(mask, from, to, n.aggregate == Last))
	}
}

// edge is the greatest or least value of the rows of a mask that lie in the
// order of their values, those without one first.
func (v *vec) edge(mask []byte, from, to int, isLast bool) int64 {
	m := mask[from:to]
	if isLast {
		if i := bytes.LastIndexByte(m, 1); i >= 0 {
			return v.at(from + i)
		}
		return missing
	}
	for row := from; row < to; row++ {
		if mask[row] == 0 {
			continue
		}
		if x := v.at(row); x != missing {
			return x
		}
	}
	return missing
}

// extreme is the greatest or least value of the rows of a mask. Codes are in
// the order of their values, so that only codes are compared.
func (v *vec) extreme(mask []byte, from, to int, isLast bool) int64 {
	switch v.bits {
	case 8:
		return extremeCode(v, v.data, mask, from, to, isLast)
	case 16:
		return extremeCode(v, cast[uint16](v.data), mask, from, to, isLast)
	case 32:
		return extremeCode(v, cast[uint32](v.data), mask, from, to, isLast)
	}
	best := int64(missing)
	for row := from; row < to; row++ {
		if mask[row] == 0 {
			continue
		}
		if x := v.at(row); x != missing && (best == missing || isLast == (x > best)) {
			best = x
		}
	}
	return best
}

func extremeCode[T uint8 | uint16 | uint32](v *vec, codes []T, mask []byte, from, to int, isLast bool) int64 {
	m, part := mask[from:to], codes[from:to]
	best, has := T(0), false
	for i, c := range part {
		if m[i] == 0 || v.hasMissing && c == 0 {
			continue
		}
		if !has || isLast == (c > best) {
			best, has = c, true
		}
	}
	if !has {
		return missing
	}
	return v.value(uint64(best))
}

// sum adds the values of the rows of a mask; missing ones count nothing.
func (v *vec) sum(mask []byte, from, to int) int64 {
	total, _ := v.sumCount(mask, from, to)
	return total
}

// sumCount adds the values of the rows of a mask, and counts them.
func (v *vec) sumCount(mask []byte, from, to int) (total, count int64) {
	switch v.bits {
	case 0:
		if v.constant() == missing {
			return 0, 0
		}
		count = int64(ones(mask[from:to]))
		return v.constant() * count, count
	case 8:
		return sumCodes(v, v.data, mask, from, to)
	case 16:
		return sumCodes(v, cast[uint16](v.data), mask, from, to)
	case 32:
		return sumCodes(v, cast[uint32](v.data), mask, from, to)
	}
	for row := from; row < to; row++ {
		if mask[row] == 0 {
			continue
		}
		if x := v.at(row); x != missing {
			total += x
			count++
		}
	}
	return total, count
}

func sumCodes[T uint8 | uint16 | uint32](v *vec, codes []T, mask []byte, from, to int) (total, count int64) {
	var sum, n int64
	m := mask[from:to]
	codes = codes[from:to:to]
	if v.hasMissing {
		for i, c := range codes {
			if m[i] != 0 && c != 0 {
				sum += int64(c)
				n++
			}
		}
		return v.base*n + v.step*sum, n
	}
	m = m[:len(codes)]
	for i, c := range codes {
		sum += int64(c) & -int64(m[i])
	}
	n = int64(ones(m))
	return v.base*n + v.step*sum, n
}
