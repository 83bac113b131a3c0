// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"dangol/internal/dataquality"
)

// Kind is what a column holds, as far as matching is concerned.
type Kind string

// The kinds that are recognised.
const (
	Name       Kind = "name" // whole name of a person
	Given      Kind = "given name"
	Family     Kind = "family name"
	Company    Kind = "company"
	Date       Kind = "date"
	Year       Kind = "year"
	Email      Kind = "email"
	Phone      Kind = "phone"
	Address    Kind = "address"
	Detail     Kind = "address detail" // belongs to an address in another column
	Postal     Kind = "postal code"
	Sex        Kind = "sex"
	Identifier Kind = "identifier" // a number or code that should be one person's
	Category   Kind = "category"   // few values
	Word       Kind = "word"       // a name of something: town, occupation
	Number     Kind = "number"
	Text       Kind = "text" // several words: titles, descriptions
	Useless    Kind = "useless"
)

const (
	// sampleSize is how many records' values are looked at.
	sampleSize = 2000
	// most is the share of values that must look like a kind; dirty data has
	// slips in a few per cent.
	most = 0.8
	// fewValues is the largest number of distinct values of a category.
	fewValues = 12
)

// shape counts what the values of a column look like.
type shape struct {
	total, dates, emails, phones, digitOnly, decimals, multiWord, letterOnly, korean int
	companies, years, sexes, addresses, short, timed                                 int
	length, wordCount                                                                int
	order                                                                            dateOrder
}

// sampleOf takes values of records all over the column. Different values would
// not do: the more records, the more kinds of slips, until of a million
// different dates most are none. The distance varies, since files have rhythms
// of their own.
func sampleOf(c *Column) []string {
	var values []string
	random := rand.New(rand.NewPCG(0x5eed, uint64(len(c.Codes))))
	step, wait := max(1, c.Present()/sampleSize), 0
	for _, code := range c.Codes {
		if code == missing {
			continue
		}
		if wait > 0 {
			wait--
			continue
		}
		wait = random.IntN(2*step - 1)
		if tidy(c.Values[code]) != "" {
			values = append(values, c.Values[code])
		}
	}
	return values
}

func shapeOf(values []string) shape {
	s := shape{order: orderOf(values)}
	for _, value := range values {
		s.see(tidy(value))
	}
	return s
}

func (s *shape) see(value string) {
	s.total++
	d := digits(value)
	length := utf8.RuneCountInString(value)
	s.length += min(length, 200)
	if date := dateDigits(value, s.order); date != "" && date[:4] >= "1500" && date[:4] <= "2100" && date[4:6] <= "12" && date[6:] <= "31" && (len(value) > 6 || date[4:6] > "00" && date[6:] > "00") {
		s.dates++
	}
	if hasTime(value) {
		s.timed++
	}
	if at := strings.IndexByte(value, '@'); at > 0 && strings.IndexByte(value, ' ') < 0 {
		s.emails++
	}
	hasLetter := strings.IndexFunc(value, unicode.IsLetter) >= 0
	if len(d) >= 9 && len(d) <= 13 && !hasLetter && strings.ContainsAny(value[:1], "0+(123456789") {
		s.phones++
	}
	if len(value) == 4 && len(d) == 4 && d >= "1500" && d <= "2100" {
		s.years++
	}
	text := words(value)
	count := len(strings.Fields(text))
	s.wordCount += count
	switch {
	case len(d) == len(value):
		s.digitOnly++
	case len(d) > 0 && strings.Trim(value, "0123456789.,-+e$₩€£ ") == "" && strings.Count(value, ".") == 1:
		s.decimals++
	case len(d) == 0:
		s.letterOnly++
	}
	if count > 1 {
		s.multiWord++
		if hasLetter && len(d) > 0 && len(d)*2 < len(value) {
			s.addresses++
		}
	}
	if length <= 6 {
		s.short++
	}
	if strings.IndexFunc(value, isHangulSyllable) >= 0 {
		s.korean++
	}
	if dataquality.IsCompanyName(value) {
		s.companies++
	}
	if sex, _ := dataquality.SexOf(value); sex != "" {
		s.sexes++
	}
}

