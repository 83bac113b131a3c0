// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strconv"
	"strings"
)

type region struct {
	sido, name, before  string
	firstPost, lastPost int
	areaCode            string
	roads, dongs        []string
	branches            []int // shops of the same first-level region, the own one first
}

type atlas struct {
	regions       []region
	regionWeights weights
	branches      []branch
}

type branch struct{ name, sido string }

func newAtlas() *atlas {
	a := &atlas{}
	var sizes []float64
	for _, line := range strings.Split(regionTable, "\n") {
		f := strings.Fields(line)
		size, _ := strconv.ParseFloat(f[3], 64)
		low, high, _ := strings.Cut(f[4], "-")
		first, _ := strconv.Atoi(low)
		last, _ := strconv.Atoi(high)
		name := strings.ReplaceAll(strings.TrimPrefix(f[1], "-"), "_", " ")
		before := name
		if f[2] != "-" {
			before = f[2]
		}
		a.regions = append(a.regions, region{
			sido: f[0], name: name, before: before, firstPost: first, lastPost: last, areaCode: f[5],
			roads: strings.Split(f[6], ","), dongs: strings.Split(f[7], ","),
		})
		sizes = append(sizes, size)
	}
	a.regionWeights = newWeights(sizes)
	a.placeBranches()
	return a
}

func (a *atlas) placeBranches() {
	var regionNames []string
	for _, entry := range strings.Split(strings.ReplaceAll(branchTable, "\n", ""), "|") {
		f := strings.Fields(entry)
		a.branches = append(a.branches, branch{f[0], f[1]})
		regionNames = append(regionNames, strings.ReplaceAll(strings.TrimPrefix(f[2], "-"), "_", " "))
	}
	for i := range a.regions {
		own := &a.regions[i]
		for b, shop := range a.branches {
			if shop.sido != own.sido {
				continue
			}
			own.branches = append(own.branches, b)
			if regionNames[b] == own.name {
				last := len(own.branches) - 1
				own.branches[0], own.branches[last] = own.branches[last], own.branches[0]
			}
		}
	}
}

// address is a place; the forms below write it the way different systems and clerks do.
type address struct {
	region            *region
	road, dong        string
	number, sub       int
	building          string
	block, unit       int
	lot, lotSub, post int
	isFlat            bool
}

func (a *atlas) address(r *random, where *region) address {
	if where == nil {
		where = &a.regions[a.regionWeights.pick(r)]
	}
	d := address{region: where, road: one(r, where.roads), dong: one(r, where.dongs), number: r.between(1, 399), lot: r.between(1, 999)}
	if r.chance(0.35) {
		// Side streets are named by the number of the first building, in steps of ten metres.
		d.road += strconv.Itoa(r.between(1, 89)) + "번길"
	}
	if r.chance(0.3) {
		d.sub = r.between(1, 28)
	}
	if r.chance(0.5) {
		d.lotSub = r.between(1, 60)
	}
	if d.isFlat = r.chance(0.68); d.isFlat {
		place := d.dong
		if len(place) > 2*len("동") {
			place = place[:len(place)-len("동")]
		}
		d.building = place + one(r, apartments)
		d.block, d.unit = r.between(101, 125), r.between(1, 25)*100+r.between(1, 6)
	} else {
		d.building = one(r, buildings)
		d.unit = r.between(1, 9)*100 + r.between(1, 12)
	}
	// Neighbours share a postal code: the last two digits follow from road and hundred of the number.
	hash := mix(uint64(len(where.name)*31) + uint64(d.road[len(d.road)-4])*131 + uint64(d.number/40))
	d.post = (where.firstPost+int(hash%uint64(where.lastPost-where.firstPost+1)))*100 + int(hash>>32%100)
	return d
}

func (d *address) postal() string {
	s := strconv.Itoa(100000 + d.post)
	return s[1:]
}

// Forms of the first level: the names since July 2026, those before, the short and the loose ones.
const (
	formNew = iota
	formOld
	formShort
	formLoose
)

// isOldForm says that the form differs from the official name of today.
func (d *address) isOldForm(form int) bool {
	names := sidoForms[d.region.sido]
	return form != formNew && (names[form] != names[formNew] || d.region.before != d.region.name)
}

func (d *address) head(b []byte, form int) []byte {
	b = append(b, sidoForms[d.region.sido][form]...)
	name := d.region.name
	if form != formNew {
		name = d.region.before
	}
	if name != "" {
		b = append(append(b, ' '), name...)
	}
	return append(b, ' ')
}

func number(b []byte, main, sub int) []byte {
	b = strconv.AppendInt(b, int64(main), 10)
	if sub > 0 {
		b = strconv.AppendInt(append(b, '-'), int64(sub), 10)
	}
	return b
}

// base is the road-name form without detail.
func (d *address) base(form int) string {
	b := make([]byte, 0, 96)
	return string(d.roadForm(b, form))
}

// isTown says that the place is an 읍 or 면, which stands before the road, unlike a 동.
func (d *address) isTown() bool {
	return strings.HasSuffix(d.dong, "읍") || strings.HasSuffix(d.dong, "면")
}

func (d *address) roadForm(b []byte, form int) []byte {
	b = d.head(b, form)
	if d.isTown() {
		b = append(append(b, d.dong...), ' ')
	}
	b = append(append(b, d.road...), ' ')
	return number(b, d.number, d.sub)
}

// detail is what follows the comma: block and flat, or floor and room.
func (d *address) detail() string {
	b := make([]byte, 0, 32)
	if d.isFlat {
		b = append(strconv.AppendInt(b, int64(d.block), 10), "동 "...)
	}
	return string(append(strconv.AppendInt(b, int64(d.unit), 10), "호"...))
}

// full is one line: road form, detail and reference (F-ADDR-2).
func (d *address) full(form int) string {
	b := make([]byte, 0, 128)
	b = append(d.roadForm(b, form), ", "...)
	b = append(b, d.detail()...)
	switch {
	case d.isTown() && !d.isFlat:
		return string(b)
	case d.isTown():
		b = append(append(b, " ("...), d.building...)
	case d.isFlat:
		b = append(append(append(append(b, " ("...), d.dong...), ", "...), d.building...)
	default:
		b = append(append(b, " ("...), d.dong...)
	}
	return string(append(b, ')'))
}

// lotForm is the lot-number address that still circulates (F-ADDR-4).
func (d *address) lotForm(form int) string {
	b := make([]byte, 0, 128)
	b = append(append(d.head(b, form), d.dong...), ' ')
	b = append(append(number(b, d.lot, d.lotSub), ' '), d.building...)
	return string(append(append(b, ' '), d.detail()...))
}

// latin is the reversed Latin form without translated units (F-ADDR-13).
func (d *address) latin() string {
	road := capital(strings.Join(romanSyllables(strings.TrimSuffix(d.road, "로"), false), ""))
	own := capital(strings.Join(romanSyllables(strings.ReplaceAll(d.region.name, " ", ""), false), ""))
	return strconv.Itoa(d.number) + ", " + road + "-ro, " + own + ", " + latinSido[d.region.sido] + " " + d.postal()
}
