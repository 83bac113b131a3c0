// SPDX-License-Identifier: Apache-2.0

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dangol/internal/mining/association"
	"dangol/internal/mining/report"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/tabular"
)

// basketFlags say where baskets are and how common a set must be.
type basketFlags struct {
	mineFlags
	File    string  `arg:"" help:"One basket a line; or CSV, gzip CSV or Parquet with --basket and --item." type:"path"`
	Basket  string  `help:"Column that names the basket." placeholder:"COL"`
	Item    string  `help:"Column that names the item." placeholder:"COL"`
	Support float64 `help:"Least share of baskets (0.01), or from 1 on the least number." required:"" placeholder:"S"`
	Top     int     `help:"Rows of the printed table; --json prints all." default:"30" placeholder:"N"`
}

// mostSets keeps a support that is far too low from filling the memory.
const mostSets = 30_000_000

func (b *basketFlags) mine(ctx context.Context, kind association.Kind, longest int) (*association.Itemsets, error) {
	if !(b.Support > 0) {
		return nil, fault.New(fault.Invalid, "app.bad_support", "--support is a share of the baskets like 0.01, or a number of baskets from 1 on.")
	}
	baskets, err := b.read()
	if err != nil {
		return nil, err
	}
	if baskets.Count() == 0 {
		return nil, fault.New(fault.Invalid, "app.no_baskets", "{file} holds no basket.", "file", b.File)
	}
	least := association.MinCount(b.Support, baskets.Count())
	if b.Support >= 1 {
		least = int(b.Support)
	}
	sets, err := association.Mine(ctx, baskets, association.Options{Kind: kind, MinCount: least, MaxLength: longest, MaxSets: mostSets})
	var many association.TooManyError
	if errors.As(err, &many) {
		return nil, fault.New(fault.Invalid, "app.too_many_itemsets", "There are {problem}.", "problem", many.Error())
	}
	return sets, err
}

func (b *basketFlags) read() (*association.Baskets, error) {
	if (b.Basket == "") != (b.Item == "") {
		return nil, fault.New(fault.Invalid, "app.basket_columns", "--basket and --item go together.")
	}
	if b.Basket == "" {
		text, err := tabular.Text(b.File)
		if err != nil {
			return nil, err
		}
		baskets, err := association.Read(strings.NewReader(text))
		if err != nil {
			return nil, fault.New(fault.Invalid, "app.bad_baskets", "{problem}", "problem", err.Error())
		}
		return baskets, nil
	}
	table, err := tabular.Read(b.File, tabular.Options{Columns: []string{b.Basket, b.Item}})
	if err != nil {
		return nil, err
	}
	var texts [2][]string
	for i, name := range []string{b.Basket, b.Item} {
		column, err := table.Column(name)
		if err != nil {
			return nil, err
		}
		texts[i] = make([]string, table.Rows)
		for row := range texts[i] {
			texts[i][row] = column.Text(row)
		}
	}
	return association.FromPairs(texts[0], texts[1]), nil
}

type mineItemsetsCommand struct {
	basketFlags
	Closed    bool `help:"Only sets without a larger set of the same count." xor:"kind"`
	Maximal   bool `help:"Only sets without a larger frequent set." xor:"kind"`
	MinLength int  `help:"Least items of a set." default:"1" placeholder:"N"`
	MaxLength int  `help:"Most items of a set (default: no limit)." placeholder:"N"`
}

// Help teaches by examples.
func (mineItemsetsCommand) Help() string {
	return `Examples:
  dangol mine itemsets baskets.csv --support 0.01
  dangol mine itemsets orders.csv --basket 주문번호 --item 상품명 --support 0.005 --closed --json`
}

type minedItemsets struct {
	Kind     string         `json:"kind"`
	Baskets  int            `json:"baskets"`
	Items    int            `json:"items"`
	Support  float64        `json:"support"`
	Count    int            `json:"count"`
	BySize   map[string]int `json:"by_size"`
	Itemsets []minedItemset `json:"itemsets"`
}

type minedItemset struct {
	Items   []string `json:"items"`
	Count   int      `json:"count"`
	Support float64  `json:"support"`
}