// hints are pieces of column names; values decide, names break ties. Whole
// words are marked by =.
var hints = map[Kind][]string{
	Phone:   {"phone", "mobile", "tel", "전화", "휴대", "핸드폰", "연락처", "=hp", "cell", "fax"},
	Date:    append([]string{"date"}, births...),
	Email:   {"mail", "메일"},
	Given:   {"given", "first_name", "firstname", "first name", "forename", "fname", "=명", "middle"},
	Family:  {"family", "surname", "last_name", "lastname", "last name", "lname", "=성", "=성씨"},
	Name:    {"name", "이름", "성명", "고객명", "회원명", "수령인", "성함", "person", "이름명"},
	Company: {"company", "employer", "organisation", "organization", "회사", "업체", "상호", "법인명", "거래처", "=org", "firm", "business"},
	Address: {"address", "addr", "street", "주소", "배송지", "=road"},
	Detail:  {"상세주소", "상세배송지", "주소상세", "나머지주소", "address_detail", "detail_address"},
	Postal:  {"postcode", "post_code", "postal", "zip", "우편"},
	Sex:     {"=sex", "gender", "성별"},
	Number:  {"금액", "적립", "포인트", "point", "amount", "balance", "price", "가격", "잔액"},
	Year:    {"year", "연도", "년도", "출생연도"},
}

// births are the pieces of names of columns that hold birth dates.
var births = []string{"birth", "dob", "생년", "생일", "출생", "=bday"}

func hinted(name string, kind Kind) bool { return hasPiece(name, hints[kind]) }

// isBirth: the date of the column is that of a birth, of which a person has one.
func isBirth(name string) bool { return hasPiece(name, births) && !isAny(name, events) }

func hasPiece(name string, pieces []string) bool {
	name = strings.ToLower(name)
	for _, hint := range pieces {
		if whole, isWhole := strings.CutPrefix(hint, "="); isWhole {
			if name == whole {
				return true
			}
		} else if strings.Contains(name, hint) {
			return true
		}
	}
	return false
}

// Recognise answers what a column holds.
func Recognise(c *Column) Kind {
	kind, _, _ := recognise(c)
	return kind
}

// recognise also tells in which order the column writes dates, and whether they have a time of day.
func recognise(c *Column) (kind Kind, order dateOrder, isTimed bool) {
	sample := sampleOf(c)
	if len(sample) == 0 || c.Distinct() < 2 {
		return Useless, yearFirst, false
	}
	s := shapeOf(sample)
	return s.kind(c), s.order, s.timed*2 > s.total
}

func (s *shape) kind(c *Column) Kind {
	share := func(n int) float64 { return float64(n) / float64(s.total) }
	name := c.Name
	switch {
	case share(s.emails) >= most, hinted(name, Email) && share(s.emails) > .5:
		return Email
	case share(s.sexes) >= most && c.Distinct() <= fewValues:
		return Sex
	case share(s.dates) >= most && (s.digitOnly == 0 || hinted(name, Date) || share(s.dates) > .95 && s.length >= 8*s.total):
		return Date
	case hinted(name, Postal) && share(s.short) >= .5:
		return Postal
	case hinted(name, Phone) && share(s.phones) >= .3, share(s.phones) >= most && s.digitOnly < s.total/2 && !hinted(name, Date):
		return Phone
	case share(s.years) >= most:
		return Year
	case share(s.decimals) > .3 && share(s.decimals+s.digitOnly) >= most:
		return Number
	}
	if kind := s.texts(c, share); kind != "" {
		return kind
	}
	if c.Distinct() <= fewValues && c.Distinct()*10 < c.Present() {
		return Category
	}
	if share(s.digitOnly) >= most {
		if hinted(name, Number) {
			return Number
		}
		return s.numbers(c)
	}
	return s.words(c, share)
}

// texts are the kinds that the header names and the values do not contradict.
func (s *shape) texts(c *Column, share func(int) float64) Kind {
	name := c.Name
	isWordy := share(s.letterOnly) >= .6
	switch {
	case hinted(name, Detail):
		return Detail
	case hinted(name, Company) && share(s.digitOnly) < .5 || share(s.companies) > .3:
		return Company
	case !isWordy || c.Distinct() <= fewValues || s.length > 40*s.total:
		return ""
	case hinted(name, Family) && !hinted(name, Given):
		return Family
	case hinted(name, Given) && !hinted(name, Family):
		return Given
	case hinted(name, Name) && s.length < 30*s.total && s.wordCount <= 4*s.total:
		return Name
	}
	return ""
}

// numbers tells codes that many share and numbers of a person from running
// numbers, which are evidence of nothing.
func (s *shape) numbers(c *Column) Kind {
	if c.Distinct() == c.Present() && c.Present() > 20 {
		return Useless
	}
	if s.length < 3*s.total {
		return Category
	}
	return Identifier
}

func (s *shape) words(c *Column, share func(int) float64) Kind {
	if hinted(c.Name, Address) && share(s.multiWord) > .3 && s.length > 8*s.total {
		return Address
	}
	if share(s.letterOnly) >= most && share(s.multiWord) < .5 && s.length < 20*s.total {
		return Word
	}
	if share(s.multiWord) < .3 && c.Distinct()*2 > c.Present() {
		return Identifier
	}
	return Text
}
