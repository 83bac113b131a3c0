// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"fmt"
	"math"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/warehouse"
)

// ResponseSettings say how far back contacts are looked at.
type ResponseSettings struct {
	RFMSettings
	// Months of contacts up to At; customers stand in the box that they had
	// before the first of them, so that what they bought in answer does not move them.
	Months int `json:"months,omitempty" doc:"of contacts, 6 by default"`
	// Days within which a purchase counts as an answer; 30 by default.
	Days int `json:"days,omitempty"`
}

const (
	usualContactMonths = 6
	mostContactMonths  = 60
	usualAnswerDays    = 30
	mostAnswerDays     = 365
)

func (r *ResponseSettings) fill(today time.Time, currency string) error {
	if err := r.RFMSettings.fill(today, currency); err != nil {
		return err
	}
	if r.Months == 0 {
		r.Months = usualContactMonths
	}
	if r.Months < 1 || r.Months > mostContactMonths {
		return bad("months", fmt.Sprintf("1 to %d", mostContactMonths))
	}
	if r.Days == 0 {
		r.Days = usualAnswerDays
	}
	if r.Days < 1 || r.Days > mostAnswerDays {
		return bad("days", fmt.Sprintf("1 to %d", mostAnswerDays))
	}
	return nil
}

// Answers count contacts and what came of them.
type Answers struct {
	Contacts     int64 `json:"contacts"`
	Clicked      int64 `json:"clicked"`
	Unsubscribed int64 `json:"unsubscribed"`
	Bought       int64 `json:"bought"`
	Control      int64 `json:"control"`
	ControlBuys  int64 `json:"control_bought"`
}

func (a *Answers) add(b Answers) {
	a.Contacts, a.Clicked, a.Unsubscribed = a.Contacts+b.Contacts, a.Clicked+b.Clicked, a.Unsubscribed+b.Unsubscribed
	a.Bought, a.Control, a.ControlBuys = a.Bought+b.Bought, a.Control+b.Control, a.ControlBuys+b.ControlBuys
}

// BoxResponse is how one box, or a group of them, has answered so far.
type BoxResponse struct {
	R     int    `json:"r,omitempty"`
	F     int    `json:"f,omitempty"`
	M     int    `json:"m,omitempty"`
	Group string `json:"group"`
	Answers
	// Lift is how much more of the contacted bought than of the control group,
	// with its 95 % interval; missing without a control group.
	Lift    *float64       `json:"lift,omitempty"`
	LiftLow *float64       `json:"lift_low,omitempty"`
	LiftUp  *float64       `json:"lift_high,omitempty"`
	Action  warehouse.Text `json:"action"`
	Advice  warehouse.Text `json:"advice" doc:"what the answers so far say about contacting"`
}

// Response is the history of answers by box.
type Response struct {
	Settings ResponseSettings `json:"settings"`
	Since    string           `json:"since"`
	All      Answers          `json:"all"`
	Boxes    []BoxResponse    `json:"boxes"`
	Groups   []BoxResponse    `json:"groups"`
	AsOf     AsOf             `json:"as_of"`
}

// recipientsTable holds whom campaigns contacted; see campaign's facts.
const recipientsTable = "campaign_recipients"

// responseSQL counts contacts after a day by the box of that day.
func (r *ResponseSettings) responseSQL(scope, since string) string {
	earlier := r.RFMSettings
	earlier.At = since
	return "WITH s AS MATERIALIZED (WITH " + earlier.scoredSQL(scope) + " SELECT id, rs, fs, ms FROM scored), " +
		"c AS (SELECT t.customer_id AS id, t.sent, t.clicked, t.unsubscribed, t.arm = 'control' AS is_control, " +
		"EXISTS (SELECT 1 FROM " + linesTable + " l WHERE l.customer_id = t.customer_id AND l.counts = 2 AND l.ordered_at >= t.planned_at AND l.ordered_at < t.planned_at + INTERVAL " + fmt.Sprint(r.Days) + " DAY) AS bought " +
		"FROM " + recipientsTable + " t WHERE t.planned_at >= DATE '" + since + "' + 1 AND t.planned_at < DATE '" + r.At + "' + 1 AND (t.sent = 1 OR t.arm = 'control')) " +
		"SELECT CAST(rs AS INTEGER), CAST(fs AS INTEGER), CAST(ms AS INTEGER), count(*) FILTER (WHERE NOT is_control), CAST(coalesce(sum(clicked) FILTER (WHERE NOT is_control), 0) AS BIGINT), " +
		"CAST(coalesce(sum(unsubscribed) FILTER (WHERE NOT is_control), 0) AS BIGINT), count(*) FILTER (WHERE bought AND NOT is_control), count(*) FILTER (WHERE is_control), count(*) FILTER (WHERE bought AND is_control) " +
		"FROM c JOIN s ON s.id = c.id GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2 DESC, 3 DESC"
}

