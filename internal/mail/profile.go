// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/dataquality"
)

// Field is a merge field.
type Field struct {
	Name       string `json:"name"`
	LabelKo    string `json:"label_ko"`
	LabelEn    string `json:"label_en"`
	Kind       string `json:"kind" enum:"text,date,number,money,address,list"`
	IsPersonal bool   `json:"is_personal"`
	Currency   string `json:"-"`
	column     string
	slug       string // of a custom attribute
}

// fixedFields are the columns of the golden row that a mail may show.
var fixedFields = []Field{
	{Name: "name", LabelKo: "이름", LabelEn: "Name", Kind: "text", IsPersonal: true, column: "full_name"},
	{Name: "email", LabelKo: "이메일", LabelEn: "E-mail", Kind: "text", IsPersonal: true, column: "email"},
	{Name: "mobile", LabelKo: "휴대전화", LabelEn: "Mobile", Kind: "text", IsPersonal: true, column: "mobile"},
	{Name: "grade", LabelKo: "등급", LabelEn: "Grade", Kind: "text", column: "grade"},
	{Name: "branch", LabelKo: "지점", LabelEn: "Branch", Kind: "text", column: "branch"},
	{Name: "company", LabelKo: "회사", LabelEn: "Company", Kind: "text", column: "company"},
	{Name: "job_title", LabelKo: "직함", LabelEn: "Job title", Kind: "text", column: "job_title"},
	{Name: "sido", LabelKo: "시도", LabelEn: "Region", Kind: "text", column: "sido"},
	{Name: "sigungu", LabelKo: "시군구", LabelEn: "District", Kind: "text", column: "sigungu"},
	{Name: "birth_on", LabelKo: "생년월일", LabelEn: "Birth date", Kind: "date", IsPersonal: true, column: "birth_on"},
	{Name: "joined_on", LabelKo: "가입일", LabelEn: "Joined", Kind: "date", column: "joined_on"},
}

// Fields given by the letter, the same for every recipient.
const (
	FieldSender   = "sender"
	FieldCampaign = "campaign"
	FieldToday    = "today"
)

var letterFields = []Field{
	{Name: FieldSender, LabelKo: "보내는 곳", LabelEn: "Sender", Kind: "text"},
	{Name: FieldCampaign, LabelKo: "캠페인", LabelEn: "Campaign", Kind: "text"},
	{Name: FieldToday, LabelKo: "오늘", LabelEn: "Today", Kind: "date"},
	{Name: FieldUnsubscribe, LabelKo: "수신거부 주소", LabelEn: "Unsubscribe address", Kind: "address"},
	{Name: FieldPreferences, LabelKo: "수신 설정 주소", LabelEn: "Preference centre address", Kind: "address"},
}

// orderFields are filled in mails about an order only.
var orderFields = []Field{
	{Name: "order.number", LabelKo: "주문번호", LabelEn: "Order number", Kind: "text"},
	{Name: "order.status", LabelKo: "주문 상태", LabelEn: "Order status", Kind: "text"},
	{Name: "order.ordered_on", LabelKo: "주문일", LabelEn: "Ordered on", Kind: "date"},
	{Name: "order.total", LabelKo: "주문 금액", LabelEn: "Order total", Kind: "money"},
	{Name: "order.items", LabelKo: "주문 상품 목록", LabelEn: "Items of the order", Kind: "list"},
}

// Fields of what a customer may want next, by what was bought so far.
const (
	fieldOfferProduct  = "offer.product"
	fieldOfferCategory = "offer.category"
	fieldOfferBecause  = "offer.because"
	fieldOfferItems    = "offer.items"
	offerPrefix        = "offer."
)

// offerFields are filled when the models of next offers are in use.
var offerFields = []Field{
	{Name: fieldOfferProduct, LabelKo: "다음에 권할 상품", LabelEn: "Product to offer next", Kind: "text"},
	{Name: fieldOfferCategory, LabelKo: "다음에 권할 분류", LabelEn: "Category to offer next", Kind: "text"},
	{Name: fieldOfferBecause, LabelKo: "권하는 근거(산 상품)", LabelEn: "Why it is offered (bought)", Kind: "text"},
	{Name: fieldOfferItems, LabelKo: "권할 상품 목록", LabelEn: "Products to offer", Kind: "list"},
}

// Proposal is a product that a customer may want next, as a list of a mail writes it.
type Proposal struct {
	Name     string `json:"name"`
	Category string `json:"category"`
	Because  string `json:"because"` // the purchase that speaks for it
}

