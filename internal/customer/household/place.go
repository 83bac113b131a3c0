// SPDX-License-Identifier: Apache-2.0

package household

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"dangol/internal/dataquality"
)

// Place is an address down to the flat. One flat has up to three hashes, because the same home is written
// as a road-name address, as a lot-number address (F-ADDR-1), and both may name the building: two people
// live at one place when any of the hashes agrees.
type Place struct {
	Hashes [3]uint64 // road, lot, building; 0 when that form is not known
	IsUnit bool      // down to the flat or room; else the building only
}

// IsKnown reports whether the address could be read at least down to a building.
func (p Place) IsKnown() bool { return p.Hashes != [3]uint64{} }

// PlaceOf reads the place out of a golden address with its detail.
func PlaceOf(address, detail, postal string, on dataquality.Date) Place {
	a, _ := dataquality.AddressOf(address, postal, on)
	if a.Sigungu == "" && a.Sido == "" {
		return Place{}
	}
	if a.Detail != "" {
		detail = a.Detail + " " + detail
	}
	d := readDetail(detail)
	town, building := a.Town, d.building
	if a.Reference != "" {
		first, second, _ := strings.Cut(a.Reference, ",")
		first, second = strings.TrimSpace(first), strings.TrimSpace(second)
		switch {
		case second != "":
			town, building = first, second
		case isTown(first):
			town = first
		default:
			building = first
		}
	}
	p := Place{IsUnit: d.unit != ""}
	region := a.Sido + "|" + dataquality.RoadRegion(a.Sido, a.Sigungu)
	flat := d.block + "|" + d.unit
	if a.Road != "" && a.BuildingMain > 0 {
		number := strconv.Itoa(a.BuildingMain) + "-" + strconv.Itoa(a.BuildingSub)
		p.Hashes[0] = hash("R", region, a.Road, number, strconv.FormatBool(a.Underground), flat)
	}
	if a.Road == "" && a.Town != "" && a.LotMain > 0 {
		number := strconv.Itoa(a.LotMain) + "-" + strconv.Itoa(a.LotSub)
		p.Hashes[1] = hash("L", region, a.Town, number, strconv.FormatBool(a.IsForest), flat)
	}
	// A building's name tells a flat only with block and number: 현대 stands in every town.
	if town != "" && utf8.RuneCountInString(building) >= 3 && d.block != "" && d.unit != "" {
		p.Hashes[2] = hash("B", region, town, strings.ReplaceAll(building, " ", ""), "", flat)
	}
	return p
}

func hash(parts ...string) uint64 {
	return xxh3.HashString(strings.Join(parts, "\x00")) | 1 // never 0, which means unknown
}

func isTown(s string) bool {
	for _, suffix := range []string{"동", "읍", "면", "리", "가"} {
		if strings.HasSuffix(s, suffix) && utf8.RuneCountInString(s) <= 6 {
			return true
		}
	}
	return false
}

// detailParts are the parts of a detail: building name, block (동) and room (호).
type detailParts struct{ building, block, unit string }

func readDetail(detail string) detailParts {
	var d detailParts
	var words []string
	for _, token := range strings.FieldsFunc(strings.ToUpper(detail), func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' }) {
		switch {
		case d.block == "" && isNumbered(token, "동"):
			d.block = trimNumber(token, "동")
		case isNumbered(token, "호"):
			d.unit = trimNumber(token, "호")
		case isNumbered(token, "층"): // the room tells the floor as well
		case strings.Count(token, "-") == 1 && d.unit == "" && isDigits(strings.ReplaceAll(token, "-", "")):
			block, unit, _ := strings.Cut(token, "-") // 101-1203
			if d.block == "" {
				d.block = block
			}
			d.unit = strings.TrimLeft(unit, "0")
		default:
			words = append(words, token)
		}
	}
	d.building = strings.Join(words, "")
	return d
}

// isNumbered reports whether the token is a number with the suffix, such as 101동, B동, 지하1층 or 1203호.
func isNumbered(token, suffix string) bool {
	stem, ok := strings.CutSuffix(token, suffix)
	if !ok || stem == "" {
		return false
	}
	stem = strings.TrimPrefix(strings.TrimPrefix(stem, "지하"), "제")
	return isDigits(strings.Trim(stem, "-ABCDEFGHIJKLMNOPQRSTUVWXYZ")) || utf8.RuneCountInString(stem) == 1 && stem < "가"
}

func trimNumber(token, suffix string) string {
	return strings.TrimLeft(strings.TrimPrefix(strings.TrimSuffix(token, suffix), "제"), "0")
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
