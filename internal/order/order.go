// SPDX-License-Identifier: Apache-2.0

package order

import (
	"encoding/json"
	"strings"
	"time"
)

// Status says whether a line or order counts as sold.
type Status string

// Statuses of orders and lines. Revenue is the sum of amounts of lines that are
// Paid or Refunded: a refund is a line of its own with a negative amount, while
// a returned or cancelled line keeps its amount and does not count.
const (
	Paid      Status = "paid"
	Pending   Status = "pending"
	Cancelled Status = "cancelled"
	Returned  Status = "returned"
	Refunded  Status = "refunded"
)

// Counts reports whether an amount with this status is part of revenue.
func (s Status) Counts() bool { return s == Paid || s == Refunded }

// statusWords are the words of Korean shop exports (rulebook 4.2) and their
// English twins, compared without spaces and in lower case.
var statusWords = map[string]Status{
	"": Paid, "paid": Paid, "결제완료": Paid, "결제": Paid, "구매확정": Paid, "배송완료": Paid, "배송중": Paid,
	"배송준비중": Paid, "상품준비중": Paid, "발송완료": Paid, "완료": Paid, "정상": Paid, "매출": Paid, "판매": Paid,
	"complete": Paid, "completed": Paid, "shipped": Paid, "delivered": Paid, "fulfilled": Paid, "sale": Paid, "closed": Paid,
	"pending": Pending, "입금대기": Pending, "입금전": Pending, "결제대기": Pending, "미결제": Pending, "주문접수": Pending,
	"unpaid": Pending, "open": Pending,
	"cancelled": Cancelled, "canceled": Cancelled, "cancel": Cancelled, "취소": Cancelled, "취소완료": Cancelled,
	"주문취소": Cancelled, "결제취소": Cancelled, "미결제취소": Cancelled, "void": Cancelled, "voided": Cancelled,
	"returned": Returned, "return": Returned, "반품": Returned, "반품완료": Returned, "교환반품": Returned,
	"refunded": Refunded, "refund": Refunded, "환불": Refunded, "환불완료": Refunded,
}

// ParseStatus reads a status as shops write it; ok is false for unknown words.
func ParseStatus(text string) (status Status, ok bool) {
	word := strings.ToLower(strings.Join(strings.Fields(text), ""))
	status, ok = statusWords[word]
	return status, ok
}

// Order is one purchase with the sums of its lines that count.
type Order struct {
	ID             int64     `json:"id"`
	CustomerID     int64     `json:"customer_id"`
	RecordID       int64     `json:"record_id"`
	SourceID       int64     `json:"source_id"`
	BatchID        int64     `json:"batch_id"`
	OrderKey       string    `json:"order_key"`
	OrderedAt      time.Time `json:"ordered_at"`
	Channel        string    `json:"channel"`
	Store          string    `json:"store"`
	Status         Status    `json:"status"`
	Amount         int64     `json:"amount"`
	Discount       int64     `json:"discount"`
	CouponDiscount int64     `json:"coupon_discount"`
	Currency       string    `json:"currency"`
	LineCount      int64     `json:"line_count"`
	CampaignID     int64     `json:"campaign_id,omitempty"`
	Lines          []Line    `json:"lines,omitempty"`
}

// Line is one product of an order; Quantity is in thousandths.
type Line struct {
	ID             int64           `json:"id"`
	LineNo         int64           `json:"line_no"`
	ProductID      int64           `json:"product_id,omitempty"`
	ProductKey     string          `json:"product_key,omitempty"`
	ProductName    string          `json:"product_name,omitempty"`
	Category       string          `json:"category,omitempty"`
	Quantity       int64           `json:"quantity"`
	Amount         int64           `json:"amount"`
	Discount       int64           `json:"discount"`
	CouponDiscount int64           `json:"coupon_discount"`
	Currency       string          `json:"currency"`
	Status         Status          `json:"status"`
	Extra          json.RawMessage `json:"extra,omitempty"`
}

// Product is one article of a source.
type Product struct {
	ID          int64           `json:"id"`
	SourceID    int64           `json:"source_id"`
	ProductKey  string          `json:"product_key"`
	Name        string          `json:"name"`
	Category    string          `json:"category"`
	Department  string          `json:"department"`
	Brand       string          `json:"brand"`
	Price       *int64          `json:"price,omitempty"`
	Currency    string          `json:"currency,omitempty"`
	Extra       json.RawMessage `json:"extra,omitempty"`
	IsDescribed bool            `json:"is_described"`
}

// Filter narrows a list of orders; zero values do not narrow.
type Filter struct {
	CustomerID int64
	Status     Status
	From, To   time.Time
	Store      string
	Channel    string
	Cursor     string
	Limit      int
}
