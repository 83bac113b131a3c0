// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"strings"
	"unicode"

	"dangol/internal/dataquality"
)

// alias is one meaning of a header word.
type alias struct {
	kinds string // first letters of the kinds it holds for: c t p g(campaigns) o(coupons)
	field string
}

const (
	inCustomers    = "c"
	inTransactions = "t"
	inProducts     = "p"
	inCampaigns    = "g"
	inCoupons      = "o"
	inPeople       = inCustomers + inTransactions
	inGoods        = inTransactions + inProducts
	inAll          = inCustomers + inTransactions + inProducts + inCampaigns + inCoupons
)

var letterOf = map[Kind]string{Customers: inCustomers, Transactions: inTransactions, Products: inProducts, Campaigns: inCampaigns, Coupons: inCoupons}

// aliasTable is M-IMP of the rulebook with the names that English files and retail systems use. Names are
// written as Normalise leaves them: lower case without spaces, marks and underscores.
var aliasTable = []struct{ kinds, field, names string }{
	{inPeople, "full_name", "이름 성명 고객명 회원명 주문자명 구매자명 주문자 구매자 주문자이름 구매자이름 예금주 담당자 담당자명 대표자명 고객이름 회원이름 고객성명 신청자 신청자명 보호자명 name fullname customername membername contactname displayname formattedname buyername personname clientname 한글이름 한글성명"},
	{inPeople, "recipient.full_name", "수취인명 수령인 수취인 받는분 받는사람 받는분성명 수령인명 수취인이름 수령자 수령자명 recipient recipientname receivername shiptoname"},
	{inCustomers, "family_name", "성 familyname lastname surname lname"},
	{inCustomers, "given_name", "givenname firstname fname 이름(명) forename"},
	{inCustomers, "name_latin", "영문이름 영문명 영문성명 englishname romanname nameen"},
	{inPeople, "mobile", "휴대폰 휴대전화 핸드폰 휴대폰번호 휴대전화번호 핸드폰번호 연락처 연락처1 주문자휴대전화 주문자휴대폰 주문자연락처 구매자연락처 구매자전화번호 hp h.p 모바일 mobile mobilephone mobileno mobilenumber cell cellphone cellphonenumber cellular 고객연락처 회원연락처 휴대번호 휴대폰1 phone1mobile"},
	{inPeople, "recipient.mobile", "수취인연락처1 수취인연락처 수취인전화번호 수령인휴대전화 수령인연락처 받는분연락처 받는분전화번호 수취인휴대폰 recipientphone"},
	{inPeople, "phone", "전화 전화번호 일반전화 연락처2 회사전화 자택전화 집전화 유선전화 tel telephone telno phone phoneno phonenumber landline homephone workphone businessphone 주문자일반전화 주문자전화 주문자전화번호 대표전화 회사전화번호 phonehome phonework"},
	{inPeople, "recipient.phone", "수취인연락처2 수령인일반전화 수령인전화번호"},
	{inPeople, "email", "이메일 email 메일 메일주소 전자우편 이메일주소 emailaddress mailaddress 주문자이메일 구매자이메일 회원이메일 주문서이메일/회원이메일 전자메일 emailid mail"},
	{inPeople, "postal_code", "우편번호 우편 zip zipcode postalcode postcode postal 신우편번호 자택우편번호 주문자우편번호"},
	{inPeople, "recipient.postal_code", "수령인우편번호 수취인우편번호 배송지우편번호"},
	{inPeople, "address", "주소 기본주소 도로명주소 지번주소 자택주소 address address1 addr addr1 streetaddress street 주소1 집주소 거주지 주문자주소 회사주소 fulladdress 고객주소 회원주소"},
	{inPeople, "recipient.address", "배송지 통합배송지 기본배송지 수령인주소 수취인주소 받는분주소 shippingaddress"},
	{inPeople, "address_detail", "상세주소 나머지주소 주소2 address2 addr2 addressdetail 세부주소 주소상세"},
	{inPeople, "recipient.address_detail", "상세배송지 수령인상세주소 수취인상세주소"},
	{inCustomers, "birth_on", "생년월일 생일 출생일 출생일자 birthdate birthday dateofbirth dob birth bday 생년월일6자리 양력생일"},
	{inCustomers, "birth_calendar", "음력양력 양음구분 음/양 양력음력 양음 음양 음양구분 양/음 생일구분 birthcalendar"},
	{inCustomers, "sex", "성별 sex gender 남녀"},
	{inCustomers, "resident_number", "주민등록번호 주민번호 외국인등록번호 residentnumber rrn residentregistrationnumber"},
	{inCustomers, "grade", "등급 회원등급 고객등급 grade membergrade customergrade membershiplevel loyaltytier 등급명"},
	{inCustomers, "company", "회사명 상호 업체명 거래처명 법인명 회사 직장 직장명 company companyname organization organisation org 상호명 소속 근무처"},
	{inCustomers, "brn", "사업자번호 사업자등록번호 brn businessnumber businessregistrationnumber"},
	{inCustomers, "crn", "법인등록번호 법인번호 crn corporatenumber"},
	{inCustomers, "job_title", "직책 직위 직급 jobtitle title position"},
	{inCustomers, "department", "부서 부서명 department dept"},
	{inCustomers, "branch", "지점 지점명 가입매장 가입지점 관리지점 branch branchname 담당지점"},
	{inCustomers, "memo", "메모 비고 특이사항 상담내용 memo note notes remark remarks comment comments 참고사항 기타사항"},
	{inCustomers, "joined_on", "가입일 가입일자 가입일시 등록일 등록일자 회원가입일 joindate joinedat signupdate registrationdate registeredat 최초등록일"},
	{inCustomers, "consent_sms", "sms수신동의 문자수신 sms수신여부 문자수신동의 sms수신 sms동의 문자수신여부 smsconsent smsoptin"},
	{inCustomers, "consent_email", "이메일수신동의 메일수신여부 이메일수신여부 메일수신 이메일수신 메일수신동의 emailconsent emailoptin 이메일동의"},
	{inCustomers, "consent_phone", "전화수신동의 전화수신여부 tm동의 phoneconsent tm수신동의"},
	{inCustomers, "consent_post", "dm수신동의 dm수신여부 우편수신동의 우편수신여부 postconsent"},
	{inCustomers, "consent_at", "동의일 수신동의일 마케팅동의일시 동의일자 동의일시 수신동의일자 수신동의일시 마케팅동의일 consentat consentdate"},
	{inCustomers, "consent_method", "동의방법 수신동의방법 동의경로 동의매체 동의채널 마케팅동의방법 consentmethod consentsource consentchannel"},
	{inCustomers, "consent_night", "야간수신동의 야간수신여부 야간동의 야간광고동의 야간광고수신동의 야간광고 nightconsent"},

	{inTransactions, "order_key", "주문번호 주문코드 영수증번호 전표번호 거래번호 orderno orderid ordernumber order basketid basket receiptno receiptid receiptnumber invoiceno invoiceid invoicenumber invoice transactionid transactionno transaction ticketno ticketid txnid saleid salesid 결제번호 판매번호 purchaseid visitid"},
	{inTransactions, "line_no", "상품주문번호 품목별주문번호 품목주문번호 lineno linenumber lineid itemno orderline orderlineid orderitemid 주문품목번호 linenum"},
	{inTransactions, "ordered_at", "주문일 주문일시 결제일 결제일시 결제일시(입금확인일) 구매일 구매일시 구매일자 판매일 판매일자 판매일시 거래일 거래일자 거래일시 주문일자 결제일자 매출일 매출일자 orderdate orderedat orderdatetime ordertime transactiondate transactiontimestamp transactiondatetime transactiontime purchasedate purchasedat purchasetime invoicedate saledate salesdate date datetime timestamp day 일자 날짜 일시 txndate visitdate orderedon createdat paidat transactiondt transdate transdt trandate txndt saledt orderdt orderts purchasets orderpurchasetimestamp eventtime eventdate eventtimestamp tdat tradedate billdate 접수일 매출일시"},
	{inTransactions, "ordered_time", "주문시간 결제시간 판매시간 거래시간 구매시간 time 시간 timeofday transtime 시각"},
	{inTransactions + inProducts + inCoupons, "product_key", "상품번호 상품코드 제품번호 제품코드 품번 품목코드 상품품목코드 바코드 노출상품id 상품id productid productkey productcode productno productnumber sku skuid skucode itemid itemcode itemnumber upc ean barcode gtin articleid articlecode articleno stockcode materialcode materialno product 옵션관리코드 modelno plu"},
	{inTransactions, "product_name", "description itemdesc productdesc"},
	{inProducts, "product_name", "name title 이름 명칭"},
	{inGoods, "product_name", "상품명 주문상품명 제품명 품명 품목 품목명 상품명(한국어쇼핑몰) productname itemname item productdescription itemdescription articlename producttitle goodsname 상품"},
	{inGoods, "category", "카테고리 분류 상품분류 상품군 품목군 category productcategory itemcategory subcategory categoryname 대분류 중분류 소분류 commodity commoditydesc"},
	{inGoods, "product_department", "상품부문 부문 department productdepartment dept 매대 departmentname"},
	{inGoods, "brand", "브랜드 브랜드명 brand brandname 제조사 maker 메이커"},
	{inTransactions, "option", "옵션 옵션정보 상품옵션 option options variant productoption"},
	{inTransactions, "quantity", "수량 구매수 구매수량 주문수량 판매수량 개수 quantity qty units unit unitssold count pieces amountofitems itemcount 매수"},
	{inTransactions, "amount", "금액 결제금액 상품구매금액(krw) 상품구매금액 총결제금액 총결제금액(krw) 상품별총주문금액 총주문금액 구매금액 주문금액 판매금액 매출 매출액 매출금액 거래금액 실결제금액 합계 합계금액 amount salesvalue sales spend revenue total totalamount totalprice ordertotal linetotal netamount grossamount paid paymentamount payment value ordervalue saleamount salesamount purchaseamount transactionamount netsales extendedprice salesprice totalsales saleamt salesamt netamount grosssales linesales subtotal totalspent totalamt amt grandtotal turnover moneyspent totalcost"},
	{inTransactions, "unit_price", "단가 판매가 unitprice 상품가격 price itemprice 판매단가 개당가격 상품단가"},
	{inTransactions, "discount", "할인 할인금액 할인액 discount discountamount retaildisc retaildiscount disc 상품할인 상품할인금액 즉시할인 promotiondiscount markdown"},
	{inTransactions, "coupon_discount", "쿠폰할인 쿠폰할인금액 주문서쿠폰할인금액 coupondisc coupondiscount couponamount 쿠폰사용금액 쿠폰사용액"},
	{inTransactions + inProducts, "currency", "통화 통화코드 currency currencycode"},
	{inTransactions, "status", "주문상태 상태 거래구분 결제상태 처리상태 판매구분 orderstatus status transactiontype saletype 구분 취소여부 반품여부"},
	{inTransactions, "channel", "판매채널 채널 유입경로 주문경로 channel saleschannel orderchannel 판매처 쇼핑몰 platform"},
	{inTransactions, "store", "매장 매장명 점포 점포명 매장코드 점포코드 지점 지점명 storeid store storename storecode storeno shop shopid outlet branch location 판매매장 구매매장"},
	{inProducts, "price", "판매가 가격 단가 정가 소비자가 price listprice unitprice retailprice msrp sellingprice"},
	{inProducts, "unit_cost", "원가 매입가 매입단가 매입원가 제조원가 상품원가 공급가 입고가 unitcost costprice purchaseprice cogs productcost cost"},

	{inCampaigns + inCoupons, "campaign_key", "캠페인번호 캠페인코드 캠페인id campaignid campaignkey campaigncode campaignno campaign promotionid promotioncode 행사코드 행사번호"},
	{inTransactions, "campaign_key", "캠페인번호 캠페인코드 campaignid campaigncode campaign utmcampaign"},
	{inCampaigns, "campaign_name", "캠페인명 행사명 캠페인이름 campaignname name title promotionname 제목"},
	{inCampaigns, "campaign_type", "캠페인유형 캠페인종류 캠페인구분 행사유형 campaigntype type description promotiontype 유형"},
	{inCampaigns + inCoupons, "start_on", "시작일 시작일자 시작일시 개시일 startdate startday starton startsat start fromdate validfrom 유효시작일 begindate"},
	{inCampaigns + inCoupons, "end_on", "종료일 종료일자 종료일시 마감일 enddate endday endon endsat end todate validto expirydate expireson 만료일 유효종료일 유효기간"},
	{inCoupons, "coupon_key", "쿠폰번호 쿠폰코드 쿠폰id couponid couponupc couponcode couponno couponkey coupon vouchercode voucherid 상품권번호"},
	{inCoupons, "redeemed_on", "사용일 사용일자 사용일시 redemptiondate redeemedat redeemedon redemptionday redeemdate usedat useddate date day"},
}

