// SPDX-License-Identifier: Apache-2.0

package customer

import "dangol/internal/dataquality"

// Field is a standard field of a customer; its name is a column of the customers table.
type Field uint8

// The standard fields, in the order of the golden row.
const (
	FullName Field = iota
	NameLatin
	Mobile
	Phone
	Email
	BirthOn
	BirthCalendar
	Sex
	PostalCode
	Address
	AddressDetail
	Sido
	Sigungu
	Company
	BRN
	CRN
	JobTitle
	Department
	Grade
	Branch
	OwnerID
	JoinedOn
	Memo
	KindField
	fieldCount
)

// FieldCount is the number of standard fields, the length of arrays indexed by Field.
const FieldCount = int(fieldCount)

// group names fields that only make sense from one record together, such as the parts of an address.
type group uint8

const (
	alone group = iota
	addressGroup
	birthGroup
)

// FieldInfo describes a standard field.
type FieldInfo struct {
	Name       string
	Type       string // text, date, choice or id
	Ko, En     string
	IsPersonal bool
	Choices    []string
	group      group
	input      dataquality.Field
}

var fields = [fieldCount]FieldInfo{
	FullName:      {Name: "full_name", Type: "text", Ko: "이름", En: "Name", IsPersonal: true, input: dataquality.FieldFullName},
	NameLatin:     {Name: "name_latin", Type: "text", Ko: "영문 이름", En: "Name in Latin letters", IsPersonal: true, input: dataquality.FieldNameLatin},
	Mobile:        {Name: "mobile", Type: "text", Ko: "휴대전화", En: "Mobile", IsPersonal: true, input: dataquality.FieldMobile},
	Phone:         {Name: "phone", Type: "text", Ko: "전화", En: "Telephone", IsPersonal: true, input: dataquality.FieldPhone},
	Email:         {Name: "email", Type: "text", Ko: "이메일", En: "E-mail", IsPersonal: true, input: dataquality.FieldEmail},
	BirthOn:       {Name: "birth_on", Type: "date", Ko: "생년월일", En: "Date of birth", IsPersonal: true, group: birthGroup, input: dataquality.FieldBirthOn},
	BirthCalendar: {Name: "birth_calendar", Type: "choice", Ko: "양력/음력", En: "Birth calendar", Choices: []string{"solar", "lunar", "lunar_leap"}, group: birthGroup, input: dataquality.FieldBirthCalendar},
	Sex:           {Name: "sex", Type: "choice", Ko: "성별", En: "Sex", Choices: []string{"male", "female"}, input: dataquality.FieldSex},
	PostalCode:    {Name: "postal_code", Type: "text", Ko: "우편번호", En: "Postal code", group: addressGroup, input: dataquality.FieldPostalCode},
	Address:       {Name: "address", Type: "text", Ko: "주소", En: "Address", IsPersonal: true, group: addressGroup, input: dataquality.FieldAddress},
	AddressDetail: {Name: "address_detail", Type: "text", Ko: "상세주소", En: "Address detail", IsPersonal: true, group: addressGroup, input: dataquality.FieldAddressDetail},
	Sido:          {Name: "sido", Type: "choice", Ko: "시·도", En: "Province", group: addressGroup, input: dataquality.FieldSido},
	Sigungu:       {Name: "sigungu", Type: "choice", Ko: "시·군·구", En: "City or district", group: addressGroup, input: dataquality.FieldSigungu},
	Company:       {Name: "company", Type: "text", Ko: "회사", En: "Company", input: dataquality.FieldCompany},
	BRN:           {Name: "brn", Type: "text", Ko: "사업자등록번호", En: "Business number", input: dataquality.FieldBRN},
	CRN:           {Name: "crn", Type: "text", Ko: "법인등록번호", En: "Corporate number", input: dataquality.FieldCRN},
	JobTitle:      {Name: "job_title", Type: "text", Ko: "직책", En: "Job title", input: dataquality.FieldJobTitle},
	Department:    {Name: "department", Type: "text", Ko: "부서", En: "Department", input: dataquality.FieldDepartment},
	Grade:         {Name: "grade", Type: "choice", Ko: "등급", En: "Grade", input: dataquality.FieldGrade},
	Branch:        {Name: "branch", Type: "choice", Ko: "지점", En: "Branch", input: dataquality.FieldBranch},
	OwnerID:       {Name: "owner_id", Type: "id", Ko: "담당자", En: "Owner"},
	JoinedOn:      {Name: "joined_on", Type: "date", Ko: "가입일", En: "Joined on", input: dataquality.FieldJoinedOn},
	Memo:          {Name: "memo", Type: "text", Ko: "메모", En: "Memo", IsPersonal: true, input: dataquality.FieldMemo},
	KindField:     {Name: "kind", Type: "choice", Ko: "고객 유형", En: "Kind", Choices: Kinds, input: dataquality.FieldCustomerKind},
}

// Kinds are the kinds of customers; the first is the default.
var Kinds = []string{"person", "household", "company", "dealer", "partner", "employee"}

var fieldByName = func() map[string]Field {
	byName := make(map[string]Field, fieldCount)
	for f, info := range fields {
		byName[info.Name] = Field(f)
	}
	return byName
}()

// Info describes the field.
func (f Field) Info() FieldInfo { return fields[f] }

// String returns the name of the field, such as "full_name".
func (f Field) String() string { return fields[f].Name }

// FieldOf returns the standard field of the name.
func FieldOf(name string) (Field, bool) {
	f, ok := fieldByName[name]
	return f, ok
}

// claims are fields of a row that are no fields of the customer but must not be lost: consents without
// evidence are "claimed" only (rulebook 4.2), and the parts of a name are kept where they were given.
var claims = []dataquality.Field{
	dataquality.FieldFamilyName, dataquality.FieldGivenName, dataquality.FieldConsentSMS, dataquality.FieldConsentEmail,
	dataquality.FieldConsentPhone, dataquality.FieldConsentPost, dataquality.FieldConsentAt, dataquality.FieldConsentMethod,
	dataquality.FieldConsentNight,
}
