// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	_ "embed" // the region table
	"strings"
)

// Region is a unit of the first level (시·도) or of the second (시·군·구, with its district where it has one).
type Region struct {
	Sido    string
	Sigungu string // "" on the first level
	Code    string // administrative code, first level only
	Short   string // short name, first level only
	From    Date   // first day in force, zero when older than the table
	Before  Date   // first day no longer in force, zero when still in force
}

//go:embed regions.tsv
var regionTable string

// sidoUnit is a first-level region, in force or former.
type sidoUnit struct {
	Region
	successor *sidoUnit
	postalLow int
	postalTop int
	units     map[string]*sigunguUnit
}

type sigunguUnit struct {
	Region
	sido     *sidoUnit
	toSido   *sidoUnit // successor, nil when none
	toName   string
	isSplit  bool
	district bool // a district of a city: "수원시 영통구"
}

// regionIndex is the region table, read once.
type regionIndex struct {
	sidos    []*sidoUnit
	bySpell  map[string]*sidoUnit
	sigungus []*sigunguUnit
	byName   map[string][]*sigunguUnit // also by the district alone: 분당구
	splits   map[splitKey]string       // new second level
	wholes   map[[2]string]string      // what a new second level was cut out of
	current  map[string]*sidoUnit
}

type splitKey struct{ sido, sigungu, town string }

var regions = readRegions(regionTable)

func readRegions(table string) *regionIndex {
	x := &regionIndex{
		bySpell: map[string]*sidoUnit{}, byName: map[string][]*sigunguUnit{}, splits: map[splitKey]string{}, wholes: map[[2]string]string{}, current: map[string]*sidoUnit{},
	}
	var rows [][]string
	for line := range strings.SplitSeq(table, "\n") {
		if line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	for _, row := range rows {
		if row[0] == "sido" {
			x.addSido(row)
		}
	}
	for _, row := range rows {
		if row[0] == "sido" && row[5] != "" {
			old, successor := x.bySpell[row[3]], x.bySpell[row[5]]
			old.successor, old.units = successor, successor.units
		}
	}
	for _, row := range rows {
		switch row[0] {
		case "sigungu":
			x.addSigungu(row)
		case "split":
			sido, sigungu, _ := strings.Cut(row[2], " ")
			_, to, _ := strings.Cut(row[3], " ")
			x.wholes[[2]string{sido, to}] = sigungu
			for town := range strings.FieldsSeq(row[4]) {
				x.splits[splitKey{sido, sigungu, town}] = to
			}
		}
	}
	return x
}

func (x *regionIndex) addSido(row []string) {
	unit := &sidoUnit{
		Region: Region{Sido: row[3], Code: row[4], Short: row[6], From: tableDate(row[1]), Before: tableDate(row[2])},
		units:  map[string]*sigunguUnit{},
	}
	if low, top, ok := strings.Cut(row[7], "-"); ok {
		unit.postalLow, unit.postalTop = number(low, 0, 2), number(top, 0, 2)
	}
	x.sidos = append(x.sidos, unit)
	x.bySpell[row[3]] = unit
	if unit.Before.IsZero() || x.bySpell[row[6]] == nil {
		x.bySpell[row[6]] = unit
	}
	for spelling := range strings.FieldsSeq(row[8]) {
		x.bySpell[spelling] = unit
	}
}

func (x *regionIndex) addSigungu(row []string) {
	sido := x.bySpell[row[3]]
	unit := &sigunguUnit{
		Region: Region{Sido: row[3], Sigungu: row[4], From: tableDate(row[1]), Before: tableDate(row[2])}, sido: sido,
		isSplit: row[2] != "" && row[5] == "",
	}
	if row[5] != "" {
		name, sigungu, _ := strings.Cut(row[5], " ")
		unit.toSido, unit.toName = x.bySpell[name], sigungu
	}
	x.sigungus = append(x.sigungus, unit)
	sido.units[row[4]] = unit
	city, district, isDistrict := strings.Cut(row[4], " ")
	unit.district = isDistrict
	x.byName[row[4]] = append(x.byName[row[4]], unit)
	if isDistrict && city != "포항시" { // its 남구 and 북구 are names of many cities
		x.byName[district] = append(x.byName[district], unit)
	}
}

func tableDate(s string) Date {
	d, _ := ParseDate(s)
	return d
}

func (r *Region) inForce(on Date) bool {
	return (r.From.IsZero() || !on.Before(r.From)) && (r.Before.IsZero() || on.Before(r.Before))
}

// Regions lists the regions in force on the day, first and second level, as reports need them (F-ADDR-10).
func Regions(on Date) []Region {
	var list []Region
	for _, sido := range regions.sidos {
		if !sido.inForce(on) {
			continue
		}
		list = append(list, sido.Region)
		for _, unit := range regions.sigungus {
			if unit.sido.in(on) == sido && unit.inForce(on) {
				region := unit.Region
				region.Sido = sido.Sido
				list = append(list, region)
			}
		}
	}
	return list
}

// metropolitan lists the second level of the former 광주광역시, to tell it from 전라남도 before July 2026.
var metropolitan = map[string]bool{"동구": true, "서구": true, "남구": true, "북구": true, "광산구": true}

// in returns the first-level region that the unit was or is part of on the day.
func (u *sidoUnit) in(on Date) *sidoUnit {
	for u.successor != nil && !u.inForce(on) {
		u = u.successor
	}
	return u
}

// RegionAt gives the names that a region, known by any of its names, has on the day: 전라남도 여수시 is
// 전남광주통합특별시 여수시 from July 2026. The legal town decides where a region was split (F-ADDR-7); ok is
// false when it was and the town does not tell, or when the region is unknown.
func RegionAt(sido, sigungu, town string, on Date) (newSido, newSigungu string, ok bool) {
	unit := regions.bySpell[sido]
	if unit == nil {
		return sido, sigungu, false
	}
	second := unit.units[sigungu]
	if second == nil {
		return unit.in(on).Sido, sigungu, sigungu == ""
	}
	return second.at(unit, town, on)
}

// RoadRegion names the second level within which road names are unique and stay when districts come and go: the
// city for a district of a city (its mayor gives the names, Road Name Address Act, article 8), and for a district
// that was cut out of another the one before.
func RoadRegion(sido, sigungu string) string {
	if whole := regions.wholes[[2]string{sido, sigungu}]; whole != "" {
		return whole
	}
	city, _, _ := strings.Cut(sigungu, " ")
	return city
}

func (s *sigunguUnit) at(sido *sidoUnit, town string, on Date) (newSido, newSigungu string, ok bool) {
	top := sido.in(on)
	if s.Before.IsZero() || on.Before(s.Before) {
		return top.Sido, s.Sigungu, true
	}
	if s.toSido != nil {
		return s.toSido.in(on).Sido, s.toName, true
	}
	if to := regions.splits[splitKey{s.Sido, s.Sigungu, town}]; to != "" {
		return top.Sido, to, true
	}
	return top.Sido, s.Sigungu, false
}

// sidoOfPostal returns the first level that the postal code lies in, nil when unknown.
func sidoOfPostal(postal string, on Date) *sidoUnit {
	if len(postal) != 5 {
		return nil
	}
	prefix := number(postal, 0, 2)
	for _, unit := range regions.sidos {
		if unit.inForce(on) && prefix >= unit.postalLow && prefix <= unit.postalTop {
			return unit
		}
	}
	return nil
}
