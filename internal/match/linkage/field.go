// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// field is one comparison at work: the values of one or several columns that
// mean the same, each distinct value cleaned and prepared once.
type field struct {
	name    string
	kind    Kind
	columns []string // as in the files
	order   dateOrder
	measure *measure

	values   []string  // by code; values[0] is missing
	features []feature // by code; nil when the text is all that is compared
	signs    []uint64  // by code; nil where nothing can be told from them
	counts   []uint32  // records that hold the value
	slots    [][]uint32
	present  int
	// partner is the place of the field whose values may stand here by mistake
	// (given and family name swapped), −1 for none; twin has, a code, the code
	// of the same text there.
	partner int
	twin    []uint32
	// partners is how many of the other records with a value are expected to
	// be the same person's.
	partners float64
	// strangers has, by the size class of the group that shares a value, which
	// share of its pairs are of two persons; nil when nothing was learnt.
	strangers []float64
	// texts holds how rare each piece of a text is.
	rarity map[uint64]float32
}

// mostSlots is how many values of one field a record may have: several telephones.
const mostSlots = 3

// raw is a column of the table with what it was recognised as.
type raw struct {
	column *Column
	kind   Kind
	order  dateOrder
	detail *Column // second part of an address, or of a name
	// isTimed: its dates have a time of day.
	isTimed bool
	// scheme is the same for columns that hold the same keys, "" for others.
	scheme string
}

// newField cleans the columns into one field.
func newField(t *Table, name string, columns []raw) *field {
	f := &field{name: name, kind: columns[0].kind, partner: -1, order: columns[0].order}
	in := newInterner(t.spill)
	for _, c := range columns {
		f.columns = append(f.columns, c.column.Name)
		if c.detail != nil {
			f.columns = append(f.columns, c.detail.Name)
		}
		m := measureOf(f.kind, c.order, nil)
		var codes [][]uint32
		if c.detail != nil {
			codes = [][]uint32{joinedCodes(c.column, c.detail, m.clean, in)}
		} else {
			codes = cleanCodes(c.column, f.kind, m.clean, in, t.spill)
		}
		for _, more := range codes {
			f.take(more)
		}
	}
	f.values = in.values
	f.count(t.Rows)
	return f
}

// take puts one more column of codes into the first free slots.
func (f *field) take(codes []uint32) {
	if len(f.slots) == 0 {
		f.slots = append(f.slots, codes)
		return
	}
	for row, code := range codes {
		if code == missing {
			continue
		}
		for k := 0; k < mostSlots; k++ {
			if k == len(f.slots) {
				f.slots = append(f.slots, make([]uint32, len(codes)))
			}
			if f.slots[k][row] == missing {
				f.slots[k][row] = code
				break
			}
			if f.slots[k][row] == code {
				break
			}
		}
	}
}

func (f *field) count(rows int) {
	f.counts = make([]uint32, len(f.values))
	f.present = 0
	for _, slot := range f.slots {
		for _, code := range slot {
			f.counts[code]++
		}
	}
	for row := range rows {
		if f.slots[0][row] != missing {
			f.present++
		}
	}
	f.counts[missing] = uint32(rows - f.present)
}

// cleanCodes cleans every distinct value once, on all cores, and answers the
// new codes of the records; a cell with several values gives several columns.
func cleanCodes(c *Column, kind Kind, clean func(string) string, in *interner, room *spill) [][]uint32 {
	cleaned := make([]string, len(c.Values))
	var more map[uint32][]string
	var lock sync.Mutex
	parallel(len(c.Values), func(from, to int) {
		for code := max(from, 1); code < to; code++ {
			value := c.Values[code]
			if several := severalOf(value, kind); several != nil {
				lock.Lock()
				if more == nil {
					more = map[uint32][]string{}
				}
				more[uint32(code)] = several[1:]
				lock.Unlock()
				value = several[0]
			}
			cleaned[code] = clean(value)
		}
	})
	recode := make([]uint32, len(c.Values))
	for code, value := range cleaned {
		recode[code], _ = in.addString(value)
	}
	out := [][]uint32{recoded(c, recode, room)}
	for part := range mostSlots - 1 {
		extra := make([]uint32, len(c.Values))
		used := false
		for code, list := range more {
			if part < len(list) {
				extra[code], _ = in.addString(clean(list[part]))
				used = used || extra[code] != missing
			}
		}
		if !used {
			break
		}
		out = append(out, recoded(c, extra, room))
	}
	return out
}

func recoded(c *Column, recode []uint32, room *spill) []uint32 {
	codes := room.words(len(c.Codes))
	parallel(len(codes), func(from, to int) {
		for row := from; row < to; row++ {
			codes[row] = recode[c.Codes[row]]
		}
	})
	return codes
}

// severalOf takes a cell with several telephones or addresses apart.
func severalOf(value string, kind Kind) []string {
	if (kind != Phone && kind != Email) || !strings.ContainsAny(value, "/,;") {
		return nil
	}
	parts := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' || (r == '/' && kind == Phone) })
	kept := parts[:0]
	for _, part := range parts {
		if part = strings.TrimSpace(part); kind == Email && strings.Contains(part, "@") || kind == Phone && len(digits(part)) >= 8 {
			kept = append(kept, part)
		}
	}
	if len(kept) < 2 {
		return nil
	}
	return kept
}