// Proposals tells what customers may want next, best first; app connects the models.
type Proposals interface {
	ProposedTo(ctx context.Context, customerIDs []int64) (map[int64][]Proposal, error)
}

// UseProposals connects who knows what customers may want.
func (s *Service) UseProposals(p Proposals) { s.proposals = p }

// Profile is what is known of one customer, by field name.
type Profile map[string]string

// Catalogue lists the merge fields there are, custom attributes included.
func (s *Service) Catalogue(ctx context.Context) ([]Field, error) {
	custom, err := s.store.listAttributeFields(ctx)
	if err != nil {
		return nil, err
	}
	all := append([]Field(nil), fixedFields...)
	return append(append(append(append(all, custom...), letterFields...), orderFields...), offerFields...), nil
}

// Profiles reads the values of fields of customers; names of other fields are left out.
func (s *Service) Profiles(ctx context.Context, customerIDs []int64, names []string) (map[int64]Profile, error) {
	catalogue, err := s.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	var wanted []Field
	for _, f := range catalogue {
		for _, name := range names {
			if f.Name == name && (f.column != "" || f.slug != "") {
				wanted = append(wanted, f)
			}
		}
	}
	profiles, err := s.store.profiles(ctx, customerIDs, wanted)
	if err != nil || !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, offerPrefix) }) {
		return profiles, err
	}
	return profiles, s.addProposals(ctx, profiles, customerIDs)
}

// addProposals fills the fields of next offers; who has none lacks them, and the
// template says what happens then.
func (s *Service) addProposals(ctx context.Context, profiles map[int64]Profile, customerIDs []int64) error {
	if s.proposals == nil {
		return nil
	}
	proposed, err := s.proposals.ProposedTo(ctx, customerIDs)
	if err != nil {
		return err
	}
	for id, list := range proposed {
		p := profiles[id]
		if p == nil || len(list) == 0 {
			continue
		}
		items, err := json.Marshal(list)
		if err != nil {
			return err
		}
		p[fieldOfferProduct], p[fieldOfferCategory], p[fieldOfferBecause], p[fieldOfferItems] = list[0].Name, list[0].Category, list[0].Because, string(items)
	}
	return nil
}

// valuesOf makes the values of a recipient out of their profile, the letter's
// own and the catalogue's kinds.
func valuesOf(profile, own Profile, kinds map[string]Field) Values {
	return func(name string) (Value, bool) {
		text, ok := own[name]
		if !ok {
			text, ok = profile[name]
		}
		f := kinds[name]
		return Value{Text: text, Kind: f.Kind, Currency: f.Currency}, ok && strings.TrimSpace(text) != ""
	}
}

// masked hides personal values for people who may not see them.
func (p Profile) masked(catalogue []Field) Profile {
	hidden := make(Profile, len(p))
	for name, text := range p {
		hidden[name] = text
		for _, f := range catalogue {
			if f.Name == name && f.IsPersonal {
				hidden[name] = dataquality.Mask(f.column, text)
			}
		}
	}
	return hidden
}

// sample is a made-up customer for previews without one.
func sample(catalogue []Field) Profile {
	p := Profile{
		"name": "홍길동", "email": "gildong@example.kr", "mobile": "+821000000000", "grade": "VIP", "branch": "서울", "company": "한국상사",
		"job_title": "과장", "sido": "서울특별시", "sigungu": "강남구", "birth_on": "1990-01-01", "joined_on": "2020-03-02",
		fieldOfferProduct: "들기름 180ml", fieldOfferCategory: "식품", fieldOfferBecause: "유기농 쌀 10kg",
		fieldOfferItems: `[{"name":"들기름 180ml","category":"식품","because":"유기농 쌀 10kg"},{"name":"현미 4kg","category":"식품","because":"유기농 쌀 10kg"}]`,
		"order.number":  "20261130-0001", "order.status": "결제 완료", "order.ordered_on": "2026-11-30", "order.total": "31000",
		"order.items": `[{"name":"유기농 쌀 10kg","quantity":"1","amount":"28,000원"},{"name":"들기름 180ml","quantity":"2","amount":"3,000원"}]`,
	}
	for i, f := range catalogue {
		if p[f.Name] != "" || f.slug == "" {
			continue
		}
		p[f.Name] = f.LabelKo
		if f.Kind == "number" || f.Kind == "money" {
			p[f.Name] = strconv.Itoa(1000 * (i + 1))
		}
		if f.Kind == "date" {
			p[f.Name] = "2026-01-01"
		}
	}
	return p
}
