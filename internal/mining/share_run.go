// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	"dangol/internal/mining/value"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

// kindShare is the run that tells which share of what customers spend they spend here.
const kindShare = "share"

// SharesTable holds the share of every buyer.
const SharesTable = "customer_shares"

// ShareSettings say where the totals come from.
type ShareSettings struct {
	Months int `json:"months" doc:"of purchases, 12 by default"`
	// Declared is the custom attribute with what somebody says to spend a year, "" for none.
	Declared string `json:"declared,omitempty"`
	// Quantile of those alike who buy most here stands for a whole purse; 0.9 by default.
	Quantile float64 `json:"quantile,omitempty"`
	Line     *Line   `json:"line,omitempty"`
}

const (
	usualQuantile = 0.9
	// fewestAlike is below how many people a cell is widened: age, sex and region,
	// then age and sex, then everybody.
	fewestAlike = 50
)

func parseShare(raw json.RawMessage) (ShareSettings, error) {
	s := ShareSettings{Months: defaultMonths, Quantile: usualQuantile}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with months, declared and quantile")
	}
	if s.Months < 1 || s.Months > longestMonths {
		return s, bad("months", fmt.Sprintf("1 to %d", longestMonths))
	}
	if !(s.Quantile >= 0.5 && s.Quantile <= 1) {
		return s, bad("quantile", "0.5 to 1")
	}
	return s, s.Line.check()
}

func checkShare(raw json.RawMessage) error {
	_, err := parseShare(raw)
	return err
}

// ShareBand is a part of the buyers by their share.
type ShareBand struct {
	From      float64         `json:"from"`
	To        float64         `json:"to"`
	Customers int             `json:"customers"`
	Spent     float64         `json:"spent"`
	Room      float64         `json:"room" doc:"what they spend elsewhere"`
	Rules     json.RawMessage `json:"rules"`
}

// Shares is the share of customer.
type Shares struct {
	Settings  ShareSettings `json:"settings"`
	Currency  string        `json:"currency"`
	Until     string        `json:"until"`
	Customers int           `json:"customers"`
	Declared  int           `json:"declared" doc:"totals that customers told"`
	Spent     float64       `json:"spent"`
	Total     float64       `json:"total"`
	Share     float64       `json:"share"`
	Median    float64       `json:"median"`
	Bands     []ShareBand   `json:"bands"`
	Words     value.Words   `json:"words"`
}

// spender is a buyer with what is known to compare with.
type spender struct {
	id              int64
	spent, declared float64
	cells           [3]string // from narrow to wide
	total           float64
}