// joinedCodes cleans two columns as one text, once a distinct couple.
func joinedCodes(a, b *Column, clean func(string) string, in *interner) []uint32 {
	codes := make([]uint32, len(a.Codes))
	known := make(map[uint64]uint32, len(a.Values))
	for row := range codes {
		x, y := a.Codes[row], b.Codes[row]
		both := uint64(x)<<32 | uint64(y)
		code, ok := known[both]
		if !ok {
			code, _ = in.addString(clean(strings.TrimSpace(a.Values[x] + " " + b.Values[y])))
			known[both] = code
		}
		codes[row] = code
	}
	return codes
}

// prepare makes the features, once a distinct value, on all cores.
func (f *field) prepare() {
	if isTextKind(f.kind) && f.rarity == nil {
		f.rarity = rarityOf(f.values)
	}
	f.measure = measureOf(f.kind, f.order, f.rarityFunc())
	if needsFeature(f.kind) {
		f.features = make([]feature, len(f.values))
	}
	if f.measure.sign != nil {
		f.signs = make([]uint64, len(f.values))
	}
	if f.features == nil && f.signs == nil {
		return
	}
	parallel(len(f.values), func(from, to int) {
		for code := max(from, 1); code < to; code++ {
			own := feature{text: f.values[code]}
			if f.features != nil {
				own = f.measure.prepare(f.values[code])
				f.features[code] = own
			}
			if f.signs != nil {
				f.signs[code] = f.measure.sign(&own)
			}
		}
	})
}

func isTextKind(kind Kind) bool { return kind == Text || kind == Address || kind == Company }

// needsFeature: the other kinds are compared by their text alone.
func needsFeature(kind Kind) bool {
	switch kind {
	case Name, Given, Family, Word, Number:
		return true
	}
	return isTextKind(kind)
}

// rarityOf is log(1 + N/n) of every piece (idf).
func rarityOf(values []string) map[uint64]float32 {
	holders := map[uint64]float32{}
	step := max(1, len(values)/raritySample)
	total := 0
	for code := 1; code < len(values); code += step {
		total++
		for _, piece := range pieces(values[code]) {
			holders[piece]++
		}
	}
	for piece, n := range holders {
		holders[piece] = float32(math.Log(1 + float64(total)/float64(n)))
	}
	holders[0] = float32(math.Log(1 + float64(total))) // a piece never seen
	return holders
}

// raritySample is how many values are looked at; rarer pieces than it shows
// weigh the same.
const raritySample = 50_000

func (f *field) rarityFunc() func(uint64) float32 {
	if f.rarity == nil {
		return nil
	}
	unseen := f.rarity[0]
	return func(piece uint64) float32 {
		if w, ok := f.rarity[piece]; ok {
			return w
		}
		return unseen
	}
}

func (f *field) levelOf(a, b uint32) uint8 {
	switch {
	case a == missing || b == missing:
		return missing
	case a == b:
		return 1
	case f.signs != nil && f.measure.isUnlike(f.signs[a], f.signs[b]):
		return f.measure.other()
	}
	if f.features != nil {
		return f.measure.level(&f.features[a], &f.features[b])
	}
	x, y := feature{text: f.values[a]}, feature{text: f.values[b]}
	return f.measure.level(&x, &y)
}

// pairUp makes two name fields partners.
func pairUp(fields []*field, i, j int) {
	a, b := fields[i], fields[j]
	a.partner, b.partner = j, i
	in := newInterner(nil)
	for _, value := range b.values[1:] {
		in.addString(value)
	}
	a.twin, b.twin = make([]uint32, len(a.values)), make([]uint32, len(b.values))
	for code, value := range a.values[1:] {
		if other := in.find(value); other != missing {
			a.twin[code+1] = other
			b.twin[other] = uint32(code + 1)
		}
	}
}

// each does n jobs on all cores.
func each(n int, job func(k int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		group.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				job(k)
			}
		})
	}
	group.Wait()
}

// parallel cuts [0, n) into pieces for all cores.
func parallel(n int, work func(from, to int)) {
	workers := runtime.GOMAXPROCS(0)
	if n < 2048 || workers == 1 {
		work(0, n)
		return
	}
	pieces := workers * 4
	next := make(chan int, pieces)
	for i := range pieces {
		next <- i
	}
	close(next)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				work(n*i/pieces, n*(i+1)/pieces)
			}
		})
	}
	group.Wait()
}

// frequency is the share of strangers' records that hold this value.
func (f *field) frequency(code uint32) float64 {
	return strangersShare(float64(f.counts[code]), f.partners, float64(f.present), f.strangers)
}

const (
	// fewestStrangers is what is left of a value that only one person seems to
	// have, where nothing was learnt about groups of its size.
	fewestStrangers = .4
	// surestShare bounds what is learnt: no value is only ever one person's.
	surestShare = .01
)

// strangersShare is the share of strangers' records among those that could
// hold a value: of the other records that share it, so many are another
// person's as was learnt for groups of this size; without that, all but the
// partners expected.
func strangersShare(holders, partners, present float64, learnt []float64) float64 {
	if len(learnt) > 0 {
		class := min(int(sizeClass(int(holders))), len(learnt)-1)
		return max(holders-1, 1) * max(learnt[class], surestShare) / max(present, 1)
	}
	return max(holders-1-partners, fewestStrangers) / max(present, 1)
}
