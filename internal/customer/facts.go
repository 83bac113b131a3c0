// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
)

// factAttribute begins the warehouse columns of custom attributes.
const factAttribute = "attr_"

// factColumns are the warehouse columns of a customer: every standard field, so
// that lists and segments filter and sort by any of them (decision 0006).
// Telephone numbers are kept as national digits and addresses of mail in small
// letters, which is how people look for them.
var factColumns = []warehouse.Column{
	{Name: "id", Type: warehouse.BigInt},
	{Name: "kind", Type: warehouse.Varchar},
	{Name: "name_key", Type: warehouse.Varchar},
	{Name: "sex", Type: warehouse.Varchar},
	{Name: "birth_on", Type: warehouse.Date},
	{Name: "birth_md", Type: warehouse.Integer},
	{Name: "postal_code", Type: warehouse.Varchar},
	{Name: "sido", Type: warehouse.Varchar},
	{Name: "sigungu", Type: warehouse.Varchar},
	{Name: "company", Type: warehouse.Varchar},
	{Name: "job_title", Type: warehouse.Varchar},
	{Name: "department", Type: warehouse.Varchar},
	{Name: "grade", Type: warehouse.Varchar},
	{Name: "branch", Type: warehouse.Varchar},
	{Name: "owner_id", Type: warehouse.BigInt},
	{Name: "joined_on", Type: warehouse.Date},
	{Name: "email_domain", Type: warehouse.Varchar},
	{Name: "name_latin", Type: warehouse.Varchar},
	{Name: "mobile", Type: warehouse.Varchar},
	{Name: "phone", Type: warehouse.Varchar},
	{Name: "email", Type: warehouse.Varchar},
	{Name: "birth_calendar", Type: warehouse.Varchar},
	{Name: "address", Type: warehouse.Varchar},
	{Name: "address_detail", Type: warehouse.Varchar},
	{Name: "brn", Type: warehouse.Varchar},
	{Name: "crn", Type: warehouse.Varchar},
	{Name: "memo", Type: warehouse.Varchar},
	{Name: "has_mobile", Type: warehouse.Boolean},
	{Name: "has_phone", Type: warehouse.Boolean},
	{Name: "has_email", Type: warehouse.Boolean},
	{Name: "has_address", Type: warehouse.Boolean},
	{Name: "record_count", Type: warehouse.BigInt},
	{Name: "created_at", Type: warehouse.Timestamp},
	{Name: "updated_at", Type: warehouse.Timestamp},
	{Name: "household_id", Type: warehouse.BigInt},
	{Name: "household_state", Type: warehouse.Varchar},
	{Name: "household_size", Type: warehouse.BigInt},
	{Name: "household_one", Type: warehouse.Boolean},
}

// Tables returns the warehouse table of customers.
func Tables(db *database.DB) []warehouse.Table {
	s := &Store{db: db}
	return []warehouse.Table{{
		Name: "customers", Key: "id", Subject: "customer", Columns: factColumns,
		Follows: []string{"customer.*", "intake.*", "order.*", "match.*", "attribute.*"},
		Load:    s.loadFacts,
		Grows:   true,
		Parts:   s.factParts,
		Extra:   s.attributeColumns,
	}}
}

func (s *Store) attributeColumns(ctx context.Context) ([]warehouse.Column, error) {
	list, err := s.ListAttributes(ctx)
	if err != nil {
		return nil, err
	}
	columns := make([]warehouse.Column, len(list))
	for i, a := range list {
		columns[i] = warehouse.Column{Name: factAttribute + a.Name, Type: a.columnType()}
	}
	return columns, nil
}

func (a *Attribute) columnType() string {
	switch a.Type {
	case TypeNumber:
		return warehouse.Double
	case TypeInteger, TypeMoney:
		return warehouse.BigInt
	case TypeDate:
		return warehouse.Date
	case TypeBoolean:
		return warehouse.Boolean
	}
	return warehouse.Varchar
}

// monthDayOf reads the day of a birthday as month*100+day; lunar dates are
// told apart because their day moves through the year (F-DATE-3).
func monthDayOf(birthOn, calendar string) any {
	if len(birthOn) != len("2006-01-02") {
		return nil
	}
	digit := func(i int) int64 { return int64(birthOn[i]-'0')*10 + int64(birthOn[i+1]-'0') }
	code := digit(5)*100 + digit(8)
	switch calendar {
	case "lunar":
		code += 10_000
	case "lunar_leap":
		code += 20_000
	}
	return code
}

// realDate makes a lunar date such as 30 February a date that calendars have;
// age does not mind the day.
func realDate(on string) any {
	if on == "" {
		return nil
	}
	if _, err := time.Parse("2006-01-02", on); err == nil || len(on) != len("2006-01-02") {
		return on
	}
	return on[:8] + "28"
}

