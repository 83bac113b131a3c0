// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// phoneForm writes digits the way people key them; none of these forms counts as damage.
func phoneForm(r *random, digits string, habit float64) string {
	if len(digits) < 10 || digits[0] != '0' || r.chance(habit) {
		if len(digits) >= 10 && digits[0] == '0' {
			return dashes(digits, "-")
		}
		return digits
	}
	switch r.intn(8) {
	case 0:
		return dashes(digits, " ")
	case 1:
		return dashes(digits, ".")
	case 2:
		return "+82-" + dashes(digits, "-")[1:]
	case 3:
		return "82" + digits[1:]
	case 4:
		return fullWidth(dashes(digits, "-"))
	case 5:
		return "(" + digits[:3] + ")" + dashes(digits, "-")[4:]
	default:
		return digits
	}
}

func dashes(digits, sign string) string {
	area := 3
	if strings.HasPrefix(digits, "02") {
		area = 2
	} else if strings.HasPrefix(digits, "050") {
		area = 4
	}
	return digits[:area] + sign + digits[area:len(digits)-4] + sign + digits[len(digits)-4:]
}

func fullWidth(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c - '0' + '０'
		}
		return c
	}, s)
}

func birthForm(r *random, d date, habit float64) string {
	if d.year == 0 {
		return ""
	}
	if r.chance(habit) {
		return d.iso()
	}
	switch r.intn(4) {
	case 0:
		return d.join("")
	case 1:
		return d.join(".")
	case 2:
		return d.join("/")
	default:
		return strconv.Itoa(d.year) + "년 " + strconv.Itoa(d.month) + "월 " + strconv.Itoa(d.day) + "일"
	}
}

// splitAddress fills base, detail and postal code; damage may have left a text of its own.
func (c *chunk) splitAddress(r *random, rec *record, form int) (postal, base, detail string) {
	if rec.place == nil {
		return "", "", ""
	}
	postal = rec.place.postal()
	if postal[0] == '0' && r.chance(0.12) {
		postal = postal[1:]
		c.count[countExcelZero]++
	}
	if rec.address != "" {
		return postal, rec.address, ""
	}
	if rec.place.isOldForm(form) {
		c.count[countOldRegion]++
	}
	return postal, rec.place.base(form), rec.place.detail()
}

// formOf draws the way regions are written: most systems have not followed the changes of 2026 yet.
func formOf(r *random) int {
	switch x := r.float(); {
	case x < 0.35:
		return formNew
	case x < 0.7:
		return formOld
	case x < 0.9:
		return formShort
	default:
		return formLoose
	}
}

// after draws a day in the spread of days from day on, but not after the end of the history.
func after(r *random, day, spread int) int {
	return day + r.intn(min(spread, windowDays-1-day)+1)
}

func yes(ok bool) string {
	if ok {
		return "Y"
	}
	return "N"
}

const membersHeader = "\ufeff회원번호,이름,휴대폰,이메일,우편번호,주소,상세주소,생년월일,음력양력,성별,등급,가입일,카드번호,SMS수신동의,이메일수신동의,야간수신동의,동의일,동의방법,비고\r\n"

func (c *chunk) member(w *world, p *person, b *behaviour, copy int, number, card string) {
	r := newRandom(w.seed, streamRecord, uint64(p.index)*64+uint64(inMembers*4+copy))
	rec := c.newRecord(p, 0)
	c.wear(&r, p, rec, true)
	postal, base, detail := c.splitAddress(&r, rec, formOf(&r))
	calendarText := "양력"
	if rec.isLunar {
		calendarText = "음력"
	}
	if rec.birth.year == 0 {
		calendarText = ""
	}
	sex := "남"
	if p.isFemale {
		sex = "여"
	}
	if r.chance(0.03) {
		sex = ""
	}
	if card != "" && r.chance(0.35) {
		c.count[countLinked]++
	} else {
		card = ""
	}
	joined := w.day(p.joinDay)
	email, sms := b.isConsenting, b.isConsenting && r.chance(0.85)
	consentOn := w.day(after(&r, p.joinDay, 400*r.intn(2))).iso() + clock(r.between(9*60, 22*60))
	method := one(&r, []string{"웹", "앱", "앱", "매장 서면", "전화"})
	if !email {
		consentOn, method = "", ""
	}
	memo := c.memo(&r, p, 0.02)
	f := &c.files[fileMembers]
	f.data = appendRow(f.data, number, rec.name, phoneForm(&r, rec.phone, 0.85), rec.email, postal, base, detail, birthForm(&r, rec.birth, 0.9), calendarText, sex,
		b.grade(), joined.iso(), card, yes(sms), yes(email), yes(sms && r.chance(0.2)), consentOn, method, memo)
	f.end(p.index)
}

// grade is what the loyalty programme gave for past purchases: a noisy picture of the true rate.
func (b *behaviour) grade() string {
	switch x := b.rate * (0.7 + 0.6*b.r.float()); {
	case x > 3.2:
		return "VVIP"
	case x > 2.0:
		return "VIP"
	case x > 1.0:
		return "골드"
	case x > 0.4:
		return "실버"
	default:
		return "일반"
	}
}

const storesHeader = "고객번호,카드번호,지점,성명,연락처,집전화,생일,주소,등록일,메모\r\n"

