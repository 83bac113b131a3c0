// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// file builds an input from lines of cells separated by |, the first one the headers.
func file(lines ...string) Input {
	in := Input{Source: "shop", Headers: strings.Split(lines[0], "|")}
	for _, line := range lines[1:] {
		in.Rows = append(in.Rows, strings.Split(line, "|"))
	}
	return in
}

// show writes a mapping as "field[:scheme|slug:type][@format][$currency]" for each column.
func show(m *Mapping) string {
	parts := make([]string, 0, len(m.Columns))
	for _, c := range m.Columns {
		text := c.Field
		switch {
		case c.Scheme != "":
			text += ":" + c.Scheme
		case c.Attribute != nil:
			text = c.Attribute.Slug + ":" + c.Attribute.Type
		}
		if c.Format != "" {
			text += "@" + c.Format
		}
		if c.Currency != "" {
			text += "$" + c.Currency
		}
		parts = append(parts, text)
	}
	return string(m.Kind) + ": " + strings.Join(parts, " ")
}

func notices(m *Mapping) string {
	var list []string
	for _, n := range m.Notices {
		list = append(list, n.Code)
	}
	return strings.Join(list, " ")
}

func TestPropose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		in      Input
		want    string
		notices string
	}{
		{
			"Korean customers",
			file("회원번호|이름(필수)|* 휴대폰 번호|이메일|우편번호|주소|상세주소|생년월일|성별|회원등급|SMS수신동의|메모|관심분야|반려동물 여부",
				"0000000001|김철수|010-2345-6789|a@b.kr|06236|서울 강남구 테헤란로 152|3층|1990-01-02|남|VIP|Y|단골|등산|1",
				"0000000002|이영희|010-2345-6780|c@d.kr|16229|경기 수원시 영통구 광교로 145|1층|1985-12-24|여|일반|N||독서|0",
				"0000000003|박민수|010-2345-6781|e@f.kr|04524|서울 중구 세종대로 110||1977-07-07|남|일반|Y||등산|0"),
			"customers: key:회원번호 full_name mobile email postal_code address address_detail birth_on@ymd sex grade consent_sms memo gwansimbunya:choice banryeodongmul_yeobu:boolean", "",
		},
		{
			"English customers",
			file("Customer ID|First Name|Last Name|E-mail|Mobile Phone|Date of Birth|Signup Date|Points|Height",
				"17|John|Kim|j@a.com|010-2345-6789|01/31/1990|2020-05-06|10|1.5",
				"18|Mary|Lee|m@a.com|010-2345-6780|12/24/1985|2020-05-07|20|2.5"),
			"customers: key:shop.customer_id given_name family_name email mobile birth_on@mdy joined_on@ymd points:integer height:number", "",
		},
		{
			"ambiguous dates are reported",
			file("id|이름|생년월일", "a1|김철수|01/02/1990", "a2|이영희|03/04/1985"),
			"customers: key:shop.id full_name birth_on@mdy", "date.order",
		},
		{
			"day first by one value of the whole sample",
			file("id|이름|생년월일", "a1|김철수|01/02/1990", "a2|이영희|31/04/1985", "a3|이영수|25/12/1985"),
			"customers: key:shop.id full_name birth_on@dmy", "",
		},
		{
			"mixed orders are an error",
			file("id|이름|생년월일", "a1|김철수|13/02/1990", "a2|이영희|02/13/1985", "a3|이영수|25/12/1985", "a4|박영수|25/11/1985"),
			"customers: key:shop.id full_name birth_on", "date.mixed",
		},
		{
			"two-digit years",
			file("id|이름|생년월일", "a1|김철수|900102", "a2|이영희|850304"),
			"customers: key:shop.id full_name birth_on@yymd", "date.century",
		},
		{
			"running number is no key",
			file("No|성명|연락처", "1|김철수|010-2345-6789", "2|이영희|010-2345-6780", "3|박민수|010-2345-6781"),
			"customers: no:integer full_name mobile", "",
		},
		{
			"resident numbers are used and dropped",
			file("성명|주민번호", "김철수|900101-1000006", "이영희|850304-2000007"),
			"customers: full_name resident_number", "resident.column",
		},
		{
			"without headers",
			file("column 1|column 2|column 3|column 4", "김철수|010-2345-6789|a@b.kr|서울 강남구 테헤란로 152", "이영희|010-2345-6780|c@d.kr|부산 해운대구 센텀로 1", "박민수|010-2345-6781|e@f.kr|대구 중구 공평로 88"),
			"customers: full_name mobile email address", "",
		},
		{
			"merged headers",
			file("이름|연락처 / 휴대폰|연락처 / 이메일|주소 / 우편번호|주소 / 기본주소", "김철수|010-2345-6789|a@b.kr|06236|서울 강남구 테헤란로 152", "이영희|010-2345-6780|c@d.kr|04524|서울 중구 세종대로 110"),
			"customers: full_name mobile email postal_code address", "",
		},
		{
			"SmartStore orders",
			file("상품주문번호|주문번호|판매채널|구매자명|구매자ID|구매자연락처|수취인명|수취인연락처1|우편번호|통합배송지|주문상태|결제일|상품번호|상품명|옵션정보|수량|상품별 총 주문금액",
				"2026112100001|2026112100000|스마트스토어|김철수|kim***|010-2345-6789|이영희|0507-1234-5678|06236|서울 강남구 테헤란로 152|구매확정|2026-11-21 10:00:00|123|사과|3kg|1|24,000",
				"2026112100002|2026112100003|스마트스토어|박민수|par***|010-2345-6780|박민수|0507-1234-5679|04524|서울 중구 세종대로 110|취소|2026-11-21 11:00:00|124|배|5kg|2|48,000"),
			"transactions: line_no order_key channel full_name extra mobile extra extra extra extra status ordered_at@ymd product_key product_name option quantity amount$KRW", "key.masked",
		},
		{
			"Cafe24 orders",
			file("주문번호|품목별 주문번호|주문일시|주문자명|주문자 아이디|주문자 휴대전화|주문서 이메일/회원 이메일|수령인|상품품목코드|주문상품명|상품옵션|수량|판매가|상품구매금액(KRW)|주문서 쿠폰 할인금액|총 결제금액(KRW)",
				"20261121-0001|20261121-0001-01|2026-11-21 10:00:00|김철수|kim1|010-2345-6789|a@b.kr|김철수|P01|사과|3kg|1|24000|24000|0|24000",
				"20261121-0002|20261121-0002-01|2026-11-21 11:00:00|박민수|park|010-2345-6780|c@d.kr|이영희|P02|배|5kg|2|24000|48000|1000|47000"),
			"transactions: order_key line_no ordered_at@ymd full_name key:shop.주문자_아이디 mobile email extra product_key product_name option quantity unit_price$KRW amount$KRW coupon_discount$KRW extra", "",
		},
		{
			"sales with decimals are dollars",
			file("household_id|basket_id|product_id|quantity|sales_value|retail_disc|coupon_disc|week|transaction_timestamp",
				"2261|31625220889|940996|1|3.86|0.43|0|5|2017-01-28 14:06:53", "2368|32053127496|873902|1|1.59|0.9|0|10|2017-02-28 22:31:57"),
			"transactions: key:household_id order_key product_key quantity amount$USD discount$USD coupon_discount$USD extra ordered_at@ymd", "currency.decimals",
		},
		{
			"an order number beside the customer",
			file("id|customer_id|date|amount", "1|7|2026-01-02|1000", "2|7|2026-01-03|2000", "3|8|2026-01-03|3000"),
			"transactions: order_key key:shop.customer_id ordered_at@ymd amount$KRW", "",
		},
		{
			"products",
			file("product_id|department|brand|product_category|price", "1|GROCERY|National|ICE|3000", "2|DRUG|Private|PILLS|4000"),
			"products: product_key product_department brand category price$KRW", "",
		},
		{
			"goods named by their sort",
			file("product_id|department|brand|product_category|product_type|package_size", "25671|GROCERY|National|FRZN ICE|ICE - CRUSHED|22 LB", "26190|GROCERY|National|FRUIT|APPLE SAUCE|50 OZ"),
			"products: product_key product_department brand category product_name extra", "",
		},
		{
			"goods with a plain name",
			file("id|name|description|price", "0|TV|big|399", "1|Radio|small|49"),
			"products: product_key product_name extra price$KRW", "",
		},
		{
			"an invoice list",
			file("InvoiceNo|StockCode|Description|Quantity|InvoiceDate|UnitPrice|CustomerID|Country",
				"536365|85123A|WHITE HOLDER|6|12/1/2010 8:26|2.55|17850|United Kingdom", "536367|84406B|CREAM HANGER|8|12/13/2010 8:34|2.75|13047|United Kingdom", "536367|84406C|RED HANGER|8|12/13/2010 8:34|2.75|13047|United Kingdom"),
			"transactions: order_key product_key product_name quantity ordered_at@mdy unit_price$USD key:shop.customerid extra", "currency.decimals",
		},
		{
			"members' baskets",
			file("Member_number|Date|itemDescription", "1808|21-07-2015|tropical fruit", "2552|05-01-2015|whole milk", "1808|19-09-2015|pip fruit"),
			"transactions: key:member_number ordered_at@dmy product_name", "",
		},
		{
			"campaigns", file("campaign_id|campaign_type|start_date|end_date", "1|Type B|2017-03-03|2017-04-09", "2|Type C|2017-03-08|2017-04-09"),
			"campaigns: campaign_key campaign_type start_on@ymd end_on@ymd", "",
		},
		{"who was in which campaign", file("campaign_id|household_id", "1|105", "1|1238"), "campaigns: campaign_key key:household_id", ""},
		{"coupons", file("coupon_upc|product_id|campaign_id", "10000085207|9676830|26", "10000085207|9676943|26"), "coupons: coupon_key product_key campaign_key", ""},
		{
			"redemptions", file("household_id|coupon_upc|campaign_id|redemption_date", "1029|51380041013|26|2017-01-01", "1029|51380041313|26|2017-01-01"),
			"coupons: key:household_id coupon_key campaign_key redeemed_on@ymd", "",
		},
		{
			"won by its sign",
			file("customer_id|date|매출", "1|2026-01-02|₩12,000", "2|2026-01-03|₩5,000"),
			"transactions: key:shop.customer_id ordered_at@ymd amount$KRW", "",
		},
	} {
		m := Propose(c.in)
		if got := show(&m); got != c.want {
			t.Errorf("%s:\n got  %s\n want %s", c.name, got, c.want)
		}
		if got := notices(&m); got != c.notices {
			t.Errorf("%s: notices %q, want %q", c.name, got, c.notices)
		}
		if err := m.Validate(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for _, column := range m.Columns {
			if column.Reason == "" || column.Confidence <= 0 || column.Confidence > 1 {
				t.Errorf("%s: %+v", c.name, column)
			}
		}
	}
}

