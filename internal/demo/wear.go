// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"math/bits"
	"strings"
)

// Fields of a record that wear can damage.
const (
	fieldName = iota
	fieldPhone
	fieldEmail
	fieldAddress
	fieldBirth
	fieldCount
)

// record is what one system holds about a person.
type record struct {
	name, phone, email       string
	place                    *address
	address                  string
	birth                    date
	isLunar                  bool
	altered, missing, blank  uint
	lost                     uint // fields that do not tell any more who the person is
	isDuplicate, isExcelRead bool
	isBridged                bool // another record of the person, if there is any, has both telephone and e-mail
}

// How many fields of a record are damaged: a person's first record is mostly good, later ones are not.
var (
	firstWear = newWeights([]float64{0.76, 0.18, 0.05, 0.01})
	laterWear = newWeights([]float64{0.20, 0.24, 0.30, 0.19, 0.07})
)

// newRecord copies the truth; fields in blank were never asked for by the system.
func (c *chunk) newRecord(p *person, blank uint) *record {
	rec := &c.record
	*rec = record{name: p.name, phone: p.mobile, email: p.email, place: &p.home, birth: p.birth, isLunar: p.isLunar, blank: blank, isBridged: c.isBridged}
	return rec
}

// wear damages the record and counts it. isExcel allows the damage that only spreadsheets do.
func (c *chunk) wear(r *random, p *person, rec *record, isExcel bool) {
	n := firstWear.pick(r)
	if c.personRecords > 0 {
		n = laterWear.pick(r)
		rec.isDuplicate = true
	}
	rec.isExcelRead = isExcel
	n = min(n, fieldCount-bits.OnesCount(rec.blank)-1) // one that was asked for stays whole
	for tries := 0; n > 0 && tries < 24; tries++ {
		field := uint(r.intn(fieldCount))
		if (rec.altered|rec.missing|rec.blank)&(1<<field) != 0 {
			continue
		}
		if c.damage(r, p, rec, field) {
			n--
		}
	}
	c.personRecords++
	c.isBridged = c.isBridged || rec.tells(fieldPhone) && rec.tells(fieldEmail)
	c.count[countRecords]++
	if rec.missing != 0 {
		c.count[countMissing]++
	}
	if rec.isDuplicate {
		c.count[countDuplicates]++
		if bits.OnesCount(rec.altered|rec.missing) > 1 {
			c.count[countTwoDamaged]++
		}
		if bits.OnesCount(rec.altered) > 1 {
			c.count[countTwoAltered]++
		}
	}
}

// canLose reports whether what a field tells may be lost too, so that the truth can still be found in the
// record: a name and a telephone, or telephone and e-mail, or a name, an e-mail address and one of address and
// birth date if another record leads from that e-mail to the telephone that the others have. Slips, old forms
// and other spellings lose nothing.
func (rec *record) canLose(field uint) bool {
	left := *rec
	left.lost |= 1 << field
	if !left.tells(fieldName) {
		return left.tells(fieldPhone) && left.tells(fieldEmail)
	}
	return left.tells(fieldPhone) || left.isBridged && left.tells(fieldEmail) && (left.tells(fieldAddress) || left.tells(fieldBirth))
}

func (rec *record) tells(field uint) bool { return (rec.lost|rec.blank)&(1<<field) == 0 }

// lose is use for a value that tells nothing of the person, or something else.
func (c *chunk) lose(rec *record, field uint, value *string, instead string, kind int) bool {
	if !rec.canLose(field) || !c.use(value, instead, kind) {
		return false
	}
	rec.lost |= 1 << field
	return true
}

func (c *chunk) damage(r *random, p *person, rec *record, field uint) bool {
	if field != fieldName && r.chance(0.14) {
		if !rec.canLose(field) {
			return false
		}
		rec.lost |= 1 << field
		switch field {
		case fieldPhone:
			rec.phone = ""
		case fieldEmail:
			rec.email = ""
		case fieldAddress:
			rec.place = nil
		case fieldBirth:
			rec.birth = date{}
		}
		rec.missing |= 1 << field
		return true
	}
	ok := false
	switch field {
	case fieldName:
		ok = c.damageName(r, p, rec)
	case fieldPhone:
		ok = c.damagePhone(r, p, rec)
	case fieldEmail:
		ok = c.damageEmail(r, p, rec)
	case fieldAddress:
		ok = c.damageAddress(r, p, rec)
	case fieldBirth:
		ok = c.damageBirth(r, p, rec)
	}
	if ok {
		rec.altered |= 1 << field
	}
	return ok
}

