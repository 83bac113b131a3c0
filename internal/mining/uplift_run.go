// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"dangol/internal/mining/predict"
	"dangol/internal/mining/uplift"
	"dangol/internal/platform/fault"
)

// kindUplift is the run that tells whom campaigns change, and not who buys anyway.
const kindUplift = "uplift"

// UpliftSettings say which campaigns are looked at and what counts as an answer.
type UpliftSettings struct {
	// Of is campaign or promotion; ID names one of them, 0 takes all together.
	Of string `json:"of" enum:"campaign,promotion"`
	ID int64  `json:"id"`
	// Outcome is bought (at least once) or revenue.
	Outcome string `json:"outcome" enum:"bought,revenue"`
	// Days after the start that count; 0 is the campaign's own time, or two weeks.
	Days int `json:"days"`
	// Deploy writes the uplift of everybody where lists and segments find it,
	// if there is any to be found.
	Deploy bool `json:"deploy"`
}

const (
	outcomeBought  = "bought"
	outcomeRevenue = "revenue"
	usualWindow    = 14
	longestWindow  = 120
	// mostUpliftPeople is how many assignments are read; beyond it a part of the customers.
	mostUpliftPeople = 300_000
)

func parseUplift(raw json.RawMessage) (UpliftSettings, error) {
	s := UpliftSettings{Of: ofPromotions, Outcome: outcomeBought, Deploy: true}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with of, id, outcome and days")
	}
	if s.Of != ofCampaigns && s.Of != ofPromotions {
		return s, bad("of", "campaign or promotion")
	}
	if s.Outcome != outcomeBought && s.Outcome != outcomeRevenue {
		return s, bad("outcome", "bought or revenue")
	}
	if s.Days < 0 || s.Days > longestWindow || s.ID < 0 {
		return s, bad("days", fmt.Sprintf("0 (the campaign's own time) to %d", longestWindow))
	}
	return s, nil
}

func checkUplift(raw json.RawMessage) error {
	_, err := parseUplift(raw)
	return err
}

// UpliftCampaign is a campaign of a run: used, or left out for a reason.
type UpliftCampaign struct {
	TestedCampaign
	Until string `json:"until,omitempty"`
	// Problem is no_control, no_start, not_over or other_share; '' was used.
	Problem string `json:"problem,omitempty" enum:"no_control,no_start,not_over,other_share,"`

	from, to time.Time
}

// Uplift is what such a run found.
type Uplift struct {
	Settings  UpliftSettings   `json:"settings"`
	Currency  string           `json:"currency,omitempty"`
	Campaigns []UpliftCampaign `json:"campaigns"`
	Learned   int              `json:"learned" doc:"assignments learned from"`
	// Mean is the effect on everybody assigned.
	Mean uplift.Effect `json:"mean"`
	*uplift.Finding
	// Tenths are the effects in ten parts of the people tested, the most promising first.
	Tenths []uplift.Effect `json:"tenths,omitempty"`
	// Boxes are the effects by thirds of recency and frequency: R3F3 bought last and most.
	Boxes []uplift.Effect `json:"boxes,omitempty"`
	// Unbalanced tells that the control group was not drawn at random.
	Unbalanced []uplift.Balance `json:"unbalanced,omitempty"`
	Labels     [][2]string      `json:"unbalanced_labels,omitempty"`
	// Best is how many tenths are worth contacting, Kept which share of the whole
	// effect they bring.
	Best       int               `json:"best_tenths"`
	Kept       float64           `json:"kept"`
	Scored     int               `json:"scored"`
	IsDeployed bool              `json:"is_deployed"`
	Words      predict.Statement `json:"words"`
}

