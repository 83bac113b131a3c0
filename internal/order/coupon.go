// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"strconv"
	"strings"

	"github.com/zeebo/xxh3"
)

// couponKey identifies a coupon: the same number may stand for several
// products and promotions.
type couponKey struct {
	key                    string
	promotionID, productID int64
}

// coupon is a coupon as a file describes it.
type coupon struct {
	couponKey
	row            int64
	name           string
	amount         *int64
	currency       string
	startOn, endOn string
	content        int64
	extra          string
	replaces       int64
}

// redemption is one use of a coupon by a customer.
type redemption struct {
	couponKey
	row, recordID int64
	at            int64
	orderKey      string
	amount        *int64
	currency      string
	identity      int64
	extra         string
}

func (l *Loader) writeCoupons(ctx context.Context, facts []Fact, counts *Counts) error {
	var described, used []*Fact
	promotions, products := map[string]int64{}, map[string]*Fact{}
	for i := range facts {
		f := &facts[i]
		if strings.TrimSpace(f.Values[FieldCouponKey]) == "" {
			counts.reject(f, FieldCouponKey, "order.no_coupon_key", "The row has no coupon number.", "Fill in the coupon number.")
			continue
		}
		if key := f.Values[FieldCampaignKey]; key != "" {
			promotions[key] = 0
		}
		if key := f.Values[FieldProductKey]; key != "" && l.products[key] == 0 {
			products[key] = &Fact{Values: map[string]string{}}
		}
		if f.RecordID != 0 {
			used = append(used, f)
		} else {
			described = append(described, f)
		}
	}
	if err := l.findPromotions(ctx, promotions); err != nil {
		return err
	}
	if err := l.learnProducts(ctx, products, true); err != nil {
		return err
	}
	if err := l.describeCoupons(ctx, described, promotions, counts); err != nil {
		return err
	}
	return l.writeRedemptions(ctx, used, promotions, counts)
}

func (l *Loader) keyOf(f *Fact, promotions map[string]int64) couponKey {
	product := l.products[f.Values[FieldProductKey]]
	if product == 0 {
		product = l.learned[f.Values[FieldProductKey]]
	}
	return couponKey{strings.TrimSpace(f.Values[FieldCouponKey]), promotions[f.Values[FieldCampaignKey]], product}
}

func (l *Loader) describeCoupons(ctx context.Context, facts []*Fact, promotions map[string]int64, counts *Counts) error {
	keys := make([]string, 0, len(facts))
	for _, f := range facts {
		keys = append(keys, strings.TrimSpace(f.Values[FieldCouponKey]))
	}
	existing, err := l.store.coupons(ctx, l.batch.SourceID, keys)
	if err != nil {
		return err
	}
	var fresh []coupon
	at := map[couponKey]int{}
	for _, f := range facts {
		c := coupon{couponKey: l.keyOf(f, promotions), row: f.Row, name: f.Values["name"], extra: withOption(f)}
		if !l.readCoupon(&c, f, counts) {
			continue
		}
		before, isKnown := existing[c.couponKey]
		switch {
		case !isKnown:
			counts.Created++
		case before.content == c.content:
			counts.Unchanged++
			continue
		default:
			counts.Updated++
			c.replaces = before.id
		}
		if i, again := at[c.couponKey]; again { // twice in one slice: the later row wins
			c.replaces = fresh[i].replaces
			fresh[i] = c
		} else {
			at[c.couponKey] = len(fresh)
			fresh = append(fresh, c)
		}
		existing[c.couponKey] = known{before.id, c.content}
	}
	return l.store.insertCoupons(ctx, l.batch, fresh)
}

func (l *Loader) readCoupon(c *coupon, f *Fact, counts *Counts) bool {
	for field, into := range map[string]*string{FieldStartOn: &c.startOn, FieldEndOn: &c.endOn} {
		if f.Values[field] == "" {
			continue
		}
		day, err := parseDay(f.Values[field], l.zone)
		if err != nil {
			counts.reject(f, field, "order.time", "The date cannot be read.", "Write it like 2026-11-21.")
			return false
		}
		*into = day
	}
	var ok bool
	if c.amount, c.currency, ok = l.optionalAmount(f, counts); !ok {
		return false
	}
	c.content = int64(xxh3.HashString(strings.Join([]string{c.name, numberText(c.amount), c.currency, c.startOn, c.endOn, c.extra}, "\x00")))
	return true
}

func (l *Loader) optionalAmount(f *Fact, counts *Counts) (*int64, string, bool) {
	text := firstOf(f.Values, FieldAmount, FieldCouponDiscount, FieldDiscount)
	if text == "" {
		return nil, "", true
	}
	currency := l.currencyOf(f)
	value, _, err := parseDecimal(text, Digits(currency))
	if err != nil {
		counts.reject(f, FieldAmount, "order.number", "The amount is not a number.", "Write digits only, such as 12000 or 12.50.")
		return nil, "", false
	}
	return &value, currency, true
}

func numberText(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// writeRedemptions stores uses of coupons. The same coupon used twice by a
// customer on one day stands twice in the file and counts twice.
func (l *Loader) writeRedemptions(ctx context.Context, facts []*Fact, promotions map[string]int64, counts *Counts) error {
	var list []redemption
	identities := make([]int64, 0, len(facts))
	for _, f := range facts {
		r := redemption{couponKey: l.keyOf(f, promotions), row: f.Row, recordID: f.RecordID, orderKey: f.Values[FieldOrderKey], extra: withOption(f)}
		at, _, err := parseTime(firstOf(f.Values, FieldRedeemedOn, FieldOrderedAt), l.zone)
		if err != nil {
			counts.reject(f, FieldRedeemedOn, "order.time", "The day of use cannot be read.", "Write it like 2026-11-21.")
			continue
		}
		r.at = at.UnixMicro()
		var ok bool
		if r.amount, r.currency, ok = l.optionalAmount(f, counts); !ok {
			continue
		}
		base := strings.Join([]string{r.key, f.Values[FieldCampaignKey], f.who(), strconv.FormatInt(r.at, 36), r.orderKey}, "\x00")
		occurrence := l.marks.meet(xxh3.HashString(base))
		r.identity = int64(xxh3.HashString(base + "\x00" + strconv.Itoa(occurrence)))
		identities = append(identities, r.identity)
		list = append(list, r)
	}
	existing, err := l.store.redemptions(ctx, l.batch.SourceID, identities)
	if err != nil {
		return err
	}
	fresh := list[:0]
	for _, r := range list {
		if existing[r.identity] {
			counts.Unchanged++
			continue
		}
		counts.Created++
		counts.Records = append(counts.Records, r.recordID)
		fresh = append(fresh, r)
	}
	return l.store.insertRedemptions(ctx, l.batch, fresh)
}
