// SPDX-License-Identifier: Apache-2.0

package recognise

import "strings"

// kindOf decides what the rows of the file are, by what the headers mean in each kind and by the values.
func kindOf(in *Input, columns []column) (Kind, float64, string) {
	if in.Kind != "" {
		return in.Kind, 1, "The kind was stated."
	}
	has := func(kind Kind, fields ...string) bool {
		for i := range columns {
			if a, _, ok := meaning(columns[i].header, kind); ok {
				for _, field := range fields {
					if a.field == field {
						return true
					}
				}
			}
		}
		return false
	}
	key, keyRepeats := customerKeyAmong(columns)
	goods := has(Transactions, FieldQuantity, FieldAmount, FieldUnitPrice)
	person := has(Customers, "full_name", "given_name", "mobile", "phone", "email", "birth_on", "sex", "address")
	date := has(Transactions, FieldOrderedAt)
	product := has(Products, FieldProductKey)
	switch {
	case has(Coupons, FieldCouponKey) && !has(Transactions, FieldQuantity, FieldAmount):
		return Coupons, 0.95, "There is a coupon column and no sales."
	case has(Transactions, FieldOrderKey) && (goods || date):
		return Transactions, 0.95, "There are order numbers with dates or amounts."
	case has(Campaigns, FieldCampaignKey) && !goods && !person && !(date && product):
		return Campaigns, 0.95, "There is a campaign column and neither people nor sales."
	case !date && has(Products, FieldPrice) && (has(Products, FieldProductName, FieldCategory, FieldBrand) || named(in, "name")) &&
		!has(Customers, "given_name", "mobile", "phone", "email", "birth_on", "sex", "address"):
		return Products, 0.8, "The rows have names and prices and no people."
	case date && (goods || product) && (key || person):
		return Transactions, 0.9, "Each row has a customer, a date and an amount or a product."
	case date && key && keyRepeats && !person:
		return Transactions, 0.75, "Customers come again with other dates."
	case product && !key && !person && !date:
		return Products, 0.85, "There is a product column and there are neither customers nor dates."
	case person:
		return Customers, 0.95, "There are names, telephones or other data of people."
	case key:
		return Customers, 0.7, "Each row belongs to one customer number."
	}
	return Customers, 0.3, "No header tells what the rows are; customers were assumed."
}

func named(in *Input, names ...string) bool {
	for _, header := range in.Headers {
		for _, name := range names {
			if Normalise(header) == name {
				return true
			}
		}
	}
	return false
}

// customerKeyAmong reports a column named like a customer number, and whether its values come again.
func customerKeyAmong(columns []column) (found, repeats bool) {
	for i := range columns {
		c := &columns[i]
		if c.is(specificKey) || c.is(genericKey) {
			found = true
			repeats = repeats || !c.isUnique()
		}
	}
	return found, repeats
}

// isRecipient reports the fields of the receiver of goods, see proposal.recipients.
func isRecipient(field string) bool { return strings.HasPrefix(field, "recipient.") }
