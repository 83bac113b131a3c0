// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/korean"
)

var callNotes = []struct{ kind, text, result string }{
	{"배송", "주문 상품이 아직 도착하지 않음. 택배사 확인 후 회신 약속.", "처리완료"},
	{"교환", "사이즈가 작아 교환 요청. 매장 방문 예정이라고 함.", "처리중"},
	{"반품", "색상이 화면과 달라 반품 원함. 회수 접수.", "처리완료"},
	{"불만", "매장 직원 응대 불만. 점장 사과 전화 요청.", "이관"},
	{"문의", "적립금 소멸 예정일 문의. 안내함.", "처리완료"},
	{"문의", "추석 선물세트 대량 구매 견적 문의", "이관"},
	{"칭찬", "친절한 상담에 감사하다고 하심.", "처리완료"},
	{"제안", "유아용품 매장에 수유실이 있으면 좋겠다는 의견.", "처리완료"},
	{"회원", "휴대폰 번호 변경 요청, 새 번호는 온라인에서 직접 바꾸시겠다고 함.", "처리완료"},
	{"불만", "(광고) 문자를 거부했는데 계속 온다고 항의. 수신거부 재등록.", "처리완료"},
	{"품질", "프라이팬 코팅 벗겨짐. 사진 요청함.", "처리중"},
	{"결제", "카드 이중 결제 확인 요청.", "처리완료"},
}

const cellSeparator = "\x00"

// call appends one row of the call center: cells separated by NUL, turned into sheet XML when written. A cell
// that starts with # is a number.
func (c *chunk) call(w *world, p *person, copy int, memberNumber string) {
	r := newRandom(w.seed, streamRecord, uint64(p.index)*64+uint64(inCalls*4+copy))
	rec := c.newRecord(p, 1<<fieldEmail|1<<fieldAddress|1<<fieldBirth)
	// Who calls from home is asked for the member number.
	isFromHome := copy > 0 && memberNumber != ""
	if isFromHome {
		rec.phone = p.homePhone
		rec.altered |= 1 << fieldPhone
		rec.lost |= 1 << fieldPhone
	}
	c.wear(&r, p, rec, true)
	phone := phoneForm(&r, rec.phone, 0.7)
	if rec.phone != "" && rec.phone[0] != '0' && !strings.Contains(rec.phone, "E") {
		phone = "#" + rec.phone
	}
	if isFromHome || memberNumber != "" && r.chance(0.35) {
		c.count[countLinked]++
	} else {
		memberNumber = ""
	}
	note := callNotes[r.intn(len(callNotes))]
	text := note.text
	if memo := c.memo(&r, p, 0); memo != "" {
		text += " " + memo
	}
	day := w.day(r.between(max(0, min(p.joinDay, windowDays-1)), windowDays-1)).time()
	serial := day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()/24 + float64(r.between(9*60, 18*60))/1440
	f := &c.files[fileCalls]
	f.data = append(f.data, strings.Join([]string{
		rec.name, phone, memberNumber, "#" + strconv.FormatFloat(serial, 'f', 5, 64),
		note.kind, text, note.result, "상담원" + strconv.Itoa(r.between(1, 24)),
	}, cellSeparator)...)
	f.end(p.index)
}

// card appends a contact of a sales rep; telephones of three generations wrote them, hence three versions.
func (c *chunk) card(w *world, p *person, copy int) {
	r := newRandom(w.seed, streamRecord, uint64(p.index)*64+uint64(inSales*4+copy))
	rec := c.newRecord(p, 1<<fieldAddress|1<<fieldBirth)
	business := p.company
	local, _, _ := strings.Cut(p.email, "@")
	if r.chance(0.7) {
		rec.email = local + "@" + business.domain
		rec.lost |= 1 << fieldEmail
	}
	c.wear(&r, p, rec, false)
	work := business.home.full(formOf(&r))
	post := business.home.postal()
	rep := salesReps[(p.index+copy*7)%len(salesReps)]
	v := contact{
		rec: rec, family: p.family.hangul, given: p.given, company: business.form(&r), title: p.title, department: one(&r, departments),
		phone: phoneForm(&r, rec.phone, 0.6), work: phoneForm(&r, business.phone, 0.8), address: work, post: post, rep: rep,
	}
	if rec.name != p.name || p.isForeign {
		v.family, v.given = "", rec.name
	}
	f := &c.files[fileSales]
	switch r.intn(4) {
	case 0:
		f.data = v.version2(&r, f.data)
	case 1:
		f.data = v.version4(f.data)
	default:
		f.data = v.version3(f.data)
	}
	f.end(p.index)
}

var salesReps = []string{"영업 최강호", "영업 윤미래", "영업 박준혁", "영업 서가은"}

type contact struct {
	rec                                                                        *record
	family, given, company, title, department, phone, work, address, post, rep string
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ",", `\,`, ";", `\;`, "\n", `\n`).Replace(s)
}