// dueum pairs family names that the initial-sound law splits (F-NAME-5).
var dueum = map[string]string{"이": "리", "유": "류", "류": "유", "임": "림", "나": "라", "라": "나", "노": "로", "양": "량", "여": "려", "연": "련"}

var placeholderNames = []string{"고객", "비회원", "테스트", "홍길동", "미상", "-", "ㅇㅇㅇ", "이름없음"}

func (c *chunk) damageName(r *random, p *person, rec *record) bool {
	switch x := r.float(); {
	case x < 0.42:
		if p.isForeign {
			return c.use(&rec.name, p.latin, countRoman)
		}
		return c.use(&rec.name, mistype(r, p.name), countTypo)
	case x < 0.62:
		return c.use(&rec.name, p.latin, countRoman)
	case x < 0.72:
		other, ok := dueum[p.family.hangul]
		return ok && !p.isForeign && c.use(&rec.name, other+p.given, countDueum)
	case x < 0.84:
		switch r.intn(3) {
		case 0:
			return c.use(&rec.name, p.given+p.family.hangul, countSpacing)
		case 1:
			return c.use(&rec.name, strings.Join(strings.Split(p.name, ""), " "), countSpacing)
		default:
			return c.use(&rec.name, p.family.hangul+" "+p.given, countSpacing)
		}
	case x < 0.95:
		return c.use(&rec.name, p.name+one(r, []string{"님", " 고객님", "(본인)", " 사모님", "(모)", "씨", "2", "*"}), countCalled)
	default:
		return c.lose(rec, fieldName, &rec.name, one(r, placeholderNames), countPlaceholder)
	}
}

// use sets the value and counts the kind, unless nothing would change.
func (c *chunk) use(field *string, value string, kind int) bool {
	if *field == value || value == "" {
		return false
	}
	*field = value
	c.count[kind]++
	return true
}

func (c *chunk) damagePhone(r *random, p *person, rec *record) bool {
	// Few records may lose the telephone; those that may do.
	if rec.canLose(fieldPhone) {
		return c.losePhone(r, p, rec)
	}
	switch x := r.float(); {
	case x < 0.22:
		return c.use(&rec.phone, p.legacyMobile, countLegacyPhone)
	case x < 0.64:
		return c.use(&rec.phone, wrongDigit(r, p.mobile), countPhoneTypo)
	default:
		return rec.isExcelRead && c.use(&rec.phone, p.mobile[1:], countExcelZero)
	}
}

// losePhone writes a number that does not lead to the person.
func (c *chunk) losePhone(r *random, p *person, rec *record) bool {
	switch x := r.float(); {
	case x < 0.42:
		return c.lose(rec, fieldPhone, &rec.phone, p.oldMobile, countOldPhone)
	case x < 0.66:
		return c.lose(rec, fieldPhone, &rec.phone, p.familyMobile, countFamilyPhone)
	case x < 0.7:
		return c.lose(rec, fieldPhone, &rec.phone, "0504"+p.oldMobile[3:], countSafePhone)
	case x < 0.84:
		// Excel shows long numbers in a narrow column like this, and CSV keeps what it shows (F-TEL-3).
		return rec.isExcelRead && c.lose(rec, fieldPhone, &rec.phone, p.mobile[1:2]+"."+p.mobile[2:7]+"E+10", countExcelExponent)
	case x < 0.92:
		return c.lose(rec, fieldPhone, &rec.phone, p.mobile[:r.between(7, 9)], countBadPhone)
	default:
		return c.lose(rec, fieldPhone, &rec.phone, one(r, []string{"01000000000", "01012345678", "00000000000", "01011111111"}), countPlaceholder)
	}
}

var wrongDomains = map[string]string{"naver.com": "naver.con", "gmail.com": "gmial.com", "hanmail.net": "hanmail.com", "daum.net": "daum.ent", "kakao.com": "kakao.co", "nate.com": "nate.con", "hotmail.com": "hotmial.com"}

func (c *chunk) damageEmail(r *random, p *person, rec *record) bool {
	local, domain, _ := strings.Cut(p.email, "@")
	switch x := r.float(); {
	case x < 0.3:
		return c.use(&rec.email, local+"@"+wrongDomains[domain], countEmailTypo)
	case x < 0.7:
		return c.lose(rec, fieldEmail, &rec.email, p.secondEmail, countOtherEmail)
	case x < 0.88:
		return c.use(&rec.email, one(r, []string{local, local + "@@" + domain, local + "@" + strings.ReplaceAll(domain, ".", ","), local + " @" + domain, local + "@"}), countBadEmail)
	default:
		return c.lose(rec, fieldEmail, &rec.email, one(r, []string{"none@none.com", "a@a.com", "없음", "test@test.com", "x@x.x"}), countPlaceholder)
	}
}

