// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Counters of what was generated; the tables below turn them into rates.
const (
	countPeople = iota
	countRecords
	countMultiple
	countDuplicates
	countTwoDamaged
	countTwoAltered
	countTypo
	countRoman
	countDueum
	countSpacing
	countCalled
	countMoved
	countLotForm
	countOldRegion
	countOldPhone
	countLegacyPhone
	countPhoneTypo
	countFamilyPhone
	countSafePhone
	countExcelZero
	countExcelExponent
	countBadPhone
	countEmailTypo
	countOtherEmail
	countBadEmail
	countBirthSwap
	countBirthTypo
	countLunarSolar
	countMissing
	countPlaceholder
	countResident
	countDecomposed
	countTwins
	countForeign
	countLunar
	countMinors
	countLinked
	countOrders
	countReturned
	countTargets
	countCaused
	counterCount
)

// Rate is one share counted from what was generated, not from what was asked for.
type Rate struct {
	Name  string  `json:"name"`
	Ko    string  `json:"ko"`
	En    string  `json:"en"`
	Count int64   `json:"count"`
	Of    int64   `json:"of"`
	Share float64 `json:"share"`
}

var rateTable = []struct {
	name, ko, en string
	count, of    int
}{
	{"people_in_several_records", "둘 이상의 기록이 있는 사람", "people with two or more records", countMultiple, countPeople},
	{"duplicates", "중복 기록 (사람의 첫 기록 제외)", "duplicate records (beyond a person's first)", countDuplicates, countRecords},
	{"duplicates_two_damaged", "손상된 항목이 둘 이상인 중복 기록", "duplicates with two or more damaged fields", countTwoDamaged, countDuplicates},
	{"duplicates_two_altered", "값이 달라진 항목이 둘 이상인 중복 기록 (빈칸 제외)", "duplicates with two or more altered fields, blanks not counted", countTwoAltered, countDuplicates},
	{"linked_by_key", "다른 시스템의 번호가 적힌 기록", "records that carry a key of another system", countLinked, countRecords},
	{"name_typo", "이름 오타 (자모)", "names with a typing error in a letter", countTypo, countRecords},
	{"name_roman", "로마자 이름", "romanised names", countRoman, countRecords},
	{"name_dueum", "두음법칙 성씨 (이/리)", "family names by the initial-sound law", countDueum, countRecords},
	{"name_spacing", "이름 띄어쓰기·순서", "names with spaces or turned round", countSpacing, countRecords},
	{"name_called", "호칭이 붙은 이름", "names with a form of address", countCalled, countRecords},
	{"address_moved", "이사 전 주소", "addresses before a move", countMoved, countRecords},
	{"address_lot", "지번 주소", "lot-number addresses", countLotForm, countRecords},
	{"address_old_region", "옛 지역 이름", "addresses with an old or short region name", countOldRegion, countRecords},
	{"phone_old", "옛 전화번호", "former telephone numbers", countOldPhone, countRecords},
	{"phone_legacy", "01x 번호", "01x numbers", countLegacyPhone, countRecords},
	{"phone_typo", "전화번호 오타", "telephone numbers with a wrong digit", countPhoneTypo, countRecords},
	{"phone_family", "가족 전화번호", "telephone numbers of a relative", countFamilyPhone, countRecords},
	{"phone_safe", "안심번호", "050 safe numbers", countSafePhone, countRecords},
	{"excel_zero", "엑셀로 앞자리 0이 사라진 값", "values whose leading zero Excel dropped", countExcelZero, countRecords},
	{"excel_exponent", "엑셀 지수 표기 값", "numbers in E notation", countExcelExponent, countRecords},
	{"phone_invalid", "잘못된 전화번호", "invalid telephone numbers", countBadPhone, countRecords},
	{"email_typo", "이메일 도메인 오타", "e-mail domains with a typing error", countEmailTypo, countRecords},
	{"email_other", "다른 이메일", "another e-mail address of the person", countOtherEmail, countRecords},
	{"email_invalid", "잘못된 이메일", "invalid e-mail addresses", countBadEmail, countRecords},
	{"birth_swapped", "월·일이 바뀐 생년월일", "birth dates with month and day swapped", countBirthSwap, countRecords},
	{"birth_typo", "생년월일 오타", "birth dates with a wrong digit", countBirthTypo, countRecords},
	{"birth_lunar_solar", "음력·양력이 바뀐 생일", "lunar birth dates written as solar or the reverse", countLunarSolar, countRecords},
	{"missing", "빠진 값이 있는 기록", "records that lost a value", countMissing, countRecords},
	{"placeholder", "임시값", "placeholder values", countPlaceholder, countRecords},
	{"resident_number", "메모 속 주민등록번호 (가짜)", "resident numbers in memo fields (synthetic)", countResident, countRecords},
	{"decomposed_hangul", "분해형 한글 (NFD)", "decomposed Hangul (NFD)", countDecomposed, countRecords},
	{"twins", "쌍둥이", "twins", countTwins, countPeople},
	{"foreign", "외국인 주민", "residents from abroad", countForeign, countPeople},
	{"lunar_birthday", "음력 생일", "lunar birthdays", countLunar, countPeople},
	{"minors", "만 14세 미만", "under 14", countMinors, countPeople},
	{"orders_cancelled_or_returned", "취소·반품 주문", "orders cancelled or returned", countReturned, countOrders},
	{"orders_caused_by_campaigns", "캠페인으로 생긴 주문", "orders caused by campaigns", countCaused, countOrders},
}

func rates(count *[counterCount]int64) []Rate {
	list := make([]Rate, 0, len(rateTable)+2)
	for _, t := range rateTable {
		list = append(list, newRate(t.name, t.ko, t.en, count[t.count], count[t.of]))
	}
	return list
}

func newRate(name, ko, en string, count, of int64) Rate {
	rate := Rate{Name: name, Ko: ko, En: en, Count: count, Of: of}
	if of > 0 {
		rate.Share = float64(count) / float64(of)
	}
	return rate
}

// topShare is the share of revenue from the best fifth of the buyers (Pareto).
func topShare(revenue []int64) Rate {
	buyers := make([]int64, 0, len(revenue))
	var total, top int64
	for _, v := range revenue {
		if v > 0 {
			buyers = append(buyers, v)
			total += v
		}
	}
	slices.Sort(buyers)
	for _, v := range buyers[len(buyers)-len(buyers)/5:] {
		top += v
	}
	return newRate("revenue_of_top_fifth", "상위 20% 고객의 매출", "revenue of the top 20 % of buyers", top, total)
}

// Find returns the rate of that name; the second result is false when there is none.
func (c *Company) Find(name string) (Rate, bool) {
	for _, r := range c.Rates {
		if r.Name == name {
			return r, true
		}
	}
	return Rate{}, false
}

// WriteJSON writes the company, its files and rates for machines.
func (c *Company) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(c)
}

// WriteReport writes files and rates for people; locale is ko or en.
func (c *Company) WriteReport(w io.Writer, locale string) error {
	for _, f := range c.Files {
		label := f.SourceLabel.pick(locale)
		if _, err := fmt.Fprintf(w, "%-22s %10d  %s\n", f.Name, f.Rows, label); err != nil {
			return err
		}
	}
	for _, r := range c.Rates {
		label := Label{r.Ko, r.En}.pick(locale)
		if _, err := fmt.Fprintf(w, "%6.2f %%  %s (%d / %d)\n", r.Share*100, label, r.Count, r.Of); err != nil {
			return err
		}
	}
	return nil
}