// Run finds itemsets.
func (c mineItemsetsCommand) Run(s *session) error {
	kind, name := association.Frequent, "frequent"
	switch {
	case c.Closed:
		kind, name = association.Closed, "closed"
	case c.Maximal:
		kind, name = association.Maximal, "maximal"
	}
	sets, err := c.mine(s.ctx, kind, c.MaxLength)
	if err != nil {
		return err
	}
	out := minedItemsets{Kind: name, Baskets: sets.Baskets, Items: len(sets.Names), Support: c.Support, BySize: map[string]int{}, Itemsets: []minedItemset{}}
	for _, i := range sets.ByCount() {
		items := sets.Set(i)
		if len(items) < c.MinLength {
			continue
		}
		out.Count++
		out.BySize[strconv.Itoa(len(items))]++
		if !s.line.JSON && len(out.Itemsets) >= c.Top {
			continue
		}
		one := minedItemset{Count: int(sets.Counts[i]), Support: float64(sets.Counts[i]) / float64(sets.Baskets)}
		for _, item := range items {
			one.Items = append(one.Items, sets.Names[item])
		}
		out.Itemsets = append(out.Itemsets, one)
	}
	return s.mined(c.mineFlags, out, out.page(c.Lang, c.Top))
}

func (m *minedItemsets) page(lang string, top int) *report.Page {
	p := report.New(lang, "")
	p.Title = p.Say("함께 담기는 것", "What is bought together")
	p.Words(p.Say(fmt.Sprintf("장바구니 %s개와 품목 %s개에서 조합(%s) %s개를 찾았습니다.", grouped(float64(m.Baskets)), grouped(float64(m.Items)), m.Kind, grouped(float64(m.Count))),
		fmt.Sprintf("%s %s itemsets in %s baskets of %s items.", grouped(float64(m.Count)), m.Kind, grouped(float64(m.Baskets)), grouped(float64(m.Items)))))
	if m.Count == 0 {
		p.Words(p.Say("이 기준을 넘는 조합이 없습니다. --support를 낮추면 더 드문 조합도 나옵니다.", "No set is that common: a lower --support shows rarer ones."))
		return p
	}
	var labels []string
	var sizes []float64
	for n := 1; len(labels) < len(m.BySize) && n < 1000; n++ {
		if count, has := m.BySize[strconv.Itoa(n)]; has {
			labels, sizes = append(labels, strconv.Itoa(n)), append(sizes, float64(count))
		}
	}
	p.Bars(p.Say("품목 수별 조합", "Itemsets by number of items"), labels, []report.Series{{Values: sizes}})
	var rows [][]string
	for _, one := range m.Itemsets[:min(top, len(m.Itemsets))] {
		rows = append(rows, []string{strings.Join(one.Items, " + "), grouped(float64(one.Count)), percent(one.Support)})
	}
	p.Table(p.Say("가장 흔한 조합", "Most frequent"), []string{p.Say("조합", "items"), p.Say("건수", "count"), p.Say("지지도", "support")}, rows)
	return p
}

type mineRulesCommand struct {
	basketFlags
	Confidence   float64 `help:"Least share of baskets with the left side that have the right side." default:"0.5" placeholder:"C"`
	MinLength    int     `help:"Least items of both sides together." default:"1" placeholder:"N"`
	MaxLength    int     `help:"Most items of both sides together (default: no limit)." placeholder:"N"`
	NotRedundant bool    `help:"Leave out rules that a shorter one makes needless."`
}

// Help teaches by examples.
func (mineRulesCommand) Help() string {
	return `A rule is redundant when one with fewer items on the left has the same or a higher confidence.

Examples:
  dangol mine rules baskets.csv --support 0.001 --confidence 0.8
  dangol mine rules orders.csv --basket 주문번호 --item 상품명 --support 0.006 --confidence 0.25 --min-length 2 --html rules.html`
}

type minedRules struct {
	Baskets      int         `json:"baskets"`
	Items        int         `json:"items"`
	Itemsets     int         `json:"itemsets"`
	Support      float64     `json:"support"`
	Confidence   float64     `json:"confidence"`
	Count        int         `json:"count"`
	NotRedundant int         `json:"not_redundant"`
	Rules        []minedRule `json:"rules"`
}