// fold breaks lines after 75 octets, never inside a character (RFC 6350 3.2).
func fold(b []byte, s string) []byte {
	width := 0
	for _, c := range s {
		n := len(string(c))
		if width+n > 75 {
			b = append(b, "\r\n "...)
			width = 1
		}
		b = append(b, string(c)...)
		width += n
	}
	return append(b, '\r', '\n')
}

func (v *contact) version3(b []byte) []byte {
	b = append(b, "BEGIN:VCARD\r\nVERSION:3.0\r\n"...)
	b = fold(b, "N:"+escape(v.family)+";"+escape(v.given)+";;;")
	b = fold(b, "FN:"+escape(v.rec.name))
	b = fold(b, "ORG:"+escape(v.company)+";"+escape(v.department))
	b = fold(b, "TITLE:"+escape(v.title))
	if v.phone != "" {
		b = fold(b, "TEL;TYPE=CELL:"+v.phone)
	}
	b = fold(b, "TEL;TYPE=WORK,VOICE:"+v.work)
	if v.rec.email != "" {
		b = fold(b, "EMAIL;TYPE=INTERNET,WORK:"+v.rec.email)
	}
	b = fold(b, "ADR;TYPE=WORK:;;"+escape(v.address)+";;;"+v.post+";대한민국")
	b = fold(b, "CATEGORIES:"+escape(v.rep))
	return append(b, "END:VCARD\r\n"...)
}

func (v *contact) version4(b []byte) []byte {
	b = append(b, "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\n"...)
	b = fold(b, "N:"+escape(v.family)+";"+escape(v.given)+";;;")
	b = fold(b, "FN:"+escape(v.rec.name))
	b = fold(b, "ORG:"+escape(v.company)+";"+escape(v.department))
	b = fold(b, "TITLE:"+escape(v.title))
	if v.phone != "" && v.phone[0] == '0' && !strings.ContainsAny(v.phone, "０ ") {
		b = fold(b, "TEL;VALUE=uri;TYPE=cell:tel:+82-"+v.phone[1:])
	} else if v.phone != "" {
		b = fold(b, "TEL;TYPE=cell:"+v.phone)
	}
	b = fold(b, "TEL;TYPE=work:"+v.work)
	if v.rec.email != "" {
		b = fold(b, "EMAIL;TYPE=work:"+v.rec.email)
	}
	b = fold(b, "ADR;TYPE=work:;;"+escape(v.address)+";;;"+v.post+";대한민국")
	b = fold(b, "NOTE:"+escape(v.rep+", 거래처 담당자"))
	return append(b, "END:VCARD\r\n"...)
}

// version2 writes quoted-printable; the oldest telephones did so in the Korean code page.
func (v *contact) version2(r *random, b []byte) []byte {
	charset, encode := "UTF-8", func(s string) string { return s }
	if r.chance(0.4) {
		charset, encode = "EUC-KR", toCP949
	}
	text := func(b []byte, property, value string) []byte {
		b = append(b, property...)
		b = append(append(append(b, ";CHARSET="...), charset...), ";ENCODING=QUOTED-PRINTABLE:"...)
		return append(quotedPrintable(b, encode(value), len(property)+40), '\r', '\n')
	}
	b = append(b, "BEGIN:VCARD\r\nVERSION:2.1\r\n"...)
	b = text(b, "N", v.family+";"+v.given+";;;")
	b = text(b, "FN", v.rec.name)
	b = text(b, "ORG", v.company+";"+v.department)
	b = text(b, "TITLE", v.title)
	if v.phone != "" {
		b = append(append(append(b, "TEL;CELL:"...), ascii(v.phone)...), '\r', '\n')
	}
	b = append(append(append(b, "TEL;WORK:"...), ascii(v.work)...), '\r', '\n')
	if v.rec.email != "" {
		b = append(append(append(b, "EMAIL;INTERNET:"...), ascii(v.rec.email)...), '\r', '\n')
	}
	b = text(b, "ADR;WORK", ";;"+v.address+";;;"+v.post+";대한민국")
	return append(b, "END:VCARD\r\n"...)
}

// ascii keeps what a plain 2.1 line may hold: full-width digits become plain, other letters a question mark.
func ascii(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '０' && c <= '９':
			return c - '０' + '0'
		case c > 126:
			return '?'
		}
		return c
	}, s)
}

func quotedPrintable(b []byte, s string, width int) []byte {
	for i := range len(s) {
		if width > 72 {
			b = append(b, "=\r\n"...)
			width = 0
		}
		if ch := s[i]; ch < 33 && ch != ' ' || ch > 126 || ch == '=' {
			b = fmt.Appendf(b, "=%02X", ch)
			width += 3
		} else {
			b = append(b, ch)
			width++
		}
	}
	return b
}

// toCP949 encodes; every character of the tables is in CP949, so a failure is a mistake in a table.
func toCP949(s string) string {
	out, err := korean.EUCKR.NewEncoder().String(s)
	if err != nil {
		panic(fmt.Sprintf("demo: %q is not in CP949: %v", s, err))
	}
	return out
}
