// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangol/internal/mining/recommend"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// kindRecommendation is the run that finds what every customer may want next.
const kindRecommendation = "recommendation"

// offersTable holds the offers of the last deployed run, one row a customer.
const offersTable = "next_offers"

// RecommendationSettings say what is offered.
type RecommendationSettings struct {
	// Months limits the purchases that count; 0 is everything.
	Months int `json:"months"`
	// Deploy writes the offers where lists, segments and the call screen find them.
	Deploy bool `json:"deploy"`
}

func parseRecommendation(raw json.RawMessage) (RecommendationSettings, error) {
	s := RecommendationSettings{Months: 24}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with months and deploy")
	}
	if s.Months < 0 || s.Months > longestMonths {
		return s, bad("months", "0 (everything) to 1200")
	}
	return s, nil
}

func checkRecommendation(raw json.RawMessage) error {
	_, err := parseRecommendation(raw)
	return err
}

// Recommendation is what such a run found.
type Recommendation struct {
	Settings  RecommendationSettings `json:"settings"`
	Customers int                    `json:"customers"`
	Products  int                    `json:"products"`
	// CutOn is the day up to which the comparison learned.
	CutOn    string              `json:"cut_on"`
	Compared *recommend.Compared `json:"compared"`
	// Top are the products that are the best offer of most customers.
	Top        []TopOffer      `json:"top"`
	Examples   []CustomerOffer `json:"examples"`
	IsDeployed bool            `json:"is_deployed"`
}

// TopOffer is a product and how many customers it is the best offer of.
type TopOffer struct {
	Product   string `json:"product"`
	Category  string `json:"category,omitempty"`
	Customers int    `json:"customers"`
}

// CustomerOffer is what one customer is offered.
type CustomerOffer struct {
	CustomerID int64         `json:"customer_id"`
	Offers     []OneProposal `json:"offers"`
}

// OneProposal is a product with the purchase that speaks for it.
type OneProposal struct {
	Product  string `json:"product"`
	Category string `json:"category,omitempty"`
	Because  string `json:"because,omitempty"`
}

const (
	proposals  = 5      // of every customer
	mostItems  = 3000   // products that are offered, the best-selling ones
	mostBuyers = 300000 // beyond it customers are not compared but by their latest purchases
	testShare  = 0.2    // of the time is kept for the comparison
)

// shelf is the purchases of a run.
type shelf struct {
	data       recommend.Data
	customers  []int64
	names      []string
	categories []string
	days       []int64
}