// runUplift compares the arms of past campaigns, learns on one half of the
// customers whom contact changes, and tests on the other.
func (s *Service) runUplift(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseUplift(run.Settings)
	if err != nil {
		return nil, err
	}
	out := &Uplift{Settings: settings}
	if settings.Outcome == outcomeRevenue {
		out.Currency = s.currency
	}
	if out.Campaigns, err = s.chooseCampaigns(ctx, settings); err != nil {
		return nil, err
	}
	const steps = 10
	tell(1, steps)
	all, err := s.readAssigned(ctx, out)
	if err != nil {
		return nil, err
	}
	tell(3, steps)
	seed := uint64(run.Seed) //nolint:gosec // positive
	out.Mean, out.Unbalanced = all.Mean(), all.Unbalanced()
	for _, b := range out.Unbalanced {
		out.Labels = append(out.Labels, [2]string{words(b.Column, b.Level, "ko"), words(b.Column, b.Level, "en")})
	}
	out.Boxes = all.Boxes(boxNames(), all.boxes())
	learn, test := all.halves(seed)
	out.Learned = len(learn.Outcome)
	out.Finding, err = uplift.Find(ctx, learn, test, seed, func(done, total int) { tell(3+int64(6*done/total), steps) })
	if err != nil {
		return nil, fmt.Errorf("find uplift: %w", err)
	}
	out.Tenths = out.Finding.Tenths(test)
	out.best()
	if out.IsShown {
		if err := s.scoreUplift(ctx, out, &all.People, seed); err != nil {
			return nil, err
		}
	}
	out.say()
	return out, nil
}

// chooseCampaigns says which campaigns are used, and why others are not.
func (s *Service) chooseCampaigns(ctx context.Context, settings UpliftSettings) ([]UpliftCampaign, error) {
	list, err := s.tested(ctx)
	if err != nil {
		return nil, err
	}
	today := s.today()
	var out []UpliftCampaign
	var treated, control int64
	for _, one := range list {
		if one.Of != settings.Of || settings.ID != 0 && one.ID != settings.ID {
			continue
		}
		c := UpliftCampaign{TestedCampaign: one}
		c.judge(settings.Days, today)
		if c.Problem == "" {
			treated, control = treated+c.Treated, control+c.Control
		}
		out = append(out, c)
	}
	// Campaigns with other shares of control would make the mixture of campaigns
	// differ between the arms.
	for i := range out {
		const most = 1.5
		c := &out[i]
		odds := float64(c.Control) * float64(treated) / (float64(c.Treated)*float64(control) + 1e-9)
		if c.Problem == "" && (odds > most || odds < 1/most) {
			c.Problem = "other_share"
		}
	}
	if !slices.ContainsFunc(out, func(c UpliftCampaign) bool { return c.Problem == "" }) {
		return nil, fault.New(fault.Invalid, "mining.no_control_group", "No campaign can be looked at: it needs a control group, a day on which it began, and its time must be over ({why}).", "why", problemsOf(out))
	}
	return out, nil
}

// problemsOf lists why campaigns cannot be used.
func problemsOf(list []UpliftCampaign) string {
	if len(list) == 0 {
		return "there is none yet"
	}
	said := map[string]string{"no_control": "no control group", "no_start": "no first day", "not_over": "not over yet", "other_share": "another share of control"}
	counts := map[string]int{}
	var order []string
	for _, c := range list {
		if counts[c.Problem]++; counts[c.Problem] == 1 {
			order = append(order, c.Problem)
		}
	}
	var parts []string
	for _, problem := range order {
		parts = append(parts, fmt.Sprintf("%s: %d", said[problem], counts[problem]))
	}
	return strings.Join(parts, ", ")
}

func (c *UpliftCampaign) judge(days int, today time.Time) {
	if c.Control == 0 || c.Treated == 0 {
		c.Problem = "no_control"
		return
	}
	from, err := time.Parse(isoDate, c.StartOn)
	if err != nil {
		c.Problem = "no_start"
		return
	}
	if days == 0 {
		days = usualWindow
		if end, err := time.Parse(isoDate, c.EndOn); err == nil {
			days = min(longestWindow, max(1, int(end.Sub(from).Hours()/24)+1))
		}
	}
	c.from, c.to = from, from.AddDate(0, 0, days)
	c.Until = c.to.AddDate(0, 0, -1).Format(isoDate)
	if c.Until >= today.Format(isoDate) {
		c.Problem = "not_over"
	}
}