type minedRule struct {
	Left  []string `json:"lhs"`
	Right string   `json:"rhs"`
	association.Rule
}

// Run finds rules.
func (c mineRulesCommand) Run(s *session) error {
	if c.Confidence < 0 || c.Confidence > 1 {
		return fault.New(fault.Invalid, "app.bad_confidence", "--confidence lies between 0 and 1.")
	}
	sets, err := c.mine(s.ctx, association.Frequent, c.MaxLength)
	if err != nil {
		return err
	}
	out := minedRules{Baskets: sets.Baskets, Items: len(sets.Names), Itemsets: sets.Len(), Support: c.Support, Confidence: c.Confidence, Rules: []minedRule{}}
	for _, r := range association.Rules(sets, association.RuleOptions{Confidence: c.Confidence, MinLength: c.MinLength}) {
		if !r.Redundant {
			out.NotRedundant++
		} else if c.NotRedundant {
			continue
		}
		one := minedRule{Left: []string{}, Right: sets.Names[r.Right], Rule: r}
		for _, item := range r.Left {
			one.Left = append(one.Left, sets.Names[item])
		}
		out.Rules = append(out.Rules, one)
	}
	out.Count = len(out.Rules)
	return s.mined(c.mineFlags, out, out.page(c.Lang, c.Top))
}

func (m *minedRules) page(lang string, top int) *report.Page {
	p := report.New(lang, "")
	p.Title = p.Say("연관 규칙", "Association rules")
	p.Words(p.Say(fmt.Sprintf("장바구니 %s개에서 규칙 %s개를 찾았습니다. 그 가운데 %s개는 더 짧은 규칙으로 대신할 수 없습니다.", grouped(float64(m.Baskets)), grouped(float64(m.Count)), grouped(float64(m.NotRedundant))),
		fmt.Sprintf("%s rules in %s baskets; %s of them say more than any shorter rule.", grouped(float64(m.Count)), grouped(float64(m.Baskets)), grouped(float64(m.NotRedundant)))))
	if len(m.Rules) == 0 {
		p.Words(p.Say("이 기준을 넘는 규칙이 없습니다. --support나 --confidence를 낮추거나, 품목 대신 더 큰 분류로 묶어 보십시오.", "No rule is that common and that sure: lower --support or --confidence, or use groups of items instead of items."))
		return p
	}
	if at := slices.IndexFunc(m.Rules, func(r minedRule) bool { return len(r.Left) > 0 }); at >= 0 {
		r := m.Rules[at]
		left := strings.Join(r.Left, " + ")
		p.Words(p.Say(fmt.Sprintf("가장 두드러진 규칙: %s 상품이 있는 장바구니의 %.0f %%에는 %s도 있습니다. 보통보다 %.1f배 많습니다(%d건).", left, 100*r.Confidence, r.Right, r.Lift, r.Count),
			fmt.Sprintf("What stands out most: %.0f %% of the baskets with %s also have %s, %.1f times the usual (%d baskets).", 100*r.Confidence, left, r.Right, r.Lift, r.Count)))
	}
	var x, y []float64
	for _, r := range m.Rules[:min(3000, len(m.Rules))] {
		x, y = append(x, r.Support), append(y, r.Confidence)
	}
	if len(x) > 0 {
		p.Points(p.Say("지지도와 신뢰도", "Support and confidence"), x, y)
	}
	var rows [][]string
	for _, r := range m.Rules[:min(top, len(m.Rules))] {
		rows = append(rows, []string{cmp.Or(strings.Join(r.Left, " + "), p.Say("(모든 장바구니)", "(any basket)")), "→ " + r.Right, strconv.Itoa(r.Count), percent(r.Support), percent(r.Confidence), decimals(r.Lift, 2)})
	}
	p.Table(p.Say("리프트가 큰 규칙", "Rules by lift"), []string{p.Say("왼쪽", "left"), p.Say("오른쪽", "right"), p.Say("건수", "count"), p.Say("지지도", "support"), p.Say("신뢰도", "confidence"), p.Say("리프트", "lift")}, rows)
	return p
}