// RFMResponse tells how each box has answered to campaigns.
func (s *Service) RFMResponse(ctx context.Context, settings ResponseSettings) (*Response, error) {
	if err := permit(ctx); err != nil {
		return nil, err
	}
	if err := auth.Check(ctx, "campaign:read"); err != nil {
		return nil, err
	}
	if err := settings.fill(s.today(), s.currency); err != nil {
		return nil, err
	}
	at, _ := time.Parse(isoDate, settings.At) // checked by fill
	position := s.warehouse.Position()
	out := &Response{Settings: settings, Since: at.AddDate(0, -settings.Months, 0).Format(isoDate), Boxes: []BoxResponse{}, AsOf: AsOf{position.Seq, position.At}}
	condition, args := scope(ctx)
	rows, err := s.warehouse.Query(ctx, settings.responseSQL(condition, out.Since), append(settings.buyersArgs(), args...)...)
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	defer func() { _ = rows.Close() }()
	byGroup := map[string]*Answers{}
	for rows.Next() {
		var b BoxResponse
		if err := rows.Scan(&b.R, &b.F, &b.M, &b.Contacts, &b.Clicked, &b.Unsubscribed, &b.Bought, &b.Control, &b.ControlBuys); err != nil {
			return nil, err
		}
		b.Group = GroupOf(b.R, b.F, b.M)
		if byGroup[b.Group] == nil {
			byGroup[b.Group] = &Answers{}
		}
		byGroup[b.Group].add(b.Answers)
		out.All.add(b.Answers)
		out.Boxes = append(out.Boxes, b)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range out.Boxes {
		out.Boxes[i].judge(out.All)
	}
	for _, g := range groups {
		one := BoxResponse{Group: g.name}
		if found := byGroup[g.name]; found != nil {
			one.Answers = *found
		}
		one.judge(out.All)
		out.Groups = append(out.Groups, one)
	}
	return out, nil
}

// fewContacts is the number below which answers say nothing.
const fewContacts = 30

// judge says what the answers are worth: first by the control group, and
// without one by comparison with everybody.
func (b *BoxResponse) judge(all Answers) {
	for _, g := range groups {
		if g.name == b.Group {
			b.Action = g.action
		}
	}
	rate := func(part, whole int64) float64 { return float64(part) / float64(max(whole, 1)) }
	if b.Contacts >= fewContacts && b.Control >= fewContacts {
		p, q := rate(b.Bought, b.Contacts), rate(b.ControlBuys, b.Control)
		const z95 = 1.959964
		width := z95 * math.Sqrt(p*(1-p)/float64(b.Contacts)+q*(1-q)/float64(b.Control)) // Wald interval of a difference of shares
		lift, low, high := p-q, p-q-width, p-q+width
		b.Lift, b.LiftLow, b.LiftUp = &lift, &low, &high
	}
	switch {
	case b.Contacts < fewContacts:
		b.Advice = warehouse.Text{Ko: "접촉이 적어 아직 모릅니다: 작게 시험해 보세요", En: "Too few contacts to tell: try it on a small group"}
	case b.LiftLow != nil && *b.LiftLow > 0:
		b.Advice = warehouse.Text{Ko: "접촉하면 더 삽니다: 계속하세요", En: "Contacting makes them buy more: go on"}
	case b.LiftUp != nil && *b.LiftUp < 0:
		b.Advice = warehouse.Text{Ko: "접촉하면 덜 삽니다: 멈추세요", En: "Contacting makes them buy less: stop"}
	case b.Lift != nil:
		b.Advice = warehouse.Text{Ko: "접촉의 효과가 보이지 않습니다: 다른 제안을 시험하세요", En: "No effect of contacting is seen: try another offer"}
	case rate(b.Unsubscribed, b.Contacts) > 2*rate(all.Unsubscribed, all.Contacts) && b.Unsubscribed > 2:
		b.Advice = warehouse.Text{Ko: "수신거부가 많습니다: 횟수를 줄이세요", En: "Many unsubscribe: contact them less often"}
	case rate(b.Clicked, b.Contacts) > rate(all.Clicked, all.Contacts):
		b.Advice = warehouse.Text{Ko: "평균보다 잘 반응합니다: 대조군을 두고 효과를 재세요", En: "They answer more than most: keep a control group and measure the effect"}
	default:
		b.Advice = warehouse.Text{Ko: "평균보다 덜 반응합니다: 비용이 적은 채널로 하세요", En: "They answer less than most: use channels that cost little"}
	}
}