func domainOf(email string) any {
	if i := strings.LastIndexByte(email, '@'); i >= 0 && i+1 < len(email) {
		return strings.ToLower(email[i+1:])
	}
	return nil
}

// Cubes returns the cube of customers; custom attributes appear by themselves.
func Cubes(db *database.DB) []warehouse.Cube {
	s := &Store{db: db}
	dimensions := factDimensions()
	return []warehouse.Cube{{
		Name: "customer", Label: warehouse.Text{Ko: "고객", En: "Customers"},
		Table: "customers", Key: "id", Customer: "id", IsCustomers: true, Permission: "customer:read",
		Dimensions: dimensions,
		Extra:      s.attributeDimensions,
		Measures: []warehouse.Measure{
			{
				Name: "count", Aggregate: warehouse.Count, Kind: warehouse.KindInteger,
				Label: warehouse.Text{Ko: "고객 수", En: "Customers"},
				About: warehouse.Text{Ko: "병합된 고객을 하나로 센 고객 수", En: "Customers, merged ones counted once"},
			},
			{
				Name: "with_mobile", Aggregate: warehouse.Count, Kind: warehouse.KindInteger,
				Where: []warehouse.Condition{{Column: "has_mobile", Values: []any{true}}},
				Label: warehouse.Text{Ko: "휴대전화 있는 고객", En: "With mobile number"},
			},
			{
				Name: "with_email", Aggregate: warehouse.Count, Kind: warehouse.KindInteger,
				Where: []warehouse.Condition{{Column: "has_email", Values: []any{true}}},
				Label: warehouse.Text{Ko: "이메일 있는 고객", En: "With e-mail address"},
			},
			{
				Name: "records", Aggregate: warehouse.Sum, Column: "record_count", Kind: warehouse.KindInteger,
				Label: warehouse.Text{Ko: "원본 레코드 수", En: "Source records"},
			},
			{
				Name: "records_each", Aggregate: warehouse.Ratio, Over: "records", Under: "count", Kind: warehouse.KindNumber,
				Label: warehouse.Text{Ko: "고객당 원본 레코드", En: "Records per customer"},
			},
		},
	}}
}

// ageBands are the bands of Korean marketing: under 20, tens, 60 and over.
var ageBands = []warehouse.Band{
	{Name: "0-19", From: 0, To: 20, Label: warehouse.Text{Ko: "20세 미만", En: "under 20"}},
	{Name: "20-29", From: 20, To: 30, Label: warehouse.Text{Ko: "20대", En: "20–29"}},
	{Name: "30-39", From: 30, To: 40, Label: warehouse.Text{Ko: "30대", En: "30–39"}},
	{Name: "40-49", From: 40, To: 50, Label: warehouse.Text{Ko: "40대", En: "40–49"}},
	{Name: "50-59", From: 50, To: 60, Label: warehouse.Text{Ko: "50대", En: "50–59"}},
	{Name: "60-69", From: 60, To: 70, Label: warehouse.Text{Ko: "60대", En: "60–69"}},
	{Name: "70+", From: 70, Label: warehouse.Text{Ko: "70세 이상", En: "70 and over"}},
}

var recordBands = []warehouse.Band{
	{Name: "1", From: 1, To: 2, Label: warehouse.Text{Ko: "1개", En: "1"}},
	{Name: "2", From: 2, To: 3, Label: warehouse.Text{Ko: "2개", En: "2"}},
	{Name: "3-4", From: 3, To: 5, Label: warehouse.Text{Ko: "3–4개", En: "3–4"}},
	{Name: "5+", From: 5, Label: warehouse.Text{Ko: "5개 이상", En: "5 or more"}},
}