func (c *chunk) store(w *world, p *person, copy int, number, card string) {
	r := newRandom(w.seed, streamRecord, uint64(p.index)*64+uint64(inStores*4+copy))
	blank := uint(1 << fieldEmail)
	if r.chance(0.45) {
		blank |= 1 << fieldAddress
	}
	if r.chance(0.4) {
		blank |= 1 << fieldBirth
	}
	rec := c.newRecord(p, blank)
	c.wear(&r, p, rec, true)
	birth, place, home := "", "", ""
	if blank&(1<<fieldBirth) == 0 {
		birth = birthForm(&r, rec.birth, 0.25)
		if rec.isLunar && birth != "" {
			birth += "(음)"
		}
	}
	if blank&(1<<fieldAddress) == 0 && rec.place != nil {
		if place = rec.address; place == "" {
			form := formOf(&r)
			if place = rec.place.full(form); rec.place.isOldForm(form) {
				c.count[countOldRegion]++
			}
		}
	}
	if r.chance(0.3) {
		home = phoneForm(&r, p.homePhone, 0.5)
	}
	branch := w.atlas.branches[p.branch].name
	if copy > 0 {
		branch = w.atlas.branches[r.intn(len(w.atlas.branches))].name
	}
	f := &c.files[fileStores]
	f.data = appendRow(f.data, number, card, branch, rec.name, phoneForm(&r, rec.phone, 0.5), home, birth, place,
		w.day(after(&r, p.joinDay, 90)).join("."), c.memo(&r, p, 0.12))
	f.end(p.index)
}

const onlineHeader = "온라인계정,이름,휴대전화,이메일,배송지우편번호,배송지,상세배송지,수령인,가입일시,최근접속일시,적립금,이메일수신여부,SMS수신여부,통합회원번호\n"

func (c *chunk) online(w *world, p *person, b *behaviour, copy int, account, memberNumber string) {
	r := newRandom(w.seed, streamRecord, uint64(p.index)*64+uint64(inOnline*4+copy))
	rec := c.newRecord(p, 1<<fieldBirth)
	if copy > 0 {
		rec.email = account
		rec.altered |= 1 << fieldEmail
		rec.lost |= 1 << fieldEmail
		c.count[countOtherEmail]++
	}
	c.wear(&r, p, rec, false)
	if p.isForeign && r.chance(0.7) {
		rec.name = p.latin
	}
	postal, base, detail := c.splitAddress(&r, rec, formOf(&r))
	if rec.place != nil && rec.address == "" && (p.isForeign && r.chance(0.5)) {
		base = rec.place.latin()
	}
	receiver := rec.name
	if r.chance(0.08) {
		receiver = one(&r, []string{"경비실", "관리사무소", "어머니", "회사 안내데스크"})
	}
	if r.chance(0.01) {
		rec.name = norm.NFD.String(rec.name)
		c.count[countDecomposed]++
	}
	if memberNumber != "" && r.chance(0.3) {
		c.count[countLinked]++
	} else {
		memberNumber = ""
	}
	joinDay := after(&r, p.joinDay, 200)
	last := max(joinDay, min(windowDays-1, b.endDay)-min(r.intn(60), r.intn(60)))
	f := &c.files[fileOnline]
	f.data = appendRow(f.data, account, rec.name, phoneForm(&r, rec.phone, 0.75), rec.email, postal, base, detail, receiver,
		w.day(joinDay).iso()+clock(r.intn(1440)), w.day(last).iso()+clock(r.intn(1440)), strconv.Itoa(int(b.rate*float64(r.intn(9000)))/10*10),
		yes(b.isConsenting), yes(b.isConsenting && r.chance(0.6)), memberNumber)
	f.end(p.index)
}

var memoTexts = []string{
	"단골 고객", "사은품 좋아하심", "배송 전 연락 부탁", "-문 앞에 놓아 주세요", "자녀 2명, 유아용품 관심", "명절 선물세트 매년 구매", "주차 문의 잦음", "포장 꼼꼼히", "카드 재발급", "교환 이력 있음 \"사이즈\"",
	"=이전 담당 메모 참조", "@강남점 VIP 행사 초대", "남편분이 대신 수령", "알레르기 있음, 견과류 제외",
}

// memo writes a clerk's note; a few hold a resident number, which the product must never store (F-RRN-7).
func (c *chunk) memo(r *random, p *person, often float64) string {
	if r.chance(0.004) {
		c.count[countResident]++
		return "본인확인 " + residentNumber(r, p) + " 확인함"
	}
	if r.chance(often) {
		return one(r, memoTexts)
	}
	return ""
}

// residentNumber has the form of a resident number of the person but a wrong check digit, so that it cannot be
// the number of a living person born before the rule of October 2020 (F-RRN, F-RRN-8).
func residentNumber(r *random, p *person) string {
	b := []byte(p.birth.join(""))[2:]
	century := byte('1')
	if p.birth.year >= 2000 {
		century = '3'
	}
	if p.isForeign {
		century += 4
	}
	if p.isFemale {
		century++
	}
	b = append(b, century)
	for range 5 {
		b = append(b, byte('0'+r.intn(10)))
	}
	sum := 0
	for i, weight := range [12]int{2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5} {
		sum += weight * int(b[i]-'0')
	}
	// Nationals use 11 - sum, foreign registrations 13 - sum; keep clear of both.
	check := (11 - sum%11) % 10
	for wrong := (check + 5) % 10; ; wrong = (wrong + 1) % 10 {
		if wrong != check && wrong != (check+2)%10 {
			b = append(b, byte('0'+wrong))
			break
		}
	}
	if r.chance(0.3) {
		return string(b)
	}
	return string(b[:6]) + "-" + string(b[6:])
}
