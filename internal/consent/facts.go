// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"
	"fmt"
	"slices"

	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
)

// factsTable is the warehouse table of what holds now of advertising, by channel.
const factsTable = "consent_states"

// factChannels are the channels whose state is a field of the customer.
var factChannels = []struct {
	channel Channel
	label   warehouse.Text
}{
	{Email, warehouse.Text{Ko: "광고 수신: 이메일", En: "Advertising by e-mail"}},
	{SMS, warehouse.Text{Ko: "광고 수신: 문자", En: "Advertising by text message"}},
	{Kakao, warehouse.Text{Ko: "광고 수신: 카카오", En: "Advertising by Kakao"}},
	{Call, warehouse.Text{Ko: "광고 수신: 전화", En: "Advertising by telephone"}},
	{Post, warehouse.Text{Ko: "광고 수신: 우편", En: "Advertising by post"}},
}

func factColumn(c Channel) string { return "ad_" + string(c) }

// Tables returns the warehouse table of the states of consent. A claimed state
// is what an import asserts without evidence: it is shown and never used.
func Tables(db *database.DB) []warehouse.Table {
	s := &store{db: db}
	columns := []warehouse.Column{{Name: "customer_id", Type: warehouse.BigInt}}
	for _, c := range factChannels {
		columns = append(columns, warehouse.Column{Name: factColumn(c.channel), Type: warehouse.Varchar})
	}
	return []warehouse.Table{{
		Name: factsTable, Key: "customer_id", Subject: "customer", Columns: columns,
		Follows: []string{"consent.*", "customer.*", "intake.*", "match.*"},
		Load:    s.loadFacts,
	}}
}

// factSlice is for how many customers the ledger is read at once.
const factSlice = 2_000

// loadFacts streams the states of customers; those who never said anything have no row.
func (s *store) loadFacts(ctx context.Context, ids []int64, emit func(row ...any) error) error {
	if ids == nil {
		var err error
		if ids, err = s.spokenCustomers(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(ids, factSlice) {
		ledgers, err := s.ledgerOfGate(ctx, DefaultSender, part)
		if err != nil {
			return fmt.Errorf("read states of consent: %w", err)
		}
		for _, id := range part {
			ledger := ledgers[id]
			if len(ledger) == 0 {
				continue
			}
			row := []any{id}
			for _, c := range factChannels {
				var value any
				if state := Project(ledger, DefaultSender, Advertising, c.channel, false); state.Status != None {
					value = string(state.Status)
				}
				row = append(row, value)
			}
			if err := emit(row...); err != nil {
				return err
			}
		}
	}
	return nil
}

// Cubes returns the states of consent as fields of the customer.
func Cubes() []warehouse.Cube {
	values := []warehouse.Value{
		{Value: string(Granted), Label: warehouse.Text{Ko: "동의", En: "Agreed"}},
		{Value: string(StatusRefused), Label: warehouse.Text{Ko: "거부", En: "Refused"}},
		{Value: string(Claimed), Label: warehouse.Text{Ko: "증빙 없음", En: "Without evidence"}},
	}
	cube := warehouse.Cube{
		Name: "consent", Label: warehouse.Text{Ko: "수신동의", En: "Consent"}, Table: factsTable, Customer: "customer_id", Profile: true,
		Permission: "customer:read",
	}
	for _, c := range factChannels {
		cube.Dimensions = append(cube.Dimensions, warehouse.Dimension{
			Name: "consent_" + string(c.channel), Column: factColumn(c.channel), Kind: warehouse.KindChoice, Label: c.label, Values: values,
		})
	}
	return []warehouse.Cube{cube}
}
