// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Kinds of subjects that have descriptions.
const (
	aboutProduct   = "product"
	aboutPromotion = "promotion"
)

// description is what one row of a file says about a product or promotion.
// Each is kept, so that undoing a batch gives back what was known before.
type description struct {
	subjectID int64
	row       int64
	content   string
}

// promotion is a campaign of another system.
type promotion struct {
	ID       int64  `json:"-"`
	Key      string `json:"-"`
	Name     string `json:"name,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Channel  string `json:"channel,omitempty"`
	StartOn  string `json:"start_on,omitempty"`
	EndOn    string `json:"end_on,omitempty"`
	Cost     *int64 `json:"cost,omitempty"`
	Currency string `json:"currency,omitempty"`
	Extra    string `json:"extra,omitempty"`
}

// article is the described part of a product.
type article struct {
	Name       string `json:"name,omitempty"`
	Category   string `json:"category,omitempty"`
	Department string `json:"department,omitempty"`
	Brand      string `json:"brand,omitempty"`
	Price      *int64 `json:"price,omitempty"`
	Cost       *int64 `json:"cost,omitempty"`
	Currency   string `json:"currency,omitempty"`
	Extra      string `json:"extra,omitempty"`
}

// told is a description of a slice before its subject has an id.
type told struct {
	fact    *Fact
	key     string
	content string
}

func (l *Loader) writeProducts(ctx context.Context, facts []Fact, counts *Counts) error {
	var list []told
	asked := map[string]*Fact{}
	for i := range facts {
		f := &facts[i]
		key := strings.TrimSpace(f.Values[FieldProductKey])
		if key == "" {
			counts.reject(f, FieldProductKey, "order.no_product_key", "The row has no product number.", "Fill in the product number.")
			continue
		}
		content, ok := l.readArticle(f, counts)
		if !ok {
			continue
		}
		list = append(list, told{f, key, content})
		asked[key] = &Fact{Values: map[string]string{}}
	}
	if err := l.learnProducts(ctx, asked, false); err != nil {
		return err
	}
	return l.describe(ctx, aboutProduct, list, l.learned, counts, l.store.applyArticles)
}

func (l *Loader) readArticle(f *Fact, counts *Counts) (string, bool) {
	v := f.Values
	a := article{
		Name: firstOf(v, FieldProductName, "name"), Category: v[FieldCategory],
		Department: firstOf(v, FieldDepartment, "department"), Brand: v[FieldBrand], Extra: withOption(f),
	}
	if price := firstOf(v, FieldPrice, FieldUnitPrice, FieldAmount); price != "" {
		a.Currency = l.currencyOf(f)
		value, _, err := parseDecimal(price, Digits(a.Currency))
		if err != nil {
			counts.reject(f, FieldPrice, "order.number", "The price is not a number.", "Write digits only, such as 12000 or 12.50.")
			return "", false
		}
		a.Price = &value
	}
	if cost := firstOf(v, FieldUnitCost); cost != "" {
		a.Currency = l.currencyOf(f)
		value, _, err := parseDecimal(cost, Digits(a.Currency))
		if err != nil || value < 0 {
			counts.reject(f, FieldUnitCost, "order.number", "The cost is not a number of zero or more.", "Write digits only, such as 8000 or 7.25.")
			return "", false
		}
		a.Cost = &value
	}
	content, _ := json.Marshal(a)
	return string(content), true
}

func firstOf(values map[string]string, names ...string) string {
	for _, name := range names {
		if v := strings.TrimSpace(values[name]); v != "" {
			return v
		}
	}
	return ""
}

// describe writes what is new about subjects and lets apply bring their rows up to date.
func (l *Loader) describe(ctx context.Context, kind string, list []told, ids map[string]int64, counts *Counts,
	apply func(context.Context, map[int64]string) error,
) error {
	subjects := make([]int64, 0, len(list))
	for _, t := range list {
		subjects = append(subjects, ids[t.key])
	}
	current, err := l.store.currentDescriptions(ctx, kind, subjects)
	if err != nil {
		return err
	}
	var fresh []description
	changed := map[int64]string{}
	for _, t := range list {
		id := ids[t.key]
		before, isKnown := current[id]
		switch {
		case !isKnown:
			counts.Created++
		case before == t.content:
			counts.Unchanged++
			continue
		default:
			counts.Updated++
		}
		current[id], changed[id] = t.content, t.content
		fresh = append(fresh, description{id, t.fact.Row, t.content})
	}
	if err := l.store.insertDescriptions(ctx, l.batch, kind, fresh); err != nil {
		return err
	}
	return apply(ctx, changed)
}

// target is one customer that a promotion addressed.
type target struct {
	promotionID, recordID, row int64
	at                         *int64
	response, extra            string
}

func (l *Loader) writeCampaigns(ctx context.Context, facts []Fact, counts *Counts) error {
	var list []told
	var members []*Fact
	promotions := map[string]int64{}
	for i := range facts {
		f := &facts[i]
		key := strings.TrimSpace(f.Values[FieldCampaignKey])
		if key == "" {
			counts.reject(f, FieldCampaignKey, "order.no_campaign_key", "The row has no campaign number.", "Fill in the campaign number.")
			continue
		}
		promotions[key] = 0
		if f.RecordID != 0 {
			members = append(members, f)
			continue
		}
		content, ok := l.readPromotion(f, counts)
		if ok {
			list = append(list, told{f, key, content})
		}
	}
	if err := l.findPromotions(ctx, promotions); err != nil {
		return err
	}
	if err := l.describe(ctx, aboutPromotion, list, promotions, counts, l.store.applyPromotions); err != nil {
		return err
	}
	return l.writeTargets(ctx, members, promotions, counts)
}

func (l *Loader) readPromotion(f *Fact, counts *Counts) (string, bool) {
	v := f.Values
	p := promotion{
		Name: firstOf(v, FieldCampaignName, "name"), Kind: v[FieldCampaignType], Channel: v[FieldChannel], Extra: withOption(f),
	}
	for field, into := range map[string]*string{FieldStartOn: &p.StartOn, FieldEndOn: &p.EndOn} {
		if v[field] == "" {
			continue
		}
		day, err := parseDay(v[field], l.zone)
		if err != nil {
			counts.reject(f, field, "order.time", "The date cannot be read.", "Write it like 2026-11-21.")
			return "", false
		}
		*into = day
	}
	if text := firstOf(v, "cost", FieldAmount); text != "" {
		p.Currency = l.currencyOf(f)
		if value, _, err := parseDecimal(text, Digits(p.Currency)); err == nil {
			p.Cost = &value
		}
	}
	content, _ := json.Marshal(p)
	return string(content), true
}

// findPromotions fills in the ids of promotions, making those never heard of.
func (l *Loader) findPromotions(ctx context.Context, promotions map[string]int64) error {
	keys := slices.Sorted(maps.Keys(promotions))
	if err := l.store.promotionIDs(ctx, l.batch.SourceID, keys, promotions); err != nil {
		return err
	}
	missing := slices.DeleteFunc(keys, func(key string) bool { return promotions[key] != 0 })
	return l.store.insertPromotions(ctx, l.batch, missing, promotions)
}

func (l *Loader) writeTargets(ctx context.Context, members []*Fact, promotions map[string]int64, counts *Counts) error {
	ids, records := make([]int64, 0, len(members)), make([]int64, 0, len(members))
	for _, f := range members {
		ids = append(ids, promotions[strings.TrimSpace(f.Values[FieldCampaignKey])])
		records = append(records, f.RecordID)
	}
	existing, err := l.store.targets(ctx, ids, records)
	if err != nil {
		return err
	}
	var fresh []target
	for i, f := range members {
		pair := [2]int64{ids[i], f.RecordID}
		if existing[pair] {
			counts.Unchanged++
			continue
		}
		existing[pair] = true
		counts.Created++
		counts.Records = append(counts.Records, f.RecordID)
		t := target{promotionID: ids[i], recordID: f.RecordID, row: f.Row, response: f.Values[FieldStatus], extra: withOption(f)}
		if at, _, err := parseTime(f.Values[FieldOrderedAt], l.zone); err == nil {
			micro := at.UnixMicro()
			t.at = &micro
		}
		fresh = append(fresh, t)
	}
	return l.store.insertTargets(ctx, l.batch, fresh)
}