func factDimensions() []warehouse.Dimension {
	field := func(f Field, kind warehouse.Kind) warehouse.Dimension {
		info := f.Info()
		d := warehouse.Dimension{Name: info.Name, Column: info.Name, Kind: kind, Label: warehouse.Text{Ko: info.Ko, En: info.En}}
		for _, choice := range info.Choices {
			d.Values = append(d.Values, warehouse.Value{Value: choice, Label: choiceLabels[choice]})
		}
		return d
	}
	sigungu := field(Sigungu, warehouse.KindChoice)
	sigungu.Parent, sigungu.Within = "sido", true
	sido := field(Sido, warehouse.KindChoice)
	sido.Values = provinces
	birth := field(BirthOn, warehouse.KindDate)
	birth.MonthDay, birth.FilterOnly, birth.IsPersonal = "birth_md", true, true
	birth.Label = warehouse.Text{Ko: "생일", En: "Birthday"}
	list := []warehouse.Dimension{
		sido, sigungu,
		{Name: "age", Column: "birth_on", Kind: warehouse.KindInteger, Unit: warehouse.UnitAge, Bands: ageBands, Label: warehouse.Text{Ko: "나이", En: "Age"}},
		field(Sex, warehouse.KindChoice), field(KindField, warehouse.KindChoice), field(Grade, warehouse.KindChoice),
		field(Branch, warehouse.KindChoice), field(OwnerID, warehouse.KindID), field(PostalCode, warehouse.KindText),
		field(Company, warehouse.KindText), field(JobTitle, warehouse.KindText), field(Department, warehouse.KindText),
		{Name: "email_domain", Column: "email_domain", Kind: warehouse.KindText, Label: warehouse.Text{Ko: "이메일 도메인", En: "E-mail domain"}},
		birth,
		{
			Name: "full_name", Column: "name_key", Kind: warehouse.KindText, FilterOnly: true, IsPersonal: true, Read: dataquality.SearchKey,
			Label: warehouse.Text{Ko: "이름", En: "Name"},
		},
		{Name: "id", Column: "id", Kind: warehouse.KindID, FilterOnly: true, Label: warehouse.Text{Ko: "고객 번호", En: "Customer number"}},
		{Name: "record_count", Column: "record_count", Kind: warehouse.KindInteger, Bands: recordBands, Label: warehouse.Text{Ko: "원본 레코드 수", En: "Source records"}},
		{Name: "created_at", Column: "created_at", Kind: warehouse.KindTime, FilterOnly: true, Label: warehouse.Text{Ko: "등록 시각", En: "Created at"}},
		{Name: "updated_at", Column: "updated_at", Kind: warehouse.KindTime, FilterOnly: true, Label: warehouse.Text{Ko: "수정 시각", En: "Updated at"}},
		{Name: "joined_on", Column: "joined_on", Kind: warehouse.KindDate, FilterOnly: true, Label: warehouse.Text{Ko: "가입일", En: "Joined on"}},
	}
	list = append(list, contactDimensions()...)
	for _, flag := range []struct{ name, ko, en string }{
		{"has_mobile", "휴대전화 있음", "Has mobile number"},
		{"has_phone", "전화 있음", "Has telephone"},
		{"has_email", "이메일 있음", "Has e-mail"},
		{"has_address", "주소 있음", "Has address"},
	} {
		list = append(list, warehouse.Dimension{
			Name: flag.name, Column: flag.name, Kind: warehouse.KindBoolean, Label: warehouse.Text{Ko: flag.ko, En: flag.en},
		})
	}
	list = append(list, householdDimensions()...)
	list = append(list, warehouse.TimeDimensions("created_", "created_at", warehouse.Text{Ko: "등록", En: "Created"})...)
	return append(list, warehouse.DateDimensions("joined_", "joined_on", warehouse.Text{Ko: "가입", En: "Joined"})...)
}

// contactDimensions are the fields by which somebody is reached or named: to
// filter by, never to group by.
func contactDimensions() []warehouse.Dimension {
	reads := map[Field]func(string) string{
		NameLatin: nil, Mobile: nationalDigits, Phone: nationalDigits, Email: foldEmail, BirthCalendar: nil,
		Address: spaced, AddressDetail: spaced, BRN: nil, CRN: nil, Memo: nil,
	}
	var list []warehouse.Dimension
	for _, f := range []Field{Mobile, Phone, Email, Address, AddressDetail, NameLatin, BRN, CRN, BirthCalendar, Memo} {
		info := f.Info()
		d := warehouse.Dimension{
			Name: info.Name, Column: info.Name, Kind: warehouse.KindText, Label: warehouse.Text{Ko: info.Ko, En: info.En},
			IsPersonal: info.IsPersonal, FilterOnly: true, Read: reads[f],
		}
		if len(info.Choices) > 0 {
			d.Kind, d.FilterOnly = warehouse.KindChoice, false
		}
		for _, choice := range info.Choices {
			d.Values = append(d.Values, warehouse.Value{Value: choice, Label: choiceLabels[choice]})
		}
		list = append(list, d)
	}
	return list
}

// foldEmail writes an address of mail as the warehouse keeps it.
func foldEmail(s string) string { return dataquality.EmailKey(strings.TrimSpace(s)) }

// spaced leaves one blank between words.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// warehoused is the value of a field in the form, and so in the order, of the warehouse.
func warehoused(name string, v any) any {
	text, ok := v.(string)
	if !ok {
		return v
	}
	switch name {
	case "mobile", "phone":
		return nationalDigits(text)
	case "email":
		return foldEmail(text)
	}
	return v
}

