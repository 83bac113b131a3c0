// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"context"

	"dangol/internal/platform/database"
	"dangol/internal/platform/warehouse"
)

var recipientFacts = []warehouse.Column{
	{Name: "id", Type: warehouse.BigInt},
	{Name: "campaign_id", Type: warehouse.BigInt},
	{Name: "campaign", Type: warehouse.Varchar},
	{Name: "customer_id", Type: warehouse.BigInt},
	{Name: "record_id", Type: warehouse.BigInt},
	{Name: "arm", Type: warehouse.Varchar},
	{Name: "state", Type: warehouse.Varchar},
	{Name: "reason", Type: warehouse.Varchar},
	{Name: "planned_at", Type: warehouse.Timestamp},
	{Name: "sent", Type: warehouse.Integer},
	{Name: "clicked", Type: warehouse.Integer},
	{Name: "unsubscribed", Type: warehouse.Integer},
}

var eventFacts = []warehouse.Column{
	{Name: "id", Type: warehouse.BigInt},
	{Name: "customer_id", Type: warehouse.BigInt},
	{Name: "record_id", Type: warehouse.BigInt},
	{Name: "at", Type: warehouse.Timestamp},
	{Name: "kind", Type: warehouse.Varchar},
	{Name: "amount", Type: warehouse.BigInt},
	{Name: "campaign_id", Type: warehouse.BigInt},
	{Name: "campaign", Type: warehouse.Varchar},
	{Name: "channel", Type: warehouse.Varchar},
}

// Kinds of events of campaigns in the warehouse.
const (
	eventSent         = "sent"
	eventBounced      = "bounced"
	eventClicked      = "clicked"
	eventUnsubscribed = "unsubscribed"
)

// followed are the journal kinds that move recipients or their customers.
var followed = []string{"campaign.*", "customer.*", "match.*", "intake.*"}

// Tables returns the warehouse tables of recipients and of what happened to them.
func Tables(db *database.DB) []warehouse.Table {
	s := &store{db: db}
	return []warehouse.Table{
		{
			Name: "campaign_recipients", Key: "customer_id", Subject: "customer", Columns: recipientFacts, Follows: followed,
			Subjects: touchedPeople, Load: s.loadRecipientFacts, Cluster: "customer_id, campaign_id",
		},
		{
			Name: "events", Key: "customer_id", Subject: "customer", Columns: eventFacts, Follows: followed,
			Subjects: touchedPeople, Load: s.loadEventFacts, Cluster: "customer_id, at", Aged: "at",
		},
	}
}

// touchedPeople leaves out entries that cannot change whose recipient somebody
// is: creating and editing customers.
func touchedPeople(ctx context.Context, e warehouse.Entry) ([]int64, bool, error) {
	if e.SubjectKind != "customer" || e.Kind == "customer.updated" || e.Kind == "customer.created" {
		return nil, false, nil
	}
	if !e.Bulk {
		return e.SubjectIDs, false, nil
	}
	var ids []int64
	err := e.Touched(ctx, func(id int64) error {
		ids = append(ids, id)
		return nil
	})
	return ids, false, err
}

// Cubes returns the cube of recipients and the one of their events.
func Cubes() []warehouse.Cube { return []warehouse.Cube{recipientCube(), eventCube()} }

func text(ko, en string) warehouse.Text { return warehouse.Text{Ko: ko, En: en} }

func value(name, ko, en string) warehouse.Value {
	return warehouse.Value{Value: name, Label: text(ko, en)}
}

