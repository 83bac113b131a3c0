// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"dangol/internal/dataquality"
)

// Confidences of the ways by which a column is recognised.
const (
	sure       = 0.98 // declared, or the header and the values agree
	byHeader   = 0.9
	byPart     = 0.75 // part of a header
	byValues   = 0.65
	byFallback = 0.5
)

// proposal is a mapping in the making.
type proposal struct {
	in      *Input
	columns []column
	mapping Mapping
	done    []bool
	taken   map[string]bool // attribute slugs
}

// Propose says what the file is and what its columns mean.
func Propose(in Input) Mapping {
	p := &proposal{in: &in, columns: newColumns(&in), done: make([]bool, len(in.Headers)), taken: map[string]bool{}}
	m := &p.mapping
	m.Kind, m.KindConfidence, m.KindReason = kindOf(&in, p.columns)
	m.HeaderSignature = Signature(in.Headers)
	m.KeyColumns = []int{}
	m.Columns = make([]Column, len(in.Headers))
	for i := range p.columns {
		m.Columns[i] = Column{
			Header: in.Headers[i], Index: i, Field: FieldIgnore, Samples: p.columns[i].samples(), IsSparse: p.columns[i].isSparse(),
		}
	}
	p.declaredKeys()
	p.residents()
	p.headers()
	p.keys()
	p.byValues()
	p.quantity()
	p.recipients()
	p.rest()
	p.formats()
	p.currencies()
	p.mark()
	return *m
}

