// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"unicode/utf8"
)

// region reads the first and second level; it answers false when the first level stays unknown.
func (p *addressText) region() bool {
	first := strings.TrimRight(p.token(0), ",")
	if first == "대한민국" || first == "한국" {
		p.at, first = 1, strings.TrimRight(p.token(1), ",")
	}
	if first == "" {
		return false
	}
	if p.isBareGwangju(first) {
		return p.gwangju()
	}
	if unit := regions.bySpell[first]; unit != nil && first[0] >= 0x80 {
		p.sido = unit
		p.at++
		p.secondLevel()
		return true
	}
	if unit, rest := sidoPrefix(first); unit != nil {
		p.sido, p.tokens[p.at] = unit, rest
		p.secondLevel()
		if p.sigungu != nil || unit.Short == "세종" {
			return true
		}
		p.sido, p.tokens[p.at] = nil, first
	}
	return p.withoutFirstLevel()
}

// sidoPrefix finds a first level that is written together with what follows: 서울특별시강남구, 경기성남시.
func sidoPrefix(token string) (unit *sidoUnit, rest string) {
	for size := len(token) - 3; size >= 6; size-- {
		if unit = regions.bySpell[token[:size]]; unit != nil && utf8.RuneStart(token[size]) {
			return unit, token[size:]
		}
	}
	return nil, token
}

func (p *addressText) isBareGwangju(token string) bool {
	return token == "광주시" || token == "광주"
}

// gwangju tells the former 광주광역시 from 경기도 광주시 by the postal code or by the word behind (F-ADDR-6).
func (p *addressText) gwangju() bool {
	next := p.token(p.at + 1)
	switch {
	case metropolitan[next]:
		p.sido = regions.bySpell["광주광역시"]
		p.at++
		p.secondLevel()
	case strings.HasPrefix(p.address.PostalCode, "12"):
		p.sido = regions.bySpell["경기도"]
		p.sigungu = p.sido.units["광주시"]
		p.at++
	case strings.HasPrefix(p.address.PostalCode, "61"), strings.HasPrefix(p.address.PostalCode, "62"):
		p.sido = regions.bySpell["광주광역시"]
		p.at++
		p.secondLevel()
	default:
		return false
	}
	return true
}

// withoutFirstLevel accepts a second level that only one region has, or that the postal code decides.
func (p *addressText) withoutFirstLevel() bool {
	token, next := p.token(p.at), p.token(p.at+1)
	candidates := regions.byName[token+" "+next]
	used := 2
	if len(candidates) == 0 {
		candidates, used = regions.byName[token], 1
	}
	var chosen *sigunguUnit
	postalSido := sidoOfPostal(p.address.PostalCode, p.on)
	for _, unit := range candidates {
		if !unit.Before.IsZero() && !p.on.Before(unit.Before) {
			continue
		}
		switch {
		case postalSido != nil && unit.sido.in(p.on) == postalSido:
			chosen = unit
		case postalSido == nil && chosen != nil:
			return false
		case postalSido == nil:
			chosen = unit
		}
	}
	if chosen == nil || used == 1 && chosen.Sigungu == "광주시" && postalSido == nil {
		return false
	}
	p.sido, p.sigungu = chosen.sido, chosen
	p.at += used
	return true
}

// secondLevel reads one or two tokens of the second level (F-ADDR-5).
func (p *addressText) secondLevel() {
	token := strings.TrimRight(p.token(p.at), ",")
	if token == "" || p.sido.Short == "세종" {
		return
	}
	unit := p.sido.units[token]
	if unit == nil && len(token) >= 6 {
		for _, suffix := range [...]string{"시", "군", "구"} {
			if unit = p.sido.units[token+suffix]; unit != nil {
				break
			}
		}
	}
	if unit == nil {
		p.gluedSecondLevel(token)
		return
	}
	p.sigungu = unit
	p.at++
	if next := strings.TrimRight(p.token(p.at), ","); next != "" {
		if district := p.sido.units[unit.Sigungu+" "+next]; district != nil {
			p.sigungu = district
			p.at++
		}
	}
}

// gluedSecondLevel reads 성남시분당구 written together, and a district without its city: 경기도 분당구.
func (p *addressText) gluedSecondLevel(token string) {
	for size := len(token) - 6; size >= 6; size -= 3 {
		if unit := p.sido.units[token[:size]+" "+token[size:]]; unit != nil {
			p.sigungu = unit
			p.at++
			return
		}
	}
	for _, unit := range regions.byName[token] {
		if unit.sido == p.sido && unit.district {
			p.sigungu = unit
			p.at++
			return
		}
	}
}

// street reads town, road or lot behind the region.
func (p *addressText) street() {
	if town := strings.TrimRight(p.token(p.at), ","); isCountryTown(town) {
		p.address.Town, p.lot = town, town
		p.at++
	}
	if p.readRoad() {
		return
	}
	p.readLot()
}

func isCountryTown(s string) bool {
	return len(s) >= 6 && (strings.HasSuffix(s, "읍") || strings.HasSuffix(s, "면"))
}