func recipientCube() warehouse.Cube {
	count := func(name, column, ko, en string, where ...warehouse.Condition) warehouse.Measure {
		m := warehouse.Measure{Name: name, Aggregate: warehouse.Count, Where: where, Kind: warehouse.KindInteger, Label: text(ko, en)}
		if column != "" {
			m.Aggregate, m.Column = warehouse.Sum, column
		}
		return m
	}
	rate := func(name, over, under, ko, en string) warehouse.Measure {
		return warehouse.Measure{Name: name, Aggregate: warehouse.Ratio, Over: over, Under: under, Kind: warehouse.KindPercent, Label: text(ko, en)}
	}
	state := func(step Step) warehouse.Condition {
		return warehouse.Condition{Column: "state", Values: []any{string(step)}}
	}
	arm := func(name string) warehouse.Condition {
		return warehouse.Condition{Column: "arm", Values: []any{name}}
	}
	return warehouse.Cube{
		Name: "recipient", Label: text("캠페인 수신자", "Campaign recipients"), Table: "campaign_recipients", Key: "id", Time: "planned_at",
		Customer: "customer_id", Permission: "campaign:read", Joins: []warehouse.Join{{Cube: "customer", Column: "customer_id"}},
		Dimensions: append(warehouse.TimeDimensions("", "planned_at", text("계획", "Planned")),
			warehouse.Dimension{Name: "campaign", Column: "campaign_id", Display: "campaign", Kind: warehouse.KindID, Label: text("캠페인", "Campaign")},
			warehouse.Dimension{Name: "arm", Column: "arm", Kind: warehouse.KindChoice, Label: text("실험군·대조군", "Arm"), Values: []warehouse.Value{
				value(Treatment, "실험군", "Treatment"), value(Control, "대조군", "Control"), value(armNone, "제외", "Left out"),
			}},
			warehouse.Dimension{Name: "state", Column: "state", Kind: warehouse.KindChoice, Label: text("상태", "State"), Values: stateValues},
			warehouse.Dimension{Name: "reason", Column: "reason", Kind: warehouse.KindChoice, Label: text("제외 사유", "Why skipped")},
			warehouse.Dimension{Name: "clicked", Column: "clicked", Kind: warehouse.KindBoolean, Flag: true, Label: text("클릭", "Clicked")},
		),
		Measures: []warehouse.Measure{
			count("count", "", "수신자 수", "Recipients"),
			count("treatment", "", "실험군", "Treatment", arm(Treatment)),
			count("control", "", "대조군", "Control", arm(Control)),
			count("sent", "sent", "발송", "Sent"),
			count("clicked", "clicked", "클릭한 사람", "Clicked"),
			count("unsubscribed", "unsubscribed", "수신거부", "Unsubscribed"),
			count("bounced", "", "반송", "Bounced", state(StepBounced)),
			count("unknown", "", "확인 불가", "Unknown", state(StepUnknown)),
			count("skipped", "", "제외", "Skipped", state(StepSkipped)),
			rate("click_rate", "clicked", "sent", "클릭률", "Click rate"),
			rate("unsubscribe_rate", "unsubscribed", "sent", "수신거부율", "Unsubscribe rate"),
		},
		Events: []warehouse.Event{{Name: "recipient", Label: text("캠페인 대상", "Was in a campaign")}},
	}
}

var stateValues = []warehouse.Value{
	value(string(StepPlanned), "대기", "Planned"), value(string(StepLeased), "발송 중", "Under way"),
	value(string(StepHandedOver), "발송됨", "Handed over"), value(string(StepDelivered), "전달됨", "Delivered"),
	value(string(StepBounced), "반송", "Bounced"), value(string(StepFailed), "실패", "Failed"), value(string(StepUnknown), "확인 불가", "Unknown"),
	value(string(StepSkipped), "제외", "Skipped"), value(string(StepControl), "대조군", "Control"), value(string(StepCancelled), "취소", "Cancelled"),
}

func eventCube() warehouse.Cube {
	kinds := []warehouse.Value{
		value(eventSent, "메일 발송", "Mail sent"), value(eventBounced, "반송", "Bounced"),
		value(eventClicked, "클릭", "Clicked"), value(eventUnsubscribed, "수신거부", "Unsubscribed"),
	}
	cube := warehouse.Cube{
		Name: "event", Label: text("캠페인 활동", "Campaign events"), Table: "events", Key: "id", Time: "at", Customer: "customer_id", Permission: "campaign:read",
		Joins: []warehouse.Join{{Cube: "customer", Column: "customer_id"}},
		Dimensions: append(warehouse.TimeDimensions("", "at", text("시각", "When")),
			warehouse.Dimension{Name: "kind", Column: "kind", Kind: warehouse.KindChoice, Label: text("활동", "Event"), Values: kinds},
			warehouse.Dimension{Name: "campaign", Column: "campaign_id", Display: "campaign", Kind: warehouse.KindID, Label: text("캠페인", "Campaign")},
			warehouse.Dimension{Name: "channel", Column: "channel", Kind: warehouse.KindChoice, Label: text("채널", "Channel")},
		),
		Measures: []warehouse.Measure{
			{Name: "count", Aggregate: warehouse.Count, Kind: warehouse.KindInteger, Label: text("활동 수", "Events")},
			{Name: "customers", Aggregate: warehouse.Distinct, Column: "customer_id", Kind: warehouse.KindInteger, Label: text("고객 수", "Customers")},
		},
	}
	for i, name := range []string{"mail_sent", "mail_bounced", "mail_clicked", "mail_unsubscribed"} {
		only := []warehouse.Condition{{Column: "kind", Values: []any{kinds[i].Value}}}
		cube.Events = append(cube.Events, warehouse.Event{Name: name, Label: kinds[i].Label, Base: only, Counted: only})
	}
	return cube
}