// householdDimensions let segments and lists ask for households; household_one is true for exactly one
// member of each household and for everybody who is in none, so that a letter reaches each home once.
func householdDimensions() []warehouse.Dimension {
	return []warehouse.Dimension{
		{Name: "household_one", Column: "household_one", Kind: warehouse.KindBoolean, Label: warehouse.Text{Ko: "가구당 한 명", En: "One per household"}},
		{
			Name: "household_state", Column: "household_state", Kind: warehouse.KindChoice, Label: warehouse.Text{Ko: "가구 상태", En: "Household state"},
			Values: []warehouse.Value{
				{Value: "confirmed", Label: warehouse.Text{Ko: "확정", En: "Confirmed"}},
				{Value: "suggested", Label: warehouse.Text{Ko: "제안", En: "Suggested"}},
			},
		},
		{Name: "household_size", Column: "household_size", Kind: warehouse.KindInteger, Bands: householdBands, Label: warehouse.Text{Ko: "가구원 수", En: "Household size"}},
		{Name: "household_id", Column: "household_id", Kind: warehouse.KindID, FilterOnly: true, Label: warehouse.Text{Ko: "가구 번호", En: "Household number"}},
	}
}

var householdBands = []warehouse.Band{
	{Name: "1", From: 1, To: 2, Label: warehouse.Text{Ko: "1명", En: "1"}},
	{Name: "2", From: 2, To: 3, Label: warehouse.Text{Ko: "2명", En: "2"}},
	{Name: "3", From: 3, To: 4, Label: warehouse.Text{Ko: "3명", En: "3"}},
	{Name: "4+", From: 4, Label: warehouse.Text{Ko: "4명 이상", En: "4 or more"}},
}

var choiceLabels = map[string]warehouse.Text{
	"male": {Ko: "남성", En: "Male"}, "female": {Ko: "여성", En: "Female"},
	"solar": {Ko: "양력", En: "Solar"}, "lunar": {Ko: "음력", En: "Lunar"}, "lunar_leap": {Ko: "음력 윤달", En: "Lunar, leap month"},
	"person": {Ko: "개인", En: "Person"}, "household": {Ko: "가구", En: "Household"}, "company": {Ko: "기업", En: "Company"},
	"dealer": {Ko: "대리점", En: "Dealer"}, "partner": {Ko: "협력사", En: "Partner"}, "employee": {Ko: "임직원", En: "Employee"},
}

// provinces in the official order.
var provinces = func() []warehouse.Value {
	var list []warehouse.Value
	for _, p := range [][2]string{
		{"서울특별시", "Seoul"},
		{"부산광역시", "Busan"},
		{"대구광역시", "Daegu"},
		{"인천광역시", "Incheon"},
		{"전남광주통합특별시", "Jeonnam-Gwangju"}, // since July 2026; the two below until then
		{"광주광역시", "Gwangju"},
		{"대전광역시", "Daejeon"},
		{"울산광역시", "Ulsan"},
		{"세종특별자치시", "Sejong"},
		{"경기도", "Gyeonggi"},
		{"강원특별자치도", "Gangwon"},
		{"충청북도", "Chungbuk"},
		{"충청남도", "Chungnam"},
		{"전북특별자치도", "Jeonbuk"},
		{"전라남도", "Jeonnam"},
		{"경상북도", "Gyeongbuk"},
		{"경상남도", "Gyeongnam"},
		{"제주특별자치도", "Jeju"},
	} {
		list = append(list, warehouse.Value{Value: p[0], Label: warehouse.Text{Ko: p[0], En: p[1]}})
	}
	return list
}()

var attributeKinds = map[string]warehouse.Kind{
	TypeText: warehouse.KindText, TypeNumber: warehouse.KindNumber, TypeInteger: warehouse.KindInteger,
	TypeDate: warehouse.KindDate, TypeBoolean: warehouse.KindBoolean, TypeChoice: warehouse.KindChoice, TypeMoney: warehouse.KindMoney,
}

// attributeDimensions lists the custom attributes in use; a failure leaves the
// standard fields usable and is logged.
func (s *Store) attributeDimensions(ctx context.Context) []warehouse.Dimension {
	attributes, err := s.ListAttributes(ctx)
	if err != nil {
		slog.Warn("customer: custom attributes are not offered for analysis now", "error", err)
		return nil
	}
	list := make([]warehouse.Dimension, 0, len(attributes))
	for _, a := range attributes {
		if a.ArchivedAt != nil {
			continue
		}
		d := warehouse.Dimension{
			Name: "attr." + a.Name, Column: factAttribute + a.Name, Kind: attributeKinds[a.Type],
			Label: warehouse.Text{Ko: a.LabelKo, En: a.LabelEn}, IsPersonal: a.IsPersonal,
		}
		for _, choice := range a.Choices {
			d.Values = append(d.Values, warehouse.Value{Value: choice, Label: warehouse.Text{Ko: choice, En: choice}})
		}
		list = append(list, d)
	}
	return list
}