// runShare compares what customers spent with what they declare, or with what
// the best buyers among those alike spend.
func (s *Service) runShare(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseShare(run.Settings)
	if err != nil {
		return nil, err
	}
	day, err := s.scoreDay(ctx, "")
	if err != nil {
		return nil, err
	}
	declared := "CAST(NULL AS DOUBLE)"
	if settings.Declared != "" {
		column := "attr_" + settings.Declared
		if _, there := s.warehouse.Column(customersTable, column); !there {
			return nil, fault.New(fault.Invalid, "mining.no_attribute", "There is no attribute {name}.", "name", settings.Declared)
		}
		declared = "TRY_CAST(c." + strconv.Quote(column) + " AS DOUBLE)"
	}
	at := day.Format(isoDate)
	rows, err := s.warehouse.Query(ctx, "SELECT c.id, CAST(b.m AS DOUBLE), "+declared+", coalesce(CAST(c.sex AS VARCHAR), ''), coalesce(CAST(CAST(date_diff('year', c.birth_on, DATE '"+at+"') // 10 AS INTEGER) AS VARCHAR), ''), coalesce(CAST(c.sido AS VARCHAR), '') "+
		"FROM (SELECT l.customer_id AS id, sum(l.amount) AS m FROM "+linesTable+" l WHERE l.counts > 0 AND l.currency = ? AND l.ordered_at < DATE '"+at+"' AND l.ordered_at >= DATE '"+day.AddDate(0, -settings.Months, 0).Format(isoDate)+"'"+settings.Line.whereSQL()+
		" GROUP BY 1 HAVING sum(l.amount) > 0) b JOIN "+customersTable+" c ON c.id = b.id ORDER BY 1", append([]any{s.currency}, settings.Line.args()...)...)
	if err != nil {
		return nil, fmt.Errorf("read what customers spent: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []spender
	for rows.Next() {
		var one spender
		var told *float64
		var sex, age, sido string
		if err := rows.Scan(&one.id, &one.spent, &told, &sex, &age, &sido); err != nil {
			return nil, err
		}
		if told != nil && *told > 0 {
			one.declared = *told * float64(settings.Months) / defaultMonths
		}
		one.cells = [3]string{sex + "/" + age + "/" + sido, sex + "/" + age, ""}
		list = append(list, one)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.Invalid, "mining.no_purchases", "There are no purchases yet; load some first.")
	}
	tell(1, 3)
	out := &Shares{Settings: settings, Currency: s.currency, Until: day.AddDate(0, 0, -1).Format(isoDate), Customers: len(list)}
	out.estimate(list)
	out.sum(list)
	tell(2, 3)
	return out, s.writeShares(ctx, list)
}

// estimate gives everybody a total: the declared one, or that of those alike.
func (s *Shares) estimate(list []spender) {
	cells := map[string][]float64{}
	for _, one := range list {
		for _, cell := range one.cells {
			cells[cell] = append(cells[cell], one.spent)
		}
	}
	purse := map[string]float64{}
	for cell, spent := range cells {
		if len(spent) >= fewestAlike || cell == "" {
			slices.Sort(spent)
			purse[cell] = value.Quantile(spent, s.Settings.Quantile)
		}
	}
	for i := range list {
		one := &list[i]
		if one.declared > 0 {
			one.total = math.Max(one.declared, one.spent)
			s.Declared++
			continue
		}
		for _, cell := range one.cells {
			if total, known := purse[cell]; known {
				one.total = math.Max(total, one.spent)
				break
			}
		}
	}
}

func (s *Shares) sum(list []spender) {
	limits := []float64{0, 0.1, 0.25, 0.5, 0.75, 1}
	for i := range len(limits) - 1 {
		rules := fmt.Sprintf(`{"op":"and","rules":[{"field":"share_of_customer","is":"gt","value":%g},{"field":"share_of_customer","is":"lte","value":%g}]}`, limits[i], limits[i+1])
		s.Bands = append(s.Bands, ShareBand{From: limits[i], To: limits[i+1], Rules: json.RawMessage(rules)})
	}
	shares := make([]float64, len(list))
	for i, one := range list {
		shares[i] = one.spent / one.total
		s.Spent, s.Total = s.Spent+one.spent, s.Total+one.total
		for k := range s.Bands {
			if b := &s.Bands[k]; shares[i] <= b.To {
				b.Customers++
				b.Spent, b.Room = b.Spent+one.spent, b.Room+one.total-one.spent
				break
			}
		}
	}
	slices.Sort(shares)
	s.Share, s.Median = s.Spent/s.Total, value.Quantile(shares, 0.5)
	low := s.Bands[0].Customers + s.Bands[1].Customers
	s.Words = value.Words{
		Ko: fmt.Sprintf("구매 고객 %d명은 쓸 만한 돈의 %.0f %%를 우리에게 씁니다(가운데 고객 %.0f %%). 25 %%에 못 미치는 고객이 %d명이며, 이들에게 더 팔 여지가 가장 큽니다. 전체 금액은 고객이 밝힌 것이 %d명이고, 나머지는 비슷한 고객 가운데 상위 %.0f %%의 구매로 추정했습니다.",
			s.Customers, 100*s.Share, 100*s.Median, low, s.Declared, 100*(1-s.Settings.Quantile)),
		En: fmt.Sprintf("%d buyers spend %.0f %% of what they could with us (%.0f %% in the middle). %d of them stay below 25 %%: with them there is most room. %d totals were declared; the others are estimated by the top %.0f %% of customers alike.",
			s.Customers, 100*s.Share, 100*s.Median, low, s.Declared, 100*(1-s.Settings.Quantile)),
	}
}

var shareShapes = []string{"CAST(%s AS BIGINT) AS customer_id", "CAST(%s AS DOUBLE) AS share", "CAST(%s AS BIGINT) AS total", "CAST(%s AS BIGINT) AS room"}

func (s *Service) writeShares(ctx context.Context, list []spender) error {
	columns := make([][]string, len(shareShapes))
	for _, one := range list {
		for i, text := range []string{
			strconv.FormatInt(one.id, 10), strconv.FormatFloat(one.spent/one.total, 'g', 6, 64),
			strconv.FormatInt(int64(math.Round(one.total)), 10), strconv.FormatInt(int64(math.Round(one.total-one.spent)), 10),
		} {
			columns[i] = append(columns[i], text)
		}
	}
	return s.writeColumns(ctx, SharesTable, shareShapes, columns...)
}

// shareCube is the share of customer as fields.
func shareCube() warehouse.Cube {
	dim := func(name, column string, kind warehouse.Kind, ko, en string) warehouse.Dimension {
		return warehouse.Dimension{Name: name, Column: column, Kind: kind, Label: warehouse.Text{Ko: ko, En: en}, FilterOnly: true}
	}
	return warehouse.Cube{
		Name: "share", Label: warehouse.Text{Ko: "고객 점유율", En: "Share of customer"}, Table: SharesTable, Customer: "customer_id", Profile: true, Permission: "customer:read",
		Dimensions: []warehouse.Dimension{
			dim("share_of_customer", "share", warehouse.KindPercent, "고객 점유율", "Share of customer"),
			dim("share_total", "total", warehouse.KindMoney, "고객의 전체 지출", "Total that a customer spends"),
			dim("share_room", "room", warehouse.KindMoney, "더 팔 여지", "Room for more"),
		},
	}
}
