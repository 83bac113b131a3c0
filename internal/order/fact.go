// SPDX-License-Identifier: Apache-2.0

package order

import (
	"strconv"
	"time"
)

// Kind is a kind of file that order takes in.
type Kind string

// Kinds of files. Rows of a campaign or coupon file that name a customer are
// memberships or redemptions, the others are descriptions.
const (
	Transactions Kind = "transactions"
	Products     Kind = "products"
	Campaigns    Kind = "campaigns"
	Coupons      Kind = "coupons"
)

// Fields of a fact, named as intake's mapping names them.
const (
	FieldOrderKey       = "order_key"
	FieldLineNo         = "line_no"
	FieldOrderedAt      = "ordered_at"
	FieldOrderedTime    = "ordered_time"
	FieldProductKey     = "product_key"
	FieldProductName    = "product_name"
	FieldCategory       = "category"
	FieldDepartment     = "product_department"
	FieldBrand          = "brand"
	FieldOption         = "option"
	FieldQuantity       = "quantity"
	FieldAmount         = "amount"
	FieldUnitPrice      = "unit_price"
	FieldDiscount       = "discount"
	FieldCouponDiscount = "coupon_discount"
	FieldCurrency       = "currency"
	FieldStatus         = "status"
	FieldChannel        = "channel"
	FieldStore          = "store"
	FieldPrice          = "price"
	FieldUnitCost       = "unit_cost"
	FieldCampaignKey    = "campaign_key"
	FieldCampaignName   = "campaign_name"
	FieldCampaignType   = "campaign_type"
	FieldStartOn        = "start_on"
	FieldEndOn          = "end_on"
	FieldCouponKey      = "coupon_key"
	FieldRedeemedOn     = "redeemed_on"
)

// Batch says which import the facts belong to.
type Batch struct {
	ID       int64
	SourceID int64
	Kind     Kind
	// Currency is the ISO code of amounts whose row names none; empty lets the
	// first slice decide: the company's own, or US dollars when the company's
	// has no minor unit and the amounts have decimals.
	Currency string
	// Location is the zone of times without one; nil is the company's.
	Location *time.Location
	// IsResumed says that slices of this batch were written before.
	IsResumed bool
}

// Fact is one row of a file: values by field name, and whom it belongs to.
type Fact struct {
	Row      int64
	RecordID int64 // 0 when the row names no customer
	// Customer is the customer's key as the file gives it; with it, rows without
	// a number of their own are recognised although the record was replaced.
	Customer string
	Values   map[string]string
	// Extra holds the columns that fill no field, as a JSON object; "" is none.
	Extra string
}

// Reject is a row, or a value of it, that was not taken.
type Reject struct {
	Row     int64
	Field   string
	Value   string
	Rule    string
	Message string
	Remedy  string
}

// Finding is something noticed about a value that was taken.
type Finding struct {
	Row     int64
	Field   string
	Value   string
	Rule    string
	Message string
}

// Counts says what became of the facts of a slice.
type Counts struct {
	Created, Updated, Unchanged, Rejected int64
	Rejects                               []Reject
	Findings                              []Finding
	// Records lists the records whose facts changed, for the journal.
	Records []int64
}

// who identifies the customer of a fact across imports.
func (f *Fact) who() string {
	if f.Customer != "" {
		return f.Customer
	}
	return "#" + strconv.FormatInt(f.RecordID, 10)
}

func (c *Counts) reject(f *Fact, field, rule, message, remedy string) {
	c.Rejected++
	c.Rejects = append(c.Rejects, Reject{f.Row, field, f.Values[field], rule, message, remedy})
}

func (c *Counts) note(f *Fact, field, rule, message string) {
	c.Findings = append(c.Findings, Finding{f.Row, field, f.Values[field], rule, message})
}
