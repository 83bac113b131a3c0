// SPDX-License-Identifier: Apache-2.0

package dataquality

// Field is one field of a customer record; its name is the column of the customers table.
type Field uint8

// The fields of a customer record.
const (
	NoField Field = iota
	FieldFullName
	FieldFamilyName
	FieldGivenName
	FieldNameLatin
	FieldNameKey     // computed: search key of the full name
	FieldNameChosung // computed: initial consonants of the full name
	FieldContact     // given only: a number of unknown sort, becomes Mobile or FieldPhone
	FieldMobile
	FieldPhone
	FieldEmail
	FieldPostalCode
	FieldAddress
	FieldAddressDetail
	FieldSido
	FieldSigungu
	FieldBirthOn
	FieldBirthCalendar
	FieldSex
	FieldResidentID // given only: gives BirthOn and Sex and is dropped, see F-RRN-5
	FieldGrade
	FieldCompany
	FieldBRN
	FieldCRN
	FieldJobTitle
	FieldDepartment
	FieldBranch
	FieldMemo
	FieldJoinedOn
	FieldConsentSMS
	FieldConsentEmail
	FieldConsentPhone
	FieldConsentPost
	FieldConsentAt
	FieldConsentMethod
	FieldConsentNight
	FieldCustomerKind
	fieldCount
)

var fieldNames = [fieldCount]string{
	FieldFullName: "full_name", FieldFamilyName: "family_name", FieldGivenName: "given_name", FieldNameLatin: "name_latin",
	FieldNameKey: "name_key", FieldNameChosung: "name_chosung", FieldContact: "contact", FieldMobile: "mobile", FieldPhone: "phone",
	FieldEmail: "email", FieldPostalCode: "postal_code", FieldAddress: "address", FieldAddressDetail: "address_detail",
	FieldSido: "sido", FieldSigungu: "sigungu", FieldBirthOn: "birth_on", FieldBirthCalendar: "birth_calendar", FieldSex: "sex",
	FieldResidentID: "resident_number", FieldGrade: "grade", FieldCompany: "company", FieldBRN: "brn", FieldCRN: "crn",
	FieldJobTitle: "job_title", FieldDepartment: "department", FieldBranch: "branch", FieldMemo: "memo", FieldJoinedOn: "joined_on",
	FieldConsentSMS: "consent_sms", FieldConsentEmail: "consent_email", FieldConsentPhone: "consent_phone",
	FieldConsentPost: "consent_post", FieldConsentAt: "consent_at", FieldConsentMethod: "consent_method", FieldConsentNight: "consent_night", FieldCustomerKind: "kind",
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