// assigned are people of arms with the customers that they are.
type assigned struct {
	uplift.People
	ids []int64
}

func (s *Service) readAssigned(ctx context.Context, out *Uplift) (*assigned, error) {
	var parts []string
	var args []any
	total, share := int64(0), int64(1000)
	for _, c := range out.Campaigns {
		if c.Problem == "" {
			total += c.Treated + c.Control
		}
	}
	if total > mostUpliftPeople {
		share = max(1, 1000*mostUpliftPeople/total)
	}
	for i, c := range out.Campaigns {
		if c.Problem == "" {
			parts, args = append(parts, c.peopleSQL(i, c.from, c.to, share)), append(args, s.currency, s.currency)
		}
	}
	all, err := s.readPeople(ctx, strings.Join(parts, " UNION ALL ")+" ORDER BY 1, 3", args...)
	if err != nil {
		return nil, err
	}
	arm := all.frame.Find("arm").Categorical()
	after := all.frame.Find("orders_after").Numbers
	if out.Settings.Outcome == outcomeRevenue {
		after = all.frame.Find("revenue_after").Numbers
	}
	a := &assigned{ids: all.ids}
	yes := make([]bool, len(after))
	for row, y := range after {
		if out.Settings.Outcome == outcomeBought {
			y = math.Min(1, math.Max(0, y))
		}
		yes[row] = y > 0
		a.Treated, a.Outcome = append(a.Treated, arm.Text(row) == "treatment"), append(a.Outcome, y)
	}
	a.Frame, _ = predict.Prepare(all.frame.Without("arm", "campaign", "orders_after", "revenue_after"), yes, nil, nil)
	return a, nil
}

// halves parts the customers, not the assignments: nobody is both learned from
// and tested.
func (a *assigned) halves(seed uint64) (learn, test *uplift.People) {
	var parts [2][]int
	for row, id := range a.ids {
		h := (uint64(id) + seed*0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9 //nolint:gosec // splitmix64, mixing
		h = (h ^ h>>31) * 0x94D049BB133111EB
		parts[h>>63] = append(parts[h>>63], row)
	}
	return a.Take(parts[0]), a.Take(parts[1])
}

const boxThirds = 3

func boxNames() []string {
	names := []string{}
	for r := boxThirds; r >= 1; r-- {
		for f := boxThirds; f >= 1; f-- {
			names = append(names, fmt.Sprintf("R%dF%d", r, f))
		}
	}
	return append(names, "never")
}

// boxes cut those who had bought before into thirds of recency and frequency:
// nine boxes keep enough people of each arm for an interval, where the usual
// 125 of RFM would not.
func (a *assigned) boxes() []string {
	out := make([]string, len(a.ids))
	recency, frequency := a.Frame.Find("recency_days"), a.Frame.Find("orders")
	for row := range out {
		out[row] = "never"
	}
	if recency == nil || frequency == nil {
		return out
	}
	r, f := thirdsOf(recency.Numbers), thirdsOf(frequency.Numbers)
	for row := range out {
		if x, y := recency.Numbers[row], frequency.Numbers[row]; !math.IsNaN(x) && !math.IsNaN(y) {
			out[row] = fmt.Sprintf("R%dF%d", boxThirds+1-r(x), f(y))
		}
	}
	return out
}

// thirdsOf tells in which third of the numbers one lies, 1 is the lowest.
func thirdsOf(numbers []float64) func(x float64) int {
	var sorted []float64
	for _, x := range numbers {
		if !math.IsNaN(x) {
			sorted = append(sorted, x)
		}
	}
	slices.Sort(sorted)
	return func(x float64) int {
		below, _ := slices.BinarySearch(sorted, x)
		return min(boxThirds, 1+below*boxThirds/max(1, len(sorted)))
	}
}
