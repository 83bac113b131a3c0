// SPDX-License-Identifier: Apache-2.0

package order

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/zeebo/xxh3"
)

// sale is a transaction fact, read and checked.
type sale struct {
	fact     *Fact
	orderKey string
	at       int64 // microseconds UTC
	// base identifies the line inside its order, before repeats are counted.
	base      string
	product   string
	quantity  int64
	amount    int64
	discount  int64
	coupon    int64
	currency  string
	status    Status
	store     string
	channel   string
	lineNo    int64
	extra     string
	identity  int64
	content   int64
	order     *header
	replaces  int64
	productID int64
}

// header is an order as the loader knows it while a slice is written.
type header struct {
	id        int64
	key       string
	recordID  int64
	at        int64
	store     string
	channel   string
	currency  string
	status    Status
	withdrawn bool
	exists    bool // a row of the database, not made by this slice
	lines     map[int64]known
	// sums of what this slice adds
	amount, discount, coupon, count int64
	mustSum                         bool
	touched                         bool
}

// known is a live line of an order that exists.
type known struct {
	id      int64
	content int64
}

// readSale checks a transaction fact; it answers nil after noting a reject.
func (l *Loader) readSale(f *Fact, counts *Counts) *sale {
	if f.RecordID == 0 {
		counts.reject(f, FieldOrderKey, "order.no_customer", "The row names no customer, so nobody can have bought it.",
			"Map the column with the customer number, or fill it in.")
		return nil
	}
	s := &sale{fact: f, store: f.Values[FieldStore], channel: f.Values[FieldChannel], currency: l.currencyOf(f)}
	if !l.readTime(s, counts) || !l.readNumbers(s, counts) || !l.readStatus(s, counts) {
		return nil
	}
	l.readKeys(s)
	s.extra = withOption(f)
	s.content = s.hash()
	return s
}

func (l *Loader) readTime(s *sale, counts *Counts) bool {
	text := s.fact.Values[FieldOrderedAt]
	if clock := s.fact.Values[FieldOrderedTime]; clock != "" {
		text += " " + clock
	}
	at, _, err := parseTime(text, l.zone)
	if err != nil {
		counts.reject(s.fact, FieldOrderedAt, "order.time", "The time of the order cannot be read.",
			"Write it like 2026-11-21 or 2026-11-21 14:05:00.")
		return false
	}
	s.at = at.UnixMicro()
	return true
}

func (l *Loader) readNumbers(s *sale, counts *Counts) bool {
	digits := Digits(s.currency)
	s.quantity = quantityScale
	var ok bool
	if s.quantity, ok = l.number(s.fact, FieldQuantity, 3, quantityScale, counts); !ok {
		return false
	}
	if s.discount, ok = l.number(s.fact, FieldDiscount, digits, 0, counts); !ok {
		return false
	}
	if s.coupon, ok = l.number(s.fact, FieldCouponDiscount, digits, 0, counts); !ok {
		return false
	}
	if s.fact.Values[FieldAmount] != "" {
		s.amount, ok = l.number(s.fact, FieldAmount, digits, 0, counts)
		return ok
	}
	price, ok := l.number(s.fact, FieldUnitPrice, digits, 0, counts)
	if !ok {
		return false
	}
	s.amount = divideRounded(price*s.quantity, quantityScale)
	return true
}

// number reads one number field; absent gives missing, lost decimals are noted.
func (l *Loader) number(f *Fact, field string, digits int, missing int64, counts *Counts) (int64, bool) {
	text := f.Values[field]
	if text == "" {
		return missing, true
	}
	value, exact, err := parseDecimal(text, digits)
	if err != nil {
		counts.reject(f, field, "order.number", "The value is not a number: "+err.Error()+".", "Write digits only, such as 12000 or 12.50.")
		return 0, false
	}
	if !exact {
		counts.note(f, field, "order.rounded", "The value has more decimals than its currency and was rounded.")
	}
	return value, true
}

func divideRounded(value, by int64) int64 {
	half := by / 2
	if value < 0 {
		half = -half
	}
	return (value + half) / by
}

// readStatus settles the status: what has a negative amount takes back an
// earlier sale and counts; a refund told on the sale's own row does not.
func (l *Loader) readStatus(s *sale, counts *Counts) bool {
	status, ok := ParseStatus(s.fact.Values[FieldStatus])
	if !ok {
		counts.note(s.fact, FieldStatus, "order.status", "The status is not known and counts as paid.")
		status = Paid
	}
	switch {
	case s.amount < 0 || s.quantity < 0:
		status = Refunded
	case status == Refunded:
		status = Returned
	}
	s.status = status
	return true
}

// readKeys names the order and the line. Without an order number all lines of
// a customer with the same time are one order (a till slip, or a day).
func (l *Loader) readKeys(s *sale) {
	v := s.fact.Values
	s.orderKey = v[FieldOrderKey]
	if s.orderKey == "" {
		s.orderKey = "~" + s.fact.who() + "@" + time.UnixMicro(s.at).UTC().Format("20060102T150405")
	}
	s.product = v[FieldProductKey]
	if s.product == "" {
		s.product = v[FieldProductName]
	}
	if no := v[FieldLineNo]; no != "" {
		s.base = "n" + no
		s.lineNo, _ = strconv.ParseInt(no, 10, 32)
		return
	}
	s.base = "p" + s.product
}

// withOption keeps the product option with the columns that fill no field.
func withOption(f *Fact) string {
	option := f.Values[FieldOption]
	if option == "" {
		return f.Extra
	}
	text, _ := json.Marshal(option)
	if len(f.Extra) > 2 {
		return `{"option":` + string(text) + "," + f.Extra[1:]
	}
	return `{"option":` + string(text) + "}"
}

// hash covers all that a line says, so that the same row coming again is seen
// as unchanged.
func (s *sale) hash() int64 {
	h := xxh3.New()
	var b []byte
	for _, n := range []int64{s.at, s.quantity, s.amount, s.discount, s.coupon} {
		b = append(strconv.AppendInt(b, n, 36), 0)
	}
	for _, t := range []string{s.currency, string(s.status), s.store, s.channel, s.product, s.extra} {
		b = append(append(b, t...), 0)
	}
	_, _ = h.Write(b)
	return int64(h.Sum64())
}

// identify numbers the line among equal ones of its order in this batch.
func (s *sale) identify(occurrence int) {
	b := append([]byte(s.orderKey), 0)
	b = append(append(b, s.base...), 0)
	b = strconv.AppendInt(b, int64(occurrence), 10)
	s.identity = int64(xxh3.Hash(b))
}

// mark is the line's place in the set of what the batch has met.
func (s *sale) mark() uint64 {
	b := append([]byte(s.orderKey), 0)
	return xxh3.Hash(append(b, s.base...))
}