func (s *Service) readShelf(ctx context.Context, months int) (*shelf, error) {
	where := "l.counts = 2 AND p.name IS NOT NULL"
	if months > 0 {
		where += " AND l.ordered_at >= DATE '" + s.today().AddDate(0, -months, 0).Format(isoDate) + "'"
	}
	rows, err := s.warehouse.Query(ctx, `WITH sold AS (SELECT p.name, any_value(p.category) AS category FROM `+linesTable+` l JOIN products p ON p.id = l.product_id WHERE `+where+`
		GROUP BY 1 ORDER BY count(DISTINCT l.customer_id) DESC, 1 LIMIT `+fmt.Sprint(mostItems)+`)
	SELECT l.customer_id, p.name, coalesce(s.category, ''), CAST(date_diff('day', DATE '1970-01-01', CAST(min(l.ordered_at) AS DATE)) AS BIGINT)
	FROM `+linesTable+` l JOIN products p ON p.id = l.product_id JOIN sold s ON s.name = p.name WHERE `+where+` GROUP BY 1, 2, 3 ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("read purchases: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out, items := &shelf{}, map[string]int32{}
	for rows.Next() {
		var id, day int64
		var name, category string
		if err := rows.Scan(&id, &name, &category, &day); err != nil {
			return nil, err
		}
		if n := len(out.customers); n == 0 || out.customers[n-1] != id {
			if n == mostBuyers {
				break
			}
			out.customers = append(out.customers, id)
		}
		item, known := items[name]
		if !known {
			item = int32(len(out.names)) //nolint:gosec // at most mostItems
			items[name] = item
			out.names, out.categories = append(out.names, name), append(out.categories, category)
		}
		out.data.Events = append(out.data.Events, recommend.Event{Customer: int32(len(out.customers) - 1), Item: item, At: day}) //nolint:gosec // at most mostBuyers
		out.days = append(out.days, day)
	}
	out.data.Customers, out.data.Items = len(out.customers), len(out.names)
	return out, rows.Err()
}

// cut is the day that leaves the last part of the time for the test.
func (sh *shelf) cut() int64 {
	first, last := slices.Min(sh.days), slices.Max(sh.days)
	return last - int64(testShare*float64(last-first))
}

// runRecommendation compares the methods on the latest purchases and lists what
// every customer may want next.
func (s *Service) runRecommendation(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseRecommendation(run.Settings)
	if err != nil {
		return nil, err
	}
	sh, err := s.readShelf(ctx, settings.Months)
	if err != nil {
		return nil, err
	}
	const fewest = 2
	if sh.data.Items < fewest || sh.data.Customers < fewest {
		return nil, fault.New(fault.Invalid, "mining.no_baskets", "There is no purchase in this period; choose a longer one.")
	}
	tell(2, 10)
	seed, cut := uint64(run.Seed), sh.cut() //nolint:gosec // positive
	out := &Recommendation{Settings: settings, Customers: sh.data.Customers, Products: sh.data.Items, CutOn: time.Unix(cut*24*60*60, 0).UTC().Format(isoDate)}
	if out.Compared, err = recommend.Compare(ctx, &sh.data, cut, proposals, seed); err != nil {
		return nil, err
	}
	tell(7, 10)
	offers, err := recommend.Offers(ctx, &sh.data, out.Compared.Chosen, proposals, seed)
	if err != nil {
		return nil, err
	}
	out.list(sh, offers)
	if !settings.Deploy {
		return out, nil
	}
	out.IsDeployed = true
	return out, s.writeOffers(ctx, sh.rows(offers))
}

// list sums the offers up and shows some.
func (out *Recommendation) list(sh *shelf, offers [][]recommend.Offer) {
	const shown = 15
	firsts := make([]int, len(sh.names))
	for c, list := range offers {
		if len(list) == 0 {
			continue
		}
		firsts[list[0].Item]++
		if len(out.Examples) < shown {
			out.Examples = append(out.Examples, CustomerOffer{sh.customers[c], sh.proposals(list)})
		}
	}
	for item, n := range firsts {
		if n > 0 {
			out.Top = append(out.Top, TopOffer{sh.names[item], sh.categories[item], n})
		}
	}
	slices.SortStableFunc(out.Top, func(a, b TopOffer) int { return b.Customers - a.Customers })
	out.Top = out.Top[:min(len(out.Top), shown)]
}

func (sh *shelf) proposals(list []recommend.Offer) []OneProposal {
	out := make([]OneProposal, len(list))
	for i, o := range list {
		out[i] = OneProposal{Product: sh.names[o.Item], Category: sh.categories[o.Item]}
		if o.Because >= 0 {
			out[i].Because = sh.names[o.Because]
		}
	}
	return out
}

type offerRow struct {
	CustomerID int64  `json:"customer_id"`
	Product    string `json:"product"`
	Category   string `json:"category"`
	Because    string `json:"because"`
	Offers     string `json:"offers"` // all of them, as JSON
}

func (sh *shelf) rows(offers [][]recommend.Offer) []offerRow {
	out := []offerRow{}
	for c, list := range offers {
		if len(list) == 0 {
			continue
		}
		all := sh.proposals(list)
		text, err := json.Marshal(all)
		if err != nil {
			continue // strings always marshal
		}
		out = append(out, offerRow{sh.customers[c], all[0].Product, all[0].Category, all[0].Because, string(text)})
	}
	return out
}

func (s *Service) writeOffers(ctx context.Context, list []offerRow) error {
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	const shape = `'[{"customer_id":"BIGINT","product":"VARCHAR","category":"VARCHAR","because":"VARCHAR","offers":"VARCHAR"}]'`
	return s.warehouse.Replace(ctx, offersTable, `SELECT r.customer_id, r.product, r.category, r.because, r.offers FROM (SELECT unnest(from_json(CAST(? AS JSON), `+shape+`)) AS r)`, string(text))
}

// ProposedTo returns what customers may want next, best first: the one place
// where the offers of campaigns, mails and the customer's page come from. Whoever
// asks has to see to it that the customers may be seen.
func (s *Service) ProposedTo(ctx context.Context, customerIDs []int64) (map[int64][]OneProposal, error) {
	out := make(map[int64][]OneProposal, len(customerIDs))
	if _, there := s.warehouse.Column(offersTable, "offers"); !there || len(customerIDs) == 0 {
		return out, nil
	}
	text, err := json.Marshal(customerIDs)
	if err != nil {
		return nil, err
	}
	rows, err := s.warehouse.Query(ctx, "SELECT customer_id, offers FROM "+offersTable+" WHERE customer_id IN (SELECT unnest(from_json(CAST(? AS JSON), '[\"BIGINT\"]')))", string(text))
	if err != nil {
		return nil, fmt.Errorf("find offers: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var offers string
		if err := rows.Scan(&id, &offers); err != nil {
			return nil, err
		}
		var list []OneProposal
		if err := json.Unmarshal([]byte(offers), &list); err != nil {
			return nil, fmt.Errorf("read offers: %w", err)
		}
		out[id] = list
	}
	return out, rows.Err()
}

// offerCube is the best offer as a field of customers.
func offerCube() warehouse.Cube {
	dim := func(name, column, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: warehouse.KindText, FilterOnly: true, Label: warehouse.Text{Ko: ko, En: en}}
	}
	return warehouse.Cube{
		Name: "offer", Label: warehouse.Text{Ko: "다음 제안", En: "Next offer"}, Table: offersTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{
			dim("next_offer", "product", "다음에 권할 상품", "Product to offer next"), dim("next_offer_category", "category", "다음에 권할 분류", "Category to offer next"),
			dim("next_offer_because", "because", "권하는 근거(산 상품)", "Why it is offered (bought)"),
		},
	}
}
