// SPDX-License-Identifier: Apache-2.0

package recognise

import "slices"

// Kind is what the rows of a file are.
type Kind string

// The kinds of files.
const (
	Customers    Kind = "customers"
	Transactions Kind = "transactions"
	Products     Kind = "products"
	Campaigns    Kind = "campaigns" // descriptions of campaigns, or who was in which (then a key column is mapped)
	Coupons      Kind = "coupons"   // coupons, or who redeemed which (then a key column is mapped)
)

// Fields that a column can fill beside those of dataquality.Field.
const (
	FieldIgnore    = "ignore"    // the column is not kept beyond the row as given
	FieldKey       = "key"       // a customer key of the column's Scheme
	FieldAttribute = "attribute" // a custom attribute of the customer, see Column.Attribute
	FieldExtra     = "extra"     // kept with the transaction, product, campaign or coupon as it is

	FieldOrderKey       = "order_key"
	FieldLineNo         = "line_no"
	FieldOrderedAt      = "ordered_at"   // date and time, or the date when ordered_time is mapped too
	FieldOrderedTime    = "ordered_time" // time of day only
	FieldProductKey     = "product_key"
	FieldProductName    = "product_name"
	FieldCategory       = "category"
	FieldDepartment     = "product_department"
	FieldBrand          = "brand"
	FieldOption         = "option"
	FieldQuantity       = "quantity"
	FieldAmount         = "amount"
	FieldUnitPrice      = "unit_price" // amount = unit_price × quantity when there is no amount
	FieldDiscount       = "discount"
	FieldCouponDiscount = "coupon_discount"
	FieldCurrency       = "currency"
	FieldStatus         = "status"
	FieldChannel        = "channel"
	FieldStore          = "store"
	FieldPrice          = "price"     // list price of a product
	FieldUnitCost       = "unit_cost" // what a product costs the company

	FieldCampaignKey  = "campaign_key"
	FieldCampaignName = "campaign_name"
	FieldCampaignType = "campaign_type"
	FieldStartOn      = "start_on"
	FieldEndOn        = "end_on"
	FieldCouponKey    = "coupon_key"
	FieldRedeemedOn   = "redeemed_on"
)

// Attribute types of custom attributes.
const (
	TypeText    = "text"
	TypeNumber  = "number"
	TypeInteger = "integer"
	TypeDate    = "date"
	TypeBoolean = "boolean"
	TypeChoice  = "choice"
)

// Attribute is a custom attribute that a column proposes.
type Attribute struct {
	Slug    string   `json:"slug"`  // letters, digits and _; at most 48
	Label   string   `json:"label"` // the header as given
	Type    string   `json:"type"`
	Choices []string `json:"choices,omitempty"` // values seen in the sample, for type choice
}

// Column says what one column of a file means.
type Column struct {
	Header     string     `json:"header"` // flattened header text, unique within the file
	Index      int        `json:"index"`  // 0-based position in the row
	Field      string     `json:"field"`
	Scheme     string     `json:"scheme,omitempty"`      // name of the key scheme when Field is "key"
	Attribute  *Attribute `json:"attribute,omitempty"`   // when Field is "attribute"
	Format     string     `json:"format,omitempty"`      // date format, see dataquality.Formats
	Currency   string     `json:"currency,omitempty"`    // ISO code of an amount column
	NotScanned bool       `json:"not_scanned,omitempty"` // codes of goods and orders: 13 digits there are no resident number
	IsSparse   bool       `json:"is_sparse,omitempty"`   // fewer than half of the rows have a value: no key by which a row is found again
	Confidence float64    `json:"confidence"`            // 0 to 1
	Reason     string     `json:"reason"`                // why, in one English sentence
	Samples    []string   `json:"samples,omitempty"`     // up to five distinct values, redacted
}

// Notice is something a person should know before importing with a mapping.
type Notice struct {
	Code     string `json:"code"`
	Column   string `json:"column,omitempty"`
	Severity string `json:"severity"` // error, warning or info
	Message  string `json:"message"`
	Remedy   string `json:"remedy,omitempty"`
}

// Mapping says what a file is and what its columns mean.
type Mapping struct {
	Kind            Kind     `json:"kind"`
	KindConfidence  float64  `json:"kind_confidence"`
	KindReason      string   `json:"kind_reason,omitempty"`
	Columns         []Column `json:"columns"`
	KeyColumns      []int    `json:"key_columns"` // indexes of the key columns, the strongest first
	HeaderSignature string   `json:"header_signature"`
	Notices         []Notice `json:"notices,omitempty"`
}

// Input is what Propose looks at.
type Input struct {
	Source   string     // name of the source: prefix of schemes with generic names
	FileName string     // a hint for the kind
	Kind     Kind       // "" lets Propose decide
	Headers  []string   // flattened, unique
	Rows     [][]string // sampled rows, a few hundred from several places of the file are enough
	Keys     []string   // columns declared as keys (--key), by header
	Currency string     // company currency, "" is KRW
}

// Find returns the columns that fill the field, in file order.
func (m *Mapping) Find(field string) []Column {
	var found []Column
	for _, c := range m.Columns {
		if c.Field == field {
			found = append(found, c)
		}
	}
	return found
}

// Has reports whether a column fills the field.
func (m *Mapping) Has(field string) bool { return len(m.Find(field)) > 0 }

// WithoutSamples answers the mapping as it may be kept: values of people stay
// in their records, where erasure finds them.
func (m Mapping) WithoutSamples() Mapping {
	m.Columns = slices.Clone(m.Columns)
	for i := range m.Columns {
		m.Columns[i].Samples = nil
	}
	return m
}
