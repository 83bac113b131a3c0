// SPDX-License-Identifier: Apache-2.0

package dataquality

import (
	"time"
)

// Rules are the settings of the company that change how values are read.
type Rules struct {
	Zone     *time.Location // zone of times given without one; nil is Asia/Seoul
	Currency string         // currency of amounts given without one; "" is KRW
	Today    Date           // the day that ages, future dates and region names are measured against; required
}

// Row normalises one customer record; it is reused from row to row and is not safe for concurrent use.
//
//	row.Reset()
//	for each mapped column: row.Set(field, column.Format, cell)
//	row.Finish()
//	row.Value(dataquality.FieldMobile), row.Findings()
type Row struct {
	rules    Rules
	values   [fieldCount]string
	findings []Finding
	address  string // as given, parsed in Finish when the postal code is known
	birth    string // as given, parsed in Finish when the calendar is known

	birthFormat string
	key         [96]byte
}

// NewRow makes a row that reads values by the rules.
func NewRow(rules Rules) *Row { return &Row{rules: rules} }

// Reset empties the row; findings returned before stay valid.
func (r *Row) Reset() {
	r.values = [fieldCount]string{}
	r.findings, r.address, r.birth = nil, "", ""
}

// Set normalises one cell into its field or fields; format is the date format of recognise, else "".
// A field that has a value already keeps it and another value for it is reported.
func (r *Row) Set(field Field, format, raw string) {
	if raw == "" {
		return
	}
	switch field {
	case NoField, FieldNameKey, FieldNameChosung:
	case FieldFullName:
		r.setName(raw)
	case FieldContact, FieldMobile, FieldPhone:
		r.setPhone(field, raw)
	case FieldEmail:
		mail, findings := Email(raw)
		r.put(field, mail.Value, findings)
	case FieldPostalCode:
		postal, findings := PostalCodeOf(raw)
		r.put(field, postal, findings)
	case FieldAddress:
		if r.address != "" {
			raw = r.address + " " + raw
		}
		r.address = raw
	case FieldBirthOn:
		if r.birth == "" {
			r.birth, r.birthFormat = raw, format
		}
	case FieldResidentID:
		r.setResident(raw)
	default:
		r.setPlain(field, format, raw)
	}
}

// setPlain handles the fields whose normaliser gives one value.
func (r *Row) setPlain(field Field, format, raw string) {
	var value string
	var findings []Finding
	switch field {
	case FieldBirthCalendar:
		value, findings = BirthCalendarOf(raw)
	case FieldSex:
		value, findings = SexOf(raw)
	case FieldGrade:
		value, findings = GradeOf(raw)
	case FieldBRN:
		var business Business
		business, findings = BusinessNumber(raw)
		value = business.Value
	case FieldCRN:
		value, findings = CorporateNumber(raw)
	case FieldJoinedOn:
		value, findings = DayOf(raw, format)
	case FieldConsentAt:
		at, _, found := DateTime(raw, format, r.rules.Zone)
		if findings = found; !at.IsZero() {
			value = at.UTC().Format(time.RFC3339)
		}
	case FieldConsentMethod:
		value, findings = ConsentMethod(raw)
	case FieldConsentSMS, FieldConsentEmail, FieldConsentPhone, FieldConsentPost, FieldConsentNight:
		value, findings = Consent(raw)
	case FieldMemo:
		value, findings = Text(raw)
		value, findings = redacted(value, findings)
	default:
		value, findings = cell(raw)
		value, findings = redacted(value, findings)
	}
	r.put(field, value, findings)
}

// redacted takes resident numbers out of free text at the door (F-RRN-7).
func redacted(value string, findings []Finding) (string, []Finding) {
	safe, found := Redact(value)
	if found > 0 {
		findings = append(findings, Finding{
			Field: "text", Value: shorten(safe), Rule: "F-RRN-7", Code: "resident.redacted", Severity: Warning,
			Message: "A resident registration number in the text was made unreadable.", Remedy: "Do not enter resident numbers: the law forbids keeping them.",
		})
	}
	return safe, findings
}

// put stores the value unless the field has another one, and files the findings under the field.
func (r *Row) put(field Field, value string, findings []Finding) bool {
	if len(findings) > 0 {
		r.findings = append(r.findings, For(field.String(), findings)...)
	}
	switch {
	case value == "":
		return false
	case r.values[field] == "":
		r.values[field] = value
		return true
	case r.values[field] != value:
		r.findings = append(r.findings, Finding{
			Field: field.String(), Value: Mask(field.String(), value), Rule: "M-IMP", Code: "field.several", Severity: Info,
			Message: "The record has several values for this field; the first one is used.",
		})
	}
	return false
}

func (r *Row) setName(raw string) {
	name, findings := Name(raw)
	if safe, found := Redact(name.Full); found > 0 {
		name, findings = PersonName{Full: safe}, append(findings, residentFinding("resident.redacted", Warning, "A resident registration number in the name was made unreadable."))
	}
	if !r.put(FieldFullName, name.Full, findings) {
		return
	}
	if name.Confidence == High || name.Confidence == Medium {
		r.fill(FieldFamilyName, name.Family)
		r.fill(FieldGivenName, name.Given)
	}
	r.fill(FieldNameLatin, name.Latin)
	if IsCompanyName(name.Full) {
		r.fill(FieldCustomerKind, "company")
	}
}