// Key columns by name: with a specific name the scheme is the name itself, since it says which register numbers
// come from; generic names mean something else in every system and get the source before them.
const (
	specificKeys = "householdid hshdnum hhkey householdkey householdno 회원번호 카드번호 멤버십번호 멤버십카드번호 포인트카드번호 포인트번호 memberno membernumber membershipno membershipnumber membershipid memberid cardno cardnumber cardid loyaltycard loyaltycardno loyaltyid loyaltynumber accountno accountnumber accountid 계정번호 ci di 연계정보 가구번호 세대번호 환자번호 학번 사번 구독번호 계약번호 contractno policyno 증권번호"
	genericKeys  = "id no key code 번호 코드 customerid custid 고객번호 고객코드 고객id customerno customernumber customerkey customercode customer cust custno custkey clientid clientno client userid userno user uid uniqueid personid contactid partyid recid recordid masterid subjectid shopperid consumerid visitorid buyerid 구매자id 주문자아이디 주문자id 아이디 회원아이디 회원id loginid 회원코드 고객키 guid uuid externalid 외부id memberkey kunnr guestid panelid panelistid respondentid 구매자코드"
	counters     = "no 번호 순번 연번 # seq sequence rownum rowno rownumber index 일련번호 row"
)

var (
	aliases      = readAliases()
	specificKey  = wordSet(specificKeys)
	genericKey   = wordSet(genericKeys)
	counterWords = wordSet(counters)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

func readAliases() map[string][]alias {
	table := map[string][]alias{}
	for _, row := range aliasTable {
		for name := range strings.FieldsSeq(row.names) {
			table[name] = append(table[name], alias{kinds: row.kinds, field: row.field})
		}
	}
	return table
}

// Normalise folds a header for comparison: NFC, lower case, without spaces, *, _, -, quotes, (필수) and (선택).
func Normalise(header string) string {
	s := dataquality.SearchKey(strings.ReplaceAll(header, "\n", ""))
	for _, mark := range [...]string{"(필수)", "[필수]", "(선택)", "[선택]", "(*)", "필수)"} {
		s = strings.ReplaceAll(s, mark, "")
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '_', '-', '*', '"', '\'', ':', '·', '\u200d', '?', '※', '★':
			return -1
		}
		return r
	}, strings.TrimRight(s, "."))
}

