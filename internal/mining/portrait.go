// SPDX-License-Identifier: Apache-2.0

package mining

import (
	"context"
	"encoding/json"
	"math"

	"dangol/internal/mining/predict"
	"dangol/internal/mining/profile"
	"dangol/internal/platform/fault"
)

// Runs that describe people: who they are, and what groups there are.
const (
	kindProfile = "profile"
	kindCluster = "cluster"
)

// ProfileSettings say who is to be described.
type ProfileSettings struct {
	// Of is category (buyers of it), product, group (an RFM group) or grade.
	Of    string `json:"of" enum:"category,product,group,grade"`
	Value string `json:"value"`
	// Months limits the purchases that count; 0 is everything.
	Months int `json:"months"`
}

func parseProfile(raw json.RawMessage) (ProfileSettings, error) {
	s := ProfileSettings{Of: "category", Months: 12}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, bad("settings", "an object with of and value")
	}
	switch s.Of {
	case "category", "product", "group", "grade":
	default:
		return s, bad("of", "category, product, group or grade")
	}
	if s.Value == "" {
		return s, bad("value", "the category, product, group or grade")
	}
	if s.Months < 0 || s.Months > longestMonths {
		return s, bad("months", "0 (everything) to 1200")
	}
	return s, nil
}

func checkProfile(raw json.RawMessage) error {
	_, err := parseProfile(raw)
	return err
}

// Portrayal is who the people are.
type Portrayal struct {
	Settings ProfileSettings `json:"settings"`
	*profile.Profile
	Sentences []predict.Statement `json:"sentences"`
	// Segments are the rules as rule trees of segments, null where a condition
	// has no field of its own.
	Segments []json.RawMessage `json:"segments"`
}

// customersNow is what is known of everybody today; scores stand for behaviour,
// because segments know them by the same names.
const customersNow = `SELECT c.id, CAST(c.sex AS VARCHAR) AS sex, CAST(date_diff('year', c.birth_on, CAST(? AS DATE)) - CASE WHEN strftime(c.birth_on, '%m%d') > strftime(CAST(? AS DATE), '%m%d') THEN 1 ELSE 0 END AS DOUBLE) AS age,
	CAST(c.sido AS VARCHAR) AS sido, CAST(c.grade AS VARCHAR) AS grade, CAST(c.branch AS VARCHAR) AS branch, CAST(c.job_title AS VARCHAR) AS job_title,
	CAST(r.r AS DOUBLE) AS rfm_r, CAST(r.f AS DOUBLE) AS rfm_f, CAST(r.m AS DOUBLE) AS rfm_m
	FROM ` + customersTable + ` c LEFT JOIN ` + ScoresTable + ` r ON r.customer_id = c.id WHERE c.kind = 'person' OR c.kind IS NULL ORDER BY c.id`

// runProfile finds what is over-represented among them.
func (s *Service) runProfile(ctx context.Context, run *Run, tell progress) (any, error) {
	settings, err := parseProfile(run.Settings)
	if err != nil {
		return nil, err
	}
	today := s.today().Format(isoDate)
	all, err := s.readPeople(ctx, customersNow, today, today)
	if err != nil {
		return nil, err
	}
	yes, err := s.membersOf(ctx, settings, all.ids)
	if err != nil {
		return nil, err
	}
	tell(3, 10)
	// What a group is made of would describe it trivially: scores are made of
	// purchases, and so are the buyers of a product.
	drop := []string{"rfm_r", "rfm_f", "rfm_m"}
	switch settings.Of {
	case "grade":
		drop = []string{"grade"}
	case "category", "product":
		all, yes = all.buyers(yes)
	}
	used, _ := predict.Prepare(all.frame.Without(drop...), yes, nil, nil)
	found, err := profile.Find(ctx, used, yes, profile.Options{Seed: uint64(run.Seed)}) //nolint:gosec // positive
	if err != nil {
		return nil, err
	}
	if found.Hits == 0 {
		return nil, fault.New(fault.Invalid, "mining.nobody", "Nobody belongs to {value} in this period.", "value", settings.Value)
	}
	out := &Portrayal{Settings: settings, Profile: found}
	for i := range found.Rules {
		ko, en := found.Rules[i].Sentence(targetOf(settings), found.Rate, words)
		out.Sentences = append(out.Sentences, predict.Statement{Code: "rule", Ko: ko, En: en})
		out.Segments = append(out.Segments, segmentRules(found.Rules[i].Conditions))
	}
	return out, nil
}

// buyers keeps people who have bought something: buyers of a product are
// compared with them, not with those who never buy.
func (p *people) buyers(yes []bool) (*people, []bool) {
	scores := p.frame.Find("rfm_f").Numbers
	var rows []int
	var kept []bool
	for row, score := range scores {
		if yes[row] || !math.IsNaN(score) {
			rows, kept = append(rows, row), append(kept, yes[row])
		}
	}
	return p.take(rows), kept
}

func (s *Service) membersOf(ctx context.Context, settings ProfileSettings, ids []int64) ([]bool, error) {
	var query string
	switch settings.Of {
	case "group":
		query = "SELECT customer_id FROM " + ScoresTable + " WHERE segment = ?"
	case "grade":
		query = "SELECT id FROM " + customersTable + " WHERE grade = ?"
	default:
		column := map[string]string{"category": "p.category", "product": "p.name"}[settings.Of]
		query = "SELECT DISTINCT l.customer_id FROM " + linesTable + " l JOIN products p ON p.id = l.product_id WHERE l.counts = 2 AND " + column + " = ?"
		if settings.Months > 0 {
			query += " AND l.ordered_at >= DATE '" + s.today().AddDate(0, -settings.Months, 0).Format(isoDate) + "'"
		}
	}
	members, err := s.idsOf(ctx, query, settings.Value)
	if err != nil {
		return nil, err
	}
	yes := make([]bool, len(ids))
	for i, id := range ids {
		yes[i] = members[id]
	}
	return yes, nil
}

// segmentRules writes conditions as a rule tree of segments.
func segmentRules(conditions []profile.Condition) json.RawMessage {
	type rule struct {
		Field string `json:"field"`
		Is    string `json:"is"`
		Value any    `json:"value"`
	}
	var rules []rule
	for _, c := range conditions {
		switch {
		case c.Level != "":
			rules = append(rules, rule{c.Column, "eq", c.Level})
		default: // numbers here are whole: above x is from x + 1 on
			if c.Above != nil {
				rules = append(rules, rule{c.Column, "gte", math.Floor(*c.Above) + 1})
			}
			if c.UpTo != nil {
				rules = append(rules, rule{c.Column, "lte", math.Floor(*c.UpTo)})
			}
		}
	}
	text, err := json.Marshal(map[string]any{"op": "and", "rules": rules})
	if err != nil {
		return nil
	}
	return text
}