func (r *Row) fill(field Field, value string) {
	if r.values[field] == "" {
		r.values[field] = value
	}
}

// setPhone puts each number where it belongs by its class: a mobile number in the phone column is a mobile
// number, a landline in the mobile column is none.
func (r *Row) setPhone(field Field, raw string) {
	number, findings := Phone(raw)
	if number.Value == "" {
		r.put(field, "", findings)
		return
	}
	target := phoneField(number.Class)
	if field != FieldContact && target != field {
		findings = append(findings, phoneFinding("F-TEL", "phone.other_column", Info, number.Value, "The number is of the other sort and was put in the other column.", ""))
	}
	if r.values[target] != "" && r.values[target] != number.Value && target != field {
		r.put(field, "", findings)
		return
	}
	r.put(target, number.Value, findings)
	for _, further := range number.Rest {
		r.fill(phoneField(further.Class), further.Value)
	}
}

func phoneField(class PhoneClass) Field {
	if class == ClassMobile || class == ClassLegacyMobile {
		return FieldMobile
	}
	return FieldPhone
}

// setResident takes birth date and sex from a resident number and forgets it (F-RRN-5).
func (r *Row) setResident(raw string) {
	resident, ok, findings := ResidentNumber(raw, r.rules.Today)
	if IsMissing(raw) {
		return
	}
	findings = append(findings, residentFinding("resident.dropped", Info, "The resident registration number was used for birth date and sex and then dropped."))
	r.findings = append(r.findings, findings...)
	if ok {
		r.fill(FieldBirthOn, resident.BirthOn.String())
		r.fill(FieldSex, resident.Sex)
	}
}

// Finish computes what needs several fields: the name from its parts, search keys, the address with its
// regions, the calendar of the birth date.
func (r *Row) Finish() {
	r.finishName()
	if r.address != "" {
		r.finishAddress()
	}
	r.finishBirth()
}

func (r *Row) finishBirth() {
	calendar := r.values[FieldBirthCalendar]
	r.values[FieldBirthCalendar] = ""
	if r.birth != "" {
		birth, findings := birthDate(r.birth, r.birthFormat, calendar, r.rules.Today)
		r.values[FieldBirthOn], r.values[FieldBirthCalendar] = r.bornOn(birth.On), birth.Calendar
		r.put(FieldBirthOn, "", findings)
	}
	switch {
	case r.values[FieldBirthOn] == "":
		r.values[FieldBirthCalendar] = ""
	case r.values[FieldBirthCalendar] == "":
		r.values[FieldBirthCalendar] = Solar
	}
}

// bornOn prefers the birth date of its own column to that of a resident number.
func (r *Row) bornOn(own string) string {
	if own == "" {
		return r.values[FieldBirthOn]
	}
	return own
}

func (r *Row) finishName() {
	if r.values[FieldFullName] == "" && (r.values[FieldFamilyName] != "" || r.values[FieldGivenName] != "") {
		family, given := r.values[FieldFamilyName], r.values[FieldGivenName]
		switch {
		case family == "" || given == "":
			r.values[FieldFullName] = family + given
		case isHangulName(family) && isHangulName(given):
			r.values[FieldFullName] = family + given
		default:
			r.values[FieldFullName] = given + " " + family
		}
	}
	full := r.values[FieldFullName]
	if full == "" {
		return
	}
	r.values[FieldNameKey] = SearchKey(full)
	r.values[FieldNameChosung] = string(AppendChosung(r.key[:0], full))
}

func (r *Row) finishAddress() {
	address, findings := AddressOf(r.address, r.values[FieldPostalCode], r.rules.Today)
	line, findings := redacted(joinReference(&address), findings)
	r.put(FieldAddress, line, findings)
	detail, _ := Redact(address.Detail)
	switch own := r.values[FieldAddressDetail]; {
	case own == "":
		r.values[FieldAddressDetail] = detail
	case detail != "" && detail != own:
		r.values[FieldAddressDetail] = detail + " " + own
	}
	r.fill(FieldSido, address.Sido)
	r.fill(FieldSigungu, address.Sigungu)
	r.fill(FieldPostalCode, address.PostalCode)
	if unit := sidoOfPostal(r.values[FieldPostalCode], r.rules.Today); unit != nil && address.Sido != "" && unit.Sido != address.Sido && address.Sigungu != "군위군" {
		r.findings = append(r.findings, postalFinding("postal.mismatch", Warning, r.values[FieldPostalCode],
			"The postal code belongs to "+unit.Sido+" and the address to "+address.Sido+".", "Check which of the two is right."))
	}
}

// joinReference puts what stood in brackets back behind the line.
func joinReference(a *Address) string {
	return joinBracket(a.Line, a.Reference)
}

// Value returns the normalised value of the field, "" when it has none.
func (r *Row) Value(field Field) string { return r.values[field] }

// Each calls fn for every field that has a value, in the order of the fields.
func (r *Row) Each(fn func(field Field, value string)) {
	for field, value := range r.values {
		if value != "" {
			fn(Field(field), value)
		}
	}
}

// Findings returns what was noticed, nil when nothing was.
func (r *Row) Findings() []Finding { return r.findings }
