// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"strings"
	"testing"
)

var today = Date{2026, 11, 21}

func codes(findings []Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, f.Code)
	}
	return strings.Join(list, " ")
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, line, text string }{
		{"NFD to NFC", "\u1112\u1161\u11ab", "한", "한"},
		{"loose letters stay", "ㄱㅏ", "ㄱㅏ", "ㄱㅏ"},
		{"dot of lists stays", "ㆍ", "ㆍ", "ㆍ"},
		{"company sign stays", "㈜", "㈜", "㈜"},
		{"circled digit stays", "①", "①", "①"},
		{"spaces", "\u3000 김\u00a0\u00a0철수 \t", "김 철수", "김  철수"},
		{"zero width", "김\u200b철\ufeff수\u00ad", "김철수", "김철수"},
		{"controls", "김\x00철\x07수", "김철수", "김철수"},
		{"lines", " 가 \r\n 나\r다 ", "가 나 다", "가\n 나\n다"},
		{"overrides", "abc\u202edef", "abcdef", "abcdef"},
		{"family picture stays", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"joiner between letters goes", "가\u200d나", "가나", "가나"},
		{"plain", "Kim Min-su", "Kim Min-su", "Kim Min-su"},
		{"empty", "   ", "", ""},
	} {
		if got, _ := Line(c.in); got != c.line {
			t.Errorf("%s: Line %q, want %q", c.name, got, c.line)
		}
		if got, _ := Text(c.in); got != c.text {
			t.Errorf("%s: Text %q, want %q", c.name, got, c.text)
		}
	}
	if _, findings := Line("김\xff수"); codes(findings) != "text.broken" {
		t.Errorf("broken text: %v", findings)
	}
}

func TestKeysForSearch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, key, chosung, bigrams string }{
		{"홍길동", "홍길동", "ㅎㄱㄷ", "홍길 길동"},
		{"김철수 과장", "김철수 과장", "ㄱㅊㅅㄱㅈ", "김철 철수 과장"},
		{"ＨＯＮＧ　Gildong", "hong gildong", "honggildong", "ho on ng gi il ld do on ng"},
		{"ﾡﾢ", "ㄱㄲ", "ㄱㄲ", "ㄱㄲ"},
		{"a 1-2", "a 1-2", "a12", "a 1 2"},
		{"뷁", "뷁", "ㅂ", "뷁"},
		{"", "", "", ""},
	} {
		if got := SearchKey(c.in); got != c.key {
			t.Errorf("SearchKey(%q) = %q, want %q", c.in, got, c.key)
		}
		if got := Chosung(c.in); got != c.chosung {
			t.Errorf("Chosung(%q) = %q, want %q", c.in, got, c.chosung)
		}
		if got := Bigrams(c.in); got != c.bigrams {
			t.Errorf("Bigrams(%q) = %q, want %q", c.in, got, c.bigrams)
		}
	}
}

func TestJosaOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ word, pair, want string }{
		{"홍길동", "이/가", "이"},
		{"김철수", "이/가", "가"},
		{"김철수", "가/이", "가"},
		{"홍길동", "은/는", "은"},
		{"서울", "으로/로", "로"},
		{"부산", "으로/로", "으로"},
		{"제주", "으로/로", "로"},
		{"홍길동", "과/와", "과"},
		{"길동", "아/야", "아"},
		{"쿠폰3", "을/를", "을"},
		{"쿠폰2", "을/를", "를"},
		{"7", "으로/로", "로"},
		{"Kim", "이/가", "이(가)"},
		{"Kim", "으로/로", "(으)로"},
		{"홍길동)", "은/는", "은"},
		{"", "은/는", "은(는)"},
	} {
		if got := JosaOf(c.word, c.pair); got != c.want {
			t.Errorf("JosaOf(%q, %q) = %q, want %q", c.word, c.pair, got, c.want)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, full, family, given string
		confidence              Confidence
		codes                   string
	}{
		{"황보라", "황보라", "황", "보라", Low, ""},
		{"남궁민", "남궁민", "남궁", "민", Medium, ""},
		{"제갈성렬", "제갈성렬", "제갈", "성렬", High, ""},
		{"김철수", "김철수", "김", "철수", High, ""},
		{"이산", "이산", "이", "산", High, ""},
		{"김이슬비", "김이슬비", "김", "이슬비", Medium, ""},
		{"김 철수", "김철수", "김", "철수", High, ""},
		{"남궁 민", "남궁민", "남궁", "민", High, ""},
		{"홍길동 고객님", "홍길동", "홍", "길동", High, "name.honorific name.placeholder"},
		{"김철수님", "김철수", "김", "철수", High, "name.honorific"},
		{"김철ㅅㅜ", "김철ㅅㅜ", "", "", "", "name.loose_letters"},
		{"김철수2", "김철수2", "", "", "", "name.digits"},
		{"O'Neil-Kim Jr.", "O'Neil-Kim Jr.", "", "", "", ""},
		{"nan", "", "", "", "", ""},
		{strings.Repeat("가", 101), "", "", "", "", "name.too_long"},
	} {
		got, findings := Name(c.in)
		if got.Full != c.full || got.Family != c.family || got.Given != c.given || got.Confidence != c.confidence || codes(findings) != c.codes {
			t.Errorf("Name(%q) = %+v %v", c.in, got, findings)
		}
	}
	if got, _ := Name("홍길순(洪吉順)"); got.Full != "홍길순" || got.Hanja != "洪吉順" {
		t.Errorf("hanja: %+v", got)
	}
	if got, _ := Name("김민수 (Kim Minsu)"); got.Full != "김민수" || got.Latin != "Kim Minsu" {
		t.Errorf("latin: %+v", got)
	}
}

func TestCompanyNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, key   string
		isCompany bool
	}{
		{"㈜한국상사", "한국상사", true},
		{"한국상사 주식회사", "한국상사", true},
		{"(주) 한국 상사", "한국상사", true},
		{"Hankook Trading Co., Ltd.", "hankooktrading", true},
		{"김철수", "김철수", false},
	} {
		if got := CompanyKey(c.in); got != c.key || IsCompanyName(c.in) != c.isCompany {
			t.Errorf("CompanyKey(%q) = %q, company %v", c.in, got, IsCompanyName(c.in))
		}
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		class    PhoneClass
		codes    string
	}{
		{"010-1234-5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"01012345678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"+82 (0)10-1234-5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"０１０-1234-5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"1012345678", "+821012345678", ClassMobile, "phone.lost_zero phone.unassigned"},
		{"1012345678.0", "+821012345678", ClassMobile, "phone.lost_zero phone.unassigned"},
		{"+82-10-1234-5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"82 10 1234 5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"0082-10-1234-5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"+821012345678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"010.1234.5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"010/1234/5678", "+821012345678", ClassMobile, "phone.unassigned"},
		{`="01012345678"`, "+821012345678", ClassMobile, "phone.unassigned"},
		{"'01012345678", "+821012345678", ClassMobile, "phone.unassigned"},
		{"010-1234-5678(어머니)", "+821012345678", ClassMobile, "phone.remark phone.unassigned"},
		{"HP: 010-1234-5678", "+821012345678", ClassMobile, "phone.remark phone.unassigned"},
		{"010-1234-5678 / 02-345-6789", "+821012345678", ClassMobile, "phone.unassigned phone.several"},
		{"02-345-6789", "+8223456789", ClassSeoul, ""},
		{"02)3456-7890", "+82234567890", ClassSeoul, ""},
		{"031-234-5678", "+82312345678", ClassArea, ""},
		{"312345678", "+82312345678", ClassArea, "phone.lost_zero"},
		{"0507-1234-5678", "+8250712345678", ClassVirtual, "phone.virtual"},
		{"070-1234-5678", "+827012345678", ClassInternet, ""},
		{"080-123-4567", "+82801234567", ClassTollFree, ""},
		{"1588-1234", "15881234", ClassRepresentative, ""},
		{"+82-1588-1234", "15881234", ClassRepresentative, ""},
		{"011-234-5678", "+82112345678", ClassLegacyMobile, "phone.legacy"},
		{"060-700-1234", "", ClassPremium, "phone.service"},
		{"112", "", ClassSpecial, "phone.service"},
		{"1.01235E+10", "", "", "phone.e_notation"},
		{"010-0000-0000", "", "", "phone.placeholder"},
		{"010-1234-567", "", "", "phone.mobile_length"},
		{"345-6789", "", "", "phone.no_area"},
		{"010-12a4-5678", "", "", "phone.letters"},
		{"hello", "", "", "phone.no_digits"},
		{"+1 415 555 2671", "+14155552671", ClassForeign, ""},
		{"404/231-1368", "", "", "phone.unknown"},
		{"010-2345-6789", "+821023456789", ClassMobile, ""},
		{"01023456789", "+821023456789", ClassMobile, ""},
		{"010-1111-1111", "", "", "phone.placeholder"},
		{"02-345-6789 내선 12", "+8223456789", ClassSeoul, ""},
		{"", "", "", ""},
		{"없음", "", "", ""},
	} {
		got, findings := Phone(c.in)
		if got.Value != c.want || got.Class != c.class || codes(findings) != c.codes {
			t.Errorf("Phone(%q) = %+v %s", c.in, got, codes(findings))
		}
	}
	if got, _ := Phone("02-345-6789 내선 12"); got.Extension != "12" {
		t.Errorf("extension: %+v", got)
	}
	if got, _ := Phone("010-1234-5678, 02-345-6789"); len(got.Rest) != 1 || got.Rest[0].Value != "+8223456789" {
		t.Errorf("several: %+v", got)
	}
	for _, c := range [][2]string{
		{"+821012345678", "010-1234-5678"},
		{"+8223456789", "02-345-6789"},
		{"+82234567890", "02-3456-7890"},
		{"+8250712345678", "0507-1234-5678"},
		{"15881234", "1588-1234"},
		{"+82312345678", "031-234-5678"},
		{"+14155552671", "+14155552671"},
	} {
		if got := FormatPhone(c[0]); got != c[1] {
			t.Errorf("FormatPhone(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, suggestion, codes string }{
		{"hong@naver.com", "hong@naver.com", "", ""},
		{"Hong.GD@NAVER.COM", "Hong.GD@naver.com", "", ""},
		{" <mailto:hong@daum.net> ", "hong@daum.net", "", ""},
		{"홍길동 <hong@daum.net>", "hong@daum.net", "", ""},
		{"hong＠naver.com", "hong@naver.com", "", ""},
		{"hong@naver.con", "hong@naver.con", "hong@naver.com", "email.typo"},
		{"hong@navet.com", "hong@navet.com", "hong@naver.com", "email.typo"},
		{"hong@hanmail.com", "hong@hanmail.com", "hong@hanmail.net", "email.typo"},
		{"hong@gmial.com", "hong@gmial.com", "hong@gmail.com", "email.typo"},
		{"hong@naver", "", "hong@naver.com", "email.domain"},
		{"a@b.com, c@d.com", "a@b.com", "", "email.several"},
		{"hong.naver.com", "", "", "email.no_at"},
		{"@naver.com", "", "", "email.local"},
		{"ho ng@naver.com", "ng@naver.com", "", ""},
		{"hong@-x.com", "", "", "email.domain"},
		{"test@test.com", "test@test.com", "", "email.placeholder"},
		{"홍@한국.kr", "홍@한국.kr", "", ""},
		{"hong@mail.com", "hong@mail.com", "", ""},
		{"none", "", "", ""},
	} {
		got, findings := Email(c.in)
		if got.Value != c.want || got.Suggestion != c.suggestion || codes(findings) != c.codes {
			t.Errorf("Email(%q) = %+v %s", c.in, got, codes(findings))
		}
	}
}

func TestResidentNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in      string
		ok      bool
		birth   string
		sex     string
		foreign bool
		check   Checksum
	}{
		{"900101-1000006", true, "1990-01-01", "male", false, Match},
		{"9001011000006", true, "1990-01-01", "male", false, Match},
		{"900101-1000007", true, "1990-01-01", "male", false, Mismatch},
		{"000229-3000001", true, "2000-02-29", "male", false, Match},
		{"010229-3000001", false, "", "", false, ""},
		{"211301-3000000", false, "", "", false, ""},
		{"850315-5000007", true, "1985-03-15", "male", true, Match},
		{"991231-3000000", false, "", "", false, ""}, // 2099
		{"210101-4123456", true, "2021-01-01", "female", false, NotApplicable},
		{"900101-100000", false, "", "", false, ""},
	} {
		got, ok, findings := ResidentNumber(c.in, today)
		if ok != c.ok || got.BirthOn.String() != c.birth || got.Sex != c.sex || got.IsForeign != c.foreign || got.Checksum != c.check {
			t.Errorf("ResidentNumber(%q) = %+v %v", c.in, got, ok)
		}
		for _, f := range findings {
			if strings.ContainsAny(f.Value, "0123456789") {
				t.Errorf("a finding holds digits of the number: %+v", f)
			}
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		count    int
	}{
		{"주민번호 900101-1000006 입니다", "주민번호 900101-1****** 입니다", 1},
		{"주민번호9001011000007입니다", "주민번호9001011******입니다", 1},
		{"900101 1000007", "900101 1******", 1},
		{"９００１０１－１００００07", "９００１０１－１******", 1},
		{"900101 - 1000006, 850315–5000007", "900101 - 1******, 850315–5******", 2},
		{"12345900101-1000006", "12345900101-1000006", 0},
		{"order AB9001011000006", "order AB9001011000006", 0},
		{"id:AB900101-1000006", "id:AB900101-1******", 1},
		{"901301-1000006", "901301-1000006", 0},
		{"9001011000006123", "9001011000006123", 0},
		{"010-1234-5678", "010-1234-5678", 0},
		{"2026-11-21 12:34:56", "2026-11-21 12:34:56", 0},
		{"900101-1******", "900101-1******", 0},
		{"전화 02-900101-1000006", "전화 02-900101-1******", 1},
	} {
		got, count := Redact(c.in)
		if got != c.want || count != c.count {
			t.Errorf("Redact(%q) = %q %d, want %q %d", c.in, got, count, c.want, c.count)
		}
	}
}

//nolint:paralleltest // AllocsPerRun does not run beside others
func TestRedactIsFreeForCleanText(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Redact("서울특별시 강남구 테헤란로 152, 12층 1203호 (역삼동)") }); n != 0 {
		t.Errorf("Redact of a clean text allocates %v times", n)
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, codes string }{
		{"0000012345", "0000012345", ""},
		{"0", "0", ""},
		{" ０12-3 ", "012-3", ""},
		{"12345.0", "12345", ""},
		{`="0012"`, "0012", ""},
		{"1.23457E+11", "", "key.e_notation"},
		{"900101-1000006", "", "resident.redacted"},
		{"NULL", "", ""},
	} {
		if got, findings := Key(c.in); got != c.want || codes(findings) != c.codes {
			t.Errorf("Key(%q) = %q %s", c.in, got, codes(findings))
		}
	}
}

func TestBusinessAndCorporateNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, kind, codes string }{
		{"124-81-00998", "1248100998", "corporation", ""},
		{"1248100998", "1248100998", "corporation", ""},
		{"124-81-00999", "", "", "brn.checksum"},
		{"124-81-0099", "", "", "brn.length"},
		{"1.2481E+09", "", "", "brn.e_notation"},
		{"", "", "", ""},
	} {
		got, findings := BusinessNumber(c.in)
		if got.Value != c.want || got.Kind != c.kind || codes(findings) != c.codes {
			t.Errorf("BusinessNumber(%q) = %+v %s", c.in, got, codes(findings))
		}
	}
	if got, findings := CorporateNumber("110111-0062432"); got != "1101110062432" || len(findings) > 0 {
		t.Errorf("CorporateNumber: %q %v", got, findings)
	}
	if got, findings := CorporateNumber("110111-0062433"); got == "" || codes(findings) != "crn.checksum" {
		t.Errorf("CorporateNumber with a wrong check digit: %q %v", got, findings)
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, got, want string }{
		{"name", MaskName("홍길동"), "홍*동"},
		{"compound name", MaskName("남궁민수"), "남궁**"},
		{"short name", MaskName("이산"), "이*"},
		{"latin name", MaskName("Hong Gildong"), "H*** G******"},
		{"mobile", MaskPhone("010-1234-5678"), "010-****-5678"},
		{"stored mobile", MaskPhone("+821012345678"), "010-****-5678"},
		{"e-mail", MaskEmail("hong@naver.com"), "ho***@naver.com"},
		{"short e-mail", MaskEmail("ho@naver.com"), "h***@naver.com"},
		{"one letter", MaskEmail("h@naver.com"), "***@naver.com"},
		{"address", MaskAddress("서울특별시 강남구 테헤란로 152"), "서울특별시 강남구 테헤란로 ***"},
		{"country address", MaskAddress("전북특별자치도 완주군 이서면 안전로 1"), "전북특별자치도 완주군 이서면 ***"},
		{"birth", MaskBirthDate("1990-01-02"), "1990-**-**"},
		{"resident", MaskResident("9001011000006"), "900101-1******"},
		{"card", MaskCard("1234-5678-9012-3456"), "1234-56**-****-3456"},
		{"account", MaskAccount("110-123-45678"), "110-123-*****"},
		{"ip", MaskIP("203.0.113.7"), "203.0.***.7"},
		{"by field", Mask("email", "hong@naver.com"), "ho***@naver.com"},
		{"region is no secret", Mask("sido", "서울특별시"), "서울특별시"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}
