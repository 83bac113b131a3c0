// SPDX-License-Identifier: Apache-2.0

package dataquality

// Field is one field of a customer record; its name is the column of the customers table.
type Field uint8

// The fields of a customer record.
const (
	NoField Field = iota
	FullName
	FamilyName
	GivenName
	NameLatin
	NameKey     // computed: search key of the full name
	NameChosung // computed: initial consonants of the full name
	Contact     // given only: a number of unknown sort, becomes Mobile or Phone
	Mobile
	Phone
	EmailAddress
	Postal
	AddressLine
	AddressDetail
	Sido
	Sigungu
	BirthOn
	BirthCalendar
	Sex
	ResidentID // given only: gives BirthOn and Sex and is dropped, see F-RRN-5
	Grade
	Company
	BRN
	CRN
	JobTitle
	Department
	Branch
	Memo
	JoinedOn
	ConsentSMS
	ConsentEmail
	ConsentPhone
	ConsentPost
	ConsentAt
	CustomerKind
	fieldCount
)

var fieldNames = [fieldCount]string{
	FullName: "full_name", FamilyName: "family_name", GivenName: "given_name", NameLatin: "name_latin",
	NameKey: "name_key", NameChosung: "name_chosung", Contact: "contact", Mobile: "mobile", Phone: "phone",
	EmailAddress: "email", Postal: "postal_code", AddressLine: "address", AddressDetail: "address_detail",
	Sido: "sido", Sigungu: "sigungu", BirthOn: "birth_on", BirthCalendar: "birth_calendar", Sex: "sex",
	ResidentID: "resident_number", Grade: "grade", Company: "company", BRN: "brn", CRN: "crn",
	JobTitle: "job_title", Department: "department", Branch: "branch", Memo: "memo", JoinedOn: "joined_on",
	ConsentSMS: "consent_sms", ConsentEmail: "consent_email", ConsentPhone: "consent_phone",
	ConsentPost: "consent_post", ConsentAt: "consent_at", CustomerKind: "kind",
}

var fieldByName = func() map[string]Field {
	byName := make(map[string]Field, fieldCount)
	for field, name := range fieldNames {
		if name != "" {
			byName[name] = Field(field)
		}
	}
	return byName
}()

// String returns the name of the field, such as "full_name".
func (f Field) String() string {
	if f >= fieldCount {
		return ""
	}
	return fieldNames[f]
}

// FieldOf returns the field of the name, NoField when there is none.
func FieldOf(name string) Field { return fieldByName[name] }

// FieldCount is one more than the highest field, the length of an array indexed by Field.
const FieldCount = int(fieldCount)