// isRoadName follows F-ADDR-3: letters and digits that end in 대로, 로 or 길.
func isRoadName(s string) bool {
	if len(s) < 6 || !strings.HasSuffix(s, "로") && !strings.HasSuffix(s, "길") {
		return false
	}
	for _, r := range s {
		if !IsSyllable(r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '.' && r != '·' {
			return false
		}
	}
	return true
}

// isTownName reports 동, 읍, 면, 리 and 가 as the end of a word.
func isTownName(s string) bool {
	if len(s) < 6 {
		return false
	}
	switch s[len(s)-3:] {
	case "동", "읍", "면", "리", "가":
		r, _ := utf8.DecodeRuneInString(s)
		return IsSyllable(r)
	}
	return false
}

func (p *addressText) readRoad() bool {
	token := p.token(p.at)
	road, glued := token, ""
	used := 1
	if !isRoadName(road) {
		road, glued = splitRoadNumber(token)
		if road == "" {
			return false
		}
	}
	if next := p.token(p.at + 1); glued == "" && next != "" && next[0] >= '0' && next[0] <= '9' && isRoadName(road+next) { // 테헤란로 4길
		road += next
		used = 2
	} else if glued == "" && isRoadName(next) && !strings.HasSuffix(road, "길") && isRoadName(p.token(p.at+2)) {
		return false
	}
	text := glued
	if text == "" {
		text = p.token(p.at + used)
		if text == "지하" || text == "공중" {
			p.address.Underground = text == "지하"
			used++
			text = text + " " + p.token(p.at+used)
		}
		used++
	}
	if !p.buildingNumber(text) {
		if isRoadName(token) {
			p.road, p.address.Road = road, road
			p.at++
			return true
		}
		return false
	}
	p.road, p.address.Road = road, road
	p.at += used
	return true
}

// splitRoadNumber takes 테헤란로152 apart; 테헤란로4길 is a name.
func splitRoadNumber(token string) (road, number string) {
	trimmed := strings.TrimRight(token, ",")
	i := len(trimmed)
	for i > 0 && (trimmed[i-1] >= '0' && trimmed[i-1] <= '9' || trimmed[i-1] == '-') {
		i--
	}
	if i == len(trimmed) || i == 0 || !isRoadName(trimmed[:i]) {
		return "", ""
	}
	return trimmed[:i], token[i:]
}

// buildingNumber reads 152, 152-3, 지하 152 and leaves what is glued behind a comma to the detail.
func (p *addressText) buildingNumber(text string) bool {
	prefix := ""
	for _, word := range [...]string{"지하", "공중"} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			prefix, text = word+" ", strings.TrimLeft(rest, " ")
			p.address.Underground = word == "지하"
		}
	}
	main, sub, rest := readNumber(text)
	if main == "" {
		return false
	}
	number := text[:len(text)-len(rest)]
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "번지"), "번")
	if rest != "" && rest[0] != ',' {
		return false
	}
	p.address.BuildingMain, p.address.BuildingSub = atoi(main), atoi(sub)
	p.number = prefix + number
	p.prepend(strings.TrimLeft(rest, ","))
	return true
}

// prepend keeps text that was glued to a number, for the detail.
func (p *addressText) prepend(text string) {
	if text != "" {
		p.glued = text
	}
}

func readNumber(s string) (main, sub, rest string) {
	i := 0
	for i < len(s) && i < 5 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == 0 || i < len(s) && s[i] >= '0' && s[i] <= '9' {
		return "", "", s
	}
	main, rest = s[:i], s[i:]
	if strings.HasPrefix(rest, "-") {
		j := 1
		for j < len(rest) && j < 6 && rest[j] >= '0' && rest[j] <= '9' {
			j++
		}
		if j > 1 {
			return main, rest[1:j], rest[j:]
		}
	}
	return main, "", rest
}

// readLot reads 역삼동 737-1, 산 12, 안덕리 산12번지.
func (p *addressText) readLot() {
	for n := 0; n < 2; n++ {
		token := strings.TrimRight(p.token(p.at), ",")
		if !isTownName(token) {
			break
		}
		if p.lot != "" {
			p.lot += " "
		}
		p.lot += token
		p.address.Town = p.lot
		p.at++
	}
	if p.lot == "" {
		return
	}
	text, used, forest := p.token(p.at), 1, ""
	if text == "산" {
		forest, text, used = "산 ", p.token(p.at+1), 2
	} else if rest, ok := strings.CutPrefix(text, "산"); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		forest, text = "산 ", rest
	}
	main, sub, rest := readNumber(text)
	if main == "" {
		return
	}
	number := text[:len(text)-len(rest)]
	rest = strings.TrimPrefix(rest, "번지")
	if rest != "" && rest[0] != ',' {
		return
	}
	p.address.LotMain, p.address.LotSub, p.address.IsForest = atoi(main), atoi(sub), forest != ""
	p.number = forest + number
	p.at += used
	p.prepend(strings.TrimLeft(rest, ","))
}
