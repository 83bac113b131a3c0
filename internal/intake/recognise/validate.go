// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"slices"
	"strings"

	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
)

var rowFields = map[Kind][]string{
	Transactions: {
		FieldOrderKey, FieldLineNo, FieldOrderedAt, FieldOrderedTime, FieldProductKey, FieldProductName, FieldCategory, FieldDepartment, FieldBrand,
		FieldOption, FieldQuantity, FieldAmount, FieldUnitPrice, FieldDiscount, FieldCouponDiscount, FieldCurrency, FieldStatus, FieldChannel, FieldStore, FieldCampaignKey,
	},
	Products:  {FieldProductKey, FieldProductName, FieldCategory, FieldDepartment, FieldBrand, FieldPrice, FieldUnitCost, FieldCurrency},
	Campaigns: {FieldCampaignKey, FieldCampaignName, FieldCampaignType, FieldStartOn, FieldEndOn},
	Coupons:   {FieldCouponKey, FieldProductKey, FieldCampaignKey, FieldRedeemedOn, FieldStartOn, FieldEndOn},
}

// computedFields are made from others and cannot be mapped.
var computedFields = []string{"name_key", "name_chosung", "sido", "sigungu"}

// Fields lists the fields that columns of a file of the kind may fill, without those that several columns share.
func Fields(kind Kind) []string {
	fields := slices.Clone(rowFields[kind])
	if kind == Customers || kind == Transactions {
		for f := dataquality.Field(1); int(f) < dataquality.FieldCount; f++ {
			if name := f.String(); !slices.Contains(computedFields, name) && (kind == Customers || name != "resident_number") {
				fields = append(fields, name)
			}
		}
	}
	return fields
}

// Validate returns a fault that names the columns when the mapping cannot be imported.
func (m *Mapping) Validate() error {
	switch m.Kind {
	case Customers, Transactions, Products, Campaigns, Coupons:
	default:
		return fault.New(fault.Invalid, "mapping.kind", "{kind} is no kind of file; choose customers, transactions, products, campaigns or coupons.", "kind", string(m.Kind))
	}
	if err := m.validateColumns(); err != nil {
		return err
	}
	for _, n := range m.Notices {
		if n.Code == "key.missing" {
			return fault.New(fault.Invalid, "mapping.key_missing", "{message} {remedy}", "message", n.Message, "remedy", n.Remedy, "column", n.Column)
		}
	}
	return m.validateNeeds()
}

func (m *Mapping) validateColumns() error {
	known := Fields(m.Kind)
	filled, slugs, schemes, indexes := map[string]string{}, map[string]string{}, map[string]string{}, map[int]string{}
	for _, c := range m.Columns {
		if other, twice := indexes[c.Index]; twice || c.Index < 0 {
			return fault.New(fault.Invalid, "mapping.index", "The columns {first} and {second} have the same place in the file; read the file again.", "first", other, "second", c.Header)
		}
		indexes[c.Index] = c.Header
		if c.Format != "" && !slices.Contains(dataquality.Formats, c.Format) {
			return fault.New(fault.Invalid, "mapping.format", "Column {column} has the unknown date format {format}; choose one of {formats}.", "column", c.Header, "format", c.Format, "formats", strings.Join(dataquality.Formats, ", "))
		}
		var err error
		switch c.Field {
		case FieldIgnore, FieldExtra, "":
		case FieldKey:
			if c.Scheme == "" {
				return fault.New(fault.Invalid, "mapping.scheme", "The key column {column} needs the name of its key scheme.", "column", c.Header)
			}
			err = once(schemes, c.Scheme, c.Header)
		case FieldAttribute:
			if c.Attribute == nil || c.Attribute.Slug == "" {
				return fault.New(fault.Invalid, "mapping.attribute", "Column {column} needs the attribute that it fills.", "column", c.Header)
			}
			err = once(slugs, c.Attribute.Slug, c.Header)
		default:
			if !slices.Contains(known, c.Field) {
				return fault.New(fault.Invalid, "mapping.field", "Column {column} cannot fill {field} in a file of {kind}.", "column", c.Header, "field", c.Field, "kind", string(m.Kind))
			}
			err = once(filled, c.Field, c.Header)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func once(seen map[string]string, what, header string) error {
	if other, twice := seen[what]; twice {
		return fault.New(fault.Invalid, "mapping.duplicate", "The columns {first} and {second} both fill {field}; choose one of them and set the other to ignore.", "first", other, "second", header, "field", what)
	}
	seen[what] = header
	return nil
}

// validateNeeds checks that the rows can be told apart and used.
func (m *Mapping) validateNeeds() error {
	hasOne := func(fields ...string) bool { return slices.ContainsFunc(fields, m.Has) }
	identified := hasOne(FieldKey, "email", "mobile", "phone", "contact", "full_name", "family_name", "given_name", "company", "brn")
	need := func(code, message string) error {
		return fault.New(fault.Invalid, code, message)
	}
	switch m.Kind {
	case Customers:
		if !identified {
			return need("mapping.no_key", "No column identifies the customers: there is neither a key nor a name, e-mail or telephone. Declare the key column (--key COLUMN, or the field Key in the mapping).")
		}
	case Transactions:
		if !m.Has(FieldOrderedAt) {
			return need("mapping.no_date", "No column holds the date of the sales. Map one to ordered_at.")
		}
		if !hasOne(FieldKey, "email", "mobile", "phone", "contact") {
			return need("mapping.no_key", "No column says whose the sales are. Declare the key column of the customers (--key COLUMN, or the field Key in the mapping).")
		}
	case Products:
		if !hasOne(FieldProductKey, FieldProductName) {
			return need("mapping.no_key", "No column identifies the products. Map one to product_key.")
		}
	case Campaigns:
		if !m.Has(FieldCampaignKey) {
			return need("mapping.no_key", "No column identifies the campaigns. Map one to campaign_key.")
		}
	case Coupons:
		if !m.Has(FieldCouponKey) {
			return need("mapping.no_key", "No column identifies the coupons. Map one to coupon_key.")
		}
	}
	return nil
}