func (c *chunk) damageAddress(r *random, p *person, rec *record) bool {
	switch x := r.float(); {
	case x < 0.55:
		if !rec.canLose(fieldAddress) {
			return false
		}
		rec.place, rec.lost = &p.oldHome, rec.lost|1<<fieldAddress
		c.count[countMoved]++
	case x < 0.85:
		rec.address = p.home.lotForm(r.between(formOld, formLoose))
		c.count[countLotForm]++
	case x < 0.93:
		// Cut after the road: the field of the old system was short.
		full := p.home.base(formShort)
		rec.address = full[:strings.LastIndexByte(full, ' ')]
	default:
		if !rec.canLose(fieldAddress) {
			return false
		}
		rec.lost |= 1 << fieldAddress
		rec.address = one(r, []string{"주소없음", "상동", "-", "서울"})
		c.count[countPlaceholder]++
	}
	return true
}

func (c *chunk) damageBirth(r *random, p *person, rec *record) bool {
	d := p.birth
	switch x := r.float(); {
	case x < 0.3:
		if d.day > 12 || d.day == d.month {
			return false
		}
		rec.birth.month, rec.birth.day = d.day, d.month
		c.count[countBirthSwap]++
	case x < 0.62:
		switch r.intn(3) {
		case 0:
			rec.birth.year += []int{-10, -1, 1, 10}[r.intn(4)]
			if rec.birth.month == 2 && rec.birth.day == 29 {
				rec.birth.day = 28
			}
		case 1:
			rec.birth.month = d.month%12 + 1
			rec.birth.day = min(d.day, 28)
		default:
			rec.birth.day = (d.day+9)%28 + 1
		}
		if rec.birth == d {
			return false
		}
		c.count[countBirthTypo]++
	case x < 0.8:
		if !p.isLunar {
			return false
		}
		// The lunar calendar runs three to seven weeks behind the solar one.
		rec.birth, rec.isLunar = d.add(r.between(20, 48)), false
		c.count[countLunarSolar]++
	default:
		if !rec.canLose(fieldBirth) {
			return false
		}
		rec.lost |= 1 << fieldBirth
		rec.birth = date{1900, 1, 1}
		c.count[countPlaceholder]++
	}
	return true
}

// wrongDigit changes one digit or swaps two neighbours of the subscriber part.
func wrongDigit(r *random, phone string) string {
	b := []byte(phone)
	i := r.between(4, len(b)-2)
	if b[i] != b[i+1] && r.chance(0.5) {
		b[i], b[i+1] = b[i+1], b[i]
	} else {
		b[i] = '0' + (b[i]-'0'+byte(r.between(1, 9)))%10
	}
	return string(b)
}

// Pairs of letters that are confused by ear or lie side by side on the keyboard, as positions in the
// orders of initial, medial and final letters (F-HAN-4).
var (
	nearInitial = map[int]int{0: 15, 15: 0, 3: 16, 16: 3, 7: 17, 17: 7, 12: 14, 14: 12, 9: 10, 10: 9, 2: 5, 5: 2, 11: 18, 18: 11, 6: 2}
	nearMedial  = map[int]int{0: 2, 2: 0, 1: 5, 5: 1, 4: 6, 6: 4, 8: 12, 12: 8, 13: 17, 17: 13, 7: 3, 3: 7, 18: 19, 19: 20, 20: 16, 16: 20, 11: 10, 9: 8, 14: 13}
	nearFinal   = map[int]int{0: 4, 1: 0, 4: 21, 21: 4, 8: 0, 16: 21, 17: 16, 7: 19}
)

// mistype changes one letter of one syllable after the family name.
func mistype(r *random, name string) string {
	runes := []rune(name)
	for range 8 {
		i := r.intn(len(runes))
		if i == 0 && len(runes) > 2 && r.chance(0.8) {
			continue
		}
		if !isSyllable(runes[i]) {
			continue
		}
		n := int(runes[i] - firstSyllable)
		initial, medial, final := n/588, n%588/28, n%28
		ok := false
		switch r.intn(4) {
		case 0:
			initial, ok = near(nearInitial, initial)
		case 1:
			final, ok = near(nearFinal, final)
		default:
			medial, ok = near(nearMedial, medial)
		}
		if ok {
			runes[i] = rune(firstSyllable + initial*588 + medial*28 + final)
			return string(runes)
		}
	}
	return string(runes[:len(runes)-1])
}

func near(table map[int]int, i int) (int, bool) {
	j, ok := table[i]
	return j, ok
}