func TestDeclaredKeys(t *testing.T) {
	t.Parallel()
	in := file("카드|이름|지점코드", "1111|김철수|1", "2222|이영희|1")
	in.Keys = []string{"카드"}
	if m := Propose(in); show(&m) != "customers: key:카드 full_name jijeomkodeu:integer" || m.KeyColumns[0] != 0 {
		t.Error(show(&m))
	}
	in.Keys = []string{"없는 열"}
	m := Propose(in)
	if err := m.Validate(); fault.CodeOf(err) != "mapping.key_missing" {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	column := func(i int, field string) Column {
		return Column{Header: fmt.Sprintf("열%d", i), Index: i, Field: field}
	}
	for _, c := range []struct {
		name string
		m    Mapping
		code string
	}{
		{"no kind", Mapping{}, "mapping.kind"},
		{"two for one", Mapping{Kind: Customers, Columns: []Column{column(0, "mobile"), column(1, "mobile")}}, "mapping.duplicate"},
		{"two keys of one scheme", Mapping{Kind: Customers, Columns: []Column{{Header: "a", Field: FieldKey, Scheme: "s"}, {Header: "b", Index: 1, Field: FieldKey, Scheme: "s"}}}, "mapping.duplicate"},
		{"two attributes of one name", Mapping{Kind: Customers, Columns: []Column{
			column(0, "full_name"),
			{Header: "a", Index: 1, Field: FieldAttribute, Attribute: &Attribute{Slug: "x", Type: TypeText}},
			{Header: "b", Index: 2, Field: FieldAttribute, Attribute: &Attribute{Slug: "x", Type: TypeText}},
		}}, "mapping.duplicate"},
		{"unknown field", Mapping{Kind: Customers, Columns: []Column{column(0, "amount")}}, "mapping.field"},
		{"computed field", Mapping{Kind: Customers, Columns: []Column{column(0, "name_key")}}, "mapping.field"},
		{"key without scheme", Mapping{Kind: Customers, Columns: []Column{column(0, FieldKey)}}, "mapping.scheme"},
		{"attribute without name", Mapping{Kind: Customers, Columns: []Column{column(0, FieldAttribute)}}, "mapping.attribute"},
		{"same place twice", Mapping{Kind: Customers, Columns: []Column{column(0, "email"), column(0, "mobile")}}, "mapping.index"},
		{"unknown format", Mapping{Kind: Customers, Columns: []Column{{Header: "a", Field: "birth_on", Format: "d.m."}}}, "mapping.format"},
		{"customers without key", Mapping{Kind: Customers, Columns: []Column{column(0, "grade")}}, "mapping.no_key"},
		{"sales without date", Mapping{Kind: Transactions, Columns: []Column{column(0, FieldAmount)}}, "mapping.no_date"},
		{"sales without customer", Mapping{Kind: Transactions, Columns: []Column{column(0, FieldAmount), column(1, FieldOrderedAt)}}, "mapping.no_key"},
		{"products without key", Mapping{Kind: Products, Columns: []Column{column(0, FieldBrand)}}, "mapping.no_key"},
		{"campaigns without key", Mapping{Kind: Campaigns, Columns: []Column{column(0, FieldStartOn)}}, "mapping.no_key"},
		{"coupons without key", Mapping{Kind: Coupons, Columns: []Column{column(0, FieldStartOn)}}, "mapping.no_key"},
		{"good", Mapping{Kind: Customers, Columns: []Column{column(0, "email"), column(1, FieldIgnore), column(2, FieldIgnore)}}, ""},
	} {
		err := c.m.Validate()
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: kind of %v", c.name, err)
		}
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	m := Propose(file("이름|전화|코드|색", "김철수|02-345-6789|7|빨강", "이영희|02-345-6780|8|파랑"))
	corrected, err := m.Apply(Mapping{Columns: []Column{{Header: " 색 ", Field: "memo"}, {Header: "코드", Field: FieldKey}, {Header: "전화", Field: FieldIgnore}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := show(&corrected); got != "customers: full_name ignore key:shop.코드 memo" && got != "customers: full_name ignore key:코드 memo" {
		t.Error(got)
	}
	if err := corrected.Validate(); err != nil || len(corrected.KeyColumns) != 1 || corrected.KeyColumns[0] != 2 {
		t.Errorf("%v %v", err, corrected.KeyColumns)
	}
	if _, err := m.Apply(Mapping{Columns: []Column{{Header: "없음", Field: "memo"}}}); fault.CodeOf(err) != "mapping.no_column" {
		t.Error(err)
	}
	moved, err := m.Apply(Mapping{Columns: []Column{{Header: "색", Field: "full_name"}}})
	if err != nil || moved.Validate() != nil || moved.Columns[0].Field != FieldIgnore {
		t.Errorf("%v %s", err, show(&moved))
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"회원 번호 (필수)", "회원번호", "회원_번호_필수"},
		{"Household_ID", "householdid", "household_id"},
		{"E-Mail*", "email", "e_mail"},
		{"t.x", "t.x", "t_x"},
	} {
		if Normalise(c[0]) != c[1] || SchemeName(c[0]) != c[2] {
			t.Errorf("%q: %q %q", c[0], Normalise(c[0]), SchemeName(c[0]))
		}
	}
	for header, slug := range map[string]string{"관심 분야": "gwansim_bunya", "2025 방문": "a_2025_bangmun", "***": "a_", "T": "t"} {
		if got := Slug(header); got != strings.TrimRight(slug, "_") && got != slug {
			t.Errorf("Slug(%q) = %q", header, got)
		}
	}
	if Signature([]string{"이름", "E-mail"}) != Signature([]string{" 이름*", "email"}) || Signature([]string{"a", "bc"}) == Signature([]string{"ab", "c"}) {
		t.Error("signatures")
	}
	for _, header := range []string{"이름", "household_id", "Basket ID", "No."} {
		if !Known(header) {
			t.Errorf("%q is not known", header)
		}
	}
	if Known("홍길동") {
		t.Error("a name is no header")
	}
}

// Every customer field and every alias leads to a field that Validate accepts.
func TestAliasesAreFields(t *testing.T) {
	t.Parallel()
	for _, row := range aliasTable {
		field := strings.TrimPrefix(row.field, "recipient.")
		for kind, letter := range letterOf {
			if !strings.Contains(row.kinds, letter) {
				continue
			}
			known := false
			for _, name := range Fields(kind) {
				known = known || name == field
			}
			if !known {
				t.Errorf("%s is no field of %s", field, kind)
			}
		}
	}
}

func FuzzPropose(f *testing.F) {
	f.Add("회원번호|이름|휴대폰", "1|김철수|010-2345-6789", "2|이영희|010")
	f.Add("id|date|amount", "1|20260101|3.5", "1|20260102|4")
	f.Add("a|a|", "||", "'|\xff|900101-1000006")
	f.Fuzz(func(t *testing.T, headers, first, second string) {
		if !utf8.ValidString(headers) {
			return // headers come from the reader, which cleans them
		}
		in := file(headers, first, second, first)
		m := Propose(in)
		if len(m.Columns) != len(in.Headers) {
			t.Fatalf("%d columns of %d", len(m.Columns), len(in.Headers))
		}
		if err := m.Validate(); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatalf("not a fault: %v", err)
		} else if code := fault.CodeOf(err); code == "mapping.duplicate" || code == "mapping.field" || code == "mapping.attribute" || code == "mapping.format" {
			scheme := map[string]bool{}
			for _, header := range in.Headers {
				if scheme[SchemeName(header)] {
					return // headers that differ in marks only
				}
				scheme[SchemeName(header)] = true
			}
			t.Fatalf("proposed what is not valid: %v\n%s", err, show(&m))
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back Mapping
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || !reflect.DeepEqual(text, again) {
			t.Fatalf("%s\n%s", text, again)
		}
		if applied, err := m.Apply(Mapping{}); err != nil || show(&applied) != show(&m) {
			t.Fatalf("an empty correction changed %s to %s: %v", show(&m), show(&applied), err)
		}
	})
}