// Known reports whether the text is a word that headers are made of, in any kind of file.
func Known(header string) bool {
	for _, name := range namesOf(header) {
		if len(aliases[name]) > 0 || specificKey[name] || genericKey[name] || counterWords[name] {
			return true
		}
	}
	return false
}

// namesOf gives the forms under which a header is looked up: as it is, a flattened "주문자 / 이름" joined and by
// its last part, and without what stands in brackets.
func namesOf(header string) []string {
	whole := Normalise(header)
	names := []string{whole}
	if parts := strings.Split(header, " / "); len(parts) > 1 {
		names = append(names, Normalise(strings.Join(parts, "")), Normalise(parts[len(parts)-1]))
	}
	if open := strings.IndexAny(whole, "(["); open > 0 {
		names = append(names, whole[:open])
	}
	return names
}

// meaning finds the alias of the header for the kind.
func meaning(header string, kind Kind) (alias, string, bool) {
	for _, name := range namesOf(header) {
		for _, a := range aliases[name] {
			if strings.Contains(a.kinds, letterOf[kind]) {
				return a, name, true
			}
		}
	}
	return alias{}, "", false
}

// SchemeName is the name of the key scheme of a column: lower case, words joined by _.
func SchemeName(header string) string {
	s := dataquality.SearchKey(header)
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.TrimRight(b.String(), "_")
}
