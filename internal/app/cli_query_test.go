// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"dangol/internal/cube"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/warehouse"
)

func TestQueryFlagsBecomeAQuestion(t *testing.T) {
	t.Parallel()
	c := queryCommand{
		Measures: []string{"order.revenue", "calc.each"}, By: []string{"customer.sido"}, Across: []string{"order.month"}, Last: 6, Unit: "month",
		Compare: "previous_year", Where: []string{"order.channel=온라인|매장", "customer.sex!=male", "customer.has_email=true", "order.weekday=6"},
		Calc: []string{"each=order.revenue / order.customers"}, Order: []string{"order.revenue:desc", "customer.sido"}, Top: 5, Others: true, Totals: true,
	}
	q, err := c.query()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`"period":{"last":6,"unit":"month"}`, `"compare":"previous_year"`, `"order":[{"by":"order.revenue","desc":true},{"by":"customer.sido"}]`,
		`{"field":"order.channel","is":"in","value":["온라인","매장"]}`, `{"op":"not","rules":[{"field":"customer.sex","is":"eq","value":"male"}]}`,
		`"field":"customer.has_email","is":"eq","value":true`, `"field":"order.weekday","is":"eq","value":6`,
		`"calculate":[{"name":"each","formula":"order.revenue / order.customers"}]`, `"top":{"n":5,"others":true}`, `"totals":["grand"]`,
	} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("%s is missing in %s", part, raw)
		}
	}
	for _, bad := range []queryCommand{
		{Measures: []string{"order.revenue"}, Where: []string{"order.channel"}},
		{Measures: []string{"order.revenue"}, Calc: []string{"order.revenue"}},
		{Measures: []string{"order.revenue"}, Filter: "{"},
	} {
		if _, err := bad.query(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestQueryPrintsWhatPeopleRead(t *testing.T) {
	t.Parallel()
	r := &cube.Result{
		Columns: []cube.Column{
			{Name: "customer.sex", Role: "row", Values: []warehouse.Value{{Value: "male", Label: warehouse.Text{Ko: "남성"}}}},
			{Name: "order.revenue", Role: "measure", Kind: warehouse.KindMoney, Currency: "USD"},
			{Name: "order.revenue.share", Role: "measure", Kind: warehouse.KindPercent},
			{Name: "order.quantity", Role: "measure", Kind: warehouse.KindQuantity},
		},
		Rows:   [][]any{{"male", 1250.0, 0.25, 1500.0}, {nil, 3750.0, 0.75, 2000.0}, {"=1+1", 0.0, nil, 0.0}},
		Totals: cube.Totals{Grand: []any{nil, 5000.0, 1.0, 3500.0}},
	}
	var table, csv bytes.Buffer
	if err := (queryCommand{Format: "table", Totals: true}).print(&table, r); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"남성", "12.50", "25.0%", "1.5", "total", "50.00", "(USD)"} {
		if !strings.Contains(table.String(), part) {
			t.Errorf("%q is missing in\n%s", part, table.String())
		}
	}
	if err := (queryCommand{Format: "csv"}).print(&csv, r); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(csv.String()), "\n")
	if len(lines) != 4 || lines[1] != "남성,12.50,25.0%,1.5" || strings.HasPrefix(lines[3], "=") {
		t.Errorf("%q", lines)
	}
}
