// SPDX-License-Identifier: Apache-2.0

package order

import (
	"context"
	"strings"

	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
)

var targetFacts = []warehouse.Column{
	{Name: "id", Type: warehouse.BigInt},
	{Name: "customer_id", Type: warehouse.BigInt},
	{Name: "record_id", Type: warehouse.BigInt},
	{Name: "promotion_id", Type: warehouse.BigInt},
	{Name: "promotion", Type: warehouse.Varchar},
	{Name: "channel", Type: warehouse.Varchar},
	{Name: "start_on", Type: warehouse.Date},
	{Name: "end_on", Type: warehouse.Date},
	{Name: "targeted_at", Type: warehouse.Timestamp},
	{Name: "arm", Type: warehouse.Varchar},
	{Name: "response", Type: warehouse.Varchar},
}

// targetTable is whom past campaigns of imported files addressed, and whom they held back.
func targetTable(db *database.DB) warehouse.Table {
	s := &store{db: db}
	promotions := &watch{state: s.promotionState, rows: s.loadTargetFacts}
	return warehouse.Table{
		Name: "promotion_targets", Key: "customer_id", Subject: "customer", Columns: targetFacts,
		Follows: []string{"order.*", "intake.*", "customer.*", "match.*"},
		Subjects: func(ctx context.Context, e warehouse.Entry) ([]int64, bool, error) {
			return promotions.targetsTouched(ctx, e, s.hasTargets)
		},
		Load: promotions.load, Cluster: "customer_id, promotion_id",
	}
}

// targetsTouched answers whose targets an entry may have changed. When promotions
// were described anew, every target may have another name and day.
func (w *watch) targetsTouched(ctx context.Context, e warehouse.Entry, has func(ctx context.Context, batchID int64) (bool, error)) ([]int64, bool, error) {
	if !strings.HasPrefix(e.Kind, "customer.") && !strings.HasPrefix(e.Kind, "match.") {
		state, err := w.state(ctx)
		if err != nil || !w.known || state != w.last {
			return nil, err == nil && (w.known || state[0] > 0), err
		}
	}
	return touchedBy(ctx, e, has)
}

// promotionCube is the cube of whom past campaigns addressed.
func promotionCube() warehouse.Cube {
	text := func(ko, en string) warehouse.Text { return warehouse.Text{Ko: ko, En: en} }
	arm := func(name string) []warehouse.Condition {
		return []warehouse.Condition{{Column: "arm", Values: []any{name}}}
	}
	return warehouse.Cube{
		Name: "promotion", Label: text("지난 캠페인 대상", "Targets of past campaigns"), Table: "promotion_targets", Key: "id", Customer: "customer_id", Permission: "order:read",
		Joins: []warehouse.Join{{Cube: "customer", Column: "customer_id"}},
		Dimensions: append(warehouse.DateDimensions("", "start_on", text("시작", "Started")),
			warehouse.Dimension{Name: "promotion", Column: "promotion_id", Display: "promotion", Kind: warehouse.KindID, Label: text("지난 캠페인", "Past campaign")},
			warehouse.Dimension{Name: "arm", Column: "arm", Kind: warehouse.KindChoice, Label: text("실험군·대조군", "Arm"), Values: []warehouse.Value{
				{Value: armTreatment, Label: text("실험군", "Treatment")}, {Value: armControl, Label: text("대조군", "Control")},
			}},
		),
		Measures: []warehouse.Measure{
			{Name: "count", Aggregate: warehouse.Count, Kind: warehouse.KindInteger, Label: text("대상", "Targets")},
			{Name: "treatment", Aggregate: warehouse.Count, Where: arm(armTreatment), Kind: warehouse.KindInteger, Label: text("실험군", "Treatment")},
			{Name: "control", Aggregate: warehouse.Count, Where: arm(armControl), Kind: warehouse.KindInteger, Label: text("대조군", "Control")},
			{Name: "customers", Aggregate: warehouse.Distinct, Column: "customer_id", Kind: warehouse.KindInteger, Label: text("고객 수", "Customers")},
		},
	}
}