// Signature identifies a set of headers, whatever their spelling in case and spaces, for remembered mappings.
func Signature(headers []string) string {
	hash := sha256.New()
	for _, header := range headers {
		hash.Write([]byte(Normalise(header)))
		hash.Write([]byte{0})
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

func (p *proposal) set(i int, field string, confidence float64, reason string) *Column {
	c := &p.mapping.Columns[i]
	c.Field, c.Confidence, c.Reason = field, confidence, reason
	p.done[i] = true
	return c
}

func (p *proposal) has(field string) bool { return p.mapping.Has(field) }

func (p *proposal) notice(n *Notice) {
	if n != nil {
		p.mapping.Notices = append(p.mapping.Notices, *n)
	}
}

// declaredKeys takes the columns that a person named as keys.
func (p *proposal) declaredKeys() {
	for _, key := range p.in.Keys {
		i := headerIndex(p.in.Headers, key)
		found := i >= 0
		if found && !p.done[i] {
			p.setKey(i, SchemeName(lastPart(p.in.Headers[i])), sure, "It was declared as a key.")
		}
		if !found {
			p.notice(&Notice{
				Code: "key.missing", Column: key, Severity: "error",
				Message: "The declared key column " + key + " is not in the file.", Remedy: "Check the spelling; the columns are " + list(p.in.Headers) + ".",
			})
		}
	}
}

func list(headers []string) string {
	const shown = 12
	if len(headers) > shown {
		return strings.Join(headers[:shown], ", ") + fmt.Sprintf(" and %d more", len(headers)-shown)
	}
	return strings.Join(headers, ", ")
}

func (p *proposal) setKey(i int, scheme string, confidence float64, reason string) {
	p.set(i, FieldKey, confidence, reason).Scheme = scheme
	p.mapping.KeyColumns = append(p.mapping.KeyColumns, i)
}

// residents finds columns of resident numbers by their values: they give birth date and sex and are dropped.
func (p *proposal) residents() {
	if p.mapping.Kind != Customers && p.mapping.Kind != Transactions {
		return
	}
	for i := range p.columns {
		c := &p.columns[i]
		if p.done[i] || len(c.values) == 0 || c.longest < 13 {
			continue
		}
		a, _, _ := meaning(c.header, Customers)
		if a.field == "resident_number" || c.share(isResident) >= 0.8 && c.share(dataquality.HasResidentNumber) >= 0.8 && a.field == "" && !c.is(specificKey) {
			field := "resident_number"
			if p.mapping.Kind != Customers {
				field = FieldIgnore
			}
			p.set(i, field, sure, "The values are resident registration numbers, which may not be kept.")
			p.notice(&Notice{
				Code: "resident.column", Column: c.header, Severity: "warning",
				Message: "Column " + c.header + " holds resident registration numbers. They are used for birth date and sex in memory and never stored.",
				Remedy:  "Leave the column out of future exports.",
			})
		}
	}
}

// headers takes the columns whose header is in the alias table; of two for one field the better one wins.
func (p *proposal) headers() {
	for i := range p.columns {
		c := &p.columns[i]
		if p.done[i] || p.mapping.Kind != Customers && p.isKeyWord(c) {
			continue
		}
		a, name, ok := meaning(c.header, p.mapping.Kind)
		if !ok {
			continue
		}
		confidence, reason := byHeader, "The header "+c.header+" means "+a.field+"."
		if name != c.names[0] {
			confidence = byPart
		}
		if agrees, judged := p.valuesAgree(c, a.field); judged {
			if !agrees {
				p.doubt(c, a.field)
				if confidence -= 0.4; a.field == FieldOrderedAt || a.field == "birth_on" || a.field == FieldDiscount {
					continue
				}
			} else if confidence >= byHeader {
				confidence, reason = sure, reason[:len(reason)-1]+" and the values agree."
			}
		}
		p.place(i, a.field, confidence, reason)
	}
}

// isKeyWord keeps generic key names from being read as something else in files of sales.
func (p *proposal) isKeyWord(c *column) bool {
	return c.is(specificKey) || c.is(genericKey) && !c.is(map[string]bool{"code": true})
}

// place gives the column the field, or to the one of two columns that is surer of it.
func (p *proposal) place(i int, field string, confidence float64, reason string) {
	if isManyValued(field) {
		p.set(i, field, confidence, reason)
		return
	}
	for j := range p.mapping.Columns {
		other := &p.mapping.Columns[j]
		if other.Field != field {
			continue
		}
		if other.Confidence >= confidence && len(p.columns[j].values) > 0 || len(p.columns[i].values) == 0 {
			return
		}
		*other = Column{Header: other.Header, Index: j, Field: FieldIgnore, Samples: other.Samples}
		p.done[j] = false
	}
	p.set(i, field, confidence, reason)
}

func isManyValued(field string) bool {
	return field == FieldKey || field == FieldAttribute || field == FieldExtra || field == FieldIgnore || isRecipient(field)
}

// valuesAgree compares the values with what the header says; judged is false where values prove nothing.
func (p *proposal) valuesAgree(c *column, field string) (agrees, judged bool) {
	if len(c.values) == 0 {
		return false, false
	}
	var share float64
	switch field {
	case "email":
		share = c.share(isEmail)
	case "mobile", "phone":
		share = c.share(func(s string) bool { n, _ := dataquality.Phone(s); return n.Value != "" || isMasked(s) })
	case "address":
		share = c.share(isAddress)
	case "brn":
		share = c.share(isBusinessNumber)
	case FieldOrderedAt, "birth_on", "joined_on", FieldStartOn, FieldEndOn, FieldRedeemedOn:
		share = datesOf(c, true).share
	case FieldAmount, FieldUnitPrice, FieldPrice, FieldUnitCost, FieldDiscount, FieldCouponDiscount:
		if field == FieldDiscount && c.isRate() {
			return false, true
		}
		share = c.share(func(s string) bool { a, _ := dataquality.Money(s, "USD"); return a.IsSet })
	case FieldQuantity:
		share = c.share(func(s string) bool { _, ok, _ := dataquality.Quantity(s); return ok })
	case "sex":
		share = c.share(func(s string) bool { v, _ := dataquality.SexOf(s); return v != "" })
	default:
		return false, false
	}
	return share >= 0.5, true
}

// doubt tells that header and values do not go together.
func (p *proposal) doubt(c *column, field string) {
	p.notice(&Notice{
		Code: "column.doubtful", Column: c.header, Severity: "warning",
		Message: "The header " + c.header + " means " + field + ", but most of its values do not look like it.",
		Remedy:  "Look at the samples and choose another field when that is wrong.",
	})
}

// byValues finds what headers do not tell, in files without headers or with unknown ones.
func (p *proposal) byValues() {
	if p.mapping.Kind != Customers && p.mapping.Kind != Transactions {
		return
	}
	tests := []struct {
		field string
		test  func(string) bool
	}{
		{"email", isEmail},
		{"mobile", isMobile},
		{"phone", isPhone},
		{"brn", isBusinessNumber},
		{"address", isAddress},
		{"sex", isSex},
		{"full_name", isKoreanName},
	}
	const most = 0.8
	for i := range p.columns {
		c := &p.columns[i]
		if p.done[i] || len(c.values) == 0 {
			continue
		}
		for _, t := range tests {
			if p.has(t.field) || p.mapping.Kind == Transactions && (t.field == "brn" || t.field == "sex") || t.field == "full_name" && !c.isNameLike() || c.share(t.test) < most {
				continue
			}
			p.set(i, t.field, byValues, "Most values look like "+t.field+".")
			break
		}
	}
}

// isNameLike keeps short words of a category from being taken for names.
func (c *column) isNameLike() bool { return c.distinct*2 > len(c.values) && c.distinct > 2 }

// quantity proposes the one unnamed column of whole numbers that grow with the amount.
func (p *proposal) quantity() {
	if p.mapping.Kind != Transactions || p.has(FieldQuantity) || !p.has(FieldAmount) {
		return
	}
	amount := p.mapping.Find(FieldAmount)[0].Index
	found := -1
	for i := range p.columns {
		c := &p.columns[i]
		if p.done[i] || len(c.values) == 0 || c.integers != len(c.values) || c.minimum < -1000 || c.maximum > 10000 || c.is(genericKey) {
			continue
		}
		if !growsWith(p.in.Rows, i, amount) {
			continue
		}
		if found >= 0 {
			return
		}
		found = i
	}
	if found >= 0 {
		p.set(found, FieldQuantity, byFallback, "The values are small whole numbers that grow with the amount.")
	}
}

// recipients decides what becomes of the receiver of goods, who need not be the buyer (M-IMP-6): where the file
// names no buyer the receiver takes the place, else the columns are kept with the order.
func (p *proposal) recipients() {
	for i := range p.mapping.Columns {
		field := p.mapping.Columns[i].Field
		if !isRecipient(field) {
			continue
		}
		own := strings.TrimPrefix(field, "recipient.")
		buyer := p.has("full_name")
		switch {
		case p.mapping.Kind == Customers && !p.has(own), !buyer && !p.has(own), own == "full_name" && !buyer:
			p.set(i, own, byPart, "The file names no buyer beside the recipient.")
		default:
			p.done[i] = false
			p.mapping.Columns[i].Field = FieldIgnore
			if own == "address" && !p.has("address") {
				p.release("postal_code")
			}
		}
	}
}

// release takes a field back from its column: a postal code without its address belongs to the recipient too.
func (p *proposal) release(field string) {
	for i := range p.mapping.Columns {
		if c := &p.mapping.Columns[i]; c.Field == field {
			*c = Column{Header: c.Header, Index: i, Field: FieldIgnore, Samples: c.Samples}
			p.done[i] = false
		}
	}
}

// rest turns what is left into attributes of the customer or into extras of the row.
func (p *proposal) rest() {
	for i := range p.columns {
		if p.done[i] {
			continue
		}
		c := &p.columns[i]
		if len(c.values) == 0 && strings.HasPrefix(c.header, "column ") {
			p.set(i, FieldIgnore, byHeader, "The column has neither a header nor values.")
			continue
		}
		if p.mapping.Kind != Customers {
			p.set(i, FieldExtra, byFallback, "It is kept with the row as it is.")
			continue
		}
		attribute, format, reason := attributeOf(c, p.taken)
		column := p.set(i, FieldAttribute, byFallback, reason)
		column.Attribute, column.Format = attribute, format
	}
}

var dateFields = []string{FieldOrderedAt, "birth_on", "joined_on", "consent_at", FieldStartOn, FieldEndOn, FieldRedeemedOn}

// formats decides how the dates of each column are written.
func (p *proposal) formats() {
	for i := range p.mapping.Columns {
		c := &p.mapping.Columns[i]
		if !slices.Contains(dateFields, c.Field) {
			continue
		}
		evidence := datesOf(&p.columns[i], true)
		c.Format = evidence.format
		p.notice(evidence.notice)
	}
}

// mark notes the columns in which 13 digits are codes of goods or orders and no resident numbers.
func (p *proposal) mark() {
	for i := range p.mapping.Columns {
		c := &p.mapping.Columns[i]
		switch c.Field {
		case FieldProductKey, FieldOrderKey, FieldLineNo, FieldCampaignKey, FieldCouponKey, FieldStore, FieldAmount, FieldQuantity, FieldOrderedAt:
			c.NotScanned = true
		}
	}
}
